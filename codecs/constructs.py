"""The few Construct classes that messages are written with, beside Construct's integers, `Bytes` and `Const`.

Construct's own strings read a byte at a time, its `GreedyBytes` has no maximum and its `Prefixed` forgives bytes left
over. The classes here say their limits, leave no region half read, and are few enough for every derivation to know
each by its exact type. They are declarations first: the emitter turns them into straight code, and the `_parse` and
`_build` below are the oracle that the emitted code is held to.

All text is kept as `str` decoded from UTF-8 with `surrogateescape`, so that any bytes survive the round trip.
"""

from __future__ import annotations

import io
import re
import socket
from typing import IO, TYPE_CHECKING, Any, NoReturn

import construct as cs

if TYPE_CHECKING:
    from .message import Message

    _Any = cs.Construct[Any, Any]
    _Bytes = cs.Construct[bytes, bytes]
    _Int = cs.Construct[int, int]
    _Text = cs.Construct[str, str]
else:  # generic in the stubs only
    _Any = _Bytes = _Int = _Text = cs.Construct

__all__ = [
    "Bounded",
    "Decimal",
    "FoldedText",
    "HexBytes",
    "IPv4",
    "Lines",
    "NulBytes",
    "NulText",
    "Record",
    "Repeat",
    "RestBytes",
    "TextUntil",
    "UpTo",
    "from_text",
    "to_text",
]

_STRING_ERRORS = "surrogateescape"


def to_text(raw: bytes) -> str:
    """Bytes of the wire as `str`; bytes that are no UTF-8 become lone surrogates."""
    return raw.decode("utf-8", _STRING_ERRORS)


def from_text(text: str) -> bytes:
    """The reverse of `to_text`. Raises `UnicodeEncodeError` on a surrogate that no byte stands for."""
    return text.encode("utf-8", _STRING_ERRORS)


def fail(reason: str, path: str) -> NoReturn:
    raise cs.ValidationError(reason, path=path)


class RestBytes(_Bytes):
    """All bytes to the end of the region, at most `maximum`. Value: `bytes`."""

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self.maximum = maximum

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> bytes:
        rest = stream.read()
        if len(rest) > self.maximum:
            fail(f"{len(rest)} bytes where at most {self.maximum} are allowed", path)
        return rest

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, bytes):
            fail(f"bytes wanted, not {type(obj).__name__}", path)
        if len(obj) > self.maximum:
            fail(f"{len(obj)} bytes where at most {self.maximum} are allowed", path)
        stream.write(obj)
        return obj


class NulBytes(_Bytes):
    """Bytes up to a NUL, which is consumed; at most `maximum` without it. Value: `bytes`."""

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self.maximum = maximum

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> bytes:
        start = stream.tell()
        rest = stream.read(self.maximum + 1)
        end = rest.find(0)
        if end < 0:
            fail("no NUL before the end", path)
        stream.seek(start + end + 1)
        return rest[:end]

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, bytes):
            fail(f"bytes wanted, not {type(obj).__name__}", path)
        if 0 in obj:
            fail("a NUL inside", path)
        if len(obj) > self.maximum:
            fail(f"{len(obj)} bytes where at most {self.maximum} are allowed", path)
        stream.write(obj + b"\0")
        return obj


class NulText(_Text):
    """As `NulBytes`. Value: `str`."""

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self.maximum = maximum
        self._raw = NulBytes(maximum)

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        return to_text(self._raw._parse(stream, context, path))

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        self._raw._build(text_bytes(obj, path), stream, context, path)
        return obj


class IPv4(_Text):
    """Four octets in network order. Value: dotted decimal `str`."""

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        return socket.inet_ntoa(cs.stream_read(stream, 4, path))

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, str):
            fail(f"dotted decimal address wanted, not {type(obj).__name__}", path)
        try:
            # inet_aton would take "127.1" and would not give it back
            stream.write(socket.inet_pton(socket.AF_INET, obj))
        except (OSError, ValueError):
            fail(f"{obj!r} is no dotted decimal IPv4 address", path)
        return obj

    def _sizeof(self, context: Any, path: str) -> int:
        return 4


