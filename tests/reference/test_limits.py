"""What strangers can't make a servent do, over real sockets: run out of memory, stop serving others, end."""

import contextlib
import random
import select
import socket
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from peerspec.codecs.gnutella import (
    Bye,
    Descriptor,
    DescriptorReader,
    OpenData,
    Payload,
    Ping,
    Pong,
    Push,
    Query,
    QueryHit,
    Result,
    Trailer,
)
from peerspec.reference.gnutella import Servent, ServentConfig, Share, Shares
from peerspec.reference.node import Address
from peerspec.reference.worlds.sockets import RunningNode, run_in_thread

HANDSHAKE = b"GNUTELLA CONNECT/0.6\r\nBye-Packet: 0.1\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Endless(Share):
    """A large file that needs no memory."""

    def read(self, offset: int, count: int) -> bytes:
        return bytes(count)


@pytest.fixture
def node() -> Iterator[RunningNode[Servent]]:
    """A servent with a few files, one of them of 1 GiB. It must not crash."""
    names = ["a needle.txt", "some other words.txt", "large.bin", *(f"wide {'x' * 200}{n}.txt" for n in range(50))]
    sizes = [100, 200, 1024 * MIB, *[1] * 50]
    shares = Shares(
        Endless(index, name, size, frozenset(name.split(".")[0].split()))
        for index, (name, size) in enumerate(zip(names, sizes, strict=True), 1)
    )
    with run_in_thread(Servent(ServentConfig(), random.Random(1), shares)) as running:
        yield running
        assert running.error is None


@contextlib.contextmanager
def connected(address: Address, first: bytes = HANDSHAKE) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=20) as stream:
        stream.sendall(first)
        yield stream


def until(condition: Callable[[], Any], limit: float = 20.0) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def assert_serves(node: RunningNode[Servent]) -> None:
    """A newcomer searches and finds."""
    query = Descriptor.of(Query("needle"), guid=random.randbytes(16), ttl=1)
    with connected(node.address, HANDSHAKE + query.encode()) as stream:
        came = b""
        while query.guid + b"\x81" not in came:
            piece = stream.recv(65536)
            assert piece, came
            came += piece


@contextlib.contextmanager
def within(most: int) -> Iterator[None]:
    """Fails when what runs inside holds more than `most` bytes at one time, its testers included."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak} bytes held"


def connection_of(node: RunningNode[Servent], stream: socket.socket) -> int | None:
    """How many bytes wait for a tester's connection; None when the servent has given it up."""
    remote = stream.getsockname()

    def look(servent: Servent, now: float) -> int | None:
        return next((link.queued for link in servent.links.values() if link.remote == remote), None)

    return node.call(look)


def send_until_given_up(node: RunningNode[Servent], stream: socket.socket, data: bytes, most: int) -> int:
    """Send `data` again and again until the servent gives the connection up, at most `most` bytes; returns how many."""
    sent = 0
    with contextlib.suppress(ConnectionError, TimeoutError):
        while sent < most:
            stream.sendall(data)
            sent += len(data)
    return sent


def test_a_peer_that_asks_and_never_reads_is_given_up(node: RunningNode[Servent]) -> None:
    with within(4 * MIB), connected(node.address) as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        guids = random.Random(2)
        for _ in range(5000):
            query = Descriptor.of(Query("wide"), guid=guids.randbytes(16), ttl=1)
            if not send_until_given_up(node, stream, query.encode(), 1):
                break
        until(lambda: connection_of(node, stream) is None)
    assert_serves(node)


def test_a_peer_that_never_reads_does_not_stop_what_is_flooded_to_others(node: RunningNode[Servent]) -> None:
    with connected(node.address) as deaf, connected(node.address) as noisy:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        until(lambda: node.call(lambda servent, now: len(servent.peers())) == 2)
        guids = random.Random(1)
        for _ in range(1500):
            noisy.sendall(Descriptor.of(Query("x" * 4000), guid=guids.randbytes(16), ttl=4).encode())
        until(lambda: connection_of(node, deaf) is None)
        assert connection_of(node, noisy) is not None
    assert_serves(node)


def test_a_reader_that_is_slow_costs_one_piece_of_a_file(node: RunningNode[Servent]) -> None:
    with within(2 * MIB), connected(node.address, b"GET /get/3/large.bin HTTP/1.1\r\n\r\n") as stream:
        for _ in range(50):
            assert stream.recv(1000)
        until(lambda: connection_of(node, stream))
        waiting = connection_of(node, stream)
        assert waiting is not None
        assert waiting <= 65536 + 1000
        assert_serves(node)


