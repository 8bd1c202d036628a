"""Near-valid messages: a valid one with one named defect, which the codec rejects.

A defect is a few patches at one place of the message and has a name that a report can say. What a receiver must make of
it is read from the field's `tolerance`, under that name; without a mark it must be rejected. Bytes that happen to be
valid all the same (a count too low, with the surplus record read as a trailer) are no near-valid message and are not
given out: everything here is refused by `decode`.

Names: `truncated`, `bytes left over`, `no terminator`, `terminator inside`, `longer than allowed`, `shorter than
allowed`, `byte not allowed`, `wrong constant`, `no digits`, `not a digit`, `leading zero`, `above the highest`, `not
hexadecimal`, `a digit too few`, `a digit too many`, `bare CR`, `bare LF`, `more lines than allowed`, `no blank before`,
`extra blank`, `unknown word`, and for a count or length `too high by one`, `too low by one`, `highest`, `zero`.

What real receivers of words have always taken need not be said at each field: an `extra blank` between two words, and a
number's `leading zero`, may be accepted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import construct as cs

from .constructs import Decimal, FoldedText, HexBytes, Lines, NulBytes, NulText, RestBytes, TextUntil
from .errors import DecodeError
from .framing import Frame
from .generate import Draw, RandomDraw, draw_value
from .message import Message, Tolerance, messages
from .patches import Patch, append, apply, cut, insert, overwrite, set_, truncate
from .spans import Span, Subject, spans, stop_of
from .subset import integer_range
from .words import Address, Enumerated, Number, Quoted, RestText, Word

__all__ = ["NearValid", "draw_frame", "draw_near_valid", "near_valid", "near_valid_frames", "near_valid_of"]

F = TypeVar("F", bound="Frame[Any]")
T = TypeVar("T")

#: defects tried on one valid message before the next is drawn
_PER_MESSAGE = 16
_DIGITS = b"0123456789"
#: what may be too long without being wrong otherwise
_LONG = (NulText, NulBytes, RestBytes, FoldedText, TextUntil, Word, Quoted, RestText)
_WORDS = (Word, Quoted, RestText, Number, Address, Enumerated)


@dataclass(frozen=True, slots=True)
class NearValid:
    """Bytes with one defect: its name, the path of the field, and what a receiver must make of it.

    `data` is `subject`, a valid message or frame, with `patches`.
    """

    defect: str
    data: bytes
    path: str
    tolerance: Tolerance
    subject: Subject
    patches: tuple[Patch, ...]


def near_valid(cls: type[Message], generator: random.Random) -> Iterator[NearValid]:
    """Near-valid messages of a class without end. Raises `ValueError` if every change to it is valid again."""
    draw = RandomDraw(generator)
    return _endless(lambda: draw_value(cls, draw), draw)


def near_valid_frames(frame_class: type[Frame[Any]], generator: random.Random) -> Iterator[NearValid]:
    """Near-valid frames around each of the network's payloads in turn, without end.

    A defect of the payload comes in a frame that is otherwise whole, its length that of the damaged payload; the rest
    are defects of the frame.
    """
    draw = RandomDraw(generator)
    payloads = [cls for cls in messages(frame_class.header_class.network) if cls.wire_type is not None]
    streams = [_endless(partial(draw_frame, frame_class, cls, draw), draw) for cls in payloads]
    while True:
        for stream in streams:
            yield next(stream)


def near_valid_of(subject: Subject, draw: Draw) -> Iterator[NearValid]:
    """Every defect of one message or frame, each at one place of its field that `draw` chooses."""
    ground = _Ground(subject)
    for group in ground.groups():
        yield from filter(None, map(ground.made, group(draw)))


def draw_near_valid(subject: Subject, draw: Draw) -> NearValid | None:
    """One of the defects of a message or frame; None if it has none."""
    ground = _Ground(subject)
    for group in _from_one_on(ground.groups(), draw):
        for defect in _from_one_on(group(draw), draw):
            made = ground.made(defect)
            if made is not None:
                return made
    return None


def draw_frame(frame_class: type[F], cls: type[Message], draw: Draw) -> F:
    """A valid frame around a payload of a class."""
    body = draw_value(cls, draw).encode()
    header = draw_value(frame_class.header_class, draw)
    fields = {frame_class.type_field: cls.wire_type, frame_class.length_field: len(body)}
    return frame_class(header.replace(**fields), body)


def _endless(subject: Callable[[], Subject], draw: Draw) -> Iterator[NearValid]:
    barren = 0
    while barren < 100:
        ground = _Ground(subject())
        groups = ground.groups()
        barren += 1
        for _ in range(_PER_MESSAGE):
            defects = draw.choose(groups)(draw)
            made = ground.made(draw.choose(defects)) if defects else None
            if made is not None:
                barren = 0
                yield made
    raise ValueError("a message has no defect that the codec rejects")


def _from_one_on(options: list[T], draw: Draw) -> list[T]:
    """All the options, beginning with one that is chosen."""
    first = draw.choose(range(len(options))) if options else 0
    return options[first:] + options[:first]


@dataclass(frozen=True, slots=True)
class _Defect:
    name: str
    span: Span
    patches: tuple[Patch, ...]


class _Ground:
    """A valid message or frame, and where everything in it stands."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.raw = subject.encode()
        self.found = spans(subject)
        self.whole = Span("", 0, len(self.raw), None, None, None)
        self.places = {span.path: span for span in (self.whole, *self.found)}

    def groups(self) -> list[Callable[[Draw], list[_Defect]]]:
        """What there might be, by place; a group gives each of its defects at a position that its `Draw` chooses."""
        groups: list[Callable[[Draw], list[_Defect]]] = [self._surplus]
        groups += [partial(_of_field, span) for span in self.found]
        if any(isinstance(span.construct, _LONG) for span in self.found):
            groups.append(self._longer)
        if isinstance(self.subject, Frame):
            groups.append(self._length)
        return groups

    def _surplus(self, draw: Draw) -> list[_Defect]:
        surplus = draw.raw(draw.integer(1, 4), bytes(range(256)))
        found = [_Defect("bytes left over", self.whole, (append(surplus),))]
        if isinstance(self.subject, Frame):
            found.append(_Defect("bytes left over", self.places["payload"], (insert("payload", surplus),)))
        return found

    def _longer(self, draw: Draw) -> list[_Defect]:
        # most of these are as long as the longest message: one field of them is enough
        span = draw.choose([span for span in self.found if isinstance(span.construct, _LONG)])
        return [_Defect("longer than allowed", span, (_lengthened(span),))]

    def _length(self, _: Draw) -> list[_Defect]:
        span = self.places[f"header.{self.subject.length_field}"] if isinstance(self.subject, Frame) else self.whole
        return [_Defect(name, span, patches) for name, patches in _too_high_or_low(span)]

    def made(self, defect: _Defect) -> NearValid | None:
        """The near-valid message of a defect; None if its bytes are valid."""
        patches = (*defect.patches, *self._lengths(defect))
        data = apply(self.raw, self.places, patches)
        try:
            if isinstance(self.subject, Frame):
                type(self.subject).decode(data).payload()
            else:
                type(self.subject).decode(data)
        except DecodeError:
            return NearValid(
                defect.name, data, defect.span.path, _tolerance(defect.name, defect.span), self.subject, patches
            )
        return None

    def _lengths(self, defect: _Defect) -> Iterator[Patch]:
        """What keeps the lengths around a defect right, so that the defect is all that is wrong."""
        path = defect.span.path
        truncated = any(patch.operation == "truncate" for patch in defect.patches)
        growth = len(apply(self.raw, self.places, defect.patches)) - len(self.raw)
        for span in self.found if growth and not truncated else ():
            region = span.path.removesuffix("#size")
            if region != span.path and path.startswith(region) and path != span.path:
                length = span.value + growth
                if length <= integer_range(span.construct)[1]:
                    yield set_(span.path, length)
        if isinstance(self.subject, Frame) and path.startswith("payload"):
            place, length = self.places[f"header.{self.subject.length_field}"], self.places["payload"].size + growth
            if length <= integer_range(place.construct)[1]:
                yield set_(place.path, length)


