"""The search finds mutants that it was told nothing about, each by a few steps."""

from __future__ import annotations

import random

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.explore.proof import FEW, LEAST_SHARE, MutantFound, SearchProof, prove_search

SAMPLE = 16


@pytest.mark.parametrize("seed", [20261122])
def test_most_of_a_sample_of_mutants_are_found_by_few_steps(seed: int) -> None:
    names = {each.name for each in random.Random(seed).sample(mutants.of("gnutella"), SAMPLE)}
    proof = prove_search("gnutella", seed=seed, only=lambda each: each.name in names)
    assert {each.name for each in proof.mutants} == names
    missed = [each.name for each in proof.mutants if not each.small]
    assert proof.share >= LEAST_SHARE, missed
    assert [each.clauses for each in proof.reference] == [()]
    assert proof.proven


def found(**changes: object) -> MutantFound:
    values = {
        "name": "M", "defect": "d", "breaks": "GNU-FWD-01", "also": ("GNU-FWD-02",), "clauses": ("GNU-FWD-02",),
        "words": ("w",), "steps": FEW, "taken": 9, "seconds": 1.0,
    } | changes  # fmt: skip
    return MutantFound(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (found(), (True, True, True)),
        (found(steps=FEW + 1), (True, False, True)),
        (found(clauses=("GNU-PNG-01",)), (True, True, False)),
        (found(clauses=(), steps=0), (False, False, False)),
    ],
)
def test_a_mutant_is_found_small_and_named(one: MutantFound, expected: tuple[bool, bool, bool]) -> None:
    assert (one.found, one.small, one.named) == expected


def test_a_finding_on_the_reference_disproves_everything() -> None:
    proof = SearchProof(
        network="gnutella", seed=1, budget=1, mutants=[found()], reference=[found(clauses=(), breaks="")]
    )
    assert proof.proven
    proof.reference = [found(breaks="")]
    assert not proof.proven


def test_nothing_is_proven_by_no_mutants() -> None:
    assert not SearchProof(network="gnutella", seed=1, budget=1).proven


def test_the_figures_are_plain_data() -> None:
    data = SearchProof(network="gnutella", seed=1, budget=7, mutants=[found(), found(clauses=())]).as_data()
    assert (data["share"], data["budget"], data["proven"]) == (0.5, 7, False)
    assert [each["found"] for each in data["mutants"]] == [True, False]
