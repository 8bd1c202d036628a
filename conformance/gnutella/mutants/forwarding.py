"""TTL, Hops and flooding gone wrong."""

from __future__ import annotations

from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ...mutants import mutant


@mutant(breaks="GNU-FWD-01")
class KeepsTheTtl(Servent):
    """Forwards a Query with the TTL it came with."""

    def forwarded_query_ttl(self, ttl: int, hops: int) -> int:
        return self.trimmed_ttl(ttl if ttl > 1 else 0, self.forwarded_query_hops(hops))


@mutant(breaks="GNU-FWD-02")
class KeepsTheHops(Servent):
    """Forwards a Query with the Hops it came with."""

    def forwarded_query_hops(self, hops: int) -> int:
        return hops


@mutant(breaks="GNU-FWD-02")
class ResetsTheHops(Servent):
    """Forwards a Query as if it were its own, with Hops 1."""

    def forwarded_query_hops(self, hops: int) -> int:
        return 1


@mutant(breaks="GNU-FWD-03")
class ForwardsQueriesWithTtl0(Servent):
    """Forwards a Query whose TTL has run out, with TTL 0."""

    def query_runs_out(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-04")
class ForwardsHitsWithTtl0(Servent):
    """Forwards a QueryHit whose TTL has run out, with TTL 0."""

    def hit_runs_out(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-05")
class ForwardsPushesWithTtl0(Servent):
    """Forwards a Push whose TTL has run out, with TTL 0."""

    def push_runs_out(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-06")
class WrapsTtl0(Servent):
    """Takes one from a TTL of 0 and forwards with what comes of it."""

    def arrives_dead(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-07")
class WrapsHops255(Servent):
    """Adds one to Hops 255 and forwards with Hops 0."""

    def hops_exhausted(self, hops: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-08")
class DoesNotTrim(Servent):
    """Forwards with any TTL, however far the Query has come."""

    def trimmed_ttl(self, ttl: int, hops: int) -> int:
        return ttl


@mutant(breaks="GNU-FWD-09")
class TakesAnyTtl(Servent):
    """Forwards a Query that came with a TTL of 16 to 255."""

    def broadcast_too_far(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-FWD-10")
class ForwardsToOnePeer(Servent):
    """Forwards a Query to one of its peers only."""

    def query_targets(self, origin: Link) -> list[Link]:
        return super().query_targets(origin)[:1]


@mutant(breaks="GNU-FWD-11")
class EchoesQueries(Servent):
    """Forwards a Query to all its peers, the one that it came from included."""

    def query_targets(self, origin: Link) -> list[Link]:
        return self.peers()


@mutant(breaks="GNU-FWD-12")
class StripsExtensions(Servent):
    """Forwards a Query without what follows its text."""

    def forwarded_query_body(self, body: bytes) -> bytes:
        return body[: body.find(b"\0", 2) + 1] or body


@mutant(breaks="GNU-FWD-12")
class TidiesTheText(Servent):
    """Forwards a Query with each run of blanks made one."""

    def forwarded_query_body(self, body: bytes) -> bytes:
        text, end, extension = body[2:].partition(b"\0")
        return body[:2] + b" ".join(text.split()) + end + extension


@mutant(breaks="GNU-FWD-13")
class NeedsNoHandshake(Servent):
    """Takes descriptors from a caller that has not sent its final block."""

    def take_unknown_words(self, link: Link, data: bytes) -> None:
        if link.state != "awaiting the final block":
            super().take_unknown_words(link, data)
            return
        self.establish(link)
        self.read_descriptors(link, data)
