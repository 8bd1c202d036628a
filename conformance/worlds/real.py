"""The world of real sockets: scapy sockets over TCP connections of the operating system.

Each wire binds its own source address (any of 127.0.0.0/8 on Linux), since real nodes count, limit and ban by address.
This module imports scapy; it is imported itself only when a wire over real sockets is wanted.
"""

from __future__ import annotations

import errno
import math
import select
import socket
import struct
import time
from typing import TYPE_CHECKING

from scapy.supersocket import SimpleSocket

from ..outcomes import Inconclusive, Unreachable
from .base import Endpoint, Listener, Wire, World
from .transcript import Address, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK = 65536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_GONE = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN, errno.ESHUTDOWN, errno.ETIMEDOUT)
_SEND_SLICE = 0.01


class RealWire(Wire):
    """A TCP connection; `socket` is its scapy socket, for whoever wants to send scapy packets by hand."""

    world: RealWorld

    def __init__(self, world: RealWorld, sock: socket.socket, kind: Kind) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._full = False
        self._paused = False
        self.socket = SimpleSocket(sock)
        super().__init__(world, sock.getsockname(), sock.getpeername(), kind)
        world.attach(sock.fileno(), self)

    def send(self, data: bytes) -> None:
        if self.closed or self.reset:
            return
        self._note(Kind.SENT, data)
        rest = memoryview(data)
        deadline = self.world.now() + self.world.timeout
        while rest and not self.reset:
            try:
                sent = self.socket.send(rest[:_CHUNK].tobytes())  # type: ignore[arg-type]  # it takes bytes too
                rest = rest[sent:]
            except BlockingIOError:
                if self.world.now() > deadline:
                    raise Inconclusive(f"the node does not read: {len(rest)} bytes could not be sent") from None
                self.world.pump(self.world.now() + _SEND_SLICE, (self,))
            except OSError as error:
                if error.errno not in _GONE:
                    raise
                self.ended(reset=True)  # unless its end was seen before this
                return

    def take(self) -> bytes:
        data = super().take()
        if self._full:
            self._full = False
            self._attend()
        return data

    def pause(self) -> None:
        self._paused = True
        self._note(Kind.PAUSE)
        if not self.closed:
            self.world.detach(self._sock.fileno())

    def resume(self) -> None:
        self._paused = False
        self._note(Kind.RESUME)
        self._attend()

    def _attend(self) -> None:
        """Have the world read this wire, unless there is a reason not to."""
        if not (self.closed or self.eof or self._full or self._paused):
            self.world.attach(self._sock.fileno(), self)

    def readable(self) -> None:
        """Called by the world: there is something to read, or the end."""
        try:
            _, data, _ = self.socket.recv_raw(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            self.world.detach(self._sock.fileno())
            self.ended(reset=True)
            return
        if data:
            self.arrived(data)
            if len(self._buffer) > self.LIMIT:
                self._full = True
                self.world.detach(self._sock.fileno())
        else:
            self.world.detach(self._sock.fileno())
            self.ended(reset=False)

    def finish(self) -> None:
        if not self.closed:
            self._note(Kind.FINISH)
            try:
                self._sock.shutdown(socket.SHUT_WR)
            except OSError as error:
                if error.errno not in _GONE:
                    raise

    def close(self) -> None:
        if not self.closed:
            self._note(Kind.CLOSE)
            self._shut()

    def abort(self) -> None:
        if not self.closed:
            self._note(Kind.ABORT)
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._shut()

    def _shut(self) -> None:
        self.closed = True
        self.world.detach(self._sock.fileno())
        self.socket.close()


class RealListener(Listener):
    """A listening TCP port."""

    world: RealWorld

    def __init__(self, world: RealWorld, sock: socket.socket) -> None:
        self.world = world
        self._sock = sock
        self._waiting: list[RealWire] = []
        self.address = sock.getsockname()
        world.attach(sock.fileno(), self)

    @property
    def ready(self) -> bool:
        return bool(self._waiting)

    def accept(self) -> Wire | None:
        return self._waiting.pop(0) if self._waiting else None

    def readable(self) -> None:
        """Called by the world: a connection came."""
        try:
            sock, _ = self._sock.accept()
            self._waiting.append(RealWire(self.world, sock, Kind.ACCEPT))
        except OSError:
            return  # it came and went before it could be accepted

    def close(self) -> None:
        if self._sock.fileno() != -1:
            self._note_close()
            self.world.detach(self._sock.fileno())
            self._sock.close()


class RealWorld(World):
    """Sockets of the operating system under one poll."""

    def __init__(self, *, timeout: float, budget: float) -> None:
        super().__init__(timeout=timeout, budget=budget)
        self.transcript.epoch = time.time() - time.monotonic()
        self._poll = select.poll()
        self._open: dict[int, RealWire | RealListener] = {}
        self._listeners: list[RealListener] = []
        self._wires: list[RealWire] = []

    def now(self) -> float:
        return time.monotonic()

    def attach(self, fd: int, endpoint: RealWire | RealListener) -> None:
        """Serve an endpoint from now on."""
        self._open[fd] = endpoint
        self._poll.register(fd, select.POLLIN)

    def detach(self, fd: int) -> None:
        """Serve it no longer."""
        if self._open.pop(fd, None) is not None:
            self._poll.unregister(fd)

    def dial(self, source_ip: str | None, address: Address, *, timeout: float | None = None) -> Wire:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.settimeout(self.timeout if timeout is None else timeout)
            if source_ip is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((source_ip, 0))
            sock.connect(address)
            wire = RealWire(self, sock, Kind.OPEN)
        except OSError as error:
            sock.close()
            raise Unreachable(address, _why(error)) from error
        self._wires.append(wire)
        return wire

    def listen(self, ip: str, port: int = 0) -> Listener:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((ip, port))
            sock.listen(64)
        except OSError:
            sock.close()
            raise
        sock.setblocking(False)
        listener = RealListener(self, sock)
        self._listeners.append(listener)
        return listener

    def pump(self, until: float, wanted: Sequence[Endpoint]) -> None:
        while True:
            left = until - self.now()
            for fd, _ in self._poll.poll(max(0, math.ceil(left * 1000))):
                if endpoint := self._open.get(fd):
                    endpoint.readable()
            if left <= 0 or any(each.ready for each in wanted):
                return

    def close(self) -> None:
        for endpoint in [*self._open.values(), *self._wires, *self._listeners]:
            endpoint.close()


def _why(error: OSError) -> str:
    """The reason a connection failed, in few words."""
    if isinstance(error, TimeoutError):
        return "no answer to the connection attempt"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if error.errno == errno.ENOTCONN:  # it was reset between connecting and asking for its addresses
        return "connection reset by peer"
    return (error.strerror or str(error)).lower()
