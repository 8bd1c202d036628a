"""The cases as a whole: they follow the rules, the reference holds all, null nodes none, each mutant fails its own."""

from __future__ import annotations

import pytest

from peerspec.conformance import lint, mutants, prove
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import Case, cases
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.mutants import Mutant
from peerspec.conformance.networks import Network
from peerspec.conformance.verdicts import Outcome

NETWORK = "gnutella"


def test_text_cases_and_mutants_agree() -> None:
    assert lint.problems(NETWORK) == []


def test_there_are_enough_cases() -> None:
    assert len(cases(NETWORK)) >= 140
    assert {case.section for case in cases(NETWORK)} == {
        "bye",
        "download",
        "duplicates",
        "forwarding",
        "handshake",
        "headers",
        "hits",
        "limits",
        "pingpong",
        "push",
        "queries",
        "routing",
    }


@pytest.mark.parametrize("case", cases(NETWORK), ids=lambda case: case.id)
def test_the_reference_holds_each_case_in_virtual_time(gnutella: Network, case: Case) -> None:
    result = judge(case, VirtualTarget(gnutella, 1), Settings())
    assert result.outcome is Outcome.HELD, result.message + result.detail


@pytest.mark.parametrize("seed", [2, 3])
def test_the_reference_holds_the_cases_whatever_the_seed(gnutella: Network, seed: int) -> None:
    target = VirtualTarget(gnutella, seed)
    results = [judge(case, target, Settings(seed=seed)) for case in cases(NETWORK)]
    assert [(each.case.id, each.message) for each in results if each.outcome is not Outcome.HELD] == []


def test_the_reference_holds_the_cases_over_sockets() -> None:
    assert prove.score_reference(NETWORK, 1, sockets=True).faults == ()


@pytest.mark.parametrize("name", ["mute", "slams the door", "echo", "noise", "greets and ignores", "greets and closes"])
def test_null_nodes_hold_no_case(name: str) -> None:
    score = prove.score_null(NETWORK, name, 1)
    assert (score.held, score.errors) == ((), ())


def test_all_null_nodes_are_tried(gnutella: Network) -> None:
    assert set(gnutella.nulls()) == {
        "mute",
        "slams the door",
        "echo",
        "noise",
        "greets and ignores",
        "greets and closes",
    }


@pytest.mark.parametrize("mutant", mutants.of(NETWORK), ids=lambda mutant: mutant.name)
def test_each_mutant_fails_a_case_of_the_rule_that_it_breaks(gnutella: Network, mutant: Mutant) -> None:
    """That it fails no others is for `peerspec prove`, which runs all cases against each."""
    target = VirtualTarget(
        gnutella, 1, lambda random, **options: gnutella.make_node(random, cls=mutant.node, **options)
    )
    results = [judge(case, target, Settings()) for case in cases(NETWORK) if mutant.breaks in case.requirements]
    assert [each.case.id for each in results if each.outcome is Outcome.ERROR] == []
    assert any(each.deviates for each in results)