class TextUntil(_Text):
    """Text up to `stop`, which is consumed; `minimum` to `maximum` bytes, each in `allowed` (None: any).

    Value: `str`.
    """

    def __init__(self, stop: bytes, maximum: int, *, minimum: int = 0, allowed: bytes | None = None) -> None:
        super().__init__()
        self.stop = stop
        self.minimum = minimum
        self.maximum = maximum
        self.allowed = allowed

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> Any:
        start = stream.tell()
        rest = stream.read(self.maximum + len(self.stop))
        end = rest.find(self.stop)
        if end < 0:
            fail(f"no {self.stop!r} before the end", path)
        raw = rest[:end]
        self._check(raw, path)
        stream.seek(start + end + len(self.stop))
        return to_text(raw)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = text_bytes(obj, path)
        # the stop may also arise across the seam: text ending in "\n" before a stop of "\n\n"
        if (raw + self.stop).find(self.stop) != len(raw):
            fail(f"{self.stop!r} inside", path)
        self._check(raw, path)
        stream.write(raw + self.stop)
        return obj

    def _check(self, raw: bytes, path: str) -> None:
        if not self.minimum <= len(raw) <= self.maximum:
            fail(f"{len(raw)} bytes where {self.minimum} to {self.maximum} are allowed", path)
        if self.allowed is not None and raw.translate(None, self.allowed):
            fail(f"a byte that is not allowed here: {raw.translate(None, self.allowed)[:1]!r}", path)


class Decimal(_Int):
    """A decimal number up to `stop`, no sign, no leading zero (or exactly `width` digits).

    Value: `int`, 0 to `highest`.
    """

    def __init__(self, stop: bytes, highest: int, *, width: int | None = None) -> None:
        super().__init__()
        digits = len(str(highest)) if width is None else width
        self._text = TextUntil(stop, digits, minimum=1 if width is None else width, allowed=b"0123456789")
        self.stop = stop
        self.highest = highest
        self.width = width

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> int:
        text = self._text._parse(stream, context, path)
        if self.width is None and len(text) > 1 and text[0] == "0":
            fail("a leading zero", path)
        if int(text) > self.highest:
            fail(f"{text} is above {self.highest}", path)
        return int(text)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, int) or isinstance(obj, bool):
            fail(f"int wanted, not {type(obj).__name__}", path)
        if not 0 <= obj <= self.highest:
            fail(f"{obj} is not in 0..{self.highest}", path)
        self._text._build(str(obj).zfill(self.width or 0), stream, context, path)
        return obj


class HexBytes(_Bytes):
    """`size` bytes as twice as many hexadecimal digits, any case, then `stop`. Value: `bytes`; built in lower case."""

    def __init__(self, size: int, stop: bytes) -> None:
        super().__init__()
        self.size = size
        self.stop = stop

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> bytes:
        digits = cs.stream_read(stream, 2 * self.size, path)
        if digits.translate(None, b"0123456789abcdefABCDEF"):
            fail("not hexadecimal", path)
        if stream.read(len(self.stop)) != self.stop:
            fail(f"no {self.stop!r} after the digits", path)
        return bytes.fromhex(digits.decode("ascii"))

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, bytes) or len(obj) != self.size:
            fail(f"{self.size} bytes wanted", path)
        stream.write(obj.hex().encode("ascii") + self.stop)
        return obj


class FoldedText(_Text):
    """Text up to a CRLF that no blank or tab follows, so that a folded line is one value with its folds in it.

    At most `maximum` bytes; no CR or LF but in a fold. Value: `str`.
    """

    _line = re.compile(rb"(?:[^\r\n]|\r\n(?=[ \t]))*")

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self.maximum = maximum

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        start = stream.tell()
        rest = stream.read()
        matched = self._line.match(rest)
        end = matched.end() if matched else 0
        if rest[end : end + 2] != b"\r\n":
            fail("no CRLF at the end of the line", path)
        if end > self.maximum:
            fail(f"{end} bytes where at most {self.maximum} are allowed", path)
        stream.seek(start + end + 2)
        return to_text(rest[:end])

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = text_bytes(obj, path)
        if len(raw) > self.maximum:
            fail(f"{len(raw)} bytes where at most {self.maximum} are allowed", path)
        # a fold at the very end would swallow whatever follows, so it needs its blank inside
        if not self._line.fullmatch(raw):
            fail("a line break that is no fold", path)
        stream.write(raw + b"\r\n")
        return obj


class Record(_Any):
    """The layout of one message class: a Construct `Struct` whose value is an instance of that class."""

    def __init__(self, cls: type[Message], struct: cs.Struct) -> None:
        super().__init__()
        self.cls = cls
        self.struct = struct

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> Any:
        values = self.struct._parsereport(stream, context, path)
        return self.cls(**{name: values[name] for name in self.cls.__struct_fields__})

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if type(obj) is not self.cls:
            fail(f"{self.cls.__name__} wanted, not {type(obj).__name__}", path)
        values = {name: getattr(obj, name) for name in self.cls.__struct_fields__}
        for name, value in values.items():
            # Construct takes True for 1, and 5 or a bytearray for bytes
            if isinstance(value, bool):
                fail("int wanted, not bool", f"{path} -> {name}")
            if type(self.cls.specs[name].construct) is cs.Bytes and not isinstance(value, bytes):
                fail(f"bytes wanted, not {type(value).__name__}", f"{path} -> {name}")
        self.struct._build(cs.Container(values), stream, context, path)
        return obj

    def _sizeof(self, context: Any, path: str) -> int:
        return int(self.struct._sizeof(context, path))


