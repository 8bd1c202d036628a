"""Server and Session: the tester as the server that the peer logs in to, with the verbs in which cases are written.

- Messages are told apart by number and content, never by their place: a peer says many things of its own.
- What was returned by one `expect...` is consumed; the next one looks at what is left.
- That something does *not* come is shown by a fence: questions that a peer answers after all that came before them. No
  message must be answered by every peer: 751 and 750 should be, and a 607 for a file that it shares must be, if it
  shares any. So a fence asks all three at once, and the first answer to any of them counts. A fence that nothing
  answers leaves the case inconclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ...codecs.errors import DecodeError
from ...codecs.message import Message
from ...codecs.napster import (
    AcceptFailed,
    DirectoryFile,
    Login,
    LoginAck,
    MotdLine,
    NickCheck,
    NickFree,
    Packet,
    PacketReader,
    PasswordCheck,
    PasswordOk,
    QueueLimit,
    Register,
    ServerPing,
    ShareDirectory,
    ShareFile,
    Stats,
    UploadAccept,
    UploadRequest,
    UserPing,
    UserPong,
    VersionCheck,
)
from ..outcomes import Failure, Inconclusive, Sign, Symptom, assuming
from .connection import Listener

if TYPE_CHECKING:
    from ..networks import Share
    from ..target import Instance
    from ..worlds import Wire
    from .bench import Bench

M = TypeVar("M", bound=Message)
Fields: TypeAlias = Mapping[str, str | int]
"""Values that the fields of a message must have."""

OPENING_NUMBERS = (2, 4, 6, 7, 11, 14, 15, 920)
"""What a peer may say before it is logged in."""

_LONGEST = 0xFFFF
_LAST_PART = re.compile(r"[^\\/]*$")
_BACKSLASH = "\\"
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


class Server:
    """A listening port of the tester's to which a peer logs in."""

    def __init__(self, bench: Bench, listener: Listener) -> None:
        self.bench = bench
        self.listener = listener
        self.address = listener.address

    def expect(self) -> Session:
        """The next connection of the peer, on which nothing was said yet."""
        return Session(self.bench, self.listener.expect_wire(), self)

    def arrived(self) -> Session | None:
        """The next connection that has come, or None. Does not wait."""
        wire = self.listener.accepted()
        return None if wire is None else Session(self.bench, wire, self)


