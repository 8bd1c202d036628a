"""The toy network: what the engine must be told about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from peerspec.conformance.bench import Bench
from peerspec.conformance.networks import Network, Share
from peerspec.reference.node import Node

from .node import ToyNode


class Toy(Network):
    """The network of the engine's own tests."""

    name = "toy"
    title = "Toy"
    role = "toy"
    sections: Mapping[str, str] = {
        "pinging": "Ping and pong",
        "saying": "Saying and hearing",
        "living": "A node's life",
    }
    features = frozenset({"dial", "stop", "shares"})

    def bench(self) -> type[Bench]:
        from .bench import ToyBench

        return ToyBench

    def make_node(self, random: Random, *, cls: type[Node] | None = None, **options: object) -> Node:
        if options:
            raise TypeError(f"unknown options {sorted(options)}")
        node = (cls or ToyNode)()
        assert isinstance(node, ToyNode)
        node.random = random
        return node

    def shares(self) -> tuple[Share, ...]:
        return (Share(name="one file.txt", content=b"one", words=("one", "file")),)

    def nulls(self) -> Mapping[str, Callable[[Random], Node]]:
        from .nulls import Echo, Mute, Slammer

        return {"mute": lambda _: Mute(), "slams the door": lambda _: Slammer(), "echoes": lambda _: Echo()}

    def dial(self, node: Node, now: float, address: tuple[str, int]) -> None:
        assert isinstance(node, ToyNode)
        node.dial(now, address)


NETWORK = Toy()
