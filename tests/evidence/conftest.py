from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Result, Settings, judge
from peerspec.conformance.mutants import Mutant
from peerspec.conformance.networks import Network, network_named
from peerspec.conformance.target import Target
from peerspec.conformance.worlds import Event, Kind, Transcript

NODE = ("127.0.0.1", 6346)
PROBE = ("127.0.1.1", 40000)

Failing = Callable[[str], tuple[Result, Target]]


@pytest.fixture(scope="session")
def gnutella() -> Network:
    return network_named("gnutella")


def mutant_named(name: str) -> Mutant:
    return next(each for each in mutants.of("gnutella") if each.name == name)


def virtual(network: Network, name: str | None, seed: int = 1) -> VirtualTarget:
    """The reference node in the virtual network, or a mutant."""
    if name is None:
        return VirtualTarget(network, seed)
    return VirtualTarget(network, seed, partial(network.make_node, cls=mutant_named(name).node), name=name)


def failures(network: Network, name: str, target: Target) -> Iterator[Result]:
    """The results of those cases that a mutant fails and that cite what it breaks."""
    for case in cases(network.name):
        if mutant_named(name).breaks in case.requirements:
            result = judge(case, target, Settings())
            if result.deviates:
                yield result


@pytest.fixture(scope="session")
def failing(gnutella: Network) -> Failing:
    """The first failing case of a mutant, in the virtual network."""

    def find(name: str) -> tuple[Result, Target]:
        target = virtual(gnutella, name)
        return next(failures(gnutella, name, target)), target

    return find


@pytest.fixture(scope="session")
def failing_over_sockets(gnutella: Network) -> Failing:
    """The same over real sockets."""

    def find(name: str) -> tuple[Result, Target]:
        target = BuiltinTarget(gnutella, 1, cls=mutant_named(name).node)
        target.start()
        try:
            return next(failures(gnutella, name, target)), target
        finally:
            target.stop()

    return find


def transcript(*happenings: tuple[Kind, bytes] | tuple[Kind, bytes, float], wire: int = 1) -> Transcript:
    """A transcript of one wire, from kinds, bytes and times."""
    found = Transcript()
    time = 0.0
    for kind, data, *later in happenings:
        time += later[0] if later else 0.0
        found.add(Event(time, kind, wire, PROBE, NODE, data))
    return found
