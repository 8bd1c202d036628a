"""The peer: the entries that a world calls, and nothing else. Each topic of the protocol has a file of its own.

Rules of this file:

- An entry notes the time and hands over to the topic that the link is in.
- What is told of a link that the peer has closed is ignored.
"""

from ...node import Address
from .browsing import Browsing
from .dataport import DataPort
from .resuming import Resuming
from .trust import Trust


class Peer(DataPort, Resuming, Browsing, Trust):
    """A Napster peer: `Peer(config, random)`.

    Beside the entries of `Node` it has verbs for its user: `login`, `login_by`, `search`, `results`, `browse`,
    `browsed`, `browse_directly`, `download`, `downloaded`, `look_for_others`, `go_on_with`. Those that send take `now`
    first; what they ask for is carried out by the world that calls them.
    """

    def start(self, now: float, address: Address) -> None:
        """Begin; the port of `address` is the data port."""
        self.now = now
        self.address = address

    def opened(self, now: float, link: int, local: Address) -> None:
        """Go on with a connection that has come about, for what it was made."""
        self.now = now
        there = self.links.get(link)
        if there is not None:
            there.local = local
            there.opened(there)

    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Forget a connection that has not come about."""
        del reason
        self._end(now, link, "not connected")

    def received(self, now: float, link: int, data: bytes) -> None:
        """Hand bytes to whoever reads the link."""
        self.now = now
        there = self.links.get(link)
        if there is not None:
            there.reads(there, data)

    def closed(self, now: float, link: int) -> None:
        """Forget a link that the other side has ended."""
        self._end(now, link, "other side closed")

    def _end(self, now: float, link: int, event: str) -> None:
        self.now = now
        there = self.links.get(link)
        if there is not None:
            self.end(there, event)

    def shutdown(self, now: float) -> None:
        """Close everything; no connection is taken or made from now on."""
        self.now = now
        self.leaving = True
        for link in list(self.links.values()):
            self.close(link)
