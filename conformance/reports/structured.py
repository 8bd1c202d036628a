"""The report as JSON: everything that was found, for other programs. `format` is raised when a meaning changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..requirements import load
from ..verdicts import Verdict

if TYPE_CHECKING:
    from ..engine import Result
    from ..session import Report
    from ..worlds import Transcript

FORMAT = 1


def as_json(report: Report) -> str:
    """The JSON document."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=True) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The same as plain data. Times are in seconds, bytes in hex."""
    target = report.target
    requirements = load(target.network.name)
    cited = {id_ for result in report.results for id_ in result.case.requirements}
    return {
        "format": FORMAT,
        "network": target.network.name,
        "target": {
            "name": target.name,
            "role": target.role,
            "address": f"{target.address[0]}:{target.address[1]}",
            "features": sorted(target.features),
        },
        "seed": report.settings.seed,
        "strict": report.settings.strict,
        "duration": round(report.duration, 6),
        "exit_code": report.exit_code,
        "verdicts": {str(verdict): report.count(verdict) for verdict in Verdict},
        "known": report.known,
        "stale": [{"id": each.id, "reason": each.reason} for each in report.stale],
        "notes": report.notes,
        "requirements": {
            id_: {"level": str(each.level), "text": each.text, "source": each.source}
            for id_, each in requirements.items()
            if id_ in cited
        },
        "cases": [_case(each) for each in report.results],
    }


def _case(result: Result) -> dict[str, Any]:
    kept = result.deviates or result.verdict is Verdict.ERROR
    return {
        "id": result.case.id,
        "section": result.case.section,
        "title": result.case.title,
        "requirements": list(result.case.requirements),
        "level": str(result.level),
        "outcome": result.outcome.value,
        "verdict": str(result.verdict),
        "known": result.known,
        "message": result.message,
        "expected": list(result.expected),
        "actual": result.actual,
        "detail": result.detail,
        "duration": round(result.duration, 6),
        "transcript": _transcript(result.transcript) if kept and result.transcript is not None else None,
    }


def _transcript(transcript: Transcript) -> dict[str, Any]:
    return {
        "dropped": transcript.dropped,
        "events": [
            {
                "time": round(event.time, 6),
                "kind": str(event.kind),
                "wire": event.wire,
                "local": f"{event.local[0]}:{event.local[1]}",
                "remote": f"{event.remote[0]}:{event.remote[1]}",
                "data": event.data.hex(),
            }
            for event in transcript.events
        ],
    }
