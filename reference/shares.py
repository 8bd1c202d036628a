"""What a node shares, whatever its network: contents that are read piece by piece, and the files below a folder.

Rules of this file:

- A content has a size that does not change. It is read in pieces, so that a large file costs one piece of memory.
- A folder is walked without following links, in the order of names.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MAX_FILES = 100_000
"""Files taken from a folder; the rest is left out."""


class Content(ABC):
    """The bytes of one shared file."""

    __slots__ = ()

    @property
    @abstractmethod
    def size(self) -> int:
        """Length in bytes, as it was when the file was taken up."""

    @abstractmethod
    def read(self, offset: int, count: int) -> bytes:
        """Return `count` bytes from `offset` on, fewer only at the end. Raises OSError when they can't be had."""


@dataclass(frozen=True, slots=True)
class MemoryContent(Content):
    """A content that is held in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.data)

    def read(self, offset: int, count: int) -> bytes:
        """Return `count` bytes from `offset` on, fewer only at the end."""
        return self.data[offset : offset + count]


@dataclass(frozen=True, slots=True)
class FileContent(Content):
    """A content that lies in a file; `length` is the file's when it was taken up."""

    path: Path
    length: int

    @property
    def size(self) -> int:
        """Length in bytes, as it was when the file was taken up."""
        return self.length

    def read(self, offset: int, count: int) -> bytes:
        """Return `count` bytes from `offset` on. Raises OSError when they can't be had, or the file became shorter."""
        count = max(0, min(count, self.length - offset))
        with self.path.open("rb") as file:
            file.seek(offset)
            data = file.read(count)
        if len(data) < count:
            raise OSError(f"{self.path.name} has become shorter")
        return data


def files_below(folder: Path, maximum: int = MAX_FILES) -> Iterator[FileContent]:
    """Yield the regular files below a folder, `maximum` at most. Raises OSError when the folder can't be read."""
    return islice(_walk(folder), maximum)


def _walk(folder: Path) -> Iterator[FileContent]:
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield FileContent(path, path.stat().st_size)


def _raise(error: OSError) -> None:
    raise error
