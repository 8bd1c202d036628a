"""Whois, link types and pings gone wrong."""

from __future__ import annotations

from ....codecs.napster import UserPing, UserPong, UserSpeed, Whois
from ....reference.napster import Server
from ....reference.napster.server.accounts import Stored
from ....reference.napster.server.session import Session
from ...mutants import mutant

# --- whois


@mutant(breaks="NAP-WHO-01")
class AnswersNoWhois(Server):
    """Answers no whois for a user who is there."""

    def answer_whois(self, session: Session, user: Session) -> None:
        return


@mutant(breaks="NAP-WHO-01")
class TellsTheAskersProgram(Server):
    """Gives in a 604 the program of the one who asks."""

    def whois(self, session: Session, user: Session) -> Whois:
        return super().whois(session, user).replace(info=session.client)


@mutant(breaks="NAP-WHO-01")
class TellsTheTimeOfTheLogin(Server):
    """Gives in a 604 when a user logged in, and not how long ago."""

    def whois(self, session: Session, user: Session) -> Whois:
        return super().whois(session, user).replace(seconds=1_000_000_000 + int(user.logged_in_at))


@mutant(breaks="NAP-WHO-01")
class TellsNoChannels(Server):
    """Leaves the channels of a 604 empty."""

    def channels_shown(self, user: Session) -> str:
        return ""


@mutant(breaks="NAP-WHO-01")
class TellsTheAskersLink(Server):
    """Gives in a 604 the link type of the one who asks."""

    def whois(self, session: Session, user: Session) -> Whois:
        return super().whois(session, user).replace(link=session.link_type)


@mutant(breaks="NAP-WHO-02")
class TellsEverybodyTheAddress(Server):
    """Gives everybody the fields of a 604 that are for operators."""

    def sees_staff_details(self, session: Session) -> bool:
        return True


@mutant(breaks="NAP-WHO-03")
class ForgetsWhoHasLeft(Server):
    """Answers a whois for a registered user who is not there as for one whom it does not know."""

    def tell_whowas(self, session: Session, account: Stored) -> None:
        self.refuse_unknown_user(session, account.nick)


@mutant(breaks="NAP-WHO-04")
class IsSilentAboutStrangers(Server):
    """Does not answer a question for a nick that it does not know."""

    def refuse_unknown_user(self, session: Session, nick: str) -> None:
        return


@mutant(breaks="NAP-WHO-05")
class TellsTheLinkOfTheAsker(Server):
    """Answers a 600 with the link type of the one who asks."""

    def answer_link_type(self, session: Session, user: Session) -> None:
        self.say(session, UserSpeed(user.nick, session.link_type))


# --- pings


@mutant(breaks="NAP-PNG-01")
class PassesPingsAsTheyAre(Server):
    """Passes a ping on with the nick of the one who is asked."""

    def pass_ping(self, session: Session, pinged: Session, message: UserPing) -> None:
        self.say(pinged, message)


@mutant(breaks="NAP-PNG-01")
class AnswersPingsItself(Server):
    """Passes a ping on, and answers it in the place of the one who is asked."""

    def pass_ping(self, session: Session, pinged: Session, message: UserPing) -> None:
        super().pass_ping(session, pinged, message)
        self.say(session, UserPong(pinged.nick))


@mutant(breaks="NAP-PNG-02")
class PassesPongsAsTheyAre(Server):
    """Passes a pong on with the nick of the one who had asked."""

    def pass_pong(self, session: Session, asker: Session, message: UserPong) -> None:
        self.say(asker, message)


@mutant(breaks="NAP-PNG-03")
class IsSilentAboutLostPings(Server):
    """Does not answer a ping for a user who is not there."""

    def refuse_ping(self, session: Session, nick: str) -> None:
        return
