"""The servent: the entries that a world calls, and nothing else. Each topic of the protocol has a file of its own.

Rules of this file:

- An entry notes the time and hands over to the topic that the link is in.
- What is told of a link that the servent has closed is ignored.
"""

from ..node import Address
from .dialling import Dialling
from .link import Link
from .states import CALL, HANDSHAKE_RESPONDER


class Servent(Dialling):
    """A Gnutella servent: `Servent(config, random, shares)`.

    Beside the entries of `Node` it has verbs for its user: `dial`, `search`, `results`, `download`. Each takes `now`
    first; what it asks for is carried out by the world that calls it.
    """

    def start(self, now: float, address: Address) -> None:
        """Begin; `address` is what is told to others, unless the configuration says another."""
        self.now = now
        self.address = address

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take a connection, and wait a bounded time for its first block (GNU-HSK-18)."""
        self.now = now
        link = self.new_link(remote, local, HANDSHAKE_RESPONDER, self.read_request, self.end_of_handshake_patience)
        if self.leaving or len(self.links) > self.config.max_connections:
            self.close(link, abort=True)
        else:
            self.set_alarm(link, self.handshake_time(), self.end_of_handshake_patience)
        return link.id

    def opened(self, now: float, link: int, local: Address) -> None:
        """Go on with a connection that has come about, for what it was made."""
        self.now = now
        there = self.links.get(link)
        if there is None:
            return
        there.local = local
        if there.download is not None:
            self.begin_transfer(there, there.download)
        elif there.machine is CALL:
            self.called_back(there)
        else:
            self.dialled(there)

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
        """Forget a link, with what came of a descriptor that was cut off (GNU-HDR-10)."""
        self._end(now, link, "other side closed")

    def _end(self, now: float, link: int, event: str) -> None:
        self.now = now
        there = self.links.get(link)
        if there is not None:
            there.step(event)
            self.forget(there)

    def forget(self, link: Link) -> None:
        """Forget a link that the other side has ended; the others are served on (GNU-HDR-10)."""
        self.close(link)

    def shutdown(self, now: float) -> None:
        """Say Bye to the peers (GNU-BYE-06) and close everything else; no connection is taken from now on."""
        self.now = now
        self.leaving = True
        for link in list(self.links.values()):
            if link.up:
                self.say_farewell(link)
            else:
                self.close(link)
