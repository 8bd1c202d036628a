"""Lists of files gone wrong."""

from __future__ import annotations

from collections.abc import Iterator

from ....codecs.napster import DirectBrowse, DirectBrowseAccept
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant


@mutant(breaks="NAP-BRW-11")
class ListsWithoutItsNick(Peer):
    """Begins its list with the first file."""

    def list_head(self) -> bytes:
        return b""


@mutant(breaks="NAP-BRW-11")
class LeavesOutTheLastLf(Peer):
    """Ends its list after the line of the last file."""

    def list_lines(self) -> Iterator[bytes]:
        yield b"".join(super().list_lines()).removesuffix(b"\n")


@mutant(breaks="NAP-BRW-12")
class KnowsGetlistAloneOnly(Peer):
    """Refuses GETLIST with a LF after it."""

    def take_request(self, link: PeerLink) -> None:
        if link.buffer == b"GETLIST\n":
            self.refuse(link, "INVALID REQUEST")
        else:
            super().take_request(link)


@mutant(breaks="NAP-BRW-12")
class WantsGetlistInOneSegment(Peer):
    """Refuses GETLIST when it comes in pieces."""

    def read_request(self, link: PeerLink, data: bytes) -> None:
        if link.buffer == b"GETL":
            self.refuse(link, "INVALID REQUEST")
        else:
            super().read_request(link, data)


@mutant(breaks="NAP-BRW-13")
class IgnoresBrowsers(Peer):
    """Does not answer who wants its list."""

    def accept_browse(self, message: DirectBrowse) -> None:
        return


@mutant(breaks="NAP-BRW-13")
class AnswersBrowsersWithItsNick(Peer):
    """Accepts a direct browse with its own nick."""

    def accept_browse(self, message: DirectBrowse) -> None:
        self.say(DirectBrowseAccept(self.config.nick))
