"""Channels: joining, leaving, and what the members are told of it.

Rules of this file:

- A channel comes into being when somebody joins it, and goes when the last member leaves it, unless it is registered.
- Whether a user may join is asked of `obstacle`, to which other topics add.
- Whoever is hidden from a member does not come or go for that member.
"""

from random import Random

from ....codecs.napster import (
    ChannelJoined,
    ChannelMember,
    ChannelParted,
    Join,
    JoinAck,
    MemberListEnd,
    Part,
    Topic,
)
from .channel import Channel
from .config import ServerConfig
from .handlers import handles
from .session import Session
from .visibility import Visibility


class Channels(Visibility):
    """400, 401, and 405 to 410."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.channels: dict[str, Channel] = {}

    # Which channel

    def channel_name(self, asked: str) -> str:
        """Return the name of the channel that is meant: one without `#` or `&` before it gets a `#`."""
        return asked if asked.startswith(("#", "&")) else f"#{asked}"

    def channel(self, asked: str) -> Channel | None:
        """Return the channel of this name, in any case of its letters."""
        return self.channels.get(self.folded(self.channel_name(asked)))

    def known_channel(self, session: Session, asked: str) -> Channel | None:
        """Return the channel of this name; when there is none, say so to the one who asked for it."""
        channel = self.channel(asked)
        if channel is None:
            self.error(session, f"there is no channel {asked}")
        return channel

    def is_member(self, session: Session, channel: Channel) -> bool:
        """Return whether a user is in a channel."""
        return session in channel.members

    # Joining

    @handles(Join)
    def on_join(self, session: Session, message: Join) -> None:
        """Let a user into a channel, unless there is something against it."""
        channel = self.channel(message.channel) or self.new_channel(self.channel_name(message.channel))
        if self.is_member(session, channel):
            self.refuse_second_join(session, channel)
            return
        obstacle = self.obstacle(session, channel)
        if obstacle is not None:
            self.refuse_join(session, channel, obstacle)
            return
        self.enter_channel(session, channel)
        self.acknowledge_join(session, channel)
        self.list_members(session, channel)
        self.end_members(session, channel)
        self.tell_topic(session, channel)
        self.announce_join(session, channel)

    def new_channel(self, name: str) -> Channel:
        """Return a channel that is in no table yet."""
        return Channel(name=name, topic=f"Welcome to the {name} channel.", limit=self.config.channel_limit)

    def refuse_second_join(self, session: Session, channel: Channel) -> None:
        """Refuse a user who is in the channel already (NAP-CHN-06)."""
        self.error(session, f"you are in channel {channel.name} already")

    def refuse_join(self, session: Session, channel: Channel, obstacle: str) -> None:
        """Say why a user may not join a channel."""
        self.error(session, f"you can't join channel {channel.name}: {obstacle}")

    def obstacle(self, session: Session, channel: Channel) -> str | None:
        """Return what keeps a user out of a channel, or None: here the limits of the server (NAP-LIM-06).

        Topics add to it.
        """
        if len(session.channels) >= self.config.max_joined:
            return f"nobody can be in more than {self.config.max_joined} channels"
        if self.folded(channel.name) not in self.channels:
            if len(self.channels) >= self.config.max_channels:
                return "there are too many channels"
            if not 2 <= len(channel.name) <= self.config.max_channel_name:
                return f"a name has 2 to {self.config.max_channel_name} characters"
        return None

    def enter_channel(self, session: Session, channel: Channel) -> None:
        """Make a user a member."""
        key = self.folded(channel.name)
        self.channels[key] = channel
        session.channels[key] = channel.name
        channel.members[session] = None
        channel.invited.pop(self.folded(session.nick), None)

    def acknowledge_join(self, session: Session, channel: Channel) -> None:
        """Say to a user that it has joined (NAP-CHN-01)."""
        self.say(session, JoinAck(channel.name))

    def list_members(self, session: Session, channel: Channel) -> None:
        """Tell the one who joins who is there: each member, itself included (NAP-CHN-02)."""
        for member in list(channel.members):
            if self.sees(session, member):
                self.say(session, ChannelMember(channel.name, member.nick, member.shared, member.link_type))

    def end_members(self, session: Session, channel: Channel) -> None:
        """End the list of members (NAP-CHN-03)."""
        self.say(session, MemberListEnd(channel.name))

    def tell_topic(self, session: Session, channel: Channel) -> None:
        """Tell the topic to one who joins (NAP-CHN-04)."""
        self.say(session, Topic(channel.name, topic=channel.topic))

    def announce_join(self, session: Session, channel: Channel) -> None:
        """Tell the other members that somebody has joined (NAP-CHN-05)."""
        joined = ChannelJoined(channel.name, session.nick, session.shared, session.link_type)
        self.say_all(self.witnesses(session, channel), joined)

    # Leaving

    @handles(Part)
    def on_part(self, session: Session, message: Part) -> None:
        """Let a user leave a channel."""
        channel = self.known_channel(session, message.channel)
        if channel is None:
            return
        if not self.is_member(session, channel):
            self.refuse_stranger(session, channel)
            return
        self.leave_channel(session, channel)
        self.acknowledge_part(session, channel)
        self.announce_part(session, channel)
        self.forget_empty(channel)

    def refuse_stranger(self, session: Session, channel: Channel) -> None:
        """Refuse what only a member of the channel may do."""
        self.error(session, f"you are not in channel {channel.name}")

    def leave_channel(self, session: Session, channel: Channel) -> None:
        """Make a user a member no more: nothing of the channel is sent there from now on (NAP-CHN-10)."""
        channel.members.pop(session, None)
        channel.voiced.discard(session)
        session.channels.pop(self.folded(channel.name), None)

    def acknowledge_part(self, session: Session, channel: Channel) -> None:
        """Say to a user that it has left (NAP-CHN-07)."""
        self.say(session, Part(channel.name))

    def announce_part(self, session: Session, channel: Channel) -> None:
        """Tell the other members that somebody has left (NAP-CHN-08)."""
        self.tell_parted(session, channel)

    def left(self, session: Session) -> None:
        """Take a user whose session has ended out of all channels."""
        for name in list(session.channels):
            channel = self.channels[name]
            self.leave_channel(session, channel)
            self.announce_end(session, channel)
            self.forget_empty(channel)
        super().left(session)

    def announce_end(self, session: Session, channel: Channel) -> None:
        """Tell the other members of a channel that a user's session has ended (NAP-CHN-09)."""
        self.tell_parted(session, channel)

    def tell_parted(self, session: Session, channel: Channel) -> None:
        """Send the 407 of one who is no longer a member."""
        parted = ChannelParted(channel.name, session.nick, session.shared, session.link_type)
        self.say_all(self.witnesses(session, channel), parted)

    def witnesses(self, session: Session, channel: Channel) -> list[Session]:
        """Return the members, other than a user, to whom that user is visible."""
        return [member for member in channel.members if member is not session and self.sees(member, session)]

    def forget_empty(self, channel: Channel) -> None:
        """Remove a channel that a user made when nobody is in it any more (NAP-CHN-22)."""
        if not channel.members and channel.made_by_user:
            self.channels.pop(self.folded(channel.name), None)
