"""What passed between users and a server, cut into messages for evidence and replay.

Rules of this file:

- The tester speaks as a client, the node as a server: some numbers mean one thing from the one and another from the
  other.
- A node that begins with four printable characters speaks plain text, as metaservers do: no server begins with a
  message of 8,000 bytes and more, which those would be the header of. What it says is cut at each LF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...codecs.errors import DecodeError
from ...codecs.napster import Redirection, StatsLine
from ...codecs.napster.header import CLIENT, SERVER
from ..evidence.dissect import Dissector, Roles, Unit, WireDissector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..evidence.dissect import Side

_HEADER = 4
_LONGEST_LINE = 4096
_PRINTABLE = frozenset(range(0x20, 0x7F))
_LINES = (Redirection, StatsLine)


class ServerDissector(Dissector):
    """Sessions with a server, and what a metaserver says."""

    def __init__(self) -> None:
        super().__init__("napster", Roles(tester=CLIENT, node=SERVER))

    def wire(self, number: int) -> WireDissector:
        return ServerWire(self.network, number, self.roles)


class ServerWire(WireDissector):
    """One connection to a server, or to a metaserver."""

    def __init__(self, network: str, wire: int, roles: Roles | None) -> None:
        super().__init__(network, wire, roles)
        self._is_text: bool | None = None
        """Whether the node speaks plain text; None while it has not said enough to tell."""

    def cut(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        if side.sent:
            yield from super().cut(side, number, time)
            return
        if self._is_text is None and len(side.buffer) >= _HEADER:
            self._is_text = _PRINTABLE.issuperset(side.buffer[:_HEADER])
        if self._is_text:
            yield from self._lines(side, number, time)
        elif self._is_text is False:
            yield from super().cut(side, number, time)

    def rest(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        if side.buffer and not side.sent and self._is_text:
            yield self._line(side, len(side.buffer), number, time)
        else:
            yield from super().rest(side, number, time)

    def _lines(self, side: Side, number: int, time: float) -> Iterator[Unit]:
        while not side.lost and (end := side.buffer.find(b"\n") + 1) > 0:
            yield self._line(side, end, number, time)
        if len(side.buffer) > _LONGEST_LINE:
            side.lost = f"no LF within {_LONGEST_LINE} bytes"
        if side.lost:
            yield from super().cut(side, number, time)

    def _line(self, side: Side, size: int, number: int, time: float) -> Unit:
        """The next bytes of a side as a line of text; the problem is the metaserver's, whose lines are the usual."""
        raw, problem = bytes(side.buffer[:size]), ""
        for cls in _LINES:
            try:
                return self.take(side, size, number, time, subject=cls.decode(raw))
            except DecodeError as error:
                problem = problem or str(error)
        return self.take(side, size, number, time, problem=problem)
