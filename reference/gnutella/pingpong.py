"""Ping and Pong: who is there, and is it still there.

Rules of this file:

- A Ping is answered with one Pong of the servent's own. With TTL above 1 it is also flooded, and the Pongs that come
  back are passed to the asker alone, a bounded number for each Ping (the routing model of 0.4; no cache of Pongs).
- A link that has been silent is sent Pings; one that leaves too many unanswered is given up.
"""

from random import Random

from ...codecs.gnutella import Descriptor, Ping, Pong
from ..ageing import AgeingTable
from ..node import Address
from .bye import SILENT, Byes
from .config import ServentConfig
from .duplicates import Duplicates
from .hops import HopCounting
from .hosts import Hosts
from .link import Link
from .shares import Shares

GGEP_MAGIC = b"\xc3"


class PingPong(Byes, Duplicates, HopCounting, Hosts):
    """Pings and Pongs, own and foreign."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.ping_routes: AgeingTable[bytes, int] = AgeingTable(config.max_routes, config.route_lifetime)
        self.pongs_passed: AgeingTable[bytes, int] = AgeingTable(config.max_routes, config.route_lifetime)

    # Pings that come

    def take_ping(self, link: Link, descriptor: Descriptor, ping: Ping) -> None:
        """Answer a Ping, and pass it on when it may go further."""
        if not self.ping_payload_is_known(ping.extension):
            self.take_strange_ping(link)
            return
        goes_on = descriptor.ttl > 1
        if goes_on and self.is_duplicate(link, descriptor):
            return
        if self.answers_ping(descriptor.ttl, descriptor.hops):
            self.send_own_pong(link, descriptor)
        if goes_on:
            self.remember(link, descriptor)
        self.forward_ping(link, descriptor)

    def ping_payload_is_known(self, extension: bytes) -> bool:
        """Return whether a Ping's payload is one that the draft knows: none, or GGEP (GNU-PNG-13)."""
        return not extension or extension.startswith(GGEP_MAGIC)

    def take_strange_ping(self, link: Link) -> None:
        """Drop a Ping with any other payload; the link stays as it is (GNU-PNG-14)."""

    def answers_ping(self, ttl: int, hops: int) -> bool:
        """Return whether a Ping gets an own Pong: each does, a neighbour's 1/0 and 1/1 too (GNU-PNG-01, GNU-PNG-02)."""
        del ttl, hops
        return True

    def send_own_pong(self, link: Link, ping: Descriptor) -> None:
        """Answer with an own Pong, Hops 0 (GNU-PNG-04)."""
        self.send_payload(
            link, self.own_pong(link), guid=self.own_pong_guid(ping.guid), ttl=self.own_pong_ttl(ping.hops)
        )

    def own_pong(self, link: Link) -> Pong:
        """Return the Pong that tells of this servent."""
        ip, port = self.own_pong_address(link)
        files, kib = self.own_counts()
        return Pong(port, ip, files, kib)

    def own_pong_guid(self, guid: bytes) -> bytes:
        """Return the GUID of the Pong that answers a Ping: the Ping's (GNU-PNG-03)."""
        return guid

    def own_pong_ttl(self, hops: int) -> int:
        """Return the TTL of an own Pong: enough for the way that the Ping came (GNU-PNG-04, GNU-HDR-05)."""
        return min(hops + 1, 0xFF)

    def own_pong_address(self, link: Link) -> Address:
        """Return the listening address told in an own Pong (GNU-PNG-05)."""
        return self.own_address(link)

    def own_counts(self) -> tuple[int, int]:
        """Return the number of shared files and their size in KiB (GNU-PNG-06)."""
        return len(self.shares), min(self.shares.kib, 0xFFFFFFFF)

    # Passing Pings on

    def forward_ping(self, link: Link, descriptor: Descriptor) -> None:
        """Flood a Ping with TTL left (GNU-PNG-17, GNU-PNG-18)."""
        ttl = self.forwarded_ping_ttl(descriptor.ttl, descriptor.hops)
        if self.ping_runs_out(ttl) or not self.floods_ping() or not link.bucket.take(self.now):
            return
        self.ping_routes.put(self.now, descriptor.guid, link.id)
        hops = self.forwarded_ping_hops(descriptor.hops)
        copy = Descriptor.of_raw(
            descriptor.type, descriptor.body, guid=self.forwarded_guid(descriptor.guid), ttl=ttl, hops=hops
        )
        self.relay(self.ping_targets(link), copy)

    def floods_ping(self) -> bool:
        """Return whether Pings are passed on at all: this servent keeps no cache to answer from (GNU-PNG-18)."""
        return True

    def ping_targets(self, origin: Link) -> list[Link]:
        """Return to whom a Ping is passed: all peers but the one that it came from."""
        return [link for link in self.peers() if link is not origin]

    # Pongs that come

    def take_pong(self, link: Link, descriptor: Descriptor, pong: Pong) -> None:
        """Take note of a servent, and pass its Pong to whoever asked."""
        if descriptor.guid == link.ping:
            link.ping = None
            link.misses = 0
        self.remember_host((pong.ip, pong.port))
        route = self.pong_route(descriptor.guid)
        if route is None or not self.pong_is_reachable(pong.port):
            return
        for target in self.pong_targets(route):
            if self.pong_may_go(target, link):
                self.forward_pong(target, descriptor)

    def pong_route(self, guid: bytes) -> int | None:
        """Return the link that asked with this GUID; a Pong that nobody asked for goes nowhere (GNU-PNG-11)."""
        return self.ping_routes.get(self.now, guid)

    def pong_targets(self, route: int) -> list[Link]:
        """Return to whom a Pong goes: the asker and nobody else (GNU-PNG-10)."""
        asker = self.peer(route)
        return [] if asker is None else [asker]

    def pong_may_go(self, asker: Link, sender: Link) -> bool:
        """Return whether a Pong may go to the asker: not when it is the asker's own (GNU-PNG-08)."""
        return asker is not sender

    def forward_pong(self, target: Link, descriptor: Descriptor) -> None:
        """Pass a Pong on, under the asker's GUID (GNU-PNG-09), while the asker has not had its fill (GNU-PNG-07)."""
        ttl = self.forwarded_pong_ttl(descriptor.ttl, descriptor.hops)
        passed = self.pongs_passed.get(self.now, descriptor.guid) or 0
        if self.pong_runs_out(ttl) or passed >= self.pong_limit():
            return
        self.pongs_passed.put(self.now, descriptor.guid, passed + 1)
        guid = self.forwarded_pong_guid(descriptor.guid)
        hops = self.forwarded_pong_hops(descriptor.hops)
        self.relay([target], Descriptor.of_raw(descriptor.type, descriptor.body, guid=guid, ttl=ttl, hops=hops))

    def pong_limit(self) -> int:
        """Return how many Pongs are passed on for one Ping (GNU-PNG-07)."""
        return self.config.max_pongs

    def forwarded_pong_guid(self, guid: bytes) -> bytes:
        """Return the GUID under which a Pong is passed on: that of the asker's Ping (GNU-PNG-09)."""
        return guid

    # Keeping links alive

    def greet(self, link: Link) -> None:
        """Ask a new peer who it is, once the handshake is over (GNU-HSK-02)."""
        self.send_ping(link)

    def send_ping(self, link: Link) -> None:
        """Send an own Ping to a neighbour."""
        link.ping = self.new_guid()
        self.send_payload(link, Ping(), guid=link.ping, ttl=self.own_ping_ttl())

    def own_ping_ttl(self) -> int:
        """Return the TTL of an own Ping, which is for the neighbour alone (GNU-HDR-05)."""
        return 1

    def watch(self, link: Link) -> None:
        """Look after a link again when it may have become idle."""
        self.set_alarm_at(link, self.idle_from(link), self.check_idle)

    def idle_from(self, link: Link) -> float:
        """Return the time from which a link counts as idle, should nothing come before."""
        return link.heard + self.config.idle_after

    def check_idle(self, link: Link) -> None:
        """Send a Ping on a link that has been idle; give it up after too many (GNU-PNG-15, GNU-PNG-16)."""
        if self.now < self.idle_from(link):
            link.misses = 0
            self.watch(link)
        elif self.is_given_up(link.misses):
            self.part(link, SILENT, "No reply to keep-alive pings")
        else:
            link.misses += 1
            self.keep_alive(link)
            self.set_alarm(link, self.config.idle_after, self.check_idle)

    def keep_alive(self, link: Link) -> None:
        """Send a keep-alive Ping (GNU-PNG-15)."""
        self.send_ping(link)

    def is_given_up(self, misses: int) -> bool:
        """Return whether a peer has left too many keep-alive Pings unanswered (GNU-PNG-16)."""
        return misses >= self.config.max_misses
