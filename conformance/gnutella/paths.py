"""The ways that cases about answers need first: a Query's, and the one its QueryHit leaves for a Push.

A path that does not come about leaves the case inconclusive.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...codecs.gnutella import Descriptor, Push, Query
from ..outcomes import assuming
from .bench import Bench
from .probe import Peer


@dataclass(frozen=True, slots=True)
class Path:
    """A Query of `asker` has reached `answerer`, and a hit of `answerer` has come back. `bystander` had no part."""

    asker: Peer
    answerer: Peer
    bystander: Peer
    query: Descriptor

    def push(self, *, extension: bytes = b"") -> Push:
        """A Push for the answerer to call the asker."""
        ip, port = self.asker.listens_at
        return Push(self.answerer.servent_id, 1, ip, port, extension=extension)


def path_of_query(bench: Bench, *, ttl: int = 4, hops: int = 0) -> Path:
    """Three peers; a Query of the first has reached the second."""
    asker, answerer, bystander = bench.peers(3)
    query = asker.send(Query(bench.unique()), ttl=ttl, hops=hops)
    with assuming("the Query is forwarded"):
        answerer.expect(query)
    return Path(asker, answerer, bystander, query)


def path_of_hits(bench: Bench) -> Path:
    """The same, and a first hit of the second has reached the first."""
    path = path_of_query(bench)
    hit = path.answerer.send(path.answerer.hit("first"), guid=path.query.guid)
    with assuming("the QueryHit is routed back"):
        path.asker.expect(hit)
    return path


def path_of_pushes(bench: Bench) -> Path:
    """The same, and a first Push has taken the way of the hit."""
    path = path_of_hits(bench)
    push = path.asker.send(path.push())
    with assuming("a Push is routed"):
        path.answerer.expect(push)
    return path
