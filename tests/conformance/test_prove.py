from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from peerspec.conformance import catalogue, prove
from peerspec.conformance.outcomes import Failure


def test_the_toy_suite_is_proven_in_both_worlds() -> None:
    steps: list[tuple[int, int]] = []
    proof = prove.prove("toy", progress=lambda done, total: steps.append((done, total)))
    assert proof.proven
    assert (proof.score, proof.null_passes, proof.problems) == (1.0, 0, [])
    assert [(each.world, each.cases, each.faults) for each in proof.reference] == [
        ("virtual", 9, ()),
        ("sockets", 9, ()),
    ]
    assert [each.name for each in proof.mutants][:2] == ["PongsInLowerCase", "IgnoresEmptyPings"]
    assert [each.name for each in proof.nulls] == ["mute", "slams the door", "echoes"]
    assert steps == [(number, 11) for number in range(1, 12)]


def with_case(monkeypatch: pytest.MonkeyPatch, number: int, body: object) -> None:
    found = list(catalogue.cases("toy"))
    found[number] = replace(found[number], function=body)  # type: ignore[arg-type]
    monkeypatch.setattr(prove, "cases", lambda _: tuple(found))


def holds(bench: object) -> None:
    """A case that can not fail."""


def fails(bench: object) -> NoReturn:
    raise Failure("whatever comes")


def errs(bench: object) -> NoReturn:
    raise RuntimeError("our own fault")


def test_a_case_that_can_not_fail_lets_its_mutant_live(monkeypatch: pytest.MonkeyPatch) -> None:
    with_case(monkeypatch, 4, holds)
    score = prove.score_mutant("toy", 2, 1)
    assert (score.name, score.killed, score.clean) == ("SwallowsWhatIsSaid", False, False)


def test_a_case_that_can_not_fail_is_passed_by_null_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    with_case(monkeypatch, 4, holds)
    assert prove.score_null("toy", "mute", 1).held == ("saying/what_one_says_another_hears",)


def test_a_case_that_fails_for_anybody_makes_the_kill_unclean(monkeypatch: pytest.MonkeyPatch) -> None:
    with_case(monkeypatch, 4, fails)
    score = prove.score_mutant("toy", 1, 1)
    assert (score.name, score.killed, score.clean) == ("IgnoresEmptyPings", True, False)
    assert score.astray == ("saying/what_one_says_another_hears",)
    assert prove.score_reference("toy", 1).faults == (("saying/what_one_says_another_hears", "whatever comes"),)


def test_what_a_mutant_lists_may_fall_with_it() -> None:
    score = prove.score_mutant("toy", 0, 1)
    assert (score.name, score.clean) == ("PongsInLowerCase", True)
    assert score.killers == ("pinging/a_ping_is_answered_by_a_pong[1]", "pinging/a_ping_is_answered_by_a_pong[2]")


def test_our_own_errors_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with_case(monkeypatch, 4, errs)
    score = prove.score_mutant("toy", 1, 1)
    assert score.errors == ("saying/what_one_says_another_hears: RuntimeError: our own fault",)
    assert (score.killed, score.clean) == (True, False)


def test_only_some_mutants_can_be_asked_for() -> None:
    proof = prove.prove("toy", only=lambda mutant: mutant.breaks == "TOY-SAY-01", sockets=False)
    assert [each.name for each in proof.mutants] == ["SwallowsWhatIsSaid"]
    assert [each.world for each in proof.reference] == ["virtual"]


def test_the_scores_are_plain_data() -> None:
    data = prove.prove("toy", sockets=False).as_data()
    assert (data["format"], data["network"], data["proven"], data["score"]) == (1, "toy", True, 1.0)
    assert (data["killed"], data["cleanly_killed"], data["null_passes"]) == (7, 7, 0)
    assert data["mutants"][2] == {
        "name": "SwallowsWhatIsSaid",
        "defect": "Passes on another text than it got.",
        "breaks": "TOY-SAY-01",
        "also": [],
        "killed": True,
        "clean": True,
        "killers": ["saying/what_one_says_another_hears"],
        "astray": [],
        "errors": [],
    }


@pytest.mark.parametrize("change", ["score", "nulls", "problems", "reference", "errors"])
def test_each_flaw_alone_spoils_the_proof(change: str) -> None:
    proof = prove.prove("toy", sockets=False)
    first = proof.mutants[0]
    if change == "score":
        proof.mutants[0] = replace(first, killers=())
    elif change == "errors":
        proof.mutants[0] = replace(first, errors=("x",))
        proof.mutants *= 30
        proof.mutants[1:] = [first] * 200
    elif change == "nulls":
        proof.nulls[0] = replace(proof.nulls[0], held=("x",))
    elif change == "problems":
        proof.problems.append("a requirement has no case")
    else:
        proof.reference[0] = replace(proof.reference[0], faults=(("x", "y"),))
    assert not proof.proven
