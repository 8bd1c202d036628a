"""What the peer knows of one connection."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ....codecs.napster import PacketReader
from ...links import Link

if TYPE_CHECKING:
    from .downloading import Download
    from .listing import Listing
    from .uploading import Upload


def _nothing(link: "PeerLink") -> None:
    """What follows on a connection that others made: it has come about already."""


@dataclass(slots=True, eq=False, kw_only=True)
class PeerLink(Link):
    """One connection, to the server or between peers.

    `opened` is called when a connection that the peer makes has come about. `since` is when the server acknowledged the
    login, `refused` whether it did not. `buffer` is what has come and can't be understood yet. `outgoing` yields what
    is still to be sent, and `finished` is called when all of it has left. `waiting` begins an upload that must wait.
    `reached` says that a connection which the peer makes has come about; `sends` and `receives`, that the server was
    told of an upload or a download.
    """

    opened: Callable[["PeerLink"], None] = _nothing
    reader: PacketReader | None = None
    since: float | None = None
    refused: bool = False
    buffer: bytearray = field(default_factory=bytearray)
    outgoing: Iterator[bytes] | None = None
    finished: Callable[[Any], None] = _nothing
    waiting: Callable[[], None] | None = None
    upload: "Upload | None" = None
    download: "Download | None" = None
    listing: "Listing | None" = None
    reached: bool = False
    sends: bool = False
    receives: bool = False
