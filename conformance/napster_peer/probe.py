"""Server and Session: the tester as the server that the peer logs in to, with the verbs in which cases are written.

That something does *not* come is shown by a fence: questions that a peer answers after all that came before them. No
message must be answered by every peer: 751 and 750 should be, and a 607 for a file that it shares must be, if it shares
any. So a fence asks all three at once, and the first answer to any of them counts. A fence that nothing answers leaves
the case inconclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ...codecs.message import Message
from ...codecs.napster import (
    AcceptFailed,
    ChangeDataPort,
    DirectoryFile,
    Login,
    LoginAck,
    MotdLine,
    NickCheck,
    NickFree,
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
from ..outcomes import Failure, Inconclusive, assuming
from .connection import Listener
from .messages import Messages, Received

if TYPE_CHECKING:
    from ..networks import Share
    from ..target import Instance
    from ..worlds import Wire
    from .bench import Bench

OPENING_NUMBERS = (2, 4, 6, 7, 11, 14, 15, 920)
"""What a peer may say before it is logged in."""

_LAST_PART = re.compile(r"[^\\/]*$")
_BACKSLASH = "\\"


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


class Session(Messages):
    """A peer's connection to the tester's server."""

    def __init__(self, bench: Bench, wire: Wire, server: Server) -> None:
        super().__init__(bench, wire)
        self.server = server
        self.asks_for_files = True
        """Whether a fence may be a 607; not where the number of uploads matters."""
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

    def port(self) -> int:
        """The data port that it has given, in its login or in a 703 after it. Does not wait."""
        self.drain()
        changes = [change.port for got in self.log if (change := got.read(ChangeDataPort))]
        return changes[-1] if changes else self.login.port

    @property
    def nick(self) -> str:
        """The nick that it has logged in with."""
        return self.login.nick

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

    # --- fences

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

    def attend(self) -> None:
        """Answer the peer's pings, as `bench.elapse` asks of what it keeps."""
        while asked := self.take(UserPing):
            self.say(UserPong(asked.nick))

    # --- uploads and downloads

    def ask_for(self, file: str, nick: str | None = None) -> UploadAccept:
        """Ask for a file on behalf of a user (a fresh one), as a server does; the 608 with the same nick and name."""
        asked = UploadRequest(nick or self.bench.new_nick(), file)
        self.say(asked)
        return self.expect(UploadAccept, nick=asked.nick, file=asked.file)

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
            symptom = replace(self.unwanted(surplus), already=1)
        actual = f"{', '.join(map(str, found)) or 'neither'} came"
        raise Failure(expected=f"one {numbers[0]}, and after it one {numbers[1]}", actual=actual, symptom=symptom)

    # --- what it shares

    def offers(self) -> dict[str, int]:
        """The files that it has named to the server so far, with their sizes."""
        return {file.file: file.size for file in self.shared()}

    def shared(self) -> list[ShareFile]:
        """The same as 100 would have it, in the order in which they came. Does not wait."""
        self.drain()
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


def last_part(name: str) -> str:
    """A name without the folders in front of it, whichever way they are written."""
    found = _LAST_PART.search(name)
    return found[0] if found else name


def _below(directory: str, file: DirectoryFile) -> ShareFile:
    """A file of a directory, under its whole name (NAP-SHR-14)."""
    name = f"{directory.removesuffix(_BACKSLASH)}{_BACKSLASH}{file.file}"
    return ShareFile(name, file.md5, file.size, file.bitrate, file.frequency, file.seconds)
