"""Search by checksum: who else has a file of which a download broke off.

Rules of this file:

- Checksums are compared as whole words, sizes as numbers; both must be equal.
- One answer has at most `MAX_COPIES` results: one user could share as many files with one checksum as it likes.
"""

from ....codecs.napster import ResumeEnd, ResumeHit, ResumeSearch
from .handlers import handles
from .index import Entry
from .searching import HARD_SEARCH, Searching
from .session import Session

MAX_COPIES = 10_000


class Resuming(Searching):
    """Answers 215."""

    @handles(ResumeSearch, cost=HARD_SEARCH)
    def on_resume_search(self, session: Session, message: ResumeSearch) -> None:
        """Give the files with a checksum and a size, and the end of them."""
        if self.can_be_size(message.size):
            self.say(session, *(self.copy(entry) for entry in self.copies(message.md5, message.size)))
            self.end_copies(session)
        else:
            self.refuse_resume(session, message.size)

    def can_be_size(self, size: int) -> bool:
        """Return whether a file can have this size: one of no bytes needs no second source (NAP-RSM-05)."""
        return size > 0

    def refuse_resume(self, session: Session, size: int) -> None:
        """Say that nothing is searched for (NAP-RSM-05)."""
        self.error(session, f"{size} is no size of a file")

    def copies(self, md5: str, size: int) -> list[Entry]:
        """Return the files that have both the checksum and the size (NAP-RSM-01)."""
        return self.index.copies(md5, size, MAX_COPIES)

    def copy(self, entry: Entry) -> ResumeHit:
        """Return a result: user, place, file (NAP-RSM-03), the name in quotes as in all layouts (NAP-RSM-04)."""
        nick, _, link = self.sharer(entry.user)
        ip, port = self.place(self.sharers[entry.user])
        return ResumeHit(nick, ip, port, entry.file.name, entry.file.md5, entry.file.size, link)

    def end_copies(self, session: Session) -> None:
        """Say that there are no more results, once for each request (NAP-RSM-02)."""
        self.say(session, ResumeEnd())
