"""Private messages: what one user says to another.

Rules of this file:

- A message arrives under the nick of the session that it came from, whatever stands in it.
- The text is passed on byte by byte.
"""

from ....codecs.napster import PrivateMessage
from .handlers import handles
from .ignoring import Ignoring
from .session import Session


class Chat(Ignoring):
    """205."""

    @handles(PrivateMessage)
    def on_private_message(self, session: Session, message: PrivateMessage) -> None:
        """Pass a message on, unless its sender is ignored (NAP-IGN-05)."""
        receiver = self.user(message.nick)
        if receiver is None:
            self.refuse_message(session, message.nick)
        elif not self.is_ignored(session, receiver):
            self.pass_message(session, receiver, message)

    def refuse_message(self, session: Session, nick: str) -> None:
        """Say that the receiver is not logged in (NAP-MSG-04)."""
        self.error(session, f"message not delivered: {nick} is not logged in")

    def pass_message(self, session: Session, receiver: Session, message: PrivateMessage) -> None:
        """Pass a message on with the nick of its sender in place of the receiver's (NAP-MSG-01)."""
        copy = PrivateMessage(self.message_sender(session, message), self.message_text(message))
        for each in self.message_receivers(receiver):
            self.say(each, copy)

    def message_receivers(self, receiver: Session) -> list[Session]:
        """Return who is given a private message: the named user and nobody else (NAP-MSG-03)."""
        return [receiver]

    def message_sender(self, session: Session, message: PrivateMessage) -> str:
        """Return the nick under which a message arrives: the session's, never one out of its body (NAP-MSG-05)."""
        del message
        return session.nick

    def message_text(self, message: PrivateMessage) -> str:
        """Return the text that is passed on: the one that came, with all its blanks and quotes (NAP-MSG-02)."""
        return message.text
