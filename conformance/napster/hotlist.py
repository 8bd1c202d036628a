"""Hotlist: who is told that a user comes and goes, and who is told no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from ...codecs.napster import HotlistAck, HotlistAdd, HotlistInitial, HotlistRemove, SignOff, SignOn
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User

Listing: TypeAlias = type[HotlistAdd] | type[HotlistInitial]


def _list(user: User, nick: str, listing: Listing = HotlistAdd) -> None:
    """Put a nick on the user's hotlist, and be sure that it is there."""
    user.send(listing(nick))
    user.sync()


@checks("NAP-HOT-01")
def test_a_listing_is_acknowledged(bench: Bench) -> None:
    bob, nick = bench.user(), bench.new_nick()
    bob.send(HotlistAdd(nick))
    assert bob.expect(HotlistAck).nick == nick


@checks("NAP-HOT-02")
def test_a_login_is_told(bench: Bench) -> None:
    bob, nick = bench.user(), bench.new_nick()
    _list(bob, nick)
    bench.user(nick, link=9)
    on = bob.expect(SignOn)
    assert (on.nick, on.link) == (nick, 9)


@checks("NAP-HOT-03")
def test_one_who_is_there_already_is_told_of_at_once(bench: Bench) -> None:
    alice, bob = bench.user(link=9), bench.user()
    bob.send(HotlistAdd(alice.nick))
    on = bob.expect(SignOn)
    assert (on.nick, on.link) == (alice.nick, 9)


@checks("NAP-HOT-04")
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_the_end_of_a_session_is_told_once(bench: Bench, reset: bool) -> None:
    alice, bob = bench.users(2)
    _list(bob, alice.nick)
    if reset:
        alice.abort()
    else:
        alice.close()
    with assuming("the session of one who has left ends"):
        bench.await_gone(alice.nick, bob)
    assert bob.expect(SignOff).nick == alice.nick
    bob.expect_none(SignOff, fence=bob)


@checks("NAP-HOT-05")
def test_one_who_is_off_the_list_is_not_told_of(bench: Bench) -> None:
    bob, carol, nick = bench.user(), bench.user(), bench.new_nick()
    for user in (bob, carol):
        _list(user, nick)
    bob.send(HotlistRemove(nick))
    bob.sync()
    alice = bench.user(nick)
    with assuming("one who has the user on the list is told"):
        carol.expect(SignOn)
        alice.close()
        carol.expect(SignOff)
    bob.expect_none(SignOn, fence=bob)
    bob.expect_none(SignOff, fence=bob)


@checks("NAP-HOT-06")
def test_those_listed_by_208_are_told_of_as_well(bench: Bench) -> None:
    bob, carol, nick = bench.user(), bench.user(), bench.new_nick()
    _list(bob, nick, HotlistInitial)
    _list(carol, nick, HotlistAdd)
    alice = bench.user(nick, link=9)
    with assuming("those who have listed the user by 207 are told"):
        on = carol.expect(SignOn)
        alice.close()
        off = carol.expect(SignOff)
    assert bob.expect(SignOn) == on
    assert bob.expect(SignOff) == off
