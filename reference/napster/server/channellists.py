"""Lists: which channels there are, and who is in one."""

from ....codecs.napster import (
    ChannelEntry,
    ChannelList,
    ChannelMembers,
    ChannelMembersEnd,
    FullChannelEntry,
    FullChannelList,
    MemberEntry,
)
from .channel import Channel
from .handlers import handles
from .session import Session, rank
from .topics import Topics, quotable

LIST_COST = 200
"""What a list of all channels costs of a turn (`ServerConfig.turn`)."""


class ChannelLists(Topics):
    """617, 618, 825, 827, 828 and 830."""

    @handles(ChannelList, cost=LIST_COST)
    def on_channel_list(self, session: Session, message: ChannelList) -> None:
        """List the public channels, and end the list (NAP-CHN-19)."""
        for channel in list(self.channels.values()):
            if "PRIVATE" not in channel.modes:
                self.say(session, ChannelEntry(channel.name, len(channel.members), channel.topic))
        self.say(session, ChannelList())

    @handles(FullChannelList, cost=LIST_COST)
    def on_full_channel_list(self, session: Session, message: FullChannelList) -> None:
        """List all channels with what is laid down for them, and end the list (NAP-CHN-20).

        Those that are not public are listed only for those who rule them.
        """
        for channel in list(self.channels.values()):
            if "PRIVATE" not in channel.modes or self.rules(session, channel):
                self.say(session, self.full_entry(channel))
        self.say(session, FullChannelList())

    def full_entry(self, channel: Channel) -> FullChannelEntry:
        """Return the line of a channel in the full list: level as a number, and -1 for no limit."""
        return FullChannelEntry(
            channel.name,
            len(channel.members),
            int(channel.made_by_user),
            str(rank(channel.level)),
            str(channel.limit or -1),
            quotable(channel.topic),
        )

    @handles(ChannelMembers)
    def on_channel_members(self, session: Session, message: ChannelMembers) -> None:
        """List the members of a channel for one of them, or for one who rules it."""
        channel = self.known_channel(session, message.channel)
        if channel is None:
            return
        if self.is_member(session, channel) or self.rules(session, channel):
            self.list_everybody(session, channel)
        else:
            self.refuse_stranger(session, channel)

    def list_everybody(self, session: Session, channel: Channel) -> None:
        """Send an 825 for each member of a channel, the one who asks included, and the end (NAP-CHN-21)."""
        for member in list(channel.members):
            if self.sees(session, member):
                self.say(session, MemberEntry(channel.name, member.nick, member.shared, member.link_type))
        self.say(session, ChannelMembersEnd())
