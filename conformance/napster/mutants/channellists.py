"""Topics and lists of channels gone wrong."""

from __future__ import annotations

from ....codecs.napster import (
    ChannelEntry,
    ChannelList,
    ChannelMembersEnd,
    FullChannelEntry,
    FullChannelList,
    MemberEntry,
    Topic,
)
from ....reference.napster import Server
from ....reference.napster.server.channel import Channel
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-CHN-17")
class TellsTheTopicToItsAuthor(Server):
    """Tells a new topic to nobody but the one who set it."""

    def announce_topic(self, session: Session, channel: Channel) -> None:
        self.say(session, Topic(channel.name, topic=channel.topic))


@mutant(breaks="NAP-CHN-17")
class TellsTheOldTopic(Server):
    """Tells a new topic to the members, and the first one to those who join."""

    def tell_topic(self, session: Session, channel: Channel) -> None:
        self.say(session, Topic(channel.name, topic=self.new_channel(channel.name).topic))


@mutant(breaks="NAP-CHN-18")
class AnswersNoTopic(Server):
    """Does not tell the topic to a member who asks."""

    def answer_topic(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-19")
class CountsThoseWhoAsk(Server):
    """Counts one more in the list of channels, for the one who asks."""

    def on_channel_list(self, session: Session, message: ChannelList) -> None:
        for channel in self.channels.values():
            self.say(session, ChannelEntry(channel.name, len(channel.members) + 1, channel.topic))
        self.say(session, ChannelList())


@mutant(breaks="NAP-CHN-19")
class ListsOwnChannelsOnly(Server):
    """Lists the channels that the one who asks is in."""

    def on_channel_list(self, session: Session, message: ChannelList) -> None:
        for key in session.channels:
            channel = self.channels[key]
            self.say(session, ChannelEntry(channel.name, len(channel.members), channel.topic))
        self.say(session, ChannelList())


@mutant(breaks="NAP-CHN-19")
class NeverEndsTheChannels(Server):
    """Does not end the list of channels."""

    def on_channel_list(self, session: Session, message: ChannelList) -> None:
        for channel in self.channels.values():
            self.say(session, ChannelEntry(channel.name, len(channel.members), channel.topic))


@mutant(breaks="NAP-CHN-20")
class ListsTheLimitAsTheMembers(Server):
    """Gives the limit of a channel as the number of its members in the full list."""

    def full_entry(self, channel: Channel) -> FullChannelEntry:
        return super().full_entry(channel).replace(users=channel.limit)


@mutant(breaks="NAP-CHN-20")
class NeverEndsTheFullList(Server):
    """Does not end the full list of channels."""

    def on_full_channel_list(self, session: Session, message: FullChannelList) -> None:
        for channel in self.channels.values():
            self.say(session, self.full_entry(channel))


@mutant(breaks="NAP-CHN-21")
class LeavesOutTheAsker(Server):
    """Leaves the one who asks out of the list of members."""

    def list_everybody(self, session: Session, channel: Channel) -> None:
        for member in channel.members:
            if member is not session:
                self.say(session, MemberEntry(channel.name, member.nick, member.shared, member.link_type))
        self.say(session, ChannelMembersEnd())


@mutant(breaks="NAP-CHN-21")
class EndsTheMembersWithAName(Server):
    """Ends the list of members with the name of the channel."""

    def list_everybody(self, session: Session, channel: Channel) -> None:
        for member in channel.members:
            self.say(session, MemberEntry(channel.name, member.nick, member.shared, member.link_type))
        self.say(session, ChannelMembersEnd(channel=channel.name))
