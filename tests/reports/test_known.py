"""Known deviations: the list that a run leaves, and the option that writes it."""

from __future__ import annotations

import contextlib
import io
import tomllib
from pathlib import Path

import pytest

from peerspec.conformance.catalogue import cases
from peerspec.conformance.deviations import as_toml, remembered
from peerspec.conformance.engine import Result
from peerspec.conformance.target import Deviation
from peerspec.conformance.targetfile import read_deviations
from peerspec.conformance.verdicts import Level, Outcome, grade

from .conftest import NASTY, call

CASES = [case for case in cases("gnutella") if case.requirements == ("GNU-FWD-02",)]
FIRST, SECOND = CASES[0].id, CASES[1].id
WRONG = "Hops 0 came out as 0"


def results(*outcomes: Outcome, message: str = WRONG) -> list[Result]:
    return [
        Result(case=case, level=Level.MUST, outcome=outcome, verdict=grade(outcome, Level.MUST), message=message)
        for case, outcome in zip(CASES, outcomes, strict=False)
    ]


def entry(id_: str, reason: str = "why") -> Deviation:
    return Deviation(id=id_, reason=reason)


@pytest.mark.parametrize(
    ("known", "outcomes", "ids"),
    [
        ([], [Outcome.HELD, Outcome.FAILED], [SECOND]),
        ([], [Outcome.ERROR, Outcome.INCONCLUSIVE], []),
        ([FIRST], [Outcome.FAILED, Outcome.FAILED], [FIRST, SECOND]),
        (["GNU-FWD-02"], [Outcome.FAILED, Outcome.FAILED], ["GNU-FWD-02"]),
        (["GNU-FWD-02"], [Outcome.HELD, Outcome.HELD], []),
        (["GNU-FWD-02"], [Outcome.HELD, Outcome.FAILED], ["GNU-FWD-02"]),
        ([FIRST], [Outcome.HELD, Outcome.FAILED], [SECOND]),
        ([FIRST], [Outcome.INCONCLUSIVE], [FIRST]),
        (["GNU-BYE-01"], [Outcome.HELD], ["GNU-BYE-01"]),
    ],
)
def test_entries_are_kept_struck_and_added(known: list[str], outcomes: list[Outcome], ids: list[str]) -> None:
    found = remembered(results(*outcomes), [entry(id_) for id_ in known])
    assert [each.id for each in found] == ids
    for each in found:
        assert each.reason == ("why" if each.id in known else f"not explained yet: {WRONG}")


def test_what_the_target_file_covers_needs_no_entry() -> None:
    assert remembered(results(Outcome.FAILED), [], [entry("GNU-FWD-02")]) == []


def test_any_reason_survives_the_file(tmp_path: Path) -> None:
    reasons = [NASTY, 'a "quote" \\ and \x7f', "ünïcode 🐙", "\ud800", "two\nlines", "x" * 5000]
    path = tmp_path / "known.toml"
    path.write_text(as_toml(entry(f"GNU-X-{number}", reason) for number, reason in enumerate(reasons)), "utf-8")
    found = read_deviations(path)
    assert [each.id for each in found] == [f"GNU-X-{number}" for number in range(len(reasons))]
    assert found[1].reason == 'a "quote" \\ and \\x7f'
    assert found[2].reason == "ünïcode 🐙"
    assert found[4].reason == "two\\nlines"
    assert all("\n" not in each.reason and each.reason for each in found)
    (long,) = remembered(results(Outcome.FAILED, message="x" * 5000), [])
    assert len(long.reason) == 300


def test_an_empty_list_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(as_toml([]), "utf-8")
    assert read_deviations(path) == ()


def judge(*words: str | Path, mutant: str = "KeepsTheHops") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    options = ["--mutant", mutant] if mutant else []
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = call("check", "gnutella", "virtual", "GNU-FWD-02", *options, *map(str, words))
    return code, out.getvalue(), err.getvalue()


def test_a_run_writes_what_the_next_one_forgives(tmp_path: Path) -> None:
    path = tmp_path / "new" / "known.toml"
    assert judge("--write-known", path)[0] == 1
    text = path.read_text("utf-8")
    listed = tomllib.loads(text)["known_deviations"]
    assert {each["id"] for each in listed} < {case.id for case in cases("gnutella")}
    assert len(listed) >= 4
    path.write_text(text.replace(f"not explained yet: {WRONG}", "upstream #7"), "utf-8")
    code, out, _ = judge("--known", path, "--write-known", path, "--report", tmp_path / "out")
    assert code == 0
    assert "known: upstream #7" in out
    assert path.read_text("utf-8") == text.replace(f"not explained yet: {WRONG}", "upstream #7") != text
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert '<h2 id="known">Known deviations</h2>' in page
    assert "Deviations and errors" not in page
    assert "### Known deviations" in (tmp_path / "out" / "summary.md").read_text("utf-8")


def test_a_stale_entry_fails_the_run_that_strikes_it(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text('[[known_deviations]]\nid = "GNU-FWD-02"\nreason = "once"\n')
    code, out, _ = judge("--known", path, "--write-known", path, "--report", tmp_path / "out", mutant="")
    assert code == 1
    assert "GNU-FWD-02 is listed as a known deviation" in out
    assert "GNU-FWD-02" in (tmp_path / "out" / "index.html").read_text("utf-8").partition('<h2 id="summary">')[0]
    assert judge("--known", path, mutant="")[0] == 0


def test_reasons_that_are_there_are_kept_though_the_run_did_not_read_them(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text('[[known_deviations]]\nid = "GNU-FWD-02"\nreason = "once"\n')
    assert judge("--write-known", path)[0] == 1
    assert read_deviations(path) == (entry("GNU-FWD-02", "once"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "not a TOML file"),
        ('[[known_deviations]]\nid = "GNU-FWD-99"\nreason = "x"\n', "no requirement or case 'GNU-FWD-99'"),
    ],
)
def test_a_file_that_is_something_else_is_not_overwritten(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    code, out, err = judge("--write-known", path)
    assert (code, out) == (2, "")
    assert said in err
    assert path.read_text() == text
