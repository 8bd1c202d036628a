"""Answering Queries from the servent's own shares.

Rules of this file:

- A file matches when its name holds every word of the Query, in any order, without regard to case.
- The answer goes back where the Query came from, under its GUID, in as many QueryHits as it takes.
"""

from collections.abc import Iterator

from ...codecs.gnutella import Descriptor, OpenData, Query, QueryHit, Result, Trailer
from ...codecs.gnutella.query import FLAGS_VALID
from ..node import Address
from .core import Core
from .link import Link
from .shares import Share, words_of

INDEX_QUERY = "    "
REQUESTER_FIREWALLED = 0x0040
PUSH, BUSY = 0x01, 0x04
MAX_RESULTS_IN_A_HIT = 255
FIXED_SIZE = 11 + 7 + 16
"""Bytes of a QueryHit beside its results: what stands before them, the trailer, the servent id."""


class Answers(Core):
    """Own QueryHits."""

    def read_query(self, body: bytes) -> Query:
        """Return the Query in a payload, one without its NUL included (GNU-QRY-09). Raises DecodeError."""
        return Query.decode(self.mended_query(body))

    def mended_query(self, body: bytes) -> bytes:
        """Return the payload with the NUL after the text that some leave out (GNU-QRY-09)."""
        return body + b"\0" if len(body) >= 2 and 0 not in body[2:] else body

    def answer_query(self, link: Link, descriptor: Descriptor, query: Query) -> None:
        """Send hits for what the servent shares."""
        if not self.speed_suffices(query.min_speed) or self.both_firewalled(query.min_speed):
            return
        if self.is_index_query(query.text, descriptor.ttl, descriptor.hops):
            found = list(self.shares)
        elif self.worth_answering(query.text):
            found = self.matching(self.query_words(query.text))
        else:
            return
        for hit in self.hits(link, found[: self.config.max_results]):
            self.send_hit(self.hit_link(link), descriptor, hit)

    def speed_suffices(self, min_speed: int) -> bool:
        """Return whether the servent is as fast as asked; a field that holds flags asks for no speed (GNU-QRY-07)."""
        return bool(min_speed & FLAGS_VALID) or self.config.speed >= min_speed

    def both_firewalled(self, min_speed: int) -> bool:
        """Return whether neither side could connect to the other, so that a hit is of no use."""
        flags = FLAGS_VALID | REQUESTER_FIREWALLED
        return self.config.firewalled and min_speed & flags == flags

    def is_index_query(self, text: str, ttl: int, hops: int) -> bool:
        """Return whether a neighbour asks for all that is shared: four blanks, TTL 1, Hops 0 (GNU-QRY-04)."""
        return text == INDEX_QUERY and ttl == 1 and hops == 0

    def worth_answering(self, text: str) -> bool:
        """Return whether a text asks for something: not when empty or one letter (GNU-QRY-03)."""
        return len(text.strip()) > 1

    def query_words(self, text: str) -> frozenset[str]:
        """Return the words that a name must hold, in no order, without regard to case (GNU-QRY-01)."""
        return words_of(text)

    def matching(self, words: frozenset[str]) -> list[Share]:
        """Return the files whose names hold all the words (GNU-QRY-01), and no others (GNU-QRY-02)."""
        return self.shares.matching(words)

    # Making hits

    def hits(self, link: Link, shares: list[Share]) -> Iterator[QueryHit]:
        """Yield the QueryHits that list `shares`."""
        for results in self.batches([self.result(share) for share in shares]):
            ip, port = self.hit_address(link)
            yield QueryHit(port, ip, self.config.speed, results, self.hit_servent_id(), trailer=self.hit_trailer())

    def result(self, share: Share) -> Result:
        """Return the record of a file: its index, true size and name (GNU-HIT-02, GNU-HIT-07)."""
        return Result(self.hit_index(share), min(share.size, 0xFFFFFFFF), share.name)

    def hit_index(self, share: Share) -> int:
        """Return the index by which a file is asked for, the same for the whole session (GNU-HIT-07)."""
        return share.index

    def batches(self, results: list[Result]) -> Iterator[tuple[Result, ...]]:
        """Cut the results so that each hit holds at most 255 of them and stays within its size (GNU-QRY-10)."""
        batch: list[Result] = []
        size = FIXED_SIZE
        for result in results:
            more = len(result.encode())
            if batch and (len(batch) >= MAX_RESULTS_IN_A_HIT or size + more > self.hit_size_limit()):
                yield tuple(batch)
                batch, size = [], FIXED_SIZE
            batch.append(result)
            size += more
        if batch:
            yield tuple(batch)

    def hit_size_limit(self) -> int:
        """Return how many bytes an own QueryHit may have (GNU-QRY-10)."""
        return self.config.max_hit

    def hit_address(self, link: Link) -> Address:
        """Return the address at which the files are served (GNU-HIT-06)."""
        return self.own_address(link)

    def hit_servent_id(self) -> bytes:
        """Return the servent id that ends every hit, always the same (GNU-HIT-03)."""
        return self.servent_id

    def hit_trailer(self) -> Trailer:
        """Return the trailer: vendor code and the two bytes of flags, with their length (GNU-HIT-04)."""
        flags, mask = self.hit_flags()
        return Trailer(self.config.vendor, OpenData(flags, mask))

    def hit_flags(self) -> tuple[int, int]:
        """Return the bytes of flags. Push: value in the first, mark in the second; busy the other way (GNU-HIT-05)."""
        return (PUSH if self.hit_says_push() else 0) | BUSY, PUSH

    def hit_says_push(self) -> bool:
        """Return whether hits ask for a Push: when the servent is firewalled (GNU-HIT-05)."""
        return self.config.firewalled

    # Sending hits

    def send_hit(self, link: Link, query: Descriptor, hit: QueryHit) -> None:
        """Send an own hit, Hops 0 (GNU-QRY-05)."""
        hit_descriptor = Descriptor.of_raw(
            0x81, self.hit_body(hit), guid=self.hit_guid(query.guid), ttl=self.hit_ttl(query.hops), hops=self.hit_hops()
        )
        self.relay([link], hit_descriptor)

    def hit_link(self, link: Link) -> Link:
        """Return where an own hit goes: on the link that the Query came on (GNU-QRY-05)."""
        return link

    def hit_body(self, hit: QueryHit) -> bytes:
        """Return the payload of an own hit; its first byte counts the results that follow (GNU-HIT-01)."""
        return hit.encode()

    def hit_guid(self, guid: bytes) -> bytes:
        """Return the GUID of the hits for a Query: the Query's (GNU-QRY-05)."""
        return guid

    def hit_hops(self) -> int:
        """Return the Hops of an own hit (GNU-QRY-05)."""
        return 0

    def hit_ttl(self, hops: int) -> int:
        """Return the TTL of an own hit: two more than the Query's Hops, within the maximum of one byte (GNU-QRY-06)."""
        return min(hops + 2, 0xFF)
