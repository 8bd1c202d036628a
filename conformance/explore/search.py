"""The search: draw a scenario, play it, and when the node deviates in a way not seen before, shrink it.

Rules of this file:

- The seed decides every scenario: in the virtual network the same seed gives the same findings.
- A deviation is new when none of its requirements is one that a finding before has shown to be broken; what is not new
  is passed over, so that it hides nothing.
- A deviation must show again when its scenario is played again; over sockets, one that does not is counted, not
  reported.
- A node that can't be reached any more ends the search.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..bench import Timing, seeded
from ..requirements import load
from ..target import TargetError
from ..verdicts import Level
from .shrink import shrink

if TYPE_CHECKING:
    from ..target import Target
    from .explorer import Deviation, Explorer, Played
    from .scenario import Scenario

STEPS = 5_000
"""Steps taken when nobody says how many."""

LENGTH = 10
"""Steps of the longest scenario drawn."""

_TROUBLES = 10
"""Scenarios in a row that can't be played before the node is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How far to search: steps in all, seconds of real time, steps of one scenario, findings."""

    steps: int = STEPS
    seconds: float | None = None
    length: int = LENGTH
    findings: int | None = None


_BUDGET = Budget()
_TIMING = Timing()


@dataclass(frozen=True, slots=True)
class Finding:
    """The shortest scenario found, how the node deviates on it, and the number of the one that was drawn."""

    scenario: Scenario
    played: Played
    number: int

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """How the node deviates."""
        return self.played.deviations

    @property
    def clauses(self) -> tuple[str, ...]:
        """The ids of the requirements that are broken, each once."""
        return tuple(dict.fromkeys(clause for each in self.deviations for clause in each.clauses))


@dataclass(slots=True)
class Exploration:
    """What came of a search. `scenarios` and `steps` count what was drawn and played, shrinking left out."""

    findings: list[Finding] = field(default_factory=list)
    scenarios: int = 0
    steps: int = 0
    unconfirmed: int = 0
    troubles: int = 0
    seconds: float = 0.0


Watch = Callable[[Exploration], None]


def explore(
    explorer: Explorer,
    target: Target,
    *,
    seed: int = 1,
    budget: Budget = Budget(),
    timing: Timing = _TIMING,
    level: Level = Level.SHOULD,
    watch: Watch = lambda _: None,
) -> Exploration:
    """Search until the budget is used up; `watch` is called now and then. The target must be started (TargetError)."""
    return _Search(explorer, target, seed, timing, level).run(budget, watch)


def deviates(
    explorer: Explorer,
    scenario: Scenario,
    target: Target,
    *,
    seed: int = 1,
    timing: Timing = _TIMING,
) -> tuple[Deviation, ...]:
    """Play a saved scenario against a started target: how the node deviates, nothing when it does not.

    Raises TargetError when it can't be played.
    """
    played = explorer.play(scenario, target, seed=seed, timing=timing)
    if played.trouble and not played.deviations:
        raise TargetError(f"the scenario can't be played: {played.trouble}")
    return played.deviations


class _Search:
    def __init__(self, explorer: Explorer, target: Target, seed: int, timing: Timing, level: Level) -> None:
        self.explorer = explorer
        self.target = target
        self.seed = seed
        self.timing = timing
        requirements = load(target.network.name).values()
        self.known = {each.id for each in requirements if each.level.rank > level.rank}

    def run(self, budget: Budget, watch: Watch) -> Exploration:
        began = time.monotonic()
        found = Exploration()
        in_a_row = 0
        while found.steps < budget.steps and (budget.findings is None or len(found.findings) < budget.findings):
            if budget.seconds is not None and time.monotonic() - began >= budget.seconds:
                break
            number = found.scenarios
            scenario = self.explorer.draw(seeded(self.seed, "explore", str(number)), self.target, budget.length)
            played = self.play(scenario)
            found.scenarios += 1
            found.steps += max(1, played.steps)
            in_a_row = in_a_row + 1 if played.trouble else 0
            found.troubles += bool(played.trouble)
            if played.deviations:
                self.look_into(found, scenario, number)
            elif in_a_row >= _TROUBLES:
                raise TargetError(f"the node can't be explored any more: {played.trouble}")
            found.seconds = time.monotonic() - began
            watch(found)
        return found

    def play(self, scenario: Scenario) -> Played:
        played = self.explorer.play(
            scenario, self.target, seed=self.seed, timing=self.timing, known=frozenset(self.known)
        )
        if (died := self.target.died()) is not None and not self.target.isolated and not self.target.restart():
            raise TargetError(f"{died}, and it can't be started anew; last came: {'; '.join(scenario.words())}")
        return played

    def look_into(self, found: Exploration, scenario: Scenario, number: int) -> None:
        """Play it again, shrink it, and note the finding."""
        confirmed = self.play(scenario).deviations
        if not confirmed:
            found.unconfirmed += 1
            return
        wanted = confirmed[0].about

        def still(candidate: Scenario) -> bool:
            return any(wanted & each.about for each in self.play(candidate).deviations)

        shortest = shrink(scenario, still)
        played = self.play(shortest)
        if not played.deviations:
            found.unconfirmed += 1
            return
        finding = Finding(shortest, played, number)
        found.findings.append(finding)
        self.known |= set(finding.clauses)
