"""Emits `encode(self)`: checks each field in wire order and joins what they become.

A construct emits the checks of its value and returns the pieces that it is made of. Pieces of fixed size that stand
side by side are packed by one `struct` call at the end of their region; whether integers fit is left to that call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import construct as cs

from ..constructs import (
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
from ..subset import counted_list, counting_field, derived_integer, fixed_length, integer_range
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, closing, opening
from .code import Code, literal_path, strangeness

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["emit_builder"]


@dataclass(frozen=True)
class _Piece:
    """Some bytes: a literal or the source of bytes; of a value to be packed if there is a `layout`.

    With `digits`, such as `%d`, the source is that of a number to be written so.
    """

    source: str = ""
    layout: str = ""
    #: of an integer that may not fit
    path: str = ""
    literal: bytes = b""
    digits: str = ""

    @property
    def order(self) -> str:
        """The byte order that a piece to be packed asks for; empty if it has none."""
        return self.layout[0] if self.layout and self.layout[-1] not in "sbB" else ""


def emit_builder(code: Code, cls: type[Message]) -> None:
    """Add the function `encode(self)` of a message class to a module."""
    with code.function("def encode(self):"):
        builder = _Builder(code)
        code.line(f"return {builder.joined(builder.fields(cls, 'self', ''))}")


class _Builder:
    def __init__(self, code: Code) -> None:
        self.code = code

    # Each method below takes the source of a value, emits its checks and returns its pieces.

    def pieces(self, construct: Any, value: str, path: str) -> list[_Piece]:
        found: list[_Piece] = _BUILDERS[type(construct)](self, construct, value, path)
        return found

    def record(self, record: Record, value: str, path: str) -> list[_Piece]:
        name = value if value.isidentifier() else self._assigned(path, value)
        cls = self.code.record(record.cls)
        self._fail_if(f"type({name}) is not {cls}", path, f'f"{cls} wanted, not {{type({name}).__name__}}"')
        return self.fields(record.cls, name, path)

    def fields(self, cls: type[Message], value: str, path: str) -> list[_Piece]:
        found: list[_Piece] = []
        lengths: dict[str, str] = {}
        for name, spec in cls.specs.items():
            inner = f"{path}.{name}" if path else name
            construct = spec.construct
            if isinstance(construct, cs.Rebuild):
                counted, count = str(counted_list(construct)), derived_integer(construct)
                items = self._checked_list(
                    f"{value}.{counted}", inner.removesuffix(name) + counted, integer_range(count)[1]
                )
                lengths[name] = items
                found.append(_Piece(f"len({items})", count.fmtstr))
            elif isinstance(construct, Repeat):
                found += self._items(construct.subcon, lengths[str(counting_field(construct))], inner)
            else:
                found += self.pieces(construct, f"{value}.{name}", inner)
        return found

    def constant(self, construct: cs.Const[Any, Any], _value: str, _path: str) -> list[_Piece]:
        return [_Piece(literal=construct.value)]

    def integer(self, integer: cs.FormatField[Any, Any], value: str, path: str) -> list[_Piece]:
        return [_Piece(self._integer(value, path), integer.fmtstr, path)]

    def fixed_bytes(self, construct: cs.Bytes, value: str, path: str) -> list[_Piece]:
        size = fixed_length(construct)
        return [_Piece(self._exactly(size, value, path), f"<{size}s")]

    def ipv4(self, _: IPv4, value: str, path: str) -> list[_Piece]:
        name = self.code.name(path)
        with self.code.block("try:"):
            # inet_aton would take "127.1", which does not come back
            self.code.line(f"{name} = inet_pton(AF_INET, {value})")
        with self.code.block("except (OSError, TypeError, ValueError):"):
            self.code.line(f"raise no_address({value}, {literal_path(path)}, unencodable) from None")
        return [_Piece(name, "<4s")]

    def rest(self, construct: RestBytes, value: str, path: str) -> list[_Piece]:
        name = self._raw(value, path)
        self._limit(name, path, construct.maximum)
        return [_Piece(name)]

    def nul_bytes(self, construct: NulBytes, value: str, path: str) -> list[_Piece]:
        return self._until(self._raw(value, path), path, b"\0", 0, construct.maximum, None)

    def nul_text(self, construct: NulText, value: str, path: str) -> list[_Piece]:
        return self._until(self._text(value, path), path, b"\0", 0, construct.maximum, None)

    def text_until(self, construct: TextUntil, value: str, path: str) -> list[_Piece]:
        name = self._text(value, path)
        return self._until(name, path, construct.stop, construct.minimum, construct.maximum, construct.allowed)

    def decimal(self, construct: Decimal, value: str, path: str) -> list[_Piece]:
        name = self._integer(value, path)
        reason = f'f"{{{name}}} is not in 0..{construct.highest}"'
        self._fail_if(f"not 0 <= {name} <= {construct.highest}", path, reason)
        width = f"0{construct.width}" if construct.width else ""
        return [_Piece(name, digits=f"%{width}d"), _Piece(literal=construct.stop)]

    def hexadecimal(self, construct: HexBytes, value: str, path: str) -> list[_Piece]:
        digits = _Piece(f"hexlify({self._exactly(construct.size, value, path)})")
        return [digits, _Piece(literal=construct.stop)] if construct.stop else [digits]

    def folded(self, construct: FoldedText, value: str, path: str) -> list[_Piece]:
        name = self._text(value, path)
        self._limit(name, path, construct.maximum)
        # a fold at the very end would swallow whatever follows, so it needs its blank inside
        self._fail_if(f"not FOLDED.fullmatch({name})", path, '"a line break that is no fold"')
        return [_Piece(name), _Piece(literal=b"\r\n")]

    def bounded(self, construct: Bounded, value: str, path: str) -> list[_Piece]:
        content = self._assigned(f"{path}.bytes", self.joined(self.pieces(construct.subcon, value, path)))
        self._limit(content, path, construct.maximum)
        return [_Piece(f"len({content})", construct.length.fmtstr), _Piece(content)]

    def up_to(self, construct: UpTo, value: str, path: str) -> list[_Piece]:
        content = self._assigned(f"{path}.bytes", 'b""')
        with self.code.block(f"if {value} is not None:"):
            self.code.line(f"{content} = {self.joined(self.pieces(construct.subcon, value, path))}")
        return [_Piece(content)]

    def lines(self, construct: Lines, value: str, path: str) -> list[_Piece]:
        items = self._checked_list(value, path, construct.maximum)
        return [*self._items(construct.subcon, items, path, construct.stop), _Piece(literal=construct.stop)]

    def word(self, construct: Word, value: str, path: str) -> list[_Piece]:
        name = self._text(value, path)
        table = self.code.table(construct.allowed)
        strange = strangeness(name, construct.allowed, table)
        test = f"not {construct.minimum} <= len({name}) <= {construct.maximum} or {strange}"
        with self.code.block(f"if {test}:"):
            limits = f"b' ', {construct.minimum}, {construct.maximum}, {table}"
            self.code.line(f"raise unbuildable({name}, {limits}, {literal_path(path)}, unencodable)")
        return _surrounded(construct, _Piece(name))

    def quoted(self, construct: Quoted, value: str, path: str) -> list[_Piece]:
        name = self._text(value, path)
        self._fail_if(f"34 in {name}", path, '"a quote inside"')
        self._limit(name, path, construct.maximum)
        return _surrounded(construct, _Piece(name))

    def rest_text(self, construct: RestText, value: str, path: str) -> list[_Piece]:
        name = self._text(value, path)
        self._limit(name, path, construct.maximum)
        if construct.minimum:
            reason = f'f"{{len({name})}} bytes where at least {construct.minimum} are wanted"'
            self._fail_if(f"len({name}) < {construct.minimum}", path, reason)
        return _surrounded(construct, _Piece(name))

    def number(self, construct: Number, value: str, path: str) -> list[_Piece]:
        name = self._integer(value, path)
        reason = f'f"{{{name}}} is not in 0..{construct.highest}"'
        self._fail_if(f"not 0 <= {name} <= {construct.highest}", path, reason)
        return _surrounded(construct, _Piece(name, digits="%d"))

    def address(self, construct: Address, value: str, path: str) -> list[_Piece]:
        [octets] = self.ipv4(IPv4(), value, path)
        return _surrounded(construct, _Piece(f'int.from_bytes({octets.source}, "little")', digits="%d"))

    def enumerated(self, construct: Enumerated, value: str, path: str) -> list[_Piece]:
        name = self._assigned(path, value)
        known = self.code.constant("OPTIONS", repr({option: option.encode("ascii") for option in construct.options}))
        reason = f'f"{{{name}!r}} is none of {", ".join(construct.options)}"'
        self._fail_if(f"not isinstance({name}, str) or {name} not in {known}", path, reason)
        return _surrounded(construct, _Piece(f"{known}[{name}]"))

    def choice(self, construct: Choice, value: str, path: str) -> list[_Piece]:
        name, content = self._assigned(path, value), self.code.name(f"{path}.bytes")
        names = [self.code.record(record.cls) for record in construct.records]
        for number, record in enumerate(construct.records):
            with self.code.block(f"{'el' * bool(number)}if type({name}) is {names[number]}:"):
                self.code.line(f"{content} = {self.joined(self.fields(record.cls, name, path))}")
        with self.code.block("else:"):
            reason = f'f"{" or ".join(names)} wanted, not {{type({name}).__name__}}"'
            self.code.line(f"raise unencodable({literal_path(path)}, {reason})")
        return [_Piece(content)]

    def series(self, construct: Series, value: str, path: str) -> list[_Piece]:
        items = self._checked_list(value, path, construct.maximum)
        [parts] = self._items(construct.subcon, items, path)
        return [_Piece(f"{construct.between!r}.join({parts.source[1:]})")] if construct.between else [parts]

    def joined(self, pieces: list[_Piece]) -> str:
        """Emit the packing of all fixed pieces; the source of the whole."""
        groups = _groups(pieces)
        if any(piece.digits for piece in pieces):
            return self._formatted(groups)
        parts: list[str] = []
        for group in groups:
            if group[0].literal:
                parts.append(repr(b"".join(piece.literal for piece in group)))
            elif group[0].layout:
                parts.append(self._packed(group))
            else:
                parts.append(group[0].source)
        if len(parts) == 1 and not parts[0].startswith("*"):
            return parts[0]
        return f'b"".join(({", ".join(parts)}{"," * (len(parts) == 1)}))'

    def _formatted(self, groups: list[list[_Piece]]) -> str:
        """The source of the whole as one formatting: numbers need no bytes of their own then."""
        template, values = b"", []
        for group in groups:
            if group[0].literal:
                template += b"".join(piece.literal for piece in group).replace(b"%", b"%%")
                continue
            template += group[0].digits.encode() or b"%b"
            source = self._packed(group) if group[0].layout else group[0].source
            values.append(f'b"".join({source[1:]})' if source.startswith("*") else source)
        return f"{template!r} % ({', '.join(values)}{',' * (len(values) == 1)})"

    def _packed(self, group: list[_Piece]) -> str:
        if len(group) == 1 and group[0].layout.endswith("s"):
            return group[0].source
        order = next((piece.order for piece in group if piece.order), "<")
        layout = self.code.layout(order + "".join(piece.layout[1:] for piece in group))
        call = f"{layout}.pack({', '.join(piece.source for piece in group)})"
        integers = [piece for piece in group if piece.path]
        if not integers:
            return call
        name = self.code.name("packed")
        with self.code.block("try:"):
            self.code.line(f"{name} = {call}")
        with self.code.block("except StructError:"):
            tried = ", ".join(f'({literal_path(piece.path)}, "{piece.layout}", {piece.source})' for piece in integers)
            self.code.line(f"raise unencodable(*misfit({tried})) from None")
        return name

    def _items(self, construct: Any, items: str, path: str, stop: bytes = b"") -> list[_Piece]:
        parts = self._assigned(f"{path}.parts", "[]")
        index, item = self.code.name("i"), self.code.name(f"{path}.item")
        with self.code.block(f"for {index}, {item} in enumerate({items}):"):
            inner = f"{path}[{{{index}}}]"
            content = self.joined(self.pieces(construct, item, inner))
            if stop:
                content = self._assigned(f"{path}.bytes", content)
                self._fail_if(f"{content}.startswith({stop!r})", inner, repr(f"it begins with {stop!r}"))
            self.code.line(f"{parts}.append({content})")
        return [_Piece(f"*{parts}")]

    def _checked_list(self, value: str, path: str, maximum: int) -> str:
        name = self._assigned(path, value)
        self._fail_if(f"not isinstance({name}, tuple)", path, f'f"tuple wanted, not {{type({name}).__name__}}"')
        reason = f'f"{{len({name})}} items where at most {maximum} are allowed"'
        self._fail_if(f"len({name}) > {maximum}", path, reason)
        return name

    def _until(
        self, name: str, path: str, stop: bytes, minimum: int, maximum: int, allowed: bytes | None
    ) -> list[_Piece]:
        faults = [f"{stop[0]} in {name}" if len(stop) == 1 else f"({name} + {stop!r}).find({stop!r}) != len({name})"]
        faults.append(f"not {minimum} <= len({name}) <= {maximum}" if minimum else f"len({name}) > {maximum}")
        table = None
        if allowed is not None:
            table = self.code.table(allowed)
            faults.append(f"{name}.translate(None, {table})")
        with self.code.block(f"if {' or '.join(faults)}:"):
            arguments = f"{name}, {stop!r}, {minimum}, {maximum}, {table}, {literal_path(path)}, unencodable"
            self.code.line(f"raise unbuildable({arguments})")
        return [_Piece(name), _Piece(literal=stop)]

    def _limit(self, name: str, path: str, maximum: int) -> None:
        self._fail_if(f"len({name}) > {maximum}", path, f'f"{{len({name})}} bytes where at most {maximum} are allowed"')

    def _integer(self, value: str, path: str) -> str:
        return self._converted(value, path, "type({0}) is not int", "integer({0}, {1}, unencodable)")

    def _raw(self, value: str, path: str) -> str:
        return self._converted(value, path, "type({0}) is not bytes", "raw({0}, {1}, unencodable)")

    def _exactly(self, size: int, value: str, path: str) -> str:
        test = f"type({{0}}) is not bytes or len({{0}}) != {size}"
        return self._converted(value, path, test, f"exactly({{0}}, {size}, {{1}}, unencodable)")

    def _converted(self, value: str, path: str, unusual: str, conversion: str) -> str:
        name = self._assigned(path, value)
        with self.code.block(f"if {unusual.format(name)}:"):
            self.code.line(f"{name} = {conversion.format(name, literal_path(path))}")
        return name

    def _text(self, value: str, path: str) -> str:
        name = self.code.name(path)
        with self.code.block("try:"):
            self.code.line(f"{name} = str.encode({value})")
        # text with surrogates is rare, and encoding without regard to them is twice as fast
        with self.code.block("except (TypeError, UnicodeEncodeError):"):
            self.code.line(f"{name} = text({value}, {literal_path(path)}, unencodable)")
        return name

    def _assigned(self, path: str, value: str) -> str:
        name = self.code.name(path)
        self.code.line(f"{name} = {value}")
        return name

    def _fail_if(self, condition: str, path: str, reason: str) -> None:
        with self.code.block(f"if {condition}:"):
            self.code.line(f"raise unencodable({literal_path(path)}, {reason})")


def _surrounded(construct: Any, piece: _Piece) -> list[_Piece]:
    """The piece with what stands before and after it."""
    around = [_Piece(literal=opening(construct)), piece, _Piece(literal=closing(construct))]
    return [each for each in around if each.source or each.literal]


def _groups(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Neighbours that become one literal, or one `struct` call, which has one byte order."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        last = groups[-1] if groups else [_Piece()]
        orders = {other.order for other in (*last, piece)} - {""}
        if (piece.literal and last[0].literal) or (piece.layout and last[0].layout and len(orders) <= 1):
            last.append(piece)
        else:
            groups.append([piece])
    return groups


_BUILDERS: dict[type, Any] = {
    cs.FormatField: _Builder.integer,
    cs.Bytes: _Builder.fixed_bytes,
    cs.Const: _Builder.constant,
    Record: _Builder.record,
    Bounded: _Builder.bounded,
    UpTo: _Builder.up_to,
    Lines: _Builder.lines,
    RestBytes: _Builder.rest,
    NulBytes: _Builder.nul_bytes,
    NulText: _Builder.nul_text,
    TextUntil: _Builder.text_until,
    Decimal: _Builder.decimal,
    HexBytes: _Builder.hexadecimal,
    FoldedText: _Builder.folded,
    IPv4: _Builder.ipv4,
    Word: _Builder.word,
    Quoted: _Builder.quoted,
    RestText: _Builder.rest_text,
    Number: _Builder.number,
    Address: _Builder.address,
    Enumerated: _Builder.enumerated,
    Choice: _Builder.choice,
    Series: _Builder.series,
}
