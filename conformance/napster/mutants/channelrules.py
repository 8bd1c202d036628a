"""Rules of channels gone wrong."""

from __future__ import annotations

from ....codecs.napster import ChannelBansEnd, Part
from ....reference.napster import Server
from ....reference.napster.server.channel import Channel
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-CHN-24")
class KnowsNoLimit(Server):
    """Lets any number of users into a channel, whatever its limit."""

    def is_full(self, channel: Channel) -> bool:
        return False


@mutant(breaks="NAP-CHN-24")
class CountsOneMember(Server):
    """Lets one user more into a channel than its limit says."""

    def is_full(self, channel: Channel) -> bool:
        return 0 < channel.limit < len(channel.members)


@mutant(breaks="NAP-CHN-25")
class KnowsNoLevel(Server):
    """Lets users into channels whose level is above theirs."""

    def is_below(self, session: Session, channel: Channel) -> bool:
        return False


@mutant(breaks="NAP-CHN-26")
class KicksBehindTheBack(Server):
    """Puts a user out of a channel and tells the others only."""

    def announce_kick(self, user: Session, channel: Channel) -> None:
        self.tell_parted(user, channel)


@mutant(breaks="NAP-CHN-26")
class KicksInSecret(Server):
    """Puts a user out of a channel and does not tell the others."""

    def announce_kick(self, user: Session, channel: Channel) -> None:
        self.say(user, Part(channel.name))


@mutant(breaks="NAP-CHN-27")
class LetsTheBannedIn(Server):
    """Lets users into a channel from which they are banned."""

    def is_banned_from(self, session: Session, channel: Channel) -> bool:
        return False


@mutant(breaks="NAP-CHN-27")
class KeepsBansOfChannels(Server):
    """Says that the ban of a channel is lifted, and keeps it."""

    def lift_channel_ban(self, channel: Channel, target: str) -> bool:
        return True


@mutant(breaks="NAP-CHN-27")
class ListsNoBansOfChannels(Server):
    """Lists no ban of a channel."""

    def list_channel_bans(self, session: Session, channel: Channel) -> None:
        self.say(session, ChannelBansEnd(channel=channel.name))
