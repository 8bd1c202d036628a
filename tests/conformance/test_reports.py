from __future__ import annotations

import io
import json
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from rich.console import Console

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import Case
from peerspec.conformance.engine import Settings
from peerspec.conformance.outcomes import Failure, Inconclusive
from peerspec.conformance.reports.junit import junit
from peerspec.conformance.reports.structured import as_json
from peerspec.conformance.reports.terminal import TerminalReport, make_console
from peerspec.conformance.session import Report, run
from peerspec.conformance.target import Deviation

from .conftest import MakeCase

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


@pytest.fixture
def mixed(make_case: MakeCase) -> list[Case]:
    """A case for every verdict."""

    def hold(bench: object) -> None:
        """Holds."""

    def fail(bench: object) -> NoReturn:
        raise Failure(expected=["a pong", "a close"], actual="a <bell> \x07 & \ud800")

    def wonder(bench: object) -> NoReturn:
        raise Inconclusive("no luck")

    def err(bench: object) -> NoReturn:
        raise KeyError("tester")

    return [
        make_case(hold, id="pinging/hold"),
        make_case(fail, id="pinging/fail"),
        make_case(fail, "TOY-PNG-02", id="pinging/warn"),
        make_case(hold, "TOY-ECH-01", id="saying/may", section="saying"),
        make_case(fail, "TOY-ECH-01", id="saying/may not", section="saying"),
        make_case(hold, id="saying/unsupported", section="saying", features=("wings",)),
        make_case(wonder, id="living/wonder", section="living"),
        make_case(err, id="living/error", section="living"),
        make_case(fail, "TOY-SAY-02", id="living/known", section="living"),
    ]


@pytest.fixture
def report(virtual: VirtualTarget, mixed: list[Case]) -> Report:
    virtual.deviations = (
        Deviation(id="TOY-SAY-02", reason="known & <accepted>"),
        Deviation(id="pinging/hold", reason="was mended"),
    )
    return run(mixed, virtual, Settings(timing=Timing(timeout=0.3)))


def printed(report: Report, console: Console) -> None:
    printer = TerminalReport(console, len(report.results), again="peerspec check toy")
    printer.begin(report.target)
    for result in report.results:
        printer.show(result)
    printer.end(report)


def test_the_terminal_report_piped_is_plain_text(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    printed(report, make_console())
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\r" not in out
    lines = out.splitlines()
    assert lines[0] == "Toy: the built-in Toy node in the virtual network"
    assert "Ping and pong (pinging)" in lines
    assert "  ✔ hold  TOY-PNG-01" in lines
    assert "  ✘ fail  TOY-PNG-01  fail" in lines
    assert "  ▲ fail  TOY-PNG-02  warn" in lines
    assert "  • hold  TOY-ECH-01  does" in lines
    assert "  • fail  TOY-ECH-01  does not" in lines
    assert "  ○ hold  TOY-PNG-01  unsupported: wings: not among the target's features" in lines
    assert "  ? wonder  TOY-PNG-01  inconclusive: no luck" in lines
    assert "  ! err  TOY-PNG-01  error" in lines
    assert "  ≈ fail  TOY-SAY-02  known: known & <accepted>" in lines
    assert lines[-1].startswith(
        "9 cases, 1 pass, 1 fail, 1 warn, 2 info, 1 unsupported, 1 inconclusive, 1 error, 1 known, 1 stale in "
    )
    assert lines[-1].endswith("s: does not conform")


def test_a_failure_is_explained(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    printed(report, make_console())
    out = capsys.readouterr().out
    explained = out[out.index("Deviations") :]
    assert "TOY-PNG-01 (MUST): A node that receives `PING x` MUST answer `PONG x` on the same connection." in explained
    assert "source: Toy, 1" in explained
    assert "expected: a pong\n            or: a close\n" in explained
    assert "actual:   a <bell> \\x07 & \\ud800\n" in explained
    assert "again: peerspec check toy pinging/fail" in explained
    assert "the tester failed, which says nothing of the node" in explained
    assert "KeyError: 'tester'" in explained
    assert "pinging/hold is listed as a known deviation" in explained
    assert "TOY-SAY-02 (" not in explained


def test_a_terminal_gets_colours(report: Report) -> None:
    out = io.StringIO()
    printed(report, Console(file=out, force_terminal=True, width=100))
    assert "\x1b[" in out.getvalue()


def test_the_junit_report_is_valid_and_counts_right(report: Report) -> None:
    text = junit(report)
    SCHEMA.validate(text)
    root = ET.fromstring(text)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("10", "2", "1")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["toy.pinging", "toy.saying", "toy.living", "toy.known_deviations"]
    for suite in suites.values():
        assert len(suite) == int(suite.get("tests", "0"))
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{tag}")) == int(suite.get(count, "-1"))
    failure = root.find(".//testcase[@name='fail']/failure")
    assert failure is not None
    assert failure.get("message", "").startswith("expected a pong or a close; got a <bell>")
    assert failure.text is not None
    assert "TOY-PNG-01 (MUST): A node that receives" in failure.text
    assert root.find(".//testcase[@name='warn']/failure") is None


def test_the_schema_refuses_what_is_no_report(report: Report) -> None:
    for old, new in ((' name="hold"', ""), ("<failure ", "<fault "), ('tests="3"', 'tests="three"')):
        with pytest.raises(xmlschema.XMLSchemaException):
            SCHEMA.validate(junit(report).replace(old, new).replace("</failure>", f"</{new[1:-1] or 'failure'}>"))


def test_the_json_report_holds_everything(report: Report) -> None:
    found = json.loads(as_json(report))
    assert (found["format"], found["network"], found["exit_code"]) == (1, "toy", 1)
    assert found["verdicts"] == {
        "pass": 1, "fail": 1, "warn": 1, "info": 2, "unsupported": 1, "inconclusive": 1, "error": 1,
    }  # fmt: skip
    assert (found["known"], found["stale"]) == (1, [{"id": "pinging/hold", "reason": "was mended"}])
    fail = found["cases"][1]
    assert (fail["verdict"], fail["level"], fail["outcome"]) == ("fail", "MUST", "failed")
    assert fail["expected"] == ["a pong", "a close"]
    assert fail["transcript"]["events"] == []
    assert found["cases"][0]["transcript"] is None
    assert set(found["requirements"]) == {"TOY-PNG-01", "TOY-PNG-02", "TOY-ECH-01", "TOY-SAY-02"}
