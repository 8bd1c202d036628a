"""The cases as a whole: they follow the rules, the reference holds all, null peers none, each mutant fails its own."""

from __future__ import annotations

import pytest

from peerspec.conformance import lint, mutants, prove
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import Case, cases
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.mutants import Mutant
from peerspec.conformance.networks import Network
from peerspec.conformance.requirements import load
from peerspec.conformance.verdicts import Level, Outcome

NETWORK = "napster-peer"
NULLS = (
    "never logs in",
    "never connects",
    "slams the door",
    "echo",
    "noise",
    "logs in and is mute",
    "logs in and closes",
    "logs in and echoes",
)


def test_text_cases_and_mutants_agree() -> None:
    assert lint.problems(NETWORK) == []


def test_all_that_binds_a_peer_is_judged_and_nothing_else() -> None:
    requirements = load(NETWORK)
    assert len(requirements) >= 78
    assert {each.binds for each in requirements.values()} == {"peer"}
    assert len(cases(NETWORK)) >= 130


def test_every_feature_that_a_case_needs_is_the_built_in_peers(peers: Network) -> None:
    needed = {each.feature for each in load(NETWORK).values() if each.feature}
    assert needed == peers.features


def _must_hold(case: Case) -> bool:
    """Whether the reference is to do what a case is about: of a liberty it may take the other side."""
    return load(NETWORK).strongest(case.requirements) is not Level.MAY


HELD = [case for case in cases(NETWORK) if _must_hold(case)]


@pytest.mark.parametrize("case", HELD, ids=lambda case: case.id)
def test_the_reference_holds_each_case_in_virtual_time(peers: Network, case: Case) -> None:
    result = judge(case, VirtualTarget(peers, 1), Settings())
    assert result.outcome is Outcome.HELD, result.message + result.detail


@pytest.mark.parametrize("seed", [2, 3])
def test_the_reference_holds_the_cases_whatever_the_seed(peers: Network, seed: int) -> None:
    target = VirtualTarget(peers, seed)
    results = [judge(case, target, Settings(seed=seed)) for case in HELD]
    assert [(each.case.id, each.message) for each in results if each.outcome is not Outcome.HELD] == []


def test_the_reference_takes_its_checksum_over_one_part_of_a_file(peers: Network) -> None:
    target = VirtualTarget(peers, 1)
    results = [judge(case, target, Settings()) for case in cases(NETWORK) if "NAP-PER-10" in case.requirements]
    assert [each.case.id for each in results if each.outcome is Outcome.HELD] == [
        "sharing/the_checksum_is_the_md5_of_the_first_bytes[299008-after the tag]"
    ]


def test_the_reference_holds_the_cases_over_sockets() -> None:
    assert prove.score_reference(NETWORK, 1, sockets=True).faults == ()


@pytest.mark.parametrize("name", NULLS)
def test_null_peers_hold_no_case(name: str) -> None:
    score = prove.score_null(NETWORK, name, 1)
    assert (score.held, score.errors) == ((), ())


def test_all_null_peers_are_tried(peers: Network) -> None:
    assert set(peers.nulls()) == set(NULLS)


@pytest.mark.parametrize("mutant", mutants.of(NETWORK), ids=lambda mutant: mutant.name)
def test_each_mutant_fails_a_case_of_the_rule_that_it_breaks(peers: Network, mutant: Mutant) -> None:
    """That it fails no others is for `peerspec prove`, which runs all cases against each."""
    target = VirtualTarget(peers, 1, lambda random, **options: peers.make_node(random, cls=mutant.node, **options))
    results = [judge(case, target, Settings()) for case in cases(NETWORK) if mutant.breaks in case.requirements]
    assert [each.case.id for each in results if each.outcome is Outcome.ERROR] == []
    assert any(each.deviates for each in results)
