"""Which connections are taken at all: a number in all, and smaller ones of those that have not logged in.

Rules of this file:

- A connection that goes before its login gives its place back, however it went (NAP-LIM-07).
"""

import random
from collections import Counter

from .config import ServerConfig
from .core import Core
from .session import Session


class Admitting(Core):
    """Counts the connections that wait for a login."""

    def __init__(self, config: ServerConfig, random: random.Random) -> None:
        super().__init__(config, random)
        self._waiting: Counter[str] = Counter()

    def has_room(self, ip: str) -> bool:
        """Return whether one more connection may be taken from an address (NAP-LIM-06)."""
        return (
            len(self.links) < self.config.max_connections
            and self._waiting.total() < self.config.max_waiting
            and self._waiting[ip] < self.config.max_waiting_of_address
        )

    def begin_waiting(self, session: Session) -> None:
        """Count a connection until it has logged in or gone."""
        session.waits = True
        self._waiting[session.ip] += 1

    def end_waiting(self, session: Session) -> None:
        """Give back the place of a connection that has logged in or gone (NAP-LIM-07)."""
        if session.waits:
            session.waits = False
            self._waiting[session.ip] -= 1
            if not self._waiting[session.ip]:
                del self._waiting[session.ip]

    def arrived(self, session: Session) -> None:
        """Take a session that has logged in off the count."""
        self.end_waiting(session)
        super().arrived(session)

    def gone(self, link: Session) -> None:
        """Take a connection that has gone off the count."""
        self.end_waiting(link)
        super().gone(link)
