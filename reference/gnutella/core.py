"""What every topic of the servent stands on: its links, sending descriptors, GUIDs.

Rules of this file:

- Links, alarms and timers are those of `peerspec.reference.links`.
- Every descriptor that is sent passes `framed`.
"""

import random
from collections.abc import Callable, Iterable

from ...codecs.gnutella import Descriptor, Payload, TextReader, new_guid
from ..ageing import Bucket
from ..links import NO_ADDRESS, Links
from ..node import Address
from ..statemachine import StateMachine
from .config import ServentConfig
from .link import Link
from .shares import Shares
from .states import LINK


class Core(Links[Link]):
    """The links of a servent and the means to use them."""

    def __init__(self, config: ServentConfig, random: random.Random, shares: Shares) -> None:
        super().__init__()
        self.config = config
        self.random = random
        self.shares = shares
        self.leaving = False
        self.servent_id = config.servent_id or self.new_guid()

    def new_guid(self) -> bytes:
        """Return a GUID for something of this servent's own: byte 8 is ff, byte 15 is 00 (GNU-HDR-03)."""
        return new_guid(self.random)

    def own_address(self, link: Link) -> Address:
        """Return the address at which this servent accepts connections, as told on `link`."""
        if self.config.advertised is not None:
            return self.config.advertised
        ip, port = self.address
        return (link.local[0] if ip == NO_ADDRESS[0] else ip, port)

    # Links

    def new_link(
        self,
        remote: Address,
        local: Address,
        machine: StateMachine,
        reads: Callable[[Link, bytes], None],
        alarm: Callable[[Link], None],
    ) -> Link:
        """Make a link in the first state of `machine`."""
        link = Link(
            id=self.next_link(),
            remote=remote,
            local=local,
            machine=machine,
            state=machine.initial,
            reads=reads,
            alarm=alarm,
            text=TextReader("gnutella", self.block_limit()),
            heard=self.now,
            bucket=Bucket(self.config.flood_rate, self.config.flood_burst, self.now),
        )
        return self.hold(link)

    def block_limit(self) -> int:
        """Return how many bytes a block of text lines may have (GNU-HSK-17)."""
        return self.config.max_block

    def peers(self) -> list[Link]:
        """Return the links on which descriptors may be sent, oldest first."""
        return [link for link in self.links.values() if link.state == "up"]

    def peer(self, link_id: int | None) -> Link | None:
        """Return the link with this number when descriptors may be sent there."""
        link = self.links.get(link_id) if link_id is not None else None
        return link if link is not None and link.up else None

    # Sending

    def backlog_limit(self) -> int:
        """Return how many bytes may wait on one link (GNU-LIM-03)."""
        return self.config.max_backlog

    def drop_unread(self, link: Link) -> None:
        """Give up a link whose other side does not read; the others are served on (GNU-LIM-02)."""
        if link.machine is LINK:
            link.step("too much unread")
        super().drop_unread(link)

    def framed(self, descriptor: Descriptor) -> bytes:
        """Return a descriptor's bytes: 23 of header, with a little-endian length, then the payload (GNU-HDR-01)."""
        return descriptor.encode()

    def send_payload(self, link: Link, payload: Payload, *, guid: bytes, ttl: int, hops: int = 0) -> None:
        """Send a descriptor of this servent's own."""
        self.send(link, self.framed(Descriptor.of(payload, guid=guid, ttl=ttl, hops=hops)))

    def relay(self, links: Iterable[Link], descriptor: Descriptor) -> None:
        """Send somebody else's descriptor to each of `links`."""
        data = self.framed(descriptor)
        for link in links:
            self.send(link, data)

    def forwarded_guid(self, guid: bytes) -> bytes:
        """Return the GUID under which a foreign descriptor is passed on: its own, bit for bit (GNU-HDR-04)."""
        return guid
