"""The rule of a channel: who has it, of which level and how many the members are, and who is put out.

Rules of this file:

- A channel is ruled by its own operators, and by every operator of the server, in the channel or not.
- A limit and a level are for those who join from then on; nobody is put out because of them.
"""

from ....codecs.napster import (
    ChannelKick,
    ChannelLevel,
    ChannelLimit,
    ClearChannel,
    OldChannelKick,
    OldChannelLevel,
    Part,
)
from .channel import Channel
from .channels import Channels
from .handlers import handles
from .operators import Operators
from .session import Session, rank


class ChannelRules(Channels, Operators):
    """820, 823, 826, 829, and the forms that 823 and 829 had before (10201, 10202)."""

    def rules(self, session: Session, channel: Channel) -> bool:
        """Return whether a user has the rule of a channel."""
        return self.is_entitled(session, "Moderator") or self.folded(session.nick) in channel.operators

    def ruled_channel(self, session: Session, asked: str) -> Channel | None:
        """Return the channel of this name if a user rules it; when that is not so, say so."""
        channel = self.known_channel(session, asked)
        if channel is None or self.rules(session, channel):
            return channel
        self.refuse_command(session)
        return None

    def tell_rulers(self, session: Session, channel: Channel, text: str) -> None:
        """Tell those who rule a channel what was done there: the one who did it, and those who are in it."""
        rulers = [member for member in channel.members if member is not session and self.rules(member, channel)]
        for ruler in [session, *rulers]:
            self.error(ruler, text)

    def tell_concerned(self, session: Session, channel: Channel, user: Session, text: str) -> None:
        """Tell what was done to a user in a channel: the user, and those who rule the channel."""
        if user is not session and not (self.is_member(user, channel) and self.rules(user, channel)):
            self.error(user, text)
        self.tell_rulers(session, channel, text)

    # Level and limit

    @handles(ChannelLevel)
    def on_channel_level(self, session: Session, message: ChannelLevel) -> None:
        """Set the level of a channel, which is no higher than that of the one who sets it."""
        self.set_channel_level(session, message.channel, message.level)

    @handles(OldChannelLevel)
    def on_old_channel_level(self, session: Session, message: OldChannelLevel) -> None:
        """Set the level of a channel, or tell it."""
        if message.level is not None:
            self.set_channel_level(session, message.channel, message.level)
            return
        channel = self.known_channel(session, message.channel)
        if channel is not None:
            self.error(session, f"channel {channel.name} has level {channel.level}")

    def set_channel_level(self, session: Session, asked: str, level: str) -> None:
        """Set the level of a channel that a user rules."""
        channel = self.ruled_channel(session, asked)
        if channel is None:
            return
        if rank(session.level) < max(rank(level), rank(channel.level)):
            self.refuse_command(session)
            return
        channel.level = level
        self.tell_rulers(session, channel, f"{session.nick} set channel {channel.name} to level {level}")

    @handles(ChannelLimit)
    def on_channel_limit(self, session: Session, message: ChannelLimit) -> None:
        """Set how many users a channel may hold; 0 is any number."""
        channel = self.ruled_channel(session, message.channel)
        if channel is not None:
            channel.limit = message.limit
            self.tell_rulers(session, channel, f"{session.nick} set channel {channel.name} to limit {message.limit}")

    def obstacle(self, session: Session, channel: Channel) -> str | None:
        """Add level and limit to what keeps a user out."""
        if self.is_below(session, channel):
            return f"it is for level {channel.level} and above"
        if self.is_full(channel):
            return "it is full"
        return super().obstacle(session, channel)

    def is_below(self, session: Session, channel: Channel) -> bool:
        """Return whether the level of a channel keeps a user out (NAP-CHN-25)."""
        return rank(session.level) < rank(channel.level)

    def is_full(self, channel: Channel) -> bool:
        """Return whether a channel has as many members as its limit says (NAP-CHN-24)."""
        return 0 < channel.limit <= len(channel.members)

    # Putting users out

    @handles(ChannelKick)
    def on_kick(self, session: Session, message: ChannelKick) -> None:
        """Put a user out of a channel."""
        self.kick(session, message.channel, message.nick, message.reason)

    @handles(OldChannelKick)
    def on_old_kick(self, session: Session, message: OldChannelKick) -> None:
        """Put a user out of a channel."""
        self.kick(session, message.channel, message.nick, message.reason)

    def kick(self, session: Session, asked: str, nick: str, reason: str | None) -> None:
        """Put a user out, if the one who orders it rules the channel and may act against the user."""
        channel = self.ruled_channel(session, asked)
        if channel is None:
            return
        user = self.known_user(session, nick)
        if user is None:
            return
        if not self.is_member(user, channel):
            self.error(session, f"{user.nick} is not in channel {channel.name}")
        elif not self.may_put_out(session, user):
            self.refuse_command(session)
        else:
            told = f"{session.nick} kicked {user.nick} out of channel {channel.name}: {reason or ''}"
            self.leave_channel(user, channel)
            self.announce_kick(user, channel)
            self.tell_concerned(session, channel, user, told)
            self.forget_empty(channel)

    def may_put_out(self, session: Session, user: Session) -> bool:
        """Return whether one user may put another out of a channel that it rules (NAP-OPR-03).

        Those below operators are equals here, so that operators of one channel can put out ordinary users.
        """
        return session is user or self.outranks(session, user.level) or not self.is_entitled(user, "Moderator")

    def announce_kick(self, user: Session, channel: Channel) -> None:
        """Tell a user that it is out, and the others that it has left (NAP-CHN-26)."""
        self.say(user, Part(channel.name))
        self.tell_parted(user, channel)

    @handles(ClearChannel)
    def on_clear_channel(self, session: Session, message: ClearChannel) -> None:
        """Put everybody out of a channel whom the one who orders it may act against."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        for member in list(channel.members):
            if self.is_member(member, channel) and self.may_put_out(session, member):
                self.clear_out(member, channel)
        self.tell_rulers(session, channel, f"{session.nick} cleared channel {channel.name}")
        self.forget_empty(channel)

    def clear_out(self, member: Session, channel: Channel) -> None:
        """Make a member leave a channel that is cleared (NAP-OPR-19)."""
        self.leave_channel(member, channel)
        self.say(member, Part(channel.name))
        self.tell_parted(member, channel)
