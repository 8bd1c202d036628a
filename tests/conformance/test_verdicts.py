from __future__ import annotations

import pytest

from peerspec.conformance.verdicts import Level, Outcome, Verdict, exit_code, grade

MUST, SHOULD, MAY = Level


@pytest.mark.parametrize(
    ("outcome", "level", "verdict"),
    [
        (Outcome.HELD, MUST, Verdict.PASS),
        (Outcome.HELD, SHOULD, Verdict.PASS),
        (Outcome.HELD, MAY, Verdict.INFO),
        (Outcome.FAILED, MUST, Verdict.FAIL),
        (Outcome.FAILED, SHOULD, Verdict.WARN),
        (Outcome.FAILED, MAY, Verdict.INFO),
        (Outcome.UNSUPPORTED, MUST, Verdict.UNSUPPORTED),
        (Outcome.INCONCLUSIVE, MAY, Verdict.INCONCLUSIVE),
        (Outcome.ERROR, SHOULD, Verdict.ERROR),
    ],
)
def test_the_level_decides_what_an_outcome_means(outcome: Outcome, level: Level, verdict: Verdict) -> None:
    assert grade(outcome, level) is verdict


def test_strict_holds_a_should_like_a_must_and_no_more() -> None:
    assert grade(Outcome.FAILED, SHOULD, strict=True) is Verdict.FAIL
    assert grade(Outcome.FAILED, MAY, strict=True) is Verdict.INFO
    assert grade(Outcome.HELD, SHOULD, strict=True) is Verdict.PASS


@pytest.mark.parametrize(
    ("verdicts", "stale", "code"),
    [
        ([Verdict.PASS, Verdict.WARN, Verdict.INFO, Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE], 0, 0),
        ([Verdict.PASS, Verdict.FAIL], 0, 1),
        ([Verdict.FAIL, Verdict.ERROR], 0, 1),
        ([Verdict.PASS, Verdict.ERROR], 0, 3),
        ([Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE], 0, 3),
        ([Verdict.INCONCLUSIVE, Verdict.INFO], 0, 3),
        ([Verdict.INFO], 0, 0),
        ([Verdict.PASS], 1, 1),
        ([], 0, 0),
    ],
)
def test_exit_codes(verdicts: list[Verdict], stale: int, code: int) -> None:
    assert exit_code(verdicts, stale=stale) == code
