"""Limits: what a server, an uploader or anybody at the data port sends is no harm to the peer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from ...codecs.defects import near_valid
from ...codecs.message import Message, messages
from ...codecs.napster import GetFile, GetList, Packet, SendFile, SendList
from ...codecs.napster.header import SERVER
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import GREETING
from .offers import new_offer
from .probe import Session

_GROUPS = 4
_EACH = 2
_SAMPLE = 10
_LONG_NAME = 60_000


def _server_messages(group: int) -> list[type[Message]]:
    """One group of the messages that a server sends."""
    numbered = [cls for cls in messages("napster") if cls.wire_type is not None and SERVER in cls.senders]
    return numbered[group::_GROUPS]


def _near_valid(bench: Bench, message: type[Message], count: int) -> Iterator[bytes]:
    """Some near-valid bytes of a message; none of one of which every change is valid."""
    try:
        yield from (defect.data for defect in islice(near_valid(message, bench.random), count))
    except ValueError:
        return


def _serves_files(bench: Bench, session: Session) -> None:
    """Failure unless the session goes on, and a file that was accepted can be fetched."""
    share = min(bench.shares, key=lambda share: share.size)
    request = GetFile(session.ask_for(session.share(share).file).nick, session.share(share).file, 0)
    caller = bench.call(session.data_port)
    caller.expect_greeting()
    caller.send(request.encode())
    caller.expect_size(len(str(share.size)) + share.size)


@checks("NAP-LIM-08")
@pytest.mark.parametrize("group", range(_GROUPS))
def test_near_valid_messages_of_the_server_leave_the_peer_serving(bench: Bench, group: int) -> None:
    session = bench.session()
    with assuming("the peer serves"):
        _serves_files(bench, session)
    watch = bench.caller(session.data_port)
    for message in _server_messages(group):
        for body in _near_valid(bench, message, _EACH):
            session.say_raw(message.wire_type or 0, body[:0xFFFF])
        if not session.answers():
            session = bench.again(session, watch, f"after a {message.wire_type} that is nearly valid")
    _serves_files(bench, session)


@checks("NAP-LIM-08")
def test_a_message_that_is_cut_off_leaves_the_peer_serving(bench: Bench) -> None:
    session = bench.session()
    with assuming("the peer serves, also after a session that its server has ended between two messages"):
        _serves_files(bench, session)
        watch = bench.caller(session.data_port)
        session.close()
        session = bench.again(session, watch, "with its session")
        _serves_files(bench, session)
    watch = bench.caller(session.data_port)
    session.wire.send(Packet.of_raw(201, b'"C:\\mp3\\x.mp3" 0').encode()[:9])
    session.close()
    session = bench.again(session, watch, "after half a message")
    _serves_files(bench, session)


@checks("NAP-LIM-09")
@pytest.mark.parametrize("message", [GetFile, SendFile, GetList, SendList], ids=lambda message: message.__name__)
def test_near_valid_requests_leave_the_peer_serving(bench: Bench, message: type[Message]) -> None:
    with assuming("the peer serves"):
        bench.assert_serves()
    for request in _near_valid(bench, message, _SAMPLE):
        bench.caller().send(request)
    bench.assert_alive()


_ODD_REQUESTS = {
    "no quote": b"GETsomebody C:\\mp3\\x.mp3 0",
    "one quote": b'GETsomebody "C:\\mp3\\x.mp3 0',
    "no offset": b'GETsomebody "C:\\mp3\\x.mp3"',
    "no nick": b'GET"C:\\mp3\\x.mp3" 0',
    "a long name": b'GETsomebody "' + b"x" * _LONG_NAME + b'" 0',
    "a long offset": b'GETsomebody "C:\\mp3\\x.mp3" ' + b"9" * 5000,
    "a long size": b'SENDsomebody "C:\\mp3\\x.mp3" ' + b"9" * 5000,
    "noise": bytes(range(256)) * 16,
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "NUL": bytes(1000),
}


@checks("NAP-LIM-09", feature="shares")
def test_odd_requests_leave_the_peer_serving_files(bench: Bench) -> None:
    session = bench.session()
    with assuming("the peer serves"):
        _serves_files(bench, session)
    for request in _ODD_REQUESTS.values():
        bench.caller(session.data_port).send(request)
    _serves_files(bench, session)


@checks("NAP-LIM-09")
def test_odd_requests_leave_the_peer_serving(bench: Bench) -> None:
    with assuming("the peer serves"):
        bench.assert_serves()
    for request in _ODD_REQUESTS.values():
        bench.caller().send(request)
        bench.assert_greets()
    bench.assert_alive()


@checks("NAP-LIM-10")
@pytest.mark.parametrize(
    "answer",
    [b"9" * 40, b"9" * 40 + b"x" * 1000, b"1" * 100_000, b"-1", b"\xff" * 5000, b""],
    ids=["40 digits", "40 digits and data", "100000 digits", "a minus", "noise", "nothing"],
)
def test_an_uploader_that_answers_oddly_does_no_harm(bench: Bench, answer: bytes) -> None:
    session, offer = bench.session(), new_offer(bench)
    with assuming("a file is fetched"):
        bench.fetched(session, new_offer(bench))
    connection = bench.fetching(session, offer)
    with assuming("a request comes"):
        connection.send(GREETING)
        connection.expect_get()
    connection.send(answer)
    session.assert_answers()
    connection.abort()
    _expect_fetches(bench, session)


def _expect_fetches(bench: Bench, session: Session) -> None:
    """Failure unless the peer fetches a file."""
    offer, listener = new_offer(bench), bench.listen()
    bench.tell_to_fetch(session, offer)
    if session.wait_for(lambda got: offer.file.encode() in got.body) is None:
        raise Failure(expected="a request for another file", actual=session.came())
    session.say(bench.acknowledgement(offer, listener.address))
    bench.serve(listener.expect(), offer)
    bench.expect_downloaded(session, offer)
