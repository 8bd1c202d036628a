"""What the server knows of one connection and of the user behind it."""

from collections import deque
from dataclasses import dataclass, field

from ....codecs.napster import Packet, PacketReader
from ...ageing import AgeingTable
from ...links import Link

LEVELS = ("Leech", "User", "Moderator", "Admin", "Elite")
"""User levels, from the lowest to the highest, as the messages spell them."""


MAX_REQUESTS, REQUEST_LIFE = 1_000, 3_600.0
"""Requests for a user's files that are remembered, and for how many seconds an answer to each is taken."""


def rank(level: str) -> int:
    """Return where a level stands among the five, 0 for Leech; ValueError for a word that is none of them."""
    return LEVELS.index(level)


@dataclass(slots=True, eq=False, kw_only=True)
class Session(Link):
    """One connection. Its `state` is "connected" until a login is accepted, then "logged in", at last "closed".

    Before the login `nick` is empty and all about the user is at its default. Lists of nicks and channels are kept by
    their folded names (`Core.folded`), with the spelling to tell as the value.
    """

    reader: PacketReader
    inbox: deque[Packet] = field(default_factory=deque)
    inbox_size: int = 0
    waits: bool = False
    """Whether it is counted among those who have not logged in."""

    nick: str = ""
    level: str = "User"
    registered: bool = False
    email: str = ""
    client: str = ""
    data_port: int = 0
    link_type: int = 0
    logged_in_at: float = 0.0

    shared: int = 0
    """Files in the index."""
    shared_bytes: int = 0
    downloads: int = 0
    uploads: int = 0
    total_downloads: int = 0
    total_uploads: int = 0

    channels: dict[str, str] = field(default_factory=dict)
    hotlist: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    requests: AgeingTable[tuple[int, str], None] = field(
        default_factory=lambda: AgeingTable(MAX_REQUESTS, REQUEST_LIFE)
    )
    """Which sessions were let ask the user for which files."""
    muzzled: bool = False
    cloaked: bool = False

    @property
    def logged_in(self) -> bool:
        """Whether a login has been accepted here, and the connection not ended since."""
        return self.state == "logged in"

    @property
    def ip(self) -> str:
        """The address that the session comes from, in dotted form."""
        return self.remote[0]

    @property
    def firewalled(self) -> bool:
        """Whether the user has said, with data port 0, that others can't connect to it."""
        return self.data_port == 0

    def has_level(self, level: str) -> bool:
        """Return whether the user has at least this level."""
        return rank(self.level) >= rank(level)
