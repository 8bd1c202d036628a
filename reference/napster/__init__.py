"""Napster's roles: the server that keeps the index, the metaserver, a server that only redirects, and the peer.

    server = Server(ServerConfig(), random.Random(1))
    peer = Peer(PeerConfig(nick="alice"), random.Random(2))

A node does nothing by itself: run it in one of the worlds of `peerspec.reference.worlds`.
"""

from .peer import Download, Found, Peer, PeerConfig, Shares
from .server import Account, Server, ServerConfig
from .states import TABLES

__all__ = ["TABLES", "Account", "Download", "Found", "Peer", "PeerConfig", "Server", "ServerConfig", "Shares"]
