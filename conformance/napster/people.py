"""People: what is told of a user and to whom, and the pings that users send each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from ...codecs.napster import (
    ErrorText,
    UserPing,
    UserPong,
    UserSpeed,
    UserSpeedRequest,
    Whois,
    WhoisRequest,
    WhoWas,
)
from ..checks import checks
from ..outcomes import assuming
from .channels import join, new_channel

if TYPE_CHECKING:
    from .bench import Bench

Question: TypeAlias = type[WhoisRequest] | type[UserSpeedRequest]

_PROMPT = 60
"""Seconds that a case takes at most between a login or an end of a session and the question for it."""


# --- whois


@checks("NAP-WHO-01")
def test_a_whois_tells_ten_fields(bench: Bench) -> None:
    alice, bob, channel = bench.user(link=9, client="peerspec two"), bench.user(), new_channel(bench)
    for _ in range(3):
        bench.share(alice)
    join(channel, alice)
    bob.send(WhoisRequest(alice.nick))
    told = bob.expect(Whois)
    assert (told.nick, told.level) == (alice.nick, "User")
    assert told.seconds <= _PROMPT, f"{told.seconds} seconds since the login"
    assert told.channels.split() == [channel], f"channels {told.channels!r}"
    assert told.status == "Active", f"status {told.status}"
    assert (told.shared, told.downloads, told.uploads) == (3, 0, 0)
    assert (told.link, told.info) == (9, "peerspec two")


@checks("NAP-WHO-02")
def test_an_ordinary_user_is_told_no_more(bench: Bench) -> None:
    alice, bob = bench.users(2)
    for nick in (alice.nick, bob.nick):
        bob.send(WhoisRequest(nick))
        with assuming("a whois is answered"):
            told = bob.expect(Whois)
        assert told.staff is None, f"{nick} has {told.staff}"


@checks("NAP-WHO-03")
def test_one_who_has_left_is_remembered(bench: Bench) -> None:
    bob = bench.user()
    seen = []
    for nick in (bench.account(), bench.account()):
        bob.send(WhoisRequest(nick))
        told = bob.expect(WhoWas)
        assert (told.nick, told.level) == (nick, "User")
        seen.append(told.seen)
    # whose clock it is, and what it shows, is the node's affair
    assert 0 <= seen[1] - seen[0] <= _PROMPT, f"two who left one after the other were seen at {seen[0]} and {seen[1]}"


@checks("NAP-WHO-04")
@pytest.mark.parametrize("question", [WhoisRequest, UserSpeedRequest], ids=["603", "600"])
def test_a_question_for_nobody_is_answered_by_404(bench: Bench, question: Question) -> None:
    bob = bench.user()
    bob.send(question(bench.new_nick()))
    bob.expect(ErrorText)


@checks("NAP-WHO-05")
def test_the_link_type_is_told(bench: Bench) -> None:
    alice, bob = bench.user(link=7), bench.user()
    bob.send(UserSpeedRequest(alice.nick))
    told = bob.expect(UserSpeed)
    assert (told.nick, told.link) == (alice.nick, 7)


# --- pings


@checks("NAP-PNG-01")
def test_a_ping_is_passed_on_and_not_answered(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bob.send(UserPing(alice.nick))
    assert alice.expect(UserPing).nick == bob.nick
    bob.expect_none(UserPong, fence=alice)


@checks("NAP-PNG-02")
def test_a_pong_is_passed_on(bench: Bench) -> None:
    alice, bob = bench.users(2)
    alice.send(UserPong(bob.nick))
    assert bob.expect(UserPong).nick == alice.nick


@checks("NAP-PNG-03")
def test_a_ping_for_nobody_is_answered_by_404(bench: Bench) -> None:
    bob = bench.user()
    bob.send(UserPing(bench.new_nick()))
    bob.expect(ErrorText)
