"""Verdicts: what is said of one case, and what a whole run comes to.

A case ends in an *outcome* (it held, it failed, it could not be tried). The level of the requirement turns the outcome
into a *verdict*:

| outcome      | MUST         | SHOULD               | MAY               |
|--------------|--------------|----------------------|-------------------|
| held         | pass         | pass                 | info ("does")     |
| failed       | fail         | warn (strict: fail)  | info ("does not") |
| unsupported  | unsupported: the target does not offer what the case needs         |||
| inconclusive | inconclusive: a precondition did not come about                    |||
| error        | error: the tester's own fault, never the node's                    |||

Exit codes: 0 conforms; 1 does not; 2 wrong usage, or the selection matches no case; 3 the node can't be reached, the
tester failed, or nothing could be judged.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(StrEnum):
    """How strongly a requirement binds, in the words of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return tuple(Level).index(self)


class Outcome(Enum):
    """How the body of a case ended."""

    HELD = "held"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class Verdict(StrEnum):
    """What is said of the node by one case."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    WARN = "warn"
    INFO = "info"
    UNSUPPORTED = "unsupported"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class ExitCode:
    """What the command line returns."""

    CONFORMS = 0
    DEVIATES = 1
    USAGE = 2
    UNREACHABLE = 3


def grade(outcome: Outcome, level: Level, *, strict: bool = False) -> Verdict:
    """The verdict on an outcome; `strict` holds a SHOULD like a MUST."""
    if outcome is Outcome.HELD:
        return Verdict.INFO if level is Level.MAY else Verdict.PASS
    if outcome is Outcome.FAILED:
        if level is Level.MAY:
            return Verdict.INFO
        return Verdict.FAIL if level is Level.MUST or strict else Verdict.WARN
    return Verdict(outcome.value)


def exit_code(verdicts: Iterable[Verdict], *, stale: int = 0) -> int:
    """The exit code of a run: its verdicts, known deviations left out, and the number of stale entries among those."""
    seen = set(verdicts)
    if Verdict.FAIL in seen or stale:
        return ExitCode.DEVIATES
    judged = seen & {Verdict.PASS, Verdict.WARN}
    open_ = seen & {Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE}
    if Verdict.ERROR in seen or (open_ and not judged):
        return ExitCode.UNREACHABLE
    return ExitCode.CONFORMS
