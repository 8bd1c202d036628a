"""What every topic of the peer stands on: its links, saying things to the server, calling others.

Rules of this file:

- Links, alarms and timers are those of `peerspec.reference.links`.
- Every message to the server passes `say` and `framed`; nothing is said in a session before the login is acknowledged.
"""

import random
from collections.abc import Callable, Mapping
from typing import ClassVar

from ....codecs.message import Message
from ....codecs.napster import Packet
from ...links import Links
from ...node import Address, CancelTimer
from ...statemachine import StateMachine
from .config import PeerConfig
from .handlers import handlers_of
from .link import PeerLink

Step = Callable[[PeerLink], None]


class Core(Links[PeerLink]):
    """The links of a peer and the means to use them."""

    handlers: ClassVar[Mapping[type[Message], str]] = {}

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.handlers = handlers_of(cls)

    def __init__(self, config: PeerConfig, random: random.Random) -> None:
        super().__init__()
        self.config = config
        self.random = random
        self.shares = config.shares
        self.session: PeerLink | None = None
        self.leaving = False

    def data_port(self) -> int:
        """Return the port at which this peer accepts connections (NAP-PER-02)."""
        return self.address[1]

    def folded(self, nick: str) -> str:
        """Return the name under which a nick is looked up, the same for either case."""
        return nick.lower()

    # Links

    def new_link(
        self, remote: Address, local: Address, machine: StateMachine, reads: Callable[[PeerLink, bytes], None]
    ) -> PeerLink:
        """Make a link in the first state of `machine`."""
        return self.hold(
            PeerLink(
                id=self.next_link(),
                remote=remote,
                local=local,
                machine=machine,
                state=machine.initial,
                reads=reads,
                alarm=self.give_up,
            )
        )

    def call(
        self,
        address: Address,
        machine: StateMachine,
        opened: Step,
        reads: Callable[[PeerLink, bytes], None],
    ) -> PeerLink:
        """Connect to `address`; `opened` is called when the connection has come about, `reads` with what comes."""
        link = self.new_link(address, self.address, machine, reads)
        link.opened = opened
        self.set_alarm(link, self.config.connect_patience, self.give_up)
        self.open(link)
        return link

    def give_up(self, link: PeerLink) -> None:
        """Close a link on which nothing moves."""
        self.end(link, "time over", abort=True)

    def silence(self, link: PeerLink) -> None:
        """Let the alarm of a link not ring."""
        self._effects.append(CancelTimer(link.id))

    def when_settled(self, link: PeerLink, delay: float, action: Step) -> None:
        """Call `action(link)` when for `delay` seconds nothing more has come that calls this again."""
        self.set_timer(("settle", link.id), delay, lambda: action(link))

    def unsettle(self, link: PeerLink) -> None:
        """Forget what was to be done when nothing more comes."""
        self.cancel_timer(("settle", link.id))

    def gone(self, link: PeerLink) -> None:
        """Forget what was to be done on a link that has ended. Topics add to it."""
        super().gone(link)
        self.unsettle(link)

    def end(self, link: PeerLink, event: str, *, abort: bool = False) -> None:
        """Close a link for a reason that its state machine knows."""
        link.step(event)
        self.close(link, abort=abort)

    def backlog_limit(self) -> int:
        """Return how many bytes may wait on one link (NAP-LIM-11)."""
        return self.config.max_backlog

    def drop_unread(self, link: PeerLink) -> None:
        """Give up a link whose other side does not read (NAP-LIM-11)."""
        link.step("too much unread")
        self.close(link, abort=True)

    def drained(self, now: float, link: int) -> None:
        """Take note that all that was sent on a link has left. Topics add to it."""
        self.now = now
        there = self.links.get(link)
        if there is not None:
            there.queued = 0

    def address_of(self, ip: str, port: int) -> Address:
        """Return the address that a message names; the codec has read the first octet as the lowest (NAP-TXT-08)."""
        return (ip, port)

    # The server

    def may_speak(self, link: PeerLink) -> bool:
        """Return whether messages of a session may be sent: once the login is acknowledged (NAP-PER-04)."""
        return link.state == "logged in"

    @property
    def logged_in(self) -> bool:
        """Whether there is a session in which messages may be sent."""
        return self.session is not None and self.may_speak(self.session)

    def say(self, message: Message) -> bool:
        """Send a message in the session; returns whether there was one, and the message not too long.

        Raises EncodeError for a value that the layout can't hold.
        """
        data = self.framed(message)
        if self.session is None or not self.may_speak(self.session) or not self.fits(message):
            return False
        self.send(self.session, data)
        return True

    def framed(self, message: Message) -> bytes:
        """Return a message's bytes: length and number, little-endian, and the body alone (NAP-FRM-08).

        What stands in the body is the layout's: names of files and of the program are in quotes (NAP-TXT-09).
        """
        return Packet.of(message).encode()

    def fits(self, message: Message) -> bool:
        """Return whether a message is short enough for every server (NAP-PER-08)."""
        return len(message.encode()) <= self.config.max_body
