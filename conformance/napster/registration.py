"""Registration: nicks that belong to somebody."""

from __future__ import annotations

import pytest

from ...codecs.napster import (
    FilenameClause,
    LoginAck,
    NickCheck,
    NickFree,
    NickInvalid,
    NickTaken,
    PasswordCheck,
    PasswordOk,
    Search,
    SearchEnd,
)
from ..checks import checks
from ..outcomes import assuming
from .bench import EMAIL, PASSWORD, Bench

_WRONG = "opensesames"
_ANOTHER = "another@example.com"


# --- checking a nick


@checks("NAP-REG-01")
def test_a_nick_that_nobody_has_is_free(bench: Bench) -> None:
    bench.user()
    stranger = bench.raw()
    stranger.send(NickCheck(bench.new_nick()))
    stranger.expect(NickFree)


@checks("NAP-REG-02")
@pytest.mark.parametrize("case", ["same", "other"])
def test_a_registered_nick_is_taken(bench: Bench, case: str) -> None:
    nick = bench.account()
    stranger = bench.raw()
    stranger.send(NickCheck(nick if case == "same" else nick.upper()))
    stranger.expect(NickTaken)


@checks("NAP-REG-03")
@pytest.mark.parametrize("nick", ["", "\x01", "ab\x02cd", "ab\x7fcd"], ids=["none", "0x01", "0x02", "0x7f"])
def test_an_invalid_nick_is_called_so(bench: Bench, nick: str) -> None:
    bench.user()
    stranger = bench.raw()
    stranger.send(NickCheck(nick))
    stranger.expect(NickInvalid)


# --- registering


@checks("NAP-REG-04")
def test_who_registers_is_logged_in(bench: Bench) -> None:
    with assuming("a search of another user is answered"):
        bench.user().find(bench.unique())
    alice = bench.attempt(email=EMAIL)
    assert alice.accepted, f"the registration is refused: {alice.came()}"
    alice.send(Search((FilenameClause("CONTAINS", bench.unique()),)))
    alice.expect(SearchEnd)


@checks("NAP-REG-04")
def test_a_nick_is_registered_by_6(bench: Bench) -> None:
    alice, bob = bench.user(email=EMAIL), bench.user()
    alice.close()
    with assuming("the session of one who has left ends"):
        bench.await_gone(alice.nick, bob)
    assert bench.is_registered(alice.nick), "the nick is free, and any password opens it"


@checks("NAP-REG-05")
def test_the_address_of_an_account_is_told_when_it_is_made(bench: Bench) -> None:
    bench.account()
    email = bench.user(email=_ANOTHER).email
    assert email == _ANOTHER, f"3 says {email}"


@checks("NAP-REG-05")
def test_the_address_of_an_account_is_told_at_each_login(bench: Bench) -> None:
    nick = bench.account(email=_ANOTHER)
    alice = bench.raw()
    with assuming("the user of an account can log in"):
        acknowledged = alice.enter(bench.login(nick))
        assert acknowledged is not None, alice.came()
    assert acknowledged.email == _ANOTHER


@checks("NAP-REG-06")
def test_a_registered_nick_is_not_registered_again(bench: Bench) -> None:
    nick = bench.account()
    thief = bench.attempt(nick, email=_ANOTHER, password=_WRONG)
    assert not thief.accepted, "the nick is registered a second time"
    assert bench.attempt(nick).accepted, "the first password is no longer right"


@checks("NAP-REG-07")
@pytest.mark.parametrize("case", ["same", "other"])
def test_a_wrong_password_does_not_open_an_account(bench: Bench, case: str) -> None:
    nick = bench.account()
    thief = bench.attempt(nick if case == "same" else nick.upper(), password=_WRONG)
    assert not thief.accepted, "the login is accepted"
    with assuming("the right password opens the account"):
        assert bench.attempt(nick).accepted


@checks("NAP-REG-08")
def test_an_account_survives_that_the_server_is_killed(bench: Bench) -> None:
    server = bench.instance(lasting=True)
    watcher = bench.user(at=server.address)
    other = bench.user(email=EMAIL, at=server.address)
    with assuming("a wrong password does not open an account"):
        other.close()
        bench.await_gone(other.nick, watcher)
        assert not bench.attempt(other.nick, password=_WRONG, at=server.address).accepted
    nick = bench.new_nick()
    alice = bench.raw(at=server.address)
    with assuming("a registration is acknowledged"):
        alice.send(bench.registration(nick))
        alice.expect(LoginAck)
    server.kill()
    server.revive()
    thief = bench.attempt(nick, password=_WRONG, at=server.address)
    assert not thief.accepted, "after the restart the nick is anybody's"
    again = bench.attempt(nick, at=server.address)
    assert again.accepted, f"after the restart the password is not right: {again.came()}"


# --- checking a password


@checks("NAP-REG-09")
def test_a_right_password_is_confirmed(bench: Bench) -> None:
    nick = bench.account()
    stranger = bench.raw()
    stranger.send(PasswordCheck(nick, PASSWORD))
    stranger.expect(PasswordOk)


@checks("NAP-REG-10")
def test_a_wrong_password_is_not_confirmed(bench: Bench) -> None:
    nick = bench.account()
    stranger = bench.raw()
    stranger.send(PasswordCheck(nick, _WRONG))
    stranger.expect_none(PasswordOk)


@checks("NAP-REG-10")
def test_a_password_of_nobody_is_not_confirmed(bench: Bench) -> None:
    bench.account()
    stranger = bench.raw()
    stranger.send(PasswordCheck(bench.new_nick(), PASSWORD))
    stranger.expect_none(PasswordOk)
