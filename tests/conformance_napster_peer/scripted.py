"""A peer that does what a test says with each message and each connection: what the probes are tested against."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from peerspec.codecs.message import Message
from peerspec.codecs.napster import Packet, PacketReader
from peerspec.conformance.napster_peer.nulls import Null
from peerspec.reference.node import Address, Close, Send

Rule = Callable[["Scripted", Packet], None]
Answer = Callable[["Scripted", int, bytes], None]


def _nothing(*_: object) -> None:
    """What a script does that says nothing."""


class Scripted(Null):
    """Says `opening` to its server, and calls `rule` with each message of it, `answer` with bytes of its data port."""

    def __init__(
        self,
        random: Random,
        *opening: Message,
        rule: Rule = _nothing,
        answer: Answer = _nothing,
        greeting: bytes = b"1",
    ) -> None:
        super().__init__(random)
        self.opening = opening
        self.rule = rule
        self.answer = answer
        self.greeting = greeting
        self.server = 0
        self._reader = PacketReader(65535)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.write(self.server, Packet.of(message).encode())

    def write(self, link: int, data: bytes) -> None:
        self._effects.append(Send(link, data))

    def hang_up(self, link: int) -> None:
        self._effects.append(Close(link))

    def accept(self, now: float, remote: Address, local: Address) -> int:
        link = super().accept(now, remote, local)
        self.write(link, self.greeting)
        return link

    def opened(self, now: float, link: int, local: Address) -> None:
        self.server = link
        self.say(*self.opening)

    def received(self, now: float, link: int, data: bytes) -> None:
        if link == self.server:
            for packet in self._reader.feed(data):
                self.rule(self, packet)
        else:
            self.answer(self, link, data)
