"""What a file is found by: the words of its path, and tags that stand for its properties.

    c mp3 band song user=17 kind=mp3 bitrate=1.7 bitrate=8.4 bitrate=32.2 bitrate=128.0 link=1.2 ...

Rules of this file:

- Words are the runs of letters, digits and apostrophes; bytes above 127 count as letters, and ASCII letters are
  compared without regard to case (NAP-SRC-06, NAP-SRC-08, NAP-SRC-09). Every tag has an equals sign, and no word has.
- A number has tags for its leading binary digits, one, four, six and nine of them, with how many follow; below 65,536
  it has one of its own as well. So a few tags cover any span of numbers. At its ends they may cover a little more: who
  asks compares the numbers themselves.
- How many files have a tag is counted, so that of a span and the rest the smaller can be asked for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

HIGHEST = 2**63 - 1
"""The highest number that a property can have."""

LEADING_DIGITS, SHORT = (1, 4, 6, 9), 16
"""Binary digits that the tags of a number go by; those of at most `SHORT` digits have one more tag, of their own."""

PLACES = 16_384
"""Places of numbers that are remembered, for each property."""


_WORD = re.compile(rb"[0-9a-z'\x80-\xff]+")


def words_of(text: bytes) -> list[bytes]:
    """Return the words of a path or of a query, each once, in small letters."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


class Span(NamedTuple):
    """The numbers from `low` to `high`, both included; none when `low` is above `high`."""

    low: int = 0
    high: int = HIGHEST

    def both(self, other: "Span") -> "Span":
        """Return the numbers that are in this span and in the other."""
        return Span(max(self.low, other.low), min(self.high, other.high))

    def holds(self, other: "Span") -> bool:
        """Return whether all of the other span is in this one."""
        return self.low <= other.low and other.high <= self.high

    def meets(self, other: "Span") -> bool:
        """Return whether some number is in both spans."""
        return self.low <= other.high and other.low <= self.high


ANY = Span()


class Tags(NamedTuple):
    """Some tags of one property, and how many files have one of them."""

    terms: list[bytes]
    files: int


class Kinds:
    """The tags of a property that is a word."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._files: Counter[str] = Counter()

    def tag(self, value: str) -> bytes:
        """Return the tag of a value."""
        return f"{self._name}={value}".encode()

    def values(self) -> Collection[str]:
        """Return the values that files have had."""
        return self._files.keys()

    def count(self, value: str, files: int) -> None:
        """Note that so many files more have the value."""
        self._files[value] += files

    def halves(self, wanted: Iterable[str]) -> tuple[Tags, Tags]:
        """Return the tags in use that stand for one of the values, and those that do not."""
        values = set(wanted)
        inside = [(self.tag(value), files) for value, files in self._files.items() if value in values]
        outside = [(self.tag(value), files) for value, files in self._files.items() if value not in values]
        return _together(inside), _together(outside)


class Bucket(NamedTuple):
    """The numbers that are `lead` followed by `more` binary digits."""

    lead: int
    more: int

    @property
    def span(self) -> Span:
        """The numbers themselves."""
        return Span(self.lead << self.more, (self.lead + 1 << self.more) - 1)


def buckets_of(innermost: Bucket) -> list[Bucket]:
    """Return the buckets that a bucket is in, each within the one before it, and itself at the end."""
    length = innermost.lead.bit_length() + innermost.more
    mores = dict.fromkeys(max(innermost.more, length - digits) for digits in LEADING_DIGITS)
    value = innermost.span.low
    return [*dict.fromkeys([*(Bucket(value >> more, more) for more in mores), innermost])]


@dataclass(frozen=True, slots=True)
class Place:
    """The innermost bucket of a number: its tags, and where its files are counted."""

    tags: bytes
    counters: list[tuple[Counter[Bucket], Bucket]]

    def count(self, files: int) -> None:
        """Note that so many files more are in the bucket."""
        for counter, bucket in self.counters:
            counter[bucket] += files
            if not counter[bucket]:
                del counter[bucket]


class Numbers:
    """The tags of a property that is a number, from 0 to `HIGHEST`."""

    def __init__(self, name: str) -> None:
        self._tag = name.encode() + b"=%d.%d"
        self._within: defaultdict[Bucket | None, Counter[Bucket]] = defaultdict(Counter)
        self._place = lru_cache(PLACES)(self._new_place)

    def place(self, value: int) -> Place:
        """Return where a value belongs."""
        length = value.bit_length()
        more = length - LEADING_DIGITS[-1] if length > SHORT else 0
        return self._place(value >> more, more)

    def _new_place(self, lead: int, more: int) -> Place:
        buckets = buckets_of(Bucket(lead, more))
        counters = [(self._within[outer], bucket) for outer, bucket in zip([None, *buckets], buckets, strict=False)]
        return Place(b" ".join(self._tag % bucket for bucket in buckets), counters)

    def halves(self, span: Span) -> tuple[Tags, Tags]:
        """Return tags in use that cover all of the span, and those that cover only what lies outside of it."""
        parts = list(self._parts(span, None))
        inside = [(self._tag % bucket, files) for bucket, files in parts if span.meets(bucket.span)]
        outside = [(self._tag % bucket, files) for bucket, files in parts if not span.meets(bucket.span)]
        return _together(inside), _together(outside)

    def _parts(self, span: Span, within: Bucket | None) -> Iterator[tuple[Bucket, int]]:
        """Yield buckets in use and their files; a bucket that the span cuts is cut as well, as far as it can be."""
        for bucket, files in self._within[within].items():
            cut = span.meets(bucket.span) and not span.holds(bucket.span)
            if cut and bucket in self._within:
                yield from self._parts(span, bucket)
            else:
                yield bucket, files


def _together(tags: Iterable[tuple[bytes, int]]) -> Tags:
    used = [(tag, files) for tag, files in tags if files]
    return Tags([tag for tag, _ in used], sum(files for _, files in used))
