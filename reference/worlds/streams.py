"""The ends of the virtual network's connections: those of nodes, and those that a tester holds.

Rules of this file:

- A stream is reliable and in order, as TCP's is: trouble on the way delays segments, it never loses or swaps bytes.
- An end that has finished sends no more, and what still comes to it is thrown away.
- What was sent burdens the sender until the other side has taken it: `burden` counts such segments.
"""

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING

from ..node import Address

if TYPE_CHECKING:
    from .virtual import Host, VirtualNetwork


class End(ABC):
    """One end of a connection. `other` is the opposite end once the connection is made."""

    __slots__ = ("burden", "due", "finished", "local", "network", "other", "remote")

    def __init__(self, network: "VirtualNetwork", local: Address, remote: Address) -> None:
        self.network = network
        self.local = local
        self.remote = remote
        self.other: End | None = None
        self.due = 0.0
        self.burden = 0
        self.finished = False

    def send(self, data: bytes) -> None:
        """Send `data`, at least one byte, to the other end; nothing happens when this end has finished."""
        if self.finished or self.other is None or not data:
            return
        for segment in self.network.segments(data):
            self.burden += 1
            self.network.deliver(self, self.other.arrive, segment)

    def close(self) -> None:
        """Send the end of the stream after all that was sent."""
        if not self.finished and self.other is not None:
            self.network.deliver(self, self.other.arrive_end)
        self.finished = True

    def abort(self) -> None:
        """Reset the connection."""
        if not self.finished and self.other is not None:
            self.network.deliver(self, self.other.arrive_reset)
        self.finished = True

    def lighten(self, segments: int = 1) -> None:
        """Take note that the other end has taken `segments` more."""
        self.burden -= segments

    @abstractmethod
    def arrive(self, data: bytes) -> None:
        """Take a segment that the other end sent."""

    @abstractmethod
    def arrive_end(self) -> None:
        """Learn that the other end has sent all that it will send."""

    @abstractmethod
    def arrive_reset(self) -> None:
        """Learn that the connection was reset."""


class NodeEnd(End):
    """The end of a connection that belongs to a node."""

    __slots__ = ("host", "link")

    def __init__(self, network: "VirtualNetwork", host: "Host", link: int, local: Address, remote: Address) -> None:
        super().__init__(network, local, remote)
        self.host = host
        self.link = link

    def lighten(self, segments: int = 1) -> None:
        """Tell the node when the last of what it sent was taken."""
        self.burden -= segments
        if not self.burden and not self.finished:
            self.host.call(self.host.node.drained, self.link)

    def arrive(self, data: bytes) -> None:
        """Hand a segment to the node."""
        if not self.finished:
            self.host.call(self.host.node.received, self.link, data)
        if self.other is not None:
            self.other.lighten()

    def arrive_end(self) -> None:
        """Tell the node that the link is closed; a node keeps no half-open links."""
        if not self.finished:
            self.finished = True
            if self.other is not None:
                self.network.deliver(self, self.other.arrive_end)
            self.host.ends.pop(self.link, None)
            self.host.call(self.host.node.closed, self.link)

    def arrive_reset(self) -> None:
        """Tell the node that the link is closed."""
        if not self.finished:
            self.finished = True
            self.host.ends.pop(self.link, None)
            self.host.call(self.host.node.closed, self.link)


class VirtualStream(End):
    """The end of a connection that a tester holds.

    `buffer` holds the bytes received and not yet taken. `eof` is true once nothing more will come, `reset` when that
    is because the connection was reset.
    """

    __slots__ = ("_held", "buffer", "connected", "eof", "reading", "reset")

    def __init__(self, network: "VirtualNetwork", local: Address, remote: Address) -> None:
        super().__init__(network, local, remote)
        self.buffer = bytearray()
        self.connected = False
        self.eof = False
        self.reset = False
        self.reading = True
        self._held: list[bytes] = []

    def take(self) -> bytes:
        """Return all bytes received since the last call."""
        data = bytes(self.buffer)
        self.buffer.clear()
        return data

    def pause(self) -> None:
        """Stop reading: what comes from now on stays a burden of its sender."""
        self.reading = False

    def resume(self) -> None:
        """Read again, beginning with what was held up."""
        self.reading = True
        held, self._held = self._held, []
        self.buffer += b"".join(held)
        if held and self.other is not None:
            self.other.lighten(len(held))

    def arrive(self, data: bytes) -> None:
        """Keep a segment for the tester, unless the tester has closed."""
        if not self.reading:
            self._held.append(data)
            return
        if not self.finished:
            self.buffer += data
        if self.other is not None:
            self.other.lighten()

    def arrive_end(self) -> None:
        """Take note that nothing more will come."""
        self.eof = True

    def arrive_reset(self) -> None:
        """Take note that the connection was reset."""
        self.eof = True
        self.reset = True
        self.finished = True


class VirtualListener:
    """A tester's listening address. Connections made to it wait in `pending`."""

    def __init__(self, network: "VirtualNetwork", address: Address) -> None:
        self.network = network
        self.address = address
        self.pending: deque[VirtualStream] = deque()

    def accept(self) -> VirtualStream | None:
        """Return the connection that has waited longest, or None."""
        return self.pending.popleft() if self.pending else None

    def close(self) -> None:
        """Stop listening; connections made before live on."""
        self.network.unlisten(self.address)


class VirtualDatagrams:
    """A tester's datagram address. What came waits in `received`, as pairs of sender and data."""

    def __init__(self, network: "VirtualNetwork", address: Address) -> None:
        self.network = network
        self.address = address
        self.received: deque[tuple[Address, bytes]] = deque()

    def send(self, address: Address, data: bytes) -> None:
        """Send one datagram to `address`; it may be lost, late or doubled."""
        self.network.send_datagram(self.address, address, data)
