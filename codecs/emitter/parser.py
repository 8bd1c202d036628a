"""Emits `decode(data)`: straight code that reads a message from its first byte to its last.

How positions are kept is said in `reader`, how words are read in `word_reader`, and how a whole line of them is read at
once in `short_way`; all other constructs are here.
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
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word
from .code import Code, literal_path
from .reader import distance
from .short_way import emit_short_way
from .word_reader import WordReader

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["emit_parser"]


def emit_parser(code: Code, cls: type[Message]) -> None:
    """Add the function `decode(data)` of a message class to a module."""
    with code.function("def decode(data):"):
        with code.block("if type(data) is not bytes:"):
            code.line("data = octets(data)")
        emit_short_way(code, cls)
        code.line("end = len(data)")
        parser = _Parser(code)
        value = parser.region(cls.layout, "", "end")
        code.line(f"return {value}")


class _Parser(WordReader):
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
        self._fail_if(f"{distance(here, self.end)} > {construct.maximum}", path, fault)
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
        faults = [f"{stop} < 0", f"{distance(start, stop)} > {construct.maximum}"]
        if construct.minimum:
            faults.append(f"{distance(start, stop)} < {construct.minimum}")
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
        faults.append(f"{distance(start, stop)} > {construct.maximum}")
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

    def _repeat(self, construct: Repeat, path: str, count: str) -> str:
        name, index = self._list(path), self.code.name("i")
        with self.code.block(f"for {index} in range({count}):"):
            self._item(construct.subcon, path, name, index)
        return f"tuple({name})"

    def _until_nul(self, maximum: int, path: str) -> tuple[str, str]:
        start, stop = self._find(path, b"\0")
        fault = self._unended(start, b"\0", 0, maximum, None)
        self._fail_if(f"{stop} < 0 or {distance(start, stop)} > {maximum}", path, fault)
        return start, stop


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
