"""A session: all selected cases against one target, in order, without letting a dead node cost a timeout per case.

- Before the first case the node must be reachable and must answer something at all (TargetError otherwise).
- Timeouts are scaled by the latency seen then.
- After a case that fails, a fresh connection asks whether the node still lives. A node of ours that has died is started
  anew. One that stays dead is given up after a few seconds in all; what was not judged is inconclusive, and says why.
- Known deviations still run; an entry that no longer deviates is stale, which is reported as an error.
- A report stays small however many cases there are: what passed on the wires is kept of those cases only that are
  explained, and of those up to a bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from .catalogue import Case
from .engine import Result, Settings, judge, open_bench
from .outcomes import Inconclusive, Unreachable, Unsupported
from .requirements import load
from .target import Deviation, Target, TargetError
from .verdicts import ExitCode, Outcome, Verdict, exit_code
from .worlds import Kind, World

_LATENCY_FACTOR = 20
_LONGEST_TIMEOUT = 15.0
SICK_SECONDS = 4.0
"""Seconds that cases may cost against a node that does not live, before it is given up."""

_RESTARTS = 20
KEPT_EVENTS = 200_000
"""Events of transcripts that a report keeps in all."""
KEPT_BYTES = 64 * 1024 * 1024
"""Bytes of transcripts that a report keeps in all."""


@dataclass(slots=True)
class Report:
    """What came of a session. `duration` is in seconds, `began` in UTC."""

    target: Target
    settings: Settings
    results: list[Result] = field(default_factory=list)
    stale: list[Deviation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    given_up: bool = False
    duration: float = 0.0
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _events: int = 0
    _bytes: int = 0

    def let_go(self, result: Result) -> None:
        """Forget the result's transcript, unless it is explained and there is still room for it."""
        if result.transcript is None:
            return
        events = len(result.transcript.events)
        size = sum(len(event.data) for event in result.transcript.events)
        if result.explained and self._events + events <= KEPT_EVENTS and self._bytes + size <= KEPT_BYTES:
            self._events += events
            self._bytes += size
        else:
            result.transcript = None

    @property
    def exit_code(self) -> int:
        """As the verdicts have it; known deviations do not count. A node that was given up never conforms."""
        code = exit_code([each.verdict for each in self.results if each.known is None], stale=len(self.stale))
        return ExitCode.UNREACHABLE if self.given_up and code == ExitCode.CONFORMS else code

    def count(self, verdict: Verdict) -> int:
        """How many results have this verdict, known deviations left out."""
        return sum(each.verdict is verdict and each.known is None for each in self.results)

    @property
    def known(self) -> int:
        """How many results are known deviations."""
        return sum(each.known is not None for each in self.results)


Watcher = Callable[[Result], None]


def run(
    cases: Sequence[Case],
    target: Target,
    settings: Settings,
    *,
    scale_timeout: bool = True,
    fail_fast: bool = False,
    began: Callable[[], None] | None = None,
    watch: Watcher | None = None,
) -> Report:
    """Judge `cases` in order. TargetError when the node can't be reached, or never says a word, at the start.

    The target must be started. `began` is called once it is known to answer, `watch` with each result as it comes,
    its transcript still whole.
    """
    start = time.perf_counter()
    session = Session(target, settings, scale_timeout=scale_timeout)
    session.preflight()
    if began is not None:
        began()
    for case in cases:
        result = session.judge(case)
        session.report.results.append(result)
        if watch is not None:
            watch(result)
        session.report.let_go(result)
        if fail_fast and result.verdict is Verdict.FAIL and result.known is None:
            session.report.notes.append("stopped at the first failure, as asked")
            break
    session.report.stale = stale_deviations(target.deviations, session.report.results)
    session.report.duration = time.perf_counter() - start
    return session.report


