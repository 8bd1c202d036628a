"""From bytes to the method that takes the message: cutting the stream, taking turns, and what fits no handler.

Rules of this file:

- Messages are served in the order in which they came, one user's turn after another's.
- A turn is a bounded amount of work; what is left waits in the session's inbox for the next. A user who does not read
  its answers is not served further. An inbox that overflows ends the session.
- Before the login only handlers that are marked `early` are called.
"""

from ....codecs.errors import DecodeError
from ....codecs.message import Message, lookup
from ....codecs.napster import CLIENT, LINK, LoginError, Packet
from .core import Core
from .session import Session


class Dispatch(Core):
    """Serves the bytes of the sessions."""

    # The stream

    def read(self, session: Session, data: bytes) -> None:
        """Take the next bytes of a session, and serve what is complete in them."""
        for packet in self.packets(session, data):
            session.inbox.append(packet)
            session.inbox_size += len(packet.body) + Packet.header_size
        if session.inbox_size > self.config.max_inbox:
            self.drop(session, "too much unserved")
        elif not self.awaits_turn(session):
            self.serve(session)

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        """Return the packets that these bytes complete, however they are divided (NAP-FRM-02, 03 and 04)."""
        try:
            return session.reader.feed(data)
        except DecodeError:
            return []

    # Turns

    def serve(self, session: Session) -> None:
        """Serve what waits in the inbox, up to the end of the session's turn (NAP-LIM-05)."""
        work = self.config.turn
        while session.inbox and work > 0 and self.reads_answers(session) and session.id in self.links:
            packet = session.inbox.popleft()
            session.inbox_size -= len(packet.body) + Packet.header_size
            handler = self.handlers.get(packet.type)
            work -= handler.cost if handler else 1
            self.take(session, packet)
        if session.id not in self.links:
            return
        if session.inbox and self.reads_answers(session):
            self.set_timer(("turn", session.id), 0.0, lambda: self.serve(session))
        elif not session.inbox and session.reader.error is not None:
            self.take_long_body(session)

    def awaits_turn(self, session: Session) -> bool:
        """Return whether the session has had its turn and the next one has been arranged."""
        return self.has_timer(("turn", session.id))

    def reads_answers(self, session: Session) -> bool:
        """Return whether so little waits to be read that a user is served further (NAP-LIM-05)."""
        return session.queued <= self.config.max_unread

    def drained(self, now: float, link: int) -> None:
        """Serve a session on that has read its answers."""
        self.now = now
        session = self.links.get(link)
        if session is not None:
            session.queued = 0
            if not self.awaits_turn(session):
                self.serve(session)

    def gone(self, link: Session) -> None:
        """Forget the turn of a session that has ended."""
        self.cancel_timer(("turn", link.id))
        super().gone(link)

    def take_long_body(self, session: Session) -> None:
        """End a session that announces a body which is too long, without waiting for the body (NAP-FRM-07)."""
        if session.logged_in:
            self.say_farewell(session)
        session.step("body too long")
        self.close(session)

    # One message

    def take(self, session: Session, packet: Packet) -> None:
        """Hand a message to its handler; an unknown number and a body that fits no layout harm nobody (NAP-LIM-01)."""
        if not session.logged_in and not self.may_be_early(packet.type):
            if self.is_for_links(packet.type):
                self.take_early_link(session, packet)
            else:
                self.take_early(session, packet)
        elif packet.type in self.handlers:
            self.call_handler(session, packet)
        elif self.is_for_links(packet.type):
            self.take_for_links(session, packet)
        else:
            self.take_unknown(session, packet.type)

    def call_handler(self, session: Session, packet: Packet) -> None:
        """Decode a message whose number has a handler and call that, or the method that refuses the body."""
        handler = self.handlers[packet.type]
        session.step("message of a session" if session.logged_in else "message before a login")
        author, body = self.author(session, packet.body)
        try:
            message = self.decoded(handler.message, body)
        except DecodeError as error:
            self.take_malformed(session, handler.message, body, error)
        else:
            getattr(self, handler.name)(author, message)

    def decoded(self, message: type[Message], body: bytes) -> Message:
        """Read a body by its layout (NAP-TXT-03, NAP-LOG-03, NAP-LOG-04). Raises DecodeError when it does not fit."""
        return message.decode(body)

    def author(self, session: Session, body: bytes) -> tuple[Session, bytes]:
        """Return who says this, and what: the session itself, whatever the body begins with (NAP-LNK-02)."""
        return session, body

    def take_malformed(self, session: Session, message: type[Message], body: bytes, error: DecodeError) -> None:
        """Answer a body that its layout does not fit, and keep the session (NAP-LIM-01, NAP-LIM-02)."""
        refuser = self.refusers.get(message)
        if refuser is not None:
            getattr(self, refuser)(session, body, error)
        elif session.logged_in:
            self.error(session, f"{message.wire_type} can't be read: {error.path}: {error.reason}")
        else:
            self.refuse(session, "this can't be read")

    # What has no handler

    def take_unknown(self, session: Session, number: int) -> None:
        """Answer a number that the server does not know, and keep the session (NAP-LOG-20, NAP-LOG-21)."""
        self.error(session, f"{number} is not known here")

    def is_for_links(self, number: int) -> bool:
        """Return whether a number is one that only linked servers send."""
        return lookup("napster", number, LINK) is not None and lookup("napster", number, CLIENT) is None

    def take_for_links(self, session: Session, packet: Packet) -> None:
        """Treat a linked server's message from a user as an unknown number (NAP-LNK-01)."""
        self.take_unknown(session, packet.type)

    # Before the login

    def may_be_early(self, number: int) -> bool:
        """Return whether a message may come before the login; nothing else is acted on then (NAP-LOG-15)."""
        handler = self.handlers.get(number)
        return handler is not None and handler.early

    def take_early(self, session: Session, packet: Packet) -> None:
        """Refuse a message that needs a session, and close (NAP-LOG-16)."""
        session.step("message of a session")
        self.refuse(session, f"{packet.type} needs a login")

    def take_early_link(self, session: Session, packet: Packet) -> None:
        """Refuse a server that wants to be linked: none knows a password that this server would take (NAP-LNK-03)."""
        self.take_early(session, packet)

    def refuse(self, session: Session, text: str) -> None:
        """Say why a connection gets no login, by 0, and close it (NAP-LOG-07)."""
        self.say(session, LoginError(text))
        self.after_refusal(session)

    def after_refusal(self, session: Session) -> None:
        """Close a connection whose login was refused (NAP-LOG-07)."""
        if not session.logged_in:
            session.step("login refused")
            self.close(session)
