"""Findings as text for a terminal, and as files.

A saved finding is a scenario (see `scenario`), with the deviations, the seed and the target beside it for whoever reads
it. `scenario.Scenario.decode` reads it back; what stands beside the scenario plays no part when it is played again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ..printing import printable
from ..requirements import load

if TYPE_CHECKING:
    from rich.console import Console

    from ..target import Target
    from .explorer import Deviation
    from .search import Exploration, Finding

_SHOWN = 4


def show_finding(console: Console, finding: Finding, number: int, network: str, *, saved: Path | None = None) -> None:
    """Print the clauses with their sentences, the scenario in words, and how the node deviates."""
    requirements = load(network)
    console.print(Text(f"finding {number}: ", style="bold").append(", ".join(finding.clauses), style="bold red"))
    for clause in finding.clauses:
        requirement = requirements[clause]
        console.print(Text(f"  {requirement.level} {clause}  {printable(requirement.text)}", style="dim"))
    for place, line in enumerate(finding.scenario.words()):
        console.print(Text(f"  {place + 1}. {printable(line)}"))
    for deviation in finding.deviations[:_SHOWN]:
        console.print(Text(f"  expected: {printable(deviation.expected)}"))
        console.print(Text(f"  actual:   {printable(deviation.actual)}"))
    if len(finding.deviations) > _SHOWN:
        console.print(Text(f"  and {len(finding.deviations) - _SHOWN} deviations more", style="dim"))
    if saved is not None:
        console.print(Text(f"  saved as {saved}", style="dim"))
    console.print()


def show_summary(console: Console, found: Exploration) -> None:
    """Print what was done and what came of it, in one or two lines."""
    played = f"{found.scenarios} scenarios of {found.steps} steps in {found.seconds:.1f} s"
    said, style = (
        (f"{len(found.findings)} found", "bold red") if found.findings else ("no deviation found", "bold green")
    )
    console.print(Text(f"{played}: ").append(said, style=style))
    if found.unconfirmed:
        console.print(f"{found.unconfirmed} deviations did not show again when the scenario was played again")
    if found.troubles:
        console.print(f"{found.troubles} scenarios could not be played to the end")


def file_name(finding: Finding, number: int) -> str:
    """The name of a finding's file: its number and its first requirement."""
    word = re.sub(r"[^A-Za-z0-9-]", "_", finding.clauses[0])
    return f"{number:02d}-{word}.json"


def save(finding: Finding, path: Path, target: Target, seed: int) -> None:
    """Write a finding. Raises OSError."""
    data = finding.scenario.encode(
        clauses=finding.clauses,
        words=finding.scenario.words(),
        deviations=[as_data(each) for each in finding.deviations],
        target=target.name,
        seed=seed,
        drawn=finding.number,
    )
    path.write_bytes(data)


def as_data(deviation: Deviation) -> dict[str, object]:
    """A deviation as plain data."""
    return {
        "clauses": list(deviation.clauses),
        "expected": deviation.expected,
        "actual": deviation.actual,
        "step": deviation.label,
    }
