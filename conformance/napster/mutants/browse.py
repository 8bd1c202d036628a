"""Browsing gone wrong."""

from __future__ import annotations

from ....codecs.napster import (
    BrowseEnd,
    BrowseEntry,
    DirectBrowse,
    DirectBrowseAccepted,
    DirectBrowseRequest,
    PeerAddress,
)
from ....reference.napster import Server
from ....reference.napster.server.index import SharedFile
from ....reference.napster.server.session import Session
from ...mutants import mutant

# --- through the server


@mutant(breaks="NAP-BRW-01")
class ListsTheFilesOfAll(Server):
    """Lists the files of everybody under the nick of one."""

    def listed(self, owner: Session, maximum: int | None) -> list[SharedFile]:
        return [file for user in self.sharers for file in self.index.files(user)]


@mutant(breaks="NAP-BRW-01", also=("NAP-FRM-06",))
class ListsFourFiles(Server):
    """Ends a list after four files."""

    def listed(self, owner: Session, maximum: int | None) -> list[SharedFile]:
        return super().listed(owner, maximum)[:4]


@mutant(breaks="NAP-BRW-02", also=("NAP-SHR-13",))
class SwapsBitrateAndFrequencyInLists(Server):
    """Gives the frequency before the bitrate in a 212."""

    def browse_entry(self, owner: Session, file: SharedFile) -> BrowseEntry:
        return super().browse_entry(owner, file).replace(bitrate=file.frequency, frequency=file.bitrate)


@mutant(breaks="NAP-BRW-03")
class EndsWithTheNickOfTheAsker(Server):
    """Names the one who asks in the 213."""

    def end_browse(self, session: Session, nick: str) -> None:
        self.say(session, BrowseEnd(session.nick))


@mutant(breaks="NAP-BRW-03")
class EndsListsThatHaveEntries(Server):
    """Says nothing of a user who shares nothing."""

    def end_browse(self, session: Session, nick: str) -> None:
        owner = self.user(nick)
        if owner is None or owner.shared:
            super().end_browse(session, nick)


@mutant(breaks="NAP-BRW-05")
class EndsListsOfNobody(Server):
    """Answers the browse of one who is not there like that of one who shares nothing."""

    def say_absent(self, session: Session, nick: str) -> None:
        pass


@mutant(breaks="NAP-BRW-05")
class ComplainsOfAbsence(Server):
    """Answers the browse of one who is not there with 404."""

    def say_absent(self, session: Session, nick: str) -> None:
        self.error(session, f"{nick} is not there")


# --- directly


@mutant(breaks="NAP-BRW-07")
class TellsOwnersTheirOwnNick(Server):
    """Puts the nick of the one who is asked into the 640."""

    def ask_for_list(self, session: Session, owner: Session) -> None:
        self.say(owner, DirectBrowse(owner.nick, address=self.address_to_browse(session, owner)))


@mutant(breaks="NAP-BRW-08")
class SendsAskersToThemselves(Server):
    """Gives in a 641 the address of the one who asked."""

    def introduce(self, session: Session, asker: Session) -> None:
        self.say(asker, DirectBrowseAccepted(session.nick, *self.place(asker)))


@mutant(breaks="NAP-BRW-08")
class KeepsAcceptancesToItself(Server):
    """Does not relay a 641."""

    def introduce(self, session: Session, asker: Session) -> None:
        pass


@mutant(breaks="NAP-BRW-09")
class LeavesOutTheAddress(Server):
    """Does not tell a firewalled user where to bring its list."""

    def address_to_browse(self, session: Session, owner: Session) -> PeerAddress | None:
        return None


@mutant(breaks="NAP-BRW-10")
class LetsAskersWait(Server):
    """Does not answer a direct browse that cannot take place."""

    def refuse_direct_browse(self, session: Session, nick: str, reason: str) -> None:
        pass


@mutant(breaks="NAP-BRW-10")
class AsksAllTheSame(Server):
    """Asks a user for its list who cannot give it, and says so to the one who wants it."""

    def on_direct_browse(self, session: Session, message: DirectBrowseRequest) -> None:
        super().on_direct_browse(session, message)
        owner = self.user(message.nick)
        if owner is not None and not (owner.shared and (session.data_port or owner.data_port)):
            self.ask_for_list(session, owner)
