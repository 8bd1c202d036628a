"""Searches by checksum gone wrong."""

from __future__ import annotations

from ....codecs.napster import Packet, ResumeHit, ResumeSearch
from ....reference.napster import Server
from ....reference.napster.server.index import Entry
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-RSM-01")
class IgnoresTheSize(Server):
    """Gives all files with the checksum, whatever their size."""

    def copies(self, md5: str, size: int) -> list[Entry]:
        return [Entry(user, file) for user in self.sharers for file in self.index.files(user) if file.md5 == md5]


@mutant(breaks="NAP-RSM-01")
class IgnoresTheChecksum(Server):
    """Gives all files of the size, whatever their checksum."""

    def copies(self, md5: str, size: int) -> list[Entry]:
        return [Entry(user, file) for user in self.sharers for file in self.index.files(user) if file.size == size]


@mutant(breaks="NAP-RSM-01")
class GivesOneCopy(Server):
    """Gives the first user who has the file, and no other."""

    def copies(self, md5: str, size: int) -> list[Entry]:
        return super().copies(md5, size)[:1]


@mutant(breaks="NAP-RSM-02")
class LeavesTheListOpen(Server):
    """Does not end the answer to a search by checksum."""

    def end_copies(self, session: Session) -> None:
        pass


@mutant(breaks="NAP-RSM-02")
class EndsTheListTwice(Server):
    """Ends the answer to a search by checksum twice."""

    def end_copies(self, session: Session) -> None:
        super().end_copies(session)
        super().end_copies(session)


@mutant(breaks="NAP-RSM-03")
class LeavesTheLinkTypeUnknown(Server):
    """Gives link type 0 in every 216."""

    def copy(self, entry: Entry) -> ResumeHit:
        return super().copy(entry).replace(link=0)


@mutant(breaks="NAP-RSM-03")
class GivesThePortOfTheSession(Server):
    """Gives in a 216 the port that the owner's connection comes from."""

    def copy(self, entry: Entry) -> ResumeHit:
        return super().copy(entry).replace(port=self.sharers[entry.user].remote[1])


@mutant(breaks="NAP-RSM-04")
class WritesNamesBare(Server):
    """Writes the name in a 216 without quotes, as the text shows it."""

    def on_resume_search(self, session: Session, message: ResumeSearch) -> None:
        for entry in self.copies(message.md5, message.size):
            body = self.copy(entry).encode().replace(b'"', b"")
            self.send(session, Packet.of_raw(ResumeHit.wire_type or 0, body).encode())
        super().on_resume_search(session, message.replace(md5="-") if message.size else message)


@mutant(breaks="NAP-RSM-05")
class TakesZeroForASize(Server):
    """Searches for files of no bytes."""

    def can_be_size(self, size: int) -> bool:
        return True


@mutant(breaks="NAP-RSM-05")
class EndsWhatItRefuses(Server):
    """Answers a search for no size like one that finds nothing."""

    def refuse_resume(self, session: Session, size: int) -> None:
        self.end_copies(session)
