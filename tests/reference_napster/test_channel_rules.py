"""The rule of a channel: level, limit, kicks, bans, voices, marks, and operators of one channel."""

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    ChannelBan,
    ChannelBanEntry,
    ChannelBans,
    ChannelBansEnd,
    ChannelDeop,
    ChannelDrop,
    ChannelJoined,
    ChannelKick,
    ChannelLevel,
    ChannelLimit,
    ChannelMode,
    ChannelMuzzle,
    ChannelOp,
    ChannelOps,
    ChannelParted,
    ChannelUnban,
    ChannelUnmuzzle,
    ChannelUnvoice,
    ChannelVoice,
    ChannelWallop,
    ClearChannel,
    ClearChannelBans,
    Emote,
    ErrorText,
    Join,
    JoinAck,
    OldChannelKick,
    OldChannelLevel,
    Part,
    PublicMessage,
    PublicNotice,
    SetUserLevel,
    Topic,
)

from .conftest import MakeTown, Town
from .test_channels import members, operator

DENIED = [ErrorText("permission denied")]


def refusal(why: str) -> list[ErrorText]:
    """What one who may not join #x is told."""
    return [ErrorText(f"you can't join channel #x: {why}")]


@pytest.mark.parametrize(
    "order",
    [
        ChannelLevel("#x", "User"),
        OldChannelLevel("#x", level="User"),
        ChannelLimit("#x", 1),
        ChannelKick("#x", "alice"),
        OldChannelKick("#x", "alice"),
        ClearChannel("#x"),
        ChannelBan("#x", "alice"),
        ChannelUnban("#x", "alice"),
        ClearChannelBans("#x"),
        ChannelOp("#x", ("bob",)),
        ChannelDeop("#x", ("bob",)),
        ChannelOps("#x"),
        ChannelDrop("#x"),
        ChannelWallop("#x", "hello"),
        ChannelMode("#x", ("+PRIVATE",)),
        ChannelVoice("#x", ("bob",)),
        ChannelUnvoice("#x", ("bob",)),
        ChannelMuzzle("#x", "alice"),
        ChannelUnmuzzle("#x", "alice"),
    ],
    ids=lambda order: type(order).__name__,
)
def test_an_ordinary_member_does_not_rule(town: MakeTown, order: Message) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    assert bob.ask(order) == DENIED
    assert alice.read() == []
    channel = place.server.channels["#x"]
    assert (channel.level, channel.limit, channel.bans, channel.modes, channel.muzzled) == ("Leech", 500, {}, set(), {})
    assert (channel.operators, channel.voiced, len(channel.members)) == ({}, set(), 2)


def test_a_limit_keeps_users_out(town: MakeTown) -> None:
    place = town()
    root, bob = operator(place, inside="#x"), place.user("bob")
    assert root.ask(ChannelLimit("#x", 1)) == [ErrorText("root set channel #x to limit 1")]
    assert bob.ask(Join("#x")) == refusal("it is full")
    root.ask(ChannelLimit("#x", 0))
    assert bob.ask(Join("#x"))[0] == JoinAck("#x")
    assert root.ask(ChannelLimit("#y", 1)) == [ErrorText("there is no channel #y")]


def test_a_level_keeps_users_out(town: MakeTown) -> None:
    place = town()
    root, bob = operator(place, inside="#x"), place.user("bob")
    root.ask(ChannelLevel("#x", "Moderator"))
    assert bob.ask(Join("#x")) == refusal("it is for level Moderator and above")
    assert bob.ask(OldChannelLevel("#x")) == [ErrorText("channel #x has level Moderator")]
    root.ask(SetUserLevel("bob", "Moderator"))
    bob.read()
    assert bob.ask(Join("#x"))[0] == JoinAck("#x")
    root.ask(OldChannelLevel("#x", level="Admin"))
    assert place.server.channels["#x"].level == "Admin"
    assert bob.read()[-1] == ErrorText("root set channel #x to level Admin")
    assert bob.ask(ChannelLevel("#x", "User")) == DENIED
    root.ask(ChannelLevel("#x", "User"))
    assert bob.ask(ChannelLevel("#x", "Admin")) == DENIED


@pytest.mark.parametrize("kind", [ChannelKick, OldChannelKick])
def test_who_is_kicked_is_out(town: MakeTown, kind: type[ChannelKick]) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root = operator(place)
    told = ErrorText("root kicked bob out of channel #x: noise")
    assert root.ask(kind("#x", "BOB", reason="noise")) == [told]
    assert bob.read() == [Part("#x"), told]
    assert alice.read() == [ChannelParted("#x", "bob", 0, 9)]
    assert root.ask(kind("#x", "bob")) == [ErrorText("bob is not in channel #x")]
    assert root.ask(kind("#x", "nobody")) == [ErrorText("nobody is not logged in")]
    assert bob.ask(Join("#x"))[0] == JoinAck("#x")


