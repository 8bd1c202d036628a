"""What the parts of the player share: the bench, the memory, and how a descriptor is sent and noted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING

from ....codecs.gnutella import Descriptor, Ping, Pong
from ...networks import Share
from ..connection import RawPeer
from ..probe import Received
from .hosts import Hosts
from .memory import Clauses, Link, Memory
from .routes import Routes
from .steps import FIREWALLED, MANY_SHARES, GnutellaScenario

if TYPE_CHECKING:
    from ..bench import Bench

BULK = tuple(Share(name=f"bulk {count:04d} {'long ' * 80}.txt", content=b"", words=("bulk",)) for count in range(600))
"""What a node of many shares has."""

_MOST_SEGMENTS = 500


class Table(ABC):
    """The bench with the model beside it."""

    def __init__(self, bench: Bench, scenario: GnutellaScenario, known: Collection[str] = ()) -> None:
        self.bench = bench
        self.scenario = scenario
        address, shares = bench.address, bench.target.shares
        if scenario.node == FIREWALLED:
            address = bench.instance(firewalled=True).address
        elif scenario.node == MANY_SHARES:
            address = bench.instance(shares={share.name: share.content for share in BULK}).address
            shares = BULK
        self.memory = Memory(address, shares, firewalled=scenario.node == FIREWALLED, known=known)
        self.hosts = Hosts(self.memory)
        self.routes = Routes(self.memory)
        self.trains: list[tuple[Link, bytes]] = []
        """Pings that went out in one segment with what came before them."""
        self.blame: Clauses = ("GNU-LIM-01",)
        """The rules that are broken if the node dies in the step that is being played."""

    @abstractmethod
    def settle(self, actor: Link | None) -> None:
        """Read until nothing more is on its way."""

    def usable(self, name: str) -> Link | None:
        """The link of that name, when something can be said there."""
        link = self.memory.links.get(name)
        if link is None or link.gone or link.half or link.lost or link.peer.wire.closed:
            return None
        return link

    def caller(self) -> RawPeer:
        """A connection on which nothing was said yet."""
        return self.bench.raw(at=self.memory.address)

    def deliver(self, link: Link, descriptor: Descriptor, split: str) -> None:
        """Send a descriptor's bytes in the way that a step asks for."""
        data = descriptor.encode()
        self.bench.sent_guids.add(descriptor.guid)
        link.idle_since = self.memory.now
        if split == "bytes" and len(data) <= _MOST_SEGMENTS:
            link.peer.send_bytewise(data)
        elif split == "halves":
            half = max(1, len(data) // 2)
            link.peer.send_bytes(data[:half])
            link.peer.send_bytes(data[half:])
        elif split == "train":
            ping = self.fence_ping(link)
            self.trains.append((link, ping.guid))
            link.peer.send_bytes(data + ping.encode())
        else:
            link.peer.send_bytes(data)

    def fence_ping(self, link: Link) -> Descriptor:
        """A Ping of the tester's own, beside the scenario, that the node should answer."""
        ping = Descriptor.of(Ping(), guid=self.bench.new_guid(), ttl=1)
        self.hosts.fences[ping.guid] = link.name
        self.bench.sent_guids.add(ping.guid)
        return ping

    def ping_for_fence(self, link: Link) -> Descriptor:
        """Send such a Ping."""
        ping = self.fence_ping(link)
        link.peer.send_bytes(ping.encode())
        return ping

    def assert_served(self, link: Link, clauses: Clauses) -> None:
        """Note a deviation unless a Ping on the link is answered."""
        self.ping_for_fence(link)

        def answers_it(got: Received) -> bool:
            return got.type == Pong.wire_type and got.number >= link.read

        if link.peer.wait_for(answers_it) is None and not link.peer.broken:
            actual = "the node closed the link" if link.peer.wire.eof else "it was not answered"
            self.memory.deviation(clauses, f"a Ping of {link.name} is answered", actual, ("GNU-PNG-01",))
            link.stained = True
        self.settle(link)