_Named = tuple[str, tuple[Patch, ...]]


def _tolerance(name: str, span: Span) -> Tolerance:
    usual = Tolerance.MUST_REJECT
    if isinstance(span.construct, _WORDS) and name in {"extra blank", "leading zero"}:
        usual = Tolerance.MAY_ACCEPT
    return span.spec.tolerance.get(name, usual) if span.spec else usual


def _of_field(span: Span, draw: Draw) -> list[_Defect]:
    of_kind = _DEFECTS.get(type(span.construct))
    named = [*_truncations(span, draw), *(of_kind(span, draw) if of_kind else [])]
    return [_Defect(name, span, patches) for name, patches in named]


def _truncations(span: Span, draw: Draw) -> list[_Named]:
    """Leave off a part of a field and what follows it."""
    if span.path.endswith(("#stop", "#lead")) or not (span.size or _stopped(span)):
        return []
    name = "no terminator" if _stopped(span) else "truncated"
    return [(name, (truncate(span.path, draw.integer(0, max(0, span.size - 1))),))]


def _stopped(span: Span) -> bool:
    return bool(stop_of(span.construct))


def _lengthened(span: Span) -> Patch:
    filler = b"a"
    if isinstance(span.construct, TextUntil | Word) and span.construct.allowed is not None:
        filler = span.construct.allowed.translate(None, stop_of(span.construct))[:1]
    return insert(span.path, filler * (span.construct.maximum + 1 - span.size))


