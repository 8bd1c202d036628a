"""The routing of QueryHits gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import Descriptor, QueryHit
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ...mutants import mutant


@mutant(breaks="GNU-RTE-01")
class SpreadsHits(Servent):
    """Passes a hit to everybody, when somebody asked."""

    def hit_targets(self, route: int | None) -> list[Link]:
        return self.peers() if super().hit_targets(route) else []


@mutant(breaks="GNU-RTE-02")
class PassesStrayHits(Servent):
    """Passes a hit that nobody asked for to the peer that it knows longest."""

    def hit_route(self, guid: bytes) -> int | None:
        route = super().hit_route(guid)
        return self.peers()[0].id if route is None else route


@mutant(breaks="GNU-RTE-03")
class SendsHitsElsewhere(Servent):
    """Passes a hit to everybody when the asker has gone."""

    def hit_targets(self, route: int | None) -> list[Link]:
        return super().hit_targets(route) or (self.peers() if route is not None else [])


@mutant(breaks="GNU-RTE-04")
class ReturnsHits(Servent):
    """Returns a hit to the peer that sent it."""

    def hit_may_go(self, asker: Link, sender: Link) -> bool:
        return True


@mutant(breaks="GNU-RTE-05")
class RoutesByTheLastDuplicate(Servent):
    """Sends hits the way that the latest duplicate of their Query came."""

    def drop_duplicate_query(self, link: Link, descriptor: Descriptor) -> None:
        self.remember_query_route(descriptor.guid, link)


@mutant(breaks="GNU-RTE-06")
class StripsTrailers(Servent):
    """Passes a hit on without its trailer."""

    def forwarded_hit_body(self, body: bytes) -> bytes:
        return QueryHit.decode(body).replace(trailer=None).encode()


@mutant(breaks="GNU-RTE-07")
class DropsLargeHits(Servent):
    """Drops a hit above 4 kB."""

    def hit_too_large(self, size: int) -> bool:
        return size > 4096


@mutant(breaks="GNU-RTE-08")
class DropsHitsWithAHighTtl(Servent):
    """Drops a hit whose TTL is above its maximum."""

    def forwarded_hit_ttl(self, ttl: int, hops: int) -> int:
        return 0 if ttl > self.config.max_ttl else super().forwarded_hit_ttl(ttl, hops)


@mutant(breaks="GNU-RTE-09")
class PassesEmptyHits(Servent):
    """Passes a hit on that tells nothing."""

    def hit_is_empty(self, body: bytes) -> bool:
        return False


@mutant(breaks="GNU-RTE-10")
class KeepsTheTtlOfHits(Servent):
    """Forwards a QueryHit with the TTL it came with."""

    def forwarded_hit_ttl(self, ttl: int, hops: int) -> int:
        return self.trimmed_reply_ttl(ttl if ttl > 1 else 0, self.forwarded_hit_hops(hops))


@mutant(breaks="GNU-RTE-10")
class KeepsTheHopsOfHits(Servent):
    """Forwards a QueryHit with the Hops it came with."""

    def forwarded_hit_hops(self, hops: int) -> int:
        return hops
