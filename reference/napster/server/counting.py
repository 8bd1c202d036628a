"""Counting transfers: how many downloads and uploads a user has in progress, as it says itself.

Rules of this file:

- 218 and 219 count downloads, 220 and 221 uploads. No count falls below 0.
- Each transfer that begins is also counted into a total, which never falls.
"""

from ....codecs.napster import DownloadEnd, DownloadStart, UploadEnd, UploadStart
from .core import Core
from .handlers import handles
from .session import Session


class Counting(Core):
    """Takes 218 to 221."""

    @handles(DownloadStart)
    def on_download_start(self, session: Session, message: DownloadStart) -> None:
        """Count a download that begins (NAP-CNT-01)."""
        session.downloads += 1
        session.total_downloads += 1

    @handles(DownloadEnd)
    def on_download_end(self, session: Session, message: DownloadEnd) -> None:
        """Count a download that has ended (NAP-CNT-01)."""
        session.downloads = self.one_less(session.downloads)

    @handles(UploadStart)
    def on_upload_start(self, session: Session, message: UploadStart) -> None:
        """Count an upload that begins (NAP-CNT-02)."""
        session.uploads += 1
        session.total_uploads += 1

    @handles(UploadEnd)
    def on_upload_end(self, session: Session, message: UploadEnd) -> None:
        """Count an upload that has ended (NAP-CNT-02)."""
        session.uploads = self.one_less(session.uploads)

    def one_less(self, count: int) -> int:
        """Return a count less one, but not less than 0 (NAP-CNT-03)."""
        return max(0, count - 1)
