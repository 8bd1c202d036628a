"""The same servent over real sockets, on loopback."""

import asyncio
import contextlib
import gc
import random
import socket
import struct
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from peerspec.codecs.gnutella import Descriptor, DescriptorReader, Ping, Push, Query
from peerspec.reference.gnutella import Download, Servent, ServentConfig, Shares
from peerspec.reference.node import Address, Listen, SendDatagram
from peerspec.reference.worlds.sockets import RunningNode, SocketWorld, run_in_thread

HANDSHAKE = b"GNUTELLA CONNECT/0.6\r\nBye-Packet: 0.1\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n"
CONTENT = random.Random(3).randbytes(3_000_000)

Run = Callable[..., RunningNode[Servent]]


def until(condition: Callable[[], Any], limit: float = 20.0) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def make(contents: Mapping[str, bytes] | None = None, seed: int = 1, **settings: Any) -> Servent:
    return Servent(ServentConfig(**settings), random.Random(seed), Shares.of(contents or {}))


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs servents, each in a thread; none may crash."""
    running: list[RunningNode[Servent]] = []

    def start(contents: Mapping[str, bytes] | None = None, **settings: Any) -> RunningNode[Servent]:
        running.append(run_in_thread(make(contents, seed=len(running) + 1, **settings)))
        return running[-1]

    yield start
    for node in running:
        node.stop()
    assert [node.error for node in running] == [None] * len(running)


@contextlib.contextmanager
def connected(address: Address, first: bytes = b"") -> Iterator[socket.socket]:
    """A tester's connection that has sent `first`."""
    with socket.create_connection(address, timeout=20) as stream:
        stream.sendall(first)
        yield stream


def read_until(stream: socket.socket, end: bytes) -> bytes:
    """Read up to `end`, which must come."""
    data = b""
    while end not in data:
        piece = stream.recv(65536)
        assert piece, f"closed after {data[-100:]!r}"
        data += piece
    return data


def read_to_the_end(stream: socket.socket) -> bytes:
    return b"".join(iter(lambda: stream.recv(65536), b""))


def links_up(node: RunningNode[Servent]) -> int:
    return node.call(lambda servent, now: len(servent.peers()))


def dial_from(node: RunningNode[Servent], address: Address) -> None:
    node.call(lambda servent, now: servent.dial(now, address))


def link(one: RunningNode[Servent], other: RunningNode[Servent]) -> None:
    """Let one servent dial another, and wait until both have the link."""
    before = links_up(one), links_up(other)
    dial_from(one, other.address)
    until(lambda: (links_up(one), links_up(other)) == (before[0] + 1, before[1] + 1))


def fetch(node: RunningNode[Servent], text: str) -> Download:
    """Search, and fetch what is found first."""
    guid = node.call(lambda servent, now: servent.search(now, text))
    until(lambda: node.call(lambda servent, now: servent.results(guid)))
    download = node.call(lambda servent, now: servent.download(now, servent.results(guid)[0]))
    until(lambda: download.finished)
    return download


@pytest.mark.parametrize("firewalled", [False, True], ids=["direct", "by Push"])
def test_two_servents_search_and_download(run: Run, firewalled: bool) -> None:
    owner, asker = run({"the needle.bin": CONTENT}, firewalled=firewalled), run()
    link(asker, owner)
    download = fetch(asker, "needle")
    assert (download.state, bytes(download.data), download.attempts) == ("done", CONTENT, 1)


def test_a_servent_that_leaves_says_bye_and_ends(run: Run) -> None:
    node = run()
    with connected(node.address, HANDSHAKE) as stream:
        until(lambda: links_up(node))
        node.stop(patience=0.1)
        assert read_to_the_end(stream).endswith(b"\xc8\x00Servent shutdown\x00")
    assert not node.alive
    with pytest.raises(RuntimeError, match="stopped"):
        node.call(lambda servent, now: now)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(node.address)


def test_the_clock_is_put_forward(run: Run) -> None:
    node = run(idle_after=20.0)
    with connected(node.address, HANDSHAKE) as stream:
        until(lambda: links_up(node))
        before = node.call(lambda servent, now: now)
        node.advance(50)
        assert 50 <= node.call(lambda servent, now: now) - before < 60
        reader = DescriptorReader()
        _, _, rest = read_until(stream, b"\r\n\r\n").partition(b"\r\n\r\n")
        came = reader.feed(rest)
        while len(came) < 3:
            came += reader.feed(stream.recv(65536))
        assert [descriptor.type for descriptor in came] == [0, 0, 0]
        node.advance(1000)
        read_to_the_end(stream)
    until(lambda: links_up(node) == 0)


def test_what_was_sent_last_arrives_though_the_servent_has_not_read_all(run: Run) -> None:
    node = run(max_links=0)
    for _ in range(20):
        with connected(node.address, HANDSHAKE + bytes(200_000)) as stream:
            assert read_to_the_end(stream).startswith(b"GNUTELLA/0.6 503 Busy\r\n")


