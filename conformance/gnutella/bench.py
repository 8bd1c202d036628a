"""The Gnutella bench: how a case gets its peers, its HTTP connections and its listeners.

Each peer comes from a source address of its own (servents limit and ban by address), says that it is an ultrapeer (many
servents refuse what is not), and gives a listening address that no other peer gives. That a link comes about is a
precondition of nearly every case, so `peer` and `peers` are inconclusive where it does not; the cases about the
handshake speak it themselves on `raw`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from ...codecs.gnutella import Bye, ConnectRequest, Descriptor, Header, HeaderLine, Ping, Query, new_guid
from ..bench import Bench as BaseBench
from ..outcomes import Failure, Inconclusive, Unsupported, assuming
from .connection import ACCEPTED, Block, Headers, RawPeer
from .http import HttpPeer
from .listening import Listener
from .probe import Peer, Received

if TYPE_CHECKING:
    from ..bench import Timing
    from ..target import Target
    from ..worlds import World

MOST_PEERS = 128
"""How many links a case opens at most to see the node run out of room."""

SETTLING = 65.0
"""Seconds of node time within which an idle link has seen something of the node's own."""

_FIRST_LISTENING_PORT = 6347
_ROOM_POLL = 0.05

Address = tuple[str, int]


class Bench(BaseBench):
    """The node under test, in a Gnutella network of the tester's."""

    def __init__(self, target: Target, world: World, random: Random, timing: Timing) -> None:
        super().__init__(target, world, random, timing)
        self.sent_guids: set[bytes] = set()
        """The GUIDs that peers of this bench have used."""
        self._listening_ports = iter(range(_FIRST_LISTENING_PORT, 65536))
        self.fresh = random if target.isolated else Random(secrets.randbits(64))
        """For what a node remembers (GUIDs, servent ids, addresses): one that outlives the run must not know it yet."""

    # --- what peers are made of

    def new_guid(self) -> bytes:
        """A GUID that nobody has used, marked as a modern servent's."""
        return new_guid(self.fresh)

    def listening_address(self, local: Address) -> Address:
        """The address that a peer at `local` gives as the one it listens at: never the one it dialled from."""
        port = next(self._listening_ports)
        return (local[0], port if port != local[1] else next(self._listening_ports))

    def deadline(self) -> float:
        """The time by which something that must come has come."""
        return self.world.now() + self.timing.timeout

    def request(self, listens_at: Address, headers: Headers | None = None) -> bytes:
        """A connection request with the usual headers, changed and completed by `headers`."""
        lines: dict[str, str | None] = {
            "User-Agent": "peerspec",
            "X-Ultrapeer": "True",
            "GGEP": "0.5",
            "Bye-Packet": "0.1",
            "Listen-IP": f"{listens_at[0]}:{listens_at[1]}",
            **(headers or {}),
        }
        named = tuple(HeaderLine.of(name, value) for name, value in lines.items() if value is not None)
        return ConnectRequest(headers=named).encode()

    # --- connections

    def raw(self, *, at: Address | None = None) -> RawPeer:
        """A connection from a fresh address on which nothing was said yet."""
        return RawPeer(self, self.dial(address=at))

    def peer(
        self, headers: Headers | None = None, *, glue: bytes = b"", check: bool = True, at: Address | None = None
    ) -> Peer:
        """A handshaken link to the node (or to an instance `at` another address); Inconclusive when there is none.

        With `check`, a Ping has been answered on it, so that the node has taken note of the link.
        """
        with assuming("a handshake succeeds"):
            caller = self.raw(at=at)
            answer = caller.ask(headers)
            if answer.code != 200:
                raise Failure(expected="200", actual=answer.first_line)
            peer = caller.finish(ACCEPTED, glue=glue)
        if check:
            with assuming("a Ping is answered on a new link"):
                peer.assert_answers()
        return peer

    def peers(self, number: int) -> list[Peer]:
        """That many handshaken links, each from its own address."""
        return [self.peer() for _ in range(number)]

    def http(self, address: Address | None = None) -> HttpPeer:
        """An HTTP connection to the node's port, or to `address`."""
        return HttpPeer(self, self.dial(address=address))

    def listen(self) -> Listener:
        """A listening port on a fresh address."""
        return Listener(self, self.listener())

    # --- what many cases ask

    def assert_alive(self) -> None:
        """Failure unless the node still runs and serves a fresh connection."""
        super().assert_alive()
        caller = self.raw()
        answer = caller.ask()
        if answer.code != 200:
            raise Failure(expected="a node that still accepts connections", actual=answer.first_line)
        peer = caller.finish()
        peer.assert_answers()
        peer.close()

    def originated(self, peer: Peer) -> list[Received]:
        """The Pings and Queries of the node's own that `peer` has seen; Inconclusive when there are none.

        A node that says nothing at first is given time to say it.
        """
        own = (Ping.wire_type, Query.wire_type)

        def found() -> list[Received]:
            return peer.seen(lambda got: got.type in own and got.guid not in self.sent_guids)

        peer.wait_for(lambda got: got.type in own and got.guid not in self.sent_guids)
        if not found():
            self.elapse(SETTLING, keep=[peer])
        if not (seen := found()):
            raise Inconclusive("the node sent no Ping or Query of its own")
        return seen

    @contextmanager
    def full(self) -> Iterator[Refusal]:
        """Open links until the node refuses one; Unsupported when it takes all. Afterwards the node has room again.

        Every second peer does not say where it listens, so that the node can't offer it.
        """
        links = [self.peer()]
        try:
            yield self._refusal(links)
        except AssertionError:
            self.world.transcript.conclude()
            raise
        finally:
            for link in links:
                link.close()
            self._await_room()

    def _refusal(self, links: list[Peer]) -> Refusal:
        while len(links) < MOST_PEERS:
            caller = self.raw()
            try:
                answer = caller.ask({"Listen-IP": None} if len(links) % 2 else None)
            except Failure as error:
                return Refusal(caller, None, str(error), tuple(links))
            if answer.code != 200:
                return Refusal(caller, answer, answer.first_line, tuple(links))
            links.append(caller.finish())
            links[-1].sync()
        raise Unsupported("full", f"{MOST_PEERS} connections were all accepted")

    def _await_room(self) -> None:
        deadline = self.deadline()
        while self.world.now() < deadline:
            try:
                caller = self.raw()
                accepted = caller.ask().code == 200
                caller.close()
            except Failure:
                return
            if accepted:
                return
            self.world.wait((), self.world.now() + _ROOM_POLL)

    def provoke_bye(self, peer: Peer) -> Received | None:
        """Make the node give `peer` up by its own fault, in each way known; the Bye it sent, None when it sent none."""
        for offence in self._offences():
            if peer.closed:
                break
            peer.send(offence)
            fence = peer.send(Ping(), ttl=1).guid
            peer.wait_for(lambda got, fence=fence: got.type == Bye.wire_type or got.guid == fence)  # type: ignore[misc]
            if byes := peer.seen(lambda got: got.type == Bye.wire_type):
                return byes[0]
        return None

    def _offences(self) -> tuple[Descriptor, ...]:
        """What makes servents give a peer up: a QRP patch without a table, a payload that is never going to fit."""
        return (
            Descriptor.of_raw(0x30, b"\x01\x01\x01\x00\x08" + bytes(16), guid=self.new_guid(), ttl=1),
            Descriptor(Header(self.new_guid(), 0x80, 1, 0, 0x4000_0000), b""),
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that the node refused for want of room."""

    caller: RawPeer
    answer: Block | None
    """What it answered; None when it closed without a word."""
    said: str
    links: tuple[Peer, ...]
    """The links that it had accepted before."""
