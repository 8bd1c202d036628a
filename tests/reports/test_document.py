from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Result, Settings
from peerspec.conformance.networks import network_named
from peerspec.conformance.reports import structured
from peerspec.conformance.reports.document import SCHEMA, Document, DocumentError, encode, read, schema
from peerspec.conformance.reports.structured import document_of
from peerspec.conformance.session import Report, run
from peerspec.conformance.verdicts import Level, Outcome, Verdict
from peerspec.conformance.worlds import Event, Kind, Transcript

from .conftest import document, judged

PUBLISHED = json.loads(SCHEMA.read_text("utf-8"))


def test_the_published_schema_is_that_of_the_records() -> None:
    assert schema() == PUBLISHED, "write json.dumps(schema(), indent=2) and a line feed to report.schema.json"
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


def test_every_report_is_valid_and_is_read_back(everything: Document, broken: Path, sound: Path) -> None:
    path = broken / "everything.json"
    path.write_bytes(encode(everything))
    assert read(path) == everything
    path.unlink()
    for each in (encode(everything), (broken / "report.json").read_bytes(), sound.read_bytes()):
        jsonschema.validate(json.loads(each), PUBLISHED)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), 2),
        (("cases", 0, "verdict"), "passed"),
        (("cases", 0, "level"), "must"),
        (("cases", 0, "requirements"), []),
        (("cases", 0, "duration"), -1),
        (("cases", 0, "known"), 5),
        (("target", "features"), "dial"),
        (("verdicts", "fail"), -1),
        (("requirements", "TOY-A-01"), {"level": "MUST", "text": "x"}),
        (("sections",), None),
    ],
)
def test_what_is_no_report_is_refused_by_schema_and_reader(
    everything: Document, tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    data = json.loads(encode(everything))
    inner: Any = data
    for key in place[:-1]:
        inner = inner[key]
    assert place[-1] in inner
    inner[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, PUBLISHED)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data))
    with pytest.raises(DocumentError):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a report of peerspec"),
        (b"\xff\xfe", "not a report of peerspec"),
        (b"[" * 100_000, "not a report of peerspec"),
        (b"[1]", "not a report of peerspec"),
        (b'{"format": "1"}', "not a report of peerspec"),
        (b'{"format": 2}', "a report of format 2; this version of peerspec reads 1"),
        (b'{"format": 1}', "missing required field"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_later_version_may_add_fields(everything: Document, tmp_path: Path) -> None:
    data = json.loads(encode(everything))
    data["colour"] = data["cases"][0]["colour"] = "green"
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data))
    assert read(path) == everything
    jsonschema.validate(data, PUBLISHED)


def talkative(number: int) -> Result:
    """A failing case with a long transcript and long words."""
    transcript = Transcript()
    for at in range(1000):
        transcript.add(Event(float(at), Kind.RECEIVED, 1, ("127.0.0.2", 1), ("127.0.0.1", 1), bytes(500)))
    case = cases("gnutella")[number]
    return Result(
        case=case,
        level=Level.MUST,
        outcome=Outcome.FAILED,
        verdict=Verdict.FAIL,
        message="\ud800" + "x" * 100_000,
        transcript=transcript,
    )


def test_a_report_stays_small_however_much_a_node_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "MOST_TRANSCRIPTS", 2)
    report = Report(VirtualTarget(network_named("gnutella"), 1), Settings())
    report.results = [talkative(number) for number in range(3)]
    found = document_of(report)
    first, second, third = found.cases
    assert third.transcript is None
    assert second.transcript is not None
    assert first.transcript is not None
    assert len(first.transcript.events) == structured.MOST_EVENTS
    assert (first.transcript.events[-1].time, first.transcript.left_out) == (999.0, 1000 - structured.MOST_EVENTS)
    kept = sum(len(event.data) // 2 for event in first.transcript.events)
    assert (kept, first.transcript.dropped) == (structured.MOST_BYTES, structured.MOST_EVENTS * 500 - kept)
    assert first.message.startswith("\\ud800xxx")
    assert first.message.endswith("characters more)")
    assert len(encode(found)) < 3 * 80_000
    assert all(case.transcript is None for case in document_of(report, evidence={}).cases)


def test_a_run_forgets_what_passed_on_the_wires_of_cases_that_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_named("gnutella")
    chosen = [case for case in cases("gnutella") if case.section == "bye"]
    seen: list[bool] = []
    report = run(
        chosen, VirtualTarget(network, 1), Settings(), watch=lambda result: seen.append(result.transcript is not None)
    )
    assert all(seen)
    assert all(each.transcript is None for each in report.results)


def test_a_run_keeps_transcripts_of_deviations_up_to_a_bound() -> None:
    report = Report(VirtualTarget(network_named("gnutella"), 1), Settings())
    results = [talkative(number % 3) for number in range(150)]
    for result in results:
        report.let_go(result)
    kept = [result.transcript is not None for result in results]
    assert kept == [True] * 134 + [False] * 16  # 500,000 bytes each, 64 MiB in all


def test_records_are_written_as_they_are_named() -> None:
    found = msgspec.to_builtins(document(judged("ping/fails", Outcome.FAILED)))
    assert found["cases"][0]["outcome"] == "failed"
    assert found["verdicts"]["fail"] == 1
