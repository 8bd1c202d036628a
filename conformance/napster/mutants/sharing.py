"""Sharing gone wrong."""

from __future__ import annotations

from collections.abc import Collection

from ....codecs.constructs import to_text
from ....codecs.errors import DecodeError
from ....codecs.napster import SearchResult, ShareDirectory, UnsharedAll
from ....reference.napster import Server
from ....reference.napster.server.index import Entry, SharedFile
from ....reference.napster.server.postings import Wanted
from ....reference.napster.server.session import Session
from ....reference.node import Address
from ...mutants import mutant

# --- adding a file


@mutant(breaks="NAP-SHR-01", also=("NAP-TXT-01",))
class SwapsBitrateAndFrequency(Server):
    """Gives the frequency before the bitrate in a result."""

    def result(self, entry: Entry, flags: Collection[str]) -> SearchResult:
        result = super().result(entry, flags)
        return result.replace(bitrate=result.frequency, frequency=result.bitrate)


@mutant(breaks="NAP-SHR-01")
class GivesTheTimeInMinutes(Server):
    """Gives the time of a file in minutes."""

    def result(self, entry: Entry, flags: Collection[str]) -> SearchResult:
        return super().result(entry, flags).replace(seconds=entry.file.seconds // 60)


@mutant(breaks="NAP-SHR-02")
class CutsTheSizeOffChecksums(Server):
    """Keeps of a checksum what stands before the hyphen."""

    def kept_checksum(self, md5: str) -> str:
        return md5.partition("-")[0]


@mutant(breaks="NAP-SHR-02")
class LowersChecksums(Server):
    """Turns the letters of checksums into small ones."""

    def kept_checksum(self, md5: str) -> str:
        return md5.lower()


@mutant(breaks="NAP-SHR-03")
class AcknowledgesShares(Server):
    """Answers every share with the number of files so far."""

    def acknowledge_share(self, session: Session, file: SharedFile) -> None:
        self.say(session, UnsharedAll(session.shared))


@mutant(breaks="NAP-SHR-04")
class EntersHalfShares(Server):
    """Complains of a share that lacks a field, and enters it with zeros all the same."""

    def on_bad_share(self, session: Session, body: bytes, error: DecodeError) -> None:
        super().on_bad_share(session, body, error)
        self.share(session, SharedFile(to_text(body.strip(b'"').partition(b'"')[0]), "0" * 32, 0))


@mutant(breaks="NAP-SHR-05")
class RefusesSharesInSilence(Server):
    """Does not say that it has not accepted a share."""

    def refuse_share(self, session: Session, text: str) -> None:
        pass


@mutant(breaks="NAP-SHR-06")
class LosesTheHighestBit(Server):
    """Keeps 31 bits of a size of 32."""

    def kept_size(self, size: int) -> int:
        return size & ~(1 << 31)


@mutant(breaks="NAP-SHR-07")
class CutsSizesTo32Bits(Server):
    """Keeps the lower 32 bits of a size."""

    def kept_size(self, size: int) -> int:
        return size & 0xFFFF_FFFF


# --- taking files back


@mutant(breaks="NAP-SHR-08")
class EndsNamesAtABlank(Server):
    """Takes the name in a 102 to end at the first blank."""

    def unshared_name(self, text: str) -> str:
        return text.partition(" ")[0]


@mutant(breaks="NAP-SHR-08")
class TakesTheOthersBackToo(Server):
    """Takes all files of a user back when it takes back one."""

    def unshare(self, session: Session, file: SharedFile) -> None:
        self.unshare_all(session)


@mutant(breaks="NAP-SHR-10")
class SaysNothingOfUnknownFiles(Server):
    """Does not answer a 102 for a file that is not shared."""

    def refuse_unshare(self, session: Session, name: str) -> None:
        pass


@mutant(breaks="NAP-SHR-11")
class KeepsTheFilesAfter110(Server):
    """Answers 110 with a number, and keeps the files."""

    def unshare_all(self, session: Session) -> int:
        return session.shared


# --- a directory at once


@mutant(breaks="NAP-SHR-13")
class GivesAllThePropertiesOfTheFirst(Server):
    """Enters the files of an 870 with the size and the quality of the first of them."""

    def on_share_directory(self, session: Session, message: ShareDirectory) -> None:
        alike = tuple(message.files[0].replace(file=file.file) for file in message.files)
        super().on_share_directory(session, message.replace(files=alike))


@mutant(breaks="NAP-SHR-14")
class AddsABackslashAlways(Server):
    """Puts a backslash behind the directory that ends with one."""

    def path(self, directory: str, file: str) -> str:
        return f"{directory}\\{file}"


@mutant(breaks="NAP-SHR-14")
class JoinsWithASlash(Server):
    """Joins directory and file as the text of 870 has it."""

    def path(self, directory: str, file: str) -> str:
        return f"{directory}/{file}"


# --- the index


@mutant(breaks="NAP-SHR-16")
class GivesEqualFilesOnce(Server):
    """Gives one of several equal files."""

    def found(self, wanted: Wanted) -> list[Entry]:
        return list({each.file: each for each in super().found(wanted)}.values())


@mutant(breaks="NAP-SHR-17")
class EntersAFileTwice(Server):
    """Enters a file again that the user shares already."""

    def is_shared_already(self, session: Session, name: str) -> bool:
        return False


@mutant(breaks="NAP-SHR-18")
class GivesItsOwnAddress(Server):
    """Gives the address of the server with each result."""

    def sharer(self, user: int) -> tuple[str, str, int]:
        nick, _, link = super().sharer(user)
        return nick, self.address[0], link


@mutant(breaks="NAP-SHR-18", also=("NAP-LOG-23",))
class GivesNoLinkType(Server):
    """Gives link type 0 with each result."""

    def result(self, entry: Entry, flags: Collection[str]) -> SearchResult:
        return super().result(entry, flags).replace(link=0)


@mutant(breaks="NAP-SHR-19", also=("NAP-SIG-03", "NAP-SIG-11", "NAP-SIG-13", "NAP-RSM-03", "NAP-BRW-08", "NAP-BRW-09"))
class GivesThePortOfTheConnection(Server):
    """Says of a file that it lies at the other end of its user's connection."""

    def place(self, session: Session) -> Address:
        return session.remote


@mutant(breaks="NAP-SHR-20")
class KeepsTheFilesOfThoseWhoHaveGone(Server):
    """Leaves files in its index when their user has gone."""

    def forget_shares(self, session: Session) -> None:
        pass


@mutant(breaks="NAP-SHR-21")
class CountsWhatWasTakenBack(Server):
    """Counts the files that a user has shared, whatever it has taken back."""

    def count_shared(self, session: Session, files: int, size: int) -> None:
        if files > 0:
            super().count_shared(session, files, size)
