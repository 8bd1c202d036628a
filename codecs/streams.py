"""A byte stream as a network's peers speak it: text blocks first or in between, frames otherwise.

Used where bytes are looked at from outside, as in a capture, and nobody knows what state the peers are in. Rules:

- A text message is known by its opening: the literal word that it begins with, or has within its first words (the
  `/get/` of a request). The longest opening that fits is taken. A text message ends at its first empty line; one whose
  layout does not end with an empty line is none that a stream is cut into.
- Whatever does not open so is a frame, once as many bytes have come as a header has, and enough to know that they do
  not begin a longer opening.
- A header that announces more than `limit` bytes (by default what the frame says is to be believed) is none: the stream
  is lost, and nothing after it is read.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import construct as cs

from .constructs import Lines, TextUntil
from .errors import DecodeError
from .framing import Frame
from .message import Message, messages
from .pieces import is_text
from .text import MAXIMUM_BLOCK, with_crlf

__all__ = ["Lost", "StreamReader", "Unit", "frame_class", "next_unit", "opening_parts"]

_BLOCK_END = re.compile(rb"\n\r?\n")


class Unit(NamedTuple):
    """The next message of a stream: its class, a `Message` for text or a `Frame`, and its size in bytes."""

    cls: type[Message | Frame[Any]]
    size: int


class Lost(Exception):  # noqa: N818 (a state of the stream; only next_unit raises it)
    """What stands next in the stream is neither a text message nor a frame."""


def frame_class(network: str) -> type[Frame[Any]] | None:
    """The frame that a network's messages travel in, or None if they have none."""
    waiting: list[type[Frame[Any]]] = [Frame]
    while waiting:
        cls = waiting.pop(0)
        if hasattr(cls, "header_class") and cls.header_class.network == network:
            return cls
        waiting += cls.__subclasses__()
    return None


def next_unit(network: str, data: bytes | bytearray, limit: int | None = None, start: int = 0) -> Unit | None:
    """What `data` holds at `start`, or None when more bytes are needed to tell. Raises `Lost`."""
    text = _text_class(network, data, start)
    if text is not None:
        end = _BLOCK_END.search(data, start, start + MAXIMUM_BLOCK)
        if end is None and len(data) - start >= MAXIMUM_BLOCK:
            raise Lost(f"a {text.__name__} without an empty line within {MAXIMUM_BLOCK} bytes")
        return None if end is None else Unit(text, end.end() - start)
    if any(opening.begun.match(data, start) for opening in _openings(network)):
        return None
    frame = frame_class(network)
    if frame is None:
        raise Lost("not the beginning of a message")
    if len(data) - start < frame.header_size:
        return None
    try:
        header = frame.header_class.decode(data[start : start + frame.header_size])
    except DecodeError as error:
        raise Lost(str(error)) from error
    length = getattr(header, frame.length_field)
    limit = frame.believed if limit is None else limit
    if length > limit:
        raise Lost(f"neither text nor a frame: {length} bytes announced where at most {limit} are believed")
    size = frame.header_size + length
    return Unit(frame, size) if len(data) - start >= size else None


def _text_class(network: str, data: bytes | bytearray, start: int) -> type[Message] | None:
    fitting = [(match.end(), one.cls) for one in _openings(network) if (match := one.whole.match(data, start))]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


class _Opening(NamedTuple):
    """How a text message begins: a pattern of it, and one of bytes that end before it is whole."""

    cls: type[Message]
    whole: re.Pattern[bytes]
    begun: re.Pattern[bytes]


def _openings(network: str) -> list[_Opening]:
    count = len(messages(network))
    if network not in _known or _known[network][0] != count:
        found = [(cls, opening_parts(cls)) for cls in messages(network)]
        _known[network] = (
            count,
            [
                _Opening(cls, re.compile(_whole(parts), re.DOTALL), re.compile(_begun(parts), re.DOTALL))
                for cls, parts in found
                if parts
            ],
        )
    return _known[network][1]


_known: dict[str, tuple[int, list[_Opening]]] = {}


