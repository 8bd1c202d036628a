"""QueryHits on their way to who asked, and Pushes on the way that hits came.

- A hit goes to the link from which its Query came first, and to no other; its payload is not touched.
- A Push goes by its servent id to the link from which that servent's hits came, and to no other.
"""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Pong, Push, Query, QueryHit
from ..probe import Received
from .floods import compare_copy
from .memory import USUAL_TTL, Clauses, Link, Memory, Sent, told

_EMPTY_HIT = 27
_LARGE = 2000


class Routes:
    """The ways of hits and Pushes."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._hits: dict[bytes, list[Sent]] = {}
        self._pushes: dict[bytes, list[Sent]] = {}

    # Hits

    def sent_hit(self, sent: Sent) -> None:
        """Settle who must, may or must not get a hit."""
        memory, was = self.memory, sent.descriptor
        queries = memory.earlier(sent.guid, Query.wire_type or 0)
        sent.sound = reads(QueryHit, was.body)
        if sent.sound:
            self._hits.setdefault(was.body[-16:], []).append(sent)
        empty = len(was.body) == _EMPTY_HIT and was.body[0] == 0
        if empty or not sent.sound or was.ttl == 0 or was.hops == 0xFF:
            sent.link.stained = True
        certain = bool(queries) and queries[0].sound and queries[0].taken and not queries[0].barred
        askers = {each.link.name for each in queries[: 1 if certain else None]}
        sent.allowed = frozenset(askers)
        sent.barred = self._hit_barred(sent, queries, askers, empty=empty)
        if certain and not sent.barred and self._hit_is_due(sent, queries[0]):
            sent.due = {queries[0].link.name: self._why_hit(sent, queries)}

    def _hit_barred(self, sent: Sent, queries: list[Sent], askers: set[str], *, empty: bool) -> Clauses:
        was = sent.descriptor
        if was.ttl == 0:
            return ("GNU-FWD-06",)
        if was.hops == 0xFF:
            return ("GNU-FWD-07",)
        if not queries:
            return ("GNU-RTE-02",)
        if was.ttl == 1:
            return ("GNU-FWD-04",)
        if empty:
            return ("GNU-RTE-09",)
        if askers == {sent.link.name}:
            return ("GNU-RTE-04",)
        if all(self.memory.links[name].gone for name in askers):
            return ("GNU-RTE-03",)
        return ()

    def _hit_is_due(self, sent: Sent, query: Sent) -> bool:
        reached = sent.link.name in query.copies
        body = sent.descriptor.body
        same = any(
            each.descriptor.body == body for each in self.memory.earlier(sent.guid, sent.type) if each is not sent
        )
        clean = sent.link.clean and query.link.clean and query.link is not sent.link
        return bool(sent.sound and sent.near and reached and clean and not same and self.memory.fresh(query))

    def _why_hit(self, sent: Sent, queries: list[Sent]) -> Clauses:
        was = sent.descriptor
        if earlier := self.memory.earlier(sent.guid, sent.type):
            return ("GNU-DUP-05",) if any(each.copies for each in earlier) else ("GNU-DUP-05", "GNU-RTE-01")
        if any(each.link is not queries[0].link for each in queries):
            return ("GNU-RTE-05",)
        if was.ttl > USUAL_TTL:
            return ("GNU-RTE-08",)
        return ("GNU-RTE-07",) if len(was.body) >= _LARGE else ("GNU-RTE-01",)

    def relayed_hit(self, got: Received) -> Sent | None:
        """What of that which was sent is passed on in this hit; None when it is the node's own."""
        named = self._hits.get(got.body[-16:], [])
        alike = [each for each in named if each.guid == got.guid] or named
        exact = [each for each in alike if each.descriptor.body == got.body]
        unread = [each for each in self.memory.earlier(got.guid, got.type) if each.descriptor.body == got.body]
        found = exact or unread or alike
        return found[-1] if found else None

    def came_hit(self, link: Link, got: Received, sent: Sent) -> None:
        """Compare a hit that is passed on with what was sent."""
        memory = self.memory
        sent.copies[link.name] += 1
        if got.guid != sent.guid:
            memory.deviation(("GNU-HDR-04",), f"the hit under GUID {sent.guid.hex()}", f"under {got.guid.hex()}")
        elif sent.barred:
            memory.deviation(sent.barred, "the hit goes nowhere", told(got, link))
        elif link is sent.link:
            memory.deviation(("GNU-RTE-04",), f"nothing of it goes back to {link.name}", told(got, link))
        elif sent.allowed is not None and link.name not in sent.allowed:
            askers = {each.link.name for each in memory.earlier(got.guid, Query.wire_type or 0)}
            clauses = ("GNU-RTE-05",) if link.name in askers else ("GNU-RTE-01",)
            memory.deviation(clauses, "a hit for the first asker alone", told(got, link))
        else:
            compare_copy(
                memory, link, got, sent, ttl="GNU-RTE-10", hops="GNU-RTE-10", body="GNU-RTE-06", dead="GNU-FWD-04"
            )

    # Pushes

    def sent_push(self, sent: Sent, servent_id: bytes, *, own: bool) -> None:
        """Settle who must, may or must not get a Push."""
        memory, was = self.memory, sent.descriptor
        sent.sound = reads(Push, was.body)
        if not sent.sound or was.ttl == 0 or was.hops == 0xFF:
            sent.link.stained = True
        hits = self._hits.get(servent_id, [])
        ways = {each.link.name for each in hits}
        sent.allowed = frozenset(ways)
        sent.barred = self._push_barred(sent, ways, own=own)
        certain = len(ways) == 1 and any(each.copies and memory.fresh(each) for each in hits)
        if certain and not sent.barred and not own:
            way = memory.links[next(iter(ways))]
            unknown = not memory.maybe_known(sent.guid, sent.type)
            if sent.sound and sent.near and unknown and way.clean and sent.link.clean and way is not sent.link:
                sent.due = {way.name: self._why_push(sent, servent_id)}
        self._pushes.setdefault(servent_id, []).append(sent)

    def _push_barred(self, sent: Sent, ways: set[str], *, own: bool) -> Clauses:
        was = sent.descriptor
        if self.memory.known(sent.guid, sent.type):
            return ("GNU-DUP-07",)
        if was.ttl == 0:
            return ("GNU-FWD-06",)
        if was.hops == 0xFF:
            return ("GNU-FWD-07",)
        if own:
            return ("GNU-PSH-01",)
        if not ways:
            return ("GNU-PSH-02",)
        if was.ttl == 1:
            return ("GNU-FWD-05",)
        if ways == {sent.link.name}:
            return ("GNU-PSH-04",)
        return ("GNU-PSH-01",) if all(self.memory.links[name].gone for name in ways) else ()

    def _why_push(self, sent: Sent, servent_id: bytes) -> Clauses:
        if self.memory.by_guid.get(sent.guid):
            return ("GNU-DUP-03",)
        if any(each.copies for each in self._pushes.get(servent_id, ())):
            return ("GNU-DUP-06",)
        return ("GNU-PSH-01",)

    def came_push(self, link: Link, got: Received) -> None:
        """Compare a Push that came with what was sent."""
        memory = self.memory
        earlier = memory.earlier(got.guid, got.type)
        if not earlier:
            known = [each for group in self._pushes.values() for each in group if each.descriptor.body == got.body]
            if known:
                memory.deviation(("GNU-HDR-04",), f"the Push under GUID {known[-1].guid.hex()}", told(got, link))
            return
        sent = earlier[-1]
        if sent.barred:
            memory.deviation(sent.barred, "the Push goes nowhere", told(got, link))
        elif link is sent.link:
            memory.deviation(("GNU-PSH-04",), f"nothing of it goes back to {link.name}", told(got, link))
        elif sent.allowed is not None and link.name not in sent.allowed:
            memory.deviation(("GNU-PSH-01",), "a Push for the peer that gave the hit alone", told(got, link))
        elif sent.copies[link.name]:
            memory.deviation(("GNU-DUP-07",), "one copy", f"{told(got, link)}, the second one")
        else:
            compare_copy(
                memory, link, got, sent, ttl="GNU-PSH-03", hops="GNU-PSH-03", body="GNU-PSH-03", dead="GNU-FWD-05"
            )
        sent.copies[link.name] += 1


def reads(message: type[QueryHit | Push | Pong], body: bytes) -> bool:
    """Whether a payload can be read as a message of this class."""
    try:
        message.decode(body)
    except DecodeError:
        return False
    return True
