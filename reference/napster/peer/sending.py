"""Sending a file, or a list of files, on a connection between peers.

Rules of this file:

- What is to be sent is an iterator of pieces. The next piece goes out when the last has left, so that a slow reader
  costs one piece of memory.
- A connection of which nothing is taken for long is closed.
"""

from collections.abc import Iterator

from .core import Core, Step
from .link import PeerLink
from .shares import Share


class Sending(Core):
    """Pieces."""

    def begin_sending(self, link: PeerLink, pieces: Iterator[bytes], finished: Step) -> None:
        """Send pieces one after the other; `finished` is called when the last has left."""
        link.outgoing = pieces
        link.finished = finished
        self.send_piece(link)

    def drained(self, now: float, link: int) -> None:
        """Send the next piece once the last has left."""
        super().drained(now, link)
        there = self.links.get(link)
        if there is not None and there.outgoing is not None:
            self.send_piece(there)

    def send_piece(self, link: PeerLink) -> None:
        """Send the next piece, or end when there is none."""
        if link.outgoing is None:
            return
        try:
            piece = next(link.outgoing, None)
        except OSError:
            self.end(link, "file lost", abort=True)
            return
        if piece is None:
            link.outgoing = None
            link.finished(link)
            return
        link.step("piece sent")
        self.set_alarm(link, self.upload_patience(), self.give_up)
        self.send(link, piece)

    def upload_patience(self) -> float:
        """Return the seconds after which a connection of which nothing is taken is ended (NAP-PER-28)."""
        return self.config.transfer_patience

    def pieces_of(self, share: Share, offset: int) -> Iterator[bytes]:
        """Yield a file from `offset` to its end, piece by piece (NAP-TRF-09). Raises OSError."""
        while offset < share.size:
            piece = self.piece(share, offset, min(self.config.piece, share.size - offset))
            yield piece
            offset += len(piece)

    def piece(self, share: Share, offset: int, count: int) -> bytes:
        """Return bytes of a file as they are (NAP-TRF-08). Raises OSError."""
        return share.content.read(offset, count)

    def sent_all(self, link: PeerLink) -> None:
        """Close a connection on which all has been sent (NAP-TRF-10)."""
        self.end(link, "all sent")
