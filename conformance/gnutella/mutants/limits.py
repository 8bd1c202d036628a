"""Limits gone wrong."""

from __future__ import annotations

from collections.abc import Callable

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Descriptor
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ....reference.node import Address
from ....reference.statemachine import StateMachine
from ...mutants import mutant


@mutant(breaks="GNU-LIM-01")
class TrustsTheCountOfAHit(Servent):
    """Dies of a QueryHit that is long enough but does not hold what its count says."""

    def take_malformed(self, link: Link, descriptor: Descriptor, error: DecodeError) -> None:
        if descriptor.type == 0x81 and len(descriptor.body) > 27:
            raise IndexError("result index out of range")
        super().take_malformed(link, descriptor, error)


@mutant(breaks="GNU-LIM-01")
class DiesOfOddHeaderLines(Servent):
    """Dies of a request whose header lines can't be read."""

    def refuse(self, link: Link, code: int, phrase: str) -> None:
        if code == 400:
            raise ValueError("not enough values to unpack")
        super().refuse(link, code, phrase)


@mutant(breaks="GNU-LIM-02")
class LimitsAllPeersTogether(Servent):
    """Counts what all peers send against one limit, so that one of them can use it up."""

    def new_link(
        self,
        remote: Address,
        local: Address,
        machine: StateMachine,
        reads: Callable[[Link, bytes], None],
        alarm: Callable[[Link], None],
    ) -> Link:
        link = super().new_link(remote, local, machine, reads, alarm)
        link.bucket = next(iter(self.links.values())).bucket
        return link
