"""The session with the server: logging in, reading what comes, and logging in again when it has ended.

Rules of this file:

- A peer has one session at a time. One that ends is begun again after a pause, which grows while sessions end soon.
- A message without a handler is nothing to this peer, and one that can't be read is no reason to leave.
"""

from random import Random

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import (
    Login,
    LoginAck,
    LoginError,
    NickInvalid,
    Packet,
    PacketReader,
    Register,
    ServerPing,
    UserPing,
    UserPong,
)
from ....codecs.napster.header import SERVER
from ...node import Address
from .config import PeerConfig
from .core import Core
from .handlers import handles
from .link import PeerLink
from .states import SESSION

MAX_LENGTH = 0xFFFF
"""Bytes of body that a header can announce; a peer takes that much from its server (NAP-LIM-11)."""

_AGAIN = ("session",)


class Session(Core):
    """The session of a peer."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.server: Address | None = None
        self.registered = config.email is None
        self.short_sessions = 0

    # Beginning

    def login(self, now: float, server: Address) -> None:
        """Begin a session at a server, in the place of the one that there is."""
        self.now = now
        self.leave_session()
        self.server = server
        self.short_sessions = 0
        self.begin_session(server)

    def leave_session(self) -> None:
        """End the session, and do not begin it again."""
        self.server = None
        self.cancel_timer(_AGAIN)
        if self.session is not None:
            self.end(self.session, "left")

    def begin_session(self, server: Address) -> None:
        """Connect to a server."""
        self.server = server
        self.session = link = self.call(server, SESSION, self.enter_session, self.read_session)
        link.reader = PacketReader(MAX_LENGTH)
        self.set_alarm(link, self.config.login_patience, self.give_up)

    def enter_session(self, link: PeerLink) -> None:
        """Log in on a connection that has come about."""
        link.step("connected")
        self.send(link, self.framed(self.login_message()))
        self.connected()

    def login_message(self) -> Message:
        """Return what opens a session: 2, or 6 to register the nick, in the form of its layout (NAP-PER-01)."""
        config = self.config
        fields = (config.nick, config.password, self.told_port(), config.client, config.link_type)
        if self.registered or config.email is None:
            return Login(*fields)
        return Register(*fields, config.email)

    def told_port(self) -> int:
        """Return the data port for the login: 0 when others can't connect to this peer (NAP-PER-03)."""
        return 0 if self.config.firewalled else self.data_port()

    # What topics add to

    def connected(self) -> None:
        """Do what can be done once the login is sent."""

    def arrived(self) -> None:
        """Do what the acknowledgement of a login asks for."""

    def left(self) -> None:
        """Do what the end of a session asks for."""

    # Reading

    def read_session(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of the server, message by message."""
        for packet in self.packets_in(link, data):
            if link.id not in self.links:
                return
            self.take_packet(link, packet)

    def packets_in(self, link: PeerLink, data: bytes) -> list[Packet]:
        """Return the messages that these bytes complete, however they were divided (NAP-FRM-10)."""
        return link.reader.feed(data) if link.reader is not None else []

    def take_packet(self, link: PeerLink, packet: Packet) -> None:
        """Hand a message to who takes it."""
        try:
            message = self.decoded(packet)
        except DecodeError:
            self.take_unreadable(link, packet)
            return
        if not isinstance(message, Message):
            self.take_unknown(link, packet)
        elif (name := self.handlers.get(type(message))) is not None:
            getattr(self, name)(message)
        else:
            self.take_unasked(link, message)

    def decoded(self, packet: Packet) -> object:
        """Return what a message says; further fields at the end of 3, 201, 213 and 214 are taken (NAP-PER-16).

        Raises DecodeError.
        """
        return packet.payload(SERVER)

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        """Pass over a message that can't be read; the session goes on (NAP-PER-17, NAP-LIM-08)."""

    def take_unknown(self, link: PeerLink, packet: Packet) -> None:
        """Pass over a message whose number is not known; the session goes on (NAP-FRM-11)."""

    def take_unasked(self, link: PeerLink, message: Message) -> None:
        """Pass over a message that this peer has no use for, such as 209, 214, 401, 404 and 621 (NAP-PER-18)."""

    # The login's answers

    @handles(LoginAck)
    def on_login_ack(self, message: LoginAck) -> None:
        """Begin to use a session that the server has acknowledged."""
        del message
        link = self.session
        if link is None or link.state != "logging in":
            return
        link.step("acknowledged")
        link.since = self.now
        self.registered = True
        self.silence(link)
        self.arrived()

    @handles(LoginError)
    def on_login_error(self, message: LoginError) -> None:
        """Leave a server that refuses the login (NAP-PER-05)."""
        del message
        self.take_refusal_of_login()

    @handles(NickInvalid)
    def on_nick_invalid(self, message: NickInvalid) -> None:
        """Leave a server that refuses the nick (NAP-PER-05)."""
        del message
        self.take_refusal_of_login()

    def take_refusal_of_login(self) -> None:
        """Close a session that was not accepted, to try again later; as a login, if this was to register."""
        link = self.session
        if link is None or link.state != "logging in":
            return
        link.refused = True
        self.registered = True
        self.end(link, "refused")

    # Pings

    @handles(UserPing)
    def on_user_ping(self, message: UserPing) -> None:
        """Answer another user's ping by 752 and the same nick (NAP-PER-19)."""
        self.say(UserPong(message.nick, text=message.text))

    @handles(ServerPing)
    def on_server_ping(self, message: ServerPing) -> None:
        """Answer the server's ping by 750 (NAP-PER-20)."""
        self.say(ServerPing(text=message.text))

    # The end, and beginning again

    def gone(self, link: PeerLink) -> None:
        """Begin a session that has ended again after a pause."""
        super().gone(link)
        if link is self.session:
            self.session = None
            self.left()
            if self.server is not None and not self.leaving:
                self.set_timer(_AGAIN, self.pause_after(link), self.begin_again)

    def begin_again(self) -> None:
        """Begin a session where the last one was."""
        if self.server is not None:
            self.begin_session(self.server)

    def pause_after(self, link: PeerLink) -> float:
        """Return the seconds from the end of a session to the next attempt."""
        if link.since is not None and self.now - link.since >= self.config.settled_after:
            self.short_sessions = 0
        pause = self.refusal_pause() if link.refused else self.ended_pause()
        self.short_sessions += 1
        return min(pause * self.random.uniform(1.0, 1.5), self.config.longest_pause)

    def refusal_pause(self) -> float:
        """Return the seconds to wait after a login that was refused (NAP-PER-05)."""
        return self.config.refusal_pause * self.growth()

    def ended_pause(self) -> float:
        """Return the seconds to wait after a session that ended, more for each that ended soon (NAP-PER-06)."""
        return self.config.first_pause * self.growth()

    def growth(self) -> float:
        """Return by how much pauses have grown: double for each session in a row that ended soon."""
        return float(2 ** min(self.short_sessions, 16))
