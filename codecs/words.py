r"""Words: constructs for lines of fields that are separated by blanks.

    GETalice "C:\mp3\a song.mp3" 0

A field does not end with a separator, it begins with one: its `lead`, a blank, or nothing where the field is the first.
So a field that may be absent takes its blank with it (`UpTo(0, Word(20))`). A bare field ends before the next blank or
at the end of its region; a quoted one ends at its closing quote, and there is no escape for a quote inside.

The strict form is exactly one blank. Real servers split at any run of blanks: `defects` calls that `extra blank`, and
whoever wants to take it says so in his own reader.
"""

# ruff: noqa: SLF001 (a Construct is extended through its underscored methods)

from __future__ import annotations

import socket
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import construct as cs

from .constructs import Record, fail, text_bytes, to_text

if TYPE_CHECKING:
    _Any = cs.Construct[Any, Any]
    _Int = cs.Construct[int, int]
    _Text = cs.Construct[str, str]
else:  # generic in the stubs only
    _Any = _Int = _Text = cs.Construct

__all__ = [
    "BARE",
    "Address",
    "Choice",
    "Enumerated",
    "Number",
    "Quoted",
    "RestText",
    "Series",
    "Word",
    "closing",
    "opening",
]

#: the bytes of a bare word: no blank, no control character, no quote
BARE = bytes(byte for byte in range(0x21, 0x100) if byte not in b'"\x7f')
_DIGITS = b"0123456789"
_QUOTE = b'"'


def opening(construct: Any) -> bytes:
    """What stands before the value of a construct: its lead, and the quote where there is one. Empty for any other."""
    lead = bytes(getattr(construct, "lead", b""))
    return lead + _QUOTE if getattr(construct, "quoted", False) else lead


def closing(construct: Any) -> bytes:
    """What stands after the value of a quoted field; empty for any other."""
    return _QUOTE if getattr(construct, "quoted", False) else b""


class _Field:
    """What the fields of this module have in common: reading and writing what is around the value."""

    lead: bytes
    quoted: bool = False

    def _taken(self, stream: IO[bytes], path: str, *, quoted: bool) -> bytes:
        """The bytes of the value, with what is around it consumed."""
        before = self.lead + _QUOTE if quoted else self.lead
        if stream.read(len(before)) != before:
            fail(f"{before!r} wanted", path)
        start = stream.tell()
        rest = stream.read()
        end = rest.find(_QUOTE if quoted else b" ")
        if end < 0 and quoted:
            fail("no closing quote", path)
        raw = rest if end < 0 else rest[:end]
        stream.seek(start + len(raw) + quoted)
        return raw

    def _written(self, stream: IO[bytes], raw: bytes) -> None:
        stream.write(opening(self) + raw + closing(self))


class Word(_Field, _Text):
    """A bare word: `minimum` to `maximum` bytes, each in `allowed`, up to the next blank or the end. Value: `str`."""

    def __init__(self, maximum: int, *, lead: bytes = b" ", minimum: int = 1, allowed: bytes = BARE) -> None:
        super().__init__()
        self.maximum = maximum
        self.lead = lead
        self.minimum = minimum
        self.allowed = allowed

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        raw = self._taken(stream, path, quoted=False)
        self._check(raw, path)
        return to_text(raw)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = text_bytes(obj, path)
        self._check(raw, path)
        self._written(stream, raw)
        return obj

    def _check(self, raw: bytes, path: str) -> None:
        if not self.minimum <= len(raw) <= self.maximum:
            fail(f"{len(raw)} bytes where {self.minimum} to {self.maximum} are allowed", path)
        if raw.translate(None, self.allowed):
            fail(f"a byte that is not allowed here: {raw.translate(None, self.allowed)[:1]!r}", path)


class Quoted(_Field, _Text):
    """Text in quotes, at most `maximum` bytes without them, no quote inside. Value: `str`."""

    quoted = True

    def __init__(self, maximum: int, *, lead: bytes = b" ") -> None:
        super().__init__()
        self.maximum = maximum
        self.lead = lead

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        raw = self._taken(stream, path, quoted=True)
        self._check(raw, path)
        return to_text(raw)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = text_bytes(obj, path)
        if _QUOTE in raw:
            fail("a quote inside", path)
        self._check(raw, path)
        self._written(stream, raw)
        return obj

    def _check(self, raw: bytes, path: str) -> None:
        if len(raw) > self.maximum:
            fail(f"{len(raw)} bytes where at most {self.maximum} are allowed", path)


class RestText(_Field, _Text):
    """All that is left of the region as text, blanks and quotes included; `minimum` to `maximum` bytes.

    Value: `str`.
    """

    def __init__(self, maximum: int, *, lead: bytes = b" ", minimum: int = 0) -> None:
        super().__init__()
        self.maximum = maximum
        self.lead = lead
        self.minimum = minimum

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        if stream.read(len(self.lead)) != self.lead:
            fail(f"{self.lead!r} wanted", path)
        raw = stream.read()
        self._check(raw, path)
        return to_text(raw)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        raw = text_bytes(obj, path)
        self._check(raw, path)
        self._written(stream, raw)
        return obj

    def _check(self, raw: bytes, path: str) -> None:
        if not self.minimum <= len(raw) <= self.maximum:
            fail(f"{len(raw)} bytes where {self.minimum} to {self.maximum} are allowed", path)


