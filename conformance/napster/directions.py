"""A connection to a metaserver, which says one line and closes. Nothing is sent on it unless a case does so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outcomes import Failure, Sign, Symptom

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..worlds import Wire
    from .bench import Bench

_SHOWN = 80
_LONGEST = 4096


class Directions:
    """What a metaserver says, read as bytes."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire
        self.text = bytearray()
        """All that came so far."""

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.wire.send(data)

    def line(self) -> bytes:
        """What comes up to LF or the end of the stream; Failure when that is nothing."""
        self._read(lambda: b"\n" in self.text or len(self.text) > _LONGEST)
        found = bytes(self.text).partition(b"\n")
        if not found[0]:
            symptom = Symptom(sign=Sign.SILENT, wire=self.wire.number)
            raise Failure(expected="a line", actual=self._said(), symptom=symptom)
        return found[0] + found[1]

    def expect_close(self) -> None:
        """Failure unless the metaserver closes the connection within the timeout."""
        self._read(lambda: False)
        if not self.wire.eof:
            symptom = Symptom(sign=Sign.OPEN, wire=self.wire.number)
            raise Failure(
                expected="the metaserver closes the connection",
                actual=f"it stays open; {self._said()}",
                symptom=symptom,
            )

    def _read(self, enough: Callable[[], bool]) -> None:
        world, deadline = self.bench.world, self.bench.deadline()
        self.wire.looked()
        self.text += self.wire.take()
        while not enough() and not self.wire.eof and world.wait([self.wire], deadline):
            self.text += self.wire.take()

    def _said(self) -> str:
        return f"{bytes(self.text[:_SHOWN])!r} came" if self.text else "nothing came"
