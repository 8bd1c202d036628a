"""Firewalled owners misunderstood."""

from __future__ import annotations

from ....codecs.napster import DownloadAck, Offset, SendFile
from ....reference.napster import Peer
from ....reference.napster.peer.downloading import Download
from ...mutants import mutant


@mutant(breaks="NAP-TRF-20")
class ConnectsToPort0(Peer):
    """Takes port 0 for a port."""

    def owner_is_firewalled(self, message: DownloadAck) -> bool:
        return False


@mutant(breaks="NAP-TRF-21")
class AnswersWithAnInteger(Peer):
    """Answers an offer with the offset as an integer of four bytes."""

    def offset_answer(self, download: Download) -> bytes:
        return self.resume_offset(download).to_bytes(4, "little")


@mutant(breaks="NAP-TRF-21")
class AnswersInALine(Peer):
    """Ends the offset with a LF."""

    def offset_answer(self, download: Download) -> bytes:
        return super().offset_answer(download) + b"\n"


@mutant(breaks="NAP-TRF-21")
class AlwaysWantsAll(Peer):
    """Answers an offer with 0, whatever it has of the file."""

    def offset_answer(self, download: Download) -> bytes:
        return Offset(0).encode()


@mutant(breaks="NAP-TRF-22")
class TakesTheFileFromAnybody(Peer):
    """Takes a file that it waits for under whatever nick it is offered."""

    def awaited_download(self, request: SendFile) -> Download | None:
        waiting = (each for each in self.downloads if each.state == "awaiting a call")
        return next((each for each in waiting if each.file == request.file), None)


@mutant(breaks="NAP-TRF-22")
class TakesWhateverIsOffered(Peer):
    """Takes files that it has not asked for."""

    def awaited_download(self, request: SendFile) -> Download | None:
        if found := super().awaited_download(request):
            return found
        gift = Download(len(self.downloads), request.nick, request.file, request.size, "", "gift")
        gift.state = "awaiting a call"
        self.downloads.append(gift)
        return gift