@pytest.mark.parametrize("length", [0x10001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_an_announced_length_costs_nothing(node: RunningNode[Servent], length: int) -> None:
    header = bytes(16) + b"\x80\x04\x00" + struct.pack("<I", length)
    with within(2 * MIB), connected(node.address) as stream:
        send_until_given_up(node, stream, header + bytes(100_000), 30 * MIB)
        node.advance(10)
        until(lambda: connection_of(node, stream) is None)
    assert_serves(node)


@pytest.mark.parametrize(
    "block",
    [
        b"GNUTELLA CONNECT/0.6\r\nX: " + b"x" * 1_000_000,
        b"GNUTELLA CONNECT/0.6\r\n" + b"X: y\r\n" * 200_000,
        b"GNUTELLA CONNECT/" + b"0" * 1_000_000,
        b"GET /" + b"x" * 1_000_000,
        b"GIV 1:" + b"0" * 1_000_000,
        bytes(range(256)) * 4000,
        HANDSHAKE[:40] + b"GNUTELLA/0.6 200 OK\r\nX: " + b"x" * 1_000_000,
    ],
    ids=["header", "headers", "version", "GET", "GIV", "noise", "final block"],
)
def test_a_block_without_end_is_cut_off(node: RunningNode[Servent], block: bytes) -> None:
    with within(2 * MIB), connected(node.address, b"") as stream:
        send_until_given_up(node, stream, block, 8 * MIB)
        until(lambda: connection_of(node, stream) is None)
    assert_serves(node)


def test_many_who_say_half_a_word_are_sent_away_in_time(node: RunningNode[Servent]) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connected(node.address, b"GNUTELLA CONNECT/0.6\r\nX: " + b"x" * 30_000))
        until(lambda: node.call(lambda servent, now: len(servent.links)) == 300)
        assert_serves(node)
        node.advance(31)
        until(lambda: node.call(lambda servent, now: len(servent.links)) == 0)


def examples(generator: random.Random) -> list[Payload]:
    """A valid payload of each type."""
    results = tuple(Result(number, 5, f"name {number}") for number in range(generator.randrange(4)))
    return [
        Ping(),
        Pong(6346, "1.2.3.4", 5, 6),
        Bye(200, "going"),
        Push(bytes(16), 1, "127.0.0.1", 0),
        Query("needle", extension=b"\xc3\x81H\x40"),
        QueryHit(6346, "1.2.3.4", 7, results, bytes(16), trailer=Trailer(b"TEST", OpenData(0, 1))),
    ]


def damaged(data: bytes, generator: random.Random) -> bytes:
    """`data` with a few bytes changed, cut off, put in, or left as it is."""
    raw = bytearray(data)
    for _ in range(generator.randrange(4)):
        place = generator.randrange(len(raw) + 1)
        match generator.randrange(4):
            case 0:
                raw[place : place + 1] = generator.randbytes(1)
            case 1:
                del raw[place:]
            case 2:
                raw[place:place] = generator.randbytes(generator.randrange(40))
            case 3:
                raw[place : place + 4] = generator.choice([bytes(4), b"\xff" * 4, b"\x7f" * 4])
    return bytes(raw)


def storm(generator: random.Random) -> Iterator[bytes]:
    """Descriptors of every type with damaged payloads, and now and then a damaged header."""
    while True:
        for payload in examples(generator):
            body = damaged(payload.encode(), generator)
            head = Descriptor.of_raw(
                payload.wire_type or 0,
                body,
                guid=generator.randbytes(16),
                ttl=generator.choice([0, 1, 2, 4, 7, 16, 255]),
                hops=generator.choice([0, 0, 1, 3, 254, 255]),
            ).encode()
            yield damaged(head, generator) if generator.random() < 0.02 else head


def send_some(stream: socket.socket, descriptors: Iterator[bytes], count: int) -> int:
    """Send up to `count` descriptors, reading now and then, until the servent closes; returns how many."""
    for sent in range(count):
        stream.sendall(next(descriptors))
        readable, _, _ = select.select([stream], [], [], 0)
        if readable and not stream.recv(65536):
            return sent
    return count


def test_a_storm_of_malformed_descriptors_is_survived(node: RunningNode[Servent]) -> None:
    generator = random.Random(42)
    descriptors = storm(generator)
    assert_serves(node)
    with within(16 * MIB):
        sent = 0
        while sent < 12_000:
            with connected(node.address) as stream, contextlib.suppress(ConnectionError):
                sent += send_some(stream, descriptors, generator.randrange(400))
    until(lambda: node.call(lambda servent, now: len(servent.links)) < 30)
    assert_serves(node)


def test_too_many_malformed_descriptors_end_a_link_with_bye_409(node: RunningNode[Servent]) -> None:
    short = Descriptor.of_raw(0x40, b"", guid=bytes(16), ttl=1).encode()
    with connected(node.address) as stream:
        stream.sendall(short * 251)
        reader = DescriptorReader()
        came = [descriptor for descriptor in reader.feed(after_handshake(stream)) if descriptor.type == 0x02]
        while not came:
            came = [descriptor for descriptor in reader.feed(stream.recv(65536)) if descriptor.type == 0x02]
    assert came[0].payload() == Bye(409, "Too many malformed descriptors")


def after_handshake(stream: socket.socket) -> bytes:
    """What came in one piece with the end of the servent's answer."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += stream.recv(65536)
    return came.partition(b"\r\n\r\n")[2]
