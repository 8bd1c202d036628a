"""Pushes gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import Push
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ....reference.node import Address
from ...mutants import mutant


@mutant(breaks="GNU-PSH-01")
class SpreadsPushes(Servent):
    """Passes a Push to everybody, when it knows the servent."""

    def push_targets(self, route: int | None) -> list[Link]:
        return self.peers() if super().push_targets(route) else []


@mutant(breaks="GNU-PSH-02")
class FloodsStrayPushes(Servent):
    """Passes a Push for a servent that it has not seen to everybody."""

    def push_targets(self, route: int | None) -> list[Link]:
        return super().push_targets(route) or self.peers()


@mutant(breaks="GNU-PSH-03")
class CutsPushes(Servent):
    """Passes a Push on without what follows its 26 bytes."""

    def forwarded_push_body(self, body: bytes) -> bytes:
        return body[:26]


@mutant(breaks="GNU-PSH-03")
class KeepsTheTtlOfPushes(Servent):
    """Forwards a Push with the TTL it came with."""

    def forwarded_push_ttl(self, ttl: int, hops: int) -> int:
        return self.trimmed_reply_ttl(ttl if ttl > 1 else 0, self.forwarded_push_hops(hops))


@mutant(breaks="GNU-PSH-03")
class KeepsTheHopsOfPushes(Servent):
    """Forwards a Push with the Hops it came with."""

    def forwarded_push_hops(self, hops: int) -> int:
        return hops


@mutant(breaks="GNU-PSH-04")
class ReturnsPushes(Servent):
    """Returns a Push to the peer that sent it."""

    def push_may_go(self, target: Link, sender: Link) -> bool:
        return True


@mutant(breaks="GNU-PSH-05")
class ObeysForeignPushes(Servent):
    """Calls back for a servent that it has not seen."""

    def push_is_mine(self, servent_id: bytes) -> bool:
        return super().push_is_mine(servent_id) or self.push_route(servent_id) is None


@mutant(breaks="GNU-PSH-06")
class IgnoresPushes(Servent):
    """Never calls back."""

    def obey_push(self, push: Push) -> None:
        return


@mutant(breaks="GNU-PSH-06")
class CallsTheSwappedPort(Servent):
    """Reads the port of a Push in network order."""

    def callback_address(self, push: Push) -> Address:
        return push.ip, (push.port & 0xFF) << 8 | push.port >> 8


@mutant(breaks="GNU-PSH-06")
class GreetsWithCrlf(Servent):
    """Ends GIV with CRLF instead of LF."""

    def giv_bytes(self, push: Push) -> bytes:
        return super().giv_bytes(push).replace(b"\n", b"\r\n")


@mutant(breaks="GNU-PSH-07")
class GreetsAndHangsUp(Servent):
    """Closes the connection after GIV."""

    def called_back(self, link: Link) -> None:
        super().called_back(link)
        self.close(link)


@mutant(breaks="GNU-PSH-08")
class CallsForKnownFilesOnly(Servent):
    """Does not call back for an index that it does not share."""

    def calls_back_for(self, index: int) -> bool:
        return self.shares.get(index) is not None


@mutant(breaks="GNU-PSH-09")
class CallsAsOftenAsAsked(Servent):
    """Calls one address as often as Pushes name it."""

    def callback_allowed(self, address: Address) -> bool:
        return True