class Number(_Field, _Int):
    """A decimal number without sign or leading zero, 0 to `highest`. Value: `int`.

    With `quoted` it is built in quotes. With that, or `either`, it is read with and without them.
    """

    def __init__(self, highest: int, *, lead: bytes = b" ", quoted: bool = False, either: bool = False) -> None:
        super().__init__()
        self.highest = highest
        self.lead = lead
        self.quoted = quoted
        self.either = either or quoted

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> int:
        quoted = False
        if self.either:
            start = stream.tell()
            quoted = stream.read(len(self.lead) + 1) == self.lead + _QUOTE
            stream.seek(start)
        raw = self._taken(stream, path, quoted=quoted)
        if not raw.isdigit():
            fail("not a decimal number", path)
        if raw[:1] == b"0" and len(raw) > 1:
            fail("a leading zero", path)
        if len(raw) > len(str(self.highest)) or int(raw) > self.highest:
            fail(f"a number above {self.highest}", path)
        return int(raw)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, int) or isinstance(obj, bool):
            fail(f"int wanted, not {type(obj).__name__}", path)
        if not 0 <= obj <= self.highest:
            fail(f"{obj} is not in 0..{self.highest}", path)
        self._written(stream, b"%d" % obj)
        return obj


class Address(_Field, _Text):
    """An IPv4 address as one decimal number, its first octet the lowest byte: 127.0.0.1 is 16777343.

    Value: dotted decimal `str`.
    """

    highest = 2**32 - 1

    def __init__(self, *, lead: bytes = b" ") -> None:
        super().__init__()
        self.lead = lead
        self._number = Number(self.highest, lead=lead)

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        number = self._number._parse(stream, context, path)
        return socket.inet_ntoa(number.to_bytes(4, "little"))

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, str):
            fail(f"dotted decimal address wanted, not {type(obj).__name__}", path)
        try:
            raw = socket.inet_pton(socket.AF_INET, obj)
        except (OSError, ValueError):
            fail(f"{obj!r} is no dotted decimal IPv4 address", path)
        self._written(stream, b"%d" % int.from_bytes(raw, "little"))
        return obj


class Enumerated(_Field, _Text):
    """One of a few words of ASCII, read in any case and built as declared. Value: `str`, as declared."""

    def __init__(self, *options: str, lead: bytes = b" ", quoted: bool = False) -> None:
        super().__init__()
        self.options = options
        self.lead = lead
        self.quoted = quoted
        self.known = {option.upper().encode(): option for option in options}

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> str:
        raw = self._taken(stream, path, quoted=self.quoted)
        if raw.upper() not in self.known:
            fail(f"none of {', '.join(self.options)}", path)
        return self.known[raw.upper()]

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, str) or obj not in self.options:
            fail(f"none of {', '.join(self.options)}", path)
        self._written(stream, obj.encode("ascii"))
        return obj


_Records: TypeAlias = tuple[Record, ...]


class Choice(_Any):
    """One of several records, told apart by the word that each begins with, an `Enumerated` of one common name.

    Value: an instance of one of the record classes.
    """

    def __init__(self, *records: Record) -> None:
        super().__init__()
        self.records: _Records = records

    @property
    def common(self) -> str:
        """The name of the field that tells the records apart."""
        return next(iter(self.records[0].cls.specs))

    def words(self, record: Record) -> dict[bytes, str]:
        """The words that one of the records begins with, in capitals, and as declared."""
        known: dict[bytes, str] = record.cls.specs[self.common].construct.known  # type: ignore[attr-defined]
        return known

    def named(self, word: object) -> Record | None:
        """The record that begins with this word, as declared."""
        return next((record for record in self.records if word in self.words(record).values()), None)

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> Any:
        start = stream.tell()
        word = stream.read().partition(b" ")[0].upper()
        stream.seek(start)
        record = next((record for record in self.records if word in self.words(record)), None)
        if record is None:
            fail("none of the words that can stand here", path)
        return record._parsereport(stream, context, path)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        record = next((record for record in self.records if type(obj) is record.cls), None)
        if record is None:
            fail(f"{' or '.join(record.cls.__name__ for record in self.records)} wanted", path)
        record._build(obj, stream, context, path)
        return obj


class Series(_Any):
    """Items to the end of the region, at most `maximum`, with `between` between each two. Value: `tuple`."""

    def __init__(self, subcon: cs.Construct[Any, Any], maximum: int, *, between: bytes = b"") -> None:
        super().__init__()
        self.subcon = subcon
        self.maximum = maximum
        self.between = between

    def _parse(self, stream: IO[bytes], context: Any, path: str) -> tuple[Any, ...]:
        start = stream.tell()
        end = start + len(stream.read())
        stream.seek(start)
        values: list[Any] = []
        while stream.tell() != end:
            if len(values) == self.maximum:
                fail(f"more than {self.maximum} items", path)
            if values and stream.read(len(self.between)) != self.between:
                fail(f"{self.between!r} wanted", path)
            values.append(self.subcon._parsereport(stream, context, f"{path} -> {len(values)}"))
        return tuple(values)

    def _build(self, obj: Any, stream: IO[bytes], context: Any, path: str) -> Any:
        if not isinstance(obj, tuple):
            fail(f"tuple wanted, not {type(obj).__name__}", path)
        if len(obj) > self.maximum:
            fail(f"{len(obj)} items where at most {self.maximum} are allowed", path)
        for number, value in enumerate(obj):
            stream.write(self.between if number else b"")
            self.subcon._build(value, stream, context, f"{path} -> {number}")
        return obj
