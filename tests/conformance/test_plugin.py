"""The cases under plain pytest, in processes of their own, and the plugin's silence everywhere else."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from peerspec.conformance.turns import turn

from .conftest import Behaviour, Hostile, good_pings, mute

Pytest = Callable[..., tuple[int, str]]


@pytest.fixture
def run_pytest(tmp_path: Path, toyland: Path) -> Pytest:
    """Runs pytest in an empty folder, with the plugin installed as pip installs it."""
    installed = tmp_path / "site" / "peerspec_plugin-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: peerspec-plugin\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[pytest11]\npeerspec = peerspec.conformance.plugin\n")
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": f"{installed.parent}{os.pathsep}{toyland}", "PYTEST_ADDOPTS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_the_cases_run_under_plain_pytest(run_pytest: Pytest, mode: str) -> None:
    code, out = run_pytest(
        "--pyargs", "peerspec.conformance.toy", f"--import-mode={mode}", "-rx", "--target", "virtual"
    )
    assert (code, out.splitlines()[-1].split(" in ")[0].strip("= ")) == (0, "8 passed, 1 xfailed")
    assert "TOY-ECH-01 (MAY): assert 'PONG fence' == 'WHAT'" in out


def test_the_built_in_node_is_the_default(run_pytest: Pytest) -> None:
    code, out = run_pytest("--pyargs", "peerspec.conformance.toy", "-q")
    assert (code, out.splitlines()[-1].split(" in ")[0]) == (0, "8 passed, 1 xfailed")


def test_one_section_or_case_can_be_asked_for(run_pytest: Pytest) -> None:
    name = "test_a_ping_is_answered_by_a_pong"
    code, out = run_pytest("--pyargs", f"peerspec.conformance.toy.pinging::{name}", "--target", "virtual", "-v")
    assert code == 0
    assert len(re.findall(rf"{name}\[\d\] PASSED", out)) == 2


def test_a_node_that_deviates_fails_with_pytests_own_explanation(
    run_pytest: Pytest, hostile: Callable[[Behaviour], Hostile]
) -> None:
    host, port = hostile(good_pings).address
    code, out = run_pytest(
        "--pyargs", "peerspec.conformance.toy", "--target", f"{host}:{port}", "--peerspec-timeout", "0.3", "-rsf"
    )
    assert code == 1
    assert "FAILED" in out
    assert "expected a line; got silence" in out
    assert re.search(r"SKIPPED.*unsupported: dial: not among the target's features", out)
    assert re.search(r"SKIPPED.*inconclusive: needs 61 s of the node's own time", out)


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [("127.0.0.1:1", 3, "127.0.0.1:1: connection refused"), ("nowhere", 2, "'nowhere' is no address")],
)
def test_a_target_that_can_not_be_reached_ends_the_run(run_pytest: Pytest, target: str, code: int, said: str) -> None:
    got, out = run_pytest("--pyargs", "peerspec.conformance.toy", "--target", target)
    assert got == code
    assert said in out
    assert "Traceback" not in out


def test_a_mute_target_ends_the_run(run_pytest: Pytest, hostile: Callable[[Behaviour], Hostile]) -> None:
    host, port = hostile(mute).address
    code, out = run_pytest(
        "--pyargs", "peerspec.conformance.toy", "--target", f"{host}:{port}", "--peerspec-timeout", "0.2"
    )
    assert code == 3
    assert "accepts connections, but says nothing" in out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-m", "must"], {"bye": 0, "ping_is_answered_by": 2, "speaker": 1, "unknown": 0, "without": 0}),
        (["-m", "pinging and not must"], {"ping_is_answered_by": 0, "speaker": 0, "unknown": 1, "without": 1}),
        (["-k", "TOY-SAY-02"], {"ping_is_answered_by": 0, "another_hears": 0, "speaker": 1}),
        (["-k", "TOY-PNG or TOY-ECH"], {"ping_is_answered_by": 2, "speaker": 0, "unknown": 1, "without": 1}),
    ],
)
def test_cases_are_selected_by_level_section_and_requirement(
    run_pytest: Pytest, words: list[str], expected: dict[str, int]
) -> None:
    code, out = run_pytest("--pyargs", "peerspec.conformance.toy", "--collect-only", "-q", "--strict-markers", *words)
    assert code == 0
    assert {name: sum(name in line for line in out.splitlines()) for name in expected} == expected


def test_the_marks_are_listed(run_pytest: Pytest) -> None:
    out = run_pytest("--pyargs", "peerspec.conformance.toy", "--markers")[1]
    assert "@pytest.mark.should: " in out
    assert "@pytest.mark.saying: cases of Toy, section Saying and hearing" in out
    assert "@pytest.mark.saying" not in run_pytest("--markers")[1]


def test_processes_judge_a_node_each(run_pytest: Pytest) -> None:
    code, out = run_pytest("--pyargs", "peerspec.conformance.toy", "-n", "2", "-q", "--strict-markers")
    assert (code, out.splitlines()[-1].split(" in ")[0]) == (0, "8 passed, 1 xfailed")


def test_processes_take_turns_at_a_node_and_share_its_addresses_out(
    run_pytest: Pytest, hostile: Callable[[Behaviour], Hostile]
) -> None:
    sources: list[str] = []
    asked: list[tuple[int, float, float]] = []

    def slow_pings(connection: socket.socket) -> None:
        source = connection.getpeername()[0]
        sources.append(source)
        with connection.makefile("rb") as lines:
            for line in lines:
                began = time.monotonic()
                time.sleep(0.1)
                asked.append((int(source.rpartition(".")[2]) % 2, began, time.monotonic()))
                connection.sendall(line.replace(b"PING", b"PONG"))

    host, port = hostile(slow_pings).address
    code, out = run_pytest(
        "--pyargs", "peerspec.conformance.toy", "--target", f"{host}:{port}", "-n", "2", "-k", "TOY-PNG"
    )
    assert (code, out.splitlines()[-1].split(" in ")[0].strip("= ")) == (0, "3 passed")
    assert len(sources) == len(set(sources))
    ours, theirs = ([each[1:] for each in asked if each[0] == process] for process in (0, 1))
    assert ours
    assert theirs
    assert not [1 for a, b in ours for c, d in theirs if a < d and c < b]


def test_a_turn_waits_for_the_turn_of_another(tmp_path: Path) -> None:
    order: list[str] = []

    def other() -> None:
        order.append("asks")
        with turn(tmp_path / "turn"):
            order.append("has it")

    with turn(tmp_path / "turn"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.2)
        order.append("gives it up")
    thread.join()
    assert order == ["asks", "gives it up", "has it"]


def test_a_known_deviation_is_an_expected_failure(
    run_pytest: Pytest, hostile: Callable[[Behaviour], Hostile], tmp_path: Path
) -> None:
    host, port = hostile(good_pings).address
    file = tmp_path / "target.toml"
    file.write_text(
        f'network = "toy"\naddress = "{host}:{port}"\ntimeout = 0.3\n'
        '[[known_deviations]]\nid = "TOY-SAY-01"\nreason = "it is shy"\n'
    )
    code, out = run_pytest("--pyargs", "peerspec.conformance.toy", "--target", str(file), "-k", "TOY-SAY-01", "-rx")
    assert (code, out.splitlines()[-1].split(" in ")[0].strip("= ").split(", ")[0]) == (0, "8 deselected")
    assert "1 xfailed" in out
    assert "known deviation, it is shy: expected a line; got silence" in out


@pytest.mark.parametrize(("target", "code"), [("127.0.0.1:1", 3), ("nowhere", 2)])
def test_processes_that_can_not_reach_the_target_end_the_run(run_pytest: Pytest, target: str, code: int) -> None:
    got, out = run_pytest("--pyargs", "peerspec.conformance.toy", "--target", target, "-n", "2")
    assert got == code
    assert "INTERNALERROR" not in out
    assert {"127.0.0.1:1": "connection refused", "nowhere": "is no address"}[target] in out


def test_other_projects_do_not_notice_the_plugin(run_pytest: Pytest, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    (folder / "conformance" / "toy").mkdir(parents=True)
    (folder / "conformance" / "toy" / "test_theirs.py").write_text("def test_something(): assert True\n")
    (folder / "conformance" / "toy" / "pinging.py").write_text("raise SystemExit('not a test')\n")
    (folder / "test_other.py").write_text(
        "import sys\n"
        "def test_nothing_was_imported():\n"
        "    assert [n for n in sys.modules if n.startswith(('scapy', 'construct', 'peerspec.reference'))] == []\n"
        "def test_there_is_no_fixture_of_ours(request):\n"
        "    import pytest\n"
        "    with pytest.raises(pytest.FixtureLookupError):\n"
        "        request.getfixturevalue('bench')\n"
    )
    code, out = run_pytest("-W", "error")
    assert (code, out.splitlines()[-1].split(" in ")[0].strip("= ")) == (0, "3 passed")
    assert "peerspec-" not in run_pytest("--help")[1]
    assert "--target" not in run_pytest("--help")[1]
