"""Where fetched files go: a folder, or memory.

Rules of this file:

- A file that is not whole lies under a name of its own, so that nobody takes it for the file.
- Names come from `names`: a store never sees a stranger's.
- Bytes are added at the end, as they come; nothing is held twice.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from .names import PART


class Store(ABC):
    """Files by name: parts, and whole ones."""

    @abstractmethod
    def length(self, part: str) -> int:
        """Return how many bytes of a part there are; 0 when there is none."""

    @abstractmethod
    def add(self, part: str, data: bytes) -> None:
        """Add bytes to the end of a part. Raises OSError."""

    @abstractmethod
    def finish(self, part: str, name: str) -> None:
        """Make a part the whole file `name`. Raises OSError."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """Return whether there is a whole file of that name."""

    @abstractmethod
    def whole(self) -> Mapping[str, bytes]:
        """Return the whole files by name."""


class MemoryStore(Store):
    """A store in memory."""

    def __init__(self) -> None:
        self._parts: dict[str, bytearray] = {}
        self._files: dict[str, bytes] = {}

    def length(self, part: str) -> int:
        """Return how many bytes of a part there are."""
        return len(self._parts.get(part, b""))

    def add(self, part: str, data: bytes) -> None:
        """Add bytes to the end of a part."""
        self._parts.setdefault(part, bytearray()).extend(data)

    def finish(self, part: str, name: str) -> None:
        """Make a part the whole file `name`."""
        self._files[name] = bytes(self._parts.pop(part, b""))

    def has(self, name: str) -> bool:
        """Return whether there is a whole file of that name."""
        return name in self._files

    def whole(self) -> Mapping[str, bytes]:
        """Return the whole files by name."""
        return dict(self._files)


class FolderStore(Store):
    """A store in a folder, which is made when it is missing. What lies there already is not touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def length(self, part: str) -> int:
        """Return how many bytes of a part there are."""
        path = self._path(part + PART)
        return path.stat().st_size if path.is_file() else 0

    def add(self, part: str, data: bytes) -> None:
        """Add bytes to the end of a part. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path(part + PART).open("ab") as file:
            file.write(data)

    def finish(self, part: str, name: str) -> None:
        """Make a part the whole file `name`; one that was never begun is empty. Raises OSError."""
        self.add(part, b"")
        self._path(part + PART).rename(self._path(name))

    def has(self, name: str) -> bool:
        """Return whether there is anything of that name."""
        return self._path(name).exists()

    def whole(self) -> Mapping[str, bytes]:
        """Return the whole files by name."""
        if not self.folder.is_dir():
            return {}
        return {
            path.name: path.read_bytes()
            for path in sorted(self.folder.iterdir())
            if path.is_file() and path.suffix != PART
        }

    def _path(self, name: str) -> Path:
        return self.folder / name
