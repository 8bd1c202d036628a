"""The proof of the suite itself: it must accept the reference and catch what is wrong.

- The reference node passes every case, in the virtual network and over sockets.
- Every mutant is run in the virtual network against every case in which the reference node enters the method that the
  mutant replaces; in the others it can't differ (see `reach`), and a thorough proof runs those too. It is *killed* when
  a case that cites the requirement it breaks fails, and *cleanly* killed when no other case fails than those that cite
  that requirement or one that the mutant lists in `also`. The score is the share of mutants that are cleanly killed.
- Null nodes, which implement nothing, hold no case.

Mutants are spread over processes. Nothing here depends on their number: the same seed gives the same proof.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from . import lint, mutants
from .builtin import BuiltinTarget, VirtualTarget
from .catalogue import cases
from .engine import Result, Settings, judge
from .networks import network_named
from .reach import reached, reference_class, watch_for
from .session import run
from .target import TargetError
from .verdicts import Outcome

if TYPE_CHECKING:
    from .mutants import Mutant
    from .target import Target

LEAST_SCORE = 0.95
"""The share of mutants that must be cleanly killed."""

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantScore:
    """What the cases made of a mutant: ids of those that killed it, of those that failed astray, our own errors."""

    name: str
    defect: str
    breaks: str
    also: tuple[str, ...]
    killers: tuple[str, ...]
    astray: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def killed(self) -> bool:
        """Whether a case that cites the broken requirement failed."""
        return bool(self.killers)

    @property
    def clean(self) -> bool:
        """Whether it was killed, and nothing else went wrong."""
        return self.killed and not self.astray and not self.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class NullScore:
    """The ids of the cases that a node held which implements nothing, and of our own errors."""

    name: str
    held: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceScore:
    """The reference node in one world: how many cases, and the ids and messages of those that it does not hold.

    A MAY that it does not do is no fault, nor is a case that needs what the world does not offer.
    """

    world: str
    cases: int
    seconds: float
    faults: tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Proof:
    """All that was found about the suite of one network; `problems` are broken rules between text, cases, mutants."""

    network: str
    cases: int
    mutants: list[MutantScore] = field(default_factory=list)
    nulls: list[NullScore] = field(default_factory=list)
    reference: list[ReferenceScore] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def score(self) -> float:
        """The share of mutants that are cleanly killed; 0 when there are none."""
        return sum(each.clean for each in self.mutants) / len(self.mutants) if self.mutants else 0.0

    @property
    def null_passes(self) -> int:
        """How many cases null nodes held, over all null nodes."""
        return sum(len(each.held) for each in self.nulls)

    @property
    def proven(self) -> bool:
        """Whether the suite can be trusted."""
        return (
            self.score >= LEAST_SCORE
            and not self.problems
            and not self.null_passes
            and not any(each.errors for each in self.mutants)
            and not any(each.errors for each in self.nulls)
            and not any(each.faults for each in self.reference)
        )

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for JSON. `format` is raised when a meaning changes."""
        return {
            "format": _FORMAT,
            "network": self.network,
            "proven": self.proven,
            "cases": self.cases,
            "score": round(self.score, 4),
            "killed": sum(each.killed for each in self.mutants),
            "cleanly_killed": sum(each.clean for each in self.mutants),
            "null_passes": self.null_passes,
            "seconds": round(self.seconds, 1),
            "problems": self.problems,
            "reference": [
                {
                    "world": each.world,
                    "cases": each.cases,
                    "seconds": round(each.seconds, 2),
                    "faults": [{"case": case, "message": message} for case, message in each.faults],
                }
                for each in self.reference
            ],
            "mutants": [
                {
                    "name": each.name,
                    "defect": each.defect,
                    "breaks": each.breaks,
                    "also": list(each.also),
                    "killed": each.killed,
                    "clean": each.clean,
                    "killers": list(each.killers),
                    "astray": list(each.astray),
                    "errors": list(each.errors),
                }
                for each in self.mutants
            ],
            "nulls": [{"name": each.name, "held": list(each.held), "errors": list(each.errors)} for each in self.nulls],
        }


T = TypeVar("T")

Progress = Callable[[int, int], None]
Score = MutantScore | NullScore | ReferenceScore


