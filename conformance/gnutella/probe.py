"""Peer: a tester's handshaken Gnutella link, with the verbs in which cases are written.

- Descriptors are told apart by type and GUID, never by their number or order: a servent says many things of its own.
- What was returned by one `expect...` is consumed; the next one looks at what is left.
- That something does *not* come is shown by a fence: something that must come after it, by the same way. The fence for
  another peer's doing is a Query with a unique word that this peer sends and that must arrive here; the fence for one's
  own is a Ping that must be answered. A fence that does not come leaves the case inconclusive.
- A peer answers the node's own Pings while it reads, as servents must, unless `answers_pings` is set to False.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ...codecs.errors import DecodeError
from ...codecs.gnutella import (
    Bye,
    Descriptor,
    DescriptorReader,
    OpenData,
    Payload,
    Ping,
    Pong,
    Push,
    Query,
    QueryHit,
    Result,
    Trailer,
)
from ..outcomes import Failure, Inconclusive, Sign, Symptom
from .connection import Line

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench

Address = tuple[str, int]
P = TypeVar("P", Ping, Pong, Bye, Push, Query, QueryHit)
MessageClass: TypeAlias = type[P]

NAMES = {
    0x00: "Ping",
    0x01: "Pong",
    0x02: "Bye",
    0x30: "QRP",
    0x31: "vendor",
    0x40: "Push",
    0x80: "Query",
    0x81: "QueryHit",
}
_READABLE = 4 * 1024 * 1024
_SHOWN = 6


class Received:
    """A descriptor as it came. Compared by header only, unless a case asks for more."""

    __slots__ = ("descriptor", "number")

    def __init__(self, descriptor: Descriptor, number: int) -> None:
        self.descriptor = descriptor
        self.number = number
        """Its place among all that came on the link, from 0."""

    @property
    def guid(self) -> bytes:
        """The header's GUID."""
        return self.descriptor.guid

    @property
    def type(self) -> int:
        """The header's payload type."""
        return self.descriptor.type

    @property
    def ttl(self) -> int:
        """The header's TTL."""
        return self.descriptor.ttl

    @property
    def hops(self) -> int:
        """The header's Hops."""
        return self.descriptor.hops

    @property
    def body(self) -> bytes:
        """The payload's bytes."""
        return self.descriptor.body

    def read(self, message: MessageClass[P]) -> P:
        """The payload decoded; Inconclusive when it is malformed, since that is another case's business."""
        try:
            return message.decode(self.body)
        except DecodeError as error:
            raise Inconclusive(f"a {message.__name__} of the node can't be read: {error}") from error

    def __repr__(self) -> str:
        return f"{name_of(self.type)} {self.ttl}/{self.hops} {self.guid.hex()[:8]} of {len(self.body)} bytes"


