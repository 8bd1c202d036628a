"""Bye: saying why a link ends.

Rules of this file:

- A Bye goes only to those who announced that they understand it, and is the last that is sent.
- After its own Bye the servent waits, for a bounded time, until the other side closes.
"""

from ...codecs.gnutella import Bye, Descriptor
from .core import Core
from .link import Link

SHUTDOWN, TOO_LARGE, SILENT, TOO_MANY_ERRORS = 200, 400, 406, 409


class Byes(Core):
    """Bye, sent and received."""

    def part(self, link: Link, code: int, reason: str) -> None:
        """End a link: with a Bye where that is understood, and without a word elsewhere."""
        if not link.up:
            return
        if not self.may_send_bye(link):
            link.step("nothing more to say")
            self.close(link)
            return
        self.send_payload(link, self.bye_message(code, reason), guid=self.new_guid(), ttl=self.bye_ttl())
        self.after_own_bye(link)

    def may_send_bye(self, link: Link) -> bool:
        """Return whether the other side announced Bye-Packet (GNU-BYE-03)."""
        return link.bye

    def bye_message(self, code: int, reason: str) -> Bye:
        """Return an own Bye: a code and a NUL-ended text (GNU-BYE-04)."""
        return Bye(code, reason)

    def bye_ttl(self) -> int:
        """Return the TTL of an own Bye, which is for the neighbour alone (GNU-BYE-04)."""
        return 1

    def after_own_bye(self, link: Link) -> None:
        """Say nothing more and wait for the other side to close (GNU-BYE-04, GNU-BYE-08)."""
        link.step("own Bye")
        link.reads = self.discard
        self.set_alarm(link, self.config.bye_patience, self.end_of_patience)

    def discard(self, link: Link, data: bytes) -> None:
        """Throw away what comes after an own Bye (GNU-LIM-03)."""

    def end_of_patience(self, link: Link) -> None:
        """Close a link that the other side has left open after a Bye (GNU-BYE-08)."""
        link.step("time over")
        self.close(link)

    def take_bye(self, link: Link, descriptor: Descriptor) -> None:
        """Close at once on a Bye that can only be the neighbour's own; whatever its payload says (GNU-BYE-01)."""
        if self.bye_is_genuine(descriptor.ttl, descriptor.hops):
            self.obey_bye(link, descriptor)

    def bye_is_genuine(self, ttl: int, hops: int) -> bool:
        """Return whether a Bye comes from the neighbour itself: not with Hops above 0 or TTL above 1 (GNU-BYE-07)."""
        return hops == 0 and ttl <= 1

    def obey_bye(self, link: Link, descriptor: Descriptor) -> None:
        """Close; a Bye is never passed on (GNU-BYE-01, GNU-BYE-02)."""
        del descriptor
        link.step("Bye")
        self.close(link)

    def reads_on(self, link: Link) -> bool:
        """Return whether a descriptor is still taken: nothing that follows a Bye is, whoever said it (GNU-BYE-05)."""
        return link.up

    def farewell_code(self) -> int:
        """Return the code of the Bye said to everybody on an orderly shutdown (GNU-BYE-06)."""
        return SHUTDOWN

    def say_farewell(self, link: Link) -> None:
        """Take leave of a peer on an orderly shutdown (GNU-BYE-06)."""
        self.part(link, self.farewell_code(), "Servent shutdown")
