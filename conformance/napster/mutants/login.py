"""Logins gone wrong."""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import Capability, Login, LoginAck, Packet, Register, RegistrationInfo, VersionCheck
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-LOG-01")
class AcknowledgesWithNothing(Server):
    """Sends a 3 without a body to users who are not registered."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, LoginAck) and message.email.startswith("anon"):
            return Packet.of_raw(3, b"").encode()
        return super().framed(message)


@mutant(breaks="NAP-LOG-02")
class GreetsNobody(Server):
    """Sends neither the message of the day nor statistics after a login."""

    def greet(self, session: Session) -> None:
        self.await_stats(session)


@mutant(breaks="NAP-LOG-02")
class GreetsWithStatisticsOnly(Server):
    """Sends the message of the day to those only who ask for it."""

    def greet(self, session: Session) -> None:
        self.say_stats(session)
        self.await_stats(session)


@mutant(breaks="NAP-LOG-03", also=("NAP-LOG-07",))
class MakesUpMissingFields(Server):
    """Takes 0 for each field that a login lacks."""

    def on_bad_login(self, session: Session, body: bytes, error: DecodeError) -> None:
        words = body.split(b" ")
        nick = words[0].decode("latin-1")
        if session.logged_in or len(words) > 4 or not self.nick_is_valid(nick):
            super().on_bad_login(session, body, error)
        else:
            self.let_in(session, Login(nick, "0", 0, "", 0))


@mutant(breaks="NAP-LOG-04")
class RefusesBuildNumbers(Server):
    """Refuses a login with a field more than it knows."""

    def login_is_fit(self, session: Session, message: Login | Register) -> bool:
        if isinstance(message, Login) and message.build is not None:
            self.refuse(session, "too many fields")
            return False
        return super().login_is_fit(session, message)


@mutant(breaks="NAP-LOG-05")
class TakesAnyLinkType(Server):
    """Lets users in with a link type that there is not."""

    def login_is_fit(self, session: Session, message: Login | Register) -> bool:
        return super().login_is_fit(session, message.replace(link=min(message.link, 10)))


@mutant(breaks="NAP-LOG-06")
class CutsPortsTo16Bits(Server):
    """Lets users in with a data port above 65,535."""

    def login_is_fit(self, session: Session, message: Login | Register) -> bool:
        return super().login_is_fit(session, message.replace(port=message.port & 0xFFFF))


@mutant(breaks="NAP-LOG-07", also=("NAP-LOG-05", "NAP-LOG-06"))
class RefusesWithoutAWord(Server):
    """Closes the connection of a login that it refuses, and does not say why."""

    def refuse(self, session: Session, text: str) -> None:
        self.after_refusal(session)


@mutant(breaks="NAP-LOG-07")
class RefusesNicksWithoutAWord(Server):
    """Closes the connection of a login whose nick is not valid, and does not say why."""

    def refuse_nick(self, session: Session) -> None:
        self.after_refusal(session)


@mutant(breaks="NAP-LOG-07")
class KeepsThoseWhomItRefuses(Server):
    """Leaves the connection open on which it has refused a login."""

    def after_refusal(self, session: Session) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-15", also=("NAP-LOG-16",))
class ServesStrangers(Server):
    """Answers questions before the login."""

    def may_be_early(self, number: int) -> bool:
        return number in self.handlers


@mutant(breaks="NAP-LOG-16")
class IgnoresStrangers(Server):
    """Says nothing to a message that needs a login, and waits on."""

    def take_early(self, session: Session, packet: Packet) -> None:
        """Do nothing."""


@mutant(breaks="NAP-LOG-17")
class RefusesSocketTests(Server):
    """Closes the connection on which a 920 comes."""

    def on_capability(self, session: Session, message: Capability) -> None:
        self.refuse(session, "invalid command")


@mutant(breaks="NAP-LOG-17")
class RefusesVersionChecks(Server):
    """Closes the connection on which a 4 comes."""

    def on_version_check(self, session: Session, message: VersionCheck) -> None:
        self.refuse(session, "invalid command")


@mutant(breaks="NAP-LOG-17")
class RefusesRegistrationDetails(Server):
    """Closes the connection on which a 14 comes."""

    def on_registration_info(self, session: Session, message: RegistrationInfo) -> None:
        self.refuse(session, "invalid command")


@mutant(breaks="NAP-LOG-18")
class WaitsAnHourForALogin(Server):
    """Keeps connections without a login for an hour."""

    def login_patience(self) -> float:
        return 3600.0


@mutant(breaks="NAP-LOG-18")
class DropsQuietUsers(Server):
    """Closes a session, too, when the time for its login is over."""

    def await_stats(self, session: Session) -> None:
        """Leave the alarm of the login as it is."""
