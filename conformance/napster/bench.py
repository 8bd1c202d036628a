r"""The Napster bench: how a case gets its users, its shared files and its metaserver.

Each user comes from a source address of its own (servents limit and ban by address), with a nick that nobody has had,
and says a data port that no other user says. That a login succeeds is a precondition of nearly every case, so `user`
and `users` are inconclusive where it does not; the cases about the login speak it themselves on `raw`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from ...codecs.napster import Login, NickCheck, NickFree, NickInvalid, NickTaken, Register, ShareFile
from ..bench import Bench as BaseBench
from ..outcomes import Failure, Inconclusive, Unsupported, assuming
from .connection import RawUser
from .directions import Directions
from .probe import User

if TYPE_CHECKING:
    from ..bench import Timing
    from ..target import Target
    from ..worlds import World

CLIENT = "peerspec 1"
"""The program that users name in their login."""
PASSWORD = "opensesame"  # noqa: S105 - of accounts that live as long as a test
EMAIL = "someone@example.org"

_FIRST_DATA_PORT = 6699
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_POLL = 0.02
_POLLS = 100

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFile:
    """A file that a user shares, as it is in the index. `word` finds it and nothing else, where the bench named it."""

    name: str
    word: str
    md5: str
    size: int
    bitrate: int
    frequency: int
    seconds: int

    @property
    def message(self) -> ShareFile:
        """The share."""
        return ShareFile(self.name, self.md5, self.size, self.bitrate, self.frequency, self.seconds)


class Bench(BaseBench):
    """The node under test, as a server of the tester's users."""

    def __init__(self, target: Target, world: World, random: Random, timing: Timing) -> None:
        super().__init__(target, world, random, timing)
        self._data_ports = iter(range(_FIRST_DATA_PORT, 65536))
        self.fresh = random if target.isolated else Random(secrets.randbits(64))
        """For what a server remembers (nicks, files): one that outlives the run must not know it yet."""

    # --- what users are made of

    def new_nick(self) -> str:
        """A nick of lower-case letters that nobody has had, of at most 16 characters."""
        return self.unique("t")[:10] + "".join(self.fresh.choices(_LETTERS, k=6))

    def new_port(self) -> int:
        """A data port that no other user has said."""
        return next(self._data_ports)

    def deadline(self) -> float:
        """The time by which something that must come has come."""
        return self.world.now() + self.timing.timeout

    def login(
        self,
        nick: str | None = None,
        *,
        password: str = PASSWORD,
        port: int | None = None,
        client: str = CLIENT,
        link: int = 8,
        build: int | None = None,
    ) -> Login:
        """The login of a nick, or of a fresh one."""
        data_port = self.new_port() if port is None else port
        return Login(nick or self.new_nick(), password, data_port, client, link, build=build)

    def registration(self, nick: str | None = None, *, email: str = EMAIL, password: str = PASSWORD) -> Register:
        """The login that registers a nick, or a fresh one."""
        return Register(nick or self.new_nick(), password, self.new_port(), CLIENT, 8, email)

    # --- users

    def raw(self, *, at: Address | None = None, source: str | None = None) -> RawUser:
        """A connection on which nothing was said yet, to the node or `at` another address.

        It comes from a fresh address, or from `source`.
        """
        return RawUser(self, self.dial(source, at))

    def user(
        self,
        nick: str | None = None,
        *,
        port: int | None = None,
        link: int = 8,
        client: str = CLIENT,
        email: str | None = None,
        password: str = PASSWORD,
        check: bool = True,
        at: Address | None = None,
        source: str | None = None,
    ) -> User:
        """A user who is logged in, with a fresh nick where none is given; Inconclusive when it can't be.

        With `email` the nick is registered (feature `registration`). With `port` 0 the user is firewalled. With `check`
        what follows a login has been read, and the server has answered a question after it. `source` is the address to
        come from.
        """
        with assuming("a login succeeds"):
            user = self.attempt(
                nick, port=port, link=link, client=client, email=email, password=password, at=at, source=source
            )
            if not user.accepted:
                raise Failure(expected="a login is accepted", actual=user.came())
        if check:
            user.sync()
            if user.closed:
                raise Inconclusive(f"the node ends a new session: {user.came()}")
            user.forget()
        return user

    def attempt(
        self,
        nick: str | None = None,
        *,
        port: int | None = None,
        link: int = 8,
        client: str = CLIENT,
        email: str | None = None,
        password: str = PASSWORD,
        at: Address | None = None,
        source: str | None = None,
    ) -> User:
        """Somebody who has asked to be let in, and has been answered; `accepted` says how. The words are `user`'s."""
        data_port = self.new_port() if port is None else port
        name = nick or self.new_nick()
        user = User(self, self.dial(source, at), name, password=password, port=data_port, link=link)
        if email is None:
            user.enter(Login(name, password, data_port, client, link))
        else:
            self.needs("registration")
            user.enter(Register(name, password, data_port, client, link, email))
        return user

    def users(self, number: int) -> list[User]:
        """That many users, each from its own address."""
        return [self.user() for _ in range(number)]

    def account(self, *, email: str = EMAIL, password: str = PASSWORD) -> str:
        """A nick that is registered and not logged in (feature `registration`)."""
        user = self.user(email=email, password=password)
        user.close()
        with assuming("the session of one who has left ends"):
            self.await_gone(user.nick, self.user())
        with assuming("a registration has an effect"):
            assert self.is_registered(user.nick), "the nick is free, and any password opens it"
        return user.nick

    def is_registered(self, nick: str, *, at: Address | None = None) -> bool:
        """Whether a nick shows in one way or another that it belongs to somebody; nobody may be logged in with it."""
        stranger = self.raw(at=at)
        stranger.send(NickCheck(nick))
        if isinstance(stranger.wait_for(NickTaken, NickFree, NickInvalid), NickTaken):
            return True
        return not self.attempt(nick, password=f"not{PASSWORD}", at=at).accepted

    def operator(self) -> User:
        """The operator that the tester was told of (feature `operator`)."""
        self.needs("operator")
        nick, _, password = self.known("operator").partition(" ")
        for _ in range(_POLLS):
            try:
                return self.user(nick, password=password)
            except Inconclusive:
                # the session of the case before may not have ended yet
                self.world.wait((), self.world.now() + _POLL)
                if self.target.isolated:
                    raise
        raise Inconclusive("the operator can't log in")

    def await_gone(self, nick: str, watcher: User) -> None:
        """Return when the server no longer has a session with this nick; Failure when it goes on having one."""
        deadline, pause = self.deadline(), _POLL
        while watcher.link_of(nick) is not None:
            if self.world.now() >= deadline:
                raise Failure(expected=f"the session of {nick} to end", actual="the node still gives its link type")
            self.world.wait((), self.world.now() + pause)
            pause *= 2

    # --- files

    def file(
        self,
        name: str | None = None,
        *,
        word: str | None = None,
        md5: str | None = None,
        size: int = 4_000_000,
        bitrate: int = 128,
        frequency: int = 44_100,
        seconds: int = 215,
    ) -> SharedFile:
        """A file to be shared. Without a name it gets one with a word in it that no other file has."""
        chosen = word or self.unique()
        return SharedFile(
            name=name if name is not None else rf"C:\Music\{chosen}.mp3",
            word=chosen if name is None or chosen in name else "",
            md5=md5 or self.fresh.randbytes(16).hex(),
            size=size,
            bitrate=bitrate,
            frequency=frequency,
            seconds=seconds,
        )

    def share(
        self,
        user: User,
        name: str | None = None,
        *,
        word: str | None = None,
        md5: str | None = None,
        size: int = 4_000_000,
        bitrate: int = 128,
        frequency: int = 44_100,
        seconds: int = 215,
    ) -> SharedFile:
        """A file that a user now shares, the server having taken note of it."""
        shared = self.file(name, word=word, md5=md5, size=size, bitrate=bitrate, frequency=frequency, seconds=seconds)
        user.send(shared.message)
        user.sync()
        return shared

    # --- the metaserver

    def metaserver(self) -> Address:
        """Where a metaserver is: the one that the tester was told of, or an instance that is one.

        An instance gives out two addresses, neither of them 127.0.0.1 (NAP-MET-07).
        """
        self.needs("metaserver")
        try:
            host, _, port = self.known("metaserver").rpartition(":")
        except Unsupported:
            return self.instance(redirects=["127.9.8.7:8888", "127.9.8.6:7777"]).address
        return (host, int(port))

    def directions(self, metaserver: Address) -> Directions:
        """A connection to a metaserver, on which nothing is said."""
        return Directions(self, self.dial(address=metaserver))

    # --- what many cases ask

    def assert_alive(self) -> None:
        """Failure unless the node still runs, lets a new user in and answers it."""
        super().assert_alive()
        user = self.attempt()
        if not user.accepted:
            raise Failure(expected="a node that lets a new user in", actual=user.came())
        user.sync()
        user.close()
