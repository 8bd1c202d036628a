from __future__ import annotations

import random

import pytest

from peerspec.codecs.gnutella import ConnectRequest, Descriptor, Ping, Query
from peerspec.conformance.evidence.dissect import INCOMPLETE, Dissector, Unit
from peerspec.conformance.worlds import Kind

from .conftest import transcript

GUID = bytes(range(16))
PING = Descriptor.of(Ping(), guid=GUID, ttl=1).encode()
QUERY = Descriptor.of(Query("needle"), guid=GUID, ttl=4).encode()
OK = b"GNUTELLA/0.6 200 OK\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"


def cut(*happenings: tuple[Kind, bytes]) -> list[Unit]:
    return Dissector("gnutella").units(transcript((Kind.OPEN, b""), *happenings).events)


def named(units: list[Unit]) -> list[tuple[bool, str, bytes]]:
    return [(unit.sent, unit.name, unit.raw) for unit in units]


def test_a_handshake_and_descriptors_are_told_apart() -> None:
    request = ConnectRequest().encode()
    units = cut((Kind.SENT, request), (Kind.RECEIVED, OK), (Kind.SENT, OK + PING), (Kind.RECEIVED, PING + QUERY))
    assert named(units) == [
        (True, "ConnectRequest", request),
        (False, "ConnectResponse", OK),
        (True, "ConnectResponse", OK),
        (True, "Ping", PING),
        (False, "Ping", PING),
        (False, "Query", QUERY),
    ]
    assert [unit.start for unit in units] == [0, 0, len(request), len(request) + len(OK), len(OK), len(OK) + len(PING)]


@pytest.mark.parametrize("size", [1, 2, 7, 30])
def test_pieces_of_any_size_give_the_same_units(size: int) -> None:
    stream = OK + PING + QUERY + ANSWER
    pieces = [(Kind.RECEIVED, stream[start : start + size]) for start in range(0, len(stream), size)]
    assert named(cut(*pieces)) == named(cut((Kind.RECEIVED, stream)))


def test_a_unit_belongs_to_the_event_that_completes_it() -> None:
    units = cut((Kind.RECEIVED, PING[:10]), (Kind.SENT, PING), (Kind.RECEIVED, PING[10:]))
    assert [(unit.sent, unit.event) for unit in units] == [(True, 2), (False, 3)]


def test_an_answer_to_head_has_no_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    units = cut((Kind.SENT, b"HEAD /get/1/a HTTP/1.1\r\n\r\n"), (Kind.RECEIVED, head + ANSWER))
    assert [(unit.name, unit.raw) for unit in units if not unit.sent] == [("HTTP", head), ("HTTP", ANSWER)]


def test_an_answer_without_length_ends_with_the_connection() -> None:
    answer = b"HTTP/1.0 200 OK\r\n\r\nbo"
    units = cut((Kind.RECEIVED, answer), (Kind.RECEIVED, b"dy"), (Kind.EOF, b""))
    assert [(unit.name, unit.raw, unit.problem) for unit in units] == [("HTTP", answer + b"dy", "")]


def test_a_chunked_answer_ends_with_its_last_chunk() -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
    assert [unit.raw for unit in cut((Kind.RECEIVED, answer + ANSWER))] == [answer, ANSWER]


def test_what_cannot_be_read_says_why_and_keeps_its_bytes() -> None:
    noise = b"\xff" * 60
    (unit,) = cut((Kind.RECEIVED, noise))
    assert (unit.name, unit.raw) == ("bytes", noise)
    assert "announced" in unit.problem


def test_what_is_left_over_at_the_end_is_a_unit() -> None:
    (unit,) = cut((Kind.RECEIVED, PING[:5]), (Kind.EOF, b""))
    assert (unit.raw, unit.problem, unit.event) == (PING[:5], INCOMPLETE, 2)


def test_a_payload_that_does_not_parse_is_a_malformed_frame() -> None:
    (unit,) = cut((Kind.RECEIVED, Descriptor.of_raw(0x01, b"short", guid=GUID, ttl=1).encode()))
    assert unit.name == "malformed Pong"
    assert "Pong" in unit.fault()


def test_a_network_without_codecs_has_its_bytes_and_its_http() -> None:
    events = transcript((Kind.OPEN, b""), (Kind.SENT, b"PING 1\n"), (Kind.RECEIVED, b"PONG 1\n")).events
    assert [unit.name for unit in Dissector("nosuchnetwork").units(events)] == ["bytes", "bytes"]
    events = transcript((Kind.OPEN, b""), (Kind.RECEIVED, ANSWER)).events
    assert [unit.name for unit in Dissector("nosuchnetwork").units(events)] == ["HTTP"]


def test_no_byte_is_lost_whatever_comes() -> None:
    seeded = random.Random(6346)
    parts = [PING, QUERY, OK, ANSWER, b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 ", b"GNUTELLA", b"\0", b"\r\n\r\n"]
    for _ in range(200):
        pieces = [
            seeded.choice([seeded.choice(parts), seeded.randbytes(seeded.randrange(40))])
            for _ in range(seeded.randrange(1, 8))
        ]
        units = cut(*((seeded.choice([Kind.SENT, Kind.RECEIVED]), piece) for piece in pieces))
        assert sum(len(unit.raw) for unit in units) == sum(map(len, pieces))
        for sent in (True, False):
            starts = [(unit.start, len(unit.raw)) for unit in units if unit.sent is sent]
            assert [start for start, _ in starts] == [sum(size for _, size in starts[:n]) for n in range(len(starts))]
