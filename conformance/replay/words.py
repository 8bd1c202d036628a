"""Words that testers made up, and that a node may remember: in a replay others of the same length stand for them.

They are replaced wherever they stand in what is sent, whatever else stands there, in the case of letters that they have
there; and back again in what comes.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...codecs.framing import Frame

if TYPE_CHECKING:
    from random import Random

    from ..evidence.dissect import Unit


class Words:
    """The words of one replay; none where a node of its own is met, which remembers nothing."""

    def __init__(self, words: Iterable[str], random: Random) -> None:
        self._forth = {
            word.lower().encode(): "".join(random.choices(string.ascii_lowercase, k=len(word))).encode()
            for word in dict.fromkeys(words)
            if word.isascii() and word.isalpha()
        }
        self._back = {new: old for old, new in self._forth.items()}

    def places(self, raw: bytes) -> Iterator[tuple[int, bytes]]:
        """Where words stand in bytes of the trace, and what stands for them."""
        for found in _places(self._forth, raw):
            yield found.start(), _as_written(found[0], self._forth[found[0].lower()])

    def back(self, unit: Unit) -> Unit:
        """A unit of the replay with the words of the trace."""
        raw, subject = bytearray(unit.raw), unit.subject
        for found in _places(self._back, unit.raw):
            raw[found.start() : found.end()] = _as_written(found[0], self._back[found[0].lower()])
        if raw == unit.raw:
            return unit
        if isinstance(subject, Frame):
            subject = type(subject)(subject.header, bytes(raw[subject.header_size :]), subject.sender)
        elif subject is not None:
            subject = type(subject).decode(bytes(raw))
        return replace(unit, raw=bytes(raw), subject=subject)


def _places(words: dict[bytes, bytes], raw: bytes) -> Iterator[re.Match[bytes]]:
    longest_first: list[bytes] = sorted(words, key=len, reverse=True)
    return re.finditer(b"|".join(longest_first), raw, re.IGNORECASE) if words else iter(())


def _as_written(old: bytes, new: bytes) -> bytes:
    """`new` in the case of letters of `old`, letter by letter."""
    return bytes(n - 32 if o < 91 else n for o, n in zip(old, new, strict=True))
