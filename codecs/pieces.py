"""What stands on the wire, piece by piece: the flat view of a layout from which people's tables and figures are made.

A field is one piece or two: text and the bytes that end it, a length and the region it announces. A record inside a
message is one piece that names the record's class; it is not unfolded, since it has a table and a figure of its own.
Sizes are in bytes. Every construct that a layout may use is known here by its type; any other is a `TypeError`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import construct as cs

from .constructs import (
    Bounded,
    Decimal,
    FoldedText,
    HexBytes,
    IPv4,
    Lines,
    NulBytes,
    NulText,
    Record,
    Repeat,
    RestBytes,
    TextUntil,
    UpTo,
)
from .message import FieldSpec, Message
from .words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, closing, opening

__all__ = ["Kind", "Piece", "extent", "is_text", "pieces", "quoted", "source_of", "words_of"]


class Kind(enum.Enum):
    """Where the bytes of a piece come from."""

    FIELD = "field"
    DERIVED = "derived"
    CONSTANT = "constant"
    LENGTH = "length"
    TERMINATOR = "terminator"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes with one meaning.

    `minimum` and `maximum` are its size; a maximum of None says that only the message around it ends it. `words` is
    the encoding ("u16 little-endian"); `value` the bytes of a constant, terminator or lead; `record` the class whose
    layout the piece holds, `repeated` when any number of times. `kept` counts the bytes that must follow the piece,
    where that is what ends it. `optional` pieces may be absent.
    """

    spec: FieldSpec
    kind: Kind
    minimum: int
    maximum: int | None
    words: str
    value: bytes | None = None
    record: type[Message] | None = None
    repeated: bool = False
    optional: bool = False
    kept: int | None = None

    @property
    def name(self) -> str:
        """The name of the field; a length is `x length`, a terminator or lead has none."""
        names = {Kind.LENGTH: f"{self.spec.name} length", Kind.TERMINATOR: "", Kind.LEAD: ""}
        return names.get(self.kind, self.spec.name)

    @property
    def fixed(self) -> bool:
        """Whether the size is always the same."""
        return self.minimum == self.maximum


def pieces(cls: type[Message]) -> Iterator[Piece]:
    """The pieces of a message in wire order. Raises `TypeError` on a construct that no layout may use."""
    for spec in cls.specs.values():
        yield from _pieces(spec.construct, spec)


def is_text(cls: type[Message]) -> bool:
    """Whether a message is written in characters: made of text, decimal numbers and literal words only."""
    return all(_is_text(spec.construct) for spec in cls.specs.values())


def _is_text(construct: Any) -> bool:
    if isinstance(construct, UpTo | Series):
        return _is_text(construct.subcon)
    if isinstance(construct, Record):
        return is_text(construct.cls)
    if isinstance(construct, cs.Const):
        return re.fullmatch(rb"[\t\r\n -~]+", construct.value) is not None
    return isinstance(construct, _TEXTS)


_TEXTS = (
    TextUntil,
    Decimal,
    HexBytes,
    FoldedText,
    Lines,
    Word,
    Quoted,
    RestText,
    Number,
    Address,
    Enumerated,
    Choice,
)


def quoted(raw: bytes) -> str:
    r"""Bytes for people: `NUL`, `CRLF`, `SP` (a blank), characters in quotes or, if not printable, hex digits."""
    named = {
        b"\0": "NUL",
        b"\r\n": "CRLF",
        b"\n": "LF",
        b"\n\n": "LF LF",
        b" ": "SP",
        b'"': "DQUOTE",
        b' "': "SP DQUOTE",
    }
    if raw in named:
        return named[raw]
    if re.fullmatch(rb"[\t\r\n -~]+", raw):
        return '"' + raw.decode("ascii").replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + '"'
    return raw.hex()


def source_of(piece: Piece) -> str:
    """What a derived field follows from: `len_(this.results)` as `number of results`."""
    rebuild = piece.spec.construct
    source = str(rebuild.func) if isinstance(rebuild, cs.Rebuild) else ""
    counted = re.fullmatch(r"len_\(this\['?(\w+)'?\]\)", source)
    return f"number of {counted[1]}" if counted else f"equal to {source}"


def extent(construct: cs.Construct[Any, Any]) -> tuple[int, int | None]:
    """The least and the greatest size in bytes; None when only what is around it limits the construct."""
    return _total(_pieces(construct, FieldSpec(construct, "")))


