"""What OpenNap added to the rule of a channel: operators of one channel, marks, and registered channels.

Rules of this file:

- Operators of the server make the operators of a channel, by nick. The channel is registered with that: it stays, with
  all that is laid down for it, when nobody is in it, until it is dropped.
- The marks of a channel are changed by those who rule it; only operators of the server register it.
"""

from ....codecs.napster import ChannelDeop, ChannelDrop, ChannelMode, ChannelOp, ChannelOps, ChannelWallop
from .channel import MODES, Channel
from .handlers import handles
from .session import Session
from .talking import Talking


class ChannelModes(Talking):
    """10204 to 10209."""

    @handles(ChannelOp)
    def on_channel_op(self, session: Session, message: ChannelOp) -> None:
        """Make users operators of a channel."""
        channel = self.known_channel(session, message.channel) if self.commands(session) else None
        if channel is None:
            return
        for nick in message.nicks:
            if len(channel.operators) >= self.config.max_channel_operators:
                self.error(session, f"channel {channel.name} has {len(channel.operators)} operators already")
                break
            channel.operators[self.folded(nick)] = nick
            self.tell_rulers(session, channel, f"{session.nick} made {nick} operator of channel {channel.name}")
        self.register_channel(channel)

    def register_channel(self, channel: Channel) -> None:
        """Let a channel stay when nobody is in it."""
        channel.made_by_user = False
        channel.modes.add("REGISTERED")

    @handles(ChannelDeop)
    def on_channel_deop(self, session: Session, message: ChannelDeop) -> None:
        """Take the rule of a channel from users."""
        channel = self.known_channel(session, message.channel) if self.commands(session) else None
        if channel is None:
            return
        for nick in message.nicks:
            if channel.operators.pop(self.folded(nick), None) is not None:
                self.tell_rulers(session, channel, f"{session.nick} took the rule of {channel.name} from {nick}")

    @handles(ChannelOps)
    def on_channel_ops(self, session: Session, message: ChannelOps) -> None:
        """Tell those who rule a channel who its operators are."""
        channel = self.ruled_channel(session, message.channel)
        if channel is not None:
            self.error(session, f"operators of channel {channel.name}: {' '.join(channel.operators.values())}")

    @handles(ChannelDrop)
    def on_channel_drop(self, session: Session, message: ChannelDrop) -> None:
        """Register a channel no more: it ends when the last member leaves it."""
        channel = self.known_channel(session, message.channel) if self.commands(session) else None
        if channel is None:
            return
        if not session.has_level(channel.level):
            self.refuse_command(session)
            return
        self.unregister_channel(channel)
        self.tell_rulers(session, channel, f"{session.nick} dropped channel {channel.name}: {message.reason or ''}")
        self.forget_empty(channel)

    def unregister_channel(self, channel: Channel) -> None:
        """Let a channel end when the last member leaves it."""
        channel.made_by_user = True
        channel.modes.discard("REGISTERED")
        channel.operators.clear()

    @handles(ChannelWallop)
    def on_channel_wallop(self, session: Session, message: ChannelWallop) -> None:
        """Say a line to those who rule a channel and are in it."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        if self.is_muzzled(session):
            self.error(session, "you are muzzled")
        else:
            self.tell_rulers(session, channel, f"{session.nick} [operators of {channel.name}]: {message.text}")

    @handles(ChannelMode)
    def on_channel_mode(self, session: Session, message: ChannelMode) -> None:
        """Change the marks of a channel, or tell them when none are given."""
        channel = self.ruled_channel(session, message.channel)
        if channel is None:
            return
        if not session.has_level(channel.level):
            self.refuse_command(session)
            return
        for word in message.modes:
            self.change_mode(session, channel, word.upper())
        if message.modes:
            modes = " ".join(message.modes)
            self.tell_rulers(session, channel, f"{session.nick} changed the mode of channel {channel.name}: {modes}")
        else:
            self.say(session, ChannelMode(channel.name, channel.shown_modes()))

    def change_mode(self, session: Session, channel: Channel, word: str) -> None:
        """Take one word of a 10209 into account: `+` or `-` and a mark."""
        sign, mode = word[:1], word[1:]
        if sign not in ("+", "-") or mode not in MODES:
            self.error(session, f"{word} is none of +{', +'.join(MODES)}, nor the same with -")
        elif mode == "REGISTERED":
            self.change_registration(session, channel, registered=sign == "+")
        elif sign == "+":
            channel.modes.add(mode)
        else:
            channel.modes.discard(mode)

    def change_registration(self, session: Session, channel: Channel, *, registered: bool) -> None:
        """Register a channel, or no more, on the order of an operator of the server."""
        if not self.commands(session):
            return
        if registered:
            self.register_channel(channel)
        else:
            self.unregister_channel(channel)
