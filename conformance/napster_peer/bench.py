"""The bench of Napster's peers: how a case gets a session with the peer, and connections to and from it.

The tester is the server that the peer logs in to, and the other peer of its transfers. A session needs an instance of
the peer that can be told to log in at the tester's server; what concerns the data port alone needs an address only, and
is asked of the peer that the target names. That a peer logs in is a precondition of nearly every case, so `session` is
inconclusive where it does not; the cases about the login look at `server` themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from ...codecs.napster import DownloadAck, DownloadRequest, GetFile
from ..bench import Bench as BaseBench
from ..outcomes import Failure, Inconclusive, Sign, Symptom, Unreachable, assuming
from ..worlds.transcript import Kind
from .connection import Connection, Listener
from .offers import LINK, Offer
from .probe import Server, Session

if TYPE_CHECKING:
    from ..networks import Share
    from ..target import Instance

Address = tuple[str, int]

KEPT = Symptom(sign=Sign.KEPT)
"""That a deviation shows in the files that a peer has, and not on a wire."""

_STEP = 1.0
_MOMENT = 0.01
_DISCARD = 9
_TRIES = 16
_POLL = 0.01


class Bench(BaseBench):
    """The peer under test, in a Napster network of the tester's."""

    # --- names

    def new_nick(self) -> str:
        """A nick that nobody has had."""
        return self.unique("t")

    def deadline(self) -> float:
        """The time by which something that must come has come."""
        return self.world.now() + self.timing.timeout

    # --- the peer as a user of a server

    def listen(self, ip: str | None = None) -> Listener:
        """A listening port on `ip` or a fresh address, never 127.0.0.1."""
        return Listener(self, self.listener(ip))

    def listen_at(self, port: int) -> Listener:
        """A certain port on a fresh address; Inconclusive when another run has it on each that is tried."""
        for _ in range(_TRIES):
            with suppress(OSError):
                return Listener(self, self.listener(None, port))
        raise Inconclusive(f"port {port} is taken at {_TRIES} addresses")

    def server(self) -> Server:
        """A server that waits for a peer to log in; the case says what it answers."""
        return Server(self, self.listen())

    def session(self, *, asks_for_files: bool = True, **options: object) -> Session:
        """A peer that is logged in at a server of the tester's, the session tried; Inconclusive when there is none.

        `options` are those of the instance (`Network.make_node`). Where the peer shares files, it has named the first.
        Without `asks_for_files` no fence is a 607.
        """
        instance, server = self.instance(**options), self.server()
        with assuming("the peer logs in"):
            session = self.dialled(instance, server)
            session.asks_for_files = asks_for_files
            return self.let_in(session, instance)

    def dialled(self, instance: Instance, server: Server) -> Session:
        """The session that comes of telling the instance to log in at `server`; nothing was read on it yet."""
        instance.dial(server.address)
        return server.expect()

    def let_in(self, session: Session, instance: Instance) -> Session:
        """The session once the peer has logged in, was acknowledged, and has answered a question."""
        session.expect_login()
        session.acknowledge(instance)
        if "shares" in self.target.features:
            session.wait_until(lambda: bool(session.offers()))
        session.assert_answers()
        return session

    def again(self, session: Session, watch: Connection, when: str) -> Session:
        """Another session of the same peer, at the same server, after the first has ended.

        Failure when that is open, and the peer silent; or when `watch`, another connection of the peer, has ended as
        well: then the peer is gone. `when` says in words what came before.
        """
        self.world.wait([watch.wire], self.world.now() + _MOMENT)
        if watch.closed:
            raise Failure(expected="a peer that still runs", actual=f"all its connections ended {when}")
        if not session.closed and not session.wire.closed:
            raise Failure(expected="a peer that still answers", actual=f"silence {when}", symptom=session.silent())
        return self.let_in(self.dialled(session.instance, session.server), session.instance)

    # --- the data port

    def call(self, at: Address | None = None) -> Connection:
        """A connection to the data port (or to `at`), on which nothing was read yet; Failure when it is refused."""
        return Connection(self, self.dial(address=at))

    def caller(self, at: Address | None = None) -> Connection:
        """The same, on which the `1` was read (Inconclusive)."""
        with assuming("the peer accepts a connection, and writes the character 1"):
            connection = self.call(at)
            connection.expect_greeting()
        return connection

    def unshared(self) -> str:
        """The name of a file that no peer shares."""
        return f"C:\\mp3\\{self.unique('u')}.mp3"

    def assert_greets(self, at: Address | None = None) -> None:
        """Failure unless a connection to the data port is accepted and greeted: somebody is there."""
        self.call(at).expect_greeting()

    def assert_serves(self, at: Address | None = None) -> None:
        """Failure unless a connection to the data port is served: a file that nobody shares is refused in words."""
        caller = self.call(at)
        caller.expect_greeting()
        caller.send(GetFile(self.new_nick(), self.unshared(), 0).encode())
        if not caller.expect_refusal():
            raise Failure(expected="a refusal", actual=caller.said(), symptom=caller.silent())

    def nowhere(self) -> Address:
        """An address of the tester's at which nobody listens."""
        return (self.listen().ip, _DISCARD)

    def refuses_connection(self, address: Address) -> bool:
        """Whether nobody accepts a connection at `address`."""
        try:
            self.world.dial(self.source(), address, timeout=self.timing.timeout).close()
        except Unreachable:
            return True
        return False

    # --- uploads of the peer

    def accepted(self, session: Session, share: Share, nick: str | None = None) -> GetFile:
        """The request from byte 0 for a share that the peer has accepted by 608 (Inconclusive when it does not)."""
        file = session.share(share).file
        with assuming("the peer accepts an upload"):
            return GetFile(session.ask_for(file, nick).nick, file, 0)

    def upload(self, session: Session, share: Share, offset: int = 0, *, stopped: bool = False) -> Connection:
        """A connection on which a share was asked for that the peer has accepted; nothing was read of the answer.

        With `stopped` the file has begun to come, and no more of it is taken: the upload runs and does not end.
        """
        request = self.accepted(session, share)
        caller = self.caller(session.data_port)
        caller.send(request.replace(offset=offset).encode())
        if stopped:
            with assuming("the peer sends the file"):
                caller.expect_size(len(str(share.size)) + 1)
            caller.wire.pause()
        return caller

    # --- downloads of the peer

    def tell_to_fetch(self, session: Session, offer: Offer, known: Mapping[str, str] | None = None) -> None:
        """Tell the peer to fetch what is offered.

        `known` is what the user says of the file besides owner and name: without it, size and checksum.
        """
        known = {"size": str(offer.size), "md5": offer.md5} if known is None else known
        session.instance.order("download", {"nick": offer.nick, "file": offer.file, **known})

    def requested(self, session: Session, offer: Offer, known: Mapping[str, str] | None = None) -> DownloadRequest:
        """The 203 by which the peer asks for what it was told to fetch (Inconclusive when there is none)."""
        self.tell_to_fetch(session, offer, known)
        with assuming("the peer asks for a file that its user wants"):
            return session.expect(DownloadRequest, nick=offer.nick, file=offer.file)

    def fetching(self, session: Session, offer: Offer, known: Mapping[str, str] | None = None) -> Connection:
        """The connection that the peer makes to fetch what is offered; nothing was said on it (Inconclusive)."""
        self.requested(session, offer, known)
        return self.called_for(session, offer)

    def called_for(self, session: Session, offer: Offer) -> Connection:
        """The connection that the peer makes once it was told where to fetch what it has asked for (Inconclusive)."""
        listener = self.listen()
        session.say(self.acknowledgement(offer, listener.address))
        with assuming("the peer connects to the address in a 204"):
            return listener.expect()

    def acknowledgement(self, offer: Offer, address: Address) -> DownloadAck:
        """The 204 that sends the peer to `address`."""
        return DownloadAck(offer.nick, address[0], address[1], offer.file, offer.md5, LINK)

    def serve(
        self, connection: Connection, offer: Offer, *, bytes_more: bytes = b"", stop_at: int | None = None
    ) -> int:
        """Serve a file as an uploader does, and close; the offset that the peer asked for (Inconclusive).

        `bytes_more` follow the file; with `stop_at` the connection is closed after that many bytes of the file.
        """
        with assuming("the peer asks for the file on the connection"):
            connection.send(b"1")
            offset = connection.expect_get().offset
        connection.send(str(offer.size).encode() + offer.content[offset:stop_at] + bytes_more)
        connection.close()
        return offset

    def expect_downloaded(self, session: Session, offer: Offer) -> str:
        """The name under which the peer has a file in full, and unchanged; Failure when it comes to none."""
        deadline = self.deadline()
        while True:
            found = session.instance.downloaded()
            for name, content in found.items():
                if content == offer.content:
                    return name
            if self.world.now() >= deadline:
                expected = f"the {offer.size} bytes of the file in full"
                raise Failure(expected=expected, actual=_listed(found), symptom=KEPT)
            self.world.wait((), self.world.now() + _POLL)

    def fetched(self, session: Session, offer: Offer) -> str:
        """Have the peer fetch a file in the plain way; the name under which it keeps it (Inconclusive)."""
        self.serve(self.fetching(session, offer), offer)
        with assuming("the peer fetches a file in full"):
            return self.expect_downloaded(session, offer)

    # --- time

    def attend_for(self, seconds: float, attend: Callable[[], None]) -> None:
        """Let node time pass as `elapse` does, calling `attend` every second, after what has come was let in."""
        self.target.begin_elapse(self.world, seconds, self.timing.patience)
        for _ in range(round(seconds / _STEP)):
            self.note(Kind.ELAPSE, note=f"{_STEP:g}")
            self.target.advance(self.world, _STEP)
            self.world.wait((), self.world.now() + _MOMENT)
            attend()

    # --- what many cases ask

    def assert_alive(self) -> None:
        """Failure unless the peer still runs and serves a fresh connection to its data port."""
        super().assert_alive()
        self.assert_serves()


def _listed(found: object) -> str:
    """The files that a peer has, with their sizes."""
    files = found.items() if isinstance(found, dict) else ()
    return ", ".join(f"{name} of {len(content)} bytes" for name, content in files) or "no file"