def prove(
    network: str,
    *,
    seed: int = 1,
    jobs: int | None = None,
    only: Callable[[Mutant], bool] = lambda _: True,
    sockets: bool = True,
    thorough: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Proof:
    """Prove the suite of `network` (LookupError); `only` picks mutants. At least two processes share the work.

    With `thorough` each mutant is run against every case.
    """
    began = time.perf_counter()
    found = mutants.of(network)
    proof = Proof(network=network, cases=len(cases(network)), problems=lint.problems(network))
    wanted = [number for number, each in enumerate(found) if only(each)]
    nulls = list(network_named(network).nulls())
    processes = jobs or max(2, os.cpu_count() or 2)
    tried = _everything(network, wanted) if thorough else _telling(network, wanted, seed, processes)
    tasks: list[Callable[[], Score]] = [
        *(partial(score_mutant, network, number, seed, tried[number]) for number in wanted),
        *(partial(score_null, network, name, seed) for name in nulls),
        partial(score_reference, network, seed),
    ]
    for number, score in enumerate(_in_processes(tasks, processes), 1):
        progress(number, len(tasks))
        if isinstance(score, MutantScore):
            proof.mutants.append(score)
        elif isinstance(score, NullScore):
            proof.nulls.append(score)
        else:
            proof.reference.append(score)
    order = {each.name: number for number, each in enumerate(found)}
    proof.mutants.sort(key=lambda score: order[score.name])
    proof.nulls.sort(key=lambda score: nulls.index(score.name))
    if sockets:
        proof.reference.append(score_reference(network, seed, sockets=True))
    proof.seconds = time.perf_counter() - began
    return proof


def _in_processes(tasks: Sequence[Callable[[], T]], jobs: int) -> Iterator[T]:
    """The results of the tasks as they come. Processes are forked, so that they have the cases already.

    An interrupt is the parent's affair: it lets the tasks that run end, and begins no other.
    """
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("fork"), signal.signal, (signal.SIGTERM, signal.SIG_DFL)
    )
    try:
        # processes are forked by the first task, and inherit what is blocked here
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            futures = [pool.submit(task) for task in tasks]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool as error:
        raise TargetError("a process of the proof was killed") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _everything(network: str, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
    """All cases for each mutant, by its number."""
    every = frozenset(case.id for case in cases(network))
    return dict.fromkeys(numbers, every)


def _telling(network: str, numbers: Sequence[int], seed: int, jobs: int = 1) -> dict[int, frozenset[str]]:
    """The ids of the cases that can tell each mutant from the reference node, by the mutant's number."""
    parts = [partial(_telling_part, network, tuple(numbers), seed, part, jobs) for part in range(jobs)]
    found = list(_in_processes(parts, jobs))
    return {number: frozenset().union(*(part[number] for part in found)) for number in numbers}


def _telling_part(network: str, numbers: Sequence[int], seed: int, part: int, parts: int) -> dict[int, set[str]]:
    """The same among a part of the cases."""
    found, known = mutants.of(network), network_named(network)
    reference = reference_class(known)
    watches = {number: watch_for(found[number].node, reference, known.pure) for number in numbers}
    told = {number: watch for number, watch in watches.items() if watch is not None}
    every = {case.id for case in cases(network)}
    return dict.fromkeys(numbers, every) | reached(network, seed, told, part, parts)


def score_mutant(network: str, number: int, seed: int, tried: Collection[str] | None = None) -> MutantScore:
    """Run the cases with the ids in `tried`, or all, against the mutant of that number."""
    mutant = mutants.of(network)[number]
    known = network_named(network)
    target = VirtualTarget(known, seed, partial(known.make_node, cls=mutant.node), name=mutant.name)
    killers, astray, errors = [], [], []
    for result in _judged(network, target, seed, tried):
        if result.outcome is Outcome.ERROR:
            errors.append(_told(result))
        elif result.deviates and mutant.breaks in result.case.requirements:
            killers.append(result.case.id)
        elif result.deviates and not set(mutant.also) & set(result.case.requirements):
            astray.append(result.case.id)
    return MutantScore(
        name=mutant.name,
        defect=mutant.defect,
        breaks=mutant.breaks,
        also=mutant.also,
        killers=tuple(killers),
        astray=tuple(astray),
        errors=tuple(errors),
    )


def score_null(network: str, name: str, seed: int) -> NullScore:
    """Run every case against a null node."""
    make = network_named(network).nulls()[name]
    target = VirtualTarget(network_named(network), seed, lambda random, **_: make(random), name=name)
    results = list(_judged(network, target, seed))
    return NullScore(
        name=name,
        held=tuple(each.case.id for each in results if each.outcome is Outcome.HELD),
        errors=tuple(_told(each) for each in results if each.outcome is Outcome.ERROR),
    )


def score_reference(network: str, seed: int, *, sockets: bool = False) -> ReferenceScore:
    """Run every case against the reference node, in the virtual network or over sockets."""
    known = network_named(network)
    target: Target = BuiltinTarget(known, seed) if sockets else VirtualTarget(known, seed)
    target.start()
    try:
        report = run(cases(network), target, Settings(seed=seed))
    finally:
        target.stop()
    faults = [
        (each.case.id, each.message)
        for each in report.results
        if each.deviates or each.outcome in (Outcome.ERROR, Outcome.INCONCLUSIVE)
    ]
    return ReferenceScore(
        world="sockets" if sockets else "virtual",
        cases=len(report.results),
        seconds=report.duration,
        faults=tuple(faults),
    )


def _judged(network: str, target: VirtualTarget, seed: int, tried: Collection[str] | None = None) -> Iterator[Result]:
    settings = Settings(seed=seed)
    for case in cases(network):
        if tried is None or case.id in tried:
            yield judge(case, target, settings)


def _told(result: Result) -> str:
    return f"{result.case.id}: {result.message}"
