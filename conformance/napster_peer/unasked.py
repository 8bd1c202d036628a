"""Unasked: what a server may send at any time, and what a peer does not do because of it."""

from __future__ import annotations

import socket

from ...codecs.message import Message
from ...codecs.napster import (
    AutoUpgrade,
    ConnectTest,
    Cycle,
    ErrorText,
    ListenTest,
    MotdLine,
    Part,
    Redirect,
    SignOff,
    SignOn,
    Stats,
    UploadAccept,
    UploadRequest,
    UserPing,
    UserPong,
)
from ..checks import checks
from ..outcomes import assuming
from .bench import Bench
from .probe import Session

_UNASSIGNED = (16, 99, 199, 299, 399, 499, 599, 699, 799, 899, 999, 4321, 9997, 20000, 65535)
_METASERVER_PORT = 8875
_BODIES = (b"", b"x", b'"', b"1 2 3 4 5 6 7 8 9", bytes(range(256)), b"y" * 2048)


@checks("NAP-FRM-11")
def test_messages_with_unknown_numbers_are_passed_over(bench: Bench) -> None:
    session = bench.session()
    file = session.share(bench.shares[0]).file
    with assuming("a request for a shared file is accepted"):
        session.ask_for(file)
    for number in _UNASSIGNED:
        for body in _BODIES:
            session.say_raw(number, body)
    session.ask_for(file)


@checks("NAP-PER-18")
def test_news_of_the_server_is_accepted_at_any_time(bench: Bench) -> None:
    session = bench.session()
    file = session.share(bench.shares[0]).file
    with assuming("a request for a shared file is accepted"):
        session.ask_for(file)
    news = (
        SignOn(bench.new_nick(), 3),
        SignOff(bench.new_nick()),
        Stats(3, 5, 7),
        Part("#peerspec"),
        ErrorText("something went wrong, or not"),
        MotdLine("a line of the day"),
        MotdLine(""),
    )
    session.say(*news)
    asked = UploadRequest(bench.new_nick(), file)
    session.say_together(asked, *news)
    session.expect(UploadAccept, nick=asked.nick, file=file)
    session.say(*news)
    session.ask_for(file)


@checks("NAP-PER-19")
def test_a_751_is_answered_by_752_with_the_same_nick(bench: Bench) -> None:
    session = bench.session()
    nick = bench.new_nick()
    session.say(UserPing(nick))
    session.expect(UserPong, nick=nick)


@checks("NAP-PER-20")
def test_a_750_is_answered_by_750(bench: Bench) -> None:
    bench.session().assert_answers_ping()


# --- what a peer does not do


def _expect_ignored(bench: Bench, session: Session, order: Message) -> None:
    """Send what is no reason to do anything. Failure unless the session goes on; then the data port is served."""
    session.say(order)
    session.assert_answers()
    with assuming("the data port is served"):
        bench.assert_serves(session.data_port)
    session.assert_answers()


@checks("NAP-PER-21")
def test_nothing_is_fetched_because_of_a_5(bench: Bench) -> None:
    session, listener = bench.session(), bench.listen()
    _expect_ignored(bench, session, AutoUpgrade("2.9", source=f"{listener.ip}:{listener.port}/new.exe"))
    listener.expect_none("because of a 5")


@checks("NAP-PER-22")
def test_the_address_in_a_900_is_not_connected_to(bench: Bench) -> None:
    session, listener = bench.session(), bench.listen()
    number = int.from_bytes(socket.inet_aton(listener.ip), "little")
    for ip in (listener.ip, str(number)):
        _expect_ignored(bench, session, ConnectTest(ip, listener.port, "any text"))
    listener.expect_none("because of a 900")


@checks("NAP-PER-23")
def test_the_port_in_a_901_is_not_listened_at(bench: Bench) -> None:
    session = bench.session()
    free = bench.listen(session.data_port[0])
    free.close()
    _expect_ignored(bench, session, ListenTest(free.port, 60, "any text"))
    assert bench.refuses_connection(free.address), f"the peer listens at port {free.port} because of a 901"


@checks("NAP-PER-24")
def test_an_821_is_not_followed(bench: Bench) -> None:
    session, listener = bench.session(), bench.listen()
    _expect_ignored(bench, session, Redirect(listener.ip, listener.port))
    listener.expect_none("because of an 821")


@checks("NAP-PER-24")
def test_an_822_is_not_followed(bench: Bench) -> None:
    session, listener = bench.session(), bench.listen_at(_METASERVER_PORT)
    for address in (listener.ip, f"{listener.ip}:{listener.port}"):
        _expect_ignored(bench, session, Cycle(address))
    listener.expect_none("because of an 822")
