"""What passed between peers, cut into messages for evidence and replay.

Rules of this file:

- Whoever accepts a connection for a file writes the `1` first. On one that the tester has accepted, and on which the
  peer speaks first, the peer logs in: that is a session, and cut by its headers as everywhere. What else the tester
  writes first, to a peer that says nothing, is the line of a metaserver.
- A request is whole when it can be read, or when it is answered, or at the end: nothing in it says so.
- Behind a size or an offset comes the file. It is one piece, from there to the end, since segments are chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING

from ...codecs.errors import DecodeError
from ...codecs.napster import (
    FileList,
    FileSize,
    GetFile,
    GetList,
    Greeting,
    Offset,
    Redirection,
    Refusal,
    SendFile,
    leading_number,
    may_be_whole,
    request_kind,
)
from ...codecs.napster.header import CLIENT, SERVER
from ..evidence.dissect import Dissector, Roles, Unit, WireDissector
from ..worlds import Kind

if TYPE_CHECKING:
    from ...codecs.message import Message
    from ..evidence.dissect import Side
    from ..worlds import Event

GREETING = Greeting().encode()


class _Use(Enum):
    """What a wire is for."""

    SESSION = auto()
    TRANSFER = auto()
    METASERVER = auto()


class NapsterDissector(Dissector):
    """Sessions of a peer, its transfers, and metaservers."""

    def __init__(self) -> None:
        super().__init__("napster", Roles(tester=SERVER, node=CLIENT))

    def wire(self, number: int) -> WireDissector:
        return PeerWire(self.network, number, self.roles)


class PeerWire(WireDissector):
    """One wire between the tester and a peer, whatever it is for."""

    def __init__(self, network: str, wire: int, roles: Roles | None) -> None:
        super().__init__(network, wire, roles)
        self._accepted = False
        """Whether the tester has accepted it: then it is the tester's side that writes the `1`."""
        self._use: _Use | None = None
        self._greeted = False
        self._request: type[Message] | None = None
        self._requested = False
        self._answered = False

    def feed(self, number: int, event: Event) -> Iterator[Unit]:
        if event.kind is Kind.ACCEPT:
            self._accepted = True
        elif event.kind in (Kind.SENT, Kind.RECEIVED) and self._use is None:
            self._use = self._use_of(event)
        yield from super().feed(number, event)

    def _use_of(self, event: Event) -> _Use:
        """What the first bytes show a wire to be for."""
        if not self._accepted:
            return _Use.TRANSFER
        if event.kind is Kind.RECEIVED:
            return _Use.SESSION
        return _Use.TRANSFER if event.data == GREETING else _Use.METASERVER

    # --- cutting

    def cut(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        if self._use is _Use.SESSION:
            yield from super().cut(side, number, time)
        elif self._use is _Use.TRANSFER and side.sent is self._accepted:
            yield from self._of_the_greeter(side, number, time)
        elif self._use is _Use.TRANSFER:
            yield from self._of_the_caller(side, number, time)

    def _of_the_greeter(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        """Of the side that was connected to: the `1`, then its answer."""
        if not self._greeted:
            self._greeted = True
            size = len(GREETING if side.buffer.startswith(GREETING) else side.buffer)
            yield self._read(side, size, number, time, Greeting)
        if side.buffer and not self._requested:
            yield from self._whole_request(self.sides[not side.sent], number, time)
        if side.buffer and not self._answered:
            digits = leading_number(bytes(side.buffer))
            if self._request is GetFile and digits:
                self._answered = True
                yield self._read(side, digits, number, time, FileSize)
            elif self._request is SendFile and side.buffer.isdigit():
                self._answered = True
                yield self._read(side, len(side.buffer), number, time, Offset)

    def _of_the_caller(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        """Of the side that has connected: its request. Behind an offset comes the file."""
        if not self._requested and _is_request(bytes(side.buffer)):
            yield from self._whole_request(side, number, time)

    def _whole_request(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        """What has come of a request, now that it is answered or can be read."""
        self._requested = True
        if side.buffer:
            data = bytes(side.buffer)
            try:
                self._request = request_kind(data)
            except DecodeError:
                self._request = None
            yield self._read(side, len(data), number, time, self._request)

    def finish(self, number: int, time: float) -> Iterator[Unit]:
        """What is left over where the case ended: more might have come."""
        for side in self.sides.values():
            yield from super().rest(side, number, time)

    def rest(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        if self._use is _Use.SESSION or not side.buffer:
            yield from super().rest(side, number, time)
        elif self._use is _Use.METASERVER:
            yield self._read(side, len(side.buffer), number, time, Redirection)
        elif side.sent is not self._accepted and not self._requested:
            yield from self._whole_request(side, number, time)
        else:
            yield self._read(side, len(side.buffer), number, time, self._last(side))

    def _last(self, side: Side) -> type[Message] | None:
        """What the last bytes of a side are; None for those of the file."""
        if side.sent is not self._accepted or self._answered:
            return None
        if self._request is GetList:
            return FileList
        if not side.buffer.isdigit():
            return Refusal
        return FileSize

    def _read(self, side: Side, size: int, number: int, time: float, cls: type[Message] | None) -> Unit:
        """The next bytes of a side as a message of this class; None for bytes that are none."""
        raw, subject, problem = bytes(side.buffer[:size]), None, ""
        if cls is not None:
            try:
                subject = cls.decode(raw)
            except DecodeError as error:
                problem = str(error)
        return self.take(side, size, number, time, subject=subject, problem=problem)


def _is_request(data: bytes) -> bool:
    """Whether bytes can be read as a request; more digits may still follow."""
    try:
        kind = request_kind(data)
        return kind is not None and may_be_whole(data) and bool(kind.decode(data))
    except DecodeError:
        return False