class Session:
    """A peer's connection to the tester's server, from its first byte on."""

    def __init__(self, bench: Bench, wire: Wire, server: Server) -> None:
        self.bench = bench
        self.wire = wire
        self.server = server
        self.log: list[Received] = []
        """All messages that came, in order."""
        self.asks_for_files = True
        """Whether a fence may be a 607; not where the number of uploads matters."""
        self._reader = PacketReader(_LONGEST)
        self._consumed: set[int] = set()
        self._login: Login | Register | None = None
        self._instance: Instance | None = None
        self._pings = 0

    # --- who it is

    @property
    def instance(self) -> Instance:
        """The peer whose session this is."""
        assert self._instance is not None
        return self._instance

    @property
    def login(self) -> Login | Register:
        """How it has logged in."""
        assert self._login is not None
        return self._login

    @property
    def data_port(self) -> tuple[str, int]:
        """Where the peer accepts connections, as the tester was told; what it says itself is a case's business."""
        return self.instance.address

    @property
    def nick(self) -> str:
        """The nick that it has logged in with."""
        return self.login.nick

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

    # --- the login

    def expect_opening(self) -> Received:
        """The 2 or 6 by which the peer logs in, as it came; what it may ask before is answered as it likes to hear."""
        asked = self.wait_for(self._opens)
        while asked is not None and asked.number not in (2, 6):
            self._answer_opening(asked)
            asked = self.wait_for(self._opens)
        if asked is None:
            raise Failure(expected="a login: 2 or 6", actual=self.came(), symptom=self.missing(Login))
        self._login = asked.read(Login) or asked.read(Register)
        return asked

    def expect_login(self) -> Login | Register:
        """The same decoded; Failure when it has not the form of its layout."""
        asked = self.expect_opening()
        if self._login is None:
            raise Failure(expected="a login of the form of its layout", actual=repr(asked))
        return self._login

    def _opens(self, got: Received) -> bool:
        return got.number in OPENING_NUMBERS

    def _answer_opening(self, asked: Received) -> None:
        if asked.read(NickCheck):
            self.say(NickFree())
        elif asked.read(PasswordCheck):
            self.say(PasswordOk())
        elif version := asked.read(VersionCheck):
            self.say(version)

    def acknowledge(self, instance: Instance, *messages: Message) -> None:
        """Let the peer in as servers do, or with the messages given: 3, the message of the day, the statistics."""
        self._instance = instance
        self.say(*messages or (LoginAck("anon@peerspec"), MotdLine("VERSION peerspec"), Stats(1, 0, 0)))

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
        self._drain()
        found = self._next(lambda got: got.fits(message, fields), 0)
        return found.read(message) if found else None

    def ask_for(self, file: str, nick: str | None = None) -> UploadAccept:
        """Ask for a file on behalf of a user (a fresh one), as a server does; the 608 with the same nick and name."""
        asked = UploadRequest(nick or self.bench.new_nick(), file)
        self.say(asked)
        return self.expect(UploadAccept, nick=asked.nick, file=asked.file)

    def expect_close(self) -> None:
        """Failure unless the peer closes the connection within the timeout."""
        self.wait_for(lambda _: False)
        if not self.wire.eof:
            raise Failure(
                expected="the peer closes the connection",
                actual=f"it stays open; {self.came()}",
                symptom=Symptom(sign=Sign.OPEN, wire=self.wire.number),
            )

    def wait_for(self, accepts: Callable[[Received], bool]) -> Received | None:
        """The first not yet consumed that `accepts`, waited for up to the timeout; None when none comes."""
        world, deadline = self.bench.world, self.bench.deadline()
        looked_at = 0
        while True:
            ended = self._drain()
            if found := self._next(accepts, looked_at):
                return found
            looked_at = len(self.log)
            if ended or not world.wait([self.wire], deadline):
                return None

    # --- what must not come

    def sync(self) -> None:
        """Return when all that the peer had to say on account of what came before has been read (Inconclusive)."""
        if not self._answers(self._ask()):
            raise Inconclusive(f"the fence was not answered, neither 751 nor 750 nor 607: {self.came()}")

    def answers(self) -> bool:
        """Whether the session goes on: the peer still answers."""
        return self._answers(self._ask())

    def assert_answers(self) -> None:
        """Failure unless the session goes on."""
        if not self.answers():
            raise Failure(
                expected="an answer to 751, 750 or 607",
                actual=self.came(),
                symptom=self.silent(),
            )

    def assert_answers_ping(self) -> None:
        """Failure unless the peer answers a 750 by a 750."""
        self._pings += 1
        self.say(ServerPing())
        if not self._answers(self._is_pong(self._pings)):
            raise Failure(expected="750", actual=self.came(), symptom=self.missing(ServerPing))

    def _is_pong(self, pings: int) -> Callable[[Received], bool]:
        """What tells the answer to the 750 of that number. Nothing in it says to which it answers."""

        def accepts(got: Received) -> bool:
            number = ServerPing.wire_type
            return got.number == number and sum(each.number == number for each in self.log[: got.place + 1]) >= pings

        return accepts

    def questions(self) -> tuple[tuple[Message, ...], Callable[[Received], bool]]:
        """A fence that was not sent yet: its questions, and what tells an answer to any of them."""
        nick = self.bench.new_nick()
        self._pings += 1
        asked: list[Message] = [UserPing(nick), ServerPing()]
        if self.asks_for_files and (names := self.offers()):
            asked.append(UploadRequest(nick, min(names)))
        is_pong = self._is_pong(self._pings)

        def answers(got: Received) -> bool:
            if any(ping.nick == nick for each in self.log if (ping := each.read(UserPing))):
                return False  # it sends back what it is sent, and an echo of 750 is no answer
            if is_pong(got):
                return True
            answer = got.read(UserPong) or got.read(UploadAccept) or got.read(AcceptFailed) or got.read(QueueLimit)
            return answer is not None and answer.nick == nick

        return tuple(asked), answers

    def _ask(self) -> Callable[[Received], bool]:
        asked, answers = self.questions()
        self.say(*asked)
        return answers

    def _answers(self, answers: Callable[[Received], bool]) -> bool:
        return self.wait_for(answers) is not None

    def expect_none(self, what: str, accepts: Callable[[Received], object]) -> None:
        """Failure when a message has come that `accepts`, not counting those consumed; a fence sees to it."""
        self.sync()
        self.expect_unseen(what, accepts)

    def expect_unseen(self, what: str, accepts: Callable[[Received], object]) -> None:
        """The same of what has come so far; something that must come after it has passed already."""
        if came := self.seen(accepts):
            raise Failure(expected=what, actual=repr(came[0]), symptom=self._unwanted(came[0]))

    def expect_notices(self, begun: type[Message], ended: type[Message]) -> None:
        """Failure unless one `begun` has come and after it one `ended`, which is waited for."""
        numbers = [begun.wire_type, ended.wire_type]
        self.wait_until(lambda: bool(self.seen(lambda got: got.number == ended.wire_type)))
        self.sync()
        came = self.seen(lambda got: got.number in numbers)
        found = [got.number for got in came]
        if found == numbers:
            return
        absent = next((message for message in (begun, ended) if message.wire_type not in found), None)
        if absent is not None:
            symptom = self.missing(absent)
        else:
            surplus = next((got for got in came if found.count(got.number) > 1), came[-1])
            symptom = replace(self._unwanted(surplus), already=1)
        actual = f"{', '.join(map(str, found)) or 'neither'} came"
        raise Failure(expected=f"one {numbers[0]}, and after it one {numbers[1]}", actual=actual, symptom=symptom)

    def seen(self, accepts: Callable[[Received], object]) -> list[Received]:
        """All that has come so far, was not consumed, and that `accepts`. Does not wait."""
        self.bench.world.poll()
        self._drain()
        self.wire.looked()
        return [got for got in self.log if got.place not in self._consumed and accepts(got)]

    # --- what it shares

    def offers(self) -> dict[str, int]:
        """The files that it has named to the server so far, with their sizes."""
        return {file.file: file.size for file in self.shared()}

    def shared(self) -> list[ShareFile]:
        """The same as 100 would have it, in the order in which they came. Does not wait."""
        self._drain()
        found: list[ShareFile] = []
        for got in self.log:
            if file := got.read(ShareFile):
                found.append(file)
            elif directory := got.read(ShareDirectory):
                found += [_below(directory.directory, each) for each in directory.files]
        return found

    def share(self, share: Share) -> ShareFile:
        """How it has named one of its files, waited for (Inconclusive)."""
        with assuming("the peer shares its files"):
            return self.expect_share(share)

    def expect_share(self, share: Share) -> ShareFile:
        """The same; Failure when it does not name the file."""

        def named() -> ShareFile | None:
            return next((file for file in self.shared() if last_part(file.file) == share.name), None)

        self.wait_until(lambda: named() is not None)
        if (file := named()) is None:
            raise Failure(expected=f"100 or 870 with {share.name}", actual=self.came())
        return file

    def wait_until(self, enough: Callable[[], bool], until: float | None = None) -> bool:
        """Read until `enough`, up to a time of the world's or the timeout; whether it came to that."""
        world, deadline = self.bench.world, self.bench.deadline() if until is None else until
        while True:
            ended = self._drain()
            if enough():
                return True
            if ended or not world.wait([self.wire], deadline):
                return False

    # --- the connection itself

    @property
    def closed(self) -> bool:
        """Whether the peer has closed its side, as far as has arrived."""
        self.bench.world.poll()
        return self._drain()

    @property
    def unread(self) -> bytes:
        """The bytes of a message that is not complete yet."""
        self._drain()
        return self._reader.pending

    def attend(self) -> None:
        """Answer the peer's pings, as `bench.elapse` asks of what it keeps."""
        self.bench.world.poll()
        for ping in self.seen(lambda got: got.number == UserPing.wire_type):
            self._consumed.add(ping.place)
            if asked := ping.read(UserPing):
                self.say(UserPong(asked.nick))

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

    def missing(self, message: type[Message], **fields: str | int) -> Symptom:
        """That no such message comes with these values beyond those consumed already."""
        number = message.wire_type or 0
        pattern = {"header.type": number, **{f"payload.{name}": value for name, value in fields.items()}}
        consumed = [got for got in self.log if got.place in self._consumed and got.number == number]
        already = sum(not fields or got.fits(message, fields) for got in consumed)
        return Symptom(sign=Sign.MISSING, wire=self.wire.number, pattern=pattern, already=already)

    def _unwanted(self, came: Received) -> Symptom:
        """That this message came, beyond those like it that were consumed before."""
        pattern: dict[str, int | str] = {"header.type": came.number, "payload": came.body.hex()}
        already = sum(
            (got.number, got.body) == (came.number, came.body) for got in self.log if got.place in self._consumed
        )
        return Symptom(sign=Sign.UNWANTED, wire=self.wire.number, pattern=pattern, already=already)

    def silent(self) -> Symptom:
        """That nothing comes after what came."""
        return Symptom(sign=Sign.SILENT, wire=self.wire.number)

    def _next(self, accepts: Callable[[Received], bool], start: int) -> Received | None:
        self.wire.looked()
        for got in self.log[start:]:
            if got.place not in self._consumed and accepts(got):
                self._consumed.add(got.place)
                return got
        return None

    def _drain(self) -> bool:
        """Read what has arrived; whether the peer has closed."""
        if data := self.wire.take():
            for packet in self._reader.feed(data):
                self.log.append(Received(packet, len(self.log)))
        return self.wire.eof


def last_part(name: str) -> str:
    """A name without the folders in front of it, whichever way they are written."""
    found = _LAST_PART.search(name)
    return found[0] if found else name


def _below(directory: str, file: DirectoryFile) -> ShareFile:
    """A file of a directory, under its whole name (NAP-SHR-14)."""
    name = f"{directory.removesuffix(_BACKSLASH)}{_BACKSLASH}{file.file}"
    return ShareFile(name, file.md5, file.size, file.bitrate, file.frequency, file.seconds)
