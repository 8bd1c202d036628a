"""Channels: joining, leaving, talking, topics, lists and invitations."""

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    AcceptInvitation,
    ChannelEntry,
    ChannelInvite,
    ChannelJoined,
    ChannelList,
    ChannelMember,
    ChannelMembers,
    ChannelMembersEnd,
    ChannelMode,
    ChannelParted,
    DeclineInvitation,
    Emote,
    EmoteNotice,
    ErrorText,
    FullChannelEntry,
    FullChannelList,
    IgnoreUser,
    Invitation,
    Invite,
    Join,
    JoinAck,
    MemberEntry,
    MemberListEnd,
    Packet,
    Part,
    PublicMessage,
    PublicNotice,
    SetUserLevel,
    Topic,
    Whois,
    WhoisRequest,
)

from .conftest import MakeTown, Town, User

WELCOME = "Welcome to the #x channel."


def members(place: Town, *nicks: str, channel: str = "#x") -> list[User]:
    """Users who have joined a channel, with nothing left to read."""
    users = [place.user(nick) for nick in nicks]
    for user in users:
        user.ask(Join(channel))
    for user in users:
        user.read()
    return users


def operator(place: Town, *, inside: str = "") -> User:
    """The operator, in a channel if one is named."""
    root = place.user("root", password="secret")
    if inside:
        root.ask(Join(inside))
    return root


# Joining and leaving


def test_who_joins_is_told_who_is_there_and_the_others_who_joins(town: MakeTown) -> None:
    place = town()
    (alice,) = members(place, "alice")
    bob = place.user("bob", link=7)
    assert bob.ask(Join("#X")) == [
        JoinAck("#x"),
        ChannelMember("#x", "alice", 0, 9),
        ChannelMember("#x", "bob", 0, 7),
        MemberListEnd("#x"),
        Topic("#x", topic=WELCOME),
    ]
    assert alice.read() == [ChannelJoined("#x", "bob", 0, 7)]


def test_a_channel_without_a_mark_gets_one(town: MakeTown) -> None:
    alice = town().user("alice")
    assert alice.ask(Join("80's"))[0] == JoinAck("#80's")
    assert alice.ask(Join("&local"))[0] == JoinAck("&local")


