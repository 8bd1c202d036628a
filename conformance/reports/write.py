"""Writing the reports of a run: evidence as the results come, everything else at the end.

    reports = Reports({"html": [Path("out/index.html")]}, target, settings, folder=Path("out"))
    report = run(cases, target, settings, watch=reports.take)
    reports.write(report)

A folder gets `index.html`, `report.json`, `junit.xml`, `summary.md`, and `evidence/` with a folder for each deviation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..evidence.write import Writer, ladder_of
from .html import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..engine import Result, Settings
    from ..session import Report
    from ..target import Target
    from .document import Document

IN_FOLDER = {"html": "index.html", "json": "report.json", "junit": "junit.xml", "markdown": "summary.md"}
"""The kinds of report, with their names in a folder of reports."""

MOST_DRAWN = 100
LARGEST_DRAWING = 300_000
"""Ladders drawn within the page, and characters of each, so that it can always be opened; the evidence has them all."""

_ROWS = 60
_WIDE = 200


class Reports:
    """The files that a run is to leave. `wanted` has paths by kind; `folder` gets evidence, too."""

    def __init__(
        self,
        wanted: Mapping[str, Sequence[Path]],
        target: Target,
        settings: Settings,
        *,
        folder: Path | None = None,
        again: str = "",
    ) -> None:
        self._wanted = wanted
        self._target = target
        self._again = again
        self._drawings: dict[str, Drawing] = {}
        self._evidence = None if folder is None else Writer(folder, target, settings)

    def take(self, result: Result) -> None:
        """Note a result while its transcript is whole, and write its evidence (OSError)."""
        if self._evidence is not None:
            self._evidence.take(result)
        if result.explained and self._wanted.get("html") and len(self._drawings) < MOST_DRAWN:
            self._draw(result)

    def _draw(self, result: Result) -> None:
        if (ladder := ladder_of(result, self._target)) is None:
            return
        hidden = len(ladder.rows) - _ROWS
        note = f" (the last {_ROWS} of {len(ladder.rows)})" if hidden > 0 else ""
        svg = ladder.svg(f"{result.case.title}: the messages", _ROWS)
        if len(svg) <= LARGEST_DRAWING:
            self._drawings[result.case.id] = Drawing(svg=svg, text=ladder.text(_ROWS, most=_WIDE), note=note)

    def write(self, report: Report) -> None:
        """Write every report that is wanted (OSError)."""
        from .structured import document_of

        evidence = None if self._evidence is None else self._evidence.files
        document = document_of(report, again=self._again, evidence=evidence)
        for kind, paths in self._wanted.items():
            if paths:
                text = self._rendered(kind, report, document)
                for path in paths:
                    path.write_text(text, "utf-8")

    def _rendered(self, kind: str, report: Report, document: Document) -> str:
        match kind:
            case "html":
                from .html import page

                return page(document, self._drawings)
            case "junit":
                from .junit import junit

                return junit(report)
            case "markdown":
                from .markdown import markdown

                return markdown(document)
            case "json":
                from .document import encode

                return encode(document).decode()
        raise ValueError(f"no report of the kind {kind!r}")
