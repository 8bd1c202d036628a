"""Who may speak in one channel: voices for a moderated one (10211, 10212), and muzzles (10213, 10214).

Rules of this file:

- A voice is a member's, and is lost on leaving. A muzzle is on the nick, so that leaving does not lift it.
- Those who rule the channel need no voice and can't be muzzled in it.
"""

from ....codecs.napster import ChannelMuzzle, ChannelUnmuzzle, ChannelUnvoice, ChannelVoice
from .handlers import handles
from .session import Session
from .talking import Talking


class Voices(Talking):
    """10211 to 10214."""

    @handles(ChannelVoice)
    def on_channel_voice(self, session: Session, message: ChannelVoice) -> None:
        """Let members speak in a moderated channel, or tell who may when nobody is named."""
        self.set_voices(session, message.channel, message.nicks, voice=True)

    @handles(ChannelUnvoice)
    def on_channel_unvoice(self, session: Session, message: ChannelUnvoice) -> None:
        """Take the voice from members, or tell who has one when nobody is named."""
        self.set_voices(session, message.channel, message.nicks, voice=False)

    def set_voices(self, session: Session, asked: str, nicks: tuple[str, ...], *, voice: bool) -> None:
        """Give voices to members of a channel that a user rules, or take them."""
        channel = self.ruled_channel(session, asked)
        if channel is None:
            return
        if not nicks:
            voiced = " ".join(member.nick for member in channel.members if member in channel.voiced)
            self.error(session, f"voices on channel {channel.name}: {voiced}")
        for nick in nicks:
            member = self.user(nick)
            if member is None or not self.is_member(member, channel):
                self.error(session, f"{nick} is not in channel {channel.name}")
                continue
            if voice:
                channel.voiced.add(member)
                channel.muzzled.pop(self.folded(nick), None)
            else:
                channel.voiced.discard(member)
            done = "gave a voice to" if voice else "took the voice of"
            told = f"{session.nick} {done} {member.nick} on channel {channel.name}"
            self.tell_concerned(session, channel, member, told)

    @handles(ChannelMuzzle)
    def on_channel_muzzle(self, session: Session, message: ChannelMuzzle) -> None:
        """Forbid a user to speak in a channel."""
        channel = self.ruled_channel(session, message.channel)
        user = self.known_user(session, message.nick) if channel is not None else None
        if channel is None or user is None:
            return
        if not self.may_put_out(session, user):
            self.refuse_command(session)
        elif len(channel.muzzled) >= self.config.max_channel_bans:
            self.error(session, f"channel {channel.name} has {len(channel.muzzled)} muzzled users already")
        else:
            channel.muzzled[self.folded(user.nick)] = user.nick
            channel.voiced.discard(user)
            told = f"{session.nick} muzzled {user.nick} on channel {channel.name}: {message.reason or ''}"
            self.tell_concerned(session, channel, user, told)

    @handles(ChannelUnmuzzle)
    def on_channel_unmuzzle(self, session: Session, message: ChannelUnmuzzle) -> None:
        """Let a user speak in a channel again."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        if channel.muzzled.pop(self.folded(message.nick), None) is None:
            self.error(session, f"{message.nick} is not muzzled on channel {channel.name}")
            return
        told = f"{session.nick} unmuzzled {message.nick} on channel {channel.name}: {message.reason or ''}"
        user = self.user(message.nick)
        if user is not None:
            self.tell_concerned(session, channel, user, told)
        else:
            self.tell_rulers(session, channel, told)
