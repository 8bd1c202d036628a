"""Pings and Pongs, in either way of the field: each Ping routed, or answered from a cache of hosts.

- A Ping to the neighbour gets the node's own Pong: its address, its shares, under the Ping's GUID, with Hops 0.
- A Pong goes to who asked and to nobody else; one of a third servent has Hops counted up.
"""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Ping, Pong
from ..probe import Received
from .floods import check_own
from .memory import Link, Memory, Sent, told

_GGEP = 0xC3
_MOST_PONGS = 50
_KIB = 1024


class Hosts:
    """What was said of hosts: the addresses in Pongs, and who gave them."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.fences: dict[bytes, str] = {}
        """GUIDs of the tester's Pings beside the scenario, and the link of each."""
        self.answered: set[bytes] = set()
        """Those of them that were answered."""
        self._doubtful: list[tuple[Link, Received, Pong]] = []
        self._told_truly: set[bytes] = set()
        self._given: dict[bytes, list[tuple[str, bytes, int]]] = {}
        self._counts: dict[tuple[str, bytes], int] = {}

    # What is sent

    def sent_ping(self, sent: Sent) -> None:
        """Settle whether a Ping must be answered, and that it goes nowhere when its TTL runs out."""
        was = sent.descriptor
        sent.sound = not was.body or was.body[0] == _GGEP
        known = self.memory.maybe_known(sent.guid, sent.type)
        if was.ttl == 0:
            sent.barred = ("GNU-FWD-06",)
            sent.link.stained = True
        elif was.hops == 0xFF:
            sent.barred = ("GNU-FWD-07",)
            sent.link.stained = True
        elif was.ttl == 1:
            sent.barred = ("GNU-PNG-17",)
            if was.hops <= 1 and sent.sound and not known and sent.link.clean:
                sent.answer_due = ("GNU-PNG-13",) if was.body else ("GNU-PNG-02",) if was.hops else ("GNU-PNG-01",)
        sent.link.last = ("GNU-PNG-14",) if not sent.sound else ("GNU-PNG-13",) if was.body else ()

    def give(self, link: Link, pong: Pong, guid: bytes, hops: int) -> None:
        """Remember a Pong that a peer sent."""
        self._given.setdefault(pong.encode()[:6], []).append((link.name, guid, hops))

    # What comes

    def came_ping(self, link: Link, got: Received) -> None:
        """A Ping of the node's own, or one that is passed on."""
        earlier = self.memory.earlier(got.guid, got.type)
        if not earlier:
            fence = self.fences.get(got.guid)
            if fence is not None:
                self.memory.deviation(("GNU-PNG-17",), "a Ping with TTL 1 goes nowhere", told(got, link))
                return
            link.idle_since = self.memory.now
            if got.hops:
                clauses = ("GNU-HDR-04", "GNU-HDR-05")
                self.memory.deviation(clauses, "a foreign GUID unchanged, or a new Ping with Hops 0", told(got, link))
            else:
                check_own(self.memory, link, got)
            return
        sent = earlier[-1]
        if sent.barred:
            self.memory.deviation(sent.barred, "the Ping goes nowhere", told(got, link))
        sent.copies[link.name] += 1

    def came_pong(self, link: Link, got: Received) -> None:
        """A Pong: of the node's own, or of another servent."""
        memory = self.memory
        try:
            pong = Pong.decode(got.body)
        except DecodeError as error:
            memory.deviation(("GNU-HDR-01",), "a Pong that can be read", f"{told(got, link)}: {error}")
            return
        given = self._given.get(got.body[:6], [])
        of_a_peer = any(each.peer.listens_at == (pong.ip, pong.port) for each in memory.links.values())
        own = (pong.ip, pong.port) == memory.address or (got.hops == 0 and not given and not of_a_peer)
        asked = [each for each in memory.earlier(got.guid, Ping.wire_type or 0) if each.link is link]
        if self.fences.get(got.guid) == link.name:
            self.answered.add(got.guid)
        if not asked and self.fences.get(got.guid) != link.name:
            self._unasked(link, got, own=own, given=given)
        elif own:
            for sent in asked:
                sent.answered.add(got.guid)
            self._own(link, got, pong, asked)
        else:
            self._foreign(link, got, pong, given)

    def judge_doubtful(self) -> None:
        """At the end of a step: a Pong with Hops 0 of another address is a relayed one if an own one came as well."""
        doubtful, self._doubtful = self._doubtful, []
        for link, got, pong in doubtful:
            if got.guid in self._told_truly:
                self.memory.deviation(("GNU-PNG-09",), "a relayed Pong with Hops 1 or more", told(got, link))
            else:
                self._own_content(pong)

    def _unasked(self, link: Link, got: Received, *, own: bool, given: list[tuple[str, bytes, int]]) -> None:
        memory = self.memory
        if memory.earlier(got.guid, Ping.wire_type or 0) or got.guid in self.fences:
            clauses, wanted = ("GNU-PNG-10",), f"no Pong for {link.name}, which did not ask"
        elif any(got.guid == guid for _, guid, _ in given):
            clauses, wanted = ("GNU-PNG-11",), "a Pong that nobody asked for goes nowhere"
        elif own:
            clauses, wanted = ("GNU-PNG-03",), "a Pong under the GUID of its Ping"
        else:
            clauses, wanted = ("GNU-PNG-09",), "a relayed Pong under the GUID of the asker's Ping"
        memory.deviation(clauses, wanted, told(got, link))

    def _own(self, link: Link, got: Received, pong: Pong, asked: list[Sent]) -> None:
        memory = self.memory
        if (pong.ip, pong.port) == memory.address:
            self._told_truly.add(got.guid)
        elif not got.hops:
            self._doubtful.append((link, got, pong))
            return
        hops = min((each.descriptor.hops for each in asked), default=0)
        if got.hops or got.ttl < max(1, hops):
            memory.deviation(
                ("GNU-PNG-04",), f"an own Pong with Hops 0 and TTL {max(1, hops)} or more", told(got, link)
            )
        self._own_content(pong)

    def _own_content(self, pong: Pong) -> None:
        """What the node's own Pong says of it."""
        memory = self.memory
        if (pong.ip, pong.port) != memory.address:
            wanted = f"{memory.address[0]}:{memory.address[1]}"
            memory.deviation(("GNU-PNG-05",), f"an own Pong of {wanted}", f"{pong.ip}:{pong.port}")
        if memory.shares:
            least = sum(share.size for share in memory.shares) // _KIB
            marked = pong.kib >= 8 and pong.kib & (pong.kib - 1) == 0
            right = marked or least <= pong.kib <= least + len(memory.shares)
            if pong.files != len(memory.shares) or not right:
                wanted = f"{len(memory.shares)} files of {least} KiB"
                memory.deviation(("GNU-PNG-06",), wanted, f"{pong.files} files of {pong.kib} KiB")

    def _foreign(self, link: Link, got: Received, pong: Pong, given: list[tuple[str, bytes, int]]) -> None:
        memory = self.memory
        routed = {hops + 1 for _, guid, hops in given if guid == got.guid}
        if got.hops < 1 or (routed and len(given) == 1 and got.hops not in routed):
            wanted = " or ".join(map(str, sorted(routed))) or "1 or more"
            memory.deviation(("GNU-PNG-09",), f"a relayed Pong with Hops {wanted}", told(got, link))
        if given and {name for name, _, _ in given} == {link.name}:
            memory.deviation(("GNU-PNG-08",), f"no Pong that {link.name} gave itself", told(got, link))
        if pong.port == 0:
            memory.deviation(("GNU-PNG-12",), "no Pong with port 0", told(got, link))
        key = (link.name, got.guid)
        self._counts[key] = number = self._counts.get(key, 0) + 1
        if number == _MOST_PONGS + 1:
            memory.deviation(("GNU-PNG-07",), f"at most {_MOST_PONGS} Pongs for one Ping", f"{number} and more")
