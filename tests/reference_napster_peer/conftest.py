"""A peer in the virtual network, between a tester that plays its server and testers that play other peers."""

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pytest

from peerspec.codecs.framing import Opaque
from peerspec.codecs.message import Message
from peerspec.codecs.napster import LoginAck, Packet, PacketReader
from peerspec.reference.napster import Peer, PeerConfig, Shares
from peerspec.reference.worlds.streams import VirtualListener, VirtualStream
from peerspec.reference.worlds.virtual import VirtualNetwork

M = TypeVar("M", bound=Message)

SONG = "C:\\mp3\\Band - Song.mp3"
OTHER = "C:\\mp3\\other\\tune.mp3"
CONTENT = random.Random(7).randbytes(300_000)
SHARED = {SONG: CONTENT, OTHER: b"a tune"}


class Session:
    """The server's end of a session of the peer."""

    def __init__(self, network: VirtualNetwork, stream: VirtualStream) -> None:
        self.network = network
        self.stream = stream
        self._reader = PacketReader()

    def send(self, *messages: Message | Opaque) -> None:
        self.stream.send(b"".join(Packet.of(message).encode() for message in messages))

    def read(self, wait: float = 1.0) -> list[Message | Opaque]:
        """What has come after some time."""
        self.network.run_for(wait)
        return [packet.payload("client") for packet in self._reader.feed(self.stream.take())]

    def got(self, kind: type[M], wait: float = 1.0) -> list[M]:
        """The messages of one kind among what has come."""
        return [message for message in self.read(wait) if isinstance(message, kind)]


class Town:
    """One peer, its server, and others."""

    def __init__(self, network: VirtualNetwork) -> None:
        self.network = network
        self.listener = network.listen("10.9.0.1", 8888)
        self._others = 0
        self._seeds = 0

    def peer(
        self, contents: Mapping[str, bytes] = SHARED, *, kind: Callable[..., Peer] = Peer, **settings: Any
    ) -> Peer:
        """A peer that shares `contents`."""
        self._seeds += 1
        settings.setdefault("nick", "alice")
        settings.setdefault("shares", Shares.of(contents))
        peer = kind(PeerConfig(**settings), random.Random(self._seeds))
        self.network.add(peer, (f"10.0.0.{self._seeds}", 6699))
        return peer

    def do(self, peer: Peer, verb: str, *words: Any, **options: Any) -> Any:
        """Let the peer's user do something."""
        return self.network.call(peer, lambda node, now: getattr(node, verb)(now, *words, **options))

    def accept(self, wait: float = 1.0) -> VirtualStream:
        """The connection that the peer makes to its server."""
        assert self.network.run_until(lambda: self.listener.pending, wait)
        stream = self.listener.accept()
        assert stream is not None
        return stream

    def session(self, peer: Peer) -> Session:
        """The peer logged in at the tester's server, its shares told."""
        self.do(peer, "login", self.listener.address)
        session = Session(self.network, self.accept())
        session.read()
        session.send(LoginAck("anon@localhost"))
        session.read()
        return session

    def other(self) -> str:
        """A fresh address of another peer."""
        self._others += 1
        return f"10.9.1.{self._others}"

    def dial(self, peer: Peer) -> VirtualStream:
        """A connection to the peer's data port, which has said `1`."""
        stream = self.network.dial(self.other(), peer.address)
        self.network.run_for(0.1)
        assert stream.take() == b"1"
        return stream

    def listen(self) -> VirtualListener:
        """A data port of another peer."""
        return self.network.listen(self.other(), 6699)

    def called(self, listener: VirtualListener, wait: float = 1.0) -> VirtualStream:
        """The connection that the peer makes to a data port."""
        assert self.network.run_until(lambda: listener.pending, wait)
        stream = listener.accept()
        assert stream is not None
        return stream

    def say(self, stream: VirtualStream, data: bytes, wait: float = 1.0) -> bytes:
        """What comes some time after `data` was sent."""
        stream.send(data)
        self.network.run_for(wait)
        return stream.take()


@pytest.fixture
def town() -> Iterator[Town]:
    """A town without latency; no node of it may crash."""
    town = Town(VirtualNetwork(1))
    yield town
    assert town.network.crashes == {}
