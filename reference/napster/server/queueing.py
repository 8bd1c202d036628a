"""Queue limits: an owner says that somebody has as many downloads as it may have.

Rules of this file:

- The server passes it on and adds the size that is in its index. It keeps no queue.
"""

from ....codecs.errors import DecodeError
from ....codecs.napster import QueueLimit, QueueLimited
from .handlers import handles, refuses
from .index import SharedFile
from .session import Session
from .sharing import Sharing


class Queueing(Sharing):
    """Passes 619 on as 620."""

    @handles(QueueLimit)
    def on_queue_limit(self, session: Session, message: QueueLimit) -> None:
        """Tell the user who asked for a file, if it is there and the file is shared."""
        requester = self.user(message.nick)
        file = self.file_of(session, message.file)
        if file is None:
            self.refuse_queue_limit(session, f"you don't share this: {message.file}")
        elif requester is None:
            self.refuse_queue_limit(session, f"{message.nick} is not logged in")
        else:
            self.pass_queue_limit(session, requester, file, message.limit)

    @refuses(QueueLimit)
    def on_bad_queue_limit(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Refuse a limit that lacks a field."""
        self.refuse_queue_limit(session, f"your limit can't be read: {error.path}: {error.reason}")

    def pass_queue_limit(self, session: Session, requester: Session, file: SharedFile, limit: int) -> None:
        """Tell who has reached a limit: the owner's nick, name and size of the file, the limit (NAP-QUE-01)."""
        self.say(requester, QueueLimited(session.nick, file.name, file.size, limit))

    def refuse_queue_limit(self, session: Session, text: str) -> None:
        """Say that a limit can't be passed on (NAP-QUE-02)."""
        self.error(session, text)
