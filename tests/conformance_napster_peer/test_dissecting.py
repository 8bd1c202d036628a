"""What passes between peers, cut into messages: as it came, and in whatever pieces."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from peerspec.codecs.framing import Frame
from peerspec.codecs.napster import (
    FileList,
    FileSize,
    GetFile,
    GetList,
    Greeting,
    ListedFile,
    Login,
    LoginAck,
    Offset,
    Packet,
    Redirection,
    Refusal,
    SendFile,
)
from peerspec.conformance.evidence.dissect import INCOMPLETE, Unit
from peerspec.conformance.napster_peer.dissecting import NapsterDissector
from peerspec.conformance.worlds import Event, Kind

HERE, THERE = ("127.0.1.1", 40000), ("127.0.0.1", 6699)
GET = GetFile("bob", "C:\\mp3\\a song.mp3", 1000)
SEND = SendFile("alice", "C:\\mp3\\a song.mp3", 3)
FILES = FileList("alice", (ListedFile("C:\\mp3\\a.mp3", "0" * 32, 3, 128, 44100, 1),))

OPEN, ACCEPT, SENT, RECEIVED = Kind.OPEN, Kind.ACCEPT, Kind.SENT, Kind.RECEIVED
Happening = tuple[Kind, bytes]


def cut(*happenings: Happening, bytewise: bool = False) -> list[Unit]:
    """The units of one wire."""
    events = [
        Event(0.0, kind, 1, HERE, THERE, piece)
        for kind, data in happenings
        for piece in ([data[at : at + 1] for at in range(len(data))] if bytewise and data else [data])
    ]
    return NapsterDissector().units(events)


def told(units: Iterable[Unit]) -> list[tuple[bool, object]]:
    """What was read, who is first with the tester's own marked by a dot; bytes where nothing was."""
    return [(unit.sent, unit.subject if unit.subject is not None else unit.raw) for unit in units]


@pytest.mark.parametrize("bytewise", [False, True])
def test_a_download_of_the_testers(bytewise: bool) -> None:
    ends = ((RECEIVED, b"1"), (SENT, GET.encode()), (RECEIVED, b"3000\xff\xfbabc"), (Kind.EOF, b""))
    units = cut((OPEN, b""), *ends, bytewise=bytewise)
    found = told(units)
    came = [what for sent, what in found if not sent]
    assert came == [Greeting(), FileSize(3000), b"\xff\xfbabc"]
    assert b"".join(unit.raw for unit in units if unit.sent) == GET.encode()
    assert found[1] == (True, GET.replace(offset=1) if bytewise else GET), "digits that follow can't be foreseen"


def test_a_download_of_the_peers() -> None:
    units = cut((ACCEPT, b""), (SENT, b"1"), (RECEIVED, GET.encode()), (SENT, b"5xxxxx"), (Kind.CLOSE, b""))
    assert told(units) == [(True, Greeting()), (False, GET), (True, FileSize(5)), (True, b"xxxxx")]
    assert all(not unit.problem for unit in units)


def test_a_file_that_is_offered_to_the_peer() -> None:
    units = cut(
        (OPEN, b""), (RECEIVED, b"1"), (SENT, SEND.encode()), (RECEIVED, b"0"), (SENT, b"abc"), (Kind.CLOSE, b"")
    )
    assert told(units) == [(False, Greeting()), (True, SEND), (False, Offset(0)), (True, b"abc")]


def test_a_list() -> None:
    units = cut((OPEN, b""), (RECEIVED, b"1"), (SENT, b"GETLIST"), (RECEIVED, FILES.encode()), (Kind.EOF, b""))
    assert told(units) == [(False, Greeting()), (True, GetList()), (False, FILES)]


def test_a_refusal_of_a_request_that_cannot_be_read() -> None:
    units = cut((OPEN, b""), (RECEIVED, b"1"), (SENT, b'GETbob "x'), (RECEIVED, b"INVALID REQUEST"), (Kind.EOF, b""))
    assert told(units) == [(False, Greeting()), (True, b'GETbob "x'), (False, Refusal("INVALID REQUEST"))]
    assert "GetFile.file at byte 9" in units[1].problem


def test_another_greeting_than_the_1_is_told() -> None:
    (unit,) = cut((OPEN, b""), (RECEIVED, b"hello"), (Kind.EOF, b""))
    assert (unit.raw, unit.subject) == (b"hello", None)
    assert "Greeting" in unit.problem


def test_what_the_case_did_not_wait_for_is_not_complete() -> None:
    units = cut((OPEN, b""), (RECEIVED, b"1"), (SENT, GET.encode()), (RECEIVED, b"3000ab"))
    assert (units[-1].raw, units[-1].problem) == (b"ab", INCOMPLETE)


def test_the_line_of_a_metaserver() -> None:
    line = Redirection("127.0.0.9", 8888)
    assert told(cut((ACCEPT, b""), (SENT, line.encode()), (Kind.CLOSE, b""))) == [(True, line)]


def test_a_session_is_cut_by_its_headers_and_read_by_who_speaks() -> None:
    login, answer = Login("bob", "secret", 6699, "a peer 1", 3), LoginAck("anon@x")
    units = cut((ACCEPT, b""), (RECEIVED, Packet.of(login).encode()), (SENT, Packet.of(answer).encode()), bytewise=True)
    assert [unit.payload() for unit in units] == [login, answer]
    assert all(isinstance(unit.subject, Frame) for unit in units)
