"""Messages: one connection between server and peer as the messages that pass on it, and the verbs to look for them.

- Messages are told apart by number and content, never by their place: a peer says many things of its own.
- What was returned by one `expect...` is consumed; the next one looks at what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ...codecs.errors import DecodeError
from ...codecs.message import Message
from ...codecs.napster import Packet, PacketReader
from ..outcomes import Failure, Sign, Symptom

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench

M = TypeVar("M", bound=Message)
Fields: TypeAlias = Mapping[str, str | int]
"""Values that the fields of a message must have."""

_LONGEST = 0xFFFF
_SHOWN = 6


class Received:
    """A message as it came, with its place among all that came in the session."""

    __slots__ = ("body", "number", "place")

    def __init__(self, packet: Packet, place: int) -> None:
        self.number = packet.type
        self.body = packet.body
        self.place = place

    def read(self, message: type[M]) -> M | None:
        """The body decoded; None when it is malformed or of another number."""
        if self.number != message.wire_type:
            return None
        try:
            return message.decode(self.body)
        except DecodeError:
            return None

    def fits(self, message: type[M], fields: Fields) -> bool:
        """Whether it is a message of this class with these values of its fields."""
        read = self.read(message)
        return read is not None and all(getattr(read, name) == value for name, value in fields.items())

    def __repr__(self) -> str:
        return f"{self.number} {self.body[: _SHOWN * 10]!r}"


class Messages:
    """A connection on which messages are spoken, from its first byte on."""

    def __init__(self, bench: Bench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire
        self.log: list[Received] = []
        """All messages that came, in order."""
        self._reader = PacketReader(_LONGEST)
        self._consumed: set[int] = set()

    # --- sending

    def say(self, *messages: Message) -> None:
        """Send messages, each in a segment of its own."""
        for message in messages:
            self.wire.send(Packet.of(message).encode())

    def say_raw(self, number: int, body: bytes = b"") -> None:
        """Send any body under any number."""
        self.wire.send(Packet.of_raw(number, body).encode())

    def say_together(self, *messages: Message) -> None:
        """Send messages in one segment."""
        self.wire.send(b"".join(Packet.of(message).encode() for message in messages))

    def say_bytewise(self, *messages: Message) -> None:
        """Send messages byte by byte."""
        for byte in b"".join(Packet.of(message).encode() for message in messages):
            self.wire.send(bytes((byte,)))

    # --- what must come

    def expect(self, message: type[M], what: str = "", **fields: str | int) -> M:
        """The next message of this class with these values of its fields; `what` says in words what it is."""
        found = self.wait_for(lambda got: got.fits(message, fields))
        if found is None or (read := found.read(message)) is None:
            number = message.wire_type
            wanted = what or ", ".join(f"{name} {value}" for name, value in fields.items())
            raise Failure(
                expected=f"{number} {message.__name__}: {wanted}" if wanted else f"{number} {message.__name__}",
                actual=self.came(),
                symptom=self.missing(message, **fields),
            )
        return read

    def take(self, message: type[M], **fields: str | int) -> M | None:
        """The next message of this class that has come with these values of its fields, or None. Does not wait."""
        self.bench.world.poll()
        self.drain()
        found = self.next(lambda got: got.fits(message, fields))
        return found.read(message) if found else None

    def wait_for(self, accepts: Callable[[Received], bool]) -> Received | None:
        """The first not yet consumed that `accepts`, waited for up to the timeout; None when none comes."""
        world, deadline = self.bench.world, self.bench.deadline()
        looked_at = 0
        while True:
            ended = self.drain()
            if found := self.next(accepts, looked_at):
                return found
            looked_at = len(self.log)
            if ended or not world.wait([self.wire], deadline):
                return None

    def wait_until(self, enough: Callable[[], bool], until: float | None = None) -> bool:
        """Read until `enough`, up to a time of the world's or the timeout; whether it came to that."""
        world, deadline = self.bench.world, self.bench.deadline() if until is None else until
        while True:
            ended = self.drain()
            if enough():
                return True
            if ended or not world.wait([self.wire], deadline):
                return False

    # --- what must not come, once something has come that must come after it

    def expect_unseen(self, what: str, accepts: Callable[[Received], object]) -> None:
        """Failure when a message has come so far that `accepts`, not counting those consumed. Does not wait."""
        if came := self.seen(accepts):
            raise Failure(expected=what, actual=repr(came[0]), symptom=self.unwanted(came[0]))

    def seen(self, accepts: Callable[[Received], object]) -> list[Received]:
        """All that has come so far, was not consumed, and that `accepts`. Does not wait."""
        self.bench.world.poll()
        self.drain()
        self.wire.looked()
        return [got for got in self.log if got.place not in self._consumed and accepts(got)]

    # --- the connection itself

    @property
    def closed(self) -> bool:
        """Whether the peer has closed its side, as far as has arrived."""
        self.bench.world.poll()
        return self.drain()

    @property
    def unread(self) -> bytes:
        """The bytes of a message that is not complete yet."""
        self.drain()
        return self._reader.pending

    def close(self) -> None:
        """End the session in good order."""
        self.wire.close()

    def came(self) -> str:
        """What came in the session, for a person."""
        ended = "; the connection is closed" if self.wire.eof else ""
        if not self.log:
            return (
                f"{len(self.unread)} bytes that are no message came{ended}" if self.unread else f"nothing came{ended}"
            )
        more = f"{len(self.log) - _SHOWN} others, " if len(self.log) > _SHOWN else ""
        return f"{more}{', '.join(map(repr, self.log[-_SHOWN:]))} came{ended}"

    # --- for programs

    def missing(self, message: type[Message], **fields: str | int) -> Symptom:
        """That no such message comes with these values beyond those consumed already."""
        number = message.wire_type or 0
        pattern = {"header.type": number, **{f"payload.{name}": value for name, value in fields.items()}}
        consumed = [got for got in self.log if got.place in self._consumed and got.number == number]
        already = sum(not fields or got.fits(message, fields) for got in consumed)
        return Symptom(sign=Sign.MISSING, wire=self.wire.number, pattern=pattern, already=already)

    def unwanted(self, came: Received) -> Symptom:
        """That this message came, beyond those like it that were consumed before."""
        pattern: dict[str, int | str] = {"header.type": came.number, "payload": came.body.hex()}
        already = sum(
            (got.number, got.body) == (came.number, came.body) for got in self.log if got.place in self._consumed
        )
        return Symptom(sign=Sign.UNWANTED, wire=self.wire.number, pattern=pattern, already=already)

    def silent(self) -> Symptom:
        """That nothing comes after what came."""
        return Symptom(sign=Sign.SILENT, wire=self.wire.number)

    # --- reading

    def next(self, accepts: Callable[[Received], bool], start: int = 0) -> Received | None:
        """The first from a place on that `accepts` and was not consumed; now it is. Does not wait."""
        self.wire.looked()
        for got in self.log[start:]:
            if got.place not in self._consumed and accepts(got):
                self._consumed.add(got.place)
                return got
        return None

    def drain(self) -> bool:
        """Read what has arrived; whether the peer has closed."""
        if data := self.wire.take():
            for packet in self._reader.feed(data):
                self.log.append(Received(packet, len(self.log)))
        return self.wire.eof
