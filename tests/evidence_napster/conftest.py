from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Result, Settings, judge
from peerspec.conformance.evidence.trace import Trace, decode, trace
from peerspec.conformance.mutants import Mutant
from peerspec.conformance.networks import Network, network_named
from peerspec.conformance.target import Target

NETWORKS = ("napster", "napster-peer")


def mutant_named(network: Network, name: str) -> Mutant:
    return next(each for each in mutants.of(network.name) if each.name == name)


def virtual(network: Network, name: str | None, seed: int = 1) -> VirtualTarget:
    """The reference node in the virtual network, or a mutant."""
    if name is None:
        return VirtualTarget(network, seed)
    return VirtualTarget(network, seed, partial(network.make_node, cls=mutant_named(network, name).node), name=name)


def running(network: Network, name: str | None) -> BuiltinTarget:
    """The same over sockets, started; the caller stops it."""
    target = BuiltinTarget(network, 3, cls=None if name is None else mutant_named(network, name).node)
    target.start()
    return target


def failures(network: Network, name: str, target: Target) -> list[Result]:
    """The results of the cases that a mutant fails, and that cite what it breaks."""
    breaks = mutant_named(network, name).breaks
    found = (judge(case, target, Settings()) for case in cases(network.name) if breaks in case.requirements)
    return [result for result in found if result.deviates]


def traced(result: Result, target: Target) -> Trace:
    """The trace of a result, written and read again."""
    return decode(trace(result, target, Settings()).encode())


@pytest.fixture(scope="session")
def napster() -> Network:
    return network_named("napster")


@pytest.fixture(scope="session")
def peers() -> Network:
    return network_named("napster-peer")


Failing = Callable[[str, str], tuple[Result, Target]]


@pytest.fixture(scope="session")
def failing() -> Failing:
    """The first case that a mutant of a network fails, in the virtual network."""

    def find(network_name: str, name: str) -> tuple[Result, Target]:
        network = network_named(network_name)
        target = virtual(network, name)
        return failures(network, name, target)[0], target

    return find