def words_of(construct: cs.Construct[Any, Any]) -> str:
    """The encoding in a few words, such as `u16 little-endian`."""
    found = list(_pieces(construct, FieldSpec(construct, "")))
    # what stands before a word is said after what it is
    return " ".join(piece.words for piece in sorted(found, key=lambda piece: piece.kind is Kind.LEAD))


def _total(parts: Iterator[Piece]) -> tuple[int, int | None]:
    least, greatest = 0, 0
    endless = False
    for part in parts:
        least += part.minimum
        greatest += part.maximum or 0
        endless = endless or part.maximum is None
    return least, None if endless else greatest


def _made(spec: FieldSpec, size: int, words: str, **more: Any) -> Piece:
    return Piece(spec, Kind.FIELD, size, size, words, **more)


def _end(spec: FieldSpec, stop: bytes) -> Piece:
    return Piece(spec, Kind.TERMINATOR, len(stop), len(stop), f"ended by {quoted(stop)}", value=stop)


@singledispatch
def _pieces(construct: Any, spec: FieldSpec) -> Iterator[Piece]:
    raise TypeError(f"{spec.name or 'a layout'}: {type(construct).__name__} is not among the constructs of a layout")


@_pieces.register(cs.FormatField)
def _(construct: cs.FormatField[Any, Any], spec: FieldSpec) -> Iterator[Piece]:
    order, code = construct.fmtstr[0], construct.fmtstr[1]
    kind = "f" if code in "efd" else "u" if code.isupper() else "i"
    words = f"{kind}{8 * construct.length}"
    if construct.length > 1:
        words += " little-endian" if order == "<" else " big-endian"
    yield _made(spec, construct.length, words)


@_pieces.register
def _(construct: cs.Bytes, spec: FieldSpec) -> Iterator[Piece]:
    if type(construct.length) is not int:
        raise TypeError(f"{spec.name}: Bytes of a length that is no number")
    yield _made(spec, construct.length, "bytes")


@_pieces.register(cs.Const)
def _(construct: cs.Const[Any, Any], spec: FieldSpec) -> Iterator[Piece]:
    yield Piece(spec, Kind.CONSTANT, len(construct.value), len(construct.value), "constant", value=construct.value)


@_pieces.register(cs.Rebuild)
def _(construct: cs.Rebuild[Any, Any], spec: FieldSpec) -> Iterator[Piece]:
    for piece in _pieces(construct.subcon, spec):
        yield replace(piece, kind=Kind.DERIVED)


@_pieces.register
def _(construct: RestBytes, spec: FieldSpec) -> Iterator[Piece]:
    yield Piece(spec, Kind.FIELD, 0, construct.maximum, "bytes to the end")


@_pieces.register(NulBytes)
@_pieces.register(NulText)
def _(construct: NulBytes | NulText, spec: FieldSpec) -> Iterator[Piece]:
    yield Piece(spec, Kind.FIELD, 0, construct.maximum, "text" if isinstance(construct, NulText) else "bytes")
    yield _end(spec, b"\0")


@_pieces.register
def _(construct: IPv4, spec: FieldSpec) -> Iterator[Piece]:
    yield _made(spec, 4, "IPv4 address")


@_pieces.register
def _(construct: TextUntil, spec: FieldSpec) -> Iterator[Piece]:
    yield Piece(spec, Kind.FIELD, construct.minimum, construct.maximum, "text")
    yield _end(spec, construct.stop)


@_pieces.register
def _(construct: Decimal, spec: FieldSpec) -> Iterator[Piece]:
    if construct.width is not None:
        yield _made(spec, construct.width, f"{construct.width} decimal digits")
    else:
        yield Piece(spec, Kind.FIELD, 1, len(str(construct.highest)), "decimal")
    yield _end(spec, construct.stop)


@_pieces.register
def _(construct: HexBytes, spec: FieldSpec) -> Iterator[Piece]:
    yield _made(spec, 2 * construct.size, f"{2 * construct.size} hexadecimal digits")
    yield _end(spec, construct.stop)


@_pieces.register
def _(construct: FoldedText, spec: FieldSpec) -> Iterator[Piece]:
    yield Piece(spec, Kind.FIELD, 0, construct.maximum, "text, may be folded")
    yield _end(spec, b"\r\n")


@_pieces.register
def _(construct: Record, spec: FieldSpec) -> Iterator[Piece]:
    least, greatest = _total(pieces(construct.cls))
    yield Piece(spec, Kind.FIELD, least, greatest, construct.cls.__name__, record=construct.cls)


