"""Shrinking, on scenarios that are only counted."""

from __future__ import annotations

from peerspec.conformance.explore.shrink import shrink
from peerspec.conformance.gnutella.model.steps import GnutellaScenario, Ping, Pong, Query

LONG = GnutellaScenario(
    steps=tuple(Query(label=label, link="C", ttl=7, hops=3, padding=200) for label in range(1, 21)), links=4
)


def labels(scenario: GnutellaScenario) -> set[int]:
    return {step.label for step in queries(scenario)}


def queries(scenario: GnutellaScenario) -> list[Query]:
    return [step for step in scenario.steps if isinstance(step, Query)]


def pongs(scenario: GnutellaScenario) -> list[Pong]:
    return [step for step in scenario.steps if isinstance(step, Pong)]


def test_only_the_steps_that_matter_remain() -> None:
    found = shrink(LONG, lambda scenario: {4, 17} <= labels(scenario))
    assert [step.label for step in found.steps] == [4, 17]


def test_the_steps_that_remain_are_plain() -> None:
    found = shrink(LONG, lambda scenario: any(step.hops > 1 for step in queries(scenario)))
    [step] = queries(found)
    assert found == GnutellaScenario(steps=(Query(label=step.label, hops=step.hops),), links=1)
    assert step.hops in (2, 3)


def test_a_number_that_must_be_high_is_halved_as_far_as_it_goes() -> None:
    found = shrink(
        GnutellaScenario(steps=(Pong(label=1, number=200),), links=1),
        lambda scenario: any(step.number > 50 for step in pongs(scenario)),
    )
    assert 50 < pongs(found)[0].number <= 100


def test_no_scenario_is_tried_twice() -> None:
    tried: list[bytes] = []

    def still(scenario: GnutellaScenario) -> bool:
        tried.append(scenario.encode())
        return {4, 17} <= labels(scenario) and all(step.ttl == 7 for step in queries(scenario))

    shrink(LONG, still)
    assert len(tried) == len(set(tried))


def test_trials_are_bounded() -> None:
    tried: list[GnutellaScenario] = []

    def still(scenario: GnutellaScenario) -> bool:
        tried.append(scenario)
        return len(scenario.steps) >= 10

    found = shrink(LONG, still, trials=7)
    assert len(tried) <= 7
    assert 10 <= len(found.steps) < 20


def test_what_can_not_be_simpler_stays() -> None:
    plain = GnutellaScenario(steps=(Ping(label=1),), links=1)
    assert shrink(plain, lambda scenario: scenario == plain) is plain


def test_links_take_the_places_of_those_that_are_not_used() -> None:
    scenario = GnutellaScenario(steps=(Query(label=1, link="D"), Query(label=2, link="A")), links=4)

    def still(candidate: GnutellaScenario) -> bool:
        return len({step.link for step in candidate.steps}) == 2

    assert {step.link for step in shrink(scenario, still).steps} == {"A", "B"}
    assert shrink(scenario, still).links == 2
