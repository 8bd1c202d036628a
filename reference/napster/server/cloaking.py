"""Cloaking: an operator hides from all who are not operators, and shows itself again.

Rules of this file:

- Those from whom an operator hides are told what they would be told if it had left: by their hotlists and in channels.
- Who is no longer an operator can't hide.
"""

from ....codecs.napster import ChannelJoined, ChannelParted, Cloak, SignOff, SignOn
from .channels import Channels
from .handlers import handles
from .hotlist import Hotlist
from .operators import Operators
from .session import Session


class Cloaking(Hotlist, Channels, Operators):
    """652."""

    @handles(Cloak)
    def on_cloak(self, session: Session, message: Cloak) -> None:
        """Hide an operator, or show it again."""
        if self.commands(session):
            if session.cloaked:
                self.uncloak(session)
            else:
                self.cloak(session)
            self.report(session, "CLOAK", f"{session.nick} is {'cloaked' if session.cloaked else 'visible'}")

    def cloak(self, session: Session) -> None:
        """Hide a user from those who are not operators."""
        watchers = self.watchers_of(session)
        witnesses = [(self.channels[name], self.witnesses(session, self.channels[name])) for name in session.channels]
        session.cloaked = True
        self.say_all(self.blind(session, watchers), SignOff(session.nick))
        for channel, members in witnesses:
            parted = ChannelParted(channel.name, session.nick, session.shared, session.link_type)
            self.say_all(self.blind(session, members), parted)

    def blind(self, user: Session, viewers: list[Session]) -> list[Session]:
        """Return those who do not see a user."""
        return [viewer for viewer in viewers if not self.sees(viewer, user)]

    def uncloak(self, session: Session) -> None:
        """Show a user to everybody again."""
        watchers = self.blind(session, list(self.watchers.get(self.folded(session.nick), ())))
        members = [
            (self.channels[name], self.blind(session, list(self.channels[name].members))) for name in session.channels
        ]
        session.cloaked = False
        self.say_all(watchers, SignOn(session.nick, session.link_type))
        for channel, strangers in members:
            joined = ChannelJoined(channel.name, session.nick, session.shared, session.link_type)
            self.say_all(strangers, joined)

    def level_changed(self, user: Session) -> None:
        """Show a user who is no longer an operator."""
        super().level_changed(user)
        if user.cloaked and not user.has_level("Moderator"):
            self.uncloak(user)
