"""Peers that die of what they are sent."""

from __future__ import annotations

from ....codecs.napster import Packet
from ....reference.napster import Peer
from ....reference.napster.peer.downloading import Download
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant

_PUSH_ORDER = 501


@mutant(breaks="NAP-LIM-08")
class DiesOfACutOrder(Peer):
    """Dies of a 501 that cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == _PUSH_ORDER:
            raise IndexError("list index out of range")


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
