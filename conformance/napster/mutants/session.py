"""Sessions gone wrong."""

from __future__ import annotations

from ....codecs.napster import LoginError
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-LOG-19")
class SaysErrorsTwice(Server):
    """Says what fails in a session by 0, too, as some peers expect."""

    def error(self, session: Session, text: str) -> None:
        self.say(session, LoginError(text[:80]))
        super().error(session, text)


@mutant(breaks="NAP-LOG-20")
class LeavesOnUnknownNumbers(Server):
    """Ends a session in which a number comes that it does not know."""

    def take_unknown(self, session: Session, number: int) -> None:
        super().take_unknown(session, number)
        self.end(session)


@mutant(breaks="NAP-LOG-21")
class IgnoresUnknownNumbers(Server):
    """Says nothing to a number that it does not know."""

    def take_unknown(self, session: Session, number: int) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-22")
class EndsSessionsWithoutAWord(Server):
    """Closes the connection of a user without saying that it will."""

    def say_farewell(self, session: Session) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-23")
class KeepsTheFirstLinkType(Server):
    """Goes on telling the link type of the login."""

    def change_link_type(self, session: Session, link: int) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-24")
class KeepsTheFirstDataPort(Server):
    """Goes on telling the data port of the login."""

    def change_data_port(self, session: Session, port: int) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-25")
class ChangesToAnyDataPort(Server):
    """Takes a data port above 65,535 in a session."""

    def may_change_data_port(self, port: int) -> bool:
        return True


@mutant(breaks="NAP-LOG-25")
class ChangesToAnyLinkType(Server):
    """Takes a link type above 10 in a session."""

    def may_change_link_type(self, link: int) -> bool:
        return True


@mutant(breaks="NAP-LOG-26")
class ForgetsNewPasswords(Server):
    """Takes a new password and goes on asking for the old one."""

    def change_password(self, nick: str, password: str) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-27")
class ForgetsNewAddresses(Server):
    """Takes a new e-mail address for the session only."""

    def change_email(self, session: Session, email: str) -> None:
        session.email = email


@mutant(breaks="NAP-LOG-28", also=("NAP-CHN-09", "NAP-HOT-04"))
class KeepsGhosts(Server):
    """Keeps a user whose connection has ended."""

    def forget(self, session: Session) -> None:
        """Do nothing."""
