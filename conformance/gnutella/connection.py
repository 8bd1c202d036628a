"""A tester's TCP connection to the node, before it is known what will be spoken on it.

Reading is always for something: a block, so many bytes, the end. What must come and does not is a `Failure` that says
what came instead; a case for which it is a precondition only says so with `assuming`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..outcomes import Failure, Sign, Symptom

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench
    from .probe import Peer

Headers = Mapping[str, str | None]
"""Headers to send besides the usual ones, by name; None leaves out a usual one."""

ACCEPTED = b"GNUTELLA/0.6 200 OK\r\n\r\n"
"""The shortest final block that completes a handshake."""

_BLOCK_END = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Block:
    """A handshake block as it came, read leniently: a case that cares about its form looks at `raw`."""

    raw: bytes

    @property
    def first_line(self) -> str:
        """The request or status line."""
        return self.raw.partition(b"\n")[0].decode("latin-1").rstrip("\r")

    @property
    def code(self) -> int | None:
        """The status code; None when the first line has none."""
        found = re.match(r"GNUTELLA/\S+\s+(\d+)", self.first_line)
        return int(found[1]) if found else None

    def items(self) -> Iterator[tuple[str, str]]:
        """The headers, unfolded, names in lower case."""
        text = _FOLD.sub(" ", self.raw.decode("latin-1"))
        for line in text.splitlines()[1:]:
            name, colon, value = line.partition(":")
            if colon:
                yield name.strip().lower(), value.strip()

    def get(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name; repeated ones joined by commas."""
        values = [value for key, value in self.items() if key == name.lower()]
        return ", ".join(values) if values else None


class Line:
    """One TCP connection, whatever is spoken on it."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are, in one piece."""
        self.wire.send(data)

    def send_bytewise(self, data: bytes) -> None:
        """Send each byte by itself."""
        for position in range(len(data)):
            self.wire.send(data[position : position + 1])

    def close(self) -> None:
        """Close in good order."""
        self.wire.close()

    def abort(self) -> None:
        """Close with a reset."""
        self.wire.abort()


class Connection(Line):
    """A connection read as bytes: those that came and were not yet consumed."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        super().__init__(bench, wire)
        self._rest = bytearray()

    @property
    def closed(self) -> bool:
        """Whether the node has closed its side, as far as has arrived."""
        self.bench.world.poll()
        return self.wire.eof

    def send(self, data: bytes) -> None:
        """Send bytes as they are, in one piece."""
        self.send_bytes(data)

    def pending(self) -> bytes:
        """What has arrived and was not consumed. Does not wait."""
        self.bench.world.poll()
        self.wire.looked()
        self._rest += self.wire.take()
        return bytes(self._rest)

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        self._fill(lambda: len(self._rest) >= size, f"{size} bytes")
        return self._consume(size)

    def read_until(self, ending: bytes) -> bytes:
        """All bytes up to and including the next `ending`."""
        self._fill(lambda: ending in self._rest, f"bytes that end in {ending!r}")
        return self._consume(self._rest.index(ending) + len(ending))

    def read_block(self) -> Block:
        """The next block: all bytes up to an empty line, however its lines end."""
        self._fill(lambda: _BLOCK_END.search(self._rest) is not None, "a block that ends in an empty line")
        found = _BLOCK_END.search(self._rest)
        assert found
        return Block(self._consume(found.end()))

    def expect_close(self) -> None:
        """Failure unless the node closes the connection, by itself, within the timeout. What came before is dropped."""
        world, deadline = self.bench.world, self.bench.deadline()
        while not self.wire.eof:
            self._rest += self.wire.take()
            if not world.wait([self.wire], deadline) and not self.wire.eof:
                raise Failure(
                    expected="the node closes the connection",
                    actual=f"it stays open; {self._shown()}",
                    symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number),
                )

    def _fill(self, complete: Completeness, what: str) -> None:
        world, deadline = self.bench.world, self.bench.deadline()
        silent = Symptom(sign=Sign.SILENT, wire=self.wire.number)
        self.wire.looked()
        self._rest += self.wire.take()
        while not complete():
            if self.wire.eof:
                raise Failure(expected=what, actual=f"the node closed the connection; {self._shown()}", symptom=silent)
            if not world.wait([self.wire], deadline):
                actual = f"no more within {self.bench.timing.timeout:g} s; {self._shown()}"
                raise Failure(expected=what, actual=actual, symptom=silent)
            self._rest += self.wire.take()

    def _consume(self, size: int) -> bytes:
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken

    def _shown(self) -> str:
        if not self._rest:
            return "nothing came"
        more = f" and {len(self._rest) - _SHOWN} bytes more" if len(self._rest) > _SHOWN else ""
        return f"{bytes(self._rest[:_SHOWN])!r}{more} came"


if TYPE_CHECKING:
    from collections.abc import Callable

    Completeness = Callable[[], bool]


class RawPeer(Connection):
    """A connection on which a handshake may be spoken, block by block."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        super().__init__(bench, wire)
        self.listens_at = bench.listening_address(wire.local)

    def request(self, headers: Headers | None = None) -> bytes:
        """A 0.6 request with the usual headers, changed and completed by `headers`."""
        return self.bench.request(self.listens_at, headers)

    def ask(self, headers: Headers | None = None, *, request: bytes | None = None) -> Block:
        """Send a 0.6 request (or the bytes given) and return the node's answer."""
        self.send(self.request(headers) if request is None else request)
        return self.read_block()

    def finish(self, block: bytes = ACCEPTED, *, glue: bytes = b"") -> Peer:
        """Send the final block, and `glue` in the same segment; from now on descriptors are spoken."""
        self.send(block + glue)
        return self.become_peer()

    def become_peer(self) -> Peer:
        """Speak descriptors from now on; what was read too far is handed over."""
        from .probe import Peer

        return Peer(self.bench, self.wire, self.listens_at, bytes(self._rest))
