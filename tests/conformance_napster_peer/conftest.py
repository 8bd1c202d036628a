"""Benches of Napster's peers in the virtual network, before the reference peer or before a scripted one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.engine import Settings, open_bench
from peerspec.conformance.napster_peer.bench import Bench
from peerspec.conformance.networks import Network, network_named
from peerspec.reference.node import Node

MakeBench = Callable[[Callable[[Random], Node] | None], Bench]

SETTINGS = Settings(timing=Timing(timeout=1.0))


@pytest.fixture(scope="session")
def peers() -> Network:
    return network_named("napster-peer")


@pytest.fixture
def make_bench(peers: Network) -> Iterator[MakeBench]:
    """Make a bench before the node that a function builds; before the reference peer when given None."""
    made: list[Bench] = []

    def make(node: Callable[[Random], Node] | None) -> Bench:
        target = VirtualTarget(peers, 1, None if node is None else lambda random, **_: node(random))
        target.start()
        bench = open_bench(target, SETTINGS, "a test")
        assert isinstance(bench, Bench)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.finish()


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench(None)
