"""Bye gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import Descriptor
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ...mutants import mutant


@mutant(breaks="GNU-BYE-01")
class StaysAfterABye(Servent):
    """Keeps the connection open after a Bye."""

    def obey_bye(self, link: Link, descriptor: Descriptor) -> None:
        link.step("own Bye")
        link.reads = self.discard


@mutant(breaks="GNU-BYE-02")
class SpreadsByes(Servent):
    """Passes a Bye on to everybody before it closes."""

    def obey_bye(self, link: Link, descriptor: Descriptor) -> None:
        self.relay(self.query_targets(link), descriptor)
        super().obey_bye(link, descriptor)


@mutant(breaks="GNU-BYE-03")
class SaysByeToEverybody(Servent):
    """Sends a Bye to peers that did not announce that they understand it."""

    def may_send_bye(self, link: Link) -> bool:
        return True


@mutant(breaks="GNU-BYE-04")
class ByesWithTtl4(Servent):
    """Sends its Bye with TTL 4."""

    def bye_ttl(self) -> int:
        return 4


@mutant(breaks="GNU-BYE-04")
class TalksAfterItsBye(Servent):
    """Goes on sending after its own Bye."""

    def after_own_bye(self, link: Link) -> None:
        link.reads = self.discard


@mutant(breaks="GNU-BYE-05")
class ReadsOnAfterABye(Servent):
    """Processes what follows a Bye in the same segment."""

    def reads_on(self, link: Link) -> bool:
        return True


@mutant(breaks="GNU-BYE-06")
class LeavesWithoutAWord(Servent):
    """Closes its links without a Bye when it is shut down."""

    def say_farewell(self, link: Link) -> None:
        link.step("nothing more to say")
        self.close(link)


@mutant(breaks="GNU-BYE-06")
class LeavesWithAnErrorCode(Servent):
    """Says Bye 500 when it is shut down."""

    def farewell_code(self) -> int:
        return 500


@mutant(breaks="GNU-BYE-07")
class ObeysDistantByes(Servent):
    """Closes on a Bye that is not the neighbour's own."""

    def bye_is_genuine(self, ttl: int, hops: int) -> bool:
        return True
