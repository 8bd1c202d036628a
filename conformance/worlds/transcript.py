"""The transcript: every byte that passed on a tester's wires, with time and addresses.

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
    CLOSE = "close"
    ABORT = "abort"


class Event(NamedTuple):
    """One thing that happened on one wire. `time` is in seconds of the world's clock, `data` the bytes that passed."""

    time: float
    kind: Kind
    wire: int
    local: Address
    remote: Address
    data: bytes = b""


class Transcript:
    """The events of one case in the order in which the tester saw them."""

    LIMIT = 4 * 1024 * 1024
    """Bytes of data kept."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.dropped = 0
        self._kept = 0
        self._wires = 0

    def new_wire(self) -> int:
        """The number of the next wire, from 1."""
        self._wires += 1
        return self._wires

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