def test_operators_do_not_kick_their_equals(town: MakeTown) -> None:
    place = town()
    alice, bob, carol = members(place, "alice", "bob", "carol")
    root = operator(place)
    for nick in ("alice", "bob"):
        root.ask(SetUserLevel(nick, "Moderator"))
    assert bob.ask(ChannelKick("#x", "alice")) == DENIED
    assert bob.ask(ChannelBan("#x", "alice")) == DENIED
    assert bob.ask(ChannelMuzzle("#x", "alice")) == DENIED
    assert alice.read() == carol.read() == []
    # clearing spares an equal, and puts out the one who clears
    bob.ask(ClearChannel("#x"))
    assert [member.nick for member in place.server.channels["#x"].members] == ["alice"]
    assert carol.read()[-1] == Part("#x")


def test_a_cleared_channel_is_empty(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root = operator(place, inside="#x")
    alice.read(), bob.read()
    assert Part("#x") in root.ask(ClearChannel("#x"))
    assert Part("#x") in alice.read()
    assert Part("#x") in bob.read()
    assert place.server.channels == {}


# Bans


@pytest.mark.parametrize("target", ["BOB", "10.7.0.1", "bob!*", "*!10.7.0.1"])
def test_who_is_banned_stays_out(town: MakeTown, target: str) -> None:
    place = town(epoch=1_000_000)
    (alice,) = members(place, "alice")
    root, bob, carol = operator(place), place.user("bob", source="10.7.0.1"), place.user("carol")
    plain = "10.7.0.1" if "10." in target else target.removesuffix("!*")
    at = place.server.unix_time()
    root.ask(ChannelBan("#x", target, reason="noise"))
    assert bob.ask(Join("#x")) == refusal("you are banned")
    assert carol.ask(Join("#x"))[0] == JoinAck("#x")
    entry, end = alice.ask(ChannelBans("#x"))[-2:]
    assert isinstance(entry, ChannelBanEntry)
    assert entry.replace(time=0) == ChannelBanEntry(plain, "root", "noise", 0, 0)
    assert at <= entry.time <= at + 5
    assert end == ChannelBansEnd(channel="#x")
    assert root.ask(ChannelUnban("#x", target)) == [ErrorText(f"root lifted the ban of {plain} from #x")]
    assert root.ask(ChannelUnban("#x", target)) == [ErrorText(f"{plain} is not banned from channel #x")]
    assert bob.ask(Join("#x"))[0] == JoinAck("#x")


def test_bans_of_a_channel_are_bounded_and_cleared(town: MakeTown) -> None:
    place = town(max_channel_bans=2)
    root = operator(place, inside="#x")
    for nick in ("a", "b"):
        root.ask(ChannelBan("#x", nick))
    assert root.ask(ChannelBan("#x", "c")) == [ErrorText("channel #x has 2 bans already")]
    assert len(root.ask(ChannelBans("#x"))) == 3
    root.ask(ClearChannelBans("#x"))
    assert root.ask(ChannelBans("#x")) == [ChannelBansEnd(channel="#x")]


# Voices and muzzles


def test_a_moderated_channel_hears_voices_only(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root = operator(place)
    root.ask(ChannelMode("#x", ("+moderated",)))
    for said in (PublicMessage("#x", "hi"), Emote("#x", "waves")):
        assert alice.ask(said) == [ErrorText("nobody in channel #x has heard you: it is moderated")]
    assert bob.read() == []
    root.ask(ChannelVoice("#x", ("alice",)))
    assert root.ask(ChannelVoice("#x", ())) == [ErrorText("voices on channel #x: alice")]
    assert alice.read() == [ErrorText("root gave a voice to alice on channel #x")]
    alice.send(PublicMessage("#x", "hi"))
    assert bob.read() == [PublicNotice("#x", "alice", "hi")]
    root.ask(ChannelUnvoice("#x", ("alice",)))
    alice.send(PublicMessage("#x", "hi"))
    assert bob.read() == []
    assert root.ask(ChannelVoice("#x", ("carol",))) == [ErrorText("carol is not in channel #x")]
    # a voice does not survive leaving
    root.ask(ChannelVoice("#x", ("alice",)))
    alice.ask(Part("#x"), Join("#x"))
    assert place.server.channels["#x"].voiced == set()


def test_who_is_muzzled_in_a_channel_is_not_heard_there(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    alice.ask(Join("#y"))
    root = operator(place)
    told = ErrorText("root muzzled alice on channel #x: noise")
    assert root.ask(ChannelMuzzle("#x", "ALICE", reason="noise")) == [told]
    assert alice.read() == [told]
    alice.ask(Part("#x"), Join("#x"))
    bob.read()
    silence = ErrorText("nobody in channel #x has heard you: you are muzzled there")
    assert alice.ask(PublicMessage("#x", "hi")) == [silence]
    assert bob.read() == []
    assert alice.ask(PublicMessage("#y", "hi")) == [PublicNotice("#y", "alice", "hi")]
    root.ask(ChannelUnmuzzle("#x", "alice"))
    assert root.ask(ChannelUnmuzzle("#x", "alice")) == [ErrorText("alice is not muzzled on channel #x")]
    alice.send(PublicMessage("#x", "hi"))
    assert bob.read() == [PublicNotice("#x", "alice", "hi")]


def test_muzzles_of_a_channel_are_bounded(town: MakeTown) -> None:
    place = town(max_channel_bans=1)
    members(place, "alice", "bob")
    root = operator(place)
    root.ask(ChannelMuzzle("#x", "alice"))
    assert root.ask(ChannelMuzzle("#x", "bob")) == [ErrorText("channel #x has 1 muzzled users already")]


# Operators of one channel


def test_an_operator_of_a_channel_rules_it_and_no_other(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    bob.ask(Join("#y"))
    root = operator(place)
    assert root.ask(ChannelOp("#x", ("Alice", "carol"))) == [
        ErrorText("root made Alice operator of channel #x"),
        ErrorText("root made carol operator of channel #x"),
    ]
    alice.read()
    assert alice.ask(ChannelOps("#x")) == [ErrorText("operators of channel #x: Alice carol")]
    assert alice.ask(ChannelLimit("#y", 1)) == DENIED
    alice.ask(ChannelKick("#x", "bob"))
    assert bob.read()[0] == Part("#x")
    # no operator of the server
    assert alice.ask(SetUserLevel("bob", "Leech"), ChannelOp("#x", ("bob",))) == [*DENIED, *DENIED]
    root.ask(ChannelDeop("#x", ("ALICE",)))
    alice.read()
    assert alice.ask(ChannelOps("#x")) == DENIED


def test_an_operator_of_a_channel_does_not_put_out_one_of_the_server(town: MakeTown) -> None:
    place = town()
    (alice,) = members(place, "alice")
    root = operator(place, inside="#x")
    root.ask(ChannelOp("#x", ("alice",)))
    alice.read()
    assert alice.ask(ChannelKick("#x", "root"), ChannelBan("#x", "root")) == [*DENIED, *DENIED]


def test_operators_of_a_channel_are_bounded(town: MakeTown) -> None:
    place = town(max_channel_operators=2)
    root = operator(place, inside="#x")
    assert root.ask(ChannelOp("#x", ("a", "b", "c")))[-1] == ErrorText("channel #x has 2 operators already")


def registered(place: Town) -> bool:
    """Whether #x stays when everybody leaves it."""
    channel = place.server.channels["#x"]
    assert channel.made_by_user == ("REGISTERED" not in channel.modes)
    return not channel.made_by_user


@pytest.mark.parametrize("order", [ChannelOp("#x", ("alice",)), ChannelMode("#x", ("+REGISTERED",))], ids=str)
def test_a_registered_channel_stays(town: MakeTown, order: Message) -> None:
    place = town()
    (alice,) = members(place, "alice")
    root = operator(place)
    root.ask(Topic("#x", topic="ours"), order)
    assert registered(place)
    alice.ask(Part("#x"))
    assert alice.ask(Join("#x"))[-1] == Topic("#x", topic="ours")
    alice.ask(Part("#x"))
    root.ask(ChannelDrop("#x"))
    assert place.server.channels == {}


def test_a_dropped_channel_goes_with_its_last_member(town: MakeTown) -> None:
    place = town()
    (alice,) = members(place, "alice")
    root = operator(place)
    root.ask(ChannelOp("#x", ("alice",)), ChannelMode("#x", ("-REGISTERED",)))
    assert not registered(place)
    assert place.server.channels["#x"].operators == {}
    alice.ask(Part("#x"))
    assert place.server.channels == {}


def test_marks_are_changed_and_told(town: MakeTown) -> None:
    place = town()
    (alice,) = members(place, "alice")
    root = operator(place)
    root.ask(ChannelOp("#x", ("alice",)))
    alice.read()
    assert alice.ask(ChannelMode("#x", ("+topic", "+PRIVATE"))) == [
        ErrorText("alice changed the mode of channel #x: +topic +PRIVATE")
    ]
    assert alice.ask(ChannelMode("#x", ())) == [ChannelMode("#x", ("+PRIVATE", "+TOPIC", "+REGISTERED"))]
    assert alice.ask(ChannelMode("#x", ("-PRIVATE", "-REGISTERED", "TOPIC")))[:2] == [
        *DENIED,
        ErrorText("TOPIC is none of +PRIVATE, +MODERATED, +INVITE, +TOPIC, +REGISTERED, nor the same with -"),
    ]
    assert alice.ask(ChannelMode("#x", ())) == [ChannelMode("#x", ("+TOPIC", "+REGISTERED"))]
    root.ask(ChannelLevel("#x", "Admin"))
    alice.read()
    assert alice.ask(ChannelMode("#x", ("-TOPIC",))) == DENIED


def test_a_line_for_those_who_rule_reaches_them_only(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root = operator(place, inside="#x")
    root.ask(ChannelOp("#x", ("alice",)))
    assert [message for message in bob.read() if not isinstance(message, ChannelJoined)] == []
    alice.read()
    line = ErrorText("root [operators of #x]:  hello")
    assert root.ask(ChannelWallop("#x", " hello")) == [line]
    assert alice.read() == [line]
    assert bob.read() == []