def opening_parts(cls: type[Message]) -> list[TextUntil | bytes]:
    """The fields that a text message of a stream is known by, up to its first constant; none if it is not one."""
    parts: list[TextUntil | bytes] = []
    for spec in cls.specs.values() if cls.wire_type is None and is_text(cls) and _ends_empty(cls) else ():
        if isinstance(spec.construct, cs.Const):
            return [*parts, bytes(spec.construct.value)]
        if not isinstance(spec.construct, TextUntil):
            break
        parts.append(spec.construct)
    return []


def _ends_empty(cls: type[Message]) -> bool:
    """Whether the last thing in a message is an empty line."""
    last: Any = list(cls.specs.values())[-1].construct
    if isinstance(last, Lines):
        return last.stop in (b"\r\n", b"\n")
    return bytes(getattr(last, "value" if isinstance(last, cs.Const) else "stop", b"")).endswith((b"\n\n", b"\n\r\n"))


def _whole(parts: list[TextUntil | bytes]) -> bytes:
    return b"".join(
        re.escape(part) if isinstance(part, bytes) else _repeated(part, part.minimum) + b"?" + re.escape(part.stop)
        for part in parts
    )


def _begun(parts: list[TextUntil | bytes]) -> bytes:
    """A pattern of what may still become an opening: it reaches to the end of what has come."""
    if not parts:
        return b"(?!)"
    first, rest = parts[0], parts[1:]
    if isinstance(first, TextUntil):
        following = _begun([first.stop, *rest])
        return b"(?:%s\\Z|%s?%s)" % (_repeated(first, 0), _repeated(first, first.minimum), following)
    pattern = _begun(rest)
    for byte in reversed(first):
        pattern = b"(?:\\Z|%s%s)" % (re.escape(bytes([byte])), pattern)
    return pattern


def _repeated(text: TextUntil, least: int) -> bytes:
    allowed = b"." if text.allowed is None else b"[" + re.escape(text.allowed) + b"]"
    return allowed + b"{%d,%d}" % (least, text.maximum)


class StreamReader:
    """One direction of a stream, cut into messages as its bytes come.

    `feed` gives text messages and frames, a frame's payload still undecoded, and in the place of a text block that
    opens like a message but is none, its `DecodeError`. When the stream is lost, an error about `stream` says so,
    `lost` is true from then on, and `feed` gives nothing more. Offsets count from the first byte ever fed.
    """

    def __init__(self, network: str, limit: int | None = None) -> None:
        self.network = network
        self.limit = limit
        self.lost = False
        self._buffer = bytearray()
        self._offset = 0

    @property
    def pending(self) -> bytes:
        """The bytes of a message that is not complete."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Message | Frame[Any] | DecodeError]:
        """The messages that these bytes complete, in order."""
        found: list[Message | Frame[Any] | DecodeError] = []
        if self.lost:
            return found
        self._buffer += data
        start = 0
        try:
            while start < len(self._buffer) and (unit := next_unit(self.network, self._buffer, self.limit, start)):
                found.append(self._message(unit, start))
                start += unit.size
        except Lost as why:
            self._offset += start
            found.append(self.lose(str(why)))
        else:
            # once for all that was found, so that a long stream fed at once is not copied again and again
            del self._buffer[:start]
            self._offset += start
        return found

    def _message(self, unit: Unit, start: int) -> Message | Frame[Any] | DecodeError:
        try:
            return _decoded(unit, bytes(self._buffer[start : start + unit.size]))
        except DecodeError as error:
            error.offset += self._offset + start
            return error

    def lose(self, reason: str) -> DecodeError:
        """Read no further; the error that says so."""
        self.lost = True
        self._buffer.clear()
        return DecodeError(self.network, "stream", "", self._offset, reason)


def _decoded(unit: Unit, raw: bytes) -> Message | Frame[Any]:
    try:
        return unit.cls.decode(raw)
    except DecodeError:
        if issubclass(unit.cls, Frame) or with_crlf(raw) == raw:
            raise
        # real peers end lines with a bare LF, and are understood
        return unit.cls.decode(with_crlf(raw))
