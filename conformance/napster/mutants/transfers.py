"""The counting of transfers and the limits of queues gone wrong."""

from __future__ import annotations

from ....codecs.napster import DownloadEnd, DownloadStart, QueueLimited, UploadEnd, UploadStart
from ....reference.napster import Server
from ....reference.napster.server.index import SharedFile
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-CNT-01")
class CountsOneDownload(Server):
    """Knows only whether a user downloads, not how often."""

    def on_download_start(self, session: Session, message: DownloadStart) -> None:
        session.downloads = 1


@mutant(breaks="NAP-CNT-01")
class CountsDownloadsUp(Server):
    """Does not take note of the end of a download."""

    def on_download_end(self, session: Session, message: DownloadEnd) -> None:
        return


@mutant(breaks="NAP-CNT-02")
class CountsOneUpload(Server):
    """Knows only whether a user uploads, not how often."""

    def on_upload_start(self, session: Session, message: UploadStart) -> None:
        session.uploads = 1


@mutant(breaks="NAP-CNT-02")
class CountsUploadsUp(Server):
    """Does not take note of the end of an upload."""

    def on_upload_end(self, session: Session, message: UploadEnd) -> None:
        return


@mutant(breaks="NAP-CNT-03")
class CountsRoundTheCorner(Server):
    """Keeps counts of transfers as 32-bit numbers without a sign, and takes one off 0."""

    def one_less(self, count: int) -> int:
        return (count - 1) % 2**32


@mutant(breaks="NAP-QUE-01")
class SwapsSizeAndLimit(Server):
    """Gives the limit as the size of the file in a 620, and the size as the limit."""

    def pass_queue_limit(self, session: Session, requester: Session, file: SharedFile, limit: int) -> None:
        self.say(requester, QueueLimited(session.nick, file.name, limit, file.size))


@mutant(breaks="NAP-QUE-01")
class TellsTheDownloadersNick(Server):
    """Gives the nick of the one who is told in a 620."""

    def pass_queue_limit(self, session: Session, requester: Session, file: SharedFile, limit: int) -> None:
        self.say(requester, QueueLimited(requester.nick, file.name, file.size, limit))


@mutant(breaks="NAP-QUE-02")
class IsSilentAboutLostLimits(Server):
    """Does not say that it cannot pass a 619 on."""

    def refuse_queue_limit(self, session: Session, text: str) -> None:
        return
