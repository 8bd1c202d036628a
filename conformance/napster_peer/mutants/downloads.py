"""Downloads gone wrong."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import DownloadRequest, GetFile, Packet
from ....reference.napster import Peer
from ....reference.napster.peer.downloading import Download
from ....reference.napster.peer.link import PeerLink
from ....reference.node import Address
from ...mutants import mutant


@mutant(breaks="NAP-TXT-08", also=("NAP-TRF-15",))
class ReadsAddressesTheOtherWay(Peer):
    """Takes the first octet of an address for the highest byte of its number."""

    def address_of(self, ip: str, port: int) -> Address:
        return ".".join(reversed(ip.split("."))), port


@mutant(breaks="NAP-TXT-09")
class AsksWithoutQuotes(Peer):
    """Asks the server for a file without quotes around its name."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        if not isinstance(message, DownloadRequest):
            return data
        return Packet.of_raw(203, data[4:].replace(b'"', b"")).encode()


@mutant(breaks="NAP-TRF-03")
class AsksBeforeTheGreeting(Peer):
    """Asks for the file as soon as it is connected."""

    def reached_owner(self, link: PeerLink) -> None:
        super().reached_owner(link)
        if link.download is not None:
            self.send(link, self.get_request(link.download))


@mutant(breaks="NAP-TRF-04")
class AsksInALine(Peer):
    """Ends its request with a LF."""

    def get_request(self, download: Download) -> bytes:
        return super().get_request(download) + b"\n"


@mutant(breaks="NAP-TRF-04")
class WritesABlankAfterGet(Peer):
    """Separates GET from its nick by a blank."""

    def get_request(self, download: Download) -> bytes:
        return super().get_request(download).replace(b"GET", b"GET ", 1)


@mutant(breaks="NAP-TRF-04")
class AsksUnderTheOwnersNick(Peer):
    """Gives in its request the nick of who has the file."""

    def get_request(self, download: Download) -> bytes:
        return GetFile(download.nick, self.wanted_name(download), self.resume_offset(download)).encode()


@mutant(breaks="NAP-TRF-05")
class AsksForTheLastPartOfTheName(Peer):
    """Asks the owner for the file by the last part of its name."""

    def wanted_name(self, download: Download) -> str:
        return super().wanted_name(download).replace("/", "\\").rpartition("\\")[2]


@mutant(breaks="NAP-TRF-05")
class AsksInAscii(Peer):
    """Asks the owner for the file by its name without the bytes above 127."""

    def wanted_name(self, download: Download) -> str:
        return super().wanted_name(download).encode("ascii", "replace").decode()


@mutant(breaks="NAP-TRF-23")
class ReadsAllDigits(Peer):
    """Takes all digits for the size, those of the file as well."""

    def size_length(self, data: bytes, known: int | None) -> int | None:
        return super().size_length(data, None)


@mutant(breaks="NAP-TRF-24", also=("NAP-TRF-21", "NAP-TRF-26"))
class TakesHalfForAll(Peer):
    """Takes a file for complete when half of it is there."""

    def is_complete(self, download: Download) -> bool:
        return self.store.length(download.part) >= (download.size or 0) // 2


@mutant(breaks="NAP-TRF-25")
class TakesWhateverComes(Peer):
    """Takes bytes beyond the size for a part of the file."""

    def wanted_of(self, download: Download, data: bytes) -> bytes:
        return data


@mutant(breaks="NAP-TRF-26")
class BeginsAnew(Peer):
    """Asks for a file that broke off from its beginning."""

    def get_request(self, download: Download) -> bytes:
        return GetFile(self.config.nick, self.wanted_name(download), 0).encode()


@mutant(breaks="NAP-TRF-29")
class KeepsItsFailuresToItself(Peer):
    """Does not tell the server of a data port that it cannot reach."""

    def report_unreachable(self, download: Download) -> None:
        return


@mutant(breaks="NAP-TRF-30")
class TakesNamesForPaths(Peer):
    """Keeps a file under the path that its owner has given it."""

    def local_name(self, file: str) -> str:
        return file.replace("\\", "/")


@mutant(breaks="NAP-TRF-31")
class TellsOfNoDownload(Peer):
    """Does not tell the server when a download begins."""

    def tell_download_began(self) -> None:
        return


@mutant(breaks="NAP-TRF-31")
class NeverEndsADownload(Peer):
    """Does not tell the server when a download has ended."""

    def tell_download_ended(self) -> None:
        return
