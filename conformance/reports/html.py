"""The report as one HTML page: the summary, the deviations, and every case with its requirement and its evidence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from ..verdicts import Level, Verdict
from .document import Document, Judged
from .pages import KINDS, anchor, environment

MOST_OPEN = 5
"""Deviations that stand open when the page is opened, when there are no more."""
MOST_LISTED = 100
"""Deviations listed above the cases."""

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The ladder of a case: as SVG, for the eye, and as text. `note` is added to its caption."""

    svg: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inline:
    svg: Markup
    text: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A case as the page shows it. `kind` is its verdict, or `known`."""

    case: Judged
    anchor: str
    open: bool
    ladder: _Inline | None
    said: str
    saying: str

    @property
    def kind(self) -> str:
        return kind_of(self.case)

    @property
    def word(self) -> str:
        return "known" if self.case.known is not None else self.case.word

    @property
    def explained(self) -> bool:
        return self.case.deviates or self.case.verdict is Verdict.ERROR


@dataclass(slots=True)
class _Section:
    title: str
    anchor: str
    entries: list[_Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a table of counts."""

    name: str
    counts: Counter[str]
    link: str = ""

    @property
    def total(self) -> int:
        return self.counts.total()


def page(document: Document, drawings: Mapping[str, Drawing] | None = None) -> str:
    """The page. `drawings` are the ladders of cases, by case id."""
    entries = _entries(document, drawings or {})
    present = Counter(each.kind for each in entries)
    kinds = [kind for kind in KINDS if present[kind]]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            noun="cases",
            document=document,
            heading=heading(document),
            kinds=kinds,
            totals=[(kind, present[kind]) for kind in kinds],
            sections=_sections(document, entries),
            by_section=_by_section(document),
            by_level=_by_level(document),
            deviations=[each for each in entries if each.explained and each.case.known is None],
            known=[each for each in entries if each.case.known is not None],
            most_listed=MOST_LISTED,
            styles=_styles(list((drawings or {}).values())[:1]),
        )
    )


def heading(document: Document) -> str:
    """What was judged."""
    return f"{document.title}: {document.target.name}"


def kind_of(case: Judged) -> str:
    """The verdict, or `known` where a deviation is known."""
    return "known" if case.known is not None else str(case.verdict)


def _by_section(document: Document) -> list[_Row]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for case in document.cases:
        counts[case.section][kind_of(case)] += 1
    titles = document.sections
    return [_Row(titles.get(name, name), found, anchor("section", name)) for name, found in counts.items()]


def _by_level(document: Document) -> list[_Row]:
    counts = {level: Counter(kind_of(case) for case in document.cases if case.level is level) for level in Level}
    return [_Row(level, found) for level, found in counts.items() if found]


def _entries(document: Document, drawings: Mapping[str, Drawing]) -> list[_Entry]:
    to_open = [case.id for case in document.cases if case.deviates and case.known is None]
    opened = set(to_open if len(to_open) <= MOST_OPEN else ())
    entries = []
    for case in document.cases:
        drawing = drawings.get(case.id)
        said, saying = _said(case)
        name = anchor("case", case.id)
        entries.append(
            _Entry(
                case=case,
                anchor=name,
                open=case.id in opened,
                ladder=None if drawing is None else _inline(drawing),
                said=said,
                saying=saying,
            )
        )
    return entries


def _said(case: Judged) -> tuple[str, str]:
    """What the message says beyond expected and actual, and the word before it."""
    if not (case.expected and case.actual):
        return case.message, "Said"
    return case.message.partition("; after it: ")[2], "After it"


def _sections(document: Document, entries: Iterable[_Entry]) -> list[_Section]:
    found: dict[str, _Section] = {}
    for entry in entries:
        name = entry.case.section
        title = document.sections.get(name, name)
        found.setdefault(name, _Section(title, anchor("section", name))).entries.append(entry)
    return list(found.values())


def _inline(drawing: Drawing) -> _Inline:
    """The drawing as a part of the page, which has its style already."""
    svg = _STYLE.sub("", drawing.svg[drawing.svg.index("<svg") :])
    return _Inline(svg=Markup(svg), text=drawing.text, note=drawing.note)  # noqa: S704 - ours, and escaped there


def _styles(drawings: Iterable[Drawing]) -> Markup:
    """The styles of the drawings, each once."""
    found = dict.fromkeys(style for drawing in drawings for style in _STYLE.findall(drawing.svg))
    return Markup("\n".join(found))  # noqa: S704 - ours
