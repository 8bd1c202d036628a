"""Turns: of the processes that judge one and the same node at an address, only one runs a case at a time.

The cases of several processes would disturb each other otherwise: a node counts its connections, and forwards to every
peer what any of them sends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other process has its turn by the file `path`, which is made when it is missing; then have it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a process that is killed
        yield
