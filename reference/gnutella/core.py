"""What every topic of the servent stands on: links, sending, closing, alarms, GUIDs.

Rules of this file:

- `now` is kept from the entry that is being served, so that the rules need not hand it on.
- Every byte that is sent passes `send`, every descriptor passes `framed`, every link that ends passes `close`.
- A link has one alarm at a time: setting it anew moves it.
"""

import random
from collections.abc import Callable, Hashable, Iterable

from ...codecs.gnutella import Descriptor, Payload, TextReader, new_guid
from ..node import Address, CancelTimer, Close, Node, Open, Send, SetTimer
from ..statemachine import StateMachine
from .ageing import Bucket
from .config import ServentConfig
from .link import Link
from .shares import Shares
from .states import LINK

NO_ADDRESS: Address = ("0.0.0.0", 0)  # noqa: S104 - nothing is bound here; it says "not known yet"


class Core(Node):
    """The links of a servent and the means to use them."""

    def __init__(self, config: ServentConfig, random: random.Random, shares: Shares) -> None:
        super().__init__()
        self.config = config
        self.random = random
        self.shares = shares
        self.now = 0.0
        self.address: Address = NO_ADDRESS
        self.links: dict[int, Link] = {}
        self.leaving = False
        self.servent_id = config.servent_id or self.new_guid()
        self._last_link = 0
        self._timers: dict[Hashable, Callable[[], None]] = {}

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
        self._last_link += 1
        link = Link(
            id=self._last_link,
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
        self.links[link.id] = link
        return link

    def block_limit(self) -> int:
        """Return how many bytes a block of text lines may have (GNU-HSK-17)."""
        return self.config.max_block

    def enter(self, link: Link, machine: StateMachine, reads: Callable[[Link, bytes], None]) -> None:
        """Let `link` go on in another machine, from its first state."""
        link.machine = machine
        link.state = machine.initial
        link.reads = reads

    def peers(self) -> list[Link]:
        """Return the links on which descriptors may be sent, oldest first."""
        return [link for link in self.links.values() if link.state == "up"]

    def peer(self, link_id: int | None) -> Link | None:
        """Return the link with this number when descriptors may be sent there."""
        link = self.links.get(link_id) if link_id is not None else None
        return link if link is not None and link.up else None

    # Sending

    def send(self, link: Link, data: bytes) -> None:
        """Send bytes; a link whose other side leaves too much unread is dropped instead (GNU-LIM-02, GNU-LIM-03)."""
        link.queued += len(data)
        if link.queued > self.backlog_limit():
            self.drop_unread(link)
        elif link.id in self.links:
            self._effects.append(Send(link.id, data))

    def backlog_limit(self) -> int:
        """Return how many bytes may wait on one link (GNU-LIM-03)."""
        return self.config.max_backlog

    def drop_unread(self, link: Link) -> None:
        """Give up a link whose other side does not read; the others are served on (GNU-LIM-02)."""
        if link.machine is LINK:
            link.step("too much unread")
        self.close(link, abort=True)

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

    # Opening and closing

    def open(self, link: Link) -> None:
        """Connect a link made for a remote address."""
        self._effects.append(Open(link.id, link.remote))

    def close(self, link: Link, *, abort: bool = False) -> None:
        """Close a link and forget it; what is told of it later is ignored."""
        if self.links.pop(link.id, None) is not None:
            self._effects.append(Close(link.id, abort))
            self._effects.append(CancelTimer(link.id))
            self.gone(link)

    def gone(self, link: Link) -> None:
        """Do what the end of a link asks for, whichever side ended it. Topics add to it."""
        link.state = "closed"

    # Time

    def set_alarm(self, link: Link, delay: float, alarm: Callable[[Link], None]) -> None:
        """Call `alarm(link)` in `delay` seconds, instead of what was to ring before."""
        self.set_alarm_at(link, self.now + delay, alarm)

    def set_alarm_at(self, link: Link, at: float, alarm: Callable[[Link], None]) -> None:
        """Call `alarm(link)` at a time."""
        link.alarm = alarm
        self._effects.append(SetTimer(link.id, at))

    def set_timer(self, key: Hashable, delay: float, action: Callable[[], None]) -> None:
        """Call `action()` in `delay` seconds; `key` is a tuple, as numbers are the alarms of links."""
        self._timers[key] = action
        self._effects.append(SetTimer(key, self.now + delay))

    def cancel_timer(self, key: Hashable) -> None:
        """Forget a timer set with `set_timer`."""
        if self._timers.pop(key, None) is not None:
            self._effects.append(CancelTimer(key))

    def timer(self, now: float, key: Hashable) -> None:
        """Ring the alarm of a link, or act on another timer."""
        self.now = now
        if isinstance(key, int):
            link = self.links.get(key)
            if link is not None:
                link.alarm(link)
        else:
            action = self._timers.pop(key, None)
            if action is not None:
                action()
