"""The folder of reports, and the options that write one report each."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from xml.etree import ElementTree as ET

from peerspec.conformance.evidence.write import FILES
from peerspec.conformance.reports.document import read

from .conftest import call


def judge(*words: str | Path) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = call("check", "gnutella", "virtual", "GNU-FWD-02", *map(str, words))
    return code, err.getvalue()


def test_a_folder_gets_everything_and_evidence_for_each_deviation(broken: Path) -> None:
    names = {"index.html", "report.json", "junit.xml", "summary.md", "evidence"}
    assert {path.name for path in broken.iterdir()} == names
    document = read(broken / "report.json")
    failing = sum(case.deviates for case in document.cases)
    assert failing >= 4
    for case in document.cases:
        assert bool(case.evidence) == case.deviates
        assert case.transcript is None
        assert [Path(each).name for each in case.evidence] == list(FILES) * case.deviates
        assert all((broken / each).stat().st_size for each in case.evidence)
    page = (broken / "index.html").read_text("utf-8")
    assert page.count("<svg") == failing
    assert page.count("capture.pcap") == 2 * failing  # the link and its text


def test_evidence_is_taken_away_when_the_deviation_is_gone(tmp_path: Path) -> None:
    assert judge("--mutant", "KeepsTheHops", "--report", tmp_path)[0] == 1
    folders = list((tmp_path / "evidence" / "forwarding").iterdir())
    assert len(folders) >= 4
    (folders[0] / "mine.txt").write_text("kept")
    assert judge("--report", tmp_path) == (0, "")
    assert list((tmp_path / "evidence" / "forwarding").rglob("*.*")) == [folders[0] / "mine.txt"]


def test_each_report_can_be_had_alone(tmp_path: Path) -> None:
    words = [word for kind in ("html", "json", "junit", "markdown") for word in (f"--{kind}", tmp_path / kind)]
    assert judge("--mutant", "KeepsTheHops", *words) == (1, "")
    assert {path.name for path in tmp_path.iterdir()} == {"html", "json", "junit", "markdown"}
    cases = read(tmp_path / "json").cases
    failing = [case for case in cases if case.deviates]
    assert len(failing) >= 4
    assert (tmp_path / "html").read_text("utf-8").count("<svg") == len(failing)
    assert ET.parse(tmp_path / "junit").getroot().get("failures") == str(len(failing))
    assert (tmp_path / "markdown").read_text("utf-8").startswith("## ✘ Gnutella: KeepsTheHops")
    kept = [case.transcript for case in failing]
    assert all(transcript is not None and len(transcript.events) > 10 for transcript in kept)


def test_what_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("in the way")
    code, err = judge("--mutant", "KeepsTheHops", "--report", tmp_path)
    assert code == 3
    assert err.startswith(f"peerspec: {tmp_path}/evidence")
    assert "can't be written: " in err
    assert err.count("\n") == 1
    assert judge("--html", tmp_path / "evidence" / "x") == (
        2,
        f"peerspec: {tmp_path}/evidence/x can't be written: file exists\n",
    )
