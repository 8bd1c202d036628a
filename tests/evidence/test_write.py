from __future__ import annotations

from pathlib import Path

import pytest

from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.evidence.write import FILES, Writer, folder_of, write
from peerspec.conformance.networks import Network

from .conftest import Failing, virtual


def test_a_failing_case_leaves_all_its_files(tmp_path: Path, failing: Failing) -> None:
    result, target = failing("KeepsTheTtl")
    own = write(tmp_path, result, target, Settings())
    assert own == tmp_path / "evidence" / "forwarding" / result.case.id.partition("/")[2]
    assert {each.name for each in own.iterdir()} == set(FILES)
    summary = (own / "summary.md").read_text("utf-8")
    assert "**GNU-FWD-01** (MUST): A servent that forwards a Query MUST send it with a TTL" in summary
    assert "Source: " in summary
    assert "◀─ node  Query" in summary
    assert "peerspec replay trace.json" in summary


def test_all_outcomes_that_are_acceptable_are_listed(tmp_path: Path, gnutella: Network, failing: Failing) -> None:
    result, target = failing("KeepsTheTtl")
    result.expected, result.actual = ("a close", "a Bye"), "nothing `of` <the> \x1b[31m kind"
    summary = (write(tmp_path, result, target, Settings()) / "summary.md").read_text("utf-8")
    assert "- expected: a close\n- or: a Bye\n- actual: nothing \\`of\\` \\<the\\> \\\\x1b\\[31m kind\n" in summary


@pytest.mark.parametrize(
    ("id_", "folder"),
    [
        ("limits/a_case[Ping]", "limits/a_case[Ping]"),
        ("limits/a_case[../../etc/passwd]", "limits/a_case[../_/etc/passwd]"),
        ("limits/..", "limits/_"),
        ("limits/" + "x" * 500, "limits/" + "x" * 120),
        ("limits/a_case[\x1b\n:é]", "limits/a_case[____]"),
    ],
)
def test_folders_are_named_after_cases_and_lie_within_the_report(id_: str, folder: str) -> None:
    assert folder_of(id_).as_posix() == folder
    assert ".." not in folder_of(id_).parts


def test_what_passes_leaves_nothing_and_takes_old_evidence_away(
    tmp_path: Path, gnutella: Network, failing: Failing
) -> None:
    result, target = failing("KeepsTheTtl")
    writer = Writer(tmp_path, target, Settings())
    writer.take(result)
    (files,) = writer.files.values()
    assert all((tmp_path / name).is_file() for name in files)
    better = judge(result.case, virtual(gnutella, None), Settings())
    Writer(tmp_path, target, Settings()).take(better)
    assert not any((tmp_path / name).exists() for name in files)


def test_a_transcript_is_needed(tmp_path: Path, failing: Failing) -> None:
    result, target = failing("SharesNothing")
    result.transcript = None
    with pytest.raises(ValueError, match="no transcript"):
        write(tmp_path, result, target, Settings())
