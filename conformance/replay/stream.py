"""The bytes that a tester sent on one wire, with slots for what is chosen anew.

A slot is filled when the event that sends it comes up, so that a value which the node has given meanwhile is known. A
slot that the trace sent in several pieces is cut the same way if its size is the same; otherwise it goes with the
first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ...codecs.framing import Frame
from ..evidence.dissect import Unit
from ..evidence.symbols import Chosen, chosen, length_of, rebuilt
from .bindings import Bindings, pattern

if TYPE_CHECKING:
    from ...codecs.spans import Span
    from ..networks import Network
    from .words import Words


@dataclass(frozen=True, slots=True)
class Slot:
    """`size` bytes from `start` on, in the direction of the stream, and what stands there this time."""

    start: int
    size: int
    fill: Callable[[], bytes]

    @property
    def end(self) -> int:
        """The byte after the last."""
        return self.start + self.size


class Stream:
    """What is sent on one wire; `units` are those sent on it in the trace."""

    def __init__(self, network: Network, bindings: Bindings, words: Words, units: Iterable[Unit]) -> None:
        self._bindings = bindings
        self._position = 0
        self._slots: list[Slot] = []
        self._texts: list[Unit] = []
        for unit in units:
            slots = [
                Slot(unit.start + place.start, place.size, partial(self._filled, each, part, place, unit.raw))
                for each in chosen(network, unit)
                for part, place in enumerate(each.places)
            ]
            if slots and isinstance(unit.subject, Frame):
                slots.append(_length(unit, unit.subject, slots))
            self._slots += slots
            for start, new in words.places(unit.raw):
                self._slots.append(Slot(unit.start + start, len(new), partial(bytes, new)))
            if not unit.is_frame:
                self._texts.append(unit)
        self._slots.sort(key=lambda slot: slot.start)

    def _filled(self, each: Chosen, part: int, place: Span, raw: bytes) -> bytes:
        value = self._bindings.value(each)
        if value == each.value:
            return raw[place.start : place.end]
        return rebuilt(place, value[part] if isinstance(value, tuple) else value)

    def next(self, data: bytes) -> bytes:
        """What is to be sent where the trace sent `data` next."""
        begin, self._position = self._position, self._position + len(data)
        end, out, at = self._position, bytearray(), begin
        slots = [*self._slots, *self._addresses(begin, end)]
        for slot in sorted(slots, key=lambda slot: slot.start):
            if slot.end <= begin or slot.start >= end or (slot.start < at and slot.start >= begin):
                continue
            new = slot.fill()
            out += data[at - begin : max(slot.start, begin) - begin]
            if len(new) == slot.size:
                out += new[max(0, begin - slot.start) : end - slot.start]
            elif slot.start >= begin:
                out += new
            at = min(slot.end, end)
        return bytes(out + data[at - begin :])

    def _addresses(self, begin: int, end: int) -> Iterable[Slot]:
        """Slots for the addresses in text that are others this time."""
        texts = self._bindings.old_texts()
        for unit in self._texts if texts else ():
            if unit.start < end and unit.start + len(unit.raw) > begin:
                for old, new in sorted(texts.items(), key=lambda pair: -len(pair[0])):
                    for found in pattern(old).finditer(unit.raw):
                        yield Slot(unit.start + found.start(), len(old), partial(bytes, new))


def _length(unit: Unit, frame: Frame[Any], slots: list[Slot]) -> Slot:
    """The length in the header of a frame, which changes with what is written in it: in text a number has any size."""
    place = length_of(frame)
    inside = [slot for slot in slots if slot.start >= unit.start + frame.header_size]

    def fill() -> bytes:
        more = sum(len(slot.fill()) - slot.size for slot in inside)
        old = unit.raw[place.start : place.end]
        return rebuilt(place, place.value + more) if more else old

    return Slot(unit.start + place.start, place.size, fill)
