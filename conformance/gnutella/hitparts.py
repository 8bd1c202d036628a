"""A QueryHit taken apart by hand, for the cases about its form: the codec would refuse what they judge."""

from __future__ import annotations

from dataclasses import dataclass

from ...codecs.gnutella import Query, QueryHit
from ..networks import Share
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .probe import Peer, Received

_FIXED, _SERVENT_ID, _RECORD = 11, 16, 8


@dataclass(frozen=True, slots=True)
class Record:
    """One result as it stands."""

    index: int
    size: int
    name: bytes
    extension: bytes


@dataclass(frozen=True, slots=True)
class HitParts:
    """The parts of a QueryHit. `trailer` is everything between the results and the servent id."""

    count: int
    port: int
    ip: str
    records: tuple[Record, ...]
    trailer: bytes
    servent_id: bytes

    def record_of(self, share: Share) -> Record:
        """The record that names `share`; Inconclusive when none does."""
        for record in self.records:
            if record.name == wire_name(share):
                return record
        raise Inconclusive(f"no result names {share.name!r}")


def wire_name(share: Share) -> bytes:
    """The name of a share as a QueryHit writes it."""
    return share.name.encode("utf-8", "surrogateescape")


def take_apart(body: bytes) -> HitParts:
    """The parts; Failure when the count and the records do not fit the payload."""
    if len(body) < _FIXED + _SERVENT_ID:
        raise Failure(expected="a QueryHit of at least 27 bytes", actual=f"{len(body)} bytes")
    end = len(body) - _SERVENT_ID
    position, records = _FIXED, []
    for number in range(1, body[0] + 1):
        name_end = body.find(b"\0", position + _RECORD, end)
        extension_end = body.find(b"\0", name_end + 1, end) if name_end >= 0 else -1
        if extension_end < 0:
            raise Failure(expected=f"{body[0]} results", actual=f"result {number} does not end before the servent id")
        records.append(
            Record(
                int.from_bytes(body[position : position + 4], "little"),
                int.from_bytes(body[position + 4 : position + 8], "little"),
                body[position + 8 : name_end],
                body[name_end + 1 : extension_end],
            )
        )
        position = extension_end + 1
    return HitParts(
        body[0],
        int.from_bytes(body[1:3], "little"),
        ".".join(map(str, body[3:7])),
        tuple(records),
        body[position:end],
        body[end:],
    )


def words_of(share: Share) -> list[str]:
    """The words that a search finds a share by."""
    if share.words:
        return list(share.words)
    split = "".join(letter if letter.isalnum() else " " for letter in share.name).split()
    return [word for word in split if len(word) > 1]


def hits_for(bench: Bench, peer: Peer, text: str, *, ttl: int = 4, hops: int = 0) -> list[Received]:
    """The node's own hits for a text, in the order in which they came; Inconclusive when there are none."""
    with assuming("the node answers a Query for what it shares"):
        first = peer.ask(Query(text), QueryHit, ttl=ttl, hops=hops)
    peer.sync()
    return [first, *peer.take_all(QueryHit)]


def parts_for(bench: Bench, peer: Peer, share: Share) -> HitParts:
    """The parts of the hit that names `share`; Inconclusive when there is none that can be read."""
    with assuming("the node's hits are well-formed"):
        found = [take_apart(hit.body) for hit in hits_for(bench, peer, " ".join(words_of(share)))]
    for parts in found:
        if any(record.name == wire_name(share) for record in parts.records):
            return parts
    raise Inconclusive(f"no hit names {share.name!r}")
