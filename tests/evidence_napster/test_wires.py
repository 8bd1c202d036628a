"""What passes between users and a server, cut into messages: as it came, in whatever pieces, and from whom."""

from __future__ import annotations

import random

import pytest

from peerspec.codecs.napster import (
    Login,
    LoginAck,
    Packet,
    Redirect,
    Redirection,
    RedirectUser,
    Search,
    SearchEnd,
    StatsLine,
)
from peerspec.conformance.evidence.dissect import INCOMPLETE, Unit
from peerspec.conformance.napster.wires import ServerDissector
from peerspec.conformance.worlds import Event, Kind

TESTER, NODE = ("127.0.1.1", 40000), ("127.0.0.1", 8888)
LOGIN = Packet.of(Login("bob", "secret", 6699, "a peer 1", 3)).encode()
ACK = Packet.of(LoginAck("anon@x")).encode()
LINE = Redirection("127.0.0.9", 8888)
OPEN, SENT, RECEIVED, EOF = Kind.OPEN, Kind.SENT, Kind.RECEIVED, Kind.EOF
Happening = tuple[Kind, bytes]


def cut(*happenings: Happening, size: int = 65536) -> list[Unit]:
    """The units of one wire, whose bytes come in pieces of this size."""
    events = [
        Event(0.0, kind, 1, TESTER, NODE, data[start : start + size])
        for kind, data in ((OPEN, b""), *happenings)
        for start in range(0, len(data) or 1, size)
    ]
    return ServerDissector().units(events)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 65536])
def test_a_session_is_cut_by_its_headers(size: int) -> None:
    units = cut((SENT, LOGIN), (RECEIVED, ACK + Packet.of(SearchEnd()).encode()), size=size)
    assert [(unit.sent, unit.name) for unit in units] == [(True, "Login"), (False, "LoginAck"), (False, "SearchEnd")]
    assert [unit.start for unit in units] == [0, 0, len(ACK)]


def test_a_number_with_two_meanings_is_that_of_who_speaks() -> None:
    units = cut(
        (SENT, Packet.of(RedirectUser("bob", "127.0.0.9", 8888)).encode()),
        (RECEIVED, Packet.of(Redirect("127.0.0.9", 8888)).encode()),
    )
    assert [unit.payload() for unit in units] == [RedirectUser("bob", "127.0.0.9", 8888), Redirect("127.0.0.9", 8888)]


@pytest.mark.parametrize("size", [1, 4, 65536])
@pytest.mark.parametrize("line", [LINE, StatsLine(3, 5, "0.10", 7, 0)])
def test_a_line_of_text_is_read_as_what_it_is(line: Redirection | StatsLine, size: int) -> None:
    (unit,) = cut((RECEIVED, line.encode()), (EOF, b""), size=size)
    assert (unit.subject, unit.problem) == (line, "")


def test_a_line_without_its_end_is_told_as_such() -> None:
    (unit,) = cut((RECEIVED, LINE.encode().rstrip(b"\n")), (EOF, b""))
    assert (unit.subject, unit.raw) == (None, b"127.0.0.9:8888")
    assert "Redirection.port" in unit.problem


def test_text_without_end_is_not_kept() -> None:
    units = cut((RECEIVED, b"x" * 5000), (RECEIVED, b"x" * 10))
    assert [len(unit.raw) for unit in units] == [5000, 10]
    assert all("no LF" in unit.problem for unit in units)


def test_less_than_a_header_is_not_complete() -> None:
    (unit,) = cut((RECEIVED, b"127"), (EOF, b""))
    assert (unit.raw, unit.problem) == (b"127", INCOMPLETE)


def test_what_a_body_does_not_allow_is_malformed() -> None:
    (unit,) = cut((RECEIVED, Packet.of_raw(201, b"no quotes").encode()))
    assert unit.name == "malformed SearchResult"


def test_each_byte_belongs_to_one_unit_whatever_comes() -> None:
    seeded = random.Random(8888)
    parts = [LOGIN, ACK, LINE.encode(), b"1", b"\n", b"GET /", Packet.of(Search(())).encode(), b"\xff\xff", b"abcd"]
    for _ in range(300):
        pieces = [
            seeded.choice([seeded.choice(parts), seeded.randbytes(seeded.randrange(1, 40))])
            for _ in range(seeded.randrange(1, 8))
        ]
        happenings = [(seeded.choice([SENT, RECEIVED]), piece) for piece in pieces]
        units = cut(*happenings)
        for sent, kind in ((True, SENT), (False, RECEIVED)):
            stream = b"".join(piece for each, piece in happenings if each is kind)
            assert b"".join(unit.raw for unit in units if unit.sent is sent) == stream
            starts = [(unit.start, len(unit.raw)) for unit in units if unit.sent is sent]
            assert [start for start, _ in starts] == [sum(size for _, size in starts[:n]) for n in range(len(starts))]
