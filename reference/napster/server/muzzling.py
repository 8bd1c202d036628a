"""Muzzles: users who may not speak in public.

Rules of this file:

- A muzzle is on the nick, and so outlives the session; it does not outlive the server. A session knows of its own.
- It concerns channels only. Private messages are not public speech.
"""

from random import Random

from ....codecs.napster import Muzzle, Unmuzzle
from .config import ServerConfig
from .handlers import handles
from .operators import Operators
from .session import Session


class Muzzling(Operators):
    """622 and 623."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.muzzled_nicks: set[str] = set()

    @handles(Muzzle)
    def on_muzzle(self, session: Session, message: Muzzle) -> None:
        """Take the right of public speech from a user."""
        if not self.commands(session) or not self.may_act_against(session, message.nick):
            return
        if self.level_of(message.nick) is None:
            self.error(session, f"{message.nick} is neither logged in nor registered")
        elif len(self.muzzled_nicks) >= self.config.max_muzzled:
            self.error(session, f"{self.config.max_muzzled} users are muzzled already")
        else:
            self.muzzled_nicks.add(self.folded(message.nick))
            self.set_muzzle(session, message.nick, f"{session.nick} muzzled {message.nick}: {message.reason or ''}")

    @handles(Unmuzzle)
    def on_unmuzzle(self, session: Session, message: Unmuzzle) -> None:
        """Give the right of public speech back."""
        name = self.folded(message.nick)
        if not self.commands(session) or not self.may_act_against(session, message.nick):
            return
        if name not in self.muzzled_nicks:
            self.error(session, f"{message.nick} is not muzzled")
        else:
            self.muzzled_nicks.discard(name)
            self.set_muzzle(session, message.nick, f"{session.nick} unmuzzled {message.nick}: {message.reason or ''}")

    def set_muzzle(self, session: Session, nick: str, text: str) -> None:
        """Put a muzzle into effect, or its end, and tell the user whom it concerns, and operators."""
        user = self.user(nick)
        if user is not None:
            user.muzzled = self.folded(nick) in self.muzzled_nicks
            if user is not session:
                self.error(user, text)
        self.report(session, "MUZZLE", text)

    def arrived(self, session: Session) -> None:
        """Remember the muzzle of a user who has logged in again."""
        super().arrived(session)
        session.muzzled = self.folded(session.nick) in self.muzzled_nicks
