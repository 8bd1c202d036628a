"""Login, what comes before it, and what a user changes after it."""

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    Capability,
    ChangeDataPort,
    ChangeEmail,
    ChangePassword,
    ChangeSpeed,
    Disconnecting,
    ErrorText,
    Login,
    LoginAck,
    LoginAttempt,
    LoginError,
    MotdLine,
    NickInvalid,
    Packet,
    Register,
    RegistrationInfo,
    Stats,
    StatsRequest,
    VersionCheck,
)

from .conftest import MakeTown

LOGIN = Login("alice", "pw", 6699, "test v1", 9)


def test_a_login_is_acknowledged_and_greeted(town: MakeTown) -> None:
    alice = town(motd=("VERSION x", "hello")).raw()
    alice.send(LOGIN)
    assert alice.read() == [LoginAck("anon@localhost"), MotdLine("VERSION x"), MotdLine("hello"), Stats(1, 0, 0)]


def test_a_build_number_may_follow(town: MakeTown) -> None:
    alice = town().raw()
    alice.send(LOGIN.replace(build=7))
    assert alice.got(LoginAck)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"alice",
        b"alice pw",
        b"alice pw 6699",
        b'alice pw 6699 "test v1"',
        b'alice pw 65536 "test v1" 9',
        b'alice pw -1 "test v1" 9',
        b'alice pw x "test v1" 9',
        b'alice pw 6699 "test v1" 11',
        b'alice pw 6699 "test v1" x',
        b'"al ice" pw 6699 "test v1" 9',
        b'al\x07ice pw 6699 "test v1" 9',
        b'alice pw 6699 "test v1 9',
    ],
)
def test_a_login_with_a_bad_field_is_refused_by_0_and_a_close(town: MakeTown, body: bytes) -> None:
    place = town()
    alice = place.raw()
    alice.send(Packet.of_raw(2, body).encode())
    assert [type(answer) for answer in alice.read()] == [LoginError]
    assert not alice.is_open()
    assert place.user("alice").is_open()


@pytest.mark.parametrize("nick", ["a.b", "a" * 20, ":alice", "#x", "al\xefce", "%", "a,b"])
def test_a_nick_that_is_not_valid_is_refused_by_10_and_a_close(town: MakeTown, nick: str) -> None:
    alice = town().raw()
    alice.send(LOGIN.replace(nick=nick))
    assert alice.read() == [NickInvalid()]
    assert not alice.is_open()


@pytest.mark.parametrize("nick", ["a", "A" * 19, "Aa09", "_[]{}-@^!$"])
def test_a_nick_of_letters_digits_and_some_more_is_valid(town: MakeTown, nick: str) -> None:
    assert town().user(nick).is_open()


def test_nicks_differ_by_more_than_case(town: MakeTown) -> None:
    place = town()
    alice = place.user("Alice")
    other = place.raw()
    other.send(LOGIN.replace(nick="aLICE"))
    assert [type(answer) for answer in other.read()] == [LoginError]
    assert alice.read() == [LoginAttempt()]
    assert alice.is_open()
    assert [session.nick for session in place.server.sessions()] == ["Alice"]


def test_a_user_who_comes_again_from_the_same_address_ends_the_older_session(town: MakeTown) -> None:
    place = town()
    old = place.user("alice", source="10.7.0.1")
    new = place.user("ALICE", source="10.7.0.1")
    assert old.read() == [LoginAttempt(), Disconnecting("0")]
    assert not old.is_open()
    assert new.is_open()
    assert new.ask(StatsRequest()) == [Stats(1, 0, 0)]


def test_the_password_of_an_account_ends_the_older_session_from_anywhere(town: MakeTown) -> None:
    place = town()
    old = place.user("alice", password="pw", email="a@example.org")
    thief = place.raw()
    thief.send(LOGIN.replace(password="guess"))
    assert [type(answer) for answer in thief.read()] == [LoginError]
    assert old.is_open()
    new = place.user("alice", password="pw")
    assert not old.is_open()
    assert new.is_open()


