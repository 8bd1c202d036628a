"""The ways that cases about answers need first: a Query's, and the one its QueryHit leaves for a Push.

A path that does not come about leaves the case inconclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...codecs.gnutella import Descriptor, Push, Query
from ..outcomes import assuming
from .bench import Bench
from .probe import Peer


@dataclass(frozen=True, slots=True)
class Path:
    """A Query of `asker` has reached `answerer`; `bystander` has no part in what follows."""

    asker: Peer
    answerer: Peer
    bystander: Peer
    query: Descriptor
    servent_id: bytes
    """The servent that the latest hit named."""

    def push(self, *, extension: bytes = b"") -> Push:
        """A Push for that servent to call the asker."""
        ip, port = self.asker.listens_at
        return Push(self.servent_id, 1, ip, port, extension=extension)


def path_of_query(bench: Bench, *, ttl: int = 4, hops: int = 0) -> Path:
    """Three peers; a Query of the first has reached the second."""
    asker, answerer, bystander = bench.peers(3)
    query = asker.send(Query(bench.unique()), ttl=ttl, hops=hops)
    with assuming("the Query is forwarded"):
        answerer.expect(query)
    return Path(asker, answerer, bystander, query, answerer.servent_id)


def path_of_hits(bench: Bench) -> Path:
    """The same for two Queries; a hit for the first has come back, which leaves a way for Pushes.

    For the second, which the path names, there was no hit yet.
    """
    path = path_of_query(bench)
    _send_hit(path, path.servent_id)
    query = path.asker.send(Query(bench.unique()))
    with assuming("a second Query is forwarded"):
        path.answerer.expect(query)
    return replace(path, query=query)


def path_of_pushes(bench: Bench) -> Path:
    """The same, and a Push has taken the way of the first hit. A hit for the second Query named another servent.

    To that one, which the path names, there was no Push yet.
    """
    path = path_of_hits(bench)
    push = path.asker.send(path.push())
    with assuming("a Push is routed"):
        path.answerer.expect(push)
    another = bench.fresh.randbytes(16)
    _send_hit(path, another)
    return replace(path, servent_id=another)


def _send_hit(path: Path, servent_id: bytes) -> None:
    """Let a hit of the answerer come back to the asker."""
    hit = path.answerer.send(path.answerer.hit().replace(servent_id=servent_id), guid=path.query.guid)
    with assuming("the QueryHit is routed back"):
        path.asker.expect(hit)
