"""One way to run a server and its peers, in the virtual network and over real sockets."""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from peerspec.reference.napster import Peer, PeerConfig, Server, ServerConfig
from peerspec.reference.node import Address, Node
from peerspec.reference.worlds.sockets import RunningNode, run_in_thread
from peerspec.reference.worlds.virtual import VirtualNetwork

N = TypeVar("N", bound=Node)
R = TypeVar("R")


class World(ABC):
    """A reference server, and peers that log in there, each at an address of its own."""

    def __init__(self) -> None:
        self._addresses = 0
        self.server = Server(ServerConfig(), random.Random(0))
        self.address = self.add(self.server)

    def next_ip(self) -> str:
        self._addresses += 1
        return f"127.0.7.{self._addresses}"

    def peer(self, nick: str, *, kind: type[Peer] = Peer, **settings: Any) -> Peer:
        """A peer that is logged in and has told of its shares; one that is firewalled can't be connected to."""
        peer = kind(PeerConfig(nick=nick, settle=0.05, download_pause=0.2, **settings), random.Random(nick))
        address = self.add(peer)
        if peer.config.firewalled:
            self.firewall(peer, address)
        self.call(peer, lambda node, now: node.login(now, self.address))
        self.until(lambda: self.call(self.server, lambda node, now: self.shared(nick)) == len(peer.shares))
        self.until(lambda: self.call(peer, lambda node, now: node.logged_in))
        return peer

    def shared(self, nick: str) -> int:
        """How many files of a user the server knows; -1 while it is not logged in."""
        session = self.server.user(nick)
        return session.shared if session is not None else -1

    def do(self, peer: Peer, verb: str, *words: Any, **options: Any) -> Any:
        """Let a peer's user do something."""
        return self.call(peer, lambda node, now: getattr(node, verb)(now, *words, **options))

    @abstractmethod
    def add(self, node: Node) -> Address:
        """Start a node."""

    @abstractmethod
    def firewall(self, node: Node, address: Address) -> None:
        """Let nobody connect to a node."""

    @abstractmethod
    def call(self, node: N, function: Callable[[N, float], R]) -> R:
        """Run a function on a node."""

    @abstractmethod
    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something, which must come."""

    @abstractmethod
    def let_pass(self, seconds: float) -> None:
        """Let time pass for all nodes."""

    @abstractmethod
    def end(self) -> None:
        """Stop all nodes, none of which may have crashed."""


class VirtualWorld(World):
    """In memory, in virtual time."""

    def __init__(self, network: VirtualNetwork) -> None:
        self.network = network
        super().__init__()

    def add(self, node: Node) -> Address:
        address = (self.next_ip(), 6699)
        self.network.add(node, address)
        return address

    def firewall(self, node: Node, address: Address) -> None:
        self.network.firewall(address[0])

    def call(self, node: N, function: Callable[[N, float], R]) -> R:
        return self.network.call(node, function)

    def until(self, condition: Callable[[], Any]) -> None:
        assert self.network.run_until(condition, 100), "it did not come about"

    def let_pass(self, seconds: float) -> None:
        self.network.run_for(seconds)

    def end(self) -> None:
        assert self.network.crashes == {}


class SocketsWorld(World):
    """Over TCP, on loopback."""

    def __init__(self) -> None:
        self.running: dict[Node, RunningNode[Any]] = {}
        super().__init__()

    def add(self, node: Node) -> Address:
        self.running[node] = running = run_in_thread(node, self.next_ip())
        return running.address

    def firewall(self, node: Node, address: Address) -> None:
        self.running[node].firewall()

    def call(self, node: N, function: Callable[[N, float], R]) -> R:
        return self.running[node].call(function)

    def until(self, condition: Callable[[], Any]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.005)

    def let_pass(self, seconds: float) -> None:
        for running in self.running.values():
            running.advance(seconds)

    def end(self) -> None:
        for running in self.running.values():
            running.stop()
        assert [running.error for running in self.running.values()] == [None] * len(self.running)