class Peer(Line):
    """A handshaken link from an address of its own."""

    def __init__(self, bench: Bench, wire: Wire, listens_at: Address, rest: bytes = b"") -> None:
        super().__init__(bench, wire)
        self.answers_pings = True
        self.listens_at = listens_at
        """What it gives as its own listening address."""
        self.servent_id = bench.fresh.randbytes(16)
        self.log: list[Received] = []
        """All descriptors that came, in order."""
        self.broken: str | None = None
        """Why the node's bytes can no longer be cut into descriptors."""
        self._reader = DescriptorReader(_READABLE)
        self._consumed: set[int] = set()
        if rest:
            self._take_in(rest)

    # --- sending

    def send(self, what: Payload | Descriptor, *, guid: bytes | None = None, ttl: int = 4, hops: int = 0) -> Descriptor:
        """Send a payload under a new GUID (or the one given), or a descriptor as it is; returns what was sent."""
        if isinstance(what, Descriptor):
            descriptor = what
        else:
            descriptor = Descriptor.of(what, guid=guid or self.bench.new_guid(), ttl=ttl, hops=hops)
        self.bench.sent_guids.add(descriptor.guid)
        self.send_bytes(descriptor.encode())
        return descriptor

    def send_raw(
        self, wire_type: int, body: bytes, *, guid: bytes | None = None, ttl: int = 4, hops: int = 0
    ) -> Descriptor:
        """Send bytes as the payload of a descriptor of any type."""
        return self.send(Descriptor.of_raw(wire_type, body, guid=guid or self.bench.new_guid(), ttl=ttl, hops=hops))

    def hit(self, name: str = "tested.bin", *, index: int = 1, size: int = 1000) -> QueryHit:
        """An ordinary answer of this peer, for another peer's Query."""
        ip, port = self.listens_at
        return QueryHit(
            port,
            ip,
            1000,
            (Result(index, size, name),),
            self.servent_id,
            trailer=Trailer(b"TEST", OpenData(0x3C, 0x01)),
        )

    # --- what must come

    def expect(self, sent: Descriptor) -> Received:
        """The descriptor with the type and GUID of `sent`; Failure when it does not come."""
        return self._await(
            lambda got: got.type == sent.type and got.guid == sent.guid,
            f"the {name_of(sent.type)} to arrive here",
            self._symptom(sent.type, sent.guid),
        )

    def expect_reply(self, sent: Descriptor, message: MessageClass[P]) -> Received:
        """A descriptor of the type given under the GUID of `sent`."""
        return self._await(
            lambda got: got.type == message.wire_type and got.guid == sent.guid,
            f"a {message.__name__} under the GUID of the {name_of(sent.type)}",
            self._symptom(message.wire_type or 0, sent.guid),
        )

    def expect_answer(self, sent: Descriptor, message: MessageClass[P]) -> Received:
        """The same, or one under a GUID that nobody has used.

        For cases that are not about the GUID of replies. A late reply to something else does not count.
        """
        used = self.bench.sent_guids
        return self._await(
            lambda got: got.type == message.wire_type and (got.guid == sent.guid or got.guid not in used),
            f"a {message.__name__} in answer to the {name_of(sent.type)}",
            self._symptom(message.wire_type or 0, sent.guid),
        )

    def expect_type(self, message: MessageClass[P]) -> Received:
        """A descriptor of the type given, whatever its GUID."""
        return self._await(
            lambda got: got.type == message.wire_type,
            f"a {message.__name__}",
            self._symptom(message.wire_type or 0),
        )

    def expect_where(self, what: str, accepts: Callable[[Received], bool]) -> Received:
        """A descriptor that `accepts`; `what` says it in words."""
        return self._await(accepts, what)

    def expect_close(self) -> None:
        """Failure unless the node closes the connection within the timeout."""
        self.wait_for(lambda _: False)
        if not self.wire.eof:
            raise Failure(
                expected="the node closes the connection",
                actual=f"it stays open; {self._came()}",
                symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number),
            )

    def expect_end(self) -> None:
        """Failure unless the node closes the connection or says Bye, after which it waits for the peer to close."""
        if self.wait_for(lambda got: got.type == Bye.wire_type) is None and not self.wire.eof:
            raise Failure(
                expected=["the node closes the connection", "a Bye"],
                actual=f"it stays open; {self._came()}",
                symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number, pattern={"header.type": Bye.wire_type or 0}),
            )

    def ask(
        self, question: Payload, reply: MessageClass[P], *, guid: bytes | None = None, ttl: int = 4, hops: int = 0
    ) -> Received:
        """Send a question and return the reply, as `expect_answer` does."""
        return self.expect_answer(self.send(question, guid=guid, ttl=ttl, hops=hops), reply)

    def assert_answers(self) -> None:
        """Failure unless the node still answers a Ping on this link."""
        self.ask(Ping(), Pong, ttl=1)

    def wait_for(self, accepts: Callable[[Received], bool]) -> Received | None:
        """The first not yet consumed that `accepts`, waited for up to the timeout; None when none comes."""
        world, deadline = self.bench.world, self.bench.deadline()
        looked_at = 0
        while True:
            ended = self.drain()
            if found := self._next(accepts, looked_at):
                return found
            looked_at = len(self.log)
            if ended or self.broken or not world.wait([self.wire], deadline):
                return None

    # --- what must not come

    def sync(self) -> None:
        """Return when all that the node had to say here before has been read; Inconclusive if it does not answer."""
        ping = self.send(Ping(), ttl=1)
        if self.wait_for(lambda got: got.type == Pong.wire_type and got.guid == ping.guid) is None:
            raise Inconclusive(f"the Ping that should serve as a fence was not answered: {self._came()}")

    def flush(self, sender: Peer) -> None:
        """Return when all that the node had to send here on account of what `sender` sent has been read."""
        if sender is not self and not sender.closed:
            fence = sender.send(Query(self.bench.unique("fence")))
            if self._passes(fence, sender):
                return
        self.sync()  # the node has closed the sender's link, and what came there before was read by then

    def _passes(self, fence: Descriptor, sender: Peer) -> bool:
        """Whether the fence arrived; False when the node has closed the sender's link instead."""
        world, deadline = self.bench.world, self.bench.deadline()
        looked_at = 0
        while True:
            ended = self.drain()
            if self._next(lambda got: got.type == fence.type and got.guid == fence.guid, looked_at):
                return True
            looked_at = len(self.log)
            if sender.drain():
                return False
            if ended or not world.wait([self.wire, sender.wire], deadline):
                raise Inconclusive(f"the Query that should serve as a fence did not arrive: {self._came()}")

    def expect_none(self, sent: Descriptor, message: MessageClass[P] | None = None, *, fence: Peer) -> None:
        """Failure when something comes under the GUID of `sent`: of its type, or of the type `message`.

        What an `expect...` returned before is not counted.
        """
        wanted = sent.type if message is None else message.wire_type or 0
        already = self._symptom(wanted, sent.guid)
        self.flush(fence)
        if came := self._next(lambda got: got.type == wanted and got.guid == sent.guid):
            raise Failure(
                expected=f"no {name_of(wanted)} under this GUID",
                actual=repr(came),
                symptom=replace(already, sign=Sign.UNWANTED),
            )

    def expect_no_more(self, sent: Descriptor, *, fence: Peer) -> None:
        """Failure when `sent` comes once more after the one that `expect` returned."""
        self.expect_none(sent, fence=fence)

    def expect_none_where(self, what: str, accepts: Callable[[Received], bool], *, fence: Peer) -> None:
        """Failure when a descriptor comes that `accepts`; `what` says in words what should be."""
        self.flush(fence)
        if came := self._next(accepts):
            raise Failure(expected=what, actual=repr(came), symptom=self._unwanted(came))

    def take_all(self, message: MessageClass[P]) -> list[Received]:
        """All of a type that have come and were not yet consumed, now consumed. Does not wait."""
        self.drain()
        found = []
        while got := self._next(lambda each: each.type == message.wire_type):
            found.append(got)
        return found

    def seen(self, accepts: Callable[[Received], bool]) -> list[Received]:
        """All that has come so far and that `accepts`, consumed or not. Does not wait."""
        self.drain()
        self.wire.looked()
        return [got for got in self.log if accepts(got)]

    def replies(self, sent: Descriptor, message: MessageClass[P]) -> list[Received]:
        """All that has come so far under the GUID of `sent`, of the type given. Does not wait."""
        return self.seen(lambda got: got.type == message.wire_type and got.guid == sent.guid)

    # --- the link itself

    @property
    def closed(self) -> bool:
        """Whether the node has closed its side, as far as has arrived."""
        self.bench.world.poll()
        return self.drain()

    @property
    def unread(self) -> bytes:
        """The bytes of a descriptor that is not complete yet."""
        self.drain()
        return self._reader.pending

    def attend(self) -> None:
        """Answer the node's Pings, as `bench.elapse` asks of the peers that it keeps."""
        self.bench.world.poll()
        before = len(self.log)
        self.drain()
        if self.answers_pings and any(got.type == Ping.wire_type for got in self.log[before:]):
            self.sync()

    # --- reading

    def _symptom(self, wire_type: int, guid: bytes | None = None) -> Symptom:
        """That no descriptor of this type, and under this GUID, comes beyond those consumed already."""
        pattern: dict[str, int | str] = {"header.type": wire_type}
        if guid is not None:
            pattern["header.guid"] = guid.hex()
        already = sum(
            got.type == wire_type and guid in (None, got.guid) for got in self.log if got.number in self._consumed
        )
        return Symptom(sign=Sign.MISSING, wire=self.wire.number, pattern=pattern, already=already)

    def _unwanted(self, came: Received) -> Symptom:
        """That this descriptor came, beyond those like it that were consumed before."""
        pattern: dict[str, int | str] = {"header.type": came.type, "payload": came.body.hex()}
        used = came.guid in self.bench.sent_guids
        if used:
            pattern["header.guid"] = came.guid.hex()
        already = sum(
            (got.type, got.body) == (came.type, came.body) and (not used or got.guid == came.guid)
            for got in self.log
            if got.number in self._consumed and got is not came
        )
        return Symptom(sign=Sign.UNWANTED, wire=self.wire.number, pattern=pattern, already=already)

    def _await(self, accepts: Callable[[Received], bool], what: str, symptom: Symptom | None = None) -> Received:
        if found := self.wait_for(accepts):
            return found
        if self.broken or self.unread:
            what = self.broken or f"{len(self.unread)} bytes are left over"
            raise Inconclusive(f"the node's bytes can't be cut into descriptors: {what}")
        ended = "the connection is closed; " if self.wire.eof else ""
        raise Failure(expected=what, actual=ended + self._came(), symptom=symptom)

    def _next(self, accepts: Callable[[Received], bool], start: int = 0) -> Received | None:
        self.wire.looked()
        for got in islice(self.log, start, None):
            if got.number not in self._consumed and accepts(got):
                self._consumed.add(got.number)
                return got
        return None

    def drain(self) -> bool:
        """Read what has arrived, answer Pings; whether the node has closed."""
        if data := self.wire.take():
            self._take_in(data)
        return self.wire.eof

    def _take_in(self, data: bytes) -> None:
        if self.broken:
            return
        try:
            for descriptor in self._reader.feed(data):
                self.log.append(Received(descriptor, len(self.log)))
                if descriptor.type == Ping.wire_type and self.answers_pings:
                    self._answer(descriptor)
            self._reader.feed(b"")  # tells of what is wrong after the last whole descriptor
        except DecodeError as error:
            self.broken = str(error)

    def _answer(self, ping: Descriptor) -> None:
        ip, port = self.listens_at
        pong = Descriptor.of(Pong(port, ip, 0, 0), guid=ping.guid, ttl=max(1, ping.hops))
        self.send_bytes(pong.encode())

    def _came(self) -> str:
        if self.broken:
            return f"the node's bytes can't be read: {self.broken}"
        if not self.log:
            return "nothing came"
        more = f"{len(self.log) - _SHOWN} others, " if len(self.log) > _SHOWN else ""
        return f"{more}{', '.join(map(repr, self.log[-_SHOWN:]))} came"


def name_of(wire_type: int | None) -> str:
    """The name of a payload type, or its number."""
    return NAMES.get(wire_type or 0, f"type {wire_type:#04x}")
