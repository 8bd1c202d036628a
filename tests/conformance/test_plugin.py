"""The cases under plain pytest, in processes of their own, and the plugin's silence everywhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
