"""Explored here: the reference, mutants of it, and toys that deviate on purpose."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.networks import Network, network_named


@pytest.fixture(scope="session")
def gnutella() -> Network:
    return network_named("gnutella")


@pytest.fixture
def reference(gnutella: Network) -> VirtualTarget:
    return VirtualTarget(gnutella, 1)


@pytest.fixture
def mutant(gnutella: Network) -> Callable[[str], VirtualTarget]:
    """Makes a target of the mutant of a name."""

    def named(name: str) -> VirtualTarget:
        (found,) = [each for each in mutants.of("gnutella") if each.name == name]
        return VirtualTarget(gnutella, 1, partial(gnutella.make_node, cls=found.node), name=name)

    return named
