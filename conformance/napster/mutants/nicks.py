"""Nicks gone wrong."""

from __future__ import annotations

import re

from ....codecs.errors import DecodeError
from ....codecs.napster import Login
from ....reference.napster import Server
from ....reference.napster.server.accounts import Stored
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-LOG-08")
class WantsShortNicks(Server):
    """Refuses nicks of more than 16 characters."""

    def nick_is_valid(self, nick: str) -> bool:
        return len(nick) <= 16 and super().nick_is_valid(nick)


@mutant(breaks="NAP-LOG-08")
class WantsLongNicks(Server):
    """Refuses nicks of one character."""

    def nick_is_valid(self, nick: str) -> bool:
        return len(nick) > 1 and super().nick_is_valid(nick)


@mutant(breaks="NAP-LOG-08")
class WantsNicksOfLetters(Server):
    """Refuses nicks with digits in them."""

    def nick_is_valid(self, nick: str) -> bool:
        return not re.search("[0-9]", nick) and super().nick_is_valid(nick)


@mutant(breaks="NAP-LOG-09")
class StripsControlCharacters(Server):
    """Lets users in whose nick has control characters, and forgets these."""

    def on_bad_login(self, session: Session, body: bytes, error: DecodeError) -> None:
        try:
            message = Login.decode(bytes(byte for byte in body if byte >= 0x20 and byte != 0x7F))
        except DecodeError:
            super().on_bad_login(session, body, error)
        else:
            self.on_login(session, message)


@mutant(breaks="NAP-LOG-09")
class TakesNicksInQuotes(Server):
    """Lets users in whose nick has blanks, and stands in quotes."""

    def on_bad_login(self, session: Session, body: bytes, error: DecodeError) -> None:
        found = re.fullmatch(rb'"([^"]+)"( .*)', body)
        if found is None:
            super().on_bad_login(session, body, error)
        else:
            self.on_login(session, Login.decode(found[1].replace(b" ", b"_") + found[2]))


@mutant(
    breaks="NAP-LOG-11",
    also=("NAP-LOG-12", "NAP-OPR-05", "NAP-REG-02", "NAP-REG-07"),
)
class ComparesNicksByCase(Server):
    """Takes a nick with a letter in the other case for another nick."""

    def folded(self, nick: str) -> str:
        return nick


@mutant(breaks="NAP-LOG-12")
class KeepsTheOlderSession(Server):
    """Gives the nick of a living session to another, and lets both go on."""

    def clear_nick(self, older: Session, session: Session, account: Stored | None) -> bool:
        return True


@mutant(breaks="NAP-LOG-13")
class WarnsNobody(Server):
    """Does not tell a user that somebody logs in with its nick."""

    def warn_of_login(self, older: Session) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-14")
class RenamesSessions(Server):
    """Takes a second login in a session for a change of the nick."""

    def take_second_login(self, session: Session, nick: str) -> None:
        del self.users[self.folded(session.nick)]
        session.nick = nick
        self.users[self.folded(nick)] = session
