"""Channels: who is in them and who hears what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...codecs.napster import (
    ChannelJoined,
    ChannelMember,
    ChannelParted,
    Emote,
    EmoteNotice,
    ErrorText,
    Join,
    JoinAck,
    MemberListEnd,
    Part,
    PublicMessage,
    PublicNotice,
    Topic,
)
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User

_TEXT = ('"one  two"   three ' * 6)[:100]
"""100 bytes with blanks in a row and double quotes."""


def new_channel(bench: Bench) -> str:
    """The name of a channel that nobody has been in."""
    return f"#{bench.new_nick()}"


def join(channel: str, *users: User) -> None:
    """Let users in, one after the other, and forget what they have heard of it; Inconclusive when one is not let in."""
    for user in users:
        user.send(Join(channel))
        with assuming("a user gets into a channel"):
            user.expect(JoinAck, where=lambda got: got.channel == channel)
    for user in users:
        user.sync()
        user.forget()


def sharer(bench: Bench, files: int, link: int) -> User:
    """A user who shares that many files; Inconclusive where a whois tells another number."""
    user = bench.user(link=link)
    for _ in range(files):
        bench.share(user)
    with assuming("the files that a user shares are counted"):
        found = user.whois(user.nick)
        assert found is None or found.shared == files
    return user


def _members(bench: Bench, number: int) -> tuple[str, list[User]]:
    """A new channel and its members."""
    channel, users = new_channel(bench), bench.users(number)
    join(channel, *users)
    return channel, users


# --- joining


@checks("NAP-CHN-01")
def test_joining_is_acknowledged(bench: Bench) -> None:
    alice, channel = bench.user(), new_channel(bench)
    alice.send(Join(channel))
    assert alice.expect(JoinAck).channel == channel


@checks("NAP-CHN-02")
def test_one_who_joins_is_told_who_is_there(bench: Bench) -> None:
    alice, bob, carol = sharer(bench, 1, link=9), bench.user(link=3), bench.user(link=7)
    channel = new_channel(bench)
    join(channel, alice, bob)
    carol.send(Join(channel))
    with assuming("joining is acknowledged, and the list of members ends"):
        early = carol.answers(ChannelMember, until=JoinAck)
        members = carol.answers(ChannelMember, until=MemberListEnd)
    assert not early, f"{len(early)} members before the 405"
    others = [(each.channel, each.nick, each.shared, each.link) for each in members if each.nick != carol.nick]
    assert sorted(others) == sorted([(channel, alice.nick, 1, 9), (channel, bob.nick, 0, 3)])
    assert len(members) - len(others) <= 1, "the one who joins is listed twice"


@checks("NAP-CHN-03")
@pytest.mark.parametrize("members", [0, 1], ids=["new", "known"])
def test_the_list_of_members_ends_once(bench: Bench, members: int) -> None:
    channel, _ = _members(bench, members)
    alice = bench.user()
    alice.send(Join(channel))
    alice.answers(ChannelMember, until=MemberListEnd, where=lambda got: got.channel == channel)
    alice.expect_none(ChannelMember, MemberListEnd)


@checks("NAP-CHN-04")
def test_one_who_joins_is_told_the_topic(bench: Bench) -> None:
    alice, channel = bench.user(), new_channel(bench)
    alice.send(Join(channel))
    assert alice.expect(Topic).channel == channel


@checks("NAP-CHN-05")
def test_the_others_are_told_who_joins(bench: Bench) -> None:
    channel, others = _members(bench, 2)
    carol = sharer(bench, 2, link=7)
    carol.send(Join(channel))
    for other in others:
        told = other.expect(ChannelJoined)
        assert (told.channel, told.nick, told.shared, told.link) == (channel, carol.nick, 2, 7)
        other.expect_none(ChannelJoined, fence=carol)


@checks("NAP-CHN-06")
def test_nobody_joins_twice(bench: Bench) -> None:
    channel, [alice, bob] = _members(bench, 2)
    alice.send(Join(channel))
    alice.expect(ErrorText)
    bob.expect_none(ChannelJoined, fence=alice)


# --- leaving


@checks("NAP-CHN-07")
def test_leaving_is_acknowledged(bench: Bench) -> None:
    channel, [alice] = _members(bench, 1)
    alice.send(Part(channel))
    assert alice.expect(Part).channel == channel


@checks("NAP-CHN-08")
def test_the_others_are_told_who_leaves(bench: Bench) -> None:
    channel, [alice, *others] = _members(bench, 3)
    alice.send(Part(channel))
    for other in others:
        told = other.expect(ChannelParted)
        assert (told.channel, told.nick) == (channel, alice.nick)
        other.expect_none(ChannelParted, fence=alice)


@checks("NAP-CHN-09")
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_the_others_are_told_whose_session_ends(bench: Bench, reset: bool) -> None:
    channel, [alice, *others] = _members(bench, 3)
    if reset:
        alice.abort()
    else:
        alice.close()
    with assuming("the session of one who has left ends"):
        bench.await_gone(alice.nick, others[0])
    for other in others:
        told = other.expect(ChannelParted)
        assert (told.channel, told.nick) == (channel, alice.nick)
        other.expect_none(ChannelParted)


@checks("NAP-CHN-10")
def test_one_who_has_left_hears_nothing(bench: Bench) -> None:
    channel, [alice, bob, carol] = _members(bench, 3)
    dave = bench.user()
    alice.send(Part(channel))
    alice.sync()
    bob.send(PublicMessage(channel, "hello"), Emote(channel, "waves"))
    dave.send(Join(channel))
    dave.sync()
    with assuming("those who are in the channel hear of it"):
        carol.expect(PublicNotice)
        carol.expect(ChannelJoined)
    alice.expect_none(PublicNotice, EmoteNotice, ChannelJoined, fence=bob)


# --- talking


@checks("NAP-CHN-11")
def test_a_line_is_heard_by_all_members_and_nobody_else(bench: Bench) -> None:
    channel, [alice, *others] = _members(bench, 3)
    outsider = bench.user()
    alice.send(PublicMessage(channel, "hello"))
    for other in others:
        heard = other.expect(PublicNotice)
        assert (heard.channel, heard.nick, heard.text) == (channel, alice.nick, "hello")
        other.expect_none(PublicNotice, fence=alice)
    outsider.expect_none(PublicNotice, fence=alice)


@checks("NAP-CHN-12")
def test_a_line_is_heard_by_the_one_who_says_it(bench: Bench) -> None:
    channel, [alice] = _members(bench, 1)
    alice.send(PublicMessage(channel, "hello"))
    heard = alice.expect(PublicNotice)
    assert (heard.channel, heard.nick, heard.text) == (channel, alice.nick, "hello")


@checks("NAP-CHN-13")
def test_a_line_from_outside_is_not_heard(bench: Bench) -> None:
    channel, [alice] = _members(bench, 1)
    outsider = bench.user()
    outsider.send(PublicMessage(channel, "from outside"))
    alice.expect_none(PublicNotice, fence=outsider)
    join(channel, outsider)
    outsider.send(PublicMessage(channel, "from inside"))
    with assuming("members are heard"):
        alice.expect(PublicNotice)


@checks("NAP-CHN-14")
def test_a_line_arrives_byte_by_byte(bench: Bench) -> None:
    channel, [alice, bob] = _members(bench, 2)
    alice.send(PublicMessage(channel, _TEXT))
    with assuming("members are heard"):
        heard = bob.expect(PublicNotice)
    assert heard.text == _TEXT


@checks("NAP-CHN-15")
def test_an_emote_is_seen_by_the_others(bench: Bench) -> None:
    channel, [alice, *others] = _members(bench, 3)
    alice.send(Emote(channel, "waves and  smiles"))
    for other in others:
        seen = other.expect(EmoteNotice)
        assert (seen.channel, seen.nick, seen.text) == (channel, alice.nick, "waves and  smiles")


@checks("NAP-CHN-16")
def test_nobody_speaks_under_the_nick_of_another(bench: Bench) -> None:
    channel, [alice, bob, carol] = _members(bench, 3)
    alice.send(PublicNotice(channel, bob.nick, "forged"))
    alice.sync()
    alice.send(PublicMessage(channel, "real"))
    with assuming("members are heard"):
        carol.expect(PublicNotice, where=lambda got: got.text == "real")
    for member in (alice, bob, carol):
        member.expect_none(PublicNotice, where=lambda got: got.nick != alice.nick)
