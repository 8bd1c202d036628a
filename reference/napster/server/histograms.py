"""Histograms: how many messages of each number have come and gone, and how many bytes they had.

Rules of this file:

- A number that nobody handles is not counted on its own, so that strangers can't make the tables grow; all of them are
  counted together, with the last of them.
- Bytes are those of the bodies.
"""

from collections import Counter
from random import Random

from ....codecs.message import Message
from ....codecs.napster import (
    Histogram,
    HistogramEnd,
    HistogramRequest,
    OutgoingHistogram,
    OutgoingHistogramEnd,
    OutgoingHistogramRequest,
    Packet,
)
from .config import ServerConfig
from .dispatch import Dispatch
from .handlers import handles
from .operators import Operators
from .session import Session


class Histograms(Dispatch, Operators):
    """10123 to 10126."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.taken: Counter[int] = Counter()
        self.taken_bytes: Counter[int] = Counter()
        self.sent: Counter[int] = Counter()
        self.sent_bytes: Counter[int] = Counter()
        self.unknown = [0, 0, 0]
        """The last unknown number, how many came, and their bytes."""

    def take(self, session: Session, packet: Packet) -> None:
        """Count a message that comes."""
        if packet.type in self.handlers:
            self.taken[packet.type] += 1
            self.taken_bytes[packet.type] += len(packet.body)
        else:
            _, count, size = self.unknown
            self.unknown = [packet.type, count + 1, size + len(packet.body)]
        super().take(session, packet)

    def framed(self, message: Message) -> bytes:
        """Count a message that goes out; one for many is counted once."""
        data = super().framed(message)
        number = message.wire_type or 0
        self.sent[number] += 1
        self.sent_bytes[number] += len(data) - Packet.header_size
        return data

    @handles(HistogramRequest)
    def on_histogram(self, session: Session, message: HistogramRequest) -> None:
        """List what has come, and then the sums."""
        if not self.commands(session):
            return
        for number, count in sorted(self.taken.items()):
            self.say(session, Histogram(number, count, self.taken_bytes[number]))
        totals = (*self.unknown, self.taken.total() + self.unknown[1], self.taken_bytes.total() + self.unknown[2])
        self.say(session, HistogramEnd(tuple(map(str, totals))))

    @handles(OutgoingHistogramRequest)
    def on_outgoing_histogram(self, session: Session, message: OutgoingHistogramRequest) -> None:
        """List what has gone out, and then the sums."""
        if not self.commands(session):
            return
        for number, count in sorted(self.sent.items()):
            self.say(session, OutgoingHistogram(number, count, self.sent_bytes[number]))
        totals = (self.sent.total(), self.sent_bytes.total())
        self.say(session, OutgoingHistogramEnd(tuple(map(str, totals))))
