"""A town in the virtual network: one Napster server, and users who are the test's own."""

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from peerspec.codecs.framing import Opaque
from peerspec.codecs.message import Message
from peerspec.codecs.napster import Login, LoginAck, Packet, PacketReader, Register
from peerspec.reference.napster import Server, ServerConfig
from peerspec.reference.worlds.virtual import VirtualNetwork

M = TypeVar("M", bound=Message)


class User:
    """A connection of the test's with the server; with a nick, logged in."""

    def __init__(self, network: VirtualNetwork, source: str, server: Server) -> None:
        self.network = network
        self.ip = source
        self.nick = ""
        self.stream = network.dial(source, server.address)
        self._reader = PacketReader(65_535)

    def send(self, *things: Message | bytes) -> None:
        """Send messages, or bytes as they are."""
        self.stream.send(b"".join(thing if isinstance(thing, bytes) else Packet.of(thing).encode() for thing in things))

    def packets(self) -> list[Packet]:
        """What has come since the last look, once the network has come to rest."""
        self.network.run_for(1)
        return self._reader.feed(self.stream.take())

    def read(self) -> list[Message | Opaque]:
        """The same, decoded as what a server sends."""
        return [packet.payload("server") for packet in self.packets()]

    def got(self, kind: type[M]) -> list[M]:
        """The messages of one kind among what has come; the rest is forgotten."""
        return [message for message in self.read() if isinstance(message, kind)]

    def ask(self, *things: Message | bytes) -> list[Message | Opaque]:
        """Send, and return all that comes."""
        self.read()
        self.send(*things)
        return self.read()

    def is_open(self) -> bool:
        """Whether the server has kept the connection."""
        self.network.run_for(1)
        return not self.stream.eof


class Town:
    """Runs a server, and makes users."""

    def __init__(self, kind: Callable[..., Server], **settings: Any) -> None:
        self.network = VirtualNetwork(1)
        self.server = kind(ServerConfig(**settings), random.Random(1))
        self.network.add(self.server, ("10.0.0.1", 8888))
        self._sources = itertools.count(1)

    def raw(self, source: str | None = None) -> User:
        """A connection on which nothing has been said, from an address of its own unless one is given."""
        if source is None:
            number = next(self._sources)
            source = f"10.9.{number // 250}.{number % 250 + 1}"
        return User(self.network, source, self.server)

    def user(
        self, nick: str, *, port: int = 6699, link: int = 9, password: str = "pw", email: str = "", source: str = ""
    ) -> User:
        """A user who is logged in and has read the greeting; with `email`, who has registered."""
        user = self.raw(source or None)
        if email:
            user.send(Register(nick, password, port, "test v1", link, email))
        else:
            user.send(Login(nick, password, port, "test v1", link))
        answers = user.read()
        assert answers, "no answer to the login"
        assert isinstance(answers[0], LoginAck), answers
        user.nick = nick
        return user

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.network.run_for(seconds)


MakeTown = Callable[..., Town]


@pytest.fixture
def town() -> Iterator[MakeTown]:
    """Makes towns; no server in them may crash."""
    towns: list[Town] = []

    def make(kind: Callable[..., Server] = Server, **settings: Any) -> Town:
        towns.append(Town(kind, **settings))
        return towns[-1]

    yield make
    for each in towns:
        crashes = dict(each.network.crashes)
        each.network.close()
        assert crashes == {}
