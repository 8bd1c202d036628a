"""A tester's connection to a peer for one file, from either side: text without frames, then bytes.

Nothing on it says where a message ends, so reading is always for something: a byte, what a pattern finds, so many
bytes, the end. What came is kept as a whole in `came`; reading does not consume it, except the greeting. What must come
and does not is a `Failure` that says what came instead; a case for which it is a precondition says so with `assuming`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...codecs.errors import DecodeError
from ...codecs.napster import GetFile, GetList, Greeting, SendFile
from ..outcomes import Failure, Inconclusive, Sign, Symptom

if TYPE_CHECKING:
    from ..worlds import Listener as Socket
    from ..worlds import Wire
    from .bench import Bench

GREETING = Greeting().encode()
LIST_REQUEST = GetList().encode()

_NUMBER_SETTLES = 0.02
"""Seconds in which the rest of a number would have come: nothing marks its end (NAP-TRF-06 says the same of peers)."""
_REQUEST = re.compile(rb'(GET|SEND)[^ "]+ "[^"]*" \d+', re.DOTALL)
_ZERO = re.compile(rb"(.* )?0", re.DOTALL)
"""What ends with a number that has no further digit."""
_DIGITS = re.compile(rb"\d+")
_SHOWN = 60


class Connection:
    """One TCP connection between the tester and the peer, whoever opened it."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire
        self.came = bytearray()
        """All that has come, without the greeting once that was expected."""

    # --- sending

    def send(self, data: bytes) -> None:
        """Send bytes in one piece."""
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

    # --- reading

    @property
    def closed(self) -> bool:
        """Whether the peer has closed its side, as far as has arrived. Does not wait."""
        self.pending()
        return self.wire.eof

    def pending(self) -> bytes:
        """All that has come so far. Does not wait."""
        self.bench.world.poll()
        self._take()
        return bytes(self.came)

    def expect(self, enough: Callable[[bytes], object], what: str) -> bytes:
        """All that has come once it is `enough`; `what` says in words what that is."""
        if not self._wait(lambda: bool(enough(bytes(self.came)))):
            raise Failure(expected=what, actual=self.said(), symptom=self.silent())
        return bytes(self.came)

    def until(self, enough: Callable[[bytes], object]) -> bytes:
        """All that has come once it is `enough`, or nothing more comes."""
        self._wait(lambda: bool(enough(bytes(self.came))))
        return bytes(self.came)

    def expect_size(self, size: int) -> bytes:
        """All that has come, at least `size` bytes."""
        return self.expect(lambda _: len(self.came) >= size, f"{size} bytes")

    def expect_greeting(self) -> None:
        """The `1` of the side that accepts the connection."""
        self.expect_size(len(GREETING))
        if not self.came.startswith(GREETING):
            raise Failure(expected=repr(GREETING), actual=self.said(), symptom=self._otherwise())
        del self.came[: len(GREETING)]

    def expect_request(self) -> bytes:
        """The bytes of a request, to the end of its number."""
        self.expect(_REQUEST.match, "a request with nick, quoted name and number")
        self._settle()
        return bytes(self.came)

    def expect_get(self) -> GetFile:
        """A request for a file; Inconclusive when its form is another, which is the business of NAP-TRF-04."""
        raw = self.expect_request()
        try:
            return GetFile.decode(raw)
        except DecodeError as error:
            raise Inconclusive(f"the request can't be read: {error}") from error

    def expect_send(self) -> SendFile:
        """The offer of a file; Inconclusive when its form is another, which is the business of NAP-TRF-16."""
        raw = self.expect_request()
        try:
            return SendFile.decode(raw)
        except DecodeError as error:
            raise Inconclusive(f"the offer can't be read: {error}") from error

    def expect_offset(self) -> int:
        """The decimal number that answers the offer of a file; nothing else has come with it."""
        self.expect(_DIGITS.match, "an offset in decimal")
        self._settle()
        if not _DIGITS.fullmatch(self.came):
            raise Failure(expected="an offset in decimal, and nothing else", actual=self.said())
        return int(self.came)

    def expect_close(self) -> bytes:
        """All that has come by the time the peer closes the connection; Failure unless it does, by itself."""
        if not self._wait(lambda: self.wire.eof):
            raise Failure(
                expected="the peer closes the connection",
                actual=f"it stays open; {self.said()}",
                symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number),
            )
        return bytes(self.came)

    def expect_refusal(self) -> bytes:
        """What comes before the connection is closed by the peer; Failure when it begins with a digit."""
        answer = self.expect_close()
        if answer[:1].isdigit():
            raise Failure(
                expected="no file: a text that does not begin with a digit, and the end of the connection",
                actual=self.said(),
                symptom=self._otherwise(),
            )
        return answer

    def expect_nothing(self, what: str) -> None:
        """Failure when anything has come so far beyond what was consumed. Does not wait: a fence must have passed."""
        if self.pending():
            raise Failure(expected=what, actual=self.said(), symptom=self._otherwise())

    def said(self) -> str:
        """What came, for a person."""
        ended = "; the connection is closed" if self.wire.eof else ""
        if not self.came:
            return f"nothing came{ended}"
        more = f" and {len(self.came) - _SHOWN} bytes more" if len(self.came) > _SHOWN else ""
        return f"{bytes(self.came[:_SHOWN])!r}{more} came{ended}"

    # --- what reading is made of

    def _take(self) -> None:
        self.wire.looked()
        self.came += self.wire.take()

    def _wait(self, enough: Callable[[], bool]) -> bool:
        """Read until `enough` (True), or the end of the stream or of the time (False)."""
        world, deadline = self.bench.world, self.bench.deadline()
        self._take()
        while not enough():
            if self.wire.eof or not world.wait([self.wire], deadline):
                return False
            self._take()
        return True

    def _settle(self) -> None:
        """Let a number come to its end: no digit follows a 0."""
        if _ZERO.fullmatch(self.came):
            return
        world = self.bench.world
        deadline = world.now() + _NUMBER_SETTLES
        while not self.wire.eof and world.wait([self.wire], deadline):
            self._take()

    def silent(self) -> Symptom:
        """That nothing comes after what came."""
        return Symptom(sign=Sign.SILENT, wire=self.wire.number)

    def _otherwise(self) -> Symptom:
        return Symptom(sign=Sign.ANSWERS, wire=self.wire.number)


