"""What every topic of the server stands on: sessions, saying things to them, ending them.

Rules of this file:

- Links, alarms and timers are those of `peerspec.reference.links`; a session is a link.
- Every message that is sent passes `framed`, every session that ends passes `gone`.
- Nobody's session ends in the midst of what another's message does: one that does not read is dropped by a timer. So a
  loop over sessions that says something to each need not fear that `left` changes what it walks.
- A topic that keeps something about users adds to `arrived` and `left`, and calls `super()` there.
"""

import random
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from ....codecs.message import Message
from ....codecs.napster import Disconnecting, ErrorText, Packet, PacketReader
from ...links import Links
from ...node import Address
from ...statemachine import StateMachine
from .accounts import Accounts
from .config import ServerConfig
from .handlers import Handler, handlers_of, refusers_of
from .session import Session

MAX_TEXT = 400
"""Bytes of a text for a person that quotes what a stranger sent."""


class Core(Links[Session]):
    """The sessions of a server and the means to speak to them."""

    handlers: ClassVar[Mapping[int, Handler]] = {}
    refusers: ClassVar[Mapping[type[Message], str]] = {}

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.handlers = handlers_of(cls)
        cls.refusers = refusers_of(cls)

    def __init__(self, config: ServerConfig, random: random.Random) -> None:
        super().__init__()
        self.config = config
        self.random = random
        self.started = 0.0
        self.leaving = False
        self.users: dict[str, Session] = {}
        # of all users, so that nobody who asks for the statistics makes the server count
        self.files_shared = 0
        self.bytes_shared = 0
        self.accounts = Accounts(config.database)
        self.prepare_accounts()

    def prepare_accounts(self) -> None:
        """Make the accounts of the configuration that the database lacks."""
        for account in self.config.accounts:
            name = self.folded(account.nick)
            if self.accounts.account(name) is None:
                self.accounts.register(
                    name, account.nick, account.password, account.email, account.level, self.unix_time(), self.salt()
                )

    def salt(self) -> bytes:
        """Return 16 bytes to hash a password with."""
        return self.random.randbytes(16)

    def release(self) -> None:
        """Let go of the database; all that was acknowledged has been written."""
        self.accounts.release()

    # Sessions

    def new_session(self, remote: Address, local: Address, machine: StateMachine) -> Session:
        """Make a session for a connection, in the first state of `machine`."""
        return self.hold(
            Session(
                id=self.next_link(),
                remote=remote,
                local=local,
                machine=machine,
                state=machine.initial,
                reads=self.read,
                alarm=self.end,
                reader=PacketReader(self.body_limit()),
            )
        )

    @abstractmethod
    def read(self, session: Session, data: bytes) -> None:
        """Take the next bytes of a session."""

    def body_limit(self) -> int:
        """Return how many bytes of body a header may announce (NAP-FRM-06)."""
        return self.config.max_body

    def folded(self, nick: str) -> str:
        """Return the name under which a nick is looked up, the same for either case (NAP-LOG-11)."""
        return nick.lower()

    def user(self, nick: str) -> Session | None:
        """Return the session of a user who is logged in, by any spelling of the nick."""
        return self.users.get(self.folded(nick))

    def sessions(self) -> Iterator[Session]:
        """Yield the sessions of all users who are logged in, in the order of their logins."""
        yield from list(self.users.values())

    def unix_time(self) -> int:
        """Return the date and time to tell users, in seconds since 1970."""
        return int(self.config.epoch + self.now)

    # Saying

    def framed(self, message: Message) -> bytes:
        """Return a message's bytes: length and number, little-endian, and the body alone (NAP-FRM-01, NAP-FRM-05).

        What stands in the body, and in what order, is the layout's: single blanks, quotes around names of files,
        addresses with the first octet lowest, every byte of a text as it came (NAP-TXT-01, 02, 05, 07).
        """
        return Packet.of(message).encode()

    def say(self, session: Session, *messages: Message) -> None:
        """Send messages to a session, one behind the other."""
        if messages:
            self.send(session, b"".join(map(self.framed, messages)))

    def say_all(self, sessions: Iterable[Session], message: Message) -> None:
        """Send one message to several sessions."""
        data = self.framed(message)
        for session in sessions:
            self.send(session, data)

    def error(self, session: Session, text: str) -> None:
        """Tell a user of a failure, or an operator what a command did, by 404 and never by 0 (NAP-LOG-19)."""
        self.say(session, ErrorText(text[:MAX_TEXT]))

    def backlog_limit(self) -> int:
        """Return how many bytes may wait for one user (NAP-LIM-05, NAP-LIM-06)."""
        return self.config.max_backlog

    def drop_unread(self, link: Session) -> None:
        """Give up a session whose other side does not read, as soon as this entry is over (NAP-LIM-05)."""
        self.set_timer(("drop", link.id), 0.0, lambda: self.drop(link, "too much unread"))

    # Ending

    def end(self, session: Session) -> None:
        """End a session, with a word to its user; whatever waits there still goes out."""
        if session.logged_in:
            self.say_farewell(session)
        session.step("ended by the server")
        self.close(session)

    def say_farewell(self, session: Session) -> None:
        """Tell a user that its connection is about to be closed (NAP-LOG-22)."""
        self.say(session, Disconnecting("0"))

    def drop(self, session: Session, event: str) -> None:
        """Cut a session off without a word, losing what waits there."""
        if session.id in self.links:
            session.step(event)
            self.close(session, abort=True)

    def gone(self, link: Session) -> None:
        """Forget the user of a session that has ended, whichever side ended it (NAP-LOG-28)."""
        super().gone(link)
        self.cancel_timer(("drop", link.id))
        link.inbox.clear()
        if self.user(link.nick) is link:
            del self.users[self.folded(link.nick)]
            self.files_shared -= link.shared
            self.bytes_shared -= link.shared_bytes
            self.left(link)

    # What topics add to

    def arrived(self, session: Session) -> None:
        """Do what a login asks for, after the greeting."""

    def changed(self, session: Session) -> None:
        """Do what a new link type or data port of a user asks for."""

    def left(self, session: Session) -> None:
        """Do what the end of a session asks for. Its user is no longer among `users`; its fields are still there."""
