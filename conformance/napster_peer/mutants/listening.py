"""Data ports gone wrong."""

from __future__ import annotations

from ....codecs.napster import GetFile, Greeting
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant

_FOREVER = 86_400.0
_SOON = 0.02


@mutant(breaks="NAP-TRF-01")
class WaitsToBeSpokenTo(Peer):
    """Does not greet who connects."""

    def greet(self, link: PeerLink) -> None:
        return


@mutant(breaks="NAP-TRF-01")
class GreetsInWords(Peer):
    """Greets who connects with another text than the 1."""

    def greet(self, link: PeerLink) -> None:
        self.send(link, b"napster\n")


@mutant(breaks="NAP-TRF-02")
class GreetsAgain(Peer):
    """Greets a second time who has not asked for anything yet."""

    def greet(self, link: PeerLink) -> None:
        super().greet(link)

        def again() -> None:
            if link.id in self.links and not link.buffer:
                self.send(link, Greeting().encode())

        self.set_timer(("again", link.id), _SOON, again)


@mutant(breaks="NAP-PER-25")
class SendsOneFileAtATime(Peer):
    """Lets a request wait until no other file is being sent."""

    def take_get(self, link: PeerLink, request: GetFile) -> None:
        if not self.uploads_running():
            super().take_get(link, request)


@mutant(breaks="NAP-PER-26")
class ReadsEndlessRequests(Peer):
    """Reads on when what comes never becomes a request."""

    def request_limit(self) -> int:
        return 1 << 30


@mutant(breaks="NAP-PER-27")
class WaitsForRequestsForEver(Peer):
    """Keeps connections on which nothing is asked for."""

    def request_patience(self) -> float:
        return _FOREVER


@mutant(breaks="NAP-PER-28")
class WaitsForReadersForEver(Peer):
    """Keeps uploads of which nothing is taken."""

    def upload_patience(self) -> float:
        return _FOREVER
