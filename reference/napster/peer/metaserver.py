"""Asking a metaserver for a server.

Rules of this file:

- The peer connects, says nothing and reads one line, up to LF or the end of the stream.
- An answer that is no address, and the address that says that all servers are full, lead to another try after a pause.
"""

from random import Random

from ....codecs.errors import DecodeError
from ....codecs.napster import Redirection
from ...node import Address
from .config import PeerConfig
from .link import PeerLink
from .session import Session
from .states import METASERVER

METASERVER_PORT = 8875
"""Where metaservers listen by custom."""

BUSY = "127.0.0.1"
"""What a metaserver names when all servers are full."""

_AGAIN = ("metaserver",)


class Metaserver(Session):
    """Logging in by way of a metaserver."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.metaserver: Address | None = None
        self.asking: PeerLink | None = None
        self.vain_questions = 0

    def login_by(self, now: float, metaserver: Address) -> None:
        """Begin a session at the server that a metaserver names, in the place of the one that there is."""
        self.now = now
        self.leave_session()
        self.metaserver = metaserver
        self.vain_questions = 0
        self.ask_metaserver()

    def leave_session(self) -> None:
        """End the session, and what was under way to begin another."""
        self.metaserver = None
        self.cancel_timer(_AGAIN)
        asking, self.asking = self.asking, None
        if asking is not None:
            self.end(asking, "left")
        super().leave_session()

    def begin_again(self) -> None:
        """Ask the metaserver anew, when it was one that named the server."""
        if self.metaserver is not None:
            self.ask_metaserver()
        else:
            super().begin_again()

    def ask_metaserver(self) -> None:
        """Connect to the metaserver."""
        if self.metaserver is not None:
            self.asking = self.call(self.metaserver, METASERVER, self.await_line, self.read_line)

    def await_line(self, link: PeerLink) -> None:
        """Wait for the line on a connection that has come about."""
        link.step("connected")

    def read_line(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of the line."""
        link.buffer += data
        line = self.line_in(bytes(link.buffer))
        if line is not None:
            self.end_question(link, "line read", line)
        elif len(link.buffer) > self.config.max_line:
            self.end_question(link, "line too long", b"")

    def line_in(self, data: bytes) -> bytes | None:
        """Return the line with its LF when it is whole, however its bytes came (NAP-MET-06)."""
        line, end, _ = data.partition(b"\n")
        return line + end if end else None

    def line_at_end(self, data: bytes) -> bytes:
        """Return the line of a stream that has ended without LF (NAP-MET-06)."""
        return data + b"\n"

    def end_question(self, link: PeerLink, event: str, line: bytes) -> None:
        """Close the connection to the metaserver and do as its line says."""
        self.asking = None
        if link.id in self.links:
            self.end(link, event)
        server = self.server_in(line)
        if server is not None:
            self.vain_questions = 0
            self.begin_session(server)
        else:
            self.take_no_address()

    def server_in(self, line: bytes) -> Address | None:
        """Return the address that a line names; None when it names none, or says that all are full."""
        try:
            redirection = Redirection.decode(line)
        except DecodeError:
            return None
        if not redirection.port or not redirection.host.isprintable() or self.is_busy(redirection.host):
            return None
        return (redirection.host, redirection.port)

    def is_busy(self, host: str) -> bool:
        """Return whether an address says that all servers are full (NAP-MET-07)."""
        return host == BUSY

    def take_no_address(self) -> None:
        """Ask again later when a metaserver named no server (NAP-MET-08)."""
        pause = self.config.first_pause * 2 ** min(self.vain_questions, 16)
        self.vain_questions += 1
        if not self.leaving:
            self.set_timer(_AGAIN, min(pause, self.config.longest_pause), self.ask_metaserver)

    def gone(self, link: PeerLink) -> None:
        """Take what has come of the line when the metaserver closes, or could not be reached."""
        super().gone(link)
        if link is self.asking:
            self.end_question(link, "other side closed", self.line_at_end(bytes(link.buffer)))
