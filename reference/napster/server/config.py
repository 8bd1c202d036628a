"""What an operator may set: the server's face to its users, its patience and its limits.

Rules of this file:

- Everything that a stranger could make grow has a limit here (NAP-LIM-06). Times are seconds, sizes bytes.
- The defaults are those of a server among strangers.
"""

from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A registered nick as an operator sets it up: `level` is one of the five words of `LEVELS`."""

    nick: str
    password: str
    level: str = "User"
    email: str = "anon@localhost"


ROOT = Account(nick="root", password="secret", level="Elite")  # noqa: S106 - known on purpose: the built-in server's


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The settings of one server."""

    name: str = "peerspec"
    """The server's name, in 604 and to operators: a word."""

    motd: tuple[str, ...] = (f"VERSION peerspec {VERSION}", "Welcome.")
    """Lines of the message of the day."""

    database: Path | None = None
    """File with the accounts and bans, made when it is not there; in memory when None.

    With one, the index is not in memory either, but in a temporary file that has no name.
    """

    accounts: tuple[Account, ...] = (ROOT,)
    """Accounts that are made at the start, unless the database has them."""

    redirects: tuple[str, ...] = ()
    """Servers, each `host:port`. With any, this node is a metaserver that hands them out in turn, and nothing else."""

    epoch: float = 0.0
    """Unix time at moment 0 of the world's clock: what dates are counted from. The clock of `SocketWorld` tells Unix
    time by itself."""

    login_timeout: float = 60.0
    """Seconds within which a connection must have logged in."""

    stats_period: float = 60.0
    """Seconds between two statistics sent unasked to one user."""

    max_connections: int = 20_000
    """Connections of all kinds; further ones are closed at once."""

    max_waiting: int = 2_000
    """Connections without a login."""

    max_waiting_of_address: int = 100
    """The same, from one address."""

    max_body: int = 2_048
    """Bytes of body that a header may announce."""

    max_backlog: int = 4_194_304
    """Bytes sent to one user and not yet taken; beyond that the connection is dropped."""

    max_unread: int = 524_288
    """Bytes sent to one user and not yet taken, beyond which no further message of that user is served."""

    max_inbox: int = 1_048_576
    """Bytes of messages of one user that wait to be served; beyond that the connection is dropped."""

    turn: int = 1_000
    """Work done for one user before the others have their turn; a plain message costs 1."""

    max_registrations: int = 100
    """Nicks registered from one address within `registration_period`."""

    registration_period: float = 3_600.0

    max_results: int = 100
    """Results given to one search."""

    max_shares: int = 5_000
    """Files that one user may share."""

    max_hotlist: int = 500
    """Nicks on one user's hotlist."""

    max_ignored: int = 500
    """Nicks on one user's ignore list."""

    max_joined: int = 20
    """Channels that one user may be in."""

    max_channels: int = 10_000
    """Channels in all."""

    channel_limit: int = 500
    """Members of one channel, unless its limit is set to another number."""

    max_channel_name: int = 100
    """Characters of the name of a channel."""

    max_topic: int = 200
    """Characters of the topic of a channel."""

    max_channel_bans: int = 200
    """Bans of one channel; also users who are muzzled in it."""

    max_channel_operators: int = 50
    """Operators of one channel."""

    max_invited: int = 200
    """Invitations to one channel that have not been used; beyond that the oldest is forgotten."""

    max_bans: int = 1_000
    """Bans from the server."""

    max_muzzled: int = 10_000
    """Users who may not speak in public."""
