"""Null nodes: they implement nothing, and a case that one of them passes proves nothing.

Closing, echoing and a friendly handshake are what naive test suites take for conformity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from random import Random

from ...reference.node import Address, Close, Node, Open, Send


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

    def dial(self, now: float, address: Address) -> None:
        """Connect, and nothing more."""
        self._links += 1
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


class Mute(Null):
    """Accepts connections and never says a word."""


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


class Greeter(Null):
    """Shakes hands as it should and ignores everything afterwards."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self._greeted: set[int] = set()

    def opened(self, now: float, link: int, local: Address) -> None:
        """Ask as it should."""
        self._effects.append(Send(link, b"GNUTELLA CONNECT/0.6\r\nUser-Agent: greeter\r\n\r\n"))

    def received(self, now: float, link: int, data: bytes) -> None:
        """Accept the first thing said, whatever it was."""
        if link not in self._greeted:
            self._greeted.add(link)
            self._effects.append(Send(link, b"GNUTELLA/0.6 200 OK\r\nUser-Agent: greeter\r\n\r\n"))


class RudeGreeter(Greeter):
    """Shakes hands as it should and closes at the first descriptor."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Close at what is no part of a handshake."""
        if link in self._greeted and not data.startswith(b"GNUTELLA"):
            self._effects.append(Close(link))
        super().received(now, link, data)


NULLS: dict[str, Callable[[Random], Node]] = {
    "mute": Mute,
    "slams the door": DoorSlammer,
    "echo": Echo,
    "noise": Noise,
    "greets and ignores": Greeter,
    "greets and closes": RudeGreeter,
}
