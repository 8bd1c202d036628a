"""The Gnutella servent: a flat node of the 0.4 routing model that speaks both handshakes.

    servent = Servent(ServentConfig(), random.Random(1), Shares.of({"a needle.txt": b"..."}))

It does nothing by itself: run it in one of the worlds of `peerspec.reference.worlds`.
"""

from .config import ServentConfig
from .download import Download
from .searching import Found
from .servent import Servent
from .shares import Share, Shares
from .states import TABLES

__all__ = ["TABLES", "Download", "Found", "Servent", "ServentConfig", "Share", "Shares"]
