"""Text blocks: header lines as in RFC 822, and the reader that finds a block's empty line in a stream.

A block keeps its lines as they came: order, case of the names, folds and blanks, because a round trip must not change
them. What a line means is asked of `HeaderLine.value` and `header_value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .constructs import FoldedText, TextUntil
from .errors import DecodeError
from .message import Message, field

__all__ = ["TOKEN", "HeaderLine", "TextReader", "header_value", "with_crlf"]

#: the bytes of a token (RFC 7230, 3.2.6): what a header name may consist of
TOKEN = bytes(byte for byte in range(0x21, 0x7F) if chr(byte).isalnum() or chr(byte) in "!#$%&'*+-.^_`|~")
MAXIMUM_BLOCK = 65536

_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")


class HeaderLine(Message, network="text"):
    """One header: a name, a colon, and a value that may run over several lines."""

    name: str = field(TextUntil(b":", 256, minimum=1, allowed=TOKEN), "name, compared without regard to case")
    raw: str = field(FoldedText(MAXIMUM_BLOCK), "everything after the colon as it stands on the wire, folds included")

    @classmethod
    def of(cls, name: str, value: str) -> HeaderLine:
        """The line as it is commonly written: one blank after the colon."""
        return cls(name, " " + value)

    @property
    def value(self) -> str:
        """The value unfolded (each fold becomes one blank) and without the blanks around it."""
        return _FOLD.sub(" ", self.raw).strip(" \t")


def header_value(headers: Iterable[HeaderLine], name: str) -> str | None:
    """The value of a header, whatever the case of its name; repeated ones joined by ", " in order; None if absent."""
    values = [line.value for line in headers if line.name.lower() == name.lower()]
    return ", ".join(values) if values else None


def with_crlf(block: bytes) -> bytes:
    """The block with each bare LF made CRLF, as tolerant receivers read it."""
    return re.sub(rb"(?<!\r)\n", b"\r\n", block)


class TextReader:
    """Finds the first block of a stream: all bytes up to and including an empty line, ended by LF or CRLF.

    At most `limit` bytes are kept while the empty line is missing; beyond that `feed` raises `DecodeError`.
    """

    _end = re.compile(rb"\n\r?\n")

    def __init__(self, network: str, limit: int = MAXIMUM_BLOCK) -> None:
        self.network = network
        self.limit = limit
        self.rest = b""
        self._buffer = bytearray()

    @property
    def pending(self) -> bytes:
        """What has come so far of a block that is not complete."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> bytes | None:
        """The block once it is complete (`rest` then holds what followed it), None while it is not."""
        searched = max(0, len(self._buffer) - 2)
        self._buffer += data
        found = self._end.search(self._buffer, searched)
        size = found.end() if found else len(self._buffer)
        if size > self.limit:
            raise DecodeError(self.network, "block", "", self.limit, f"no empty line within {self.limit} bytes")
        if not found:
            return None
        block = bytes(self._buffer[:size])
        self.rest = bytes(self._buffer[size:])
        self._buffer.clear()
        return block