def _terminator(span: Span, draw: Draw) -> list[_Named]:
    return [
        ("no terminator", (cut(f"{span.path}#stop"),)),
        ("terminator inside", (insert(span.path, stop_of(span.construct), draw.integer(0, span.size)),)),
    ]


def _text(span: Span, draw: Draw) -> list[_Named]:
    found = _terminator(span, draw)
    construct: TextUntil = span.construct
    if construct.minimum:
        found.append(("shorter than allowed", (cut(span.path, construct.minimum - 1),)))
    if construct.allowed is not None:
        others = bytes(set(range(256)) - set(construct.allowed) - set(construct.stop))
        found.append(("byte not allowed", (insert(span.path, draw.raw(1, others), draw.integer(0, span.size)),)))
    return found


def _decimal(span: Span, draw: Draw) -> list[_Named]:
    construct: Decimal = span.construct
    wrong = draw.choose((b"x", b"+", b"-", b" ", b".", b"\xb2"))
    found: list[_Named] = [
        ("no terminator", (cut(f"{span.path}#stop"),)),
        ("no digits", (cut(span.path),)),
        ("not a digit", (insert(span.path, wrong, draw.integer(0, span.size)),)),
        ("above the highest", (set_(span.path, construct.highest + 1),)),
    ]
    if construct.width is None:
        found.append(("leading zero", (insert(span.path, b"0", 0),)))
    else:
        found += [
            ("a digit too few", (cut(span.path, 0, 1),)),
            ("a digit too many", (insert(span.path, draw.raw(1, _DIGITS)),)),
        ]
    return found


def _led(span: Span) -> list[_Named]:
    """What can be wrong with the blank before a word."""
    lead: bytes = span.construct.lead
    if not lead:
        return []
    mark = f"{span.path}#lead"
    return [("no blank before", (cut(mark, 0, len(lead)),)), ("extra blank", (insert(mark, lead, 0),))]


