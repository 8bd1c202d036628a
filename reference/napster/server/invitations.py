"""Invitations to a channel: Napster's (430 to 432) and OpenNap's (10210).

Rules of this file:

- Only members, and those who rule the channel, invite. Either kind of invitation lets a user into a channel that is for
  those who are invited.
- Whom a user ignores can't invite it.
- That an invitation is accepted or declined is told to the one who invited, once.
"""

from ....codecs.napster import AcceptInvitation, ChannelInvite, DeclineInvitation, Invitation, Invite
from .channel import Channel
from .handlers import handles
from .ignoring import Ignoring
from .session import Session
from .topics import Topics, quotable


class Invitations(Topics, Ignoring):
    """430 to 432 and 10210."""

    def obstacle(self, session: Session, channel: Channel) -> str | None:
        """Add the mark INVITE to what keeps a user out."""
        if self.is_uninvited(session, channel):
            return "it is for those who are invited"
        return super().obstacle(session, channel)

    def is_uninvited(self, session: Session, channel: Channel) -> bool:
        """Return whether a channel is for those who are invited, and a user is not (10209)."""
        invited = self.folded(session.nick) in channel.invited
        return "INVITE" in channel.modes and not invited and not self.rules(session, channel)

    @handles(Invite)
    def on_invite(self, session: Session, message: Invite) -> None:
        """Invite a user as Napster's program does."""
        channel = self.channel_to_invite_to(session, message.channel)
        guest = self.guest(session, channel, message.nick) if channel is not None else None
        if channel is not None and guest is not None:
            self.note_invitation(session, channel, guest)
            self.pass_invitation(session, channel, guest)

    @handles(ChannelInvite)
    def on_channel_invite(self, session: Session, message: ChannelInvite) -> None:
        """Invite a user as OpenNap does."""
        channel = self.channel_to_invite_to(session, message.channel)
        guest = self.guest(session, channel, message.nick) if channel is not None else None
        if channel is not None and guest is not None:
            self.note_invitation(session, channel, guest)
            self.say(guest, ChannelInvite(channel.name, session.nick))

    def channel_to_invite_to(self, session: Session, asked: str) -> Channel | None:
        """Return the channel if a user may invite others to it; when that is not so, say so."""
        channel = self.known_channel(session, asked)
        if channel is None or self.is_member(session, channel) or self.rules(session, channel):
            return channel
        self.refuse_stranger(session, channel)
        return None

    def guest(self, session: Session, channel: Channel, nick: str) -> Session | None:
        """Return the user to invite; when there is nobody to invite, say so, unless the user is ignored."""
        guest = self.known_user(session, nick)
        if guest is None or self.is_ignored(session, guest):
            return None
        if self.is_member(guest, channel):
            self.error(session, f"{guest.nick} is in channel {channel.name} already")
            return None
        return guest

    def note_invitation(self, session: Session, channel: Channel, guest: Session) -> None:
        """Remember who has been invited, and by whom; of too many, the oldest is forgotten (NAP-LIM-06)."""
        channel.invited.pop(self.folded(guest.nick), None)
        while len(channel.invited) >= self.config.max_invited:
            del channel.invited[next(iter(channel.invited))]
        channel.invited[self.folded(guest.nick)] = self.folded(session.nick)

    def pass_invitation(self, session: Session, channel: Channel, guest: Session) -> None:
        """Pass an invitation on with the nick of its sender, the channel and its topic (NAP-CHN-23)."""
        self.say(guest, Invitation(session.nick, channel.name, quotable(channel.topic), 0, ""))

    @handles(AcceptInvitation)
    def on_invitation_accepted(self, session: Session, message: AcceptInvitation) -> None:
        """Tell who has invited that the user will come; coming is a 400 of its own."""
        channel = self.inviting_channel(session, message.channel, message.nick)
        if channel is not None:
            channel.invited[self.folded(session.nick)] = ""
            self.tell_host(session, channel, message.nick, "will come")

    @handles(DeclineInvitation)
    def on_invitation_declined(self, session: Session, message: DeclineInvitation) -> None:
        """Tell who has invited that the user will not come, and take the invitation back."""
        channel = self.inviting_channel(session, message.channel, message.nick)
        if channel is not None:
            del channel.invited[self.folded(session.nick)]
            self.tell_host(session, channel, message.nick, "will not come")

    def inviting_channel(self, session: Session, asked: str, nick: str) -> Channel | None:
        """Return the channel to which a user has been invited by `nick` and has not answered; without one, say so."""
        channel = self.channel(asked)
        if channel is not None and channel.invited.get(self.folded(session.nick)) == self.folded(nick):
            return channel
        self.error(session, f"you have no invitation of {nick} to channel {asked}")
        return None

    def tell_host(self, session: Session, channel: Channel, nick: str, text: str) -> None:
        """Tell a user what has become of its invitation."""
        host = self.user(nick)
        if host is not None:
            self.error(host, f"{session.nick} {text} to channel {channel.name}")
