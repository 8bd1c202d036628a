"""Reading a link: cutting its bytes into descriptors and handing each to its topic.

Rules of this file:

- A length beyond the limit ends the link at once: nobody can say where the next descriptor begins.
- A malformed payload of a known type is dropped and counted; a link with too many of them is left.
- Payload types that are not known are dropped.
"""

from collections.abc import Callable
from typing import Any

from ...codecs.errors import DecodeError
from ...codecs.gnutella import Descriptor, DescriptorReader, Ping, Pong, Push, QueryHit
from .answers import Answers
from .bye import TOO_LARGE, TOO_MANY_ERRORS
from .download import Downloads
from .link import Link
from .pingpong import PingPong


class Descriptors(PingPong, Answers, Downloads):
    """What is done with a descriptor that comes."""

    def read_descriptors(self, link: Link, data: bytes) -> None:
        """Take the next bytes of a link."""
        try:
            for descriptor in self.cut(link, data):
                if not self.reads_on(link):
                    return
                link.heard = self.now
                self.take_descriptor(link, descriptor)
            if link.up:
                self.cut(link, b"")
        except DecodeError as error:
            self.take_excess(link, error)

    def cut(self, link: Link, data: bytes) -> list[Descriptor]:
        """Return the descriptors that these bytes complete, however they are split (GNU-HDR-02).

        Raises DecodeError for a length beyond the limit (GNU-HDR-08, GNU-HDR-09).
        """
        if link.frames is None:
            link.frames = DescriptorReader(self.payload_limit())
        return link.frames.feed(data)

    def payload_limit(self) -> int:
        """Return how many bytes of payload a header may announce (GNU-HDR-08, GNU-LIM-03)."""
        return self.config.max_payload

    def take_excess(self, link: Link, error: DecodeError) -> None:
        """End a link on which a length beyond the limit was announced, be it 4 GiB (GNU-HDR-08, GNU-HDR-09)."""
        del error
        self.part(link, TOO_LARGE, "Payload too large")

    def take_descriptor(self, link: Link, descriptor: Descriptor) -> None:
        """Hand a descriptor to its topic, or drop it."""
        take = _TAKERS.get(descriptor.type)
        if take is None:
            self.take_unknown(link, descriptor)
        elif descriptor.type == 0x02:
            self.take_bye(link, descriptor)
        elif not self.arrives_dead(descriptor.ttl) and not self.hops_exhausted(descriptor.hops):
            try:
                take(self, link, descriptor)
            except DecodeError as error:
                self.take_malformed(link, descriptor, error)

    def take_unknown(self, link: Link, descriptor: Descriptor) -> None:
        """Drop a descriptor of an unknown type; the link is kept, nobody else sees it (GNU-HDR-06, GNU-HDR-07)."""

    def take_malformed(self, link: Link, descriptor: Descriptor, error: DecodeError) -> None:
        """Drop a malformed payload; beyond a limit, leave the link (GNU-HDR-11, GNU-LIM-01)."""
        del descriptor, error
        link.malformed += 1
        if link.malformed > self.config.max_malformed:
            self.part(link, TOO_MANY_ERRORS, "Too many malformed descriptors")

    def take_query(self, link: Link, descriptor: Descriptor) -> None:
        """Answer a Query and pass it on, unless it is too long, too far-reaching or known."""
        if self.query_too_long(len(descriptor.body)) or self.broadcast_too_far(descriptor.ttl):
            return
        if self.is_duplicate(link, descriptor):
            self.drop_duplicate_query(link, descriptor)
            return
        query = self.read_query(descriptor.body)
        self.remember(link, descriptor)
        self.remember_query_route(descriptor.guid, link)
        self.answer_query(link, descriptor, query)
        self.forward_query(link, descriptor)


def _ping(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_ping(link, descriptor, Ping.decode(descriptor.body))


def _pong(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_pong(link, descriptor, Pong.decode(descriptor.body))


def _push(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_push(link, descriptor, Push.decode(descriptor.body))


def _query(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_query(link, descriptor)


def _hit(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_hit(link, descriptor, QueryHit.decode(descriptor.body))


def _bye(servent: Descriptors, link: Link, descriptor: Descriptor) -> None:
    servent.take_bye(link, descriptor)


_TAKERS: dict[int, Callable[[Any, Link, Descriptor], None]] = {
    0x00: _ping,
    0x01: _pong,
    0x02: _bye,
    0x40: _push,
    0x80: _query,
    0x81: _hit,
}
