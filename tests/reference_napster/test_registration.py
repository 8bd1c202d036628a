"""Registered nicks, and the two checks."""

import pytest

from peerspec.codecs.napster import (
    Login,
    LoginAck,
    LoginError,
    NickCheck,
    NickFree,
    NickInvalid,
    NickTaken,
    Packet,
    PasswordCheck,
    PasswordOk,
    Register,
)

from .conftest import MakeTown

REGISTER = Register("alice", "pw", 6699, "test v1", 9, "alice@example.org")


def test_a_nick_is_free_until_it_is_registered(town: MakeTown) -> None:
    place = town()
    asker = place.raw()
    assert asker.ask(NickCheck("alice")) == [NickFree()]
    place.user("alice")
    assert asker.ask(NickCheck("alice")) == [NickFree()]
    place.user("Bob", email="b@example.org")
    assert asker.ask(NickCheck("bob"), NickCheck("BOB")) == [NickTaken(), NickTaken()]


@pytest.mark.parametrize("nick", ["", "a b", "al\x07ice", "a" * 20, "a" * 2000, "a.b"])
def test_a_check_tells_an_invalid_nick(town: MakeTown, nick: str) -> None:
    assert town().raw().ask(NickCheck(nick)) == [NickInvalid()]


def test_a_registration_is_a_login(town: MakeTown) -> None:
    alice = town().raw()
    assert alice.ask(REGISTER)[0] == LoginAck("alice@example.org")
    assert alice.is_open()


def test_the_login_of_a_registered_nick_has_its_address(town: MakeTown) -> None:
    place = town()
    place.user("alice", email="alice@example.org").stream.close()
    assert place.raw().ask(Login("ALICE", "pw", 6699, "test v1", 9))[0] == LoginAck("alice@example.org")


def test_a_registered_nick_is_not_registered_again(town: MakeTown) -> None:
    place = town()
    place.user("alice", email="alice@example.org").stream.close()
    thief = place.raw()
    answers = thief.ask(REGISTER.replace(nick="Alice", password="mine", email="thief@example.org"))
    assert [type(answer) for answer in answers] == [LoginError]
    assert not thief.is_open()
    assert place.user("alice", password="pw").is_open()


def test_a_nick_in_use_is_registered_by_its_user_only(town: MakeTown) -> None:
    place = town()
    old = place.user("alice", source="10.7.0.1")
    assert isinstance(place.raw().ask(REGISTER)[0], LoginError)
    assert old.is_open()
    assert place.raw("10.7.0.1").ask(REGISTER)[0] == LoginAck("alice@example.org")
    assert not old.is_open()


@pytest.mark.parametrize("nick", ["alice", "ALICE"])
def test_a_wrong_password_opens_nothing(town: MakeTown, nick: str) -> None:
    place = town()
    place.user("alice", email="alice@example.org").stream.close()
    thief = place.raw()
    assert [type(answer) for answer in thief.ask(Login(nick, "guess", 6699, "test v1", 9))] == [LoginError]
    assert not thief.is_open()


def test_the_password_check_says_something_of_the_right_password_only(town: MakeTown) -> None:
    place = town()
    place.user("alice", email="alice@example.org")
    asker = place.raw()
    assert asker.ask(PasswordCheck("Alice", "pw")) == [PasswordOk()]
    assert asker.ask(PasswordCheck("alice", "guess"), PasswordCheck("bob", "pw")) == []
    assert asker.is_open()


@pytest.mark.parametrize("body", [b"", b"alice pw 6699", b'alice pw 6699 "test v1" 9', b'alice pw 6699 "x" 9 "a b"'])
def test_a_registration_that_lacks_a_field_is_refused(town: MakeTown, body: bytes) -> None:
    place = town()
    alice = place.raw()
    assert [type(answer) for answer in alice.ask(Packet.of_raw(6, body).encode())] == [LoginError]
    assert place.server.accounts.account("alice") is None


def test_one_address_registers_so_many_nicks_in_a_time(town: MakeTown) -> None:
    place = town(max_registrations=3, registration_period=300.0)

    def register(number: int, source: str) -> type:
        user = place.raw(source)
        return type(user.ask(REGISTER.replace(nick=f"n{number}"))[0])

    answers = [register(number, "10.7.0.1") for number in range(5)]
    assert answers == [LoginAck, LoginAck, LoginAck, LoginError, LoginError]
    assert register(10, "10.7.0.2") is LoginAck
    place.wait(110)
    assert register(11, "10.7.0.1") is LoginAck


def test_the_operator_that_is_set_up_is_an_account(town: MakeTown) -> None:
    place = town()
    place.user("Root", password="secret")
    session = place.server.user("root")
    assert session is not None
    assert session.level == "Elite"
