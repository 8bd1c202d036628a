"""Nicks: which there are, and that each belongs to one session."""

from __future__ import annotations

import pytest

from ...codecs.napster import (
    LoginAttempt,
    Packet,
    PrivateMessage,
)
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import CLIENT, PASSWORD, Bench

_LONGEST_NICK = 19
_TRIES = 5


@checks("NAP-LOG-08")
@pytest.mark.parametrize("length", [2, 8, _LONGEST_NICK])
def test_nicks_of_letters_and_digits_are_accepted(bench: Bench, length: int) -> None:
    bench.user()
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    for _ in range(_TRIES if length < 8 else 1):
        nick = "Z" + "".join(bench.fresh.choices(alphabet, k=length - 2)) + "9"
        user = bench.attempt(nick)
        if user.accepted:
            return
    raise Failure(expected=f"a login as {nick} is accepted", actual=user.came())


@checks("NAP-LOG-08")
def test_a_nick_of_a_single_letter_is_accepted(bench: Bench) -> None:
    bench.user()
    for letter in bench.fresh.sample("abcdefghijklmnopqrstuvwxyz", _TRIES):
        user = bench.attempt(letter)
        if user.accepted:
            return
    raise Failure(expected="a login with a nick of one letter is accepted", actual=user.came())


@checks("NAP-LOG-09")
@pytest.mark.parametrize("inside", ["blank", "0x01", "0x07", "0x1b", "0x7f"])
def test_a_nick_with_a_blank_or_a_control_character_is_not_accepted(bench: Bench, inside: str) -> None:
    bench.user()
    nick = bench.new_nick()
    halves = nick[:4], nick[4:]
    nick = '"{} {}"'.format(*halves) if inside == "blank" else chr(int(inside, 16)).join(halves)
    alice = bench.raw()
    if alice.enter(Packet.of_raw(2, f'{nick} {PASSWORD} 6699 "{CLIENT}" 8'.encode())):
        raise Failure(expected="the login is refused", actual=alice.came())


@checks("NAP-LOG-10")
@pytest.mark.parametrize("character", list("_[]{}-@^!$"))
def test_a_nick_with_another_character_of_the_list_is_accepted(bench: Bench, character: str) -> None:
    bench.user()
    nick = bench.new_nick()
    user = bench.attempt(nick[:6] + character + nick[6:])
    assert user.accepted, f"it is refused: {user.came()}"


@checks("NAP-LOG-11")
def test_a_nick_in_the_other_case_names_the_same_user(bench: Bench) -> None:
    alice, bob = bench.user(link=7), bench.user()
    shared = bench.share(alice)
    with assuming("a link type, a browse and a private message by the nick as it was sent are answered"):
        assert bob.link_of(alice.nick) == 7
        assert [entry.file for entry in bob.browse(alice.nick)] == [shared.name]
        bob.send(PrivateMessage(alice.nick, bench.unique()))
        alice.expect(PrivateMessage)
    upper = alice.nick.upper()
    assert bob.link_of(upper) == 7, f"600 for {upper} is answered otherwise than for {alice.nick}"
    assert [entry.file for entry in bob.browse(upper)] == [shared.name], "her file is not browsed"
    text = bench.unique()
    bob.send(PrivateMessage(upper, text))
    alice.expect(PrivateMessage, where=lambda got: got.text == text, what="the message to arrive")


# --- one nick, one session


@checks("NAP-LOG-12")
@pytest.mark.parametrize("case", ["same", "other"])
def test_a_nick_has_one_session_at_a_time(bench: Bench, case: str) -> None:
    alice, carol = bench.users(2)
    with assuming("a private message reaches its receiver"):
        carol.send(PrivateMessage(alice.nick, bench.unique()))
        alice.expect(PrivateMessage)
    second = bench.attempt(alice.nick if case == "same" else alice.nick.upper())
    text = bench.unique()
    carol.send(PrivateMessage(alice.nick, text))
    carol.sync()
    sessions = [user for user in (alice, second) if user.accepted and user.link_of(carol.nick) is not None]
    assert len(sessions) == 1, f"{len(sessions)} sessions with the nick are served"
    assert sessions[0].seen(PrivateMessage, lambda got: got.text == text), "a private message does not reach it"


@checks("NAP-LOG-13")
def test_the_older_session_is_told_of_another_login(bench: Bench) -> None:
    alice = bench.user()
    bench.attempt(alice.nick)
    alice.expect(LoginAttempt)


@checks("NAP-LOG-13")
def test_the_older_session_is_told_of_another_login_from_its_address(bench: Bench) -> None:
    alice = bench.user()
    bench.attempt(alice.nick, source=alice.local[0])
    alice.expect(LoginAttempt)


@checks("NAP-LOG-14")
def test_a_second_login_in_a_session_does_not_change_its_nick(bench: Bench) -> None:
    alice, bob = bench.user(link=7), bench.user()
    with assuming("a link type is told, and a private message passed on with its sender"):
        assert bob.link_of(alice.nick) == 7
        alice.send(PrivateMessage(bob.nick, bench.unique()))
        assert bob.expect(PrivateMessage).nick == alice.nick
    other = bench.login()
    alice.send(other)
    text = bench.unique()
    alice.send(PrivateMessage(bob.nick, text))
    sender = bob.expect(PrivateMessage, where=lambda got: got.text == text, what="a private message of the session")
    assert sender.nick == alice.nick, f"the session is now {sender.nick}"
    assert bob.link_of(alice.nick) == 7, "600 for the first nick is no longer answered with 601"
    assert bob.link_of(other.nick) is None, "600 for the second nick is answered with 601"
