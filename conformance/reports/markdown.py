"""The report as Markdown, for the summary of a CI run (`$GITHUB_STEP_SUMMARY` takes at most a MiB of it).

Counts by section, then each deviation with its requirement, up to a bound. What a node sent stands in code, where
Markdown and HTML mean nothing.
"""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING

from ..printing import printable, shortened
from ..verdicts import Verdict
from .html import kind_of
from .pages import KINDS, MARKS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document, Judged

MOST_EXPLAINED = 50
MOST_LISTED = 500
LONGEST = 600
"""Bounds: deviations explained, further ones listed, characters of a text."""


def markdown(document: Document) -> str:
    """The summary."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    mark = {0: "✔", 1: "✘"}.get(document.exit_code, "!")
    yield f"## {mark} {_plain(f'{document.title}: {document.target.name}')} {document.said}"
    yield ""
    yield from _table(document)
    yield ""
    took = seconds(document.duration)
    yield f"{len(document.cases)} cases in {took}, seed {document.seed}, peerspec {document.peerspec}"
    for entry in document.stale:
        yield ""
        reason = _plain(entry.reason)
        yield f"**Stale**: {_code(entry.id)} is listed as a known deviation but deviates no longer ({reason})"
    for note in document.notes:
        yield ""
        yield f"Note: {_plain(note)}"
    new = [each for each in document.cases if each.known is None and (each.deviates or each.verdict is Verdict.ERROR)]
    if new:
        yield ""
        yield "### Deviations and errors"
        for case in new[:MOST_EXPLAINED]:
            yield from _explained(document, case)
        yield from _list(new[MOST_EXPLAINED:])
    known = [each for each in document.cases if each.known is not None]
    if known:
        yield ""
        yield "### Known deviations"
        yield from _list(known)


def _table(document: Document) -> Iterator[str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for case in document.cases:
        counts[case.section][kind_of(case)] += 1
    whole = sum(counts.values(), Counter[str]())
    kinds = [kind for kind in KINDS if whole[kind]]
    yield "| section | " + " | ".join(f"{MARKS[kind]} {kind}" for kind in kinds) + " |"
    yield "|---|" + "--:|" * len(kinds)
    for section, found in counts.items():
        title = _plain(document.sections.get(section, section))
        yield f"| {title} | " + " | ".join(str(found[kind] or "") for kind in kinds) + " |"
    yield "| **all** | " + " | ".join(f"**{whole[kind]}**" for kind in kinds) + " |"


def _explained(document: Document, case: Judged) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{MARKS[case.verdict]} {case.verdict}: {_escaped(case.title)}</summary>"
    yield ""
    for id_ in case.requirements:
        rule = document.requirements[id_]
        yield f"- {_code(id_)} ({rule.level}): {_plain(rule.text)} Source: {_plain(rule.source)}"
    for number, each in enumerate(case.expected):
        yield f"- {'or' if number else 'expected'}: {_code(each)}"
    if case.actual:
        yield f"- actual: {_code(case.actual)}"
    if not (case.expected and case.actual):
        yield f"- {_code(case.message)}"
    if document.again:
        yield f"- again: {_code(f'{document.again} {shlex.quote(case.id)}')}"
    yield ""
    yield "</details>"


def _list(cases: list[Judged]) -> Iterator[str]:
    if cases:
        yield ""
    for case in cases[:MOST_LISTED]:
        reason = "" if case.known is None else f": {_plain(case.known)}"
        yield f"- {MARKS[case.verdict]} {_code(case.id)}{reason}"
    if len(cases) > MOST_LISTED:
        yield f"- and {len(cases) - MOST_LISTED} more"


def _escaped(text: str) -> str:
    """`text` on one line in which HTML means nothing."""
    return escape(shortened(printable(text), LONGEST), quote=False)


def _plain(text: str) -> str:
    """`text` on one line in which Markdown and HTML mean nothing."""
    return "".join(f"\\{each}" if each in "\\`*_[]|#~$" else each for each in _escaped(text))


def _code(text: str) -> str:
    """`text` on one line, as code that it cannot end."""
    line = shortened(printable(text), LONGEST)
    longest = run = 0
    for each in line:
        run = run + 1 if each == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line.strip() else ""
    return f"{fence}{pad}{line}{pad}{fence}"
