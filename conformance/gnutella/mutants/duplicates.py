"""The memory for duplicates gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import Descriptor
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ...mutants import mutant


@mutant(breaks="GNU-DUP-01")
class TakesRepetitionsOfAPeer(Servent):
    """Forwards a Query again when the peer that sent it first repeats it."""

    def is_duplicate(self, link: Link, descriptor: Descriptor) -> bool:
        first = self.query_routes.get(self.now, descriptor.guid)
        return super().is_duplicate(link, descriptor) and first != link.id


@mutant(breaks="GNU-DUP-02")
class RemembersForEachPeer(Servent):
    """Knows a duplicate only when it comes from the same peer."""

    def duplicate_key(self, link: Link, descriptor: Descriptor) -> object:
        return (link.id, super().duplicate_key(link, descriptor))


@mutant(breaks="GNU-DUP-03")
class KnowsGuidsOnly(Servent):
    """Takes a Query for a duplicate of a Ping with its GUID."""

    def duplicate_key(self, link: Link, descriptor: Descriptor) -> object:
        return descriptor.guid


@mutant(breaks="GNU-DUP-03")
class TakesAPushForItsQuery(Servent):
    """Takes a Push for a duplicate of a Query with its GUID."""

    def push_key(self, descriptor: Descriptor, servent_id: bytes) -> object:
        return (0x80, descriptor.guid)


@mutant(breaks="GNU-DUP-04")
class KnowsQueriesByTheirText(Servent):
    """Takes a Query with a known GUID for a new one when its text differs."""

    def duplicate_key(self, link: Link, descriptor: Descriptor) -> object:
        return (descriptor.type, descriptor.guid, descriptor.body)


@mutant(breaks="GNU-DUP-05")
class RoutesOneHitAQuery(Servent):
    """Takes the second QueryHit for a Query for a duplicate of the first."""

    def is_duplicate_hit(self, descriptor: Descriptor) -> bool:
        key = (descriptor.type, descriptor.guid)
        known = self.seen.has(self.now, key)
        self.seen.put(self.now, key, None)
        return known


@mutant(breaks="GNU-DUP-06")
class RoutesOnePushAServent(Servent):
    """Takes the second Push to a servent for a duplicate of the first."""

    def push_key(self, descriptor: Descriptor, servent_id: bytes) -> object:
        return (descriptor.type, servent_id)


@mutant(breaks="GNU-DUP-07")
class RepeatsPushes(Servent):
    """Passes a Push on each time that it comes."""

    def is_duplicate_push(self, descriptor: Descriptor, servent_id: bytes) -> bool:
        return False


@mutant(breaks="GNU-DUP-08")
class ForgetsSoon(Servent):
    """Remembers a GUID for half a minute."""

    def seen_lifetime(self) -> float:
        return 30.0
