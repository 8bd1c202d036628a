"""Queries on their way through: each is passed once to all peers but the one that it came from.

Rules of this file:

- What is passed on is the Query as it came, but for TTL and Hops.
- The first way that a Query came is the way back of its hits.
"""

from random import Random

from ...codecs.gnutella import Descriptor
from ..ageing import AgeingTable
from .config import ServentConfig
from .duplicates import Duplicates
from .hops import HopCounting
from .link import Link
from .shares import Shares

OWN = 0
"""Stands in the table of Query routes for this servent's own searches; no link has this number."""


class Flooding(Duplicates, HopCounting):
    """Passing Queries on."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.query_routes: AgeingTable[bytes, int] = AgeingTable(config.max_routes, config.route_lifetime)

    def query_too_long(self, size: int) -> bool:
        """Return whether a Query's payload is longer than any honest one: above 4 kB (GNU-QRY-08, GNU-QRY-11)."""
        return size > self.config.max_query

    def remember_query_route(self, guid: bytes, link: Link) -> None:
        """Keep the way that a Query came for its hits (GNU-RTE-01)."""
        self.query_routes.put(self.now, guid, link.id)

    def drop_duplicate_query(self, link: Link, descriptor: Descriptor) -> None:
        """Drop a Query that came before; its first route stands (GNU-DUP-01, GNU-DUP-02, GNU-RTE-05)."""

    def forward_query(self, link: Link, descriptor: Descriptor) -> None:
        """Pass a Query on while it has TTL left (GNU-FWD-03)."""
        ttl = self.forwarded_query_ttl(descriptor.ttl, descriptor.hops)
        if self.query_runs_out(ttl) or not link.bucket.take(self.now):
            return
        copy = Descriptor.of_raw(
            descriptor.type,
            self.forwarded_query_body(descriptor.body),
            guid=self.forwarded_guid(descriptor.guid),
            ttl=ttl,
            hops=self.forwarded_query_hops(descriptor.hops),
        )
        self.relay(self.query_targets(link), copy)

    def forwarded_query_body(self, body: bytes) -> bytes:
        """Return the payload that a Query is passed on with: the same, byte for byte (GNU-FWD-12)."""
        return body

    def query_targets(self, origin: Link) -> list[Link]:
        """Return to whom a Query is passed: all peers (GNU-FWD-10) but the one that it came from (GNU-FWD-11)."""
        return [link for link in self.peers() if link is not origin]
