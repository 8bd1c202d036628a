"""What an instance has fetched: the files that it had in the trace, and those that it has now.

Names and contents come from testers, who say the same again, so they are compared as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..bench import digests

if TYPE_CHECKING:
    from ..target import Instance


class Kept:
    """The files of one instance, looked at as in an event of the trace (ValueError for a note that is none)."""

    def __init__(self, instance: Instance, note: str) -> None:
        self._instance = instance
        try:
            self._wanted: dict[str, list[int | str]] = dict(json.loads(note))
        except TypeError as error:
            raise ValueError("what an instance has fetched is said by name") from error

    def is_there(self) -> bool:
        """Whether it has all that it had in the trace."""
        found = digests(self._instance.downloaded())
        return all(found.get(name) == file for name, file in self._wanted.items())

    def is_the_same(self) -> bool:
        """Whether it has that and nothing else."""
        return digests(self._instance.downloaded()) == self._wanted

    def told(self) -> str:
        """What it has, in words."""
        files = self._instance.downloaded().items()
        return ", ".join(f"{name} of {len(content)} bytes" for name, content in files) or "no file"
