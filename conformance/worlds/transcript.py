"""The transcript: every byte that passed on a tester's wires, with time and addresses, and what else a tester did.

It is the evidence of a failure. Bytes are kept up to a bound, since a node under test may flood; what was cut off is
counted, never silently lost.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

Address = tuple[str, int]
"""IPv4 address in dotted form, and port."""


class Kind(StrEnum):
    """What happened on a wire, seen from the tester."""

    OPEN = "open"
    ACCEPT = "accept"
    SENT = "sent"
    RECEIVED = "received"
    EOF = "eof"
    RESET = "reset"
    FINISH = "finish"
    """The tester closed its sending side only."""
    CLOSE = "close"
    ABORT = "abort"
    PAUSE = "pause"
    """The tester stopped reading."""
    RESUME = "resume"
    LISTEN = "listen"
    """The tester listens at `local`. From here on: no wire, number 0."""
    UNLISTEN = "unlisten"
    """The tester listens at `local` no more."""
    ELAPSE = "elapse"
    """Node time passed: `note` says how many seconds."""
    INSTANCE = "instance"
    """A second instance of the node was started at `remote`, with the options in `note`, as JSON."""
    DIAL = "dial"
    """The instance at `remote` was told to dial `local`."""
    SHUTDOWN = "shutdown"
    """The instance at `remote` was told to stop in good order."""
    ORDER = "order"
    """The instance at `remote` was told to do what `note` says, as JSON: what, and the words for it."""
    KILL = "kill"
    """The instance at `remote` was killed."""
    REVIVE = "revive"
    """The instance at `remote` was started again, with the data that it had."""
    FETCHED = "fetched"
    """What the instance at `remote` has fetched was looked at: `note` says it, as JSON: by name, size and SHA-256."""


class Event(NamedTuple):
    """One thing that happened. `time` is in seconds of the world's clock, `data` the bytes that passed."""

    time: float
    kind: Kind
    wire: int
    local: Address
    remote: Address
    data: bytes = b""
    note: str = ""


NOWHERE: Address = ("", 0)
"""The address of an event that has none."""


class Transcript:
    """The events of one case in the order in which the tester saw them."""

    LIMIT = 4 * 1024 * 1024
    """Bytes of data kept."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.dropped = 0
        self.epoch = 0.0
        """Seconds since 1970 at the world's time 0; in virtual time the one is the other."""
        self.node = NOWHERE
        """Where the node under test was; it may be elsewhere once it was started anew."""
        self.look = 0
        """The wire at which the case looked last: what it found there decided how it ended."""
        self.in_vain: int | None = None
        """How many events there were when the case last waited for something that did not come."""
        self.end: int | None = None
        """How many events there were when the case came to its verdict; None while it has not."""
        self._kept = 0
        self._wires = 0

    def new_wire(self) -> int:
        """The number of the next wire, from 1."""
        self._wires += 1
        return self._wires

    def looked(self, wire: int) -> None:
        """The case took, or looked for, something on a wire."""
        if self.end is None:
            self.look = wire

    def waited(self) -> None:
        """The case waited for something, and nothing came."""
        self.in_vain = len(self.events)

    @property
    def waits(self) -> bool:
        """Whether the case came to its verdict when it had waited, and nothing came."""
        return self.in_vain is not None and self.in_vain == self.end

    def conclude(self) -> None:
        """The case has come to its verdict; what follows is cleaning up."""
        if self.end is None:
            self.end = len(self.events)

    def add(self, event: Event) -> None:
        """Note an event, cutting its data at the bound."""
        size, room = len(event.data), self.LIMIT - self._kept
        if size > room:
            self.dropped += size - room
            if not room:
                return
            event, size = event._replace(data=event.data[:room]), room
        self._kept += size
        self.events.append(event)

    @property
    def received(self) -> int:
        """Bytes received (those kept)."""
        return sum(len(event.data) for event in self.events if event.kind is Kind.RECEIVED)
