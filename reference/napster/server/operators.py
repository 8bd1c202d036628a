"""What operators may do, and against whom; the level of a user.

Rules of this file:

- Every command of an operator asks `commands` first: it is for users of some level, and all others get 404.
- Below Elite, an operator acts only against users whose level is lower, whether they are logged in or only registered.
- What a command did is told to the operator in a 404, and to those operators who asked for notices of its kind.
"""

from collections.abc import Collection
from random import Random

from ....codecs.napster import SetUserLevel, UserMode
from .config import ServerConfig
from .handlers import handles
from .session import Session, rank
from .visibility import Visibility

NOTICES = ("BAN", "CHANGE", "CLOAK", "KILL", "LEVEL", "MUZZLE", "SERVER")
"""Kinds of notice that an operator may ask for (10203)."""


class Operators(Visibility):
    """606 and 10203, and what all commands of operators stand on."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.notices: dict[Session, Collection[str]] = {}

    # Who may do what

    def commands(self, session: Session, level: str = "Moderator") -> bool:
        """Return whether a user may give a command that is for `level` and above; when not, say so."""
        entitled = self.is_entitled(session, level)
        if not entitled:
            self.refuse_command(session)
        return entitled

    def is_entitled(self, session: Session, level: str) -> bool:
        """Return whether a user may give a command that is for `level` and above (NAP-OPR-01)."""
        return session.has_level(level)

    def refuse_command(self, session: Session) -> None:
        """Say that the user's level does not suffice (NAP-OPR-02)."""
        self.error(session, "permission denied")

    def outranks(self, session: Session, level: str) -> bool:
        """Return whether a user may act against somebody of this level (NAP-OPR-03)."""
        return session.level == "Elite" or rank(session.level) > rank(level)

    def level_of(self, nick: str) -> str | None:
        """Return the higher of the levels of a session and of an account of this nick, None when there is neither."""
        user, account = self.user(nick), self.accounts.account(self.folded(nick))
        levels = [each.level for each in (user, account) if each is not None]
        return max(levels, key=rank, default=None)

    def may_act_against(self, session: Session, nick: str) -> bool:
        """Return whether an operator may act against a nick, known or not; when not, say so."""
        level = self.level_of(nick)
        allowed = level is None or self.outranks(session, level)
        if not allowed:
            self.refuse_command(session)
        return allowed

    def known_user(self, session: Session, nick: str) -> Session | None:
        """Return the session of a user; when there is none, say so to the one who asked for it."""
        user = self.user(nick)
        if user is None:
            self.error(session, f"{nick} is not logged in")
        return user

    def target(self, session: Session, nick: str) -> Session | None:
        """Return the session that a command is for; when there is none, or it may not be acted against, say so."""
        user = self.known_user(session, nick)
        return user if user is not None and self.may_act_against(session, nick) else None

    # What was done

    def report(self, session: Session, kind: str, text: str) -> None:
        """Tell what a command did to the operator who gave it, and to those who want notices of this kind."""
        self.error(session, text)
        for operator in list(self.notices):
            if operator is not session and kind in self.notices[operator] and self.is_entitled(operator, "Moderator"):
                self.error(operator, text)

    @handles(UserMode)
    def on_user_mode(self, session: Session, message: UserMode) -> None:
        """Change of what kinds an operator wants notices, or tell them when no words are given."""
        if not self.commands(session):
            return
        wanted = set(self.notices.get(session, ()))
        for word in message.words:
            self.change_notices(wanted, word.upper())
        self.notices[session] = wanted
        if not message.words:
            self.say(session, UserMode(tuple(kind for kind in NOTICES if kind in wanted) or ("NONE",)))

    def change_notices(self, wanted: set[str], word: str) -> None:
        """Take one word of a 10203 into account; an unknown one changes nothing."""
        if word == "ALL":
            wanted.update(NOTICES)
        elif word == "NONE":
            wanted.clear()
        elif word.startswith("-"):
            wanted.discard(word[1:])
        elif word in NOTICES:
            wanted.add(word)

    def left(self, session: Session) -> None:
        """Forget which notices an operator wanted."""
        self.notices.pop(session, None)
        super().left(session)

    # Levels

    @handles(SetUserLevel)
    def on_set_level(self, session: Session, message: SetUserLevel) -> None:
        """Set the level of a user who is logged in, or registered, or both."""
        if not self.commands(session) or not self.may_act_against(session, message.nick):
            return
        if self.level_of(message.nick) is None:
            self.error(session, f"{message.nick} is neither logged in nor registered")
        elif not self.outranks(session, message.level):
            self.refuse_command(session)
        else:
            self.set_level(message.nick, message.level)
            self.report(session, "LEVEL", f"{session.nick} set the level of {message.nick} to {message.level}")

    def set_level(self, nick: str, level: str) -> None:
        """Give a user a level, in its session and in its account (NAP-OPR-13)."""
        self.accounts.set_level(self.folded(nick), level)
        user = self.user(nick)
        if user is not None:
            user.level = level
            self.level_changed(user)

    def level_changed(self, user: Session) -> None:
        """Do what the change of a user's level asks for. Topics add to it."""
