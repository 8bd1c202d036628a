"""Comparing reports: a matrix of nodes by requirements, and what became of a node since a baseline.

The matrix has a line for each requirement that any of the reports judged. Its cell for a node is the worst that came of
the cases that cite the requirement: one broken case breaks the rule.

Against a baseline, case by case, by how the case *ended*, so that `--strict` makes no difference:

- worse: it held, at a level that binds, and now it fails, can't be told, or is missing;
- better: it does hold now, and did not;
- changed: anything else that is not the same, such as a MAY that is done otherwise, a failure that can no longer be
  told, or a deviation that has become a known one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..verdicts import Level, Outcome
from .document import Document, DocumentError, Judged, Rule, read

FILE = "report.json"
"""What is read when a folder of reports is named."""

_WORST_FIRST = ("fail", "warn", "known", "error", "inconclusive", "unsupported", "does not", "does", "pass")


@dataclass(frozen=True, slots=True)
class Column:
    """One of the reports. `name` tells it from the others."""

    name: str
    path: Path
    document: Document


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one requirement at one node.

    `kind` is a verdict, `known` or `missing`; `word` says it; `cases` are those that ended so, of `total` that cite it.
    """

    kind: str
    word: str
    cases: tuple[str, ...] = ()
    total: int = 0

    @property
    def text(self) -> str:
        """The word, and how many of the cases where it was not all of them."""
        return self.word if len(self.cases) == self.total else f"{self.word} {len(self.cases)}/{self.total}"


MISSING = Cell("missing", "not judged")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement over all nodes."""

    id: str
    rule: Rule
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the nodes that were judged by it do not all do the same."""
        return len({cell.word for cell in self.cells if cell is not MISSING}) > 1


@dataclass(frozen=True)
class Matrix:
    """Nodes by requirements."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @cached_property
    def counts(self) -> tuple[Counter[str], ...]:
        """How many requirements came to each kind, by node."""
        return tuple(Counter(row.cells[number].kind for row in self.rows) for number in range(len(self.columns)))


@dataclass(frozen=True, slots=True)
class Change:
    """A case that came out otherwise."""

    id: str
    requirements: tuple[str, ...]
    before: str
    after: str


@dataclass(slots=True)
class Difference:
    """What became of a node."""

    worse: list[Change] = field(default_factory=list)
    better: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0


def topic_of(id_: str) -> str:
    """A requirement's id without its number."""
    return id_.rpartition("-")[0]


def columns(paths: Sequence[Path]) -> tuple[Column, ...]:
    """The reports in files, or in folders of reports (DocumentError, also when they are of several networks)."""
    files = [path / FILE if path.is_dir() else path for path in paths]
    documents = [read(path) for path in files]
    for path, document in zip(files, documents, strict=True):
        if document.network != documents[0].network:
            first = f"{files[0]} of {documents[0].network}"
            raise DocumentError(f"{path} is a report of {document.network}, {first}: they can't be compared")
    names = Counter(document.target.name for document in documents)
    return tuple(
        Column(
            document.target.name if names[document.target.name] == 1 else f"{document.target.name} ({given})",
            path,
            document,
        )
        for given, path, document in zip(paths, files, documents, strict=True)
    )


def matrix(found: Sequence[Column]) -> Matrix:
    """The matrix of some reports, topic by topic. A requirement is worded as in the last report that has it."""
    rules: dict[str, Rule] = {}
    for column in found:
        rules.update(column.document.requirements)
    topics = list(dict.fromkeys(topic_of(id_) for id_ in rules))
    ordered = sorted(rules.items(), key=lambda item: (topics.index(topic_of(item[0])), item[0]))
    by_rule = [_cases_by_rule(column.document.cases) for column in found]
    rows = [Row(id_, rule, tuple(_cell(cases.get(id_, [])) for cases in by_rule)) for id_, rule in ordered]
    return Matrix(tuple(found), tuple(rows))


def difference(before: Document, after: Document) -> Difference:
    """What became of the cases of `before` in `after`."""
    old, new = ({case.id: case for case in document.cases} for document in (before, after))
    found = Difference()
    for id_ in dict.fromkeys([*old, *new]):
        was, now = old.get(id_), new.get(id_)
        if was is not None and now is not None and (was.outcome, was.known) == (now.outcome, now.known):
            found.same += 1
            continue
        said = was or now
        change = Change(id_, tuple(said.requirements) if said else (), _word(was), _word(now))
        if _holds(was) and not _holds(now) and (now is None or now.known is None):
            found.worse.append(change)
        elif _holds(now) and was is not None and not _holds(was):
            found.better.append(change)
        else:
            found.changed.append(change)
    return found


def _holds(case: Judged | None) -> bool:
    """Whether a requirement that binds was met."""
    return case is not None and case.outcome is Outcome.HELD and case.level is not Level.MAY


def _word(case: Judged | None) -> str:
    if case is None:
        return "missing"
    return f"{case.word}, known" if case.known is not None else case.word


def _cases_by_rule(cases: Iterable[Judged]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for case in cases:
        for id_ in case.requirements:
            found.setdefault(id_, []).append(case)
    return found


def _cell(cases: Sequence[Judged]) -> Cell:
    words = {case.id: "known" if case.known is not None else case.word for case in cases}
    if not words:
        return MISSING
    worst = min(words.values(), key=_WORST_FIRST.index)
    kind = "info" if worst in ("does", "does not") else worst
    return Cell(kind, worst, tuple(id_ for id_, word in words.items() if word == worst), len(words))
