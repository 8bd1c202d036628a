"""Descriptors that were seen before.

Rules of this file:

- What was seen is known by payload type and GUID. QueryHits and Pongs are answers, of which many share one GUID: they
  are never duplicates.
"""

from random import Random

from ...codecs.gnutella import Descriptor
from ..ageing import AgeingTable
from .config import ServentConfig
from .core import Core
from .link import Link
from .shares import Shares


class Duplicates(Core):
    """The memory of what was seen."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.seen: AgeingTable[object, None] = AgeingTable(2 * config.max_routes, self.seen_lifetime())

    def seen_lifetime(self) -> float:
        """Return for how many seconds a GUID is remembered (GNU-DUP-08)."""
        return self.config.route_lifetime

    def duplicate_key(self, link: Link, descriptor: Descriptor) -> object:
        """Return what a descriptor is known by: type and GUID, neither payload nor sender.

        GNU-DUP-02, GNU-DUP-03, GNU-DUP-04.
        """
        del link
        return (descriptor.type, descriptor.guid)

    def is_duplicate(self, link: Link, descriptor: Descriptor) -> bool:
        """Return whether this type and GUID came before, from the same peer or another (GNU-DUP-01, GNU-DUP-02)."""
        return self._was_seen(self.duplicate_key(link, descriptor))

    def remember(self, link: Link, descriptor: Descriptor) -> None:
        """Take note that a descriptor came."""
        self.seen.put(self.now, self.duplicate_key(link, descriptor), None)

    def is_duplicate_push(self, descriptor: Descriptor, servent_id: bytes) -> bool:
        """Return whether a Push with this GUID came before (GNU-DUP-07)."""
        return self._was_seen(self.push_key(descriptor, servent_id))

    def remember_push(self, descriptor: Descriptor, servent_id: bytes) -> None:
        """Take note that a Push came."""
        self.seen.put(self.now, self.push_key(descriptor, servent_id), None)

    def push_key(self, descriptor: Descriptor, servent_id: bytes) -> object:
        """Return what a Push is known by: its GUID; a servent may be asked for many times (GNU-DUP-03, GNU-DUP-06)."""
        del servent_id
        return (descriptor.type, descriptor.guid)

    def is_duplicate_hit(self, descriptor: Descriptor) -> bool:
        """Return whether a QueryHit repeats: never by its GUID, which all answers to one Query share (GNU-DUP-05)."""
        del descriptor
        return False

    def _was_seen(self, key: object) -> bool:
        return self.seen.has(self.now, key)
