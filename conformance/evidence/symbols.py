"""Symbols: the values that somebody chose, and where they stand in the bytes of a wire.

Rules of this file:

- Which fields are chosen, and of what kind they are, is the network's affair (`Network.choices`).
- A value belongs to whoever sent it first. The node's own are what a replay must learn anew.
- Values are bytes, whole numbers, or addresses: IP and port, or an IP alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ...codecs.errors import EncodeError
from ...codecs.framing import Frame
from ...codecs.spans import Span, spans, stop_of
from ...codecs.words import opening

if TYPE_CHECKING:
    from ..networks import Network
    from .dissect import Unit

Value: TypeAlias = bytes | int | str | tuple[str, int]
Key: TypeAlias = tuple[str, Value]
"""A kind and a value."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen value in a unit. `places` are the spans that hold it; none where our codec writes other bytes."""

    kind: str
    value: Value
    path: str
    places: tuple[Span, ...] = ()

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.kind, self.value


def chosen(network: Network, unit: Unit) -> list[Chosen]:
    """The chosen values of a unit, in the order in which the network names them."""
    subject = unit.subject
    if subject is None or not (named := list(network.choices(subject, sent=unit.sent))):
        return []
    try:
        by_path = {span.path: span for span in spans(subject)}
        faithful = subject.encode() == unit.raw
    except EncodeError:
        return []
    found = []
    for choice in named:
        span, port = by_path.get(choice.path), by_path.get(choice.port_path)
        if span is None:
            continue
        value: Any = span.value if port is None else (span.value, port.value)
        places = (span,) if port is None else (span, port)
        found.append(Chosen(choice.kind, value, choice.path, places if faithful else ()))
    return found


def length_of(frame: Frame[Any]) -> Span:
    """Where the length of a frame's payload stands."""
    path = f"header.{frame.length_field}"
    return next(span for span in spans(frame) if span.path == path)


def rebuilt(span: Span, value: Any) -> bytes:
    """The bytes of another value in the place of a span's."""
    built = bytes(span.construct.build(value)).removeprefix(opening(span.construct))
    return built.removesuffix(stop_of(span.construct))


@dataclass(slots=True)
class Symbol:
    """A chosen value by name: who chose it, in which event it was first seen, and in which ones it was sent again."""

    name: str
    kind: str
    value: Value
    by_node: bool
    first: int
    used: list[int] = field(default_factory=list)


def symbols(network: Network, units: Iterable[Unit]) -> dict[Key, Symbol]:
    """The symbols of a transcript, in the order in which they appear."""
    found: dict[Key, Symbol] = {}
    counts: dict[tuple[bool, str], int] = {}
    for unit in units:
        for each in chosen(network, unit):
            symbol = found.get(each.key)
            if symbol is None:
                owner = (not unit.sent, each.kind)
                counts[owner] = counts.get(owner, 0) + 1
                name = f"{'tester' if unit.sent else 'node'}.{each.kind}.{counts[owner]}"
                found[each.key] = Symbol(name, each.kind, each.value, not unit.sent, unit.event)
            elif unit.sent and unit.event not in symbol.used:
                symbol.used.append(unit.event)
    return found
