"""A tester's connection to the server, with the verbs in which cases are written.

- `RawUser` is a connection on which nothing was said yet; `probe.User` one with a nick, whose login the bench has seen
  to.
- Messages are told apart by number, and by what a case asks of their fields: a server says much that is not asked for.
- What one `expect...` has returned is consumed; the next one looks at what is left.
- That something does *not* come is shown by a fence: a question whose answer must come behind it. Before the login it
  is the check of a nick (7), which must be answered (NAP-REG-01). In a session it is the request for one's own
  link type (600), which must be answered by 601 (NAP-WHO-05). For what another user has caused, that user's fence
  comes first: when it is answered, the server has done what was asked before it. A fence without an answer leaves the
  case inconclusive.
- A message whose body does not fit its layout leaves a case inconclusive that waits for it; how bodies are written is
  the business of the section on text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ...codecs.errors import DecodeError
from ...codecs.framing import Opaque
from ...codecs.message import Message
from ...codecs.napster import (
    SERVER,
    ErrorText,
    LoginAck,
    LoginError,
    NickCheck,
    NickFree,
    NickInvalid,
    NickTaken,
    Packet,
    PacketReader,
)
from ..outcomes import Failure, Inconclusive, Sign, Symptom

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench

Address = tuple[str, int]
M = TypeVar("M", bound=Message)
T = TypeVar("T")
Where = Callable[[M], bool]

_READABLE = 65_535
_SHOWN = 6


class RawUser:
    """One connection to the server, from an address of its own."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire
        self.log: list[Packet] = []
        """All messages that came, in order."""
        self.broken: str | None = None
        """Why the server's bytes can no longer be cut into messages."""
        self._reader = PacketReader(_READABLE)
        self._left: dict[int, Packet] = {}
        """What of the log was not consumed yet, by its place there."""
        self._place = 0
        """Where in the log the message stands that was returned last."""

    @property
    def local(self) -> Address:
        """Where this end of the connection is."""
        return self.wire.local

    # --- sending

    def send(self, *what: Message | Packet | Opaque | bytes) -> None:
        """Send messages, framed packets or bytes as they are, all in one piece."""
        self.wire.send(b"".join(map(_bytes, what)))

    def send_raw(self, number: int, body: bytes = b"") -> None:
        """Send bytes as the body of a message of any number."""
        self.send(Packet.of_raw(number, body))

    def send_bytewise(self, *what: Message | Packet | bytes) -> None:
        """Send each byte by itself."""
        for byte in b"".join(map(_bytes, what)):
            self.wire.send(bytes([byte]))

    def close(self) -> None:
        """Close in good order."""
        self.wire.close()

    def abort(self) -> None:
        """Close with a reset."""
        self.wire.abort()

    # --- what must come

    def expect(self, *kinds: type[M], where: Where[M] | None = None, what: str = "") -> M:
        """The next message of one of these kinds (and that `where` accepts); Failure when none comes.

        `what` says in words what is expected.
        """
        found = self.wait_for(*kinds, where=where)
        if found is not None:
            return found
        expected = what or " or ".join(map(title, kinds))
        self._assert_readable(*kinds)
        ended = "the connection is closed; " if self.wire.eof else ""
        raise Failure(expected=expected, actual=ended + self.came(), symptom=self._missing(kinds, where))

    def wait_for(self, *kinds: type[M], where: Where[M] | None = None) -> M | None:
        """The same, or None."""
        return self._wait(lambda: self._next(kinds, where))

    def expect_packet(self, number: int) -> Packet:
        """The next message of this number, whatever is in it; Failure when none comes."""
        found = self.wait_for_packet(number)
        if found is None:
            self._assert_readable()
            raise Failure(expected=f"a message {number}", actual=self.came(), symptom=self._missing_number(number))
        return found

    def wait_for_packet(self, number: int) -> Packet | None:
        """The same, or None."""
        return self._wait(lambda: self._next_packet(number))

    def answers(self, kind: type[M], *, until: type[Message], where: Where[Any] | None = None) -> list[M]:
        """All messages of a kind that came before the next `until` (that `where` accepts); Failure without that."""
        self.expect(until, where=where)
        end = self._place
        places = [each for each, packet in self._left.items() if packet.type == kind.wire_type and each < end]
        return [self._read(self._left.pop(place), kind) for place in places]

    def enter(self, login: Message | Packet) -> LoginAck | None:
        """Send a login; the acknowledgement, or None when it is answered otherwise, by an end, or not at all."""
        self.send(login)
        answer = self.wait_for(LoginAck, LoginError, NickInvalid, ErrorText)
        if answer is None:
            self._assert_readable(LoginAck)
        return answer if isinstance(answer, LoginAck) else None

    def expect_close(self) -> None:
        """Failure unless the server closes the connection within the timeout."""
        self._wait(lambda: None)
        if not self.wire.eof:
            raise Failure(
                expected="the node closes the connection",
                actual=f"it stays open; {self.came()}",
                symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number),
            )

    # --- what must not come

    def sync(self) -> None:
        """Return when all that the server had to say here before has been read.

        It has, too, when the server has closed the connection. Inconclusive if it does neither.
        """
        self._sync(lambda: None)

    def expect_none(self, *kinds: type[M], where: Where[M] | None = None, fence: RawUser | None = None) -> None:
        """Failure when a message of one of these kinds (that `where` accepts) comes, not yet consumed.

        `fence` is the user whose doing would bring it, if that is not this one.
        """
        if fence is not None and fence is not self and not fence.wire.closed:
            fence.sync()
        came: M | None = self._sync(lambda: self._next(kinds, where))
        if came is None:
            came = self._next(kinds, where)
        if came is not None:
            raise Failure(
                expected=f"no {' or '.join(map(title, kinds))}", actual=self.shown(came), symptom=self._unwanted(came)
            )
        self._assert_readable(*kinds)

    def seen(self, kind: type[M], where: Where[M] | None = None) -> list[M]:
        """All messages of a kind that have come so far (and that `where` accepts), consumed or not. Does not wait."""
        self.bench.world.poll()
        self.drain()
        self.wire.looked()
        found = [self._read(packet, kind) for packet in self.log if packet.type == kind.wire_type]
        return [message for message in found if where is None or where(message)]

    def take(self, kind: type[M], where: Where[M] | None = None) -> list[M]:
        """All of a kind that have come and were not yet consumed, now consumed. Does not wait."""
        self.drain()
        found = []
        while (got := self._next((kind,), where)) is not None:
            found.append(got)
        return found

    def forget(self) -> None:
        """Take all that has come so far for consumed."""
        self.drain()
        self._left.clear()

    # --- the connection itself

    @property
    def closed(self) -> bool:
        """Whether the server has closed its side, as far as has arrived."""
        self.bench.world.poll()
        return self.drain()

    @property
    def unread(self) -> bytes:
        """The bytes of a message that is not complete yet."""
        self.drain()
        return self._reader.pending

    def attend(self) -> None:
        """Read what has come, as `bench.elapse` asks of what it keeps alive. A server asks for no answer."""
        self.bench.world.poll()
        self.drain()

    def came(self) -> str:
        """What has come, in a few words."""
        if self.broken:
            return f"the node's bytes can't be read: {self.broken}"
        if not self.log:
            return "nothing came"
        more = f"{len(self.log) - _SHOWN} others, " if len(self.log) > _SHOWN else ""
        return f"{more}{', '.join(f'{each.type} {each.body[:60]!r}' for each in self.log[-_SHOWN:])} came"

    def shown(self, message: Message) -> str:
        """A message in a few words."""
        return f"{title(type(message))}: {message.encode()[:200]!r}"

    # --- reading

    def drain(self) -> bool:
        """Take in what has arrived; whether the server has closed."""
        if (data := self.wire.take()) and not self.broken:
            try:
                packets = self._reader.feed(data)
            except DecodeError as error:
                self.broken = str(error)
                packets = []
            for packet in packets:
                self._left[len(self.log)] = packet
                self.log.append(packet)
                self._note(packet)
        return self.wire.eof

    def _note(self, packet: Packet) -> None:
        """Look at a message as it comes."""

    def _wait(self, found: Callable[[], T | None]) -> T | None:
        """What `found` returns, asked each time something has come, up to the timeout."""
        world, deadline = self.bench.world, self.bench.deadline()
        while True:
            ended = self.drain()
            if (got := found()) is not None:
                return got
            if ended or self.broken or not world.wait([self.wire], deadline):
                return None

    def _next(self, kinds: tuple[type[M], ...], where: Where[M] | None) -> M | None:
        self.wire.looked()
        for place, packet in self._left.items():
            for kind in kinds:
                message = decoded(packet, kind) if packet.type == kind.wire_type else None
                if message is not None and (where is None or where(message)):
                    self._place = place
                    del self._left[place]
                    return message
        return None

    def _next_packet(self, number: int) -> Packet | None:
        self.wire.looked()
        for place, packet in self._left.items():
            if packet.type == number:
                return self._left.pop(place)
        return None

    def _read(self, packet: Packet, kind: type[M]) -> M:
        message = decoded(packet, kind)
        if message is None:
            raise Inconclusive(f"a {title(kind)} of the node can't be read: {packet.body[:200]!r}")
        return message

    def _assert_readable(self, *kinds: type[M]) -> None:
        """Inconclusive when the bytes can't be cut, or one of these has come whose body does not fit its layout."""
        if self.broken or self.unread:
            said = self.broken or f"{len(self.unread)} bytes are left over"
            raise Inconclusive(f"the node's bytes can't be cut into messages: {said}")
        for packet in self._left.values():
            known = [kind for kind in kinds if kind.wire_type == packet.type]
            if known and all(decoded(packet, kind) is None for kind in known):
                self._read(packet, known[0])

    def _sync(self, unwanted: Callable[[], M | None]) -> M | None:
        """Ask the fence; what `unwanted` returns when that comes first."""
        self.send(NickCheck(self.bench.new_nick()))
        return self._passed(lambda: self._next((NickFree, NickTaken, NickInvalid), None) is not None, unwanted)

    def _passed(self, fence: Callable[[], bool], unwanted: Callable[[], M | None]) -> M | None:
        """Wait for the fence, or for what should not come."""
        world, deadline = self.bench.world, self.bench.deadline()
        self.wire.looked()
        while True:
            ended = self.drain()
            if (got := unwanted()) is not None:
                return got
            if ended or fence():
                return None
            if self.broken or not world.wait([self.wire], deadline):
                raise Inconclusive(f"the question that should serve as a fence was not answered: {self.came()}")

    # --- symptoms

    def _missing(self, kinds: tuple[type[M], ...], where: Where[M] | None) -> Symptom | None:
        """That no message of this kind comes beyond those consumed already; None where that does not say it all."""
        if len(kinds) != 1 or where is not None:
            return None
        return self._missing_number(kinds[0].wire_type or 0)

    def _missing_number(self, number: int) -> Symptom:
        already = sum(packet.type == number for place, packet in enumerate(self.log) if place not in self._left)
        return Symptom(sign=Sign.MISSING, wire=self.wire.number, pattern={"header.type": number}, already=already)

    def _unwanted(self, came: Message) -> Symptom:
        """That this message came, beyond those equal to it that were consumed before."""
        number, body = came.wire_type or 0, came.encode()
        taken = [packet for place, packet in enumerate(self.log) if place not in self._left]
        same = sum((packet.type, packet.body) == (number, body) for packet in taken)
        return Symptom(
            sign=Sign.UNWANTED,
            wire=self.wire.number,
            pattern={"header.type": number, "payload": body.hex()},
            already=max(0, same - 1),
        )


def _bytes(what: Message | Packet | Opaque | bytes) -> bytes:
    if isinstance(what, bytes):
        return what
    return what.encode() if isinstance(what, Packet) else Packet.of(what).encode()


def decoded(packet: Packet, kind: type[M]) -> M | None:
    """The message that a packet of this kind is; None when its body does not fit the layout."""
    try:
        return kind.decode(packet.body)
    except DecodeError:
        return None


def title(kind: type[Message]) -> str:
    """A kind of message as reports name it: its number and its name."""
    sender = "" if not kind.senders or SERVER in kind.senders else " of a peer"
    return f"{kind.wire_type} ({kind.__name__}{sender})"
