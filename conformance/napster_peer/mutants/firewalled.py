"""Firewalled uploaders gone wrong."""

from __future__ import annotations

from ....codecs.napster import FileSize, Offset, PushOrder
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ....reference.napster.peer.uploading import Upload
from ...mutants import mutant


@mutant(breaks="NAP-PER-03")
class SaysThatItCanBeReached(Peer):
    """Gives a port although nobody can connect to it."""

    def told_port(self) -> int:
        return self.data_port()


@mutant(breaks="NAP-TRF-15")
class StaysAtHome(Peer):
    """Does not connect to who wants a file."""

    def on_push_order(self, message: PushOrder) -> None:
        return


@mutant(breaks="NAP-TRF-16")
class OffersTheLastPartOfTheName(Peer):
    """Offers a file by the last part of its name."""

    def send_request(self, upload: Upload) -> bytes:
        base = Upload(upload.nick, upload.share, upload.name.rpartition("\\")[2])
        return super().send_request(base)


@mutant(breaks="NAP-TRF-16")
class OffersInALine(Peer):
    """Ends its offer with a LF."""

    def send_request(self, upload: Upload) -> bytes:
        return super().send_request(upload) + b"\n"


@mutant(breaks="NAP-TRF-16")
class OffersBeforeTheGreeting(Peer):
    """Offers the file without waiting for the 1."""

    def reached_downloader(self, link: PeerLink) -> None:
        super().reached_downloader(link)
        if link.upload is not None:
            self.send(link, self.send_request(link.upload))


@mutant(breaks="NAP-TRF-17")
class BringsAllFromTheBeginning(Peer):
    """Takes no notice of the offset in the answer."""

    def offset_in(self, digits: bytes) -> int | None:
        return 0


@mutant(breaks="NAP-TRF-17")
class ReadsTheOffsetAsAnInteger(Peer):
    """Takes the answer for an integer of four bytes."""

    def offset_in(self, digits: bytes) -> int | None:
        return int.from_bytes(digits[:4], "little") % 1000


@mutant(breaks="NAP-TRF-17")
class TakesTheFirstDigitOfTheOffset(Peer):
    """Begins to send at the first digit of the answer."""

    def read_offset(self, link: PeerLink, data: bytes) -> None:
        link.buffer += data
        if link.buffer.isdigit():
            self.take_offset(link)
        else:
            self.take_no_offset(link)


@mutant(breaks="NAP-TRF-17")
class BringsTheSizeAsWell(Peer):
    """Writes the size before the file, as to who has connected."""

    def begin_upload(self, link: PeerLink, upload: Upload, offset: int, size: bytes) -> None:
        super().begin_upload(link, upload, offset, size or FileSize(upload.share.size).encode())


@mutant(breaks="NAP-TRF-18")
class BringsItAllTheSame(Peer):
    """Sends the file to who refuses it."""

    def take_no_offset(self, link: PeerLink) -> None:
        link.buffer[:] = Offset(0).encode()
        self.take_offset(link)


@mutant(breaks="NAP-TRF-19")
class GoesWhereItIsSent(Peer):
    """Connects to whomever a server names, whether it has accepted an upload or not."""

    def push_allowed(self, message: PushOrder) -> bool:
        return True
