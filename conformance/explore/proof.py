"""The proof of the search: turned on every mutant, told nothing about it, it must find most of them.

Rules of this file:

- Every mutant gets the same budget and the same seed, and is explored until the first finding.
- A mutant counts as found when the node deviates on some scenario: the reference, explored in the same way, never does.
  It is *named* when the finding cites the requirement that the mutant breaks or one that falls with it.
- A finding is small when its scenario, shrunk, has at most `FEW` steps. The links of the scene are not counted, a burst
  is one step.
- The work is spread over processes; what comes of it does not depend on their number.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .. import mutants
from ..builtin import VirtualTarget
from ..networks import network_named
from ..target import TargetError
from .search import Budget, Exploration, explore

FEW = 6
LEAST_SHARE = 0.8
"""The share of mutants that must be found, with a small scenario each."""

STEPS = 4_000
"""Steps taken on one mutant."""

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantFound:
    """What the search made of a mutant, or of the reference: then `breaks` is empty."""

    name: str
    defect: str
    breaks: str
    also: tuple[str, ...]
    clauses: tuple[str, ...]
    words: tuple[str, ...]
    steps: int
    taken: int
    seconds: float

    @property
    def found(self) -> bool:
        """Whether the search found that the node deviates."""
        return bool(self.clauses)

    @property
    def small(self) -> bool:
        """Whether it was found by a short scenario."""
        return self.found and self.steps <= FEW

    @property
    def named(self) -> bool:
        """Whether the finding cites the requirement that is broken, or one that falls with it."""
        return bool({self.breaks, *self.also} & set(self.clauses))


@dataclass(slots=True, kw_only=True)
class SearchProof:
    """What the search made of every mutant of a network, and of the reference."""

    network: str
    seed: int
    budget: int
    mutants: list[MutantFound] = field(default_factory=list)
    reference: list[MutantFound] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """The share of mutants that were found with a small scenario; 0 when there are none."""
        return sum(each.small for each in self.mutants) / len(self.mutants) if self.mutants else 0.0

    @property
    def proven(self) -> bool:
        """Whether enough were found, and nothing on the reference."""
        return self.share >= LEAST_SHARE and not any(each.found for each in self.reference)

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "format": _FORMAT,
            "network": self.network,
            "seed": self.seed,
            "budget": self.budget,
            "proven": self.proven,
            "share": round(self.share, 4),
            "seconds": round(self.seconds, 1),
            "mutants": [
                {
                    "name": each.name,
                    "defect": each.defect,
                    "breaks": each.breaks,
                    "found": each.found,
                    "named": each.named,
                    "clauses": list(each.clauses),
                    "steps": each.steps,
                    "taken": each.taken,
                    "scenario": list(each.words),
                }
                for each in self.mutants
            ],
        }


def prove_search(
    network: str,
    *,
    seed: int = 1,
    steps: int = STEPS,
    jobs: int = 2,
    only: Callable[[mutants.Mutant], bool] = lambda _: True,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> SearchProof:
    """Explore every mutant of `network` that `only` picks, and the reference. TargetError when a process is killed."""
    began = time.monotonic()
    found = mutants.of(network)
    proof = SearchProof(network=network, seed=seed, budget=steps)
    numbers = [number for number, each in enumerate(found) if only(each)]
    tasks = [partial(_explore_one, network, number, seed, steps) for number in (None, *numbers)]
    for number, score in enumerate(_in_processes(tasks, jobs), 1):
        progress(number, len(tasks))
        (proof.mutants if score.breaks else proof.reference).append(score)
    order = {each.name: number for number, each in enumerate(found)}
    proof.mutants.sort(key=lambda score: order[score.name])
    proof.seconds = time.monotonic() - began
    return proof


def _in_processes(tasks: Sequence[Callable[[], MutantFound]], jobs: int) -> Iterator[MutantFound]:
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        try:
            for future in as_completed([pool.submit(task) for task in tasks]):
                yield future.result()
        except BrokenProcessPool as error:
            raise TargetError("a process of the proof was killed") from error


def _explore_one(network: str, number: int | None, seed: int, steps: int) -> MutantFound:
    """Explore the mutant of that number, or the reference, until the first finding."""
    known = network_named(network)
    mutant = mutants.of(network)[number] if number is not None else None
    make = partial(known.make_node, cls=mutant.node) if mutant else None
    target = VirtualTarget(known, seed, make, name=mutant.name if mutant else "")
    found: Exploration = explore(known.explorer(), target, seed=seed, budget=Budget(steps=steps, findings=1))
    first = found.findings[0] if found.findings else None
    return MutantFound(
        name=mutant.name if mutant else "the reference",
        defect=mutant.defect if mutant else "",
        breaks=mutant.breaks if mutant else "",
        also=mutant.also if mutant else (),
        clauses=first.clauses if first else (),
        words=tuple(first.scenario.words()) if first else (),
        steps=len(first.scenario.steps) if first else 0,
        taken=found.steps,
        seconds=found.seconds,
    )