def _word(span: Span, draw: Draw) -> list[_Named]:
    construct: Word = span.construct
    others = bytes(set(range(256)) - set(construct.allowed) - set(b" "))
    return [
        *_led(span),
        ("shorter than allowed", (cut(span.path, construct.minimum - 1),)),
        ("byte not allowed", (insert(span.path, draw.raw(1, others), draw.integer(0, span.size)),)),
    ]


def _quoted(span: Span, draw: Draw) -> list[_Named]:
    return [*_led(span), *_terminator(span, draw)]


def _rest_text(span: Span, _: Draw) -> list[_Named]:
    minimum = span.construct.minimum
    return [*_led(span), *([("shorter than allowed", (cut(span.path, minimum - 1),))] if minimum else [])]


def _bare_number(span: Span, draw: Draw) -> list[_Named]:
    wrong = draw.choose((b"x", b"+", b"-", b".", b"\xb2"))
    return [
        *_led(span),
        ("no digits", (cut(span.path),)),
        ("not a digit", (insert(span.path, wrong, draw.integer(0, span.size)),)),
        ("above the highest", (set_(span.path, span.construct.highest + 1),)),
        ("leading zero", (insert(span.path, b"0", 0),)),
    ]


def _enumerated(span: Span, draw: Draw) -> list[_Named]:
    return [*_led(span), ("unknown word", (overwrite(span.path, b"~", draw.integer(0, span.size - 1)),))]


def _hexadecimal(span: Span, draw: Draw) -> list[_Named]:
    at = draw.integer(0, span.size - 1)
    return [
        *([("no terminator", (cut(f"{span.path}#stop"),))] if _stopped(span) else []),
        ("not hexadecimal", (overwrite(span.path, draw.choose((b"g", b" ", b"\0", b"-")), at),)),
        ("a digit too few", (cut(span.path, at, 1),)),
        ("a digit too many", (insert(span.path, b"0", at),)),
    ]


def _folded(span: Span, draw: Draw) -> list[_Named]:
    at = draw.integer(0, span.size)
    return [
        ("no terminator", (cut(f"{span.path}#stop"),)),
        ("bare CR", (insert(span.path, b"\r", at),)),
        ("bare LF", (insert(span.path, b"\n", at),)),
    ]


def _lines(span: Span, _: Draw) -> list[_Named]:
    found: list[_Named] = [("no terminator", (cut(f"{span.path}#stop"),))]
    if span.value:
        line = span.construct.subcon.build(span.value[-1])
        more = line * (span.construct.maximum + 1 - len(span.value))
        found.append(("more lines than allowed", (insert(span.path, more),)))
    return found


def _constant(span: Span, draw: Draw) -> list[_Named]:
    at = draw.integer(0, span.size - 1)
    wrong = bytes([span.value[at] ^ draw.choose((0x20, 0x01, 0x80))])
    return [
        ("wrong constant", (overwrite(span.path, wrong, at),)),
        ("wrong constant", (cut(span.path, at, 1),)),
    ]


def _number(span: Span, _: Draw) -> list[_Named]:
    """An integer that says how much follows."""
    if not span.path.endswith("#size") and not (span.spec and isinstance(span.spec.construct, cs.Rebuild)):
        return []
    return _too_high_or_low(span)


def _too_high_or_low(span: Span) -> list[_Named]:
    low, high = integer_range(span.construct)
    near = {"too high by one": span.value + 1, "too low by one": span.value - 1, "highest": high, "zero": low}
    return [(name, (set_(span.path, number),)) for name, number in near.items() if low <= number <= high]


_DEFECTS: dict[type, Callable[[Span, Draw], list[_Named]]] = {
    cs.FormatField: _number,
    cs.Const: _constant,
    NulBytes: _terminator,
    NulText: _terminator,
    TextUntil: _text,
    Decimal: _decimal,
    HexBytes: _hexadecimal,
    FoldedText: _folded,
    Lines: _lines,
    Word: _word,
    Quoted: _quoted,
    RestText: _rest_text,
    Number: _bare_number,
    Address: _bare_number,
    Enumerated: _enumerated,
}
