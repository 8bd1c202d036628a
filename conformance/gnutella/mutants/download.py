"""Downloads gone wrong."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote

import h11

from ....reference.gnutella import Servent, Share, Shares
from ....reference.gnutella.requests import Answer, Part, parse_target, refusal
from ...mutants import mutant

_KNOWN_HEADERS = frozenset(("host", "user-agent", "range", "connection"))


@mutant(breaks="GNU-DWN-01")
class SendsOtherBytes(Servent):
    """Sends a body whose first byte is wrong."""

    def body_piece(self, share: Share, offset: int, count: int) -> bytes:
        piece = super().body_piece(share, offset, count)
        return bytes([piece[0] ^ 0xFF]) + piece[1:] if offset == 0 else piece


@mutant(breaks="GNU-DWN-01")
class UnderstatesTheLength(Servent):
    """Says a Content-Length that is one too small."""

    def content_length(self, answer: Answer) -> int:
        return max(0, super().content_length(answer) - 1)


@mutant(breaks="GNU-DWN-02")
class SpeaksHttp11Only(Servent):
    """Answers 505 to HTTP/1.0."""

    def speaks(self, version: str) -> bool:
        return version == "1.1"


@mutant(breaks="GNU-DWN-03")
class TakesNamesAsTheyStand(Servent):
    """Does not undo the percent-encoding of a name."""

    def plain_name(self, name: str) -> str:
        return name


@mutant(breaks="GNU-DWN-05")
class IgnoresRanges(Servent):
    """Sends the whole file whatever range is asked for."""

    def wanted_part(self, wanted: str | None, size: int) -> Part | None:
        return None


@mutant(breaks="GNU-DWN-05")
class CountsTheRangeFrom1(Servent):
    """Writes a Content-Range that is off by one."""

    def content_range(self, part: Part, size: int) -> str:
        return super().content_range(Part(part.start + 1, part.stop + 1), size)


@mutant(breaks="GNU-DWN-05")
class TakesASuffixForAStart(Servent):
    """Reads the range -n as n-."""

    def wanted_part(self, wanted: str | None, size: int) -> Part | None:
        if wanted is not None and wanted.startswith("bytes=-"):
            wanted = f"bytes={wanted[7:]}-"
        return super().wanted_part(wanted, size)


@mutant(breaks="GNU-DWN-06")
class SendsAllBeyondTheEnd(Servent):
    """Sends the whole file when a range lies beyond its end."""

    def wanted_part(self, wanted: str | None, size: int) -> Part | None:
        part = super().wanted_part(wanted, size)
        return None if part is not None and part.start >= size else part


@mutant(breaks="GNU-DWN-07")
class ClosesAfterEachAnswer(Servent):
    """Closes the connection after each answer."""

    def closes_after(self, request: h11.Request, headers: dict[str, str]) -> bool:
        return True


@mutant(breaks="GNU-DWN-08")
class IgnoresConnectionClose(Servent):
    """Keeps the connection open when asked to close it."""

    def asks_to_close(self, headers: dict[str, str]) -> bool:
        return False


@mutant(breaks="GNU-DWN-09")
class FindsFilesByName(Servent):
    """Serves a file under an index that it does not have."""

    def wanted_share(self, target: str) -> Share | None:
        wanted = parse_target(target)
        if wanted is None or self.share_at(wanted[0]) is not None:
            return super().wanted_share(target)
        return next((share for share in self.shares if share.name == self.plain_name(wanted[1])), None)


@mutant(breaks="GNU-DWN-10")
class IgnoresTheName(Servent):
    """Serves a file whatever name stands behind its index."""

    def name_fits(self, share: Share, name: str) -> bool:
        return True


@mutant(breaks="GNU-DWN-11")
class SendsABodyToHead(Servent):
    """Sends the file in answer to HEAD."""

    def has_body(self, method: bytes) -> bool:
        return True


@mutant(breaks="GNU-DWN-12")
class ClimbsOutOfTheShares(Servent):
    """Follows a path that leads out of the shared files."""

    def wanted_share(self, target: str) -> Share | None:
        if ".." in unquote(target):
            return Shares.of({"passwd": b"root:x:0:0:root:/root:/bin/sh\n"}).get(1)
        return super().wanted_share(target)


@mutant(breaks="GNU-DWN-13")
class RefusesUnknownRequestHeaders(Servent):
    """Answers 400 to a request with a header that it does not know."""

    def answer_to(self, request: h11.Request, headers: dict[str, str]) -> Answer:
        return (
            super().answer_to(request, headers) if headers.keys() <= _KNOWN_HEADERS else refusal(HTTPStatus.BAD_REQUEST)
        )


@mutant(breaks="GNU-DWN-14")
class KeepsHttp10Open(Servent):
    """Keeps a connection of HTTP/1.0 open after the answer."""

    def is_of_one_answer(self, version: str) -> bool:
        return False
