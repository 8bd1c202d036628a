"""Hotlists gone wrong."""

from __future__ import annotations

from ....codecs.napster import HotlistAck, HotlistInitial, HotlistRemove, SignOff, SignOn
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-HOT-01")
class ListsWithoutAWord(Server):
    """Puts a user on a hotlist and does not say so."""

    def acknowledge_listed(self, session: Session, nick: str) -> None:
        return


@mutant(breaks="NAP-HOT-01")
class AcknowledgesTheLister(Server):
    """Puts the nick of the one who asks into the acknowledgement of a 207."""

    def acknowledge_listed(self, session: Session, nick: str) -> None:
        self.say(session, HotlistAck(session.nick))


@mutant(breaks="NAP-HOT-02")
class TellsNobodyOfLogins(Server):
    """Tells nobody that a user of their hotlist has come."""

    def tell_sign_on(self, user: Session, watchers: list[Session]) -> None:
        return


@mutant(breaks="NAP-HOT-02")
class TellsOfLoginsWithTheWatchersLink(Server):
    """Tells of a login with the link type of the one who is told."""

    def tell_sign_on(self, user: Session, watchers: list[Session]) -> None:
        for watcher in watchers:
            self.say(watcher, SignOn(user.nick, watcher.link_type))


@mutant(breaks="NAP-HOT-03")
class TellsOfLaterLoginsOnly(Server):
    """Does not tell that a user who is put on a hotlist is there already."""

    def tell_presence(self, session: Session, listed: Session) -> None:
        return


@mutant(breaks="NAP-HOT-04")
class TellsNobodyOfLeaving(Server):
    """Tells nobody that a user of their hotlist has gone."""

    def tell_sign_off(self, user: Session, watchers: list[Session]) -> None:
        return


@mutant(breaks="NAP-HOT-04")
class TellsTwiceOfLeaving(Server):
    """Tells twice that a user of a hotlist has gone."""

    def tell_sign_off(self, user: Session, watchers: list[Session]) -> None:
        for watcher in watchers:
            self.say(watcher, SignOff(user.nick), SignOff(user.nick))


@mutant(breaks="NAP-HOT-05")
class TakesNobodyOffTheHotlist(Server):
    """Goes on telling of a user who was taken off a hotlist."""

    def on_hotlist_remove(self, session: Session, message: HotlistRemove) -> None:
        return


@mutant(breaks="NAP-HOT-06")
class KnowsNo208(Server):
    """Does not take note of the hotlist that a peer sends after its login."""

    def on_hotlist_initial(self, session: Session, message: HotlistInitial) -> None:
        return
