from __future__ import annotations

import json
import random
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from peerspec.conformance.engine import Settings
from peerspec.conformance.evidence import trace as traces
from peerspec.conformance.evidence.trace import Trace, TraceError, decode, read, schema, trace

from .conftest import Failing

Plain = dict[str, Any]


@pytest.fixture(scope="module")
def plain(failing: Failing) -> Plain:
    result, target = failing("KeepsTheTtl")
    found: Plain = json.loads(trace(result, target, Settings()).encode())
    return found


def changed(plain: Plain, **changes: Any) -> bytes:
    return json.dumps({**plain, **changes}).encode()


def with_event(plain: Plain, **changes: Any) -> bytes:
    events = [dict(each) for each in plain["events"]]
    events[1] |= changes
    return changed(plain, events=events)


def test_a_trace_says_what_was_judged_and_by_what_it_failed(plain: Plain) -> None:
    assert plain["format"] == traces.FORMAT
    assert plain["network"] == "gnutella"
    assert plain["target"]["address"] == "127.0.0.1:6346"
    assert plain["target"]["virtual"] is True
    assert plain["case"]["id"].startswith("forwarding/a_forwarded_query_has_a_lower_ttl")
    assert plain["requirements"][0]["id"] == "GNU-FWD-01"
    assert plain["symptom"] == {"sign": "answers", "wire": 2}
    assert [each["opened_by"] for each in plain["wires"]] == ["tester", "tester"]


def test_messages_are_decoded_beside_the_bytes(plain: Plain) -> None:
    messages = [message for event in plain["events"] for message in event.get("messages", ())]
    copies = [each for each in messages if each["name"] == "Query"]
    assert [each["fields"]["header"]["ttl"] for each in copies] == [4, 4]
    assert copies[0]["fields"]["payload"]["text"] == copies[1]["fields"]["payload"]["text"]


def test_what_the_node_chose_has_a_name_and_says_where_it_is_sent_again(plain: Plain) -> None:
    own = [each for each in plain["symbols"] if each["by"] == "node" and each["kind"] == "guid"]
    assert own
    assert own[0]["name"] == "node.guid.1"
    for each in own:
        for number in each["used"]:
            assert plain["events"][number]["kind"] == "sent"
            assert each["value"] in plain["events"][number]["data"]
    assert any(each["used"] for each in own)


def test_a_trace_gives_the_events_back(failing: Failing) -> None:
    for name in ("ObeysForeignPushes", "ChangesItsServentId", "NeverPingsAnIdleLink", "SpeaksHttp11Only"):
        result, target = failing(name)
        assert result.transcript is not None
        again = decode(trace(result, target, Settings()).encode())
        events = result.transcript.events[: result.transcript.end]
        assert [event[1:] for event in again.transcript().events] == [event[1:] for event in events]
        assert again.symptom_of() == result.symptom


def test_the_published_schema_is_that_of_the_format() -> None:
    file = resources.files("peerspec.conformance.evidence") / "trace.schema.json"
    assert json.loads(file.read_text("utf-8")) == json.loads(json.dumps(schema()))


def test_the_schema_names_every_part() -> None:
    found = schema()
    assert found["$ref"] == "#/$defs/Trace"
    assert set(found["$defs"]["Trace"]["properties"]) == set(Trace.__struct_fields__)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "format 99 is not known; this is for format 1"),
        ({"format": "1"}, "it is no trace"),
        ({"events": 5}, "it is no trace"),
        ({"wires": []}, "which is not listed"),
        ({"seed": -1}, "it is no trace"),
        ({"symptom": {"sign": "nothing"}}, "it is no trace"),
        ({"symptom": {"sign": "refused", "at": "300.1.2.3:5"}}, "no IPv4 address"),
    ],
)
def test_a_trace_that_makes_no_sense_is_refused_in_one_line(plain: Plain, change: Plain, says: str) -> None:
    with pytest.raises(TraceError) as caught:
        decode(changed(plain, **change)).symptom_of()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"data": "zz"},
        {"data": "abc"},
        {"kind": "dances"},
        {"wire": 77},
        {"kind": "open"},
        {"time": -1},
        {"wire": "one"},
    ],
    ids=str,
)
def test_an_event_that_makes_no_sense_is_refused(plain: Plain, change: Plain) -> None:
    with pytest.raises(TraceError):
        decode(with_event(plain, **change))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 1}', b"[" * 100_000])
def test_what_is_no_trace_is_refused_with_its_path(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(data)
    with pytest.raises(TraceError, match=r"t\.json: it is no trace"):
        read(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nosuch.json", tmp_path):
        with pytest.raises(TraceError, match=str(path)):
            read(path)


def test_damaged_traces_raise_nothing_but_their_error(plain: Plain) -> None:
    seeded, whole = random.Random(1), json.dumps(plain).encode()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(seeded.randrange(1, 6)):
            data[seeded.randrange(len(data))] = seeded.randrange(256)
        try:
            decode(bytes(data))
        except TraceError as error:
            assert "\n" not in str(error)  # noqa: PT017 - most of them raise, and none must say more than a line
