"""Shrinking: from a scenario on which a node deviates to the shortest one on which it deviates in the same way.

Rules of this file:

- Steps are taken away in runs, long ones first and from the end, then one by one; then each step and the scene are made
  simpler. This is repeated until nothing more helps, or the trials are used up.
- "The same way" is for the caller to say: `still(scenario)` plays it and answers.
- No scenario is tried twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from .scenario import Scenario

S = TypeVar("S", bound=Scenario)

TRIALS = 400
"""How many scenarios are tried at most for one finding."""


def shrink(scenario: S, still: Callable[[S], bool], *, trials: int = TRIALS) -> S:
    """The simplest scenario found for which `still` is true; `scenario` itself must be one."""
    tried = {scenario.encode()}
    better = True
    while better:
        better = False
        for candidates in (_shorter, _simpler):
            found, trials = _descend(scenario, candidates, still, tried, trials)
            better = better or found is not scenario
            scenario = found
        better = better and trials > 0
    return scenario


def _descend(
    scenario: S, candidates: Callable[[S], Iterator[S]], still: Callable[[S], bool], tried: set[bytes], trials: int
) -> tuple[S, int]:
    """Take the first candidate that will do, and its candidates, and so on; with the trials that are left."""
    progress = True
    while progress:
        progress = False
        for candidate in candidates(scenario):
            key = candidate.encode()
            if key in tried:
                continue
            tried.add(key)
            if trials <= 0:
                return scenario, 0
            trials -= 1
            if still(candidate):
                scenario, progress = candidate, True
                break
    return scenario, trials


def _shorter(scenario: S) -> Iterator[S]:
    """The scenario without a run of its steps."""
    steps = scenario.steps
    run = len(steps) // 2
    while run:
        for start in range(len(steps) - run, -1, -run):
            yield scenario.with_steps(steps[:start] + steps[start + run :])
        run //= 2


def _simpler(scenario: S) -> Iterator[S]:
    """The scenario with one thing made simpler."""
    yield from scenario.simpler()
    for place, step in enumerate(scenario.steps):
        for simple in step.simpler():
            yield scenario.with_steps((*scenario.steps[:place], simple, *scenario.steps[place + 1 :]))
