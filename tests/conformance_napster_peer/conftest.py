"""Benches of Napster's peers in the virtual network."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from peerspec.conformance.napster_peer.bench import Bench
from peerspec.conformance.networks import Network, network_named
from peerspec.reference.node import Node

MakeBench = Callable[[Callable[[Random], Node] | None], Bench]


@pytest.fixture(scope="session")
def peers() -> Network:
    return network_named("napster-peer")


@pytest.fixture
def make_bench(benches_of: Callable[[str], Any]) -> MakeBench:
    """Make a bench before the node that a function builds; before the reference node when given None."""
    make: MakeBench = benches_of("napster-peer")
    return make


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench(None)
