"""Null nodes: they implement nothing, and a case that one of them passes proves nothing.

Closing, echoing and a friendly answer to each login are what naive test suites take for conformity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from random import Random

from ...codecs.errors import DecodeError
from ...codecs.message import Message
from ...codecs.napster import (
    ErrorText,
    Login,
    LoginAck,
    LoginError,
    NickCheck,
    NickFree,
    Packet,
    PacketReader,
    Register,
)
from ...reference.node import Address, Close, Node, Send

_READABLE = 65_535


class Null(Node):
    """A node that accepts connections and does nothing with them."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random
        self._links = 0

    def start(self, now: float, address: Address) -> None:
        """Nothing to begin."""

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take every connection."""
        self._links += 1
        return self._links

    def opened(self, now: float, link: int, local: Address) -> None:
        """Never asked for."""

    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Never asked for."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Say nothing."""

    def closed(self, now: float, link: int) -> None:
        """Close as well."""
        self._effects.append(Close(link))

    def timer(self, now: float, key: Hashable) -> None:
        """Never set."""

    def shutdown(self, now: float) -> None:
        """Leave without a word."""

    def say(self, link: int, message: Message) -> None:
        """Send a message."""
        self._effects.append(Send(link, Packet.of(message).encode()))


class Mute(Null):
    """Accepts connections and never says a word."""


class HangsUp(Null):
    """Closes each connection at once."""

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take it and drop it."""
        link = super().accept(now, remote, local)
        self._effects.append(Close(link))
        return link


class DoorSlammer(Null):
    """Closes each connection when the first bytes come."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Slam the door."""
        self._effects.append(Close(link))


class Echo(Null):
    """Sends back whatever comes."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Send it back."""
        self._effects.append(Send(link, data))


class Noise(Null):
    """Answers whatever comes with as many random bytes."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Make noise."""
        self._effects.append(Send(link, self.random.randbytes(len(data))))


class Reader(Null):
    """Reads messages as it should; what it makes of them is `answer`."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self._readers: dict[int, PacketReader] = {}

    def received(self, now: float, link: int, data: bytes) -> None:
        """Cut the stream, and answer each message."""
        try:
            packets = self._readers.setdefault(link, PacketReader(_READABLE)).feed(data)
        except DecodeError:
            return
        for packet in packets:
            self.answer(link, packet)

    def answer(self, link: int, packet: Packet) -> None:
        """Say nothing."""


class Complainer(Reader):
    """Answers every message with 404."""

    def answer(self, link: int, packet: Packet) -> None:
        """Complain."""
        self.say(link, ErrorText("unknown command"))


class Refuser(Reader):
    """Answers every message with 0."""

    def answer(self, link: int, packet: Packet) -> None:
        """Refuse."""
        self.say(link, LoginError("try again later"))


class Greeter(Reader):
    """Lets everybody in, calls every nick free, and ignores everything else."""

    def answer(self, link: int, packet: Packet) -> None:
        """Answer what comes before a session."""
        if packet.type in (Login.wire_type, Register.wire_type):
            self.say(link, LoginAck("anon@localhost"))
        elif packet.type == NickCheck.wire_type:
            self.say(link, NickFree())


class RudeGreeter(Greeter):
    """Lets everybody in and closes at the first message of the session."""

    def answer(self, link: int, packet: Packet) -> None:
        """Close at what is no login."""
        super().answer(link, packet)
        if packet.type not in (Login.wire_type, Register.wire_type, NickCheck.wire_type):
            self._effects.append(Close(link))


NULLS: dict[str, Callable[[Random], Node]] = {
    "mute": Mute,
    "hangs up": HangsUp,
    "slams the door": DoorSlammer,
    "echo": Echo,
    "noise": Noise,
    "complains": Complainer,
    "refuses": Refuser,
    "greets and ignores": Greeter,
    "greets and closes": RudeGreeter,
}
