"""The metaserver: a server that says one line, the address of another, to whoever connects.

Rules of this file:

- Nothing is read. A connection is over before it could hold up another.
- Servers are handed out in turn.
"""

import random

from ....codecs.napster import Redirection
from .config import ServerConfig
from .core import Core
from .session import Session


class Redirecting(Core):
    """Sends peers to other servers."""

    def __init__(self, config: ServerConfig, random: random.Random) -> None:
        super().__init__(config, random)
        self._redirected = 0

    def is_metaserver(self) -> bool:
        """Return whether this node is a metaserver, and nothing else."""
        return bool(self.config.redirects)

    def meet(self, session: Session) -> None:
        """Serve a peer that has connected, at once and whoever else is there (NAP-MET-01, NAP-MET-05)."""
        self.send_address(session)
        self.after_address(session)

    def send_address(self, session: Session) -> None:
        """Write the line to a peer, without waiting for anything from it (NAP-MET-01)."""
        self.send(session, self.address_line(self.next_server()))

    def next_server(self) -> Redirection:
        """Return the server whose turn it is."""
        host, _, port = self.config.redirects[self._redirected % len(self.config.redirects)].rpartition(":")
        self._redirected += 1
        return Redirection(host, int(port))

    def address_line(self, server: Redirection) -> bytes:
        """Return the line: host, colon, decimal port (NAP-MET-02), and LF (NAP-MET-03)."""
        return server.encode()

    def after_address(self, session: Session) -> None:
        """Close the connection after the line (NAP-MET-04)."""
        session.step("address written")
        self.close(session)
