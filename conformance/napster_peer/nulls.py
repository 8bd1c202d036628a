"""Null peers: they implement nothing, and a case that one of them passes proves nothing.

Some connect to the server when they are told to, some log in, some greet who comes to their data port; none does
anything beyond. A `1`, a login and the end of a connection are what naive test suites take for conformity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from random import Random

from ...codecs.napster import Greeting, Login, Packet
from ...reference.node import Address, Close, Node, Open, Send


class Null(Node):
    """A peer that accepts connections, makes those that it is told to make, and does nothing with them."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random
        self._links = 0
        self._own: set[int] = set()

    def start(self, now: float, address: Address) -> None:
        """Nothing to begin."""

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take every connection."""
        self._links += 1
        return self._links

    def dial(self, now: float, address: Address) -> None:
        """Connect, and nothing more."""
        self._links += 1
        self._own.add(self._links)
        self._effects.append(Open(self._links, address))

    def opened(self, now: float, link: int, local: Address) -> None:
        """Say nothing."""

    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Be content."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Say nothing."""

    def closed(self, now: float, link: int) -> None:
        """Close as well."""
        self._effects.append(Close(link))

    def timer(self, now: float, key: Hashable) -> None:
        """Never set."""

    def shutdown(self, now: float) -> None:
        """Leave without a word."""


class NeverLogsIn(Null):
    """Accepts connections and never says a word."""


class NeverConnects(Null):
    """Does not even connect to the server."""

    def dial(self, now: float, address: Address) -> None:
        """Stay at home."""


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


class Mute(Null):
    """Logs in, greets who comes to its data port, and never says another word."""

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Greet."""
        link = super().accept(now, remote, local)
        self._effects.append(Send(link, Greeting().encode()))
        return link

    def opened(self, now: float, link: int, local: Address) -> None:
        """Log in."""
        self._effects.append(Send(link, Packet.of(Login("mute", "secret", local[1], "null 1", 3)).encode()))


class Rude(Mute):
    """Logs in and greets, and closes each connection when the first bytes come."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Close."""
        self._effects.append(Close(link))


class Parrot(Mute):
    """Logs in and greets, and sends back whatever comes."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Send it back."""
        self._effects.append(Send(link, data))


NULLS: dict[str, Callable[[Random], Node]] = {
    "never logs in": NeverLogsIn,
    "never connects": NeverConnects,
    "slams the door": DoorSlammer,
    "echo": Echo,
    "noise": Noise,
    "logs in and is mute": Mute,
    "logs in and closes": Rude,
    "logs in and echoes": Parrot,
}
