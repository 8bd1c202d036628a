"""Peers that die of what they are sent."""

from __future__ import annotations

from ....codecs.napster import Packet
from ....reference.napster import Peer
from ....reference.napster.peer.downloading import Download
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant

_PUSH_ORDER, _REQUEST, _ACKNOWLEDGEMENT, _ERROR = 501, 607, 204, 206


@mutant(breaks="NAP-LIM-08")
class DiesOfACutOrder(Peer):
    """Dies of a 501 that cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == _PUSH_ORDER:
            raise IndexError("list index out of range")


@mutant(breaks="NAP-LIM-08")
class DiesOfACutAcknowledgement(Peer):
    """Dies of a 204 that cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == _ACKNOWLEDGEMENT:
            raise IndexError("list index out of range")


@mutant(breaks="NAP-LIM-08")
class DiesOfACutRequest(Peer):
    """Dies of a 607 that cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == _REQUEST:
            raise IndexError("list index out of range")


@mutant(breaks="NAP-LIM-08")
class DiesOfACutError(Peer):
    """Dies of a 206 that cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == _ERROR:
            raise IndexError("list index out of range")


@mutant(breaks="NAP-LIM-08")
class DiesInTheMiddleOfAMessage(Peer):
    """Dies when its server leaves in the middle of a message."""

    def gone(self, link: PeerLink) -> None:
        if link.reader is not None and link.reader.pending:
            raise EOFError("a message was cut off")
        super().gone(link)


@mutant(breaks="NAP-LIM-09")
class DiesOfALongRequest(Peer):
    """Dies of a request for a name of some thousand bytes."""

    def take_request(self, link: PeerLink) -> None:
        if len(link.buffer) > 4096:
            raise MemoryError("stack smashing detected")
        super().take_request(link)


@mutant(breaks="NAP-LIM-09")
class DiesOfNoise(Peer):
    """Dies of a request that is no text."""

    def read_request(self, link: PeerLink, data: bytes) -> None:
        data.decode("utf-8")
        super().read_request(link, data)


@mutant(breaks="NAP-LIM-10")
class DiesOfAnOddRefusal(Peer):
    """Dies of a refusal that is no ASCII."""

    def take_refusal(self, link: PeerLink, download: Download, text: bytes) -> None:
        text.decode("ascii")
        super().take_refusal(link, download, text)


@mutant(breaks="NAP-LIM-10")
class DiesOfALongSize(Peer):
    """Dies of a size that is no number it can hold."""

    def size_said(self, digits: bytes) -> int | None:
        if (size := super().size_said(digits)) is None:
            raise OverflowError("int too large to convert")
        return size


@mutant(breaks="NAP-LIM-10")
class ReadsEndlessNumbers(Peer):
    """Dies of a size of more digits than its language reads."""

    def size_length(self, data: bytes, known: int | None) -> int | None:
        if data.isdigit():
            int(data)
        return super().size_length(data, known)


@mutant(breaks="NAP-LIM-10")
class DiesOfSilence(Peer):
    """Dies when an uploader leaves without an answer."""

    def try_again(self, download: Download, event: str, reason: str) -> None:
        if event == "broken off" and not self.resume_offset(download):
            raise ValueError("invalid literal for int() with base 10: ''")
        super().try_again(download, event, reason)
