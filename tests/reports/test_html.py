from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from peerspec.conformance.reports.document import Document
from peerspec.conformance.reports.html import MOST_LISTED, MOST_OPEN, Drawing, page
from peerspec.conformance.reports.pages import anchor
from peerspec.conformance.verdicts import Outcome

from .conftest import NASTY, document, judged

_VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """Elements with their attributes; fails on a tag that is not closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_a_page_is_well_formed_and_every_link_within_it_leads_somewhere(everything: Document) -> None:
    read = Reader(page(everything, {"ping/fails": Drawing(svg="<svg><path d='M0 0'/></svg>", text="x")}))
    ids = Counter(each["id"] for _, each in read.found if "id" in each)
    assert [id_ for id_, number in ids.items() if number > 1] == []
    targets = [(each["href"] or "")[1:] for each in read.all("a")]
    assert len(targets) > 5
    assert [target for target in targets if target not in ids] == []
    labels = [(each.get("aria-labelledby") or "") for _, each in read.found if "aria-labelledby" in each]
    assert [label for label in labels if label not in ids] == []


def test_nothing_that_a_node_sent_becomes_markup(everything: Document) -> None:
    text = page(everything)
    read = Reader(text)
    assert len(read.all("script")) == 1
    assert read.all("img") == []
    assert not any(name.startswith("on") for _, each in read.found for name in each)
    assert not any(character in text for character in "\x00\x1b\u202e")
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 10


def test_a_page_asks_for_nothing_and_forbids_foreign_scripts(everything: Document) -> None:
    text = page(everything)
    read = Reader(text)
    assert [each for _, each in read.found if "src" in each] == []
    assert [each["href"] for each in read.all("link")] == ["data:,"]
    assert "url(" not in text
    assert "@import" not in text
    policy = next(each["content"] for each in read.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", policy)


def test_each_verdict_is_counted_and_shown(everything: Document) -> None:
    read = Reader(page(everything))
    entries = [each for each in read.all("details") if "data-entry" in each]
    assert Counter(each["data-verdict"] for each in entries) == {
        "pass": 1, "fail": 2, "warn": 1, "info": 2, "unsupported": 1, "inconclusive": 1, "error": 1, "known": 1,
    }  # fmt: skip
    assert Counter(each["data-level"] for each in entries) == {"MUST": 7, "SHOULD": 1, "MAY": 2}
    boxes = [each["value"] for each in read.all("input") if each.get("name") == "verdict"]
    assert boxes == ["pass", "fail", "warn", "info", "unsupported", "inconclusive", "error", "known"]


def test_few_deviations_stand_open_and_many_do_not() -> None:
    def opened(number: int) -> int:
        some = [judged(f"ping/{at}", Outcome.FAILED) for at in range(number)]
        return sum("open" in each for each in Reader(page(document(*some, judged("ping/holds")))).all("details"))

    assert opened(MOST_OPEN) == MOST_OPEN
    assert opened(MOST_OPEN + 1) == 0


def test_a_requirement_is_told_with_its_code_and_its_source(everything: Document) -> None:
    text = page(everything)
    assert "A node MUST answer <code>PING</code>." in text
    assert "Source: Toy, 1" in text


def test_a_run_of_thousands_of_cases_gives_a_page_that_can_be_opened() -> None:
    cases = [judged(f"ping/{at}", Outcome.FAILED if at % 2 else Outcome.HELD) for at in range(4000)]
    text = page(document(*cases))
    assert len(text) < 1500 * len(cases)
    assert len(re.findall(r'<li><span class="verdict fail">', text)) == MOST_LISTED
    assert f"and {2000 - MOST_LISTED} more, below" in text


@pytest.mark.parametrize("others", [("a/b", "a-b"), ("a [1]", "a.[1]"), (NASTY, NASTY.upper())])
def test_anchors_are_plain_and_differ(others: tuple[str, str]) -> None:
    names = [anchor("case", each) for each in others]
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"[\w.-]+", name, re.ASCII) for name in names)


def test_the_style_of_the_drawings_stands_once() -> None:
    svg = "<?xml version='1.0'?><svg><style>.lane{}</style><path d='M0 0'/></svg>"
    cases = [judged(f"ping/{at}", Outcome.FAILED) for at in range(3)]
    text = page(document(*cases), {case.id: Drawing(svg=svg, text="", note=" (some)") for case in cases})
    assert text.count("<style>.lane{}</style>") == 1
    assert text.count("<path d='M0 0'/>") == 3
    assert "<?xml" not in text
    assert "The messages, in the order of time (some)" in text
