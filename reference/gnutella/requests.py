"""What a download request means: which file, which part of it, and what the answer is. No state, no sending.

Rules of this file:

- One range is understood: `bytes=a-b`, `bytes=a-`, `bytes=-n`. Anything else in Range is as if it were not there.
- `Part` counts bytes from 0; `stop` is the first byte that is not wanted.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, unquote

from .shares import Share

_TARGET = re.compile(r"/get/([0-9]{1,10})/(.*)", re.DOTALL)
_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,19})-([0-9]{0,19})", re.IGNORECASE)
_REQUEST_LINE = re.compile(rb"(?P<method>[A-Z]+) (?P<target>.*?)(?P<version> HTTP/[0-9.]+)?(?P<end>\r?\n)", re.DOTALL)


class Part(NamedTuple):
    """Bytes `start` up to, not including, `stop`."""

    start: int
    stop: int


NOTHING = Part(0, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, headers beyond the usual, and the part of a file or the text that is its body."""

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...] = ()
    share: Share | None = None
    part: Part = NOTHING
    text: bytes = b""

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return self.part.stop - self.part.start if self.share is not None else len(self.text)


def refusal(status: HTTPStatus, *headers: tuple[str, str]) -> Answer:
    """Return an answer whose body says the status in words."""
    return Answer(status, headers, text=f"{status.phrase}\r\n".encode())


def target_for(index: int, name: str) -> str:
    """Return the request target by which a file is asked for."""
    return f"/get/{index}/{quote(name, safe='', errors='surrogateescape')}"


def parse_target(target: str) -> tuple[int, str] | None:
    """Return the index and the name, still percent-encoded, of a request target; None when it has another form."""
    match = _TARGET.fullmatch(target)
    return (int(match[1]), match[2]) if match else None


def decoded_name(name: str) -> str:
    """Return a percent-encoded name as text, in the way that messages hold text."""
    return unquote(name, errors="surrogateescape")


def parse_range(value: str | None, size: int) -> Part | None:
    """Return the part of a file of `size` bytes that a Range header asks for; None when it asks for none.

    A part that begins at or after the end of the file, or is empty, can't be satisfied.
    """
    match = _RANGE.fullmatch(value.strip()) if value is not None else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return Part(max(0, size - int(match[2])), size)
    start = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    return Part(start, min(last + 1, size)) if last >= start or not match[2] else None


def encoded_request_line(block: bytes) -> bytes:
    """Return a request block with blanks and bytes beyond ASCII in its target percent-encoded."""
    match = _REQUEST_LINE.match(block)
    if match is None:
        return block
    target = re.sub(rb"[^\x21-\x7e]", lambda byte: b"%%%02X" % byte[0][0], match["target"])
    return match["method"] + b" " + target + (match["version"] or b" HTTP/1.0") + match["end"] + block[match.end() :]


def with_host(block: bytes) -> bytes:
    """Return a request block with a Host header, empty when it came without one: HTTP/1.1 demands it."""
    if b"\nhost:" in block.lower():
        return block
    line, end, headers = block.partition(b"\n")
    return line + end + b"Host:\r\n" + headers
