"""Pings and Pongs gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import Descriptor
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ....reference.node import Address
from ...mutants import mutant


@mutant(breaks="GNU-PNG-01")
class IgnoresANeighboursPing(Servent):
    """Does not answer a Ping 1/0."""

    def answers_ping(self, ttl: int, hops: int) -> bool:
        return (ttl, hops) != (1, 0)


@mutant(breaks="GNU-PNG-02")
class IgnoresThePingOneHopAway(Servent):
    """Does not answer a Ping 1/1."""

    def answers_ping(self, ttl: int, hops: int) -> bool:
        return (ttl, hops) != (1, 1)


@mutant(breaks="GNU-PNG-03")
class PongsUnderANewGuid(Servent):
    """Sends its Pong under a GUID of its own."""

    def own_pong_guid(self, guid: bytes) -> bytes:
        return self.new_guid()


@mutant(breaks="GNU-PNG-04")
class PongsForOneHop(Servent):
    """Sends its Pong with TTL 1, however far the Ping has come."""

    def own_pong_ttl(self, hops: int) -> int:
        return 1


@mutant(breaks="GNU-PNG-04")
class PongsWithTtl0(Servent):
    """Sends its Pong with the Hops of the Ping as TTL, 0 to a neighbour."""

    def own_pong_ttl(self, hops: int) -> int:
        return hops


@mutant(breaks="GNU-PNG-19")
class RoutesPongsWithTtl0(Servent):
    """Routes a Pong whose TTL has run out, with TTL 0."""

    def pong_runs_out(self, ttl: int) -> bool:
        return False


@mutant(breaks="GNU-PNG-05")
class SwapsItsPort(Servent):
    """Writes its port in network order."""

    def own_pong_address(self, link: Link) -> Address:
        ip, port = super().own_pong_address(link)
        return ip, (port & 0xFF) << 8 | port >> 8


@mutant(breaks="GNU-PNG-05")
class SwapsItsIp(Servent):
    """Writes its IP address with the last byte first."""

    def own_pong_address(self, link: Link) -> Address:
        ip, port = super().own_pong_address(link)
        return ".".join(reversed(ip.split("."))), port


@mutant(breaks="GNU-PNG-06")
class SharesNothing(Servent):
    """Says that it shares nothing."""

    def own_counts(self) -> tuple[int, int]:
        return 0, 0


@mutant(breaks="GNU-PNG-07")
class PassesAllPongs(Servent):
    """Passes on as many Pongs for one Ping as come."""

    def pong_limit(self) -> int:
        return 1 << 30


@mutant(breaks="GNU-PNG-08")
class ReturnsPongs(Servent):
    """Hands a Pong back to the peer that sent it."""

    def pong_may_go(self, asker: Link, sender: Link) -> bool:
        return True


@mutant(breaks="GNU-PNG-09")
class RelaysPongsUnderANewGuid(Servent):
    """Passes a Pong on under a GUID of its own."""

    def forwarded_pong_guid(self, guid: bytes) -> bytes:
        return self.new_guid()


@mutant(breaks="GNU-PNG-09")
class RelaysPongsAsItsOwn(Servent):
    """Passes a Pong on with Hops 0."""

    def forwarded_pong_hops(self, hops: int) -> int:
        return 0


@mutant(breaks="GNU-PNG-10")
class SpreadsPongs(Servent):
    """Passes a Pong to everybody, when somebody asked."""

    def pong_targets(self, route: int) -> list[Link]:
        return self.peers()


@mutant(breaks="GNU-PNG-10")
class SpreadsItsOwnPong(Servent):
    """Sends its own Pong to everybody when somebody asks."""

    def send_own_pong(self, link: Link, ping: Descriptor) -> None:
        for each in self.peers():
            super().send_own_pong(each, ping)


@mutant(breaks="GNU-PNG-11")
class PassesStrayPongs(Servent):
    """Passes a Pong that nobody asked for to the peer that it knows longest."""

    def pong_route(self, guid: bytes) -> int | None:
        route = super().pong_route(guid)
        return self.peers()[0].id if route is None else route


@mutant(breaks="GNU-PNG-12")
class PassesPongsWithoutAPort(Servent):
    """Passes Pongs with port 0 on."""

    def pong_is_reachable(self, port: int) -> bool:
        return True


@mutant(breaks="GNU-PNG-13")
class IgnoresPingsWithGgep(Servent):
    """Does not answer a Ping that has any payload."""

    def ping_payload_is_known(self, extension: bytes) -> bool:
        return not extension


@mutant(breaks="GNU-PNG-14")
class ClosesOnStrangePings(Servent):
    """Leaves a link on which a Ping comes with a payload that is no GGEP."""

    def take_strange_ping(self, link: Link) -> None:
        self.part(link, 400, "Ping with a payload")


@mutant(breaks="GNU-PNG-15")
class NeverPingsAnIdleLink(Servent):
    """Sends no keep-alive Pings."""

    def keep_alive(self, link: Link) -> None:
        return


@mutant(breaks="GNU-PNG-16")
class KeepsDeadPeers(Servent):
    """Keeps a peer that answers none of its Pings."""

    def is_given_up(self, misses: int) -> bool:
        return False


@mutant(breaks="GNU-PNG-17")
class ForwardsPingsWithTtl0(Servent):
    """Forwards a Ping whose TTL has run out, with TTL 0."""

    def ping_runs_out(self, ttl: int) -> bool:
        return False
