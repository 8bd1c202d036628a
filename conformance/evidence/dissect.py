"""Cutting the bytes of a wire into messages, in both directions.

Rules of this file:

- Nothing is known of the peers' state: a message is known by how it begins. HTTP is known for every network; the rest
  is the network's codecs'.
- Each byte belongs to exactly one unit. What can't be read is a unit too, with the reason; it ends with its event.
- A unit never raises, and costs time and memory in proportion to its bytes.
"""

from __future__ import annotations

import importlib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...codecs.errors import DecodeError
from ...codecs.framing import Frame, Opaque
from ...codecs.json_form import to_json
from ...codecs.message import Message
from ...codecs.streams import Lost, next_unit
from ...codecs.text import with_crlf
from ..worlds import Event, Kind

_REQUEST = re.compile(rb"(GET|HEAD|POST|PUT|OPTIONS) [^\r\n]{0,65536} HTTP/\d")
_REQUEST_START = re.compile(rb"(GET|HEAD|POST|PUT|OPTIONS) ")
_RESPONSE = re.compile(rb"HTTP/\d\.\d (\d{3})")
_BLOCK_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,18})[ \t]*\r?$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*chunked")
_LONGEST_HEAD = 131072
_NO_BODY = (b"204", b"304")
_BELIEVED = 4 * 1024 * 1024

INCOMPLETE = "not complete"
"""The problem of what is left over at an end."""


@dataclass(slots=True)
class Unit:
    """A message, or bytes that are none. `event` is the number of the event that completed it.

    `start` is its place in its direction of the stream. `subject` is the message decoded, where the network's codecs
    know it, `http` the head of an HTTP message. `problem` says why bytes can't be read.
    """

    wire: int
    sent: bool
    event: int
    time: float
    start: int
    raw: bytes
    subject: Message | Frame[Any] | None = None
    http: bytes = b""
    problem: str = ""

    @property
    def is_frame(self) -> bool:
        """Whether it is a header with a payload."""
        return isinstance(self.subject, Frame)

    def payload(self) -> Message | Opaque | None:
        """A frame's payload; None where there is none that can be read."""
        if not isinstance(self.subject, Frame):
            return None
        try:
            return self.subject.payload()
        except DecodeError:
            return None

    @property
    def name(self) -> str:
        """What it is called."""
        if self.http:
            return "HTTP"
        if isinstance(self.subject, Frame):
            payload = self.payload()
            if isinstance(payload, Message):
                return type(payload).__name__
            return f"type {self.subject.type:#04x}" if payload is not None else f"malformed {self.type_name()}"
        return type(self.subject).__name__ if self.subject is not None else "bytes"

    def fault(self) -> str:
        """Why the bytes, or a frame's payload, can't be read; empty when they can."""
        if isinstance(self.subject, Frame):
            try:
                self.subject.payload()
            except DecodeError as error:
                return str(error)
        return self.problem

    def type_name(self) -> str:
        """The name of a frame's type, whether or not its payload can be read."""
        from ...codecs.message import lookup

        assert isinstance(self.subject, Frame)
        cls = lookup(self.subject.header_class.network, self.subject.type, self.subject.sender)
        return f"type {self.subject.type:#04x}" if cls is None else cls.__name__

    def as_json(self) -> dict[str, Any]:
        """The message as data; for what is none, its size and why."""
        if self.http:
            head = self.http.decode("latin-1").replace("\r\n", "\n").rstrip("\n").split("\n")
            return {"line": head[0], "headers": head[1:], "body": len(self.raw) - len(self.http)}
        if self.subject is not None:
            return to_json(self.subject)
        return {"bytes": len(self.raw), "problem": self.problem} if self.problem else {"bytes": len(self.raw)}


@dataclass(slots=True)
class Side:
    """One direction of a wire: what is not cut yet, and where that begins. `sent` says that it is the tester's."""

    sent: bool
    buffer: bytearray = field(default_factory=bytearray)
    start: int = 0
    lost: str = ""
    asked: deque[bytes] = field(default_factory=deque)
    """Methods of the requests of the other side that were not answered yet."""
    until_end: bool = False
    """The body of an HTTP message lasts until the end."""
    head: bytes = b""


class Roles(NamedTuple):
    """As whom the tester and the node speak, in the words of the codecs; None where a frame's meaning is plain."""

    tester: str | None = None
    node: str | None = None


