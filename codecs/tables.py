"""A message's layout for readers: as a table of its fields, and in the notation of RFC 9000, section 1.3.

Both name every byte: derived counts, constants, lengths and terminators stand beside the fields, and say so. A record
inside the message is named and not unfolded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby

from .message import Message
from .pieces import Kind, Piece, pieces, quoted, source_of

__all__ = ["Row", "field_table", "notation", "origin"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a field table; all cells are text.

    `offset` is the byte at which the field begins, counted from the message's first; `?` after a field of variable
    size; `-16` when it is found from the end. `size` is in bytes: `4`, `0 to 256` or `any`, terminator and length
    prefix included. `kind` is `field`, `derived` (it follows from another field) or `constant`. `record` is the name
    of the record class that the field holds, or empty.
    """

    offset: str
    size: str
    name: str
    type: str
    unit: str
    legal: str
    doc: str
    kind: str
    record: str

    def as_dict(self) -> dict[str, str]:
        """The row as JSON has it."""
        return asdict(self)


def field_table(cls: type[Message]) -> list[Row]:
    """One row a field in wire order, derived fields and constants included."""
    rows: list[Row] = []
    offset: int | None = 0
    from_end: int | None = None
    for spec, group in groupby(pieces(cls), key=lambda piece: piece.spec):
        parts = list(group)
        beside = (Kind.LENGTH, Kind.TERMINATOR, Kind.LEAD)
        main = next((part for part in parts if part.kind not in beside), parts[0])
        fixed = all(part.fixed for part in parts)
        least = 0 if main.optional else sum(part.minimum for part in parts)
        rows.append(
            Row(
                offset=_offset(offset, from_end),
                size=str(least) if fixed and not main.optional else _range(least, parts),
                name=spec.name,
                type=_type(main, parts),
                unit=spec.unit,
                legal=spec.legal,
                doc=spec.doc,
                kind=main.kind.value,
                record=main.record.__name__ if main.record else "",
            )
        )
        offset = offset + least if offset is not None and fixed and not main.optional else None
        from_end = main.kept if main.kept is not None else from_end and from_end - least
    return rows


def _offset(offset: int | None, from_end: int | None) -> str:
    if offset is not None:
        return str(offset)
    return f"-{from_end}" if from_end else "?"


def _range(least: int, parts: list[Piece]) -> str:
    sizes = [part.maximum for part in parts if part.maximum is not None]
    if len(sizes) < len(parts):
        return f"{least} or more" if least else "any"
    return f"{least} to {sum(sizes)}"


def _type(main: Piece, parts: list[Piece]) -> str:
    words = [f"{part.words} length, then" for part in parts if part.kind is Kind.LENGTH]
    if main.kind is Kind.CONSTANT:
        words.append(f"constant {quoted(main.value or b'')}")
    elif main.kind is Kind.DERIVED:
        words.append(f"{main.words}, {source_of(main)}")
    else:
        words.append(main.words)
    text = " ".join(words)
    if main.kept == 0:
        text += ", may be absent"
    elif main.kept is not None:
        text += f", up to the last {main.kept} bytes"
    return ", ".join([text, *(part.words for part in parts if part.kind in (Kind.LEAD, Kind.TERMINATOR))])


def origin(cls: type[Message]) -> str:
    """Who sends a message and since when, in the words of its class: `sender: client, server; since revision D`.

    Empty for a message that anybody sends, and that has always been there.
    """
    sender = f"sender: {', '.join(cls.senders)}" if cls.senders else ""
    since = f"since revision {cls.since}" if cls.since else ""
    return "; ".join(part for part in (sender, since) if part)


def notation(cls: type[Message]) -> str:
    r"""The layout as `Name (bits) = value` lines, as RFCs on QUIC write it.

    `(16 LE)` is 16 bits in little-endian order, `(..)` a size that varies, `(8..128)` within these bounds; a name in
    the brackets is that record's own notation; `...` stands after what is repeated and square brackets around what may
    be absent. A terminator has no name: `(8) = 00`.
    """
    lines = [f"  {line}," for piece in pieces(cls) for line in _notes(piece)]
    if lines:
        lines[-1] = lines[-1].removesuffix(",")
    return "\n".join([f"{cls.__name__} {{", *lines, "}"])


def _notes(piece: Piece) -> Iterator[str]:
    name = piece.name.replace(" ", "_")
    if piece.value is not None:
        yield f"{name} ({8 * len(piece.value)}) = {_literal(piece.value)}".lstrip()
        return
    size = piece.record.__name__ if piece.record else _bits(piece)
    note = f"{name} ({size})"
    if piece.kind is Kind.DERIVED:
        note += f" = {source_of(piece)}"
    elif piece.kind is Kind.LENGTH:
        note += f" = bytes of {piece.spec.name}"
    if piece.repeated:
        note += " ..."
    yield f"[{note}]" if piece.optional else note


def _bits(piece: Piece) -> str:
    if piece.fixed:
        order = " LE" if "little-endian" in piece.words else ""
        return f"{8 * piece.minimum}{order}"
    least = str(8 * piece.minimum) if piece.minimum else ""
    greatest = str(8 * piece.maximum) if piece.maximum is not None else ""
    return f"{least}..{greatest}"


def _literal(raw: bytes) -> str:
    r"""A terminator or constant: characters in quotes with escapes, or hexadecimal digits."""
    if re.fullmatch(rb"[\t\r\n -~]+", raw):
        escapes = {"\t": "\\t", "\r": "\\r", "\n": "\\n", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(escapes.get(character, character) for character in raw.decode("ascii")) + '"'
    return raw.hex()
