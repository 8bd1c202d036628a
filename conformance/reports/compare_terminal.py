"""Comparisons for a terminal: the matrix as lines, and the changes since a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ..printing import printable
from ..verdicts import Verdict
from .pages import KINDS, MARKS
from .terminal import SYMBOLS

if TYPE_CHECKING:
    from rich.console import Console

    from .compare import Cell, Change, Difference, Matrix

_STYLES = {**{str(verdict): style for verdict, (_, style) in SYMBOLS.items()}, "known": "dim", "missing": "dim"}


def print_matrix(console: Console, matrix: Matrix, *, differences: bool = False) -> None:
    """The nodes by letters, then a line for each requirement; with `differences`, only where the nodes differ."""
    names = [_letters(number) for number in range(len(matrix.columns))]
    for name, column in zip(names, matrix.columns, strict=True):
        document = column.document
        line = Text(f"{name}  ", style="bold").append(printable(column.name), style="")
        console.print(
            line.append(f"  {document.said}, {len(document.cases)} cases, {printable(document.began)}", style="dim")
        )
    console.print()
    rows = [row for row in matrix.rows if row.differs or not differences]
    wide = max((len(printable(row.id)) for row in rows), default=0)
    widths = [max([len(name), *(len(_said(row.cells[at])) for row in rows)]) for at, name in enumerate(names)]
    if rows:
        heads = "  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True))
        console.print(Text(f"{'':{wide}}  {'':6}  {heads}".rstrip(), style="bold"))
    for row in rows:
        line = Text(f"{printable(row.id):{wide}}  {row.rule.level:6}  ")
        for cell, width in zip(row.cells, widths, strict=True):
            line.append(_said(cell).ljust(width + 2), style=_STYLES[cell.kind])
        line.rstrip()
        console.print(line)
    if rows:
        console.print()
    for name, counts in zip(names, matrix.counts, strict=True):
        said = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
        said += f", {counts['missing']} not judged" if counts["missing"] else ""
        console.print(f"{name}  {len(matrix.rows)} requirements: {said}")
    console.print(f"{sum(row.differs for row in matrix.rows)} requirements on which the nodes differ")


def print_difference(console: Console, difference: Difference) -> None:
    """What got worse, what got better, what else changed, and how many cases did not."""
    for title, changes, style in (
        ("Worse", difference.worse, _STYLES[str(Verdict.FAIL)]),
        ("Better", difference.better, _STYLES[str(Verdict.PASS)]),
        ("Changed", difference.changed, ""),
    ):
        if changes:
            console.print(Text(title, style="bold"))
            for change in changes:
                console.print(_line(change, style))
            console.print()
    worse, better = len(difference.worse), len(difference.better)
    said = f"{worse} worse, {better} better, {len(difference.changed)} changed, {difference.same} same"
    console.print(Text(said, style="bold red" if worse else "bold green"))


def _line(change: Change, style: str) -> Text:
    line = Text(f"  {printable(change.id)}  ").append(f"{change.before} -> {change.after}", style=style)
    return line.append(f"  {printable(' '.join(change.requirements))}", style="dim")


def _said(cell: Cell) -> str:
    return f"{MARKS[cell.kind]} {cell.text}"


def _letters(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    name = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
