"""What a user may set: who the peer is to the network, what it shares, its patience and its limits.

Rules of this file:

- Everything that a stranger could make grow has a limit here. Times are seconds, sizes bytes.
- What a server could ask of a peer to its harm is off unless the user allows it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from .shares import Shares

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerConfig:
    """The settings of one peer."""

    nick: str = "peerspec"
    password: str = "secret"  # noqa: S105 - it crosses the network in plain text, and opens nothing

    email: str | None = None
    """When given, the peer registers its nick at its first login."""

    client: str = f"peerspec {VERSION}"
    link_type: int = 7
    """Kind of the line, 0 to 10."""

    firewalled: bool = False
    """Whether others can't connect to this peer: it says so at the login, and takes no connections."""

    shares: Shares = field(default_factory=Shares)

    downloads: Path | None = None
    """The folder for what is fetched; in memory when None."""

    follows: bool = False
    """Whether the peer goes to another server when its server says so (821, 822)."""

    uploads: int = 8
    """Files sent at one time; requests beyond that are answered by 619."""

    max_body: int = 2_048
    """Bytes of body of a message to the server."""

    share_batch: int = 65_536
    """Bytes of messages about shares that may wait for the server to take them."""

    max_backlog: int = 1_048_576
    """Bytes sent on a link and not yet taken; beyond that the link is dropped."""

    max_connections: int = 256
    """Connections of all kinds; further ones are closed at once."""

    max_request: int = 65_536
    """Bytes on the data port that are no request yet."""

    max_line: int = 512
    """Bytes of a metaserver's line."""

    max_list: int = 8_388_608
    """Bytes of a list of files that is fetched from another peer."""

    max_found: int = 1_000
    """Results kept for one search or browse."""

    max_searches: int = 100
    """Searches and browses whose results are kept."""

    max_accepted: int = 256
    """Accepted uploads that are remembered."""

    accepted_lifetime: float = 300.0
    """Seconds that an accepted upload may be fetched in."""

    max_file: int = 4_294_967_295
    """Bytes of a file that is fetched."""

    piece: int = 65_536
    """Bytes of a file read and sent at a time."""

    connect_patience: float = 30.0
    """Seconds for a connection to another peer to come about and say `1`, or for a metaserver to say its line."""

    login_patience: float = 60.0
    """Seconds for the server to answer a login."""

    request_patience: float = 120.0
    """Seconds for a request to come on the data port."""

    transfer_patience: float = 300.0
    """Seconds without progress after which a transfer is ended."""

    settle: float = 0.2
    """Seconds without a further byte after which a request, which has no end of its own, is taken as whole."""

    answer_patience: float = 60.0
    """Seconds for the server to bring two peers together."""

    first_pause: float = 2.0
    """Seconds before the first attempt to log in again; each further one doubles it."""

    refusal_pause: float = 30.0
    """The same after a login that was refused."""

    longest_pause: float = 600.0

    settled_after: float = 60.0
    """Seconds that a session must have lasted for the pauses to begin anew."""

    queue_pause: float = 60.0
    """Seconds before a file is asked for again whose owner has too many uploads."""

    download_attempts: int = 5
    """Times that one download is tried; each goes on where the last one ended."""

    download_pause: float = 15.0
    """Seconds between two of them."""