class Session:
    """The state of a run between its cases."""

    def __init__(self, target: Target, settings: Settings, *, scale_timeout: bool = True) -> None:
        self.target = target
        self.settings = settings
        self.report = Report(target, settings)
        self._scale = scale_timeout
        self._sick_for = 0.0
        self._given_up: str | None = None
        self._restarts = 0
        self._known = {each.id: each.reason for each in target.deviations}

    def preflight(self) -> None:
        """Reach the node, see that it answers, and scale the timeouts by how long it took."""
        reason, world, elapsed = self._ask()
        if reason and not world.transcript.received and not self.target.isolated:
            # a reset that comes while connecting leaves no event, but neither does it cost the timeout
            ended = elapsed < self.settings.timing.timeout or any(
                event.kind in (Kind.EOF, Kind.RESET) for event in world.transcript.events
            )
            behaviour = "closes connections without a word" if ended else f"says nothing within {elapsed:.1f} s"
            host, port = self.target.address
            raise TargetError(f"{host}:{port} accepts connections, but {behaviour}")
        if reason:
            self.report.notes.append(f"at the start already: {reason}")
        elif self._scale and not self.target.isolated:
            timing = self.settings.timing
            scaled = min(max(timing.timeout, _LATENCY_FACTOR * elapsed), _LONGEST_TIMEOUT)
            self.settings = replace(self.settings, timing=replace(timing, timeout=scaled))
            self.report.settings = self.settings

    def _ask(self) -> tuple[str, World, float]:
        """Why the node does not live (empty when it does), the world in which it was asked, and how long that took."""
        bench = open_bench(self.target, self.settings, "liveness")
        try:
            if not self.target.isolated:
                bench.world.dial(self.target.next_source(), self.target.address).close()
            began, reason = time.perf_counter(), ""
            bench.assert_alive()
        except Unreachable as error:
            raise TargetError(f"{error}") from error
        except (AssertionError, ValueError, Inconclusive, Unsupported) as failure:
            reason = str(failure).partition("\n")[0] or "it does not answer as it should"
        finally:
            bench.finish()
        return reason, bench.world, time.perf_counter() - began

    def judge(self, case: Case) -> Result:
        """The result of one case, with what followed from it for the session."""
        if self._given_up is not None:
            return self._not_judged(case, self._given_up)
        result = judge(case, self.target, self.settings)
        if result.outcome is Outcome.HELD:
            self._sick_for = 0.0
        elif result.outcome is not Outcome.UNSUPPORTED and not self.target.isolated:
            self._look_after(result)
        if result.deviates:
            keys = (*result.case.requirements, result.case.id)
            result.known = next((self._known[key] for key in keys if key in self._known), None)
        return result

    def _look_after(self, result: Result) -> None:
        """After a case that did not hold: does the node still live? If not, start it anew or, at last, give it up."""
        began = time.perf_counter()
        reason = self._still_sick()
        if not reason:
            self._sick_for = 0.0
            return
        self._sick_for += result.duration + time.perf_counter() - began
        if result.outcome is Outcome.FAILED:
            result.message = f"{result.message}; after it: {reason}"
        if self._sick_for > SICK_SECONDS or self._restarts > _RESTARTS:
            self._given_up = f"not judged: the node no longer serves since {result.case.id} ({reason})"
            self.report.given_up = True
            self.report.notes.append(self._given_up.removeprefix("not judged: "))

    def _still_sick(self) -> str:
        """Why the node does not live, after an attempt to start it anew when it is ours; empty when it lives."""
        died = self.target.died()
        try:
            if died is not None:
                self._restarts += 1
                if not self.target.restart():
                    return died
                self.report.notes.append(f"{died}; it was started anew")
            return self._ask()[0]
        except TargetError as error:
            return str(error)

    def _not_judged(self, case: Case, reason: str) -> Result:
        return Result(
            case=case,
            level=load(self.target.network.name).strongest(case.requirements),
            outcome=Outcome.INCONCLUSIVE,
            verdict=Verdict.INCONCLUSIVE,
            message=reason,
        )


def stale_deviations(known: Iterable[Deviation], results: Iterable[Result]) -> list[Deviation]:
    """The known deviations of which cases were judged in this run, and none deviated."""
    deviating: set[str] = set()
    judged: set[str] = set()
    for result in results:
        keys = {*result.case.requirements, result.case.id}
        if result.deviates:
            deviating |= keys
        if result.outcome in (Outcome.HELD, Outcome.FAILED):
            judged |= keys
    return [each for each in known if each.id in judged and each.id not in deviating]
