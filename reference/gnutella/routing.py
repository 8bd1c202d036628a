"""QueryHits on their way back, and the way to their servents that they leave behind.

Rules of this file:

- A hit goes to the link from which its Query came first, and nowhere else. Its payload is not touched.
- The link from which a hit came is the way to its servent, for Pushes.
"""

from random import Random

from ...codecs.gnutella import Descriptor, QueryHit
from ..ageing import AgeingTable
from .config import ServentConfig
from .flooding import OWN
from .link import Link
from .searching import Searching
from .shares import Shares

EMPTY_HIT = 27
"""Bytes of a QueryHit without results and trailer."""


class HitRouting(Searching):
    """Passing QueryHits on."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.push_routes: AgeingTable[bytes, int] = AgeingTable(config.max_routes, config.route_lifetime)

    def take_hit(self, link: Link, descriptor: Descriptor, hit: QueryHit) -> None:
        """Keep a hit for an own search, or pass it to the peer that asked."""
        if self.hit_is_empty(descriptor.body) or self.hit_too_large(len(descriptor.body)):
            return
        if self.is_duplicate_hit(descriptor):
            return
        route = self.hit_route(descriptor.guid)
        if route == OWN:
            self.remember_servent(hit.servent_id, link)
            self.keep_results(descriptor.guid, hit)
            return
        for target in self.hit_targets(route):
            if self.hit_may_go(target, link):
                self.remember_servent(hit.servent_id, link)
                self.forward_hit(target, descriptor)

    def hit_is_empty(self, body: bytes) -> bool:
        """Return whether a hit tells nothing: no results and no trailer (GNU-RTE-09)."""
        return len(body) == EMPTY_HIT and body[0] == 0

    def hit_too_large(self, size: int) -> bool:
        """Return whether a hit is too large to pass on: none within the limit of payloads is (GNU-RTE-07)."""
        return size > self.config.max_payload

    def hit_route(self, guid: bytes) -> int | None:
        """Return where the Query with this GUID came from; a hit that nobody asked for goes nowhere (GNU-RTE-02)."""
        return self.query_routes.get(self.now, guid)

    def hit_targets(self, route: int | None) -> list[Link]:
        """Return to whom a hit goes: the asker alone (GNU-RTE-01), or nobody when it has gone (GNU-RTE-03)."""
        asker = self.peer(route)
        return [] if asker is None else [asker]

    def hit_may_go(self, asker: Link, sender: Link) -> bool:
        """Return whether a hit may go to the asker: not when the asker itself sent it (GNU-RTE-04)."""
        return asker is not sender

    def remember_servent(self, servent_id: bytes, link: Link) -> None:
        """Keep the way to a servent for Pushes (GNU-PSH-01)."""
        self.push_routes.put(self.now, servent_id, link.id)

    def forward_hit(self, target: Link, descriptor: Descriptor) -> None:
        """Pass a hit on while it has TTL left (GNU-FWD-04)."""
        ttl = self.forwarded_hit_ttl(descriptor.ttl, descriptor.hops)
        if self.hit_runs_out(ttl):
            return
        copy = Descriptor.of_raw(
            descriptor.type,
            self.forwarded_hit_body(descriptor.body),
            guid=self.forwarded_guid(descriptor.guid),
            ttl=ttl,
            hops=self.forwarded_hit_hops(descriptor.hops),
        )
        self.relay([target], copy)

    def forwarded_hit_body(self, body: bytes) -> bytes:
        """Return the payload that a hit is passed on with: the same, trailer and private area included (GNU-RTE-06)."""
        return body
