"""The sockets of the real world: one TCP connection, and the UDP socket, between asyncio and the node's world.

Rules of this file:

- Bytes that the system does not take wait in memory; the node is told when they have left, not before.
- A connection that the node closes is closed for writing first and then read, for a bounded time, until the other side
  closes too. Closing it with bytes unread would reset it, and might destroy what was sent last.
"""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sockets import SocketWorld

LINGER = 2.0
"""Seconds that a closed link is read on, while the other side has not closed it."""

LINGER_IN_ALL = 60.0
"""The same, while bytes sent before still wait to leave."""

MAX_LINGER_BYTES = 4_194_304
"""Bytes thrown away on a closed link before it is reset."""


class Connection(asyncio.Protocol):
    """One TCP connection. `link` is 0 until the node has given it a number, and again when it has closed it."""

    def __init__(self, world: "SocketWorld[Any]", link: int = 0) -> None:
        self.world = world
        self.link = link
        self.transport: asyncio.Transport | None = None
        self.telling = False
        self.ending = False
        self.thrown_away = 0
        self.closed_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio: the connection has come about."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=0)
        self.world.made(self, transport)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio: bytes have come."""
        if self.link:
            self.world.run(self.world.node.received, self.link, data)
        else:
            self.thrown_away += len(data)
            if self.thrown_away > MAX_LINGER_BYTES and self.transport is not None:
                self.transport.abort()

    def eof_received(self) -> None:
        """Called by asyncio: the other side sends no more. The node keeps no half-open links; what it sent goes out."""
        self.world.lost(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio: the connection has gone."""
        del exc
        self.world.lost(self)
        self.world.connections.discard(self)

    def resume_writing(self) -> None:
        """Called by asyncio: what waited has left."""
        if self.ending:
            self.end_writing()
        self.tell_drained()

    def send(self, data: bytes) -> None:
        """Send bytes, and tell the node when they have left."""
        if self.transport is None or self.transport.is_closing():
            return
        self.transport.write(data)
        if not self.telling and self.transport.get_write_buffer_size() == 0:
            self.telling = True
            self.world.loop.call_soon(self.tell_drained)

    def tell_drained(self) -> None:
        """Tell the node that all it sent has left, unless more waits by now."""
        self.telling = False
        if self.link and self.transport is not None and self.transport.get_write_buffer_size() == 0:
            self.world.run(self.world.node.drained, self.link)

    def close(self, *, abort: bool) -> None:
        """Close on behalf of the node."""
        self.link = 0
        if self.transport is None:
            return
        if abort or self.transport.is_closing():
            self.transport.abort()
            return
        self.ending = True
        self.closed_at = self.world.loop.time()
        self.world.loop.call_later(LINGER, self.end_linger)
        if self.transport.get_write_buffer_size() == 0:
            self.end_writing()

    def end_writing(self) -> None:
        """Close for writing, now that all has left; the other side may have reset the connection meanwhile."""
        if self.transport is not None and not self.transport.is_closing():
            try:
                self.transport.write_eof()
            except OSError:
                self.transport.abort()

    def end_linger(self) -> None:
        """Give up a closed connection that the other side keeps open, once all has left or has had its time."""
        if self.transport is None or self.transport.is_closing():
            return
        late = self.world.loop.time() - self.closed_at > LINGER_IN_ALL
        if late or self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            self.world.loop.call_later(LINGER, self.end_linger)


class Datagrams(asyncio.DatagramProtocol):
    """The node's UDP socket."""

    def __init__(self, world: "SocketWorld[Any]") -> None:
        self.world = world

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Called by asyncio: a datagram has come."""
        self.world.run(self.world.node.datagram, (addr[0], addr[1]), self.world.address, data)
