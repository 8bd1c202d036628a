"""A server that one message kills: the suite finds the message, says how the server died, and goes on with another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import BuiltinTarget
from peerspec.conformance.catalogue import Case, cases
from peerspec.conformance.engine import Settings
from peerspec.conformance.napster.mutants.limits import FillsItsTableOfFields
from peerspec.conformance.networks import Network
from peerspec.conformance.processes import ProcessTarget
from peerspec.conformance.session import run
from peerspec.conformance.targetfile import read
from peerspec.conformance.verdicts import Outcome, Verdict

PROGRAM = Path(__file__).with_name("crashing.py")
TARGET = f"""
network = "napster"

[start]
command = ["{sys.executable}", "{PROGRAM}", "{{host}}", "{{port}}"]
"""
STORM = "near_valid_messages_before_a_login_leave_the_server_serving"
CROWD = "a_message_with_a_thousand_fields_leaves_the_server_serving"
CROWDS = "messages_with_a_thousand_fields_leave_the_server_serving"
JUDGED = {
    f"limits/{STORM}[0 to 99]": Verdict.FAIL,
    f"limits/{STORM}[100 to 199]": Verdict.PASS,
    f"limits/{CROWD}[823]": Verdict.FAIL,
    f"limits/{CROWDS}[100 to 199]": Verdict.FAIL,
    "limits/a_long_field_of_a_login_leaves_the_server_serving[nick]": Verdict.PASS,
    "limits/connections_that_stop_within_a_message_do_not_stop_service_to_others": Verdict.PASS,
}
SETTINGS = Settings(timing=Timing(timeout=5.0))
HOW = "the process was killed by SIGSEGV; it last said: serving"


@pytest.fixture
def target(tmp_path: Path, napster: Network) -> Iterator[ProcessTarget]:
    path = tmp_path / "target.toml"
    path.write_text(TARGET)
    file = read(path)
    assert file.start is not None
    target = ProcessTarget(napster, file, file.start)
    target.start()
    yield target
    target.stop()


def chosen(ids: dict[str, Verdict]) -> list[Case]:
    return [case for case in cases("napster") if case.id in ids]


def test_a_program_that_a_message_kills_is_judged_to_the_end(target: ProcessTarget) -> None:
    report = run(chosen(JUDGED), target, SETTINGS)
    assert {each.case.id: each.verdict for each in report.results} == JUDGED
    deaths = [each for each in report.results if each.verdict is Verdict.FAIL]
    assert {(each.message, each.actual) for each in deaths} == {(HOW, HOW)}
    assert report.notes == [f"{HOW}; it was started anew"] * len(deaths)
    assert not report.given_up


def test_what_killed_it_is_among_the_last_that_were_sent(target: ProcessTarget) -> None:
    (result,) = run(chosen({f"limits/{CROWD}[823]": Verdict.FAIL}), target, SETTINGS).results
    assert "823 b'a a a" in result.detail


def test_a_built_in_node_that_a_message_kills_is_judged_to_the_end(napster: Network) -> None:
    target = BuiltinTarget(napster, 1, cls=FillsItsTableOfFields)
    target.start()
    report = run(chosen({f"limits/{CROWD}[823]": Verdict.FAIL, f"limits/{CROWD}[870]": Verdict.FAIL}), target, SETTINGS)
    target.stop()
    assert [each.outcome for each in report.results] == [Outcome.FAILED, Outcome.FAILED]
    how = "the built-in node ended: IndexError('list assignment index out of range')"
    assert report.notes == [f"{how}; it was started anew"] * 2
