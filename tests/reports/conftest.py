"""Documents to test with: one of every verdict by hand, and one of a real run against a broken servent."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

from peerspec.conformance.cli import main
from peerspec.conformance.reports.document import Accepted, Document, Judged, Node, Rule
from peerspec.conformance.verdicts import Level, Outcome, Verdict, grade

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)> `x` | \x1b[31m \x00 \u202e &amp; */"
"""What a node may send to be shown."""

RULES = {
    "TOY-A-01": Rule(level=Level.MUST, text="A node MUST answer `PING`.", source="Toy, 1"),
    "TOY-A-02": Rule(level=Level.SHOULD, text="A node SHOULD be quick.", source="Toy, 2"),
    "TOY-B-01": Rule(level=Level.MAY, text="A node MAY echo.", source="Toy, 3"),
}


def judged(
    id_: str,
    outcome: Outcome = Outcome.HELD,
    *rules: str,
    known: str | None = None,
    message: str = "",
    actual: str = "",
) -> Judged:
    """A case of the toy network."""
    cited = rules or ("TOY-A-01",)
    level = min((RULES[each].level for each in cited), key=lambda level: level.rank)
    failed = outcome is Outcome.FAILED
    return Judged(
        id=id_,
        section=id_.partition("/")[0],
        title=id_.partition("/")[2],
        requirements=list(cited),
        level=level,
        outcome=outcome,
        verdict=grade(outcome, level),
        known=known,
        message=message,
        expected=["a pong", "a close"] if failed else [],
        actual=(actual or "silence") if failed else "",
        detail="",
        duration=0.012,
        evidence=[],
        transcript=None,
    )


def document(
    *cases: Judged, name: str = "Toy 1", network: str = "toy", exit_code: int = 0, stale: list[Accepted] | None = None,
    notes: list[str] | None = None, again: str = "peerspec check toy",
) -> Document:  # fmt: skip
    """A report of these cases."""
    return Document(
        format=1,
        peerspec="0.1.0",
        began="2026-01-02T03:04:05+00:00",
        network=network,
        title="Toy",
        again=again,
        target=Node(name=name, role="node", address="127.0.0.1:1", features=["dial"]),
        seed=1,
        strict=False,
        duration=1.5,
        exit_code=exit_code,
        verdicts={
            verdict: sum(case.verdict is verdict and case.known is None for case in cases) for verdict in Verdict
        },
        known=sum(case.known is not None for case in cases),
        stale=stale or [],
        notes=notes or [],
        sections={case.section: case.section.capitalize() for case in cases},
        requirements=RULES,
        cases=list(cases),
    )


@pytest.fixture
def everything() -> Document:
    """Every verdict, with words that a node chose in every place that has some."""
    return document(
        judged("ping/holds"),
        judged("ping/fails", Outcome.FAILED, message=NASTY, actual=NASTY),
        judged("ping/warns", Outcome.FAILED, "TOY-A-02"),
        judged("echo/does", Outcome.HELD, "TOY-B-01"),
        judged("echo/does_not", Outcome.FAILED, "TOY-B-01"),
        judged("echo/unsupported", Outcome.UNSUPPORTED, message=NASTY),
        judged("echo/open", Outcome.INCONCLUSIVE, message="no luck"),
        judged("echo/error", Outcome.ERROR, message=NASTY),
        judged("echo/known", Outcome.FAILED, known=f"accepted {NASTY}"),
        judged(f"echo/[{NASTY}]", Outcome.FAILED, "TOY-A-01", "TOY-A-02"),
        name=f"Toy {NASTY}",
        exit_code=1,
        stale=[Accepted(id="TOY-A-02", reason=NASTY)],
        notes=[NASTY],
        again=f"peerspec check toy {NASTY}",
    )


def call(*words: str) -> int:
    """The exit code of a command."""
    saved = sys.argv
    sys.argv = ["peerspec", *words]
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = saved
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of reports of a real run: a servent that keeps the Hops of what it forwards."""
    folder = tmp_path_factory.mktemp("broken")
    with contextlib.redirect_stdout(None):
        code = call(
            "check", "gnutella", "virtual", "--mutant", "KeepsTheHops", "-s", "forwarding", "--report", str(folder)
        )
    assert code == 1
    return folder


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the reference servent, over the same cases and some more."""
    path = tmp_path_factory.mktemp("sound") / "sound.json"
    with contextlib.redirect_stdout(None):
        assert call("check", "gnutella", "virtual", "-s", "forwarding", "-s", "duplicates", "--json", str(path)) == 0
    return path