def test_nobody_joins_twice(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    assert bob.ask(Join("#X")) == [ErrorText("you are in channel #x already")]
    assert alice.read() == []


def test_who_leaves_is_told_and_hears_no_more(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    assert bob.ask(Part("x")) == [Part("#x")]
    assert alice.read() == [ChannelParted("#x", "bob", 0, 9)]
    alice.send(PublicMessage("#x", "hello"), Emote("#x", "waves"))
    members(place, "carol")
    assert bob.read() == []
    assert bob.ask(Part("#x")) == [ErrorText("you are not in channel #x")]
    assert bob.ask(Part("#y")) == [ErrorText("there is no channel #y")]


@pytest.mark.parametrize("end", ["close", "abort"])
def test_who_is_gone_has_left(town: MakeTown, end: str) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    getattr(bob.stream, end)()
    assert alice.read() == [ChannelParted("#x", "bob", 0, 9)]
    assert [member.nick for member in place.server.channels["#x"].members] == ["alice"]


def test_a_channel_goes_with_its_last_member(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    alice.ask(Part("#x"))
    assert set(place.server.channels) == {"#x"}
    bob.stream.close()
    place.wait(1)
    assert place.server.channels == {}


def test_channels_are_bounded(town: MakeTown) -> None:
    place = town(max_joined=2, max_channels=3, max_channel_name=5)
    alice, bob = place.user("alice"), place.user("bob")
    for name in ("#", "#12345"):
        assert alice.ask(Join(name)) == [ErrorText(f"you can't join channel {name}: a name has 2 to 5 characters")]
    alice.ask(Join("#a"), Join("#b"))
    assert alice.ask(Join("#c")) == [ErrorText("you can't join channel #c: nobody can be in more than 2 channels")]
    bob.ask(Join("#c"))
    assert bob.ask(Join("#d")) == [ErrorText("you can't join channel #d: there are too many channels")]
    assert bob.ask(Join("#b"))[0] == JoinAck("#b")
    assert set(place.server.channels) == {"#a", "#b", "#c"}


# Talking


def test_what_a_member_says_reaches_the_members_byte_by_byte(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    carol = place.user("carol")
    body = b' a  b "c" \xe4\xff '
    bob.send(Packet.of_raw(402, b"#X " + body).encode())
    assert [(packet.type, packet.body) for packet in alice.packets()] == [(403, b"#x bob " + body)]
    assert [(packet.type, packet.body) for packet in bob.packets()] == [(403, b"#x bob " + body)]
    assert carol.read() == []


def test_an_emote_reaches_the_members(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    carol = place.user("carol")
    assert bob.ask(Emote("#x", "waves")) == [EmoteNotice("#x", "bob", "waves")]
    assert alice.read() == [EmoteNotice("#x", "bob", "waves")]
    assert carol.read() == []


@pytest.mark.parametrize(
    "said", [PublicMessage("#x", "hi"), Emote("#x", "waves")], ids=lambda said: type(said).__name__
)
def test_a_stranger_is_not_heard(town: MakeTown, said: Message) -> None:
    place = town()
    (alice,) = members(place, "alice")
    bob = place.user("bob")
    assert bob.ask(said) == [ErrorText("nobody in channel #x has heard you: you are not in it")]
    assert alice.read() == []


def test_nobody_speaks_for_another(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    assert bob.ask(PublicNotice("#x", "alice", "hello")) == [ErrorText("403 is for servers")]
    assert alice.read() == []


# Topic


def test_a_topic_is_told_and_changed_by_who_may(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root, carol = operator(place), place.user("carol")
    assert bob.ask(Topic("#x", topic="mine")) == [ErrorText("permission denied")]
    assert alice.ask(Topic("#x")) == [Topic("#x", topic=WELCOME)]
    assert carol.ask(Topic("#x")) == [ErrorText("you are not in channel #x")]
    assert carol.ask(Topic("#y")) == [ErrorText("there is no channel #y")]
    assert root.ask(Topic("#x", topic='two  "words"')) == [Topic("#x", topic='two  "words"')]
    assert alice.read() == bob.read() == [Topic("#x", topic='two  "words"')]
    assert carol.ask(Join("#x"))[-1] == Topic("#x", topic='two  "words"')


def test_members_change_a_topic_that_is_free(town: MakeTown) -> None:
    place = town(max_topic=5)
    alice, bob = members(place, "alice", "bob")
    operator(place).ask(ChannelMode("#x", ("+TOPIC",)))
    alice.send(Topic("#x", topic="short"))
    assert bob.read() == [Topic("#x", topic="short")]
    assert alice.ask(Topic("#x", topic="longer"))[-1] == ErrorText("a topic has at most 5 characters")
    assert place.user("carol").ask(Topic("#x", topic="no")) == [ErrorText("permission denied")]


# Lists


def test_channels_are_listed(town: MakeTown) -> None:
    place = town(channel_limit=7)
    members(place, "alice", "bob")
    (carol,) = members(place, "carol", channel="#y")
    root = operator(place)
    root.ask(Topic("#x", topic='a "b"'))
    topic = "Welcome to the #y channel."
    assert carol.ask(ChannelList()) == [ChannelEntry("#x", 2, 'a "b"'), ChannelEntry("#y", 1, topic), ChannelList()]
    assert carol.ask(FullChannelList()) == [
        FullChannelEntry("#x", 2, 1, "0", "7", "a 'b'"),
        FullChannelEntry("#y", 1, 1, "0", "7", topic),
        FullChannelList(),
    ]
    root.ask(ChannelMode("#x", ("+PRIVATE",)))
    assert carol.ask(ChannelList()) == [ChannelEntry("#y", 1, topic), ChannelList()]
    assert len(carol.ask(FullChannelList())) == 2
    assert len(root.ask(FullChannelList())) == 3
    (answer,) = carol.ask(WhoisRequest("alice"))
    assert isinstance(answer, Whois)
    assert answer.channels == ""


def test_members_are_listed_for_members(town: MakeTown) -> None:
    place = town()
    alice, _ = members(place, "alice", "bob")
    carol = place.user("carol")
    listed = [MemberEntry("#x", "alice", 0, 9), MemberEntry("#x", "bob", 0, 9), ChannelMembersEnd()]
    assert alice.ask(ChannelMembers("#x")) == listed
    assert carol.ask(ChannelMembers("#x")) == [ErrorText("you are not in channel #x")]
    assert carol.ask(ChannelMembers("#y")) == [ErrorText("there is no channel #y")]
    assert operator(place).ask(ChannelMembers("#x")) == listed


# Invitations


def test_an_invitation_is_passed_on_and_answered(town: MakeTown) -> None:
    place = town()
    (alice,) = members(place, "alice")
    bob, carol = place.user("bob"), place.user("carol")
    assert alice.ask(Invite("bob", "#x")) == []
    assert bob.read() == [Invitation("alice", "#x", WELCOME, 0, "")]
    assert bob.ask(AcceptInvitation("alice", "#x")) == []
    assert alice.read() == [ErrorText("bob will come to channel #x")]
    assert bob.ask(AcceptInvitation("alice", "#x")) == [ErrorText("you have no invitation of alice to channel #x")]
    assert carol.ask(DeclineInvitation("alice", "#x", "", 0, "")) == [
        ErrorText("you have no invitation of alice to channel #x")
    ]
    assert alice.ask(Invite("carol", "#x")) == []
    carol.read()
    assert carol.ask(DeclineInvitation("ALICE", "#x", WELCOME, 0, "")) == []
    assert alice.read() == [ErrorText("carol will not come to channel #x")]
    assert set(place.server.channels["#x"].invited) == {"bob"}


def test_who_may_not_invite_is_told(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    carol = place.user("carol")
    assert carol.ask(Invite("alice", "#x")) == [ErrorText("you are not in channel #x")]
    assert alice.ask(Invite("bob", "#x")) == [ErrorText("bob is in channel #x already")]
    assert alice.ask(Invite("nobody", "#x")) == [ErrorText("nobody is not logged in")]
    carol.ask(IgnoreUser("alice"))
    assert alice.ask(Invite("carol", "#x")) == []
    assert carol.read() == bob.read() == []
    assert place.server.channels["#x"].invited == {}


@pytest.mark.parametrize(
    "kind", [Invite("bob", "#x"), ChannelInvite("#x", "bob")], ids=lambda kind: type(kind).__name__
)
def test_only_the_invited_join_a_channel_for_them(town: MakeTown, kind: Message) -> None:
    place = town()
    (alice,) = members(place, "alice")
    bob = place.user("bob")
    operator(place).ask(ChannelMode("#x", ("+INVITE",)))
    assert bob.ask(Join("#x")) == [ErrorText("you can't join channel #x: it is for those who are invited")]
    alice.ask(kind)
    invitation = Invitation("alice", "#x", WELCOME, 0, "") if isinstance(kind, Invite) else ChannelInvite("#x", "alice")
    assert bob.read() == [invitation]
    assert bob.ask(Join("#x"))[0] == JoinAck("#x")
    bob.ask(Part("#x"))
    assert len(bob.ask(Join("#x"))) == 1


def test_invitations_are_bounded(town: MakeTown) -> None:
    place = town(max_invited=2)
    (alice,) = members(place, "alice")
    for nick in ("bob", "carol", "dave"):
        place.user(nick)
        alice.ask(Invite(nick, "#x"))
    assert set(place.server.channels["#x"].invited) == {"carol", "dave"}


def test_a_moderator_is_an_operator_of_every_channel(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    operator(place).ask(SetUserLevel("bob", "Moderator"))
    bob.send(Topic("#x", topic="mine"))
    assert alice.read() == [Topic("#x", topic="mine")]
