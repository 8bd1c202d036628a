"""What an operator may set: the servent's face to the network, its patience and its limits.

Rules of this file:

- Everything that a stranger could make grow has a limit here. Times are seconds, sizes bytes, rates per second.
- The defaults are those of a servent among strangers.
"""

from dataclasses import dataclass

from ..node import Address

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServentConfig:
    """The settings of one servent."""

    user_agent: str = f"peerspec/{VERSION}"
    vendor: bytes = b"PEER"
    """Vendor code in the trailer of QueryHits, four letters."""

    servent_id: bytes | None = None
    """16 bytes; drawn from the servent's generator when None."""

    advertised: Address | None = None
    """The address told to others; when None, the one that the servent was started at."""

    firewalled: bool = False
    """Whether hits say that others can't connect to this servent and must send a Push."""

    speed: int = 1000
    """Speed told in hits, kbit/s."""

    max_ttl: int = 7
    """TTL + Hops of what is passed on, and the TTL of own Queries."""

    max_links: int = 32
    """Gnutella links held; further ones are refused."""

    max_connections: int = 512
    """Connections of all kinds; further ones are closed at once."""

    max_block: int = 65_536
    """Bytes of a handshake or request block."""

    max_payload: int = 65_536
    """Bytes of payload that a header may announce."""

    max_query: int = 4_096
    """Bytes of payload of a Query."""

    max_hit: int = 60_000
    """Bytes of payload of an own QueryHit."""

    max_results: int = 2_000
    """Results given for one Query, over all its hits."""

    max_pongs: int = 10
    """Pongs passed on for one Ping."""

    max_backlog: int = 1_048_576
    """Bytes sent on a link and not yet taken; beyond that the link is dropped."""

    max_malformed: int = 250
    """Malformed descriptors taken on one link; beyond that it is left with Bye 409."""

    max_uploads: int = 16
    """Files sent at one time; further requests are answered 503."""

    max_callbacks: int = 5
    """Connections made on account of Pushes to one IP address within `callback_period`."""

    max_callbacks_in_all: int = 100
    """The same, to all addresses together."""

    callback_period: float = 60.0

    max_hosts: int = 200
    """Addresses remembered to offer to those who are refused."""

    hosts_offered: int = 10
    """Addresses offered in one refusal."""

    max_routes: int = 20_000
    """Entries of each routing table."""

    route_lifetime: float = 600.0
    """Seconds that GUIDs and routes are remembered."""

    flood_rate: float = 200.0
    """Queries and Pings a second that one link may have passed on in the long run."""

    flood_burst: int = 2_000
    """The same, at once."""

    handshake_patience: float = 30.0
    """Seconds for a handshake, or for the first request of a connection."""

    idle_after: float = 20.0
    """Seconds of silence after which a link is sent a keep-alive Ping."""

    max_misses: int = 3
    """Keep-alive Pings that may go unanswered in a row."""

    bye_patience: float = 5.0
    """Seconds that the other side is given to close after an own Bye."""

    http_patience: float = 60.0
    """Seconds without progress after which an HTTP connection is closed."""

    piece: int = 65_536
    """Bytes of a file read and sent at a time."""

    max_searches: int = 100
    """Own searches whose results are kept."""

    max_found: int = 1_000
    """Results kept for one own search."""

    download_attempts: int = 4
    """Connections tried for one download; each goes on where the last one ended."""

    download_pause: float = 2.0
    """Seconds between two of them."""
