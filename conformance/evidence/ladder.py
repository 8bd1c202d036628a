"""The ladder: who sent what to whom, in the order of time, decoded.

A `Ladder` is plain data: lanes and rows. `text()` is for terminals and files, `svg()` for pages. All words are made fit
to be shown here, once, since a node may have sent them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..printing import printable, shortened
from ..worlds import Address, Event, Kind, Transcript

if TYPE_CHECKING:
    from .dissect import Dissector, Unit

_HEX = 512
_VALUE = 48
_TEXT = 400
LINE = 500
"""Characters of a row in a file of its own."""

_WORDS = {
    Kind.OPEN: "connects",
    Kind.ACCEPT: "connects",
    Kind.EOF: "closes",
    Kind.RESET: "resets the connection",
    Kind.FINISH: "closes its sending side",
    Kind.CLOSE: "closes",
    Kind.ABORT: "resets the connection",
    Kind.PAUSE: "stops reading",
    Kind.RESUME: "reads again",
}
_TOLD = {
    Kind.ORDER: "is told to",
    Kind.KILL: "is killed",
    Kind.REVIVE: "is started again",
    Kind.FETCHED: "has fetched",
}
_ENDS = (Kind.EOF, Kind.RESET, Kind.FINISH, Kind.CLOSE, Kind.ABORT)
_BY_NODE = (Kind.ACCEPT, Kind.EOF, Kind.RESET)


@dataclass(frozen=True, slots=True)
class Lane:
    """One party: a probe by its address, or a node. `name` is short, `title` in full."""

    name: str
    title: str
    node: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One message, or one thing that happened.

    `time` is in seconds since the first; `source` and `target` are numbers of lanes, the same one twice for what
    concerns one party only. `kind` is `message`, `broken` (bytes that can't be read), `open`, `end` or `note`. `hex` is
    the beginning of the bytes; `size` says how many there were.
    """

    time: float
    source: int
    target: int
    label: str
    text: str
    hex: str
    size: int
    kind: str
    wire: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Lanes and rows. `dropped` bytes were not kept."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    dropped: int = 0

    def text(self, last: int | None = None, *, most: int = 120) -> str:
        """The ladder as lines of text, `last` rows of it, each row's text cut to `most` characters."""
        from .ladder_text import as_text

        return as_text(self, last, most)

    def svg(self, title: str = "Ladder of messages", last: int = 400) -> str:
        """The ladder as an SVG image, at most `last` rows of it, in the colours of the page around it."""
        from .ladder_svg import as_svg

        return as_svg(self, title, last)


def draw(transcript: Transcript, dissector: Dissector, node: Address) -> Ladder:
    """The ladder of a transcript, up to the verdict; `node` is the address of the node under test."""
    events = transcript.events[: transcript.end]
    lanes = _Lanes(node)
    first = events[0].time if events else 0.0
    rows: list[tuple[int, Row]] = []
    for number, event in enumerate(events):
        if row := _happening(event, lanes, event.time - first):
            rows.append((number, row))
    wires = {event.wire: (event.local, event.remote) for event in events}
    for unit in dissector.units(events):
        row = _message(unit, lanes, wires[unit.wire], unit.time - first)
        rows.append((unit.event, row))
    # an end is told after the bytes that came with it
    rows.sort(key=lambda each: (each[0], each[1].kind == "end"))
    return Ladder(tuple(lanes.found), tuple(row for _, row in rows), transcript.dropped)


class _Lanes:
    """Lanes by address, in the order in which they appear; the node comes first."""

    def __init__(self, node: Address) -> None:
        self.found = [Lane("node", f"node {node[0]}:{node[1]}", node=True)]
        self._numbers: dict[tuple[bool, Address], int] = {(True, node): 0}
        self._probes = 0
        self._latest_node = 0

    def node(self, address: Address) -> int:
        return self._number(address, node=True)

    def probe(self, address: Address) -> int:
        return self._number(address, node=False)

    def _number(self, address: Address, *, node: bool) -> int:
        if (key := (node, address)) not in self._numbers:
            self._numbers[key] = len(self.found)
            where = f"{address[0]}:{address[1]}"
            if node:
                self._latest_node = len(self.found)
                self.found.append(Lane(f"node {where}", f"instance {where}", node=True))
            else:
                self._probes += 1
                name = _letters(self._probes)
                self.found.append(Lane(name, f"{name} {where}", node=False))
        return self._numbers[key]

    def wire(self, local: Address, remote: Address) -> tuple[int, int]:
        """The lanes of a wire: the probe's and the node's."""
        return self.probe(local), self._numbers.get((True, remote), self._latest_node)


