"""Rules of channels, as an operator sets them: limits, levels, kicks and bans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...codecs.napster import (
    ChannelBan,
    ChannelBanEntry,
    ChannelBans,
    ChannelBansEnd,
    ChannelKick,
    ChannelLevel,
    ChannelLimit,
    ChannelParted,
    ChannelUnban,
    ErrorText,
    Join,
    JoinAck,
    Part,
)
from ..checks import checks
from .channels import join, new_channel

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User


def _ruled(bench: Bench) -> tuple[User, str]:
    """An operator, in a channel of its own."""
    root, channel = bench.operator(), new_channel(bench)
    join(channel, root)
    return root, channel


@checks("NAP-CHN-24")
def test_a_full_channel_takes_nobody(bench: Bench) -> None:
    root, channel = _ruled(bench)
    alice = bench.user()
    root.send(ChannelLimit(channel, 1))
    root.sync()
    alice.send(Join(channel))
    said = alice.expect(ErrorText, JoinAck)
    assert not (isinstance(said, JoinAck) and said.channel == channel), "a second user in a channel for one"
    root.send(ChannelLimit(channel, 9))
    root.sync()
    join(channel, alice)


@checks("NAP-CHN-25")
def test_a_channel_takes_nobody_below_its_level(bench: Bench) -> None:
    root, channel = _ruled(bench)
    alice = bench.user()
    root.send(ChannelLevel(channel, "Moderator"))
    root.sync()
    alice.send(Join(channel))
    alice.expect(ErrorText)
    alice.expect_none(JoinAck)


@checks("NAP-CHN-26")
def test_a_user_who_is_kicked_leaves_the_channel(bench: Bench) -> None:
    root, channel = _ruled(bench)
    alice, bob = bench.users(2)
    join(channel, alice, bob)
    root.send(ChannelKick(channel, alice.nick, reason="enough"))
    assert alice.expect(Part).channel == channel
    told = bob.expect(ChannelParted)
    assert (told.channel, told.nick) == (channel, alice.nick)


@checks("NAP-CHN-27")
def test_a_user_who_is_banned_from_a_channel_stays_outside(bench: Bench) -> None:
    root, channel = _ruled(bench)
    alice = bench.user()
    root.send(ChannelBan(channel, alice.nick, reason="enough"))
    root.sync()
    alice.send(Join(channel))
    alice.expect(ErrorText)
    alice.expect_none(JoinAck)
    root.send(ChannelBans(channel))
    masks = [each.mask for each in root.answers(ChannelBanEntry, until=ChannelBansEnd)]
    assert any(alice.nick in mask for mask in masks), f"the bans {masks} do not name the user"
    root.send(ChannelUnban(channel, alice.nick))
    root.sync()
    alice.send(Join(channel))
    assert alice.expect(JoinAck).channel == channel
