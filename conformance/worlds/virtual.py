"""The world of the virtual network: the same wires over the reference's deterministic network, in virtual time.

Waiting steps from event to event and costs no real time; when nothing more can happen before the deadline, the clock
jumps there. A network that never comes to rest ends the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outcomes import Unreachable
from .base import Endpoint, Listener, OutOfTime, Wire, World
from .transcript import Address, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...reference.worlds.streams import VirtualListener, VirtualStream
    from ...reference.worlds.virtual import VirtualNetwork

_ANY_SOURCE = "127.0.0.2"
_EVENTS = 500_000


class VirtualWire(Wire):
    """A stream of the virtual network."""

    world: VirtualWorld

    def __init__(self, world: VirtualWorld, stream: VirtualStream, kind: Kind) -> None:
        self.stream = stream
        super().__init__(world, stream.local, stream.remote, kind)
        world.wires.append(self)

    def collect(self) -> None:
        """Called by the world: take over what has come."""
        stream = self.stream
        if stream.buffer:
            self.arrived(stream.take())
            if len(self._buffer) > self.LIMIT:
                stream.pause()
        if stream.eof and not self.eof:
            self.ended(reset=stream.reset)

    def take(self) -> bytes:
        data = super().take()
        if len(data) > self.LIMIT and not self._paused:
            self.stream.resume()
        return data

    def send(self, data: bytes) -> None:
        if not (self.closed or self.reset):
            self._note(Kind.SENT, data)
            self.stream.send(data)

    def finish(self) -> None:
        if not self.closed:
            self._note(Kind.FINISH)
            if self.stream.other is not None and not self.stream.finished:
                self.stream.network.deliver(self.stream, self.stream.other.arrive_end)

    _paused = False

    def pause(self) -> None:
        self._paused = True
        self._note(Kind.PAUSE)
        self.stream.pause()

    def resume(self) -> None:
        self._paused = False
        self._note(Kind.RESUME)
        self.stream.resume()

    def close(self) -> None:
        if not self.closed:
            self._note(Kind.CLOSE)
            self.closed = True
            self.stream.close()

    def abort(self) -> None:
        if not self.closed:
            self._note(Kind.ABORT)
            self.closed = True
            self.stream.abort()


class VirtualPort(Listener):
    """A listening address in the virtual network."""

    world: VirtualWorld

    def __init__(self, world: VirtualWorld, listener: VirtualListener) -> None:
        self.world = world
        self.address = listener.address
        self._listener = listener
        self._open = True
        world.ports.append(self)

    @property
    def ready(self) -> bool:
        return bool(self._listener.pending)

    def accept(self) -> Wire | None:
        stream = self._listener.accept()
        return VirtualWire(self.world, stream, Kind.ACCEPT) if stream else None

    def close(self) -> None:
        if self._open:
            self._open = False
            self._note_close()
            self._listener.close()


class VirtualWorld(World):
    """One case's view of a virtual network."""

    def __init__(self, network: VirtualNetwork, *, timeout: float, budget: float) -> None:
        self.network = network
        self.wires: list[VirtualWire] = []
        self.ports: list[VirtualPort] = []
        super().__init__(timeout=timeout, budget=budget)

    def now(self) -> float:
        return self.network.now

    def dial(self, source_ip: str | None, address: Address, *, timeout: float | None = None) -> Wire:
        limit = self.timeout if timeout is None else timeout
        try:
            stream = self.network.dial(source_ip or _ANY_SOURCE, address, limit=limit)
        except ConnectionRefusedError as error:
            raise Unreachable(address, "connection refused") from error
        except TimeoutError as error:
            raise Unreachable(address, "no answer to the connection attempt") from error
        return VirtualWire(self, stream, Kind.OPEN)

    def listen(self, ip: str, port: int = 0) -> Listener:
        try:
            return VirtualPort(self, self.network.listen(ip, port))
        except ValueError as error:
            raise OSError(str(error)) from error

    def pump(self, until: float, wanted: Sequence[Endpoint]) -> None:
        wires = self.wires

        def news() -> bool:
            for wire in wires:
                stream = wire.stream
                if stream.buffer or (stream.eof and not wire.eof):
                    wire.collect()
            return any(each.ready for each in wanted)

        try:
            self.network.run_until(news, max(0.0, until - self.network.now), events=_EVENTS)
        except RuntimeError as error:
            raise OutOfTime(str(error)) from error

    def close(self) -> None:
        for endpoint in [*self.wires, *self.ports]:
            endpoint.close()
        self.network.close()