@_pieces.register
def _(construct: Bounded, spec: FieldSpec) -> Iterator[Piece]:
    for piece in _pieces(construct.length, spec):
        yield replace(piece, kind=Kind.LENGTH)
    least, greatest = extent(construct.subcon)
    greatest = construct.maximum if greatest is None else min(greatest, construct.maximum)
    yield Piece(spec, Kind.FIELD, least, greatest, words_of(construct.subcon), record=_record(construct.subcon))


@_pieces.register
def _(construct: UpTo, spec: FieldSpec) -> Iterator[Piece]:
    least, greatest = extent(construct.subcon)
    yield Piece(
        spec,
        Kind.FIELD,
        least,
        greatest,
        words_of(construct.subcon),
        record=_record(construct.subcon),
        optional=True,
        kept=construct.keep,
    )


@_pieces.register
def _(construct: Repeat, spec: FieldSpec) -> Iterator[Piece]:
    words = f"{_path(construct.count)} x {words_of(construct.subcon)}"
    yield Piece(spec, Kind.FIELD, 0, None, words, record=_record(construct.subcon), repeated=True)


@_pieces.register
def _(construct: Lines, spec: FieldSpec) -> Iterator[Piece]:
    words = f"0 to {construct.maximum} x {words_of(construct.subcon)}"
    yield Piece(spec, Kind.FIELD, 0, None, words, record=_record(construct.subcon), repeated=True)
    yield _end(spec, construct.stop)


def _around(spec: FieldSpec, construct: Any, piece: Piece) -> Iterator[Piece]:
    """A word with the blank and the quotes around it."""
    for kind, raw in ((Kind.LEAD, opening(construct)), (piece.kind, b""), (Kind.TERMINATOR, closing(construct))):
        if kind is piece.kind:
            yield piece
        elif raw:
            words = f"after {quoted(raw)}" if kind is Kind.LEAD else f"ended by {quoted(raw)}"
            yield Piece(spec, kind, len(raw), len(raw), words, value=raw)


@_pieces.register
def _(construct: Word, spec: FieldSpec) -> Iterator[Piece]:
    yield from _around(spec, construct, Piece(spec, Kind.FIELD, construct.minimum, construct.maximum, "word"))


@_pieces.register
def _(construct: Quoted, spec: FieldSpec) -> Iterator[Piece]:
    yield from _around(spec, construct, Piece(spec, Kind.FIELD, 0, construct.maximum, "text without quotes"))


@_pieces.register
def _(construct: RestText, spec: FieldSpec) -> Iterator[Piece]:
    piece = Piece(spec, Kind.FIELD, construct.minimum, construct.maximum, "text to the end")
    yield from _around(spec, construct, piece)


@_pieces.register
def _(construct: Number, spec: FieldSpec) -> Iterator[Piece]:
    words = "decimal, with or without quotes" if construct.either else "decimal"
    yield from _around(spec, construct, Piece(spec, Kind.FIELD, 1, len(str(construct.highest)), words))


@_pieces.register
def _(construct: Address, spec: FieldSpec) -> Iterator[Piece]:
    words = "IPv4 address as a decimal number, first octet lowest"
    yield from _around(spec, construct, Piece(spec, Kind.FIELD, 1, len(str(construct.highest)), words))


@_pieces.register
def _(construct: Enumerated, spec: FieldSpec) -> Iterator[Piece]:
    sizes = [len(option) for option in construct.options]
    words = " or ".join(construct.options)
    yield from _around(spec, construct, Piece(spec, Kind.FIELD, min(sizes), max(sizes), words))


@_pieces.register
def _(construct: Choice, spec: FieldSpec) -> Iterator[Piece]:
    sizes = [extent(record) for record in construct.records]
    most = [size for _, size in sizes if size is not None]
    words = " or ".join(record.cls.__name__ for record in construct.records)
    greatest = max(most) if len(most) == len(sizes) else None
    yield Piece(spec, Kind.FIELD, min(size for size, _ in sizes), greatest, words)


@_pieces.register
def _(construct: Series, spec: FieldSpec) -> Iterator[Piece]:
    words = f"0 to {construct.maximum} x {words_of(construct.subcon)}"
    if construct.between:
        words += f", {quoted(construct.between)} between them"
    yield Piece(spec, Kind.FIELD, 0, None, words, record=_record(construct.subcon), repeated=True)


def _record(construct: cs.Construct[Any, Any]) -> type[Message] | None:
    return construct.cls if isinstance(construct, Record) else None


def _path(expression: Any) -> str:
    """`this.count` as `count`."""
    # an expression answers every attribute, so its text is the only safe thing to ask it for
    return re.sub(r"this\['?(\w+)'?\]", r"\1", str(expression))
