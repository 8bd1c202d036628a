"""What a tester needs of a world: wires, listeners, a clock, and one place to wait.

`World.wait` is the only function that lets time pass. Over sockets it polls; in the virtual network it steps from event
to event. It serves *all* open wires, returns as soon as one of those asked for has news, and never waits past the
deadline given nor past the end of the case's own budget. Nothing sleeps.

A wire holds what has arrived until `take` is called. At most `Wire.LIMIT` bytes are held unread; beyond that the wire
stops reading, and the network's own flow control holds the node back. A node that sends more than `Wire.MOST` on one
connection fails the case. So a flooding node costs bounded memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from ..outcomes import Failure, Inconclusive
from .transcript import NOWHERE, Address, Event, Kind, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class OutOfTime(Inconclusive):
    """The case used up its budget of time: a backstop, so that no node can hold the tester for ever."""


class Endpoint(ABC):
    """What can be waited for: a wire or a listener."""

    world: World

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether there is news: bytes or an end not yet taken note of, or a connection not yet accepted."""

    @abstractmethod
    def close(self) -> None:
        """Close in good order. Harmless when closed already."""


class Wire(Endpoint):
    """One connection of the tester: a byte stream with both addresses known."""

    LIMIT = 8 * 1024 * 1024
    MOST = 64 * 1024 * 1024

    def __init__(self, world: World, local: Address, remote: Address, kind: Kind) -> None:
        self.world = world
        self.local = local
        self.remote = remote
        self.number = world.transcript.new_wire()
        self.eof = False
        """The node has closed its side, in order or not. Bytes that came before may still wait to be taken."""
        self.reset = False
        """The end came as a reset. Implies `eof`."""
        self.closed = False
        """The tester has closed its own end; nothing more can be sent or taken."""
        self._buffer = bytearray()
        self._total = 0
        self._end_seen = False
        self._note(kind)

    def take(self) -> bytes:
        """All that has arrived and was not taken yet. Does not wait; call `world.wait` first."""
        if self.eof:
            self._end_seen = True
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    @property
    def ready(self) -> bool:
        return bool(self._buffer) or (self.eof and not self._end_seen)

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Send all of `data`. To a node that has closed, it vanishes as it would on the wire.

        Waits while the node does not read, up to the world's timeout; then raises Inconclusive.
        """

    @abstractmethod
    def finish(self) -> None:
        """Close the sending side only (a half-close); reading goes on."""

    @abstractmethod
    def pause(self) -> None:
        """Stop reading, as a peer does that hangs: what the node sends from now on stays with the node."""

    @abstractmethod
    def resume(self) -> None:
        """Read again, beginning with what was held up."""

    @abstractmethod
    def abort(self) -> None:
        """Close with a reset."""

    def looked(self) -> None:
        """The case looks at what came on this wire."""
        self.world.transcript.looked(self.number)

    def arrived(self, data: bytes) -> None:
        """Called by the world: bytes came. Failure when they are more than any case can mean."""
        self._buffer += data
        self._total += len(data)
        if self._total > self.MOST:
            self.abort()
            raise Failure(
                expected=f"at most {self.MOST >> 20} MiB on one connection", actual=f"a flood of {self._total} bytes"
            )
        self._note(Kind.RECEIVED, data)

    def ended(self, *, reset: bool) -> None:
        """Called by the world: the node closed its side."""
        if not self.eof:
            self.eof = True
            self.reset = reset
            self._note(Kind.RESET if reset else Kind.EOF)

    def _note(self, kind: Kind, data: bytes = b"") -> None:
        self.world.transcript.add(Event(self.world.now(), kind, self.number, self.local, self.remote, data))


class Listener(Endpoint):
    """A listening port of the tester, for nodes that dial."""

    world: World
    address: Address

    @abstractmethod
    def accept(self) -> Wire | None:
        """The oldest connection not yet accepted, or None. Does not wait."""

    def _note_close(self) -> None:
        """Called once, when it closes."""
        self.world.transcript.add(Event(self.world.now(), Kind.UNLISTEN, 0, self.address, NOWHERE))


class World(ABC):
    """Where one case meets the node. Made for one case and closed after it."""

    def __init__(self, *, timeout: float, budget: float) -> None:
        self.timeout = timeout
        """Seconds to wait for something that must come; scaled by the target's latency."""
        self.transcript = Transcript()
        self._budget = budget
        self._end = float("inf")

    def start_clock(self) -> None:
        """Begin the case's budget of time."""
        self._end = self.now() + self._budget

    def grant(self, seconds: float) -> None:
        """Lengthen the case's budget, for node time that the case lets pass on purpose."""
        self._end += seconds

    @abstractmethod
    def now(self) -> float:
        """Seconds on this world's clock."""

    @abstractmethod
    def dial(self, source_ip: str | None, address: Address, *, timeout: float | None = None) -> Wire:
        """Connect from a source address (None: any) to `address`; Unreachable when refused or not answered in time."""

    @abstractmethod
    def listen(self, ip: str, port: int = 0) -> Listener:
        """Listen on an address of the tester's; OSError when it can't be had."""

    @abstractmethod
    def pump(self, until: float, wanted: Sequence[Endpoint]) -> None:
        """Move bytes on all open wires until one of `wanted` is ready or the clock reaches `until`."""

    @abstractmethod
    def close(self) -> None:
        """Abort whatever is still open."""

    def wait(self, wanted: Iterable[Endpoint], deadline: float | None = None) -> list[Endpoint]:
        """Those of `wanted` that have news; an empty list when there is none by `deadline` (world time).

        Without a deadline, the world's timeout from now. OutOfTime when the case's budget ends first. A deadline that
        passed long ago (by one more timeout) ends the waiting even where there is news: some nodes never fall silent.
        """
        endpoints = list(wanted)
        limit = self.now() + self.timeout if deadline is None else deadline
        if self.now() > limit + self.timeout:
            return []
        if not (ready := [each for each in endpoints if each.ready]):
            if self.now() >= self._end:
                raise OutOfTime("the case took longer than its budget")
            self.pump(min(limit, self._end), endpoints)
            ready = [each for each in endpoints if each.ready]
            if not ready and limit > self._end and self.now() >= self._end:
                raise OutOfTime("the case took longer than its budget")
            if endpoints and not ready:
                self.transcript.waited()
        return ready

    def poll(self) -> None:
        """Take in what has already arrived, without waiting."""
        self.pump(self.now(), ())
