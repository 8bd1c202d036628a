"""Channels gone wrong."""

from __future__ import annotations

from ....codecs.napster import (
    ChannelJoined,
    EmoteNotice,
    JoinAck,
    MemberListEnd,
    Part,
    PublicMessage,
    PublicNotice,
)
from ....reference.napster import Server
from ....reference.napster.server.channel import Channel
from ....reference.napster.server.session import Session
from ...mutants import mutant

# --- joining


@mutant(breaks="NAP-CHN-01")
class LetsInWithoutAWord(Server):
    """Lets a user into a channel and does not say so."""

    def acknowledge_join(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-01")
class DropsTheHash(Server):
    """Acknowledges joining without the `#` of the channel."""

    def acknowledge_join(self, session: Session, channel: Channel) -> None:
        self.say(session, JoinAck(channel.name[1:]))


@mutant(breaks="NAP-CHN-02")
class ListsNoMembers(Server):
    """Does not tell one who joins who is there."""

    def list_members(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-02")
class ListsMembersFirst(Server):
    """Tells one who joins who is there, and then that it has joined."""

    def acknowledge_join(self, session: Session, channel: Channel) -> None:
        self.list_members(session, channel)
        super().acknowledge_join(session, channel)


@mutant(breaks="NAP-CHN-03")
class NeverEndsTheMembers(Server):
    """Does not end the list of members for one who joins."""

    def end_members(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-03")
class EndsTheMembersTwice(Server):
    """Ends the list of members for one who joins before and after its topic."""

    def tell_topic(self, session: Session, channel: Channel) -> None:
        super().tell_topic(session, channel)
        self.say(session, MemberListEnd(channel.name))


@mutant(breaks="NAP-CHN-04")
class KeepsTheTopic(Server):
    """Does not tell one who joins the topic."""

    def tell_topic(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-05")
class AnnouncesNobody(Server):
    """Does not tell members that somebody has joined."""

    def announce_join(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-05")
class AnnouncesNoFiles(Server):
    """Tells members that somebody has joined who shares no files, whatever it shares."""

    def announce_join(self, session: Session, channel: Channel) -> None:
        self.say_all(self.witnesses(session, channel), ChannelJoined(channel.name, session.nick, 0, session.link_type))


@mutant(breaks="NAP-CHN-05")
class AnnouncesTwice(Server):
    """Tells members twice that somebody has joined."""

    def announce_join(self, session: Session, channel: Channel) -> None:
        super().announce_join(session, channel)
        super().announce_join(session, channel)


@mutant(breaks="NAP-CHN-06")
class LetsInTwice(Server):
    """Lets a member into the channel once more."""

    def refuse_second_join(self, session: Session, channel: Channel) -> None:
        self.acknowledge_join(session, channel)
        self.announce_join(session, channel)


# --- leaving


@mutant(breaks="NAP-CHN-07")
class LetsOutWithoutAWord(Server):
    """Lets a user leave a channel and does not say so."""

    def acknowledge_part(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-08")
class HidesWhoLeaves(Server):
    """Does not tell members that somebody has left."""

    def announce_part(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-08")
class TellsTwiceWhoLeaves(Server):
    """Tells members twice that somebody has left."""

    def announce_part(self, session: Session, channel: Channel) -> None:
        super().announce_part(session, channel)
        super().announce_part(session, channel)


@mutant(breaks="NAP-CHN-09")
class HidesWhoseSessionEnds(Server):
    """Does not tell the members of a channel that a user's session has ended."""

    def announce_end(self, session: Session, channel: Channel) -> None:
        return


@mutant(breaks="NAP-CHN-10")
class KeepsThoseWhoLeave(Server):
    """Tells everybody that a user has left, and goes on sending it what happens in the channel."""

    def on_part(self, session: Session, message: Part) -> None:
        channel = self.known_channel(session, message.channel)
        if channel is not None:
            self.acknowledge_part(session, channel)
            self.announce_part(session, channel)


# --- talking


@mutant(breaks="NAP-CHN-11")
class SaysLinesTwice(Server):
    """Sends a public message twice to the others."""

    def echo_public(self, session: Session, notice: PublicNotice) -> None:
        super().echo_public(session, notice)
        self.say_all(
            [other for other in self.channels[self.folded(notice.channel)].members if other is not session], notice
        )


# one who has left a channel is outside like others
@mutant(breaks="NAP-CHN-11", also=("NAP-CHN-10",))
class SaysLinesToEverybody(Server):
    """Sends a public message also to those who are not in the channel."""

    def echo_public(self, session: Session, notice: PublicNotice) -> None:
        super().echo_public(session, notice)
        self.say_all([user for user in self.sessions() if self.folded(notice.channel) not in user.channels], notice)


@mutant(breaks="NAP-CHN-11")
class SaysLinesToNobody(Server):
    """Sends a public message only to the one who said it."""

    def on_public_message(self, session: Session, message: PublicMessage) -> None:
        channel = self.audible_channel(session, message.channel)
        if channel is not None:
            self.echo_public(session, PublicNotice(channel.name, session.nick, self.public_text(message)))


@mutant(breaks="NAP-CHN-12")
class DoesNotEcho(Server):
    """Does not send a public message to the one who said it."""

    def echo_public(self, session: Session, notice: PublicNotice) -> None:
        return


@mutant(breaks="NAP-CHN-13")
class HearsOutsiders(Server):
    """Passes on public messages of users who are not in the channel."""

    def may_be_heard(self, session: Session, channel: Channel) -> bool:
        return True


@mutant(breaks="NAP-CHN-14")
class SquashesLines(Server):
    """Makes one blank of several in a public message."""

    def public_text(self, message: PublicMessage) -> str:
        return " ".join(message.text.split())


@mutant(breaks="NAP-CHN-14")
class CropsLines(Server):
    """Crops public messages at 80 bytes."""

    def public_text(self, message: PublicMessage) -> str:
        return message.text[:80]


@mutant(breaks="NAP-CHN-15")
class HidesEmotes(Server):
    """Sends an emote only to the one whose it is."""

    def pass_emote(self, session: Session, channel: Channel, notice: EmoteNotice) -> None:
        self.say(session, notice)


@mutant(breaks="NAP-CHN-15")
class SaysEmotes(Server):
    """Sends an emote as a public message."""

    def pass_emote(self, session: Session, channel: Channel, notice: EmoteNotice) -> None:
        self.say_all(list(channel.members), PublicNotice(notice.channel, notice.nick, notice.text))


@mutant(breaks="NAP-CHN-16")
class PassesForgeries(Server):
    """Passes a 403 of a user on as it is."""

    def on_public_notice(self, session: Session, message: PublicNotice) -> None:
        channel = self.audible_channel(session, message.channel)
        if channel is not None:
            self.say_all(self.hearers(session, channel), message)
