"""Metaservers misunderstood."""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.napster import Redirection
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ....reference.node import Address
from ...mutants import mutant


@mutant(breaks="NAP-MET-06")
class ReadsTheLineFromOneSegment(Peer):
    """Reads of a metaserver's line what comes in the last segment."""

    def read_line(self, link: PeerLink, data: bytes) -> None:
        link.buffer.clear()
        super().read_line(link, data)


@mutant(breaks="NAP-MET-06")
class WantsLf(Peer):
    """Takes a line without LF for none."""

    def line_at_end(self, data: bytes) -> bytes:
        return b""


@mutant(breaks="NAP-MET-06")
class WaitsForTheEnd(Peer):
    """Reads a metaserver's line when the connection is closed, not before."""

    def line_in(self, data: bytes) -> bytes | None:
        return None


@mutant(breaks="NAP-MET-07")
class GoesToItself(Peer):
    """Logs in at 127.0.0.1 when all servers are full."""

    def is_busy(self, host: str) -> bool:
        return False


@mutant(breaks="NAP-MET-08")
class DiesOfPort0(Peer):
    """Dies of a metaserver that names the port 0."""

    def server_in(self, line: bytes) -> Address | None:
        if line.endswith(b":0\n"):
            raise OverflowError("port must be 1-65535")
        return super().server_in(line)


@mutant(breaks="NAP-MET-08")
class DiesOfALineWithoutAnAddress(Peer):
    """Dies of a metaserver that names no server."""

    def server_in(self, line: bytes) -> Address | None:
        try:
            Redirection.decode(line)
        except DecodeError as error:
            raise ValueError("not enough values to unpack") from error
        return super().server_in(line)
