"""Listener: a tester's listening port, for a node that dials.

That no connection comes is shown by one that must come later: the case makes the node call a second listener.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outcomes import Failure, Sign, Symptom
from .connection import RawPeer

if TYPE_CHECKING:
    from ..worlds import Listener as Socket
    from .bench import Bench


class Listener:
    """A listening port on an address of its own."""

    def __init__(self, bench: Bench, socket: Socket) -> None:
        self.bench = bench
        self.socket = socket
        self.address = socket.address
        self.accepted_before = 0

    def accept(self) -> RawPeer:
        """The next connection; Failure when none comes within the timeout."""
        self.bench.world.wait([self.socket])
        if caller := self.accepted():
            return caller
        raise Failure(
            expected=f"a connection to {self.address[0]}:{self.address[1]}",
            actual="none came",
            symptom=Symptom(sign=Sign.UNCALLED, at=self.address, already=self.accepted_before),
        )

    def accepted(self) -> RawPeer | None:
        """The next connection that has come, or None. Does not wait."""
        self.bench.world.poll()
        wire = self.socket.accept()
        if wire is None:
            return None
        self.accepted_before += 1
        wire.looked()
        return RawPeer(self.bench, wire)
