"""TTL and Hops of what is passed on.

Rules of this file:

- Both are single bytes. Passing on takes one from TTL and adds one to Hops; what has no TTL left stays here.
- TTL is also cut so that TTL + Hops stays within the servent's own maximum. A flooded descriptor that is beyond it ends
  here; an answer, which has only one way to go, is let through with a TTL of at least 1.
"""

from .core import Core


class HopCounting(Core):
    """How far a descriptor may still go."""

    def arrives_dead(self, ttl: int) -> bool:
        """Return whether a descriptor has come too far to be passed on at all: TTL 0 on arrival (GNU-FWD-06)."""
        return ttl == 0

    def hops_exhausted(self, hops: int) -> bool:
        """Return whether Hops can't be counted up any more (GNU-FWD-07)."""
        return hops == 0xFF

    def broadcast_too_far(self, ttl: int) -> bool:
        """Return whether a Query asks to be spread beyond all reason: TTL above 15 (GNU-FWD-09)."""
        return ttl > 15

    def trimmed_ttl(self, ttl: int, hops: int) -> int:
        """Return `ttl` cut so that with `hops` it stays within the maximum (GNU-FWD-08)."""
        return max(0, min(ttl, self.config.max_ttl - hops))

    def trimmed_reply_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL of an answer cut likewise, but not to death: it is trimmed, not dropped (GNU-RTE-08)."""
        return max(min(1, ttl), self.trimmed_ttl(ttl, hops))

    def forwarded_query_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL with which a Query received with `ttl` and `hops` leaves (GNU-FWD-01, GNU-FWD-08)."""
        return self.trimmed_ttl((ttl - 1) & 0xFF, self.forwarded_query_hops(hops))

    def forwarded_query_hops(self, hops: int) -> int:
        """Return the Hops with which a Query leaves (GNU-FWD-02)."""
        return (hops + 1) & 0xFF

    def query_runs_out(self, ttl: int) -> bool:
        """Return whether a Query that would leave with `ttl` stays here (GNU-FWD-03)."""
        return ttl == 0

    def forwarded_ping_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL with which a Ping leaves (GNU-PNG-17)."""
        return self.trimmed_ttl((ttl - 1) & 0xFF, (hops + 1) & 0xFF)

    def forwarded_ping_hops(self, hops: int) -> int:
        """Return the Hops with which a Ping leaves."""
        return (hops + 1) & 0xFF

    def ping_runs_out(self, ttl: int) -> bool:
        """Return whether a Ping that would leave with `ttl` stays here (GNU-PNG-17)."""
        return ttl == 0

    def forwarded_pong_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL with which a Pong leaves."""
        return self.trimmed_reply_ttl((ttl - 1) & 0xFF, (hops + 1) & 0xFF)

    def forwarded_pong_hops(self, hops: int) -> int:
        """Return the Hops with which a Pong leaves (GNU-PNG-09)."""
        return (hops + 1) & 0xFF

    def pong_runs_out(self, ttl: int) -> bool:
        """Return whether a Pong that would leave with `ttl` stays here (GNU-PNG-19)."""
        return ttl == 0

    def forwarded_hit_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL with which a QueryHit leaves (GNU-RTE-08, GNU-RTE-10)."""
        return self.trimmed_reply_ttl((ttl - 1) & 0xFF, self.forwarded_hit_hops(hops))

    def forwarded_hit_hops(self, hops: int) -> int:
        """Return the Hops with which a QueryHit leaves (GNU-RTE-10)."""
        return (hops + 1) & 0xFF

    def hit_runs_out(self, ttl: int) -> bool:
        """Return whether a QueryHit that would leave with `ttl` stays here (GNU-FWD-04)."""
        return ttl == 0

    def forwarded_push_ttl(self, ttl: int, hops: int) -> int:
        """Return the TTL with which a Push leaves (GNU-PSH-03)."""
        return self.trimmed_reply_ttl((ttl - 1) & 0xFF, self.forwarded_push_hops(hops))

    def forwarded_push_hops(self, hops: int) -> int:
        """Return the Hops with which a Push leaves (GNU-PSH-03)."""
        return (hops + 1) & 0xFF

    def push_runs_out(self, ttl: int) -> bool:
        """Return whether a Push that would leave with `ttl` stays here (GNU-FWD-05)."""
        return ttl == 0
