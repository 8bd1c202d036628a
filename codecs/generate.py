"""Valid messages from a source of chance: boundary values are likely, sizes mostly small.

One walk over the layout makes the values. Where it must choose it asks a `Draw`: `RandomDraw` here answers from a
`random.Random` (10,000 messages in a few seconds, the same ones for the same seed), and the strategies of
`strategies` answer through Hypothesis, which can shrink what it chose.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from socket import inet_ntoa
from typing import Any, Protocol, TypeVar

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
    to_text,
)
from .message import Message
from .subset import counting_field, derived_integer, fixed_length, integer_range, minimum_size
from .words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

__all__ = ["LARGEST", "Draw", "RandomDraw", "draw_value", "value", "values"]

#: generated messages are at most this long in bytes, so that each fits a frame
LARGEST = 65535

T = TypeVar("T")
M = TypeVar("M", bound=Message)

_ALL = bytes(range(256))
_COMMON = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-_/%"
_FOREIGN = ["ä", "ñ", "Ж", "漢", "\N{MUSICAL SYMBOL G CLEF}", "\u0301", "\ufeff", "\u2028"]


class Draw(Protocol):
    """A source of choices."""

    def integer(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, the bounds more often than others."""
        ...

    def size(self, low: int, high: int) -> int:
        """How many: from `low` to `high`, mostly close to `low`, now and then exactly `high`."""
        ...

    def raw(self, size: int, allowed: bytes) -> bytes:
        """`size` bytes out of `allowed`; `size` is at most 64."""
        ...

    def choose(self, options: Sequence[T]) -> T:
        """One of the options, each as likely; the first is the simplest."""
        ...


