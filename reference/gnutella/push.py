"""Push: asking a servent behind a firewall to call back, passing the request on, and calling back.

Rules of this file:

- A Push travels by servent id, along the way that the servent's hits came.
- A servent calls back only when its own id is named, and no address more often than the limit allows: a Push can name
  anybody's address.
- The connection made on a Push begins with GIV and then serves any download.
"""

from random import Random

from ...codecs.gnutella import Descriptor, Giv, Push
from ..ageing import AgeingTable
from ..node import Address
from .config import ServentConfig
from .link import Link
from .routing import HitRouting
from .shares import Shares
from .states import CALL
from .upload import Uploads


class Pushing(HitRouting, Uploads):
    """Pushes, passed on and obeyed."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.callbacks: AgeingTable[int, str] = AgeingTable(config.max_callbacks_in_all, config.callback_period)
        self._callback_number = 0

    def take_push(self, link: Link, descriptor: Descriptor, push: Push) -> None:
        """Obey a Push for this servent, pass on one for another."""
        if self.is_duplicate_push(descriptor, push.servent_id):
            return
        self.remember_push(descriptor, push.servent_id)
        if self.push_is_mine(push.servent_id):
            self.obey_push(push)
            return
        for target in self.push_targets(self.push_route(push.servent_id)):
            if self.push_may_go(target, link):
                self.forward_push(target, descriptor)

    # Passing on

    def push_route(self, servent_id: bytes) -> int | None:
        """Return the link from which the servent's hits came (GNU-PSH-01); None for one never seen (GNU-PSH-02)."""
        return self.push_routes.get(self.now, servent_id)

    def push_targets(self, route: int | None) -> list[Link]:
        """Return to whom a Push goes: the peer on the way to the servent alone (GNU-PSH-01, GNU-PSH-02)."""
        peer = self.peer(route)
        return [] if peer is None else [peer]

    def push_may_go(self, target: Link, sender: Link) -> bool:
        """Return whether a Push may go to a peer: not to the one that it came from (GNU-PSH-04)."""
        return target is not sender

    def forward_push(self, target: Link, descriptor: Descriptor) -> None:
        """Pass a Push on while it has TTL left (GNU-FWD-05)."""
        ttl = self.forwarded_push_ttl(descriptor.ttl, descriptor.hops)
        if self.push_runs_out(ttl):
            return
        copy = Descriptor.of_raw(
            descriptor.type,
            self.forwarded_push_body(descriptor.body),
            guid=self.forwarded_guid(descriptor.guid),
            ttl=ttl,
            hops=self.forwarded_push_hops(descriptor.hops),
        )
        self.relay([target], copy)

    def forwarded_push_body(self, body: bytes) -> bytes:
        """Return the payload that a Push is passed on with: the same (GNU-PSH-03)."""
        return body

    # Obeying

    def push_is_mine(self, servent_id: bytes) -> bool:
        """Return whether a Push names this servent (GNU-PSH-05)."""
        return servent_id == self.servent_id

    def obey_push(self, push: Push) -> None:
        """Call back to the address of a Push, also for an index that is not shared (GNU-PSH-06, GNU-PSH-08)."""
        address = self.callback_address(push)
        if address[1] == 0 or not self.calls_back_for(push.index) or not self.callback_allowed(address):
            return
        self._callback_number += 1
        self.callbacks.put(self.now, self._callback_number, address[0])
        link = self.new_link(address, self.address, CALL, self.ignore_early_bytes, self.give_up_call)
        link.opening = self.giv_bytes(push)
        self.set_alarm(link, self.config.handshake_patience, self.give_up_call)
        self.open(link)

    def callback_address(self, push: Push) -> Address:
        """Return the address that a Push asks to be called at (GNU-PSH-06)."""
        return (push.ip, push.port)

    def calls_back_for(self, index: int) -> bool:
        """Return whether a Push for this index is obeyed: any is, as another file may be asked for (GNU-PSH-08)."""
        del index
        return True

    def callback_allowed(self, address: Address) -> bool:
        """Return whether an address may be called once more now (GNU-PSH-09)."""
        recent = self.callbacks.keys(self.now)
        to_this = sum(1 for number in recent if self.callbacks.get(self.now, number) == address[0])
        return to_this < self.config.max_callbacks and len(recent) < self.config.max_callbacks_in_all

    def giv_bytes(self, push: Push) -> bytes:
        """Return the line that opens a callback: `GIV index:id/name` and two LF (GNU-PSH-06)."""
        return Giv(push.index, self.servent_id, self.giv_name(push.index)).encode()

    def giv_name(self, index: int) -> str:
        """Return the name that GIV tells, `file` when the index is not shared."""
        share = self.shares.get(index)
        return share.name if share is not None and share.name.isprintable() else "file"

    def called_back(self, link: Link) -> None:
        """Send GIV on a callback that is connected, then serve any request there (GNU-PSH-06, GNU-PSH-07)."""
        link.step("connected")
        self.send(link, link.opening)
        self.begin_upload(link, b"")

    def ignore_early_bytes(self, link: Link, data: bytes) -> None:
        """Take no notice of bytes on a link that is not connected yet; no world sends any."""

    def give_up_call(self, link: Link) -> None:
        """Give up a connection on which nothing moves."""
        link.step("time over")
        self.close(link, abort=True)
