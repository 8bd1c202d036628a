"""What a layout may be made of, checked when a message class is declared.

Construct can say much that no derivation could read: a lambda, a choice without a default, a list that ends when
something fails. The rules here keep every layout readable by a walk over its tree:

1. Every construct is one of `PERMITTED`, by exact type.
2. A count is `this.NAME` of an integer before it in the same record, and that integer is derived as `len_(this.LIST)`.
   No other expression, and no function of Python's own.
3. Every count, length and text has a maximum, at most `MAXIMUM`; an item of a list is at least one byte long.
4. Every region is used up: what reads to the end of its region stands last in it, and what leaves `keep` bytes is
   followed by exactly these.
5. What follows a bare word, which ends before a blank, begins with a blank. The records of a choice begin with a field
   of one name, an `Enumerated` of words that no other of them begins with.

A layout that breaks a rule is a `TypeError` at the declaration of its class.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import construct as cs
from construct.expr import FuncPath, Path

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
from .words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from .message import Message

__all__ = [
    "MAXIMUM",
    "PERMITTED",
    "check",
    "counted_list",
    "counting_field",
    "derived_integer",
    "fixed_length",
    "integer_range",
    "is_fixed",
    "minimum_size",
    "violations",
]

#: the largest maximum that a layout may state, in bytes or items
MAXIMUM = 2**24


def check(cls: type[Message]) -> None:
    """Raise `TypeError` if the layout of a message class breaks a rule of this module, naming every place."""
    found = violations(cls)
    if found:
        raise TypeError(f"{cls.__name__} has a layout that can't be derived from: " + "; ".join(found))


def violations(cls: type[Message]) -> list[str]:
    """What is wrong with the layout of a message class, one clause a fault; empty when nothing is."""
    specs = list(cls.specs.values())
    found: list[str] = []
    for spec in specs:
        found += [f"{spec.name}: {fault}" for fault in _faults(spec.construct)]
    if found:
        return found  # the rules below read what the rules above allow
    found += _counting_faults(cls)
    found += _region_faults(cls)
    found += _word_faults(cls)
    return found


def integer_range(integer: cs.FormatField[Any, Any]) -> tuple[int, int]:
    """Lowest and highest value of an integer field."""
    bits = 8 * integer.length
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if integer.fmtstr[1:].islower() else (0, 2**bits - 1)


def counting_field(repeat: Repeat) -> str | None:
    """The name of the field that a `Repeat` counts by; None when its count is no plain `this.NAME`."""
    return _field_of(repeat.count)


def counted_list(derived: cs.Rebuild[Any, Any]) -> str | None:
    """The name of the list whose length a derived field says; None when it is no plain `len_(this.NAME)`."""
    source: object = derived.func
    # Construct's expressions answer every attribute, so that only their `vars` can be believed
    if type(source) is not FuncPath or vars(source)["_FuncPath__func"] is not len:
        return None
    return _field_of(vars(source)["_FuncPath__operand"])


def derived_integer(derived: cs.Rebuild[Any, Any]) -> cs.FormatField[Any, Any]:
    """The integer that stands on the wire for a derived field."""
    return cast("cs.FormatField[Any, Any]", derived.subcon)


def fixed_length(construct: cs.Bytes) -> int:
    """The size of a field of so many bytes."""
    return cast("int", construct.length)


def minimum_size(construct: Any) -> int:
    """The fewest bytes that a construct takes on the wire."""
    return int(_MINIMUM[type(construct)](construct))


def is_fixed(construct: cs.Construct[Any, Any]) -> bool:
    """Whether a construct always takes `minimum_size` bytes."""
    return isinstance(construct, cs.FormatField | cs.Bytes | cs.Const | IPv4 | HexBytes | cs.Rebuild)


_MINIMUM: dict[type, Callable[[Any], int]] = {
    cs.FormatField: lambda integer: integer.length,
    cs.Bytes: lambda construct: construct.length,
    cs.Const: lambda constant: len(constant.value),
    cs.Rebuild: lambda derived: minimum_size(derived.subcon),
    Record: lambda record: sum(minimum_size(spec.construct) for spec in record.cls.specs.values()),
    Bounded: lambda bounded: minimum_size(bounded.length) + minimum_size(bounded.subcon),
    UpTo: lambda _: 0,
    Repeat: lambda _: 0,
    Lines: lambda lines: len(lines.stop),
    RestBytes: lambda _: 0,
    NulBytes: lambda _: 1,
    NulText: lambda _: 1,
    TextUntil: lambda text: text.minimum + len(text.stop),
    Decimal: lambda decimal: (decimal.width or 1) + len(decimal.stop),
    HexBytes: lambda digits: 2 * digits.size + len(digits.stop),
    FoldedText: lambda _: len(b"\r\n"),
    IPv4: lambda _: 4,
    Word: lambda word: len(word.lead) + word.minimum,
    Quoted: lambda quoted: len(quoted.lead) + len('""'),
    RestText: lambda rest: len(rest.lead) + rest.minimum,
    Number: lambda number: len(number.lead) + 1,
    Address: lambda address: len(address.lead) + 1,
    Enumerated: lambda word: len(word.lead) + 2 * word.quoted + min(map(len, word.options)),
    Choice: lambda choice: min(map(minimum_size, choice.records)),
    Series: lambda _: 0,
}

#: the constructs that a layout may be made of
PERMITTED = frozenset(_MINIMUM)


def _field_of(expression: object) -> str | None:
    if type(expression) is not Path:
        return None
    parent = vars(expression)["_Path__parent"]
    if parent is None or vars(parent)["_Path__parent"] is not None:
        return None
    name = vars(expression)["_Path__field"]
    return name if isinstance(name, str) and vars(expression)["_Path__name"] == "this" else None


def _faults(construct: Any) -> list[str]:
    """Rules 1 and 3 for one construct and what is inside it."""
    if type(construct) not in PERMITTED:
        return [f"{type(construct).__name__} is not among the permitted constructs"]
    found = [f"{type(construct).__name__}: {fault}" for fault in _own_faults(construct)]
    if isinstance(construct, Bounded | UpTo | Repeat | Lines | Series):
        found += _faults(construct.subcon)
        if not found and not isinstance(construct, Bounded) and minimum_size(construct.subcon) == 0:
            found.append(f"{type(construct).__name__}: its content may be empty")
    if isinstance(construct, Choice):
        found += [f"Choice: {fault}" for fault in _choice_faults(construct)]
    return found


def _own_faults(construct: Any) -> list[str]:
    found = [f"{limit!r} is no maximum up to {MAXIMUM}" for limit in _limits(construct) if not _is_limit(limit)]
    if isinstance(construct, TextUntil | Decimal | Lines) and not construct.stop:
        found.append("its stop is empty")
    match construct:
        case cs.FormatField() if construct.fmtstr[0] not in "<>" or construct.fmtstr[1:] not in "bBhHiIlLqQ":
            found.append(f"{construct.fmtstr!r} is no integer of stated byte order")
        case cs.Const() if type(construct.value) is not bytes or not construct.value:
            found.append("only constant bytes are permitted, at least one")
        case cs.Rebuild() if type(construct.subcon) is not cs.FormatField or counted_list(construct) is None:
            found.append("only an integer derived as len_(this.NAME) is permitted")
        case cs.Rebuild():
            found += _own_faults(construct.subcon)
        case Bounded() if type(construct.length) is not cs.FormatField:
            found.append("its length must be an integer")
        case Bounded():
            found += _own_faults(construct.length)
        case Repeat() if counting_field(construct) is None:
            found.append("its count must be this.NAME")
        case Decimal() if construct.width is not None and construct.highest >= 10**construct.width:
            found.append(f"{construct.highest} has more than {construct.width} digits")
        case Word():
            found += _own_word_faults(construct)
        case Enumerated():
            found += _option_faults(construct)
    return found


def _own_word_faults(word: Word) -> list[str]:
    if not word.allowed or set(word.allowed) & set(b' "'):
        return ["its bytes must be some, and neither blank nor quote"]
    return [] if word.minimum else ["it may be empty"]


def _option_faults(enumerated: Enumerated) -> list[str]:
    options = enumerated.options
    if not all(map(_is_option, options)) or not options:
        return ["its options must be words of ASCII without quotes"]
    if len(enumerated.known) != len(options):
        return ["two options differ in case only"]
    return ["an option with a blank must be quoted"] if not enumerated.quoted and " " in "".join(options) else []


def _is_option(option: object) -> bool:
    return isinstance(option, str) and bool(option) and option.isascii() and '"' not in option


def _limits(construct: Any) -> list[Any]:
    """The numbers that bound a construct, each to be checked."""
    match construct:
        case cs.Bytes():
            return [construct.length]
        case cs.Rebuild() if type(construct.subcon) is cs.FormatField:
            return [*integer_range(construct.subcon)]
        case Bounded() if type(construct.length) is cs.FormatField:
            return [*integer_range(construct.length)]
        case TextUntil():
            return [construct.minimum, construct.maximum]
        case Decimal():
            return [len(str(construct.highest)) if construct.width is None else construct.width]
        case HexBytes():
            return [construct.size]
        case UpTo():
            return [construct.keep]
        case RestBytes() | NulBytes() | NulText() | FoldedText() | Lines() | Quoted() | Series():
            return [construct.maximum]
        case Word() | RestText():
            return [construct.minimum, construct.maximum]
        case Number():
            return [len(str(construct.highest))]
    return []


def _is_limit(limit: object) -> bool:
    return type(limit) is int and 0 <= limit <= MAXIMUM


def _counting_faults(cls: type[Message]) -> list[str]:
    """Rule 2: which integer counts which list is said at both, and the integer comes first."""
    before: dict[str, str] = {}
    found = []
    for spec in cls.specs.values():
        construct = spec.construct
        if isinstance(construct, cs.Rebuild):
            before[spec.name] = str(counted_list(construct))
        elif isinstance(construct, Repeat):
            count = str(counting_field(construct))
            if before.pop(count, None) != spec.name:
                found.append(f"{spec.name}: {count} is not a field before it, derived as len_(this.{spec.name})")
        elif isinstance(construct, Bounded | UpTo | Lines) and isinstance(construct.subcon, Repeat):
            found.append(f"{spec.name}: a Repeat must be a field of its own")
    found += [f"{count}: {counted} is no list after it that it counts" for count, counted in before.items()]
    return found


def _region_faults(cls: type[Message]) -> list[str]:
    """Rule 4, for the fields of one record; each inner region holds constructs that obey it themselves."""
    found = []
    specs = list(cls.specs.values())
    for number, spec in enumerate(specs):
        if isinstance(spec.construct, Repeat | Lines | Series) and _left(spec.construct.subcon) is not None:
            found.append(f"{spec.name}: an item can't reach to the end of its region")
        if isinstance(spec.construct, Bounded | UpTo) and _left(spec.construct.subcon) not in {None, 0}:
            found.append(f"{spec.name}: its region is not used up")
        left = _left(spec.construct)
        if left is None:
            continue
        after = [other.construct for other in specs[number + 1 :]]
        if not all(is_fixed(construct) for construct in after) or sum(map(minimum_size, after)) != left:
            found.append(f"{spec.name}: it leaves {left} bytes of its region, which must be what follows")
    return found


def _left(construct: cs.Construct[Any, Any]) -> int | None:
    """How many bytes of its region a construct leaves, if it reads to the end of it; None if it knows its own end."""
    match construct:
        case RestBytes() | RestText() | Series():
            return 0
        case UpTo():
            return construct.keep
        case Record():
            return 0 if any(_left(spec.construct) is not None for spec in construct.cls.specs.values()) else None
        case Choice():
            return 0 if any(_left(record) is not None for record in construct.records) else None
    return None


def _choice_faults(choice: Choice) -> list[str]:
    """The second part of rule 5."""
    if not choice.records or not all(type(record) is Record for record in choice.records):
        return ["it must be between records"]
    first = [next(iter(record.cls.specs.values()), None) for record in choice.records]
    words: list[bytes] = []
    for spec in first:
        if spec is None or type(spec.construct) is not Enumerated or spec.construct.quoted or spec.construct.lead:
            return ["its records must begin with a bare Enumerated without a lead"]
        words += spec.construct.known
    if len({spec.name for spec in first if spec is not None}) > 1:
        return ["its records begin with fields of different names"]
    return ["two records begin with the same word"] if len(set(words)) < len(words) else []


def _word_faults(cls: type[Message]) -> list[str]:
    """The first part of rule 5, for the fields of one record and the items of its lists."""
    specs = list(cls.specs.values())
    found = []
    for spec, following in pairwise(specs):
        if _is_bare(spec.construct) and not _begins_with_blank(following.construct):
            found.append(f"{following.name}: it does not begin with a blank, and {spec.name} before it is bare")
    for spec in specs:
        construct = spec.construct
        if isinstance(construct, Series | Repeat) and _is_bare(construct.subcon):
            between = getattr(construct, "between", b"")
            if not (between.startswith(b" ") or (not between and _begins_with_blank(construct.subcon))):
                found.append(f"{spec.name}: no blank between items that are bare")
        if isinstance(construct, Lines) and _is_bare(construct.subcon):
            found.append(f"{spec.name}: an item that is bare would swallow the end of the list")
    return found


def _is_bare(construct: cs.Construct[Any, Any]) -> bool:
    """Whether a construct ends with a bare word."""
    match construct:
        case Word() | Address():
            return True
        case Number() | Enumerated():
            return not construct.quoted or isinstance(construct, Number)
        case Record():
            return any(_is_bare(spec.construct) for spec in list(construct.cls.specs.values())[-1:])
        case Choice():
            return any(map(_is_bare, construct.records))
    return False


def _begins_with_blank(construct: Any) -> bool:
    match construct:
        case cs.Const():
            return bytes(construct.value).startswith(b" ")
        case Record():
            return any(_begins_with_blank(spec.construct) for spec in list(construct.cls.specs.values())[:1])
        case UpTo():
            return construct.keep == 0 and _begins_with_blank(construct.subcon)
        case Series():
            return _begins_with_blank(construct.subcon)
    return bytes(getattr(construct, "lead", b"")).startswith(b" ")
