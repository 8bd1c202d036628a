"""Napster's roles: the server that keeps the index, and the metaserver, which is a server that only redirects.

    server = Server(ServerConfig(), random.Random(1))

A node does nothing by itself: run it in one of the worlds of `peerspec.reference.worlds`.
"""

from .server import TABLES, Account, Server, ServerConfig

__all__ = ["TABLES", "Account", "Server", "ServerConfig"]
