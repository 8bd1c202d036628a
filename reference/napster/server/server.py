"""The server: the entries that a world calls, and nothing else. Each topic of the protocol has a file of its own.

Rules of this file:

- An entry notes the time and hands over to the topic that the session is in.
- What is told of a session that the server has ended is ignored.
"""

from ...node import Address
from .admission import Admitting
from .changes import Changing
from .forum import Forum
from .library import Library
from .people import People
from .redirect import Redirecting
from .session import Session
from .staff import Staff
from .states import METASERVER, SESSION


class Server(
    Changing,
    Redirecting,
    Admitting,
    Library,
    People,
    Forum,
    Staff,
):
    """A Napster server: `Server(config, random)`. With redirects in its configuration, a metaserver instead."""

    def start(self, now: float, address: Address) -> None:
        """Begin; users find the server at `address`."""
        self.now = self.started = now
        self.address = address

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take a connection, and wait a bounded time for its login (NAP-LOG-18)."""
        self.now = now
        has_room = self.has_room(remote[0])
        session = self.new_session(remote, local, METASERVER if self.is_metaserver() else SESSION)
        if self.leaving or not has_room:
            self.close(session, abort=True)
        elif self.is_metaserver():
            self.meet(session)
        else:
            self.begin_waiting(session)
            self.set_alarm(session, self.login_patience(), self.end_of_patience)
        return session.id

    def login_patience(self) -> float:
        """Return how many seconds a connection has for its login (NAP-LOG-18)."""
        return self.config.login_timeout

    def end_of_patience(self, session: Session) -> None:
        """Close a connection on which no login has come (NAP-LOG-18)."""
        session.step("time over")
        self.close(session)

    def opened(self, now: float, link: int, local: Address) -> None:
        """Take no note: a server makes no connections."""

    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Take no note: a server makes no connections."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Read bytes of a session."""
        self.now = now
        session = self.links.get(link)
        if session is not None:
            session.reads(session, data)

    def closed(self, now: float, link: int) -> None:
        """End a session that its other side has closed or reset (NAP-LOG-28)."""
        self.now = now
        session = self.links.get(link)
        if session is not None:
            session.step("other side closed")
            self.forget(session)

    def forget(self, session: Session) -> None:
        """Forget a session that its other side has ended, with all that it shared and joined (NAP-LOG-28)."""
        self.close(session)

    def shutdown(self, now: float) -> None:
        """End all sessions, with a word to each; no connection is taken from now on."""
        self.now = now
        self.leaving = True
        for session in list(self.links.values()):
            self.end(session)
