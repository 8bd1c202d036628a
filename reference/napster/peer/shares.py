r"""What a peer shares: files under the names by which the network knows them.

Rules of this file:

- A file is found by its whole name, compared byte by byte, in a list made at the start. A name that a stranger wrote is
  looked up there and nowhere else (NAP-TRF-14).
- Names have backslashes between their parts. Of a folder, its own name is the first part: what lies above it is
  nobody's business.
- Left out are files that can't be fetched: empty ones, and those whose names no quoted field can hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from ....codecs.errors import EncodeError
from ....codecs.napster import GetFile
from ...shares import Content, MemoryContent, files_below
from .checksum import checksum_of
from .music import Music, music_of


class Share:
    r"""One shared file: `name`, such as `C:\mp3\song.mp3`, and `content`."""

    def __init__(self, name: str, content: Content) -> None:
        self.name = name
        self.content = content

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.content.size

    @cached_property
    def music(self) -> Music:
        """What its frames have. Raises OSError."""
        return music_of(self.name, self.content)

    @cached_property
    def checksum(self) -> str:
        """The checksum of its beginning (NAP-PER-10). Raises OSError."""
        return checksum_of(self.content)

    @property
    def folder(self) -> str:
        """Its name up to and with the last backslash; empty for a name without one."""
        return self.name[: self.name.rfind("\\") + 1]

    @property
    def base(self) -> str:
        """Its name behind the last backslash."""
        return self.name[self.name.rfind("\\") + 1 :]


class Shares:
    """The files that a peer shares, in the order in which it tells of them."""

    def __init__(self, shares: Iterable[Share] = ()) -> None:
        self._by_name = {share.name: share for share in shares if _can_be_told(share)}

    @classmethod
    def of(cls, contents: Mapping[str, bytes]) -> Self:
        """Share contents held in memory, by name."""
        return cls(Share(name, MemoryContent(content)) for name, content in contents.items())

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Share the regular files below a folder, links left out. Raises OSError when the folder can't be read."""
        root = folder.resolve()
        return cls(
            Share("\\".join((root.name, *content.path.relative_to(root).parts)), content)
            for content in files_below(root)
        )

    def get(self, name: str) -> Share | None:
        """Return the file with this name, or None."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Share]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)


def _can_be_told(share: Share) -> bool:
    """Whether a message can name the file and a request can fetch some of it."""
    if not share.size or not share.base or any(character < " " for character in share.name):
        return False
    try:
        GetFile("nick", share.name, 0).encode()
    except EncodeError:
        return False
    return True
