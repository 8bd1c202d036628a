"""Ignoring: whom a user does not want to hear from.

Rules of this file:

- The list belongs to the session and goes with it. Its entries keep the spelling in which they were listed.
- What is kept away is private messages, pings and requests for downloads; each asks `is_ignored`.
"""

from ....codecs.napster import (
    AlreadyIgnored,
    ClearIgnores,
    IgnoreEntry,
    IgnoreListEnd,
    IgnoreListRequest,
    IgnoresCleared,
    IgnoreUser,
    NotIgnored,
    UnignoreUser,
)
from .core import Core
from .handlers import handles
from .session import Session


class Ignoring(Core):
    """Lists of ignored users, 320 to 326."""

    @handles(IgnoreUser)
    def on_ignore(self, session: Session, message: IgnoreUser) -> None:
        """Put a user on the list, unless it is full (NAP-LIM-06)."""
        if self.folded(message.nick) in session.ignored:
            self.refuse_ignored(session, message.nick)
        elif len(session.ignored) >= self.config.max_ignored:
            self.error(session, f"you can ignore {self.config.max_ignored} users")
        else:
            session.ignored[self.folded(message.nick)] = message.nick
            self.acknowledge_ignored(session, message.nick)

    def acknowledge_ignored(self, session: Session, nick: str) -> None:
        """Say that a user is ignored from now on (NAP-IGN-01)."""
        self.say(session, IgnoreUser(nick))

    def refuse_ignored(self, session: Session, nick: str) -> None:
        """Say that a user was ignored already (NAP-IGN-01)."""
        self.say(session, AlreadyIgnored(nick))

    @handles(UnignoreUser)
    def on_unignore(self, session: Session, message: UnignoreUser) -> None:
        """Take a user off the list."""
        if session.ignored.pop(self.folded(message.nick), None) is None:
            self.refuse_not_ignored(session, message.nick)
        else:
            self.acknowledge_heard(session, message.nick)

    def acknowledge_heard(self, session: Session, nick: str) -> None:
        """Say that a user is ignored no more (NAP-IGN-02)."""
        self.say(session, UnignoreUser(nick))

    def refuse_not_ignored(self, session: Session, nick: str) -> None:
        """Say that a user was not ignored (NAP-IGN-02)."""
        self.say(session, NotIgnored(nick))

    @handles(IgnoreListRequest)
    def on_ignore_list(self, session: Session, message: IgnoreListRequest) -> None:
        """List the ignored users, and then their number (NAP-IGN-03)."""
        self.say(session, *(IgnoreEntry(nick) for nick in session.ignored.values()))
        self.say(session, IgnoreListEnd(len(session.ignored)))

    @handles(ClearIgnores)
    def on_clear_ignores(self, session: Session, message: ClearIgnores) -> None:
        """Empty the list, and say how many were on it (NAP-IGN-04)."""
        count = len(session.ignored)
        session.ignored.clear()
        self.say(session, IgnoresCleared(count))

    def is_ignored(self, sender: Session, receiver: Session) -> bool:
        """Return whether what `sender` says to `receiver` is kept away (NAP-IGN-05)."""
        return self.folded(sender.nick) in receiver.ignored
