"""What several commands share: choosing a network, writing files, and turning our errors into complaints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import Complaint

if TYPE_CHECKING:
    from ..networks import Network


class Seconds(click.FloatRange):
    """A number of seconds within a range. Not-a-number lies in every range of click's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if found != found:
            self.fail(f"{value!r} is no number", param, ctx)
        return found


@contextmanager
def complaints() -> Iterator[None]:
    """Turn the errors that are about what the user gave, or about the node, into one line and an exit code."""
    from ..catalogue import CatalogueError
    from ..requirements import RequirementError
    from ..selection import SelectionError
    from ..target import TargetError, TargetUsageError

    try:
        yield
    except (SelectionError, TargetUsageError) as error:
        raise Complaint(str(error), 2) from error
    except TargetError as error:
        raise Complaint(str(error), 3) from error
    except (CatalogueError, RequirementError) as error:
        raise Complaint(f"this installation is damaged: {error}", 3) from error


def the_network(word: str) -> Network:
    """The network of that name."""
    from ..selection import choose_network

    with complaints():
        return choose_network(word)


def writable(path: Path) -> Path:
    """`path`, its folder made, seen to be writable before anything costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a"):
            pass
    except OSError as error:
        raise Complaint(f"{path} can't be written: {(error.strerror or str(error)).lower()}") from error
    return path


@contextmanager
def writing() -> Iterator[None]:
    """Turn what goes wrong while reports are written into one line."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise
        raise Complaint(f"{error.filename} can't be written: {(error.strerror or str(error)).lower()}", 3) from error