class WireDissector:
    """Both directions of one wire, fed with its events in order."""

    def __init__(self, network: str, wire: int, roles: Roles | None = None) -> None:
        self._network = network
        self._wire = wire
        self._roles = roles or Roles()
        self.sides = {True: Side(True), False: Side(False)}
        """Both directions, by whether the tester has sent them."""

    def feed(self, number: int, event: Event) -> Iterator[Unit]:
        """The units that an event completes; at an end, what is left over."""
        if event.kind in (Kind.SENT, Kind.RECEIVED):
            side = self.sides[event.kind is Kind.SENT]
            side.buffer += event.data
            yield from self.cut(side, number, event.time)
        elif event.kind in (Kind.EOF, Kind.RESET):
            yield from self.rest(self.sides[False], number, event.time)
        elif event.kind in (Kind.CLOSE, Kind.ABORT, Kind.FINISH):
            yield from self.rest(self.sides[True], number, event.time)

    def finish(self, number: int, time: float) -> Iterator[Unit]:
        """What is left over on both sides."""
        for side in self.sides.values():
            yield from self.rest(side, number, time)

    def cut(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        """The units that a side holds; what is no whole one stays there. A network may cut in another way."""
        while side.buffer and not side.until_end:
            if side.lost:
                yield self.take(side, len(side.buffer), number, time, problem=side.lost)
                return
            found = self._http(side, number, time) if self._is_http(side) else self._message(side, number, time)
            if found is None:
                return
            yield found

    def _is_http(self, side: Side) -> bool:
        pattern = _RESPONSE if side.buffer.startswith(b"HTTP/") else _REQUEST_START
        return pattern.match(side.buffer) is not None

    def _http(self, side: Side, number: int, time: float) -> Unit | None:
        end = _BLOCK_END.search(side.buffer, 0, _LONGEST_HEAD)
        if end is None:
            if len(side.buffer) >= _LONGEST_HEAD:
                side.lost = f"no empty line within {_LONGEST_HEAD} bytes"
                return self.take(side, len(side.buffer), number, time, problem=side.lost)
            return None
        head = bytes(side.buffer[: end.end()])
        if not (_REQUEST.match(head) or _RESPONSE.match(head)):
            return self.take(side, end.end(), number, time, problem="no HTTP request line")
        size = self._body(side, head, end.end())
        if size is None:
            return None
        self._note_request(side, head)
        return self.take(side, size, number, time, http=head, subject=self._known_request(head))

    def _known_request(self, head: bytes) -> Message | None:
        """The request as the network's own message, if it is one."""
        try:
            unit = next_unit(self._network, head)
            found = unit.cls.decode(head) if unit is not None and unit.size == len(head) else None
        except (Lost, DecodeError):
            return None
        return found if isinstance(found, Message) else None

    def _body(self, side: Side, head: bytes, after_head: int) -> int | None:
        """The size of the HTTP message; None while it is not complete."""
        response = _RESPONSE.match(head)
        method = side.asked[0] if response and side.asked else b""
        if response and (method == b"HEAD" or response[1] in _NO_BODY or response[1].startswith(b"1")):
            return after_head
        if _CHUNKED.search(head):
            end = side.buffer.find(b"0\r\n\r\n", after_head)
            return None if end < 0 else end + 5
        if length := _LENGTH.search(head):
            size = after_head + int(length[1])
            return size if len(side.buffer) >= size else None
        if response:
            side.until_end, side.head = True, head
            return None
        return after_head

    def _note_request(self, side: Side, head: bytes) -> None:
        if request := _REQUEST_START.match(head):
            self.sides[not side.sent].asked.append(request[1])
        elif side.asked:
            side.asked.popleft()

    def _message(self, side: Side, number: int, time: float) -> Unit | None:
        try:
            unit = next_unit(self._network, side.buffer, _BELIEVED)
        except Lost as error:
            side.lost = str(error)
            return self.take(side, len(side.buffer), number, time, problem=side.lost)
        if unit is None:
            return None
        raw = bytes(side.buffer[: unit.size])
        problem, subject = "", None
        try:
            subject = unit.cls.decode(raw)
        except DecodeError as error:
            problem = str(error)
            if not issubclass(unit.cls, Frame) and (mended := with_crlf(raw)) != raw:
                try:
                    subject, problem = unit.cls.decode(mended), ""
                except DecodeError as error:
                    problem = str(error)
        if isinstance(subject, Frame):
            subject = subject.by(self._roles.tester if side.sent else self._roles.node)
        return self.take(side, unit.size, number, time, subject=subject, problem=problem)

    def rest(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        """What a side still holds at its end."""
        if side.buffer:
            head = side.head if side.until_end else b""
            side.until_end = False
            problem = "" if head else side.lost or INCOMPLETE
            yield self.take(side, len(side.buffer), number, time, http=head, problem=problem)

    def take(self, side: Side, size: int, number: int, time: float, **what: Any) -> Unit:
        """The next bytes of a side as one unit; `what` is known of it (see `Unit`)."""
        raw = bytes(side.buffer[:size])
        del side.buffer[:size]
        unit = Unit(self._wire, side.sent, number, time, side.start, raw, **what)
        side.start += size
        return unit


class Dissector:
    """All wires of a transcript. A network whose streams are cut in another way overrides `wire`."""

    def __init__(self, network: str, roles: Roles | None = None) -> None:
        self.network = network
        self.roles = roles
        try:
            importlib.import_module(f"peerspec.codecs.{network}")
        except ModuleNotFoundError as error:
            if error.name != f"peerspec.codecs.{network}":
                raise

    def wire(self, number: int) -> WireDissector:
        """The dissector of one wire."""
        return WireDissector(self.network, number, self.roles)

    def units(self, events: Iterable[Event]) -> list[Unit]:
        """The units of all wires, in the order in which they were complete."""
        wires: dict[int, WireDissector] = {}
        found: list[Unit] = []
        number, time = 0, 0.0
        for number, event in enumerate(events):
            time = event.time
            if event.wire:
                found += wires.setdefault(event.wire, self.wire(event.wire)).feed(number, event)
        for wire in wires.values():
            found += wire.finish(number, time)
        return found
