"""Topics, the lists of channels and of their members, and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...codecs.napster import (
    ChannelEntry,
    ChannelList,
    ChannelMembers,
    ChannelMembersEnd,
    FullChannelEntry,
    FullChannelList,
    Invitation,
    Invite,
    Join,
    MemberEntry,
    Part,
    Topic,
)
from ..checks import checks
from ..outcomes import assuming
from .channels import join, new_channel, sharer

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User


def _listed(user: User, *channels: str) -> list[ChannelEntry]:
    """The entries of the list of channels that are for these."""
    user.send(ChannelList())
    return [each for each in user.answers(ChannelEntry, until=ChannelList) if each.channel in channels]


# --- topic


@checks("NAP-CHN-17")
def test_a_new_topic_is_told_to_all_members(bench: Bench) -> None:
    root, alice, bob, late, channel = bench.operator(), *bench.users(3), new_channel(bench)
    join(channel, root, alice, bob)
    root.send(Topic(channel, topic="all about  it"))
    for member in (alice, bob, root):
        told = member.expect(Topic)
        assert (told.channel, told.topic) == (channel, "all about  it")
    late.send(Join(channel))
    with assuming("one who joins is told a topic"):
        told = late.expect(Topic)
    assert (told.channel, told.topic) == (channel, "all about  it")


@checks("NAP-CHN-18")
def test_a_member_is_told_the_topic_when_it_asks(bench: Bench) -> None:
    alice, channel = bench.user(), new_channel(bench)
    alice.send(Join(channel))
    alice.sync()
    before = alice.take(Topic)
    alice.send(Topic(channel))
    told = alice.expect(Topic)
    assert told.channel == channel
    assert not before or told.topic == before[-1].topic, f"{told.topic!r} is not what was told on joining"


# --- lists


@checks("NAP-CHN-19")
def test_channels_are_listed(bench: Bench) -> None:
    alice, bob, one, two = *bench.users(2), new_channel(bench), new_channel(bench)
    alice.send(Join(one))
    alice.sync()
    topic = [each.topic for each in alice.take(Topic)]
    join(two, alice, bob)
    entries = _listed(bob, one, two)
    assert sorted((each.channel, each.users) for each in entries) == sorted([(one, 1), (two, 2)])
    told = [each.topic for each in entries if each.channel == one]
    assert not topic or told == topic, f"the topic {told} is not what was told on joining: {topic}"
    bob.expect_none(ChannelEntry, ChannelList)


@checks("NAP-CHN-20")
def test_channels_are_listed_in_full(bench: Bench) -> None:
    alice, bob, one, two = *bench.users(2), new_channel(bench), new_channel(bench)
    join(one, alice)
    join(two, alice, bob)
    bob.send(FullChannelList())
    entries = [each for each in bob.answers(FullChannelEntry, until=FullChannelList) if each.channel in (one, two)]
    assert sorted((each.channel, each.users) for each in entries) == sorted([(one, 1), (two, 2)])
    bob.expect_none(FullChannelEntry, FullChannelList)


@checks("NAP-CHN-21")
def test_members_are_listed(bench: Bench) -> None:
    alice, bob, channel = sharer(bench, 1, link=9), bench.user(link=3), new_channel(bench)
    join(channel, alice, bob)
    bob.send(ChannelMembers(channel))
    entries = bob.answers(MemberEntry, until=ChannelMembersEnd, where=lambda got: got.channel is None)
    found = [(each.channel, each.nick, each.shared, each.link) for each in entries]
    assert sorted(found) == sorted([(channel, alice.nick, 1, 9), (channel, bob.nick, 0, 3)])
    bob.expect_none(MemberEntry, ChannelMembersEnd)


@checks("NAP-CHN-22")
def test_a_channel_goes_with_its_last_member(bench: Bench) -> None:
    alice, bob, channel = *bench.users(2), new_channel(bench)
    join(channel, alice)
    with assuming("the channel is listed while it has a member"):
        assert _listed(bob, channel), "it is not listed"
    alice.send(Part(channel))
    alice.sync()
    assert not _listed(bob, channel), "a channel without a member is listed"


# --- invitations


@checks("NAP-CHN-23")
def test_an_invitation_is_passed_on(bench: Bench) -> None:
    alice, bob, channel = *bench.users(2), new_channel(bench)
    join(channel, alice)
    alice.send(Invite(bob.nick, channel))
    told = bob.expect(Invitation)
    assert (told.nick, told.channel) == (alice.nick, channel)
