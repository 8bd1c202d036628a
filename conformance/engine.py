"""Judging one case: run its body against a target and say how it ended.

`judge` never raises on account of the node or of the case. What the node did wrong is an outcome, what the tester did
wrong is the outcome `error`, and a node of ours that has ended while a case ran fails that case, whatever its level.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field

from ..codecs.errors import DecodeError
from .bench import Bench, Timing, seeded
from .catalogue import Case
from .outcomes import Failure, Inconclusive, Sign, Symptom, Unreachable, Unsupported
from .requirements import Requirements, load
from .target import Target
from .verdicts import Level, Outcome, Verdict, grade
from .worlds import Kind, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user chose for a run. `timeout` is in seconds; None lets the engine scale it by the target's latency."""

    seed: int = 1
    strict: bool = False
    timing: Timing = field(default_factory=Timing)


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of one case. `duration` is in seconds of real time; `known` the reason of a known deviation."""

    case: Case
    level: Level
    outcome: Outcome
    verdict: Verdict
    message: str = ""
    expected: tuple[str, ...] = ()
    actual: str = ""
    detail: str = ""
    duration: float = 0.0
    known: str | None = None
    transcript: Transcript | None = None
    symptom: Symptom | None = None
    """What shows the deviation, for programs; None when there is none."""

    @property
    def deviates(self) -> bool:
        """Whether the node failed it at a level that is held against it."""
        return self.verdict in (Verdict.FAIL, Verdict.WARN)

    @property
    def explained(self) -> bool:
        """Whether reports explain it in full, with evidence: a deviation, or an error of the tester's."""
        return self.deviates or self.verdict is Verdict.ERROR


@dataclass(slots=True)
class _Ending:
    """How the body ended."""

    outcome: Outcome
    message: str = ""
    expected: tuple[str, ...] = ()
    actual: str = ""
    detail: str = ""
    symptom: Symptom | None = None


def judge(case: Case, target: Target, settings: Settings) -> Result:
    """Run `case` against `target` and grade how it ended."""
    requirements = load(target.network.name)
    level = requirements.strongest(case.requirements)
    began = time.perf_counter()
    transcript: Transcript | None = None
    if missing := missing_feature(case, target, requirements):
        ending = _Ending(Outcome.UNSUPPORTED, missing)
        died = None
    else:
        bench = open_bench(target, settings, case.id)
        transcript = bench.world.transcript
        ending = _run(case, bench)
        transcript.conclude()
        if ending.outcome is Outcome.FAILED and ending.symptom is None:
            ending.symptom = Symptom(sign=Sign.ANSWERS, wire=transcript.look, waited=transcript.waits)
        died = target.died(suspected=ending.outcome is not Outcome.HELD and _cut_off(transcript))
        if problem := _finish(bench):
            ending = problem
    verdict = grade(ending.outcome, level, strict=settings.strict)
    if died is not None:
        ending.detail = f"{ending.message}\n{ending.detail}".strip()
        ending.outcome, ending.message = Outcome.FAILED, died
        ending.expected, ending.actual = ("a node that still runs",), died
        ending.symptom = Symptom(sign=Sign.DIED)
        verdict = Verdict.FAIL
    return Result(
        case=case,
        level=level,
        outcome=ending.outcome,
        verdict=verdict,
        message=ending.message,
        expected=ending.expected,
        actual=ending.actual,
        detail=ending.detail,
        duration=time.perf_counter() - began,
        transcript=transcript,
        symptom=ending.symptom,
    )


def _cut_off(transcript: Transcript) -> bool:
    """Whether the node closed or reset a connection."""
    return any(event.kind in (Kind.EOF, Kind.RESET) for event in transcript.events)


def missing_feature(case: Case, target: Target, requirements: Requirements) -> str:
    """What the case needs and the target does not offer, in words; empty when nothing is missing."""
    needed = [feature for id_ in case.requirements if (feature := requirements[id_].feature)]
    for feature in (*case.features, *needed):
        if feature not in target.features:
            return f"{feature}: not among the target's features"
    return ""


def open_bench(target: Target, settings: Settings, *words: str) -> Bench:
    """A bench for one case, its randomness seeded by the run's seed and `words`. The case's budget of time begins."""
    world = target.world(settings.timing)
    world.transcript.node = target.address
    bench = target.network.bench()(target, world, seeded(settings.seed, *words), settings.timing)
    world.start_clock()
    return bench


def _run(case: Case, bench: Bench) -> _Ending:
    try:
        case.run(bench)
    except Unsupported as outcome:
        return _Ending(Outcome.UNSUPPORTED, str(outcome))
    except Inconclusive as outcome:
        return _Ending(Outcome.INCONCLUSIVE, outcome.reason)
    except Failure as failure:
        return _Ending(Outcome.FAILED, failure.message, failure.expected, failure.actual, symptom=failure.symptom)
    except AssertionError as failure:
        said = str(failure).strip()
        return _Ending(Outcome.FAILED, said.partition("\n")[0] or "an assertion of the case failed", detail=said)
    except DecodeError as error:
        return _Ending(
            Outcome.FAILED, f"the node sent what does not parse: {error}", ("well-formed bytes",), str(error)
        )
    except Unreachable as error:
        symptom = Symptom(sign=Sign.REFUSED, at=error.address)
        return _Ending(Outcome.FAILED, f"no connection to {error}", ("a connection",), error.reason, symptom=symptom)
    except Exception as error:  # noqa: BLE001 - whatever else a case raises is the tester's fault, and is said so
        summary = f"{type(error).__name__}: {error}".partition("\n")[0]
        return _Ending(Outcome.ERROR, summary, detail=traceback.format_exc())
    return _Ending(Outcome.HELD)


def _finish(bench: Bench) -> _Ending | None:
    """Close the bench; the ending of the case when that itself went wrong."""
    try:
        bench.finish()
    except Exception as error:  # noqa: BLE001 - as above
        return _Ending(Outcome.ERROR, f"cleaning up: {type(error).__name__}: {error}", detail=traceback.format_exc())
    return None