def test_closing_what_the_other_side_has_reset_is_no_crash(run: Run) -> None:
    node = run()
    with connected(node.address, b"GNUTELLA CONNECT/0.6\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n") as stream:
        until(lambda: links_up(node))

        def reset_and_leave(servent: Servent, now: float) -> None:
            # in the thread of the node, so that it can't have noticed the reset when it closes
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.close()
            servent.shutdown(now)

        node.call(reset_and_leave)
    assert node.alive


def test_a_client_that_has_said_all_still_gets_its_answer(run: Run) -> None:
    node = run({"a": b"body"})
    with connected(node.address, b"GET /get/1/a HTTP/1.1\r\n\r\n") as stream:
        stream.shutdown(socket.SHUT_WR)
        assert read_to_the_end(stream).endswith(b"\r\n\r\nbody")


def test_nobody_answers_a_dial(run: Run) -> None:
    node = run()
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    for target in (address, ("no such host.invalid", 1), ("127.0.0.1", 99_999)):
        dial_from(node, target)
    until(lambda: node.call(lambda servent, now: not servent.links))


def test_a_taken_port_is_an_error(run: Run) -> None:
    node = run()
    with pytest.raises(OSError, match="in use"):
        run_in_thread(make(), *node.address)


def test_an_error_of_the_caller_is_the_callers(run: Run) -> None:
    node = run()
    with pytest.raises(ZeroDivisionError):
        node.call(lambda servent, now: 1 // 0)
    assert node.alive


def test_a_crash_ends_the_node_and_is_kept() -> None:
    class Fragile(Servent):
        """Does not survive a Ping."""

        def answers_ping(self, ttl: int, hops: int) -> bool:
            raise ZeroDivisionError

    with run_in_thread(Fragile(ServentConfig(), random.Random(1), Shares())) as node:
        ping = Descriptor.of(Ping(), guid=bytes(16), ttl=1).encode()
        with connected(node.address, HANDSHAKE + ping) as stream, contextlib.suppress(ConnectionResetError):
            read_to_the_end(stream)
        assert isinstance(node.error, ZeroDivisionError)
        assert not node.alive
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(node.address)


def test_a_callback_to_an_address_that_does_not_answer_is_forgotten(run: Run) -> None:
    node = run()
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    push = Push(node.call(lambda servent, now: servent.servent_id), 1, "127.0.0.1", port)
    with connected(node.address, HANDSHAKE + Descriptor.of(push, guid=bytes(16), ttl=1).encode()):
        until(lambda: node.call(lambda servent, now: len(servent.callbacks) == 1 and len(servent.links) == 1))


class Parrot(Servent):
    """Answers each datagram with the same."""

    def datagram(self, now: float, remote: Address, local: Address, data: bytes) -> None:
        self._effects.append(SendDatagram(remote, data + f" {local[1]}".encode()))


def test_datagrams_come_and_go() -> None:
    with (
        run_in_thread(Parrot(ServentConfig(), random.Random(1), Shares()), datagrams=True) as node,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tester,
    ):
        tester.settimeout(20)
        tester.sendto(b"hello", node.address)
        assert tester.recvfrom(100) == (b"hello %d" % node.address[1], node.address)


def test_a_node_can_be_reached_at_a_further_port_until_it_ends(run: Run) -> None:
    node = run({"needle": b""})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = [taken.getsockname()[1], 0]
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports[1] = free.getsockname()[1]
        node.call(lambda servent, now: servent._effects.extend(map(Listen, ports)))
        until(lambda: reached(ports[1]))
        with connected(("127.0.0.1", ports[1]), HANDSHAKE) as stream:
            read_until(stream, b"\r\n\r\n")
        node.stop()
        assert not reached(ports[1])
        assert reached(ports[0]), "the port of somebody else"


def test_nobody_connects_to_a_firewalled_node_that_connects_to_others(run: Run) -> None:
    one, other = run(), run()
    with connected(one.address, HANDSHAKE) as stream:
        read_until(stream, b"\r\n\r\n")
        one.firewall()
        assert not reached(one.address[1])
        assert one.alive
        dial_from(one, other.address)
        until(lambda: links_up(other) == 1)
        assert links_up(one) == 2


def reached(port: int) -> bool:
    """Whether somebody accepts connections at a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=20).close()
    except OSError:
        return False
    return True


def test_a_world_within_a_loop_of_ones_own() -> None:
    async def life() -> tuple[bool, bool]:
        world = SocketWorld(make({"needle": b""}))
        address = await world.start()
        reader, writer = await asyncio.open_connection(*address)
        query = Descriptor.of(Query("needle"), guid=b"q" * 16, ttl=1).encode()
        writer.write(HANDSHAKE + query)
        data = b""
        while b"q" * 16 not in data:
            data += await reader.read(1000)
        alive = world.alive
        writer.close()
        await world.stop()
        return alive, world.alive

    assert asyncio.run(life()) == (True, False)


def test_a_connection_that_comes_while_a_node_is_stopped_is_closed(run: Run) -> None:
    for _ in range(10):
        node = run()
        with contextlib.ExitStack() as stack:
            for _ in range(5):
                caller = stack.enter_context(socket.socket())
                caller.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    caller.connect(node.address)
            node.stop()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gc.collect()
    assert not caught, "sockets were lost"
