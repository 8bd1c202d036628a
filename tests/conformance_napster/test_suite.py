"""The cases as a whole: they follow the rules, the reference holds all, null nodes none, each mutant fails its own."""

from __future__ import annotations

import pytest

from peerspec.conformance import lint, mutants, prove
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import Case, cases
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.mutants import Mutant
from peerspec.conformance.networks import Network, network_named
from peerspec.conformance.verdicts import Outcome, Verdict

NETWORK = "napster"
FINE = (Verdict.PASS, Verdict.INFO)
"""What the reference comes to: it does not do all that a server may do."""


def test_text_cases_and_mutants_agree() -> None:
    assert lint.problems(NETWORK) == []


def test_there_are_enough_cases(napster: Network) -> None:
    assert len(cases(NETWORK)) >= 400
    assert {case.section for case in cases(NETWORK)} == set(napster.sections)


@pytest.mark.parametrize("case", cases(NETWORK), ids=lambda case: case.id)
def test_the_reference_holds_each_case_in_virtual_time(napster: Network, case: Case) -> None:
    result = judge(case, VirtualTarget(napster, 1), Settings())
    assert result.verdict in FINE, result.message + result.detail


@pytest.mark.parametrize("seed", [2, 3])
def test_the_reference_holds_the_cases_whatever_the_seed(napster: Network, seed: int) -> None:
    target = VirtualTarget(napster, seed)
    results = [judge(case, target, Settings(seed=seed)) for case in cases(NETWORK)]
    assert [(each.case.id, each.message) for each in results if each.verdict not in FINE] == []


def test_the_reference_holds_the_cases_over_sockets() -> None:
    assert prove.score_reference(NETWORK, 1, sockets=True).faults == ()


@pytest.mark.parametrize("name", network_named(NETWORK).nulls())
def test_null_nodes_hold_no_case(name: str) -> None:
    score = prove.score_null(NETWORK, name, 1)
    assert (score.held, score.errors) == ((), ())


def test_null_nodes_are_of_every_kind(napster: Network) -> None:
    assert set(napster.nulls()) == {
        "mute",
        "hangs up",
        "slams the door",
        "echo",
        "noise",
        "complains",
        "refuses",
        "greets and ignores",
        "greets and closes",
    }


@pytest.mark.parametrize("mutant", mutants.of(NETWORK), ids=lambda mutant: mutant.name)
def test_each_mutant_fails_a_case_of_the_rule_that_it_breaks(napster: Network, mutant: Mutant) -> None:
    """That it fails no others is for `peerspec prove`, which runs all cases against each."""
    target = VirtualTarget(napster, 1, lambda random, **options: napster.make_node(random, cls=mutant.node, **options))
    results = [judge(case, target, Settings()) for case in cases(NETWORK) if mutant.breaks in case.requirements]
    assert [each.case.id for each in results if each.outcome is Outcome.ERROR] == []
    assert any(each.deviates for each in results)