class RandomDraw:
    """Choices of a seeded generator."""

    def __init__(self, generator: random.Random) -> None:
        self._random = generator

    def integer(self, low: int, high: int) -> int:
        """An integer, a bound or its neighbour in one of four."""
        if self._random.random() < 0.25:
            return max(low, min(high, self._random.choice((low, low + 1, (low + high) // 2 + 1, high - 1, high))))
        return self._random.randint(low, high)

    def size(self, low: int, high: int) -> int:
        """A size, `high` in one of 20, or of 400 where that is much."""
        chance = self._random.random()
        if chance < (0.05 if high - low <= 1024 else 0.0025):
            return high
        return min(high, low + int(self._random.expovariate(0.1)) if chance < 0.9 else low)

    def raw(self, size: int, allowed: bytes) -> bytes:
        """Bytes, each as likely."""
        return bytes(self._random.choices(allowed, k=size))

    def choose(self, options: Sequence[T]) -> T:
        """An option."""
        return self._random.choice(options)


def value(cls: type[M], generator: random.Random) -> M:
    """A valid message of a class."""
    return draw_value(cls, RandomDraw(generator))


def values(cls: type[M], generator: random.Random) -> Iterator[M]:
    """Valid messages of a class without end."""
    while True:
        yield value(cls, generator)


def draw_value(cls: type[M], draw: Draw) -> M:
    """A valid message of a class, of at most `LARGEST` bytes, by the choices of `draw`."""
    found: M = _Walk(draw, LARGEST - minimum_size(cls.layout)).record(cls.layout)
    return found


class _Walk:
    def __init__(self, draw: Draw, room: int) -> None:
        self.draw = draw
        #: bytes that may still be added to the smallest message
        self._room = room

    def value(self, construct: Any) -> Any:
        return _MAKERS[type(construct)](self, construct)

    def record(self, record: Record) -> Any:
        values: dict[str, Any] = {}
        counts: dict[str, int] = {}
        for name, spec in record.cls.specs.items():
            construct: Any = spec.construct
            if isinstance(construct, cs.Rebuild):
                counts[name] = integer_range(derived_integer(construct))[1]
            elif isinstance(construct, Repeat):
                values[name] = self._items(construct.subcon, counts[str(counting_field(construct))])
            elif not isinstance(construct, cs.Const):
                values[name] = self.value(construct)
        return record.cls(**values)

    def integer(self, integer: cs.FormatField[Any, Any]) -> int:
        return self.draw.integer(*integer_range(integer))

    def fixed_bytes(self, construct: cs.Bytes) -> bytes:
        return self._raw(fixed_length(construct), _ALL)

    def ipv4(self, _: IPv4) -> str:
        usual = self.draw.choose(("127.0.0.1", "0.0.0.0", "255.255.255.255", ""))  # noqa: S104 - a value, no listener
        return usual or inet_ntoa(self.draw.raw(4, _ALL))

    def rest(self, construct: RestBytes) -> bytes:
        return self._raw(self._size(0, construct.maximum), _ALL)

    def nul_bytes(self, construct: NulBytes) -> bytes:
        return self._raw(self._size(0, construct.maximum), _ALL[1:])

    def nul_text(self, construct: NulText) -> str:
        return to_text(self._text(0, construct.maximum, _ALL[1:]))

    def text_until(self, construct: TextUntil) -> str:
        allowed = _ALL if construct.allowed is None else construct.allowed
        if len(construct.stop) == 1:
            allowed = allowed.translate(None, construct.stop)
        raw = self._text(construct.minimum, construct.maximum, allowed)
        raw = raw[: (raw + construct.stop).find(construct.stop)]
        harmless = allowed.translate(None, construct.stop)
        return to_text(raw.ljust(construct.minimum, harmless[:1]))

    def decimal(self, construct: Decimal) -> int:
        found = self.draw.integer(0, construct.highest)
        return found if construct.width or self._fits(len(str(found)) - 1) else 0

    def hexadecimal(self, construct: HexBytes) -> bytes:
        return self._raw(construct.size, _ALL)

    def folded(self, construct: FoldedText) -> str:
        raw = self._text(0, construct.maximum, _ALL.translate(None, b"\r\n"))
        if len(raw) <= construct.maximum - 3 and self.draw.choose((False, False, True)) and self._fits(3):
            at = self.draw.integer(0, len(raw))
            raw = raw[:at] + self.draw.choose((b"\r\n ", b"\r\n\t")) + raw[at:]
        return to_text(raw)

    def bounded(self, construct: Bounded) -> Any:
        outer = self._room
        self._room = inner = min(outer, construct.maximum - minimum_size(construct.subcon))
        found = self.value(construct.subcon)
        self._room = outer - (inner - self._room)
        return found

    def up_to(self, construct: UpTo) -> Any:
        least = minimum_size(construct.subcon)
        return self.value(construct.subcon) if self.draw.choose((False, True)) and self._fits(least) else None

    def lines(self, construct: Lines) -> tuple[Any, ...]:
        found = self._items(construct.subcon, construct.maximum)
        # an item that begins as the end of the list does would be read as that
        return tuple(item for item in found if not _built(construct.subcon, item).startswith(construct.stop))

    def word(self, construct: Word) -> str:
        return to_text(self._text(construct.minimum, construct.maximum, construct.allowed))

    def quoted(self, construct: Quoted) -> str:
        return to_text(self._text(0, construct.maximum, _ALL.translate(None, b'"')))

    def rest_text(self, construct: RestText) -> str:
        return to_text(self._text(construct.minimum, construct.maximum, _ALL))

    def number(self, construct: Number) -> int:
        found = self.draw.integer(0, construct.highest)
        return found if self._fits(len(str(found)) - 1 + 2 * construct.quoted) else 0

    def address(self, construct: Address) -> str:
        found = self.ipv4(IPv4())
        return found if self._fits(len(str(construct.highest)) - 1) else "0.0.0.0"  # noqa: S104 - a value, no listener

    def enumerated(self, construct: Enumerated) -> str:
        shortest = min(construct.options, key=len)
        found = self.draw.choose(construct.options)
        return found if self._fits(len(found) - len(shortest)) else shortest

    def choice(self, construct: Choice) -> Any:
        shortest = min(construct.records, key=minimum_size)
        found = self.draw.choose(construct.records)
        return self.record(found if self._fits(minimum_size(found) - minimum_size(shortest)) else shortest)

    def series(self, construct: Series) -> tuple[Any, ...]:
        return self._items(construct.subcon, construct.maximum, len(construct.between))

    def _items(self, construct: Any, maximum: int, between: int = 0) -> tuple[Any, ...]:
        least = minimum_size(construct) + between
        count = min(self.draw.size(0, min(maximum, self._room // least)), maximum)
        self._fits(count * least)
        return tuple(self.value(construct) for _ in range(count))

    def _text(self, minimum: int, maximum: int, allowed: bytes) -> bytes:
        size = self._size(minimum, maximum)
        kind = self.draw.choose(("common", "foreign", "any"))
        common = bytes(byte for byte in _COMMON if byte in allowed)
        if kind == "foreign" and not "".join(_FOREIGN).encode().translate(None, allowed):
            raw = "".join(self.draw.choose(_FOREIGN) for _ in range(min(size, 8))).encode()[:size]
            return raw + self._raw(size - len(raw), common)
        return self._raw(size, common if kind == "common" and common else allowed)

    def _raw(self, size: int, allowed: bytes) -> bytes:
        """Bytes out of `allowed`; long ones repeat a short one, which is no less good a test and much cheaper."""
        piece = self.draw.raw(min(size, 64), allowed)
        return piece if size <= 64 else (piece * (size // 64 + 1))[:size]

    def _size(self, minimum: int, maximum: int) -> int:
        size = self.draw.size(minimum, min(maximum, minimum + self._room))
        self._room -= size - minimum
        return size

    def _fits(self, size: int) -> bool:
        if size > self._room:
            return False
        self._room -= size
        return True


def _built(construct: Any, item: Any) -> bytes:
    return item.encode() if isinstance(item, Message) else bytes(construct.build(item))


_MAKERS: dict[type, Callable[..., Any]] = {
    cs.FormatField: _Walk.integer,
    cs.Bytes: _Walk.fixed_bytes,
    Record: _Walk.record,
    Bounded: _Walk.bounded,
    UpTo: _Walk.up_to,
    Lines: _Walk.lines,
    RestBytes: _Walk.rest,
    NulBytes: _Walk.nul_bytes,
    NulText: _Walk.nul_text,
    TextUntil: _Walk.text_until,
    Decimal: _Walk.decimal,
    HexBytes: _Walk.hexadecimal,
    FoldedText: _Walk.folded,
    IPv4: _Walk.ipv4,
    Word: _Walk.word,
    Quoted: _Walk.quoted,
    RestText: _Walk.rest_text,
    Number: _Walk.number,
    Address: _Walk.address,
    Enumerated: _Walk.enumerated,
    Choice: _Walk.choice,
    Series: _Walk.series,
}
