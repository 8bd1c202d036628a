"""The server: login and accounts, the index and its searches, people, channels, operators; one file a topic."""

from .config import Account, ServerConfig
from .server import Server
from .states import TABLES

__all__ = ["TABLES", "Account", "Server", "ServerConfig"]