class _Wrapper(_Any):
    """A construct of ours around another one."""

    def __init__(self, subcon: cs.Construct[Any, Any]) -> None:
        super().__init__()
        self.subcon = subcon

    def _whole(self, raw: bytes, context: Any, path: str) -> Any:
        inner = io.BytesIO(raw)
        value = self.subcon._parsereport(inner, context, path)
        if inner.tell() != len(raw):
            fail(f"{len(raw) - inner.tell()} bytes left over", path)
        return value

    def _bytes(self, obj: Any, context: Any, path: str) -> bytes:
        inner = io.BytesIO()
        self.subcon._build(obj, inner, context, path)
        return inner.getvalue()


class Bounded(_Wrapper):
    """A region whose byte length stands before it as the integer `length`. The region must be used up."""

    def __init__(self, length: cs.FormatField[Any, Any], subcon: cs.Construct[Any, Any]) -> None:
        super().__init__(subcon)
        self.length = length

    @property
    def maximum(self) -> int:
        """The longest region in bytes that `length` can announce."""
        return int(256**self.length.length - 1)

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> Any:
        size = self.length._parsereport(stream, context, path)
        return self._whole(cs.stream_read(stream, size, path), context, path)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = self._bytes(obj, context, path)
        if len(raw) > self.maximum:
            fail(f"{len(raw)} bytes where at most {self.maximum} are allowed", path)
        self.length._build(len(raw), stream, context, path)
        stream.write(raw)
        return obj


class UpTo(_Wrapper):
    """A region of all but the last `keep` bytes of the surrounding one, used up; the value of an empty one is None."""

    def __init__(self, keep: int, subcon: cs.Construct[Any, Any]) -> None:
        super().__init__(subcon)
        self.keep = keep

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> Any:
        start = stream.tell()
        size = len(stream.read()) - self.keep
        stream.seek(start)
        if size < 0:
            fail(f"fewer than {self.keep} bytes to the end", path)
        return self._whole(stream.read(size), context, path) if size else None

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if obj is not None:
            stream.write(self._bytes(obj, context, path))
        return obj


class Repeat(_Wrapper):
    """As many of the subcon as the expression `count` says (`this.count`, of a field before it). Value: `tuple`."""

    def __init__(self, count: Any, subcon: cs.Construct[Any, Any]) -> None:
        super().__init__(subcon)
        self.count = count

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> tuple[Any, ...]:
        return tuple(
            self.subcon._parsereport(stream, context, f"{path} -> {number}") for number in range(self.count(context))
        )

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, tuple):
            fail(f"tuple wanted, not {type(obj).__name__}", path)
        for number, value in enumerate(obj):
            self.subcon._build(value, stream, context, f"{path} -> {number}")
        return obj


class Lines(_Wrapper):
    """Any number of records up to `maximum`, then `stop`. Value: `tuple`.

    A record may not begin with `stop`, or it would read as the end of the list.
    """

    def __init__(self, subcon: cs.Construct[Any, Any], maximum: int, stop: bytes = b"\r\n") -> None:
        super().__init__(subcon)
        self.maximum = maximum
        self.stop = stop

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> tuple[Any, ...]:
        values: list[Any] = []
        while True:
            start = stream.tell()
            if stream.read(len(self.stop)) == self.stop:
                return tuple(values)
            stream.seek(start)
            if len(values) == self.maximum:
                fail(f"more than {self.maximum} lines", path)
            values.append(self.subcon._parsereport(stream, context, f"{path} -> {len(values)}"))

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, tuple):
            fail(f"tuple wanted, not {type(obj).__name__}", path)
        if len(obj) > self.maximum:
            fail(f"more than {self.maximum} lines", path)
        for number, value in enumerate(obj):
            raw = self._bytes(value, context, f"{path} -> {number}")
            if raw.startswith(self.stop):
                fail(f"line {number} begins with {self.stop!r}", path)
            stream.write(raw)
        stream.write(self.stop)
        return obj


def text_bytes(obj: Any, path: str) -> bytes:
    if not isinstance(obj, str):
        fail(f"str wanted, not {type(obj).__name__}", path)
    try:
        return from_text(obj)
    except UnicodeEncodeError:
        fail("a surrogate that no byte stands for", path)
