"""Emits the short way through a line of words: one regular expression that finds all of its fields at once.

Read one by one, each field costs several calls. Most lines are ASCII and well formed, and of those a single match says
where every field lies. What does not match is left to the code that follows and reads field by field: it takes what
the expression leaves out (bytes that are not ASCII, numbers near the highest, known words in another case), and it
alone says what is wrong. So the expression may take less than the layout allows, and never more. That a match can only
be read in one way follows from the rules of `subset`: what follows a bare word begins with a blank, what may be absent
is never there and empty, and what reads to the end stands last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import construct as cs

from ..constructs import Record, UpTo
from ..words import Address, Enumerated, Number, Quoted, RestText, Word, closing, opening
from .code import Code

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["emit_short_way"]


def emit_short_way(code: Code, cls: type[Message]) -> None:
    """Add the short way to `decode(data)`, if there is one for this class."""
    line = _Line(code)
    try:
        value = line.record(cls.layout, "")
    except _NoShortWayError:
        value = ""
    if value and line.searches:
        pattern = code.constant("PATTERN", f"pattern({line.pattern!r})")
        match = code.name("match")
        with code.block("if data.isascii():"):
            code.line(f"{match} = {pattern}.fullmatch(data.decode())")
            with code.block(f"if {match} is not None:"):
                code.line(f"{', '.join(line.groups)}{',' * (len(line.groups) == 1)} = {match}.groups()")
                code.line(f"return {value}")
    code.free_names()


class _NoShortWayError(Exception):
    """A layout that one match does not take apart."""


class _Line:
    """The expression in the making. The methods for constructs add to it, and return the source of their value."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.pattern = ""
        #: local names of what the groups find
        self.groups: list[str] = []
        #: whether something has to be searched for: all text to the end needs no expression
        self.searches = False

    def value(self, construct: Any, path: str) -> str:
        if type(construct) not in _KINDS:
            raise _NoShortWayError
        return _KINDS[type(construct)](self, construct, path)

    def record(self, record: Record, path: str) -> str:
        values = {
            name: self.value(spec.construct, f"{path}.{name}" if path else name)
            for name, spec in record.cls.specs.items()
        }
        arguments = ", ".join(values[name] for name in record.cls.__struct_fields__)
        return f"{self.code.record(record.cls)}({arguments})"

    def up_to(self, construct: UpTo, path: str) -> str:
        """What may be absent, at the very end only."""
        before, first = self.pattern, len(self.groups)
        self.pattern = ""
        value = self.value(construct.subcon, path)
        if construct.keep or len(self.groups) == first:
            raise _NoShortWayError
        self.pattern = f"{before}(?:{self.pattern})?"
        there = self.groups[first]
        return there if value == there else f"None if {there} is None else {value}"

    def constant(self, construct: cs.Const[Any, Any], path: str) -> str:
        if not construct.value.isascii():
            raise _NoShortWayError
        self.pattern += _literal(construct.value)
        return ""

    def word(self, construct: Word, path: str) -> str:
        return self._field(construct, f"{_one_of(construct.allowed)}{{{construct.minimum},{construct.maximum}}}+", path)

    def quoted(self, construct: Quoted, path: str) -> str:
        return self._field(construct, f'[^"]{{0,{construct.maximum}}}+', path)

    def rest_text(self, construct: RestText, path: str) -> str:
        searches = self.searches
        name = self._field(construct, f".{{{construct.minimum},{construct.maximum}}}+", path)
        self.searches = searches
        return name

    def number(self, construct: Number, path: str) -> str:
        if construct.either:
            raise _NoShortWayError
        return f"int({self._field(construct, _below(construct.highest), path)})"

    def address(self, construct: Address, path: str) -> str:
        # many have as many digits as the highest: all but the uppermost are worth an alternative
        found = self._field(construct, f"[1-3][0-9]{{9}}|{_below(construct.highest)}", path)
        return f'inet_ntoa(int({found}).to_bytes(4, "little"))'

    def enumerated(self, construct: Enumerated, path: str) -> str:
        return self._field(construct, "|".join(_literal(option.encode()) for option in construct.options), path)

    def _field(self, construct: Any, inner: str, path: str) -> str:
        """Add a group and what is around it; its local name."""
        self.pattern += f"{_literal(opening(construct))}({inner}){_literal(closing(construct))}"
        self.searches = True
        name = self.code.name(path)
        self.groups.append(name)
        return name


def _literal(raw: bytes) -> str:
    """What matches these bytes; blanks need no escape."""
    return re.escape(raw.decode("ascii")).replace("\\ ", " ")


def _one_of(allowed: bytes) -> str:
    """What matches one of these bytes."""
    spans: list[list[int]] = []
    for byte in sorted(set(allowed)):
        if spans and byte == spans[-1][1] + 1:
            spans[-1][1] = byte
        else:
            spans.append([byte, byte])
    return "[" + "".join("-".join(re.escape(chr(byte)) for byte in dict.fromkeys(span)) for span in spans) + "]"


def _below(highest: int) -> str:
    """The decimal numbers that have fewer digits than the highest."""
    digits = len(str(highest)) - 1
    return f"0|[1-9][0-9]{{0,{digits - 1}}}+" if digits else "0"


_KINDS: dict[type, Callable[[_Line, Any, str], str]] = {
    cs.Const: _Line.constant,
    Record: _Line.record,
    UpTo: _Line.up_to,
    Word: _Line.word,
    Quoted: _Line.quoted,
    RestText: _Line.rest_text,
    Number: _Line.number,
    Address: _Line.address,
    Enumerated: _Line.enumerated,
}
