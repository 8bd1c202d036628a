"""From a session's report to a document: the one place where results turn into what the reports say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from ..requirements import load
from ..verdicts import Verdict
from ..worlds.transcript import NOWHERE
from .document import FORMAT, Accepted, Document, Happening, Judged, Messages, Node, Rule, encode

if TYPE_CHECKING:
    from ..engine import Result
    from ..session import Report
    from ..worlds import Transcript
    from ..worlds.transcript import Address

MOST_TRANSCRIPTS = 200
"""Cases of which the last messages are kept where no evidence is written."""
MOST_EVENTS = 64
MOST_BYTES = 8192
LONGEST_TEXT = 20_000
"""Characters of one text that a node or a traceback gave."""


def as_json(report: Report, *, again: str = "", evidence: Mapping[str, Sequence[str]] | None = None) -> str:
    """The JSON document."""
    return encode(document_of(report, again=again, evidence=evidence)).decode()


def document_of(report: Report, *, again: str = "", evidence: Mapping[str, Sequence[str]] | None = None) -> Document:
    """The document of a session.

    `again` is the command that judges the same target; `evidence` names the files of each case of which evidence was
    written, relative to the report's folder. Without it the last messages of each deviation are kept instead.
    """
    target = report.target
    requirements = load(target.network.name)
    cited = {id_ for result in report.results for id_ in result.case.requirements}
    judged_sections = {result.case.section for result in report.results}
    room = [MOST_TRANSCRIPTS if evidence is None else 0]
    return Document(
        format=FORMAT,
        peerspec=version("peerspec"),
        began=report.began.isoformat(timespec="seconds"),
        network=target.network.name,
        title=target.network.title,
        again=again,
        target=Node(
            name=_text(target.name), role=target.role, address=_place(target.address), features=sorted(target.features)
        ),
        seed=report.settings.seed,
        strict=report.settings.strict,
        duration=round(report.duration, 6),
        exit_code=report.exit_code,
        verdicts={verdict: report.count(verdict) for verdict in Verdict},
        known=report.known,
        stale=[Accepted(id=each.id, reason=_text(each.reason)) for each in report.stale],
        notes=[_text(each) for each in report.notes],
        sections={name: title for name, title in target.network.sections.items() if name in judged_sections},
        requirements={
            id_: Rule(level=each.level, text=each.text, source=each.source)
            for id_, each in requirements.items()
            if id_ in cited
        },
        cases=[_case(each, (evidence or {}).get(each.case.id, ()), room) for each in report.results],
    )


def _case(result: Result, evidence: Sequence[str], room: list[int]) -> Judged:
    transcript = None
    if result.explained and result.transcript is not None and room[0]:
        room[0] -= 1
        transcript = _messages(result.transcript)
    return Judged(
        id=result.case.id,
        section=result.case.section,
        title=result.case.title,
        requirements=list(result.case.requirements),
        level=result.level,
        outcome=result.outcome,
        verdict=result.verdict,
        known=None if result.known is None else _text(result.known),
        message=_text(result.message),
        expected=[_text(each) for each in result.expected],
        actual=_text(result.actual),
        detail=_text(result.detail),
        duration=round(result.duration, 6),
        evidence=list(evidence),
        transcript=transcript,
    )


def _messages(transcript: Transcript) -> Messages:
    """The last events, their bytes cut at the bound: what came last decided the case."""
    kept: list[Happening] = []
    room, dropped = MOST_BYTES, transcript.dropped
    for event in reversed(transcript.events[-MOST_EVENTS:]):
        data = event.data[:room]
        room, dropped = room - len(data), dropped + len(event.data) - len(data)
        kept.append(
            Happening(
                time=round(event.time, 6),
                kind=str(event.kind),
                wire=event.wire,
                local=_place(event.local),
                remote=_place(event.remote),
                data=data.hex(),
                note=_text(event.note),
            )
        )
    return Messages(left_out=len(transcript.events) - len(kept), dropped=dropped, events=kept[::-1])


def _place(address: Address) -> str:
    return "" if address == NOWHERE else f"{address[0]}:{address[1]}"


def _text(text: str) -> str:
    """`text` within bounds, and such that UTF-8 can hold it: a node may have sent half a surrogate pair."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}... ({len(text) - LONGEST_TEXT} characters more)"
    return text.encode("utf-8", "backslashreplace").decode()
