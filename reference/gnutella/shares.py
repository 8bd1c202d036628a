"""What a servent shares: a fixed list of files, each with an index, found by the words of its name.

Rules of this file:

- Nothing outside the list can be reached: a file is named by its index, never by a path that a stranger wrote.
- An index names the same file as long as the servent runs. Indexes begin at 1.
- Words are the runs of letters and digits of a name, compared without regard to case.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..shares import Content, MemoryContent, files_below

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> frozenset[str]:
    """Return the words of `text`, without regard to case."""
    return frozenset(_WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class Share(ABC):
    """One shared file: `index`, `name` (any text without NUL or slash) and `size` in bytes."""

    index: int
    name: str
    size: int
    words: frozenset[str]

    @abstractmethod
    def read(self, offset: int, count: int) -> bytes:
        """Return `count` bytes from `offset` on. Raises OSError when they can't be had any more."""


@dataclass(frozen=True, slots=True)
class _ContentShare(Share):
    content: Content

    @classmethod
    def of(cls, index: int, name: str, content: Content) -> Self:
        return cls(index, name, content.size, words_of(name), content)

    def read(self, offset: int, count: int) -> bytes:
        return self.content.read(offset, count)


class Shares:
    """The files that a servent shares."""

    def __init__(self, shares: Iterable[Share] = ()) -> None:
        self._by_index = {share.index: share for share in shares}
        self._by_word: dict[str, set[int]] = {}
        for share in self._by_index.values():
            for word in share.words:
                self._by_word.setdefault(word, set()).add(share.index)
        self.kib = sum(share.size for share in self._by_index.values()) // 1024

    @classmethod
    def of(cls, contents: Mapping[str, bytes]) -> Self:
        """Share contents held in memory, by name."""
        return cls(
            _ContentShare.of(index, name, MemoryContent(content))
            for index, (name, content) in enumerate(contents.items(), 1)
        )

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Share the regular files below a folder, links left out.

        Raises OSError when the folder can't be read.
        """
        return cls(
            _ContentShare.of(index, content.path.name, content) for index, content in enumerate(files_below(folder), 1)
        )

    def get(self, index: int) -> Share | None:
        """Return the file with this index, or None."""
        return self._by_index.get(index)

    def matching(self, words: Iterable[str]) -> list[Share]:
        """Return the files whose names hold all of `words`, in the order of their indexes; none for no words."""
        found = [self._by_word.get(word, set()) for word in words]
        return [self._by_index[index] for index in sorted(set.intersection(*found))] if found else []

    def __iter__(self) -> Iterator[Share]:
        return iter(self._by_index.values())

    def __len__(self) -> int:
        return len(self._by_index)
