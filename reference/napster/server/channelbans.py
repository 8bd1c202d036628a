"""Bans of a channel: who may not join it.

Rules of this file:

- A ban of a channel goes with the channel. It puts nobody out who is in.
- What can be banned is what can be banned from the server: a nick or an address (`bans`).
"""

from ....codecs.napster import ChannelBan, ChannelBanEntry, ChannelBans, ChannelBansEnd, ChannelUnban, ClearChannelBans
from .bans import plain
from .channel import BanOfChannel, Channel
from .channelrules import ChannelRules
from .handlers import handles
from .session import Session


class BansOfChannels(ChannelRules):
    """420 to 424."""

    def obstacle(self, session: Session, channel: Channel) -> str | None:
        """Add bans to what keeps a user out."""
        return "you are banned" if self.is_banned_from(session, channel) else super().obstacle(session, channel)

    def is_banned_from(self, session: Session, channel: Channel) -> bool:
        """Return whether a user, by nick or address, is banned from a channel (NAP-CHN-27)."""
        return self.folded(session.nick) in channel.bans or session.ip in channel.bans

    @handles(ChannelBan)
    def on_channel_ban(self, session: Session, message: ChannelBan) -> None:
        """Ban a nick or an address from a channel."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        target = plain(message.target)
        user = self.user(target)
        if user is not None and not self.may_put_out(session, user):
            self.refuse_command(session)
        elif len(channel.bans) >= self.config.max_channel_bans:
            self.error(session, f"channel {channel.name} has {self.config.max_channel_bans} bans already")
        else:
            ban = BanOfChannel(target, session.nick, message.reason or "", self.unix_time())
            channel.bans[self.folded(target)] = ban
            self.tell_rulers(session, channel, f"{session.nick} banned {target} from {channel.name}: {ban.reason}")

    @handles(ChannelUnban)
    def on_channel_unban(self, session: Session, message: ChannelUnban) -> None:
        """Take a ban of a channel back."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        target = plain(message.target)
        if self.lift_channel_ban(channel, target):
            self.tell_rulers(session, channel, f"{session.nick} lifted the ban of {target} from {channel.name}")
        else:
            self.error(session, f"{target} is not banned from channel {channel.name}")

    def lift_channel_ban(self, channel: Channel, target: str) -> bool:
        """Take a ban of a channel back; False when there is none (NAP-CHN-27)."""
        return channel.bans.pop(self.folded(target), None) is not None

    @handles(ClearChannelBans)
    def on_clear_channel_bans(self, session: Session, message: ClearChannelBans) -> None:
        """Take all bans of a channel back."""
        channel = self.ruled_channel(session, message.channel)
        if channel is not None:
            channel.bans.clear()
            self.tell_rulers(session, channel, f"{session.nick} lifted all bans from {channel.name}")

    @handles(ChannelBans)
    def on_channel_bans(self, session: Session, message: ChannelBans) -> None:
        """List the bans of a channel."""
        channel = self.known_channel(session, message.channel)
        if channel is not None:
            self.list_channel_bans(session, channel)

    def list_channel_bans(self, session: Session, channel: Channel) -> None:
        """Send a 421 for each ban of a channel, and the end of the list (NAP-CHN-27)."""
        for ban in channel.bans.values():
            self.say(session, ChannelBanEntry(ban.mask, ban.operator, ban.reason, ban.time, 0))
        self.say(session, ChannelBansEnd(channel=channel.name))
