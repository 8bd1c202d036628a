"""The pages in a real browser: see `browser.py` for what it needs, and `browser.cjs` for what is done there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from peerspec.conformance.reports.document import Document, read
from peerspec.conformance.reports.html import Drawing, page

from .browser import PACKAGES, observe
from .conftest import NASTY, call

# One browser at a time: several of them and the rest of the tests are more than a small machine bears.
pytestmark = pytest.mark.xdist_group("browser")


def quiet(seen: dict[str, Any], url: str) -> None:
    """Nothing was complained about, and nothing was asked of anybody."""
    assert seen["console"] == []
    assert {address.partition("#")[0] for address in seen["requests"]} == {url}
    assert seen["dialogs"] == []


def sound_in_both_schemes(found: dict[str, Any], url: str) -> None:
    """Readable for everybody, light and dark, and on a narrow screen."""
    for scheme in ("light", "dark"):
        quiet(found[scheme], url)
        assert found[scheme]["faults"] == []
        assert found[scheme]["tooWide"] <= 0
    assert brightness(found["light"]["background"]) > 200 > 100 > brightness(found["light"]["text"])
    assert brightness(found["dark"]["background"]) < 60 < 180 < brightness(found["dark"]["text"])
    assert found["narrow"]["tooWide"] <= 0


def brightness(colour: str) -> float:
    """The mean of red, green and blue of `rgb(1, 2, 3)`."""
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3


def test_the_report_of_a_failing_run(broken: Path, npm_modules: Callable[..., Path]) -> None:
    url = (broken / "index.html").as_uri()
    document = read(broken / "report.json")
    total, failing = len(document.cases), sum(case.deviates for case in document.cases)
    named = sum("GNU-FWD-02" in case.requirements for case in document.cases)
    should = sum(case.level == "SHOULD" for case in document.cases)
    found = observe(npm_modules(*PACKAGES), "report", url)
    sound_in_both_schemes(found, url)
    quiet(found["used"], url)

    def shown(number: int) -> str:
        return f"{number} of {total} cases shown"

    assert all(0 < number < total for number in (named, failing, should))
    assert found["filters"] == {
        "all": shown(total),
        "deviations": shown(failing),
        "entries": failing,
        "groups": 1,
        "cleared": shown(total),
        "verdict": shown(failing),
        "verdictBack": shown(total),
        "level": shown(should),
        "levelBack": shown(total),
        "search": shown(named),
        "nothing": shown(0),
        "said": True,
        "linked": True,
    }

    evidence = found["evidence"]
    assert (evidence["before"], evidence["ladder"]) == (False, True)
    assert evidence["arrows"] > 4
    assert evidence["name"].startswith("A forwarded Query has one hop more")
    assert "Query" in evidence["text"]
    assert "GNU-FWD-02 MUST A servent that forwards a Query MUST send it" in evidence["rule"]
    files = [Path(unquote(urlsplit(each).path)) for each in evidence["files"]]
    assert {each.name for each in files} >= {"capture.pcap", "trace.json", "ladder.svg"}
    assert all(each.stat().st_size for each in files)

    assert found["keyboard"] == {
        "first": "Skip to the cases",
        "skipShown": True,
        "skipped": "main",
        "outline": "solid",
        "opened": True,
        "closed": True,
    }
    printed = found["printed"]
    assert (printed["form"], brightness(printed["background"])) == (False, 255)
    assert printed["pdf"] > 10_000
    plain = found["withoutScripts"]
    assert plain["form"] is False
    assert all(case.title in plain["text"] for case in document.cases)
    assert "A servent that forwards a Query MUST send it" in plain["text"]


def test_a_page_of_every_verdict_is_sound_and_runs_nothing_that_a_node_sent(
    everything: Document, tmp_path: Path, npm_modules: Callable[..., Path]
) -> None:
    path = tmp_path / "index.html"
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>t</title><style>.x{}</style><path d="M0 0h9"/></svg>'
    )
    path.write_text(page(everything, {"ping/fails": Drawing(svg=svg, text=NASTY)}))
    found = observe(npm_modules(*PACKAGES), "plain", path.as_uri())
    sound_in_both_schemes(found, path.as_uri())


def test_the_matrix(broken: Path, sound: Path, tmp_path: Path, npm_modules: Callable[..., Path]) -> None:
    path = tmp_path / "matrix.html"
    with contextlib.redirect_stdout(None):
        assert call("compare", str(broken), "--baseline", str(sound), "--html", str(path)) == 1
    url = path.as_uri()
    found = observe(npm_modules(*PACKAGES), "compare", url)
    sound_in_both_schemes(found, url)
    quiet(found["used"], url)
    whole = int(found["all"].split()[0])
    assert found["all"] == f"{whole} of {whole} requirements shown"
    assert (found["differing"], found["rows"]) == (f"1 of {whole} requirements shown", 1)
    assert found["search"] == f"0 of {whole} requirements shown"
