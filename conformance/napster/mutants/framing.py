"""Framing gone wrong."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import Packet, PacketReader
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-FRM-01")
class WritesHeadersBigEndian(Server):
    """Writes length and number with the high byte first."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        return data[1::-1] + data[3:1:-1] + data[4:]


@mutant(breaks="NAP-FRM-01")
class CountsTheHeader(Server):
    """Counts the four bytes of the header in the length."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        return (len(data)).to_bytes(2, "little") + data[2:]


@mutant(breaks="NAP-FRM-02")
class ReadsOneSegmentAtATime(Server):
    """Forgets the part of a message that came in an earlier segment."""

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        session.reader = PacketReader(self.body_limit())
        return super().packets(session, data)


@mutant(breaks="NAP-FRM-03", also=("NAP-SRC-21",))
class ReadsOneMessageASegment(Server):
    """Takes the first message of a segment and throws the others away."""

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        return super().packets(session, data)[:1]


@mutant(breaks="NAP-FRM-03", also=("NAP-SRC-02",))
class TakesTheLastMessageFirst(Server):
    """Handles the messages of a segment from the last to the first."""

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        return super().packets(session, data)[::-1]


@mutant(breaks="NAP-FRM-04", also=("NAP-CHN-19", "NAP-STA-01", "NAP-STA-06", "NAP-STA-08"))
class WaitsForABody(Server):
    """Takes a question about itself without a body for one that has not come yet, and never handles it."""

    def packets(self, session: Session, data: bytes) -> list[Packet]:
        questions = (214, 617, 621, 750)
        return [each for each in super().packets(session, data) if each.body or each.type not in questions]


@mutant(breaks="NAP-FRM-05")
class EndsBodiesWithNul(Server):
    """Sends the NUL that ends a string in C along with each body."""

    def framed(self, message: Message) -> bytes:
        return Packet.of_raw(message.wire_type or 0, message.encode() + b"\0").encode()


@mutant(breaks="NAP-FRM-06")
class ReadsShortBodiesOnly(Server):
    """Closes the connection on which a body of more than 1024 bytes comes."""

    def body_limit(self) -> int:
        return 1024


@mutant(breaks="NAP-FRM-07")
class WaitsForAnyLength(Server):
    """Waits for a body of up to 65,535 bytes."""

    def body_limit(self) -> int:
        return 65_535