def test_a_second_login_changes_nothing(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice")
    again: list[Message | bytes] = [
        LOGIN.replace(nick="bob"),
        Register("bob", "pw", 1, "x", 9, "b@example.org"),
        Packet.of_raw(2, b"").encode(),
    ]
    for login in again:
        assert [type(answer) for answer in alice.ask(login)] == [ErrorText]
    assert [session.nick for session in place.server.sessions()] == ["alice"]
    assert place.server.accounts.account("bob") is None


@pytest.mark.parametrize("number", [200, 203, 211, 214, 400, 603, 617, 621, 751, 850, 10010, 10018])
def test_a_message_of_a_session_before_the_login_is_refused_and_closes(town: MakeTown, number: int) -> None:
    stranger = town().raw()
    stranger.send(Packet.of_raw(number, b"alice").encode(), LOGIN)
    assert [type(answer) for answer in stranger.read()] == [LoginError]
    assert not stranger.is_open()


@pytest.mark.parametrize("opening", [Capability("1"), VersionCheck("2.0"), RegistrationInfo("NAME:x")])
def test_some_messages_may_open_a_connection(town: MakeTown, opening: Capability | VersionCheck) -> None:
    alice = town().raw()
    assert alice.ask(opening) == []
    assert alice.ask(LOGIN)[0] == LoginAck("anon@localhost")


def test_a_connection_without_a_login_is_closed(town: MakeTown) -> None:
    place = town()
    idle, half = place.raw(), place.raw()
    half.send(Packet.of(LOGIN).encode()[:-1])
    place.wait(50)
    assert idle.is_open()
    assert half.is_open()
    place.wait(20)
    assert not idle.is_open()
    assert not half.is_open()


def test_a_session_that_is_idle_is_kept(town: MakeTown) -> None:
    place = town(stats_period=100.0)
    alice = place.user("alice")
    place.wait(1_000)
    assert alice.is_open()
    assert len(alice.got(Stats)) == 10


@pytest.mark.parametrize("reset", [False, True])
def test_a_session_ends_with_its_connection(town: MakeTown, *, reset: bool) -> None:
    place = town()
    alice = place.user("alice")
    bob = place.user("bob")
    if reset:
        alice.stream.abort()
    else:
        alice.stream.close()
    assert bob.ask(StatsRequest()) == [Stats(1, 0, 0)]
    assert place.user("alice").is_open()
    assert len(place.server.links) == 2


def test_link_type_and_data_port_change_when_the_new_ones_exist(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice", link=3, port=6699)
    session = place.server.user("alice")
    assert session is not None
    assert alice.ask(ChangeSpeed(9), ChangeDataPort(7000)) == []
    assert (session.link_type, session.data_port) == (9, 7000)
    bad: list[Message | bytes] = [
        ChangeSpeed(11),
        ChangeDataPort(65_536),
        Packet.of_raw(703, b"-1").encode(),
        Packet.of_raw(700, b"x").encode(),
    ]
    assert [type(answer) for answer in alice.ask(*bad)] == [ErrorText] * 4
    assert (session.link_type, session.data_port) == (9, 7000)
    alice.ask(ChangeDataPort(0))
    assert session.firewalled


def test_password_and_address_of_an_account_change(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice", password="old", email="old@example.org")
    assert alice.ask(ChangePassword("new"), ChangeEmail("new@example.org")) == []
    alice.stream.close()
    refused = place.raw()
    assert isinstance(refused.ask(LOGIN.replace(password="old"))[0], LoginError)
    accepted = place.raw()
    assert accepted.ask(LOGIN.replace(password="new"))[0] == LoginAck("new@example.org")


def test_without_an_account_there_is_nothing_to_change(town: MakeTown) -> None:
    alice = town().user("alice")
    answers = alice.ask(ChangePassword("new"), ChangeEmail("new@example.org"))
    assert [type(answer) for answer in answers] == [ErrorText] * 2


def test_a_number_nobody_knows_is_answered_by_404_and_the_session_kept(town: MakeTown) -> None:
    alice = town().user("alice")
    for number in (299, 850, 932, 8112, 10_000, 10_018, 11_000, 65_535):
        assert [type(answer) for answer in alice.ask(Packet.of_raw(number, b"bob x").encode())] == [ErrorText]
    assert alice.is_open()


def test_a_server_that_stops_says_so(town: MakeTown) -> None:
    place = town()
    alice, stranger = place.user("alice"), place.raw()
    place.network.call(place.server, lambda server, now: server.shutdown(now))
    assert alice.read() == [Disconnecting("0")]
    assert not alice.is_open()
    assert not stranger.is_open()
