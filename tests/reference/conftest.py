"""A neighbourhood in the virtual network: servents under test, and testers that speak to them."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from peerspec.codecs.gnutella import Descriptor, DescriptorReader, Payload
from peerspec.reference.gnutella import Servent, ServentConfig, Shares
from peerspec.reference.worlds.virtual import VirtualNetwork

CONNECT = b"GNUTELLA CONNECT/0.6\r\n"
CONSENT = b"GNUTELLA/0.6 200 OK\r\n\r\n"


class Tester:
    """A peer that is not a servent: its link is up, the servent's greeting has been read."""

    def __init__(self, network: VirtualNetwork, source: str, servent: Servent, headers: bytes) -> None:
        self.network = network
        self.stream = network.dial(source, servent.address)
        self.stream.send(CONNECT + headers + b"\r\n")
        network.run_for(1)
        self.answer = self.stream.take()
        self.stream.send(CONSENT)
        self._reader = DescriptorReader()
        self._guids = random.Random(source)
        self.read()

    def send(self, payload: Payload, *, guid: bytes | None = None, ttl: int = 4, hops: int = 0) -> Descriptor:
        """Send a descriptor, under a new GUID unless one is given."""
        sent = Descriptor.of(payload, guid=guid or self._guids.randbytes(16), ttl=ttl, hops=hops)
        self.stream.send(sent.encode())
        return sent

    def read(self) -> list[Descriptor]:
        """What has come once the network has come to rest."""
        self.network.run_for(1)
        return self._reader.feed(self.stream.take())

    def got(self, wire_type: int) -> list[Descriptor]:
        """The descriptors of one type among what has come."""
        return [descriptor for descriptor in self.read() if descriptor.type == wire_type]


class Neighbourhood:
    """Makes servents, links and testers in one virtual network."""

    def __init__(self, network: VirtualNetwork) -> None:
        self.network = network
        self._seeds = itertools.count(1)
        self._hosts = itertools.count(1)
        self._sources = itertools.count(1)

    def servent(
        self,
        contents: Mapping[str, bytes] | None = None,
        kind: Callable[..., Servent] = Servent,
        **settings: Any,
    ) -> Servent:
        """A servent that shares `contents`."""
        servent = kind(ServentConfig(**settings), random.Random(next(self._seeds)), Shares.of(contents or {}))
        self.network.add(servent, (f"10.0.0.{next(self._hosts)}", 6346))
        return servent

    def link(self, one: Servent, other: Servent) -> None:
        """Let one servent dial another."""
        self.network.call(one, lambda servent, now: servent.dial(now, other.address))
        self.network.run_for(1)

    def line(self, *contents: Mapping[str, bytes], **settings: Any) -> list[Servent]:
        """Servents in a row, each linked with the next."""
        servents = [self.servent(each, **settings) for each in contents]
        for one, other in itertools.pairwise(servents):
            self.link(one, other)
        return servents

    def tester(self, servent: Servent, headers: bytes = b"Bye-Packet: 0.1\r\n") -> Tester:
        """A tester with a link to `servent`, from an address of its own."""
        return Tester(self.network, f"10.9.0.{next(self._sources)}", servent, headers)

    def search(self, servent: Servent, text: str, wait: float = 5.0) -> bytes:
        """Let a servent search; returns the GUID once time has passed for answers."""
        guid = self.network.call(servent, lambda node, now: node.search(now, text))
        self.network.run_for(wait)
        return guid


@pytest.fixture
def near() -> Iterator[Neighbourhood]:
    """A neighbourhood without latency; no node of it may crash."""
    neighbourhood = Neighbourhood(VirtualNetwork(1))
    yield neighbourhood
    assert neighbourhood.network.crashes == {}
