"""What a file is found by: the words of its path, and tags that stand for its properties.

    c mp3 band song user=17 kind=mp3 bitrate=8.1 bitrate=8.8 bitrate=8.256 link=3.1 link=3.6 ...

Rules of this file:

- Words are the runs of letters, digits and apostrophes; bytes above 127 count as letters, and ASCII letters are
  compared without regard to case (NAP-SRC-06, NAP-SRC-08, NAP-SRC-09). Every tag has an equals sign, and no word has.
- A number has tags for how many binary digits it has, and for its leading ones, four and nine. So a few tags cover any
  span of numbers. At its ends they cover a little more: who asks compares the numbers themselves.
- How many files have a tag is counted, so that of a span and the rest the smaller can be asked for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Self

HIGHEST = 2**63 - 1
"""The highest number that a property can have."""

LEADING_DIGITS = (1, 4, 9)
"""Binary digits that the tags of a number go by: each number below 512 has a tag of its own."""

MOST_DIGITS = LEADING_DIGITS[-1]
CACHED = 4_096

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
    """The numbers of `length` binary digits that begin with those of `lead`; 0 has no digits."""

    length: int
    lead: int

    @classmethod
    def of(cls, value: int, digits: int) -> Self:
        """Return the bucket of a number, going by so many leading digits."""
        length = value.bit_length()
        return cls(length, value >> max(0, length - digits))

    @property
    def span(self) -> Span:
        """The numbers themselves."""
        more = self.length - self.lead.bit_length()
        return Span(self.lead << more, (self.lead + 1 << more) - 1)

    def outer(self) -> tuple["Bucket", ...]:
        """Return the buckets that this one is in, the widest first and itself last."""
        return tuple(dict.fromkeys(Bucket.of(self.span.low, digits) for digits in LEADING_DIGITS))


class Numbers:
    """The tags of a property that is a number, from 0 to `HIGHEST`."""

    def __init__(self, name: str) -> None:
        self._tag = name.encode() + b"=%d.%d"
        self._within: defaultdict[Bucket | None, Counter[Bucket]] = defaultdict(Counter)
        self._tags = lru_cache(CACHED)(self._tags_of)
        self._counters = lru_cache(CACHED)(self._counters_of)

    def tags(self, value: int) -> bytes:
        """Return the tags of a value, with blanks between them."""
        return self._tags(Bucket.of(value, MOST_DIGITS))

    def count(self, value: int, files: int) -> None:
        """Note that so many files more have the value."""
        for counter, bucket in self._counters(Bucket.of(value, MOST_DIGITS)):
            counter[bucket] += files

    def _tags_of(self, innermost: Bucket) -> bytes:
        return b" ".join(self._tag % bucket for bucket in innermost.outer())

    def _counters_of(self, innermost: Bucket) -> list[tuple[Counter[Bucket], Bucket]]:
        buckets = innermost.outer()
        return [(self._within[outer], bucket) for outer, bucket in zip((None, *buckets), buckets, strict=False)]

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