class Listener:
    """A listening port of the tester, on an address of its own, for a peer that connects."""

    def __init__(self, bench: Bench, socket: Socket) -> None:
        self.bench = bench
        self.socket = socket
        self.address = socket.address
        self._accepted = 0

    @property
    def ip(self) -> str:
        """Its address."""
        return self.address[0]

    @property
    def port(self) -> int:
        """Its port."""
        return self.address[1]

    def expect_wire(self) -> Wire:
        """The next connection; Failure when none comes within the timeout."""
        self.bench.world.wait([self.socket])
        if wire := self.accepted():
            return wire
        raise Failure(
            expected=f"a connection to {self.ip}:{self.port}",
            actual="none came",
            symptom=Symptom(sign=Sign.UNCALLED, at=self.address, already=self._accepted),
        )

    def accepted(self) -> Wire | None:
        """The next connection that has come, or None. Does not wait."""
        self.bench.world.poll()
        wire = self.socket.accept()
        if wire is not None:
            self._accepted += 1
            wire.looked()
        return wire

    def expect(self) -> Connection:
        """The next connection of the peer, on which nothing was said yet."""
        return Connection(self.bench, self.expect_wire())

    def expect_none(self, what: str) -> None:
        """Failure when a connection has come. Does not wait: a fence must have passed."""
        if wire := self.accepted():
            raise Failure(
                expected=f"no connection to {self.ip}:{self.port}, {what}",
                actual="one came",
                symptom=Symptom(sign=Sign.ANSWERS, wire=wire.number),
            )

    def close(self) -> None:
        """Listen no longer."""
        self.socket.close()
