"""Requests answered wrongly."""

from __future__ import annotations

from pathlib import Path

from ....codecs.napster import GetFile
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ....reference.napster.peer.shares import Share
from ....reference.shares import FileContent
from ...mutants import mutant


@mutant(breaks="NAP-TRF-06", also=("NAP-BRW-12",))
class ForgetsTheVerb(Peer):
    """Loses the verb of a request when it comes in a segment of its own."""

    def read_request(self, link: PeerLink, data: bytes) -> None:
        if link.buffer == b"GET":
            link.buffer.clear()
        super().read_request(link, data)


@mutant(breaks="NAP-TRF-06")
class TakesTheFirstDigit(Peer):
    """Takes a request as whole at the first digit of the offset."""

    def read_request(self, link: PeerLink, data: bytes) -> None:
        super().read_request(link, data)
        if link.id in self.links and link.buffer.endswith(b'" 1'):
            self.take_request(link)


@mutant(breaks="NAP-TRF-07")
class WritesTheSizeInALine(Peer):
    """Ends the size with a LF."""

    def size_told(self, share: Share) -> bytes:
        return super().size_told(share) + b"\n"


@mutant(breaks="NAP-TRF-07")
class WritesABlankBeforeTheSize(Peer):
    """Begins its answer with a blank."""

    def size_told(self, share: Share) -> bytes:
        return b" " + super().size_told(share)


@mutant(breaks="NAP-TRF-08")
class SpoilsTheEnds(Peer):
    """Sends another byte at the end of each piece."""

    def piece(self, share: Share, offset: int, count: int) -> bytes:
        return super().piece(share, offset, count)[:-1] + b"\0"


@mutant(breaks="NAP-TRF-09")
class SendsAllFromTheBeginning(Peer):
    """Takes no notice of the offset."""

    def start_of(self, request: GetFile) -> int:
        return 0


@mutant(breaks="NAP-TRF-09")
class CountsFromOne(Peer):
    """Takes the offset for the number of a byte, the first being 1."""

    def start_of(self, request: GetFile) -> int:
        return max(0, request.offset - 1)


@mutant(breaks="NAP-TRF-10")
class StaysAfterTheFile(Peer):
    """Keeps the connection open after the last byte of a file."""

    def sent_all(self, link: PeerLink) -> None:
        if link.upload is None:
            super().sent_all(link)


@mutant(breaks="NAP-TRF-11")
class TakesAnyOffset(Peer):
    """Answers a request for no byte of a file by its size."""

    def offset_in_file(self, share: Share, offset: int) -> bool:
        return True


@mutant(breaks="NAP-TRF-11")
class TakesLettersForZero(Peer):
    """Takes an offset that is not a number for 0."""

    def take_request(self, link: PeerLink) -> None:
        head, _, offset = bytes(link.buffer).rpartition(b'" ')
        if head and not offset.isdigit():
            link.buffer[:] = head + b'" 0'
        super().take_request(link)


@mutant(breaks="NAP-TRF-12")
class RefusesWithoutAWord(Peer):
    """Closes the connection on a request that it does not serve, and says nothing."""

    def refuse(self, link: PeerLink, text: str) -> None:
        self.end(link, "other request")


@mutant(breaks="NAP-TRF-13")
class GivesToWhoeverComes(Peer):
    """Sends a file to who has not asked for it by way of the server."""

    def get_allowed(self, request: GetFile) -> bool:
        return True


@mutant(breaks="NAP-TRF-13")
class KnowsFilesOnly(Peer):
    """Sends a file that it has accepted to give to one user to any other."""

    def get_allowed(self, request: GetFile) -> bool:
        return any(file == request.file for _, file in self.accepted.keys(self.now))


@mutant(breaks="NAP-TRF-14")
class FindsFilesByTheirLastPart(Peer):
    """Takes of the name that is asked for only the part after the last slash."""

    def shared_as(self, name: str) -> Share | None:
        base = name.replace("/", "\\").rpartition("\\")[2]
        return next((share for share in self.shares if share.base == base), None)


@mutant(breaks="NAP-TRF-14")
class OpensWhateverIsNamed(Peer):
    """Sends any file of its machine."""

    def shared_as(self, name: str) -> Share | None:
        path = Path(name.replace("\\", "/"))
        if (share := super().shared_as(name)) is None and path.is_file():
            return Share(name, FileContent(path, path.stat().st_size))
        return share
