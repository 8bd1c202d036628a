"""Limits gone wrong."""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import Emote, Packet, PasswordCheck
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-LIM-01")
class DiesOfAnEmoteWithoutText(Server):
    """Dies of an 824 whose fields can't be read."""

    def take_malformed(self, session: Session, message: type[Message], body: bytes, error: DecodeError) -> None:
        if message is Emote and len(body) < 400:
            raise IndexError("list index out of range")
        super().take_malformed(session, message, body, error)


@mutant(breaks="NAP-LIM-01")
class DiesOfAHalfPasswordCheck(Server):
    """Dies of a password check without a password, before any login."""

    def take_malformed(self, session: Session, message: type[Message], body: bytes, error: DecodeError) -> None:
        if message is PasswordCheck and len(body) < 400:
            raise ValueError("not enough values to unpack")
        super().take_malformed(session, message, body, error)


@mutant(breaks="NAP-LIM-02")
class FillsItsTableOfFields(Server):
    """Dies of a message that has more fields than its table has room for."""

    def take_malformed(self, session: Session, message: type[Message], body: bytes, error: DecodeError) -> None:
        if len(body.split()) > 500:
            raise IndexError("list assignment index out of range")
        super().take_malformed(session, message, body, error)


@mutant(breaks="NAP-LIM-03", also=("NAP-LIM-01",))
class HasAShortBuffer(Server):
    """Dies of a field that is longer than its buffer."""

    def decoded(self, message: type[Message], body: bytes) -> Message:
        if max(map(len, body.split(b" "))) > 1900:
            raise OverflowError("a field of more than 1900 bytes")
        return super().decoded(message, body)


@mutant(breaks="NAP-LIM-04")
class WaitsForTheRest(Server):
    """Reads from nobody else while a part of a message has come."""

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        packets = super().packets(session, data)
        waiting = any(other.reader.pending for other in self.links.values() if other is not session)
        return [] if waiting else packets


@mutant(breaks="NAP-LIM-05")
class LimitsAllUsersTogether(Server):
    """Serves nobody while more waits to be read, by whomever, than one user may leave unread."""

    def reads_answers(self, session: Session) -> bool:
        return sum(other.queued for other in self.links.values()) <= self.config.max_unread


@mutant(breaks="NAP-LIM-07")
class NeverGivesPlacesBack(Server):
    """Counts a connection that was reset among those that wait for a login, for ever."""

    def end_waiting(self, session: Session) -> None:
        """Do nothing."""
