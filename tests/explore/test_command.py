"""`peerspec explore`, called as a user does."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.builtin import BuiltinTarget
from peerspec.conformance.cli import main
from peerspec.conformance.networks import Network


@dataclass(frozen=True)
class Done:
    code: object
    out: str
    err: str


Call = Callable[..., Done]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["peerspec", "explore", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Done(exit_.value.code, printed.out, printed.err)

    return run


@pytest.fixture
def broken(gnutella: Network) -> Iterator[str]:
    """The address of a node that forwards Queries with the Hops they came with."""
    (mutant,) = [each for each in mutants.of("gnutella") if each.name == "KeepsTheHops"]
    target = BuiltinTarget(gnutella, 1, cls=mutant.node)
    target.start()
    yield f"{target.address[0]}:{target.address[1]}"
    target.stop()


def test_the_reference_is_explored_when_nothing_is_named(call: Call) -> None:
    done = call("gnutella", "--steps", "120")
    assert (done.code, done.err) == (0, "")
    assert "no deviation found" in done.out


def test_the_same_seed_gives_the_same_exploration(call: Call) -> None:
    def counted(seed: str) -> str:
        return call("gnutella", "--steps", "100", "--seed", seed).out.splitlines()[-1].partition(" in ")[0]

    assert counted("5") == counted("5")


def test_a_finding_is_shown_saved_and_played_again(call: Call, broken: str, tmp_path: Path) -> None:
    done = call("gnutella", broken, "--steps", "60", "--save", str(tmp_path / "found"))
    assert done.code == 1
    assert "finding 1: GNU-FWD-02" in done.out
    assert "A sends a Query for a word of its own" in done.out
    (saved,) = (tmp_path / "found").iterdir()
    assert saved.name == "01-GNU-FWD-02.json"
    data = json.loads(saved.read_bytes())
    assert data["clauses"] == ["GNU-FWD-02"]
    assert [step["do"] for step in data["scenario"]["steps"]] == ["query"]

    again = call("gnutella", broken, "--play", str(saved))
    assert again.code == 1
    assert "GNU-FWD-02" in again.out
    healed = call("gnutella", "--play", str(saved))
    assert (healed.code, healed.out.splitlines()[-1]) == (0, "no deviation")


def test_mutants_are_explored_and_counted(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    done = call("gnutella", "--mutant", "KeepsTheHops", "--mutant", "KeepsTheTtl", "--steps", "200", "--json", str(out))
    assert done.code == 0
    assert "mutants: 2, 2 found" in done.out
    assert "the same search on the reference: 0 found" in done.out
    assert [each["clauses"] for each in json.loads(out.read_bytes())["mutants"]] == [["GNU-FWD-01"], ["GNU-FWD-02"]]


def test_too_small_a_budget_proves_nothing(call: Call) -> None:
    done = call("gnutella", "--mutant", "DropsLargeHits", "--steps", "1")
    assert done.code == 1
    assert "not found" in done.out
    assert "not proven" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gnuttella"], "did you mean gnutella"),
        (["gnutella", "nowhere"], "no address"),
        (["gnutella", "--mutant", "KeepsTheHop"], "did you mean KeepsTheHops"),
        (["gnutella", "127.0.0.1:6346", "--mutants"], "take no target"),
        (["gnutella", "--mutants", "--time", "3"], "--time means nothing"),
        (["gnutella", "--mutants", "--play", "x.json"], "exclude each other"),
        (["gnutella", "--json", "x.json"], "--json is for --mutants"),
        (["gnutella", "--play", "/nosuch/file.json"], "no such file"),
        (["gnutella", "--save", "/proc/nosuch/folder"], "can't be written"),
        (["gnutella", "--steps", "0"], "--steps"),
        (["gnutella", "--seed", "x"], "--seed"),
    ],
)
def test_wrong_usage_is_said_in_one_line(call: Call, words: list[str], said: str) -> None:
    done = call(*words)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no scenario"),
        ('{"format": 9, "network": "gnutella", "scenario": {}}', "format 9"),
        ('{"format": 1, "network": "toy", "scenario": {}}', "for 'toy'"),
        ('{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "dance"}]}}', "dance"),
    ],
)
def test_a_file_that_holds_no_scenario_is_refused(call: Call, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text)
    done = call("gnutella", "--play", str(path))
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert said in done.err


def test_a_node_that_is_not_there_is_unreachable(call: Call) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = call("gnutella", f"127.0.0.1:{port}")
    assert done.code == 3
    assert "connection refused" in done.err
