"""A node that shakes hands and then does with each descriptor what a test says: what the probes are tested against."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from peerspec.codecs.gnutella import Descriptor, DescriptorReader, Ping, Pong, TextReader
from peerspec.conformance.gnutella.nulls import Null
from peerspec.reference.node import Address, Close, Send

Rule = Callable[["Scripted", int, Descriptor], None]

ANSWER = b"GNUTELLA/0.6 200 OK\r\nUser-Agent: scripted\r\n\r\n"


class Scripted(Null):
    """Accepts every handshake. `rule` is called with each descriptor that comes."""

    def __init__(self, random: Random, rule: Rule, *, answer: bytes = ANSWER) -> None:
        super().__init__(random)
        self.rule = rule
        self.answer = answer
        self.pings = 0
        self._blocks: dict[int, TextReader] = {}
        self._said: set[int] = set()
        self.readers: dict[int, DescriptorReader] = {}

    def accept(self, now: float, remote: Address, local: Address) -> int:
        link = super().accept(now, remote, local)
        self._blocks[link] = TextReader("gnutella")
        return link

    def received(self, now: float, link: int, data: bytes) -> None:
        while data and link not in self.readers:
            block = self._blocks[link].feed(data)
            if block is None:
                return
            data = self._blocks[link].rest
            self._blocks[link] = TextReader("gnutella")
            if link in self._said:
                self.readers[link] = DescriptorReader()
            else:
                self._said.add(link)
                self.send(link, self.answer)
        if data:
            for descriptor in self.readers[link].feed(data):
                self.rule(self, link, descriptor)

    def closed(self, now: float, link: int) -> None:
        self.readers.pop(link, None)
        super().closed(now, link)

    def send(self, link: int, data: bytes) -> None:
        self._effects.append(Send(link, data))

    def close(self, link: int) -> None:
        self.readers.pop(link, None)
        self._effects.append(Close(link))

    def others(self, link: int) -> list[int]:
        return [each for each in self.readers if each != link]

    def pong(self, link: int, ping: Descriptor) -> None:
        """Answer a Ping as one should."""
        self.pings += 1
        self.send(link, Descriptor.of(Pong(6346, "127.0.0.1", 0, 0), guid=ping.guid, ttl=1).encode())


def floods(node: Scripted, link: int, descriptor: Descriptor) -> None:
    """A rule: answers Pings and floods everything else, as it came."""
    if descriptor.type == Ping.wire_type:
        node.pong(link, descriptor)
    elif descriptor.type != Pong.wire_type:
        for other in node.others(link):
            node.send(other, descriptor.encode())


def pongs(node: Scripted, link: int, descriptor: Descriptor) -> None:
    """A rule: answers Pings and forwards nothing."""
    if descriptor.type == Ping.wire_type:
        node.pong(link, descriptor)


def scripted(rule: Rule, **options: bytes) -> Callable[[Random], Scripted]:
    """What makes such a node."""
    return lambda random: Scripted(random, rule, **options)
