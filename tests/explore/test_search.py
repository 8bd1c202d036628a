"""The search, with explorers whose nodes deviate as told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random
from typing import Any

import pytest

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.explore.explorer import Deviation, Explorer, Played
from peerspec.conformance.explore.search import Budget, deviates, explore
from peerspec.conformance.gnutella.model.steps import GnutellaScenario, Ping, Query
from peerspec.conformance.target import Target, TargetError
from peerspec.conformance.verdicts import Level

TTL, HOPS, PONG = ("GNU-FWD-01",), ("GNU-FWD-02",), ("GNU-PNG-06",)
Judge = Callable[[GnutellaScenario], tuple[Deviation, ...]]


class Scripted(Explorer):
    """Draws Queries with random TTL and Hops; `judge` says how the node deviates on them."""

    scenario = GnutellaScenario

    def __init__(self, judge: Judge, trouble: str = "") -> None:
        self.judge = judge
        self.trouble = trouble
        self.played: list[GnutellaScenario] = []

    def draw(self, random: Random, target: Target, length: int) -> GnutellaScenario:
        steps = [
            Query(label=label, ttl=random.randrange(1, 8), hops=random.randrange(6))
            for label in range(1, random.randint(1, length) + 1)
        ]
        return GnutellaScenario(steps=tuple(steps), links=2)

    def play(self, scenario: Any, target: Target, *, seed: int, timing: Timing, known: Collection[str] = ()) -> Played:
        self.played.append(scenario)
        found = tuple(each for each in self.judge(scenario) if not set(each.clauses) & set(known))
        return Played(found, self.trouble, len(scenario.steps))


def when(clauses: tuple[str, ...], field: str, value: int) -> Judge:
    """Deviates from `clauses` at the first step whose `field` has this value."""

    def judge(scenario: GnutellaScenario) -> tuple[Deviation, ...]:
        return tuple(
            Deviation(clauses, "another", "this", step.label)
            for step in scenario.steps
            if getattr(step, field, None) == value
        )[:1]

    return judge


def test_what_is_found_is_shrunk_and_found_once(reference: VirtualTarget) -> None:
    found = explore(Scripted(when(TTL, "ttl", 7)), reference, budget=Budget(steps=500))
    (finding,) = found.findings
    assert finding.clauses == TTL
    assert [(step.ttl, step.hops) for step in finding.scenario.steps] == [(7, 0)]
    assert found.steps >= 500


def test_a_known_deviation_hides_no_other(reference: VirtualTarget) -> None:
    always, seldom = when(TTL, "hops", 0), when(HOPS, "ttl", 7)
    both = Scripted(lambda scenario: always(scenario) + seldom(scenario))
    found = explore(both, reference, budget=Budget(steps=500))
    assert {clause for finding in found.findings for clause in finding.clauses} == {*TTL, *HOPS}


def test_a_deviation_that_does_not_show_again_is_counted_and_not_reported(reference: VirtualTarget) -> None:
    seen: set[bytes] = set()

    def once(scenario: GnutellaScenario) -> tuple[Deviation, ...]:
        first = scenario.encode() not in seen
        seen.add(scenario.encode())
        return when(TTL, "ttl", 7)(scenario) if first else ()

    found = explore(Scripted(once), reference, budget=Budget(steps=200))
    assert not found.findings
    assert found.unconfirmed > 0


def test_what_is_below_the_level_is_passed_over(reference: VirtualTarget) -> None:
    def search(level: Level) -> int:
        return len(explore(Scripted(when(PONG, "ttl", 7)), reference, budget=Budget(steps=300), level=level).findings)

    assert (search(Level.SHOULD), search(Level.MUST)) == (1, 0)


def test_the_seed_decides_every_scenario(reference: VirtualTarget) -> None:
    def drawn(seed: int) -> list[GnutellaScenario]:
        explorer = Scripted(lambda _: ())
        explore(explorer, reference, seed=seed, budget=Budget(steps=100))
        return explorer.played

    assert drawn(1) == drawn(1) != drawn(2)


def test_the_search_ends_with_its_budget(reference: VirtualTarget) -> None:
    judge = when(TTL, "ttl", 7)
    assert explore(Scripted(judge), reference, budget=Budget(findings=1)).steps < 100
    assert explore(Scripted(judge), reference, budget=Budget(seconds=1e-9)).scenarios == 0
    assert max(len(each.steps) for each in _played_by_length(reference, 3)) == 3


def _played_by_length(reference: VirtualTarget, length: int) -> list[GnutellaScenario]:
    explorer = Scripted(lambda _: ())
    explore(explorer, reference, budget=Budget(steps=100, length=length))
    return explorer.played


def test_a_node_that_can_not_be_played_with_ends_the_search(reference: VirtualTarget) -> None:
    with pytest.raises(TargetError, match="no room"):
        explore(Scripted(lambda _: (), trouble="the node has no room"), reference)
    with pytest.raises(TargetError, match="no room"):
        deviates(Scripted(lambda _: (), trouble="no room"), GnutellaScenario(), reference)


def test_a_kin_deviation_on_a_simpler_scenario_is_taken_for_the_same(reference: VirtualTarget) -> None:
    def judge(scenario: GnutellaScenario) -> tuple[Deviation, ...]:
        if not scenario.steps:
            return ()
        last = scenario.steps[-1]
        odd = isinstance(last, Query) and last.hops > 0
        return (Deviation(HOPS if odd else TTL, "another", "this", last.label, TTL),)

    found = explore(Scripted(judge), reference, budget=Budget(findings=1))
    assert found.findings[0].clauses == TTL
    assert len(found.findings[0].scenario.steps) == 1


def test_deviates_says_how_a_saved_scenario_ends(reference: VirtualTarget) -> None:
    scenario = GnutellaScenario(steps=(Ping(label=3, ttl=7),))
    (deviation,) = deviates(Scripted(when(TTL, "ttl", 7)), scenario, reference)
    assert (deviation.clauses, deviation.label) == (TTL, 3)
    assert deviates(Scripted(when(TTL, "ttl", 6)), scenario, reference) == ()
