"""What a storm is made of: bodies for every number that the catalogue knows, each wrong in one way.

The bodies depend on a seed only. They are made once for each group of numbers, since a proof of the suite sends the
same storm at every mutant.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from ...codecs.defects import near_valid
from ...codecs.napster import CLIENT, MAXIMUM_BODY, catalogue

GROUPS = {
    "0 to 99": range(100),
    "100 to 199": range(100, 200),
    "200 to 299": range(200, 300),
    "300 to 499": range(300, 500),
    "500 to 619": range(500, 620),
    "620 to 799": range(620, 800),
    "800 to 9999": range(800, 10_000),
    "10000 to 65535": range(10_000, 65_536),
}
"""Numbers by what they are about, more or less."""

_EACH = 2
_AT_A_TIME = 3
_ODD = (b"", b" ", b'"', b"\0" * 40, b"-1", b'"" "" ""', b"9" * 400, b":x y z", b"%s%n%s%n")


class Shot(NamedTuple):
    """One message of a storm, and what is wrong with it."""

    number: int
    body: bytes
    defect: str

    def __str__(self) -> str:
        return f"{self.number} {self.body[:80]!r} ({self.defect})"


@functools.cache
def near_valid_shots(group: str, seed: int) -> tuple[tuple[Shot, ...], ...]:
    """For each number of the group, messages that are nearly valid, and one that is odd whatever the number means.

    They come a few numbers at a time, so that a case can look after the server in between.
    """
    random = Random(seed)
    numbers = _numbers(group)
    return tuple(
        tuple(shot for number in numbers[first : first + _AT_A_TIME] for shot in _of_number(number, random))
        for first in range(0, len(numbers), _AT_A_TIME)
    )


def _of_number(number: int, random: Random) -> Iterator[Shot]:
    for entry in catalogue():
        if entry.number == number and entry.cls is not None:
            for made in islice(near_valid(entry.cls, random), _EACH if CLIENT in entry.senders else 1):
                cut = ", cut" if len(made.data) > MAXIMUM_BODY else ""
                yield Shot(number, made.data[:MAXIMUM_BODY], made.defect + cut)
    yield Shot(number, random.choice(_ODD), "nothing fits")


@functools.cache
def many_fields(group: str) -> tuple[tuple[Shot, ...], ...]:
    """For each number of the group, a body of as many fields as there is room for; a few numbers at a time."""
    shots = [crowded(number) for number in _numbers(group)]
    return tuple(tuple(shots[first : first + _AT_A_TIME]) for first in range(0, len(shots), _AT_A_TIME))


def crowded(number: int) -> Shot:
    """A message of as many fields of one letter as a body holds."""
    return Shot(number, b" ".join([b"a"] * ((MAXIMUM_BODY + 1) // 2)), "many fields")


def _numbers(group: str) -> list[int]:
    return sorted({entry.number for entry in catalogue() if entry.number in GROUPS[group]})
