"""Ignoring gone wrong."""

from __future__ import annotations

from ....codecs.napster import (
    ClearIgnores,
    IgnoreEntry,
    IgnoreListEnd,
    IgnoreListRequest,
    IgnoresCleared,
    PrivateMessage,
    UserPing,
)
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-IGN-01")
class IgnoresWithoutAWord(Server):
    """Puts a user on an ignore list and does not say so."""

    def acknowledge_ignored(self, session: Session, nick: str) -> None:
        return


@mutant(breaks="NAP-IGN-01")
class IgnoresTwice(Server):
    """Says of a user who is ignored already that it is ignored from now on."""

    def refuse_ignored(self, session: Session, nick: str) -> None:
        self.acknowledge_ignored(session, nick)


@mutant(breaks="NAP-IGN-02")
class HearsWithoutAWord(Server):
    """Takes a user off an ignore list and does not say so."""

    def acknowledge_heard(self, session: Session, nick: str) -> None:
        return


@mutant(breaks="NAP-IGN-02")
class HearsTwice(Server):
    """Says of a user who is not ignored that it is ignored no more."""

    def refuse_not_ignored(self, session: Session, nick: str) -> None:
        self.acknowledge_heard(session, nick)


@mutant(breaks="NAP-IGN-03")
class CountsOneIgnoredTooMany(Server):
    """Ends the list of the ignored with one more than there are."""

    def on_ignore_list(self, session: Session, message: IgnoreListRequest) -> None:
        self.say(session, *map(IgnoreEntry, session.ignored.values()), IgnoreListEnd(len(session.ignored) + 1))


@mutant(breaks="NAP-IGN-03")
class ListsTheLastIgnoredOnly(Server):
    """Lists only the one who was ignored last."""

    def on_ignore_list(self, session: Session, message: IgnoreListRequest) -> None:
        nicks = list(session.ignored.values())
        self.say(session, *map(IgnoreEntry, nicks[-1:]), IgnoreListEnd(len(nicks)))


@mutant(breaks="NAP-IGN-04")
class KeepsTheIgnored(Server):
    """Says that the ignore list is emptied, and keeps it."""

    def on_clear_ignores(self, session: Session, message: ClearIgnores) -> None:
        self.say(session, IgnoresCleared(len(session.ignored)))


@mutant(breaks="NAP-IGN-04")
class CountsTheIgnoredTooLate(Server):
    """Empties the ignore list before it counts what was on it."""

    def on_clear_ignores(self, session: Session, message: ClearIgnores) -> None:
        session.ignored.clear()
        self.say(session, IgnoresCleared(len(session.ignored)))


@mutant(breaks="NAP-IGN-05")
class IgnoresNobody(Server):
    """Keeps an ignore list and passes everything on."""

    def is_ignored(self, sender: Session, receiver: Session) -> bool:
        return False


@mutant(breaks="NAP-IGN-05")
class IgnoresMessagesOnly(Server):
    """Passes on the pings of an ignored user."""

    def on_ping(self, session: Session, message: UserPing) -> None:
        pinged = self.user(message.nick)
        if pinged is None:
            self.refuse_ping(session, message.nick)
        else:
            self.pass_ping(session, pinged, message)


@mutant(breaks="NAP-IGN-05")
class IgnoresPingsOnly(Server):
    """Passes on the private messages of an ignored user."""

    def on_private_message(self, session: Session, message: PrivateMessage) -> None:
        receiver = self.user(message.nick)
        if receiver is None:
            self.refuse_message(session, message.nick)
        else:
            self.pass_message(session, receiver, message)
