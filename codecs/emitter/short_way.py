"""Emits the short way through a line of words: one regular expression that finds all of its fields at once.

A list at the end of the line, of records or of a choice between several, has an expression of its own, for one item.

Read one by one, each field costs several calls. Most lines are ASCII and well formed, and of those a single match says
where every field lies. What does not match is left to the code that follows and reads field by field: it takes what
the expression leaves out (bytes that are not ASCII, numbers near the highest, known words in another case), and it
alone says what is wrong. So the expression may take less than the layout allows, and never more. That a match can only
be read in one way follows from the rules of `subset`: what follows a bare word begins with a blank, what may be absent
is never there and empty, what reads to the end stands last, and no item of a list does so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import construct as cs

from ..constructs import Record, UpTo
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, closing, opening
from .code import Code

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["emit_short_way"]

#: bytes of a line that is worth the try
_LONG = 2**14


def emit_short_way(code: Code, cls: type[Message]) -> None:
    """Add the short way to `decode(data)`, if there is one for this class."""
    line = _Line(code)
    try:
        value = line.record(cls.layout, "")
    except _NoShortWayError:
        value = ""
    if value and (line.searches or line.items):
        # a list that goes wrong after many items is read twice, so a very long one is not tried
        short = f"len(data) <= {_LONG} and " if line.items else ""
        with code.block(f"if {short}data.isascii():"):
            if line.items is None:
                _emit_line(code, line, value)
            else:
                _emit_list(code, line, line.items, value)
    code.free_names()


def _emit_line(code: Code, line: _Line, value: str) -> None:
    match = code.name("match")
    code.line(f"{match} = {line.compiled()}.fullmatch(data.decode())")
    with code.block(f"if {match} is not None:"):
        code.line(f"{_targets(line.groups)} = {match}.groups()")
        code.line(f"return {value}")


def _emit_list(code: Code, line: _Line, items: _Items, value: str) -> None:
    text, match, here = (code.name(name) for name in ("line", "match", "here"))
    code.line(f"{text} = data.decode()")
    with ExitStack() as blocks:
        if line.pattern:
            code.line(f"{match} = {line.compiled()}.match({text})")
            blocks.enter_context(code.block(f"if {match} is not None:"))
            code.line(f"{_targets(line.groups)} = {match}.groups()")
        code.line(f"{here} = {f'{match}.end()' if line.pattern else 0}")
        code.line(f"{items.name} = []")
        with code.block(f"for _ in range({items.maximum}):"):
            code.line(f"{match} = {items.compiled(code)}.match({text}, {here})")
            with code.block(f"if {match} is None:"):
                code.line("break")
            code.line(f"{here} = {match}.end()")
            items.emit(code, match)
        with code.block(f"if {here} == len({text}):"):
            code.line(f"return {value}")


def _targets(names: list[str]) -> str:
    """What the groups of a match are assigned to."""
    return ", ".join(names) + "," * (len(names) == 1)


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
        #: the list at the end of the line
        self.items: _Items | None = None

    def compiled(self) -> str:
        return self.code.constant("PATTERN", f"pattern({self.pattern!r})")

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
        if construct.keep or len(self.groups) == first or self.items:
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
        digits = _below(construct.highest)
        if not construct.either:
            return f"int({self._field(construct, digits, path)})"
        quoted, bare = self.code.name(path), self.code.name(path)
        self.groups += (quoted, bare)
        self.pattern += f'{_literal(construct.lead)}(?:"({digits})"|({digits}))'
        self.searches = True
        return f"int({quoted} or {bare})"

    def address(self, construct: Address, path: str) -> str:
        # many have as many digits as the highest: all but the uppermost are worth an alternative
        found = self._field(construct, f"[1-3][0-9]{{9}}|{_below(construct.highest)}", path)
        return f'inet_ntoa(int({found}).to_bytes(4, "little"))'

    def enumerated(self, construct: Enumerated, path: str) -> str:
        return self._field(construct, "|".join(_literal(option.encode()) for option in construct.options), path)

    def series(self, construct: Series, path: str) -> str:
        choice = construct.subcon
        kinds = choice.records if isinstance(choice, Choice) else (choice,)
        branches = []
        for kind in kinds:
            branch = _Line(self.code)
            value = branch.value(kind, path)
            if not branch.groups:
                raise _NoShortWayError
            branches.append((branch, value))
        self.items = _Items(self.code.name(path), construct, branches)
        return f"tuple({self.items.name})"

    def _field(self, construct: Any, inner: str, path: str) -> str:
        """Add a group and what is around it; its local name."""
        self.pattern += f"{_literal(opening(construct))}({inner}){_literal(closing(construct))}"
        self.searches = True
        name = self.code.name(path)
        self.groups.append(name)
        return name


class _Items:
    """The expression for one item of a list, and what comes of it. Each branch is a kind of item and its value."""

    def __init__(self, name: str, construct: Series, branches: list[tuple[_Line, str]]) -> None:
        self.name = name
        self.maximum = construct.maximum
        self.branches = branches
        self.pattern = f"(?:{'|'.join(branch.pattern for branch, _ in branches)})"
        if construct.between:
            # with the separator, but only where another item follows
            self.pattern += rf"(?:{_literal(construct.between)}(?!\Z)|\Z)"

    def compiled(self, code: Code) -> str:
        return code.constant("PATTERN", f"pattern({self.pattern!r})")

    def emit(self, code: Code, match: str) -> None:
        """Add the item that was found to the list. The last group that took part tells which kind it is."""
        last = 0
        for number, (branch, value) in enumerate(self.branches, 1):
            first, last = last + 1, last + len(branch.groups)
            with ExitStack() as blocks:
                if number < len(self.branches):
                    blocks.enter_context(code.block(f"{'el' * (number > 1)}if {match}.lastindex <= {last}:"))
                elif number > 1:
                    blocks.enter_context(code.block("else:"))
                groups = ", ".join(str(group) for group in range(first, last + 1))
                code.line(f"{', '.join(branch.groups)} = {match}.group({groups})")
                code.line(f"{self.name}.append({value})")


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
    Series: _Line.series,
}
