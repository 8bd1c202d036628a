r"""The Napster peer: a client of the server, and both sides of a transfer.

    peer = Peer(PeerConfig(nick="alice", shares=Shares.of({"C:\\mp3\\song.mp3": b"..."})), random.Random(1))

It does nothing by itself: run it in one of the worlds of `peerspec.reference.worlds`, and let it `login`.
"""

from .config import PeerConfig
from .downloading import Download
from .listing import Listing
from .peer import Peer
from .searching import Found
from .shares import Share, Shares
from .states import TABLES

__all__ = ["TABLES", "Download", "Found", "Listing", "Peer", "PeerConfig", "Share", "Shares"]
