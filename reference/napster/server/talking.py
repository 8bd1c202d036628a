"""Talking in a channel: what one member says goes to all.

Rules of this file:

- Only members are heard, and only members hear.
- What keeps a member from speaking is asked of `silence`.
- The text is passed on byte by byte.
"""

from ....codecs.napster import Emote, EmoteNotice, PublicMessage, PublicNotice
from .channel import Channel
from .channelrules import ChannelRules
from .handlers import handles
from .session import Session

TALK_COST = 20
"""What a message to a whole channel costs of a turn (`ServerConfig.turn`)."""


class Talking(ChannelRules):
    """402, 403 and 824."""

    @handles(PublicMessage, cost=TALK_COST)
    def on_public_message(self, session: Session, message: PublicMessage) -> None:
        """Pass on what a member says."""
        channel = self.audible_channel(session, message.channel)
        if channel is not None:
            notice = PublicNotice(channel.name, session.nick, self.public_text(message))
            self.say_all(self.hearers(session, channel), notice)
            self.echo_public(session, notice)

    def public_text(self, message: PublicMessage) -> str:
        """Return the text that is passed on: the one that came (NAP-CHN-14)."""
        return message.text

    def hearers(self, session: Session, channel: Channel) -> list[Session]:
        """Return to whom a public message goes, besides its sender: the other members and nobody else (NAP-CHN-11)."""
        return [member for member in channel.members if member is not session]

    def echo_public(self, session: Session, notice: PublicNotice) -> None:
        """Send a public message to the one who said it as well (NAP-CHN-12)."""
        self.say(session, notice)

    @handles(Emote, cost=TALK_COST)
    def on_emote(self, session: Session, message: Emote) -> None:
        """Pass on what a member is said to do."""
        channel = self.audible_channel(session, message.channel)
        if channel is not None:
            self.pass_emote(session, channel, EmoteNotice(channel.name, session.nick, message.text))

    def pass_emote(self, session: Session, channel: Channel, notice: EmoteNotice) -> None:
        """Send an emote to all other members, and to the one whose it is (NAP-CHN-15)."""
        self.say_all(self.hearers(session, channel), notice)
        self.say(session, notice)

    @handles(PublicNotice)
    def on_public_notice(self, session: Session, message: PublicNotice) -> None:
        """Refuse a 403: it is the server's, and nobody may put words into another's mouth (NAP-CHN-16)."""
        self.error(session, "403 is for servers")

    # Who may speak

    def audible_channel(self, session: Session, asked: str) -> Channel | None:
        """Return the channel in which a user may speak; when it may not, say why."""
        channel = self.known_channel(session, asked)
        if channel is None:
            return None
        silence = self.silence(session, channel)
        if silence is None:
            return channel
        self.error(session, f"nobody in channel {channel.name} has heard you: {silence}")
        return None

    def silence(self, session: Session, channel: Channel) -> str | None:
        """Return what keeps a user from speaking in a channel, or None."""
        if not self.may_be_heard(session, channel):
            return "you are not in it"
        if self.is_muzzled(session):
            return "you are muzzled"
        if self.is_muzzled_in(session, channel):
            return "you are muzzled there"
        if not self.has_voice(session, channel):
            return "it is moderated"
        return None

    def may_be_heard(self, session: Session, channel: Channel) -> bool:
        """Return whether a user's words go to a channel at all: those of a member do (NAP-CHN-13)."""
        return self.is_member(session, channel)

    def is_muzzled(self, session: Session) -> bool:
        """Return whether an operator has taken the right of public speech from a user (NAP-OPR-10)."""
        return session.muzzled

    def is_muzzled_in(self, session: Session, channel: Channel) -> bool:
        """Return whether a user may not speak in this channel (10213)."""
        return self.folded(session.nick) in channel.muzzled and not self.rules(session, channel)

    def has_voice(self, session: Session, channel: Channel) -> bool:
        """Return whether a user may speak here, should the channel be moderated (10209, 10211)."""
        return "MODERATED" not in channel.modes or session in channel.voiced or self.rules(session, channel)
