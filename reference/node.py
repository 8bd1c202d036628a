"""What a node is, whatever its network: a sans-IO machine that takes events and leaves effects.

Rules of this file:

- A node owns no socket, thread or clock. Every entry takes `now`, in seconds of a clock that never goes back, first.
- A node never does; it asks. What it asks for are effects, collected with `take_effects()` after each entry and
  carried out in their order by a world (`peerspec.reference.worlds`).
- Links are integers that the node hands out itself and never uses twice, so a late event of a link that has gone
  can't be mistaken for one of a new link.
- An entry never raises on account of bytes that a stranger sent. One that raises all the same is a crash of the node.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass

Address = tuple[str, int]
"""An IPv4 address in dotted form and a port."""


@dataclass(slots=True)
class Send:
    """Send `data` on `link`, after everything sent there before."""

    link: int
    data: bytes


@dataclass(slots=True)
class Close:
    """Close `link` once all that was sent there is out; with `abort`, at once, losing what is not.

    The world makes no further call about a link that the node has closed.
    """

    link: int
    abort: bool = False


@dataclass(slots=True)
class Open:
    """Connect to `address`. The world answers with `opened` or `open_failed` for `link`."""

    link: int
    address: Address


@dataclass(slots=True)
class Listen:
    """Accept connections at `port` of the node's own address as well. Where it can't be had, nothing comes of it."""

    port: int


@dataclass(slots=True)
class SetTimer:
    """Call `timer(now, key)` once, at time `at`. A timer that is set again moves."""

    key: Hashable
    at: float


@dataclass(slots=True)
class CancelTimer:
    """Forget the timer `key`; one that is not set is no error."""

    key: Hashable


@dataclass(slots=True)
class SendDatagram:
    """Send one datagram from the node's own address to `address`."""

    address: Address
    data: bytes


Effect = Send | Close | Open | Listen | SetTimer | CancelTimer | SendDatagram


class Node(ABC):
    """A node of some network. The entries are called by a world, one at a time."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []

    def take_effects(self) -> list[Effect]:
        """Return what the node has asked for since the last call, in order, and forget it."""
        effects = self._effects
        if effects:
            self._effects = []
        return effects

    @abstractmethod
    def start(self, now: float, address: Address) -> None:
        """Begin: the node can be reached at `address` from now on."""

    @abstractmethod
    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take a connection that `remote` made to `local`; returns the new link."""

    @abstractmethod
    def opened(self, now: float, link: int, local: Address) -> None:
        """Learn that `link`, asked for with `Open`, is connected, from the address `local`."""

    @abstractmethod
    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Learn that `link`, asked for with `Open`, could not be connected."""

    @abstractmethod
    def received(self, now: float, link: int, data: bytes) -> None:
        """Take the next bytes of a link, at least one, split at any place."""

    def drained(self, now: float, link: int) -> None:  # noqa: B027 - a node that sends little need not care
        """Learn that all that was sent on `link` so far has left the world's own buffers."""

    @abstractmethod
    def closed(self, now: float, link: int) -> None:
        """Learn that the other side has closed or reset `link`; nothing more can be sent there."""

    @abstractmethod
    def timer(self, now: float, key: Hashable) -> None:
        """Act on a timer set with `SetTimer`."""

    def datagram(self, now: float, remote: Address, local: Address, data: bytes) -> None:  # noqa: B027 - not every network uses datagrams
        """Take one datagram that `remote` sent to `local`."""

    @abstractmethod
    def shutdown(self, now: float) -> None:
        """Leave the network in an orderly way: say what the protocol wants said, then close every link."""

    def release(self) -> None:  # noqa: B027 - a node that keeps everything in memory holds nothing
        """Give back what the node holds of the machine (files, databases); nothing is saved here.

        The world calls it last, perhaps more than once, however the node has ended: what a killed process would have
        lost is lost.
        """
