"""Emits `decode(data)`: straight code that reads a message from its first byte to its last.

The reader stands at `base + offset`, where base is a local variable of the emitted code (or the start) and the offset
is known while emitting; so most positions are written into the code and few are computed. Fixed fields are held back
until something of another kind follows, and then read by one `struct` call.
"""

from __future__ import annotations

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
from ..subset import counting_field, fixed_length
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, opening
from .code import Code, literal_path

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["emit_parser"]


def emit_parser(code: Code, cls: type[Message]) -> None:
    """Add the function `decode(data)` of a message class to a module."""
    with code.function("def decode(data):"):
        with code.block("if type(data) is not bytes:"):
            code.line("data = octets(data)")
        code.line("end = len(data)")
        parser = _Parser(code)
        value = parser.region(cls.layout, "", "end")
        code.line(f"return {value}")


class _Parser:
    def __init__(self, code: Code) -> None:
        self.code = code
        self.end = ""
        self._base = ""
        self._offset = 0
        self._used_up = False
        self._mark = ""
        #: fixed fields not read yet: local name, format, size in bytes, path
        self._pending: list[tuple[str, str, int, str]] = []

    # Each method below emits the code that reads one kind of construct and returns the source of its value.

    def value(self, construct: Any, path: str) -> str:
        return str(_READERS[type(construct)](self, construct, path))

    def region(self, construct: Any, path: str, end: str) -> str:
        """Read a construct that must reach exactly to `end`, and stand there."""
        outer, self.end, self._used_up = self.end, end, False
        value = self.value(construct, path)
        self._flush()
        if not self._used_up:
            self._fail_if(f"{self._here()} != {end}", path, f"left({self._here()}, {end})")
        self.end, self._used_up = outer, False
        self._stand(end)
        return value

    def record(self, record: Record, path: str) -> str:
        values: dict[str, str] = {}
        for name, spec in record.cls.specs.items():
            inner = f"{path}.{name}" if path else name
            if isinstance(spec.construct, Repeat):
                self._flush()
                values[name] = self._repeat(spec.construct, inner, values[str(counting_field(spec.construct))])
            else:
                values[name] = self.value(spec.construct, inner)
        self._flush()
        arguments = ", ".join(values[name] for name in record.cls.__struct_fields__)
        return f"{self.code.record(record.cls)}({arguments})"

    def integer(self, integer: cs.FormatField[Any, Any], path: str) -> str:
        return self._fixed(path, integer.fmtstr, integer.length)

    def derived(self, derived: cs.Rebuild[Any, Any], path: str) -> str:
        return self.value(derived.subcon, path)

    def fixed_bytes(self, construct: cs.Bytes, path: str) -> str:
        size = fixed_length(construct)
        return self._fixed(path, f"<{size}s", size)

    def ipv4(self, _: IPv4, path: str) -> str:
        return f"inet_ntoa({self._fixed(path, '<4s', 4)})"

    def constant(self, construct: cs.Const[Any, Any], path: str) -> str:
        self._flush()
        value = construct.value
        here = self._here()
        self._fail_if(
            f"not data.startswith({value!r}, {here}{self._until_end})",
            path,
            f"differs(data, {here}, {self.end}, {value!r})",
        )
        self._offset += len(value)
        return repr(value)

    def rest(self, construct: RestBytes, path: str) -> str:
        self._flush()
        here = self._here()
        fault = f"long({here}, {self.end}, {construct.maximum})"
        self._fail_if(f"{_distance(here, self.end)} > {construct.maximum}", path, fault)
        self._stand(self.end)
        self._used_up = True
        return self._assigned(path, f"data[{here}:{self.end}]")

    def nul_bytes(self, construct: NulBytes, path: str) -> str:
        start, stop = self._until_nul(construct.maximum, path)
        return self._assigned(path, f"data[{start}:{stop}]")

    def nul_text(self, construct: NulText, path: str) -> str:
        return self._text(path, *self._until_nul(construct.maximum, path))

    def text_until(self, construct: TextUntil, path: str) -> str:
        start, stop = self._find(path, construct.stop)
        faults = [f"{stop} < 0", f"{_distance(start, stop)} > {construct.maximum}"]
        if construct.minimum:
            faults.append(f"{_distance(start, stop)} < {construct.minimum}")
        allowed = None
        if construct.allowed is not None:
            allowed = self.code.table(construct.allowed)
            faults.append(f"data[{start}:{stop}].translate(None, {allowed})")
        fault = self._unended(start, construct.stop, construct.minimum, construct.maximum, allowed)
        self._fail_if(" or ".join(faults), path, fault)
        return self._text(path, start, stop)

    def decimal(self, construct: Decimal, path: str) -> str:
        start, stop = self._find(path, construct.stop)
        number = self._assigned(path, f"data[{start}:{stop}]")
        most = construct.width or len(str(construct.highest))
        faults = [f"{stop} < 0", f"not {number}.isdigit()"]
        if construct.width is None:
            faults += [f"len({number}) > {most}", f"({number}[0] == 48 and len({number}) > 1)"]
        else:
            faults.append(f"len({number}) != {most}")
        if construct.highest < 10**most - 1:
            faults.append(f"int({number}) > {construct.highest}")
        digits = (construct.width or 1, most)
        fault = f"no_number(data, {start}, {self.end}, {construct.stop!r}, {digits}, {construct.highest})"
        self._fail_if(" or ".join(faults), path, fault)
        return f"int({number})"

    def hexadecimal(self, construct: HexBytes, path: str) -> str:
        self._flush()
        start = self._here()
        self._offset += 2 * construct.size
        after, name = self._here(), self.code.name(path)
        fault = f"no_hexadecimal(data, {start}, {self.end}, {construct.size}, {construct.stop!r})"
        # no digit is part of the stop, so that finding it there says that all digits are before the end
        self._fail_if(f"not data.startswith({construct.stop!r}, {after}{self._until_end})", path, fault)
        with self.code.block("try:"):
            self.code.line(f"{name} = unhexlify(data[{start}:{after}])")
        with self.code.block("except ValueError:"):
            self.code.line(f"raise malformed({literal_path(path)}, *{fault}) from None")
        self._offset += len(construct.stop)
        return name

    def folded(self, construct: FoldedText, path: str) -> str:
        self._flush()
        start, stop = self._here(), self.code.name(f"{path}.end")
        self.code.line(f"{stop} = FOLDED.match(data, {start}{self._until_end}).end()")
        faults = [f'not data.startswith(b"\\r\\n", {stop}{self._until_end})']
        faults.append(f"{_distance(start, stop)} > {construct.maximum}")
        fault = f"unfolded(data, {start}, {self.end}, {stop}, {construct.maximum})"
        self._fail_if(" or ".join(faults), path, fault)
        self._stand(stop, 2)
        return self._text(path, start, stop)

    def bounded(self, construct: Bounded, path: str) -> str:
        size = self._fixed(f"{path}.size", construct.length.fmtstr, construct.length.length, path)
        self._flush()
        here, end = self._here(), self.code.name(f"{path}.end")
        self.code.line(f"{end} = {here} + {size}")
        self._fail_if(f"{end} > {self.end}", path, f"outside({here}, {self.end}, {size})")
        return self._assigned(path, self.region(construct.subcon, path, end))

    def up_to(self, construct: UpTo, path: str) -> str:
        self._flush()
        here, end, name = self._here(), self.code.name(f"{path}.end"), self.code.name(path)
        self.code.line(f"{end} = {self.end} - {construct.keep}")
        self._fail_if(f"{here} > {end}", path, f"unkept({self.end}, {construct.keep})")
        self.code.line(f"{name} = None")
        with self.code.block(f"if {here} != {end}:"):
            self.code.line(f"{name} = {self.region(construct.subcon, path, end)}")
        return name

    def lines(self, construct: Lines, path: str) -> str:
        self._flush()
        name = self._list(path)
        with self.code.block(f"while not data.startswith({construct.stop!r}, pos{self._until_end}):"):
            index = self._assigned(f"{path}.i", f"len({name})")
            # the record that is one too many is the fault, if it is not cut short anyway
            self._fail_if(f"{index} == {construct.maximum}", path, f'(pos, "more than {construct.maximum} lines")')
            self._item(construct.subcon, path, name, index)
        self._offset = len(construct.stop)
        return f"tuple({name})"

    def word(self, construct: Word, path: str) -> str:
        start, stop = self._bare(construct.lead, path)
        table = self.code.table(construct.allowed)
        size = _distance(start, stop)
        test = (
            f"not {construct.minimum} <= {size} <= {construct.maximum} or data[{start}:{stop}].translate(None, {table})"
        )
        fault = f"no_word(data, {start}, {stop}, {construct.minimum}, {construct.maximum}, {table})"
        self._fail_if(test, path, fault)
        return self._text(path, start, stop)

    def quoted(self, construct: Quoted, path: str) -> str:
        self._lead(opening(construct), path)
        start, stop = self._find(path, b'"')
        fault = self._unended(start, b'"', 0, construct.maximum, None)
        self._fail_if(f"{stop} < 0 or {_distance(start, stop)} > {construct.maximum}", path, fault)
        return self._text(path, start, stop)

    def rest_text(self, construct: RestText, path: str) -> str:
        self._lead(construct.lead, path)
        here = self._here()
        size = _distance(here, self.end)
        fault = f"long({here}, {self.end}, {construct.maximum})"
        self._fail_if(f"{size} > {construct.maximum}", path, fault)
        if construct.minimum:
            self._fail_if(f"{size} < {construct.minimum}", path, f"scarce({here}, {self.end}, {construct.minimum})")
        self._stand(self.end)
        self._used_up = True
        return self._text(path, here, self.end)

    def number(self, construct: Number | Address, path: str) -> str:
        quoted = isinstance(construct, Number) and construct.either
        start, stop = self._bare_or_quoted(construct.lead, path) if quoted else self._bare(construct.lead, path)
        number = self._assigned(path, f"data[{start}:{stop}]")
        most = len(str(construct.highest))
        faults = [f"not {number}.isdigit()", f"len({number}) > {most}", f"({number}[0] == 48 and len({number}) > 1)"]
        if construct.highest < 10**most - 1:
            faults.append(f"int({number}) > {construct.highest}")
        self._fail_if(" or ".join(faults), path, f"no_bare_number(data, {start}, {stop}, {construct.highest})")
        if quoted:
            self._closed(stop)
        return f"int({number})"

    def address(self, construct: Address, path: str) -> str:
        return f'inet_ntoa({self.number(construct, path)}.to_bytes(4, "little"))'

    def enumerated(self, construct: Enumerated, path: str) -> str:
        name = self.code.name(f"{path}.word")
        if construct.quoted:
            self._lead(opening(construct), path)
            start, stop = self._find(path, b'"')
            self._fail_if(f"{stop} < 0", path, f'({self.end}, "no closing quote")')
        else:
            start, stop = self._bare(construct.lead, path)
        known = self.code.constant("WORDS", repr(construct.known))
        self.code.line(f"{name} = {known}.get(data[{start}:{stop}].upper())")
        reason = f"none of {', '.join(construct.options)}"
        self._fail_if(f"{name} is None", path, f"({start}, {reason!r})")
        return name

    def choice(self, construct: Choice, path: str) -> str:
        self._settle()
        name, stop, word = (self.code.name(f"{path}{part}") for part in ("", ".end", ".word"))
        self.code.line(f'{stop} = data.find(b" ", pos{self._until_end})')
        self.code.line(f"{word} = data[pos:{stop} if {stop} >= 0 else {self.end}].upper()")
        for number, record in enumerate(construct.records):
            known = self.code.constant("WORDS", repr(construct.words(record)))
            with self.code.block(f"{'el' * bool(number)}if {word} in {known}:"):
                self._stand("pos")
                value = self.record(record, path)
                self.code.line(f"{name} = {value}")
                self._settle()
        with self.code.block("else:"):
            reason = '"none of the words that can stand here"'
            self.code.line(f"raise malformed({literal_path(path)}, pos, {reason})")
        return name

    def series(self, construct: Series, path: str) -> str:
        self._flush()
        name = self._list(path)
        with self.code.block(f"while pos != {self.end}:"):
            index = self._assigned(f"{path}.i", f"len({name})")
            self._fail_if(f"{index} == {construct.maximum}", path, f'(pos, "more than {construct.maximum} items")')
            if construct.between:
                with self.code.block(f"if {index}:"):
                    self._lead(construct.between, path)
                    self._settle()
            self._item(construct.subcon, path, name, index)
        self._stand(self.end)
        self._used_up = True
        return f"tuple({name})"

    def _lead(self, lead: bytes, path: str) -> None:
        """Pass over what stands before a field."""
        self._flush()
        if lead:
            here = self._here()
            fault = f"differs(data, {here}, {self.end}, {lead!r})"
            self._fail_if(f"not data.startswith({lead!r}, {here}{self._until_end})", path, fault)
            self._offset += len(lead)

    def _bare(self, lead: bytes, path: str) -> tuple[str, str]:
        """Find the end of a bare word and stand there; the positions where it begins and where it ends."""
        self._lead(lead, path)
        start, stop = self._here(), self.code.name(f"{path}.end")
        self.code.line(f'{stop} = data.find(b" ", {start}{self._until_end})')
        with self.code.block(f"if {stop} < 0:"):
            self.code.line(f"{stop} = {self.end}")
        self._stand(stop)
        return start, stop

    def _bare_or_quoted(self, lead: bytes, path: str) -> tuple[str, str]:
        """As `_bare`, or up to the closing quote of a word that is quoted."""
        self._lead(lead, path)
        self._settle()
        start, stop, mark = (self.code.name(f"{path}.{part}") for part in ("start", "end", "mark"))
        self.code.line(f"{start} = pos")
        self.code.line(f'{mark} = b" "')
        with self.code.block(f"if data.startswith(b'\"', pos{self._until_end}):"):
            self.code.line(f"{start} = pos + 1")
            self.code.line(f"{mark} = b'\"'")
        self.code.line(f"{stop} = data.find({mark}, {start}{self._until_end})")
        with self.code.block(f"if {stop} < 0:"):
            self._fail_if(f"{mark} == b'\"'", path, f'({self.end}, "no closing quote")')
            self.code.line(f"{stop} = {self.end}")
        self._mark = mark
        return start, stop

    def _closed(self, stop: str) -> None:
        """Stand after the closing quote, if there was an opening one."""
        self.code.line(f'pos = {stop} + ({self._mark} != b" ")')
        self._stand("pos")

    def _repeat(self, construct: Repeat, path: str, count: str) -> str:
        name, index = self._list(path), self.code.name("i")
        with self.code.block(f"for {index} in range({count}):"):
            self._item(construct.subcon, path, name, index)
        return f"tuple({name})"

    def _list(self, path: str) -> str:
        self._settle()
        name = self.code.name(path)
        self.code.line(f"{name} = []")
        return name

    def _item(self, construct: Any, path: str, name: str, index: str) -> None:
        item = self.value(construct, f"{path}[{{{index}}}]")
        self._flush()
        self.code.line(f"{name}.append({item})")
        self._settle()

    def _until_nul(self, maximum: int, path: str) -> tuple[str, str]:
        start, stop = self._find(path, b"\0")
        fault = self._unended(start, b"\0", 0, maximum, None)
        self._fail_if(f"{stop} < 0 or {_distance(start, stop)} > {maximum}", path, fault)
        return start, stop

    def _text(self, path: str, start: str, stop: str) -> str:
        name = self.code.name(path)
        # most text is UTF-8, and decoding without an error handler is twice as fast
        with self.code.block("try:"):
            self.code.line(f"{name} = data[{start}:{stop}].decode()")
        with self.code.block("except UnicodeDecodeError:"):
            self.code.line(f"{name} = to_text(data[{start}:{stop}])")
        return name

    @property
    def _until_end(self) -> str:
        """The last argument of a search: none where the region ends with the data, since each argument costs."""
        return "" if self.end == "end" else f", {self.end}"

    def _find(self, path: str, stop: bytes) -> tuple[str, str]:
        """Find a stop and stand after it; the positions where the value begins and where the stop does."""
        self._flush()
        start, found = self._here(), self.code.name(f"{path}.end")
        self.code.line(f"{found} = data.find({stop!r}, {start}{self._until_end})")
        self._stand(found, len(stop))
        return start, found

    def _unended(self, start: str, stop: bytes, minimum: int, maximum: int, allowed: str | None) -> str:
        return f"unended(data, {start}, {self.end}, {stop!r}, {minimum}, {maximum}, {allowed})"

    def _fixed(self, path: str, layout: str, size: int, at_fault: str | None = None) -> str:
        # one struct call has one byte order
        if size > 1 and layout[-1] != "s" and self._orders() - {layout[0]}:
            self._flush()
        name = self.code.name(path)
        self._pending.append((name, layout, size, path if at_fault is None else at_fault))
        return name

    def _orders(self) -> set[str]:
        """The byte orders that the fields held back ask for: one, or none if no field has an order."""
        return {layout[0] for _, layout, size, _ in self._pending if size > 1 and layout[-1] != "s"}

    def _flush(self) -> None:
        """Read the fixed fields held back."""
        if not self._pending:
            return
        order = min(self._orders(), default="<")
        fields, self._pending = self._pending, []
        here = self._here()
        size = sum(width for _, _, width, _ in fields)
        paths = ", ".join(f"({literal_path(path)}, {width})" for _, _, width, path in fields)
        fault = f"raise malformed(*short({here}, {self.end}, ({paths},)))"
        layout = self.code.layout(order + "".join(layout[1:] for _, layout, _, _ in fields))
        names = ", ".join(name for name, _, _, _ in fields)
        read = f"{names if len(fields) > 1 else f'({names},)'} = {layout}.unpack_from(data, {here})"
        if self.end == "end":  # struct looks at the end of the data itself
            with self.code.block("try:"):
                self.code.line(read)
            with self.code.block("except StructError:"):
                self.code.line(f"{fault} from None")
        else:
            with self.code.block(f"if {_distance(here, self.end)} < {size}:"):
                self.code.line(fault)
            self.code.line(read)
        self._offset += size

    def _here(self) -> str:
        if not self._base:
            return str(self._offset)
        return f"{self._base} + {self._offset}" if self._offset else self._base

    def _stand(self, base: str, offset: int = 0) -> None:
        self._base, self._offset = base, offset

    def _settle(self) -> None:
        """Keep the position in a variable, so that all ways into what follows agree on it."""
        if (self._base, self._offset) != ("pos", 0):
            self.code.line(f"pos = {self._here()}")
        self._stand("pos")

    def _assigned(self, path: str, value: str) -> str:
        name = self.code.name(path)
        self.code.line(f"{name} = {value}")
        return name

    def _fail_if(self, condition: str, path: str, fault: str) -> None:
        with self.code.block(f"if {condition}:"):
            self.code.line(f"raise malformed({literal_path(path)}, *{fault})")


def _distance(start: str, end: str) -> str:
    """Source of `end - start`."""
    return end if start == "0" else f"{end} - {start.replace(' + ', ' - ')}"


_READERS: dict[type, Any] = {
    cs.FormatField: _Parser.integer,
    cs.Bytes: _Parser.fixed_bytes,
    cs.Const: _Parser.constant,
    cs.Rebuild: _Parser.derived,
    Record: _Parser.record,
    Bounded: _Parser.bounded,
    UpTo: _Parser.up_to,
    Lines: _Parser.lines,
    RestBytes: _Parser.rest,
    NulBytes: _Parser.nul_bytes,
    NulText: _Parser.nul_text,
    TextUntil: _Parser.text_until,
    Decimal: _Parser.decimal,
    HexBytes: _Parser.hexadecimal,
    FoldedText: _Parser.folded,
    IPv4: _Parser.ipv4,
    Word: _Parser.word,
    Quoted: _Parser.quoted,
    RestText: _Parser.rest_text,
    Number: _Parser.number,
    Address: _Parser.address,
    Enumerated: _Parser.enumerated,
    Choice: _Parser.choice,
    Series: _Parser.series,
}
