"""The servent's own searches and what they found.

Rules of this file:

- A search is a Query under a GUID of its own; what comes back under that GUID is its results.
- The number of searches kept, and of results of each, is bounded.
"""

from dataclasses import dataclass
from random import Random

from ...codecs.gnutella import Descriptor, Query, QueryHit
from ..ageing import AgeingTable
from ..node import Address
from .config import ServentConfig
from .flooding import OWN, Flooding
from .shares import Shares


@dataclass(frozen=True, slots=True)
class Found:
    """One file that a search found: where it is, and by which index, name and size its servent knows it.

    `push` says that the servent must be asked to call back.
    """

    address: Address
    index: int
    name: str
    size: int
    servent_id: bytes
    push: bool


class Searching(Flooding):
    """Own searches."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.searches: AgeingTable[bytes, list[Found]] = AgeingTable(config.max_searches, config.route_lifetime)

    def search(self, now: float, text: str, ttl: int | None = None) -> bytes:
        """Send a Query to all peers and return its GUID. Raises EncodeError for a text that no Query can carry."""
        self.now = now
        descriptor = Descriptor.of(Query(text), guid=self.new_guid(), ttl=self.own_query_ttl() if ttl is None else ttl)
        self.searches.put(now, descriptor.guid, [])
        self.query_routes.put(now, descriptor.guid, OWN)
        self.seen.put(now, (descriptor.type, descriptor.guid), None)
        self.relay(self.peers(), descriptor)
        return descriptor.guid

    def own_query_ttl(self) -> int:
        """Return the TTL of an own Query (GNU-HDR-05)."""
        return self.config.max_ttl

    def results(self, guid: bytes) -> tuple[Found, ...]:
        """Return what the search with this GUID has found so far, in order of arrival."""
        return tuple(self.searches.get(self.now, guid) or ())

    def keep_results(self, guid: bytes, hit: QueryHit) -> None:
        """Keep the results of a hit for an own search."""
        found = self.searches.get(self.now, guid)
        if found is None:
            return
        push = bool(hit.trailer is not None and hit.trailer.push)
        for result in hit.results:
            if len(found) < self.config.max_found:
                found.append(Found((hit.ip, hit.port), result.index, result.name, result.size, hit.servent_id, push))