def _letters(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _happening(event: Event, lanes: _Lanes, time: float) -> Row | None:
    if event.wire:
        probe, node = lanes.wire(event.local, event.remote)
        if event.kind not in _WORDS:
            return None
        source, target = (node, probe) if event.kind in _BY_NODE else (probe, node)
        if event.kind in (Kind.PAUSE, Kind.RESUME):
            target = source
        kind = "end" if event.kind in _ENDS else "open" if event.kind in (Kind.OPEN, Kind.ACCEPT) else "note"
        return Row(time, source, target, _WORDS[event.kind], "", "", 0, kind, event.wire)
    match event.kind:
        case Kind.ELAPSE:
            return Row(time, 0, 0, f"{event.note} s of node time pass", "", "", 0, "note", 0)
        case Kind.LISTEN | Kind.UNLISTEN:
            lane, label = lanes.probe(event.local), "listens" if event.kind is Kind.LISTEN else "listens no more"
            return Row(time, lane, lane, label, "", "", 0, "note", 0)
        case Kind.INSTANCE:
            lane = lanes.node(event.remote)
            return Row(time, lane, lane, "is started", shortened(printable(event.note), _TEXT), "", 0, "note", 0)
        case Kind.DIAL:
            lane = lanes.node(event.remote)
            return Row(time, lane, lane, f"is told to dial {event.local[0]}:{event.local[1]}", "", "", 0, "note", 0)
        case Kind.SHUTDOWN:
            lane = lanes.node(event.remote)
            return Row(time, lane, lane, "is told to stop", "", "", 0, "note", 0)
        case Kind.ORDER | Kind.KILL | Kind.REVIVE | Kind.FETCHED:
            lane = lanes.node(event.remote)
            return Row(time, lane, lane, _TOLD[event.kind], _note(event), "", 0, "note", 0)
    return None


def _note(event: Event) -> str:
    """What the note of an event says: what an instance is told to do, or what files it has."""
    if event.kind is Kind.ORDER:
        order = json.loads(event.note)
        said = f"{order['what']} {' '.join(_fields(order['words']))}"
    elif event.kind is Kind.FETCHED:
        said = ", ".join(f"{name} of {size} bytes" for name, (size, _) in json.loads(event.note).items()) or "nothing"
    else:
        said = event.note
    return shortened(printable(said), _TEXT)


def _message(unit: Unit, lanes: _Lanes, addresses: tuple[Address, Address], time: float) -> Row:
    probe, node = lanes.wire(*addresses)
    source, target = (probe, node) if unit.sent else (node, probe)
    label, text = words(unit)
    more = "…" if len(unit.raw) > _HEX else ""
    kind = "broken" if unit.problem or unit.name.startswith("malformed") else "message"
    return Row(time, source, target, label, text, unit.raw[:_HEX].hex() + more, len(unit.raw), kind, unit.wire)


def words(unit: Unit) -> tuple[str, str]:
    """A message's name and what it says, on one line each."""
    found = unit.as_json()
    if unit.http:
        body = f"; {found['body']} bytes of body" if found["body"] else ""
        return "HTTP", shortened(printable("; ".join([found["line"], *found["headers"]])), _TEXT) + body
    if unit.subject is None:
        return "bytes", shortened(printable(f"{len(unit.raw)} bytes: {unit.problem}".removesuffix(": ")), _TEXT)
    if unit.is_frame:
        header = {key: value for key, value in found["header"].items() if key not in ("type", "length")}
        numbers = {key: value for key, value in header.items() if isinstance(value, int)}
        others = {key: value for key, value in header.items() if key not in numbers}
        said = [*_fields(numbers), *_fields(found["payload"]), *_fields(others)]
    else:
        lines = unit.raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n").rstrip("\n").split("\n")
        said = [printable("; ".join(lines))]
    label = f"malformed: {unit.type_name()}" if unit.name.startswith("malformed") else unit.name
    return label, shortened(" ".join(said), _TEXT)


def _fields(found: Mapping[str, Any]) -> list[str]:
    """The fields as `name=value`; what is empty or absent is left out."""
    return [f"{name}={_value(value)}" for name, value in found.items() if value not in (None, "", [])]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "(" + " ".join(_fields(value)) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value[:8]) + (", …]" if len(value) > 8 else "]")
    return shortened(printable(str(value)), _VALUE)
