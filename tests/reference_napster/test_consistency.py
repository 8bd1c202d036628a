"""After any life that users and operators lead, what the server keeps about them fits together."""

import random
from collections.abc import Callable

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    Ban,
    BanDetails,
    ChannelBan,
    ChannelDrop,
    ChannelKick,
    ChannelLevel,
    ChannelLimit,
    ChannelMode,
    ChannelMuzzle,
    ChannelOp,
    ChannelUnban,
    ChannelUnvoice,
    ChannelVoice,
    ClearChannel,
    Cloak,
    Emote,
    HotlistAdd,
    HotlistRemove,
    IgnoreUser,
    Invite,
    Join,
    Kill,
    Login,
    MassKill,
    Muzzle,
    Nuke,
    Part,
    PublicMessage,
    RegisterUser,
    SetUserLevel,
    Topic,
    Unban,
    Unmuzzle,
    UserMode,
    WhoisRequest,
)
from peerspec.reference.napster import Server

from .conftest import MakeTown, Town, User

NICKS = ("alice", "BOB", "carol", "dave")
"""Those to whom things happen. The operator acts, and nobody can act against it."""
MODES = ("+INVITE", "-INVITE", "+REGISTERED", "-REGISTERED", "+MODERATED", "-MODERATED", "+TOPIC", "+PRIVATE")


class Fate:
    """What happens next, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def nick(self) -> str:
        return self.random.choice(NICKS)

    def channel(self) -> str:
        return self.random.choice(("#x", "#Y", "&z", "x"))

    def level(self) -> str:
        return self.random.choice(("Leech", "User", "Moderator", "Admin", "Elite"))

    def number(self) -> int:
        return self.random.randrange(5)

    def message(self) -> Message:
        """A message of this file's kinds; joining comes more often than the rest."""
        return self.random.choice(DEEDS + DEEDS[:1] * 10)(self)


DEEDS: tuple[Callable[[Fate], Message], ...] = (
    lambda fate: Join(fate.channel()),
    lambda fate: Part(fate.channel()),
    lambda fate: PublicMessage(fate.channel(), "hi"),
    lambda fate: Emote(fate.channel(), "waves"),
    lambda fate: Topic(fate.channel(), topic='"x"'),
    lambda fate: Invite(fate.nick(), fate.channel()),
    lambda fate: HotlistAdd(fate.nick()),
    lambda fate: HotlistRemove(fate.nick()),
    lambda fate: IgnoreUser(fate.nick()),
    lambda fate: WhoisRequest(fate.nick()),
    lambda fate: ChannelKick(fate.channel(), fate.nick()),
    lambda fate: ChannelBan(fate.channel(), fate.nick()),
    lambda fate: ChannelUnban(fate.channel(), fate.nick()),
    lambda fate: ChannelLevel(fate.channel(), fate.level()),
    lambda fate: ChannelLimit(fate.channel(), fate.number()),
    lambda fate: ChannelMode(fate.channel(), (fate.random.choice(MODES),)),
    lambda fate: ChannelMuzzle(fate.channel(), fate.nick()),
    lambda fate: ChannelOp(fate.channel(), (fate.nick(),)),
    lambda fate: ChannelVoice(fate.channel(), (fate.nick(),)),
    lambda fate: ChannelUnvoice(fate.channel(), (fate.nick(),)),
    lambda fate: ChannelDrop(fate.channel()),
    lambda fate: ClearChannel(fate.channel()),
    lambda fate: Ban(fate.nick(), details=BanDetails("", seconds=fate.number())),
    lambda fate: Unban(fate.nick()),
    lambda fate: Kill(fate.nick()),
    lambda fate: MassKill(f"10.9.0.{fate.number()}"),
    lambda fate: Muzzle(fate.nick()),
    lambda fate: Unmuzzle(fate.nick()),
    lambda fate: Nuke(fate.nick()),
    lambda fate: RegisterUser(fate.nick(), "pw", "a@b.c", level=fate.level()),
    lambda fate: SetUserLevel(fate.nick(), fate.level()),
    lambda fate: Cloak(),
    lambda fate: UserMode(("ALL",)),
)


def assert_consistent(server: Server) -> None:
    """Both sides of each table agree, and nobody is in one who is not there."""
    there = set(server.users.values())
    for key, channel in server.channels.items():
        assert key == server.folded(channel.name)
        assert channel.members or not channel.made_by_user
        assert channel.made_by_user == ("REGISTERED" not in channel.modes)
        assert set(channel.members) <= there
        assert channel.voiced <= set(channel.members)
        assert all(member.channels[key] == channel.name for member in channel.members)
    for user in there:
        assert all(user in server.channels[key].members for key in user.channels)
        assert all(user in server.watchers[key] for key in user.hotlist)
        assert user.has_level("Moderator") or not user.cloaked
        assert user.muzzled == (server.folded(user.nick) in server.muzzled_nicks)
    for key, watchers in server.watchers.items():
        assert watchers
        assert all(watcher in there and key in watcher.hotlist for watcher in watchers)
    assert set(server.notices) <= there


def live(place: Town, fate: Fate, deeds: int) -> None:
    """Let four users and the operator do what comes to their minds; who is thrown out comes back."""
    users: dict[str, User] = {}
    for _ in range(deeds):
        name = fate.random.choice((*NICKS, "root", "root"))
        if name not in users or not users[name].is_open():
            users[name] = place.raw()
            users[name].send(Login(name, "secret" if name == "root" else "pw", 6699, "test v1", 9))
        users[name].send(fate.message())
        if fate.random.random() < 0.01:
            users.pop(name).stream.abort()
        place.wait(0.1)
        assert_consistent(place.server)


@pytest.mark.parametrize("seed", range(4))
def test_tables_stay_consistent(town: MakeTown, seed: int) -> None:
    place = town()
    live(place, Fate(seed), 1_000)
    # the life was not an empty one
    assert sum(place.server.taken.values()) >= 1_000
    assert place.server.sent[405] >= 50
    assert place.server.sent[401] >= 20
