"""Pings and pongs from user to user: the server passes each on under the nick of its sender."""

from ....codecs.napster import UserPing, UserPong
from .handlers import handles
from .ignoring import Ignoring
from .session import Session


class Pinging(Ignoring):
    """751 and 752."""

    @handles(UserPing)
    def on_ping(self, session: Session, message: UserPing) -> None:
        """Pass a ping on, unless its sender is ignored (NAP-IGN-05)."""
        pinged = self.user(message.nick)
        if pinged is None:
            self.refuse_ping(session, message.nick)
        elif not self.is_ignored(session, pinged):
            self.pass_ping(session, pinged, message)

    def pass_ping(self, session: Session, pinged: Session, message: UserPing) -> None:
        """Pass a ping on to the named user, with the nick of its sender (NAP-PNG-01)."""
        self.say(pinged, message.replace(nick=session.nick))

    def refuse_ping(self, session: Session, nick: str) -> None:
        """Say that the user to be pinged is not logged in (NAP-PNG-03)."""
        self.error(session, f"ping failed: {nick} is not logged in")

    @handles(UserPong)
    def on_pong(self, session: Session, message: UserPong) -> None:
        """Pass a pong on; one for a user who has left is dropped."""
        asker = self.user(message.nick)
        if asker is not None:
            self.pass_pong(session, asker, message)

    def pass_pong(self, session: Session, asker: Session, message: UserPong) -> None:
        """Pass a pong on to the named user, with the nick of its sender (NAP-PNG-02)."""
        self.say(asker, message.replace(nick=session.nick))
