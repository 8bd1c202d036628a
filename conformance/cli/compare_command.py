"""`peerspec compare`: reports beside each other, or against a baseline."""

from __future__ import annotations

from pathlib import Path

import click

from . import Complaint
from .common import writable, writing


@click.command("compare")
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--baseline", type=click.Path(path_type=Path), help="Say what became of the cases of this older report.")
@click.option("--differences", is_flag=True, help="Print only the requirements on which the nodes differ.")
@click.option("--html", type=click.Path(path_type=Path), help="Write the matrix as one HTML page.")
def command(*, reports: tuple[Path, ...], baseline: Path | None, differences: bool, html: Path | None) -> int:
    """Print a matrix of nodes by requirements, from the report.json of each (or its folder, as check --report has it).

    With --baseline, one REPORT is compared with an older one, case by case.

    Exit code: 0, but 1 when something is worse than in the baseline; 2 for files that are no reports, of several
    networks, or of a format that this version does not know.
    """
    from ..reports.compare import columns, difference, matrix
    from ..reports.document import DocumentError
    from ..reports.terminal import make_console

    if baseline is not None and len(reports) != 1:
        raise Complaint(f"one report can be compared with a baseline, not {len(reports)}")
    try:
        found = columns([*([] if baseline is None else [baseline]), *reports])
    except DocumentError as error:
        raise Complaint(str(error)) from error
    change = None if baseline is None else difference(found[0].document, found[1].document)
    with writing():
        if html is not None:
            from ..reports.compare_html import page

            writable(html).write_text(page(matrix(found), change), "utf-8")
    if change is not None:
        from ..reports.compare_terminal import print_difference

        print_difference(make_console(), change)
        return 1 if change.worse else 0
    from ..reports.compare_terminal import print_matrix

    print_matrix(make_console(), matrix(found), differences=differences)
    return 0
