"""What the server holds for one connection and one user has its bounds (NAP-LIM-06), also over real sockets."""

import contextlib
import gc
import random
import socket
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    HotlistAdd,
    IgnoreUser,
    Join,
    Login,
    LoginAck,
    NickCheck,
    NickFree,
    Packet,
    PacketReader,
    Register,
    ServerPing,
    Stats,
    StatsRequest,
    WhoisRequest,
    WhoWas,
)
from peerspec.reference.napster import Server, ServerConfig
from peerspec.reference.node import Address
from peerspec.reference.worlds.sockets import RunningNode, run_in_thread

from .conftest import MakeTown

KIB, MIB = 1 << 10, 1 << 20


def test_the_lists_of_one_user_are_bounded(town: MakeTown) -> None:
    place = town(max_hotlist=20, max_ignored=10, max_joined=5)
    alice = place.user("alice")
    for number in range(100):
        alice.send(HotlistAdd(f"h{number}"), IgnoreUser(f"i{number}"), Join(f"#c{number}"))
    place.wait(1)
    session = place.server.user("alice")
    assert session is not None
    assert (len(session.hotlist), len(session.ignored), len(session.channels)) == (20, 10, 5)


def test_what_a_user_leaves_behind_is_nothing(town: MakeTown) -> None:
    """A thousand users who come, do what there is to do, and go, leave the memory as it was."""
    place = town()
    bob = place.user("bob")

    def visit(number: int) -> None:
        visitor = place.raw("10.7.0.1")
        visitor.send(
            Login(f"v{number}", "pw", 6699, "test v1", 9),
            HotlistAdd("x" * 19),
            IgnoreUser("y" * 19),
            Join(f"#c{number}"),
            NickCheck(f"n{number}"),
        )
        visitor.send(*[ServerPing(text="x" * 1_000)] * 20)
        place.network.run_for(0.01)
        visitor.stream.abort()
        place.network.run_for(0.01)
        visitor.stream.take()

    for number in range(200):
        visit(number)
    bob.read()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(200, 700):
        visit(number)
    bob.read()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 300 * KIB
    assert len(place.server.links) == 1
    assert not [key for key in place.server._timers if key != ("turn", 1)]


# Over real sockets


@pytest.fixture
def node() -> Iterator[RunningNode[Server]]:
    """A server with the usual limits. It must not crash."""
    with run_in_thread(Server(ServerConfig(), random.Random(1))) as running:
        yield running
        assert running.error is None


def packets(*messages: Message) -> bytes:
    return b"".join(Packet.of(message).encode() for message in messages)


def login(nick: str) -> bytes:
    return packets(Login(nick, "pw", 6699, "test v1", 9))


@contextlib.contextmanager
def connected(address: Address, first: bytes = b"", source: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=20, source_address=(source, 0)) as stream:
        stream.sendall(first)
        yield stream


def until(condition: Callable[[], Any], limit: float = 20.0) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def read_until(stream: socket.socket, kind: type[Message]) -> list[Message]:
    """The messages that come, up to the first of a kind."""
    reader, came = PacketReader(65_535), list[Message]()
    while not any(isinstance(message, kind) for message in came):
        data = stream.recv(65_536)
        assert data, f"the connection ended after {came}"
        for packet in reader.feed(data):
            message = packet.payload("server")
            assert isinstance(message, Message)
            came.append(message)
    return came


def assert_serves(node: RunningNode[Server], source: str = "127.0.0.9") -> None:
    """A newcomer is let in, and answered."""
    began = time.monotonic()
    with connected(node.address, login(f"n{time.monotonic_ns() % 10**12}"), source) as stream:
        came = read_until(stream, Stats)
        assert isinstance(came[0], LoginAck)
        stream.sendall(packets(NickCheck("nobody")))
        read_until(stream, NickFree)
    assert time.monotonic() - began < 5


def test_a_session_over_a_real_connection(node: RunningNode[Server]) -> None:
    with connected(node.address, login("alice")) as alice:
        assert isinstance(read_until(alice, Stats)[0], LoginAck)
        alice.sendall(packets(StatsRequest()))
        assert read_until(alice, Stats) == [Stats(1, 0, 0)]
        with (
            pytest.raises(AssertionError, match="LoginError"),
            connected(node.address, login("ALICE"), "127.0.0.2") as other,
        ):
            read_until(other, Stats)
    until(lambda: node.call(lambda server, now: len(server.users)) == 0)
    assert_serves(node)


def test_connections_that_stop_halfway_hold_up_nobody(node: RunningNode[Server]) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(60):
            stack.enter_context(connected(node.address, b"\x00\x08\x02\x00a"[: number % 6]))
        assert_serves(node)


def test_one_who_floods_and_one_who_never_reads_hold_up_nobody(node: RunningNode[Server]) -> None:
    question = packets(ServerPing(text="x" * 1_000)) * 50
    with (
        connected(node.address, login("flood"), "127.0.0.2") as flood,
        connected(node.address, login("deaf"), "127.0.0.3") as deaf,
    ):
        flood.setblocking(False)
        deaf.setblocking(False)
        for _ in range(400):
            for stream in (flood, deaf):
                with contextlib.suppress(OSError):
                    stream.send(question)
            with contextlib.suppress(OSError):
                flood.recv(MIB)
        assert_serves(node)
        held = node.call(lambda server, now: max((s.inbox_size + s.queued for s in server.links.values()), default=0))
        limits = ServerConfig()
        assert held <= limits.max_inbox + limits.max_backlog


def test_what_strangers_make_the_server_hold_is_bounded(node: RunningNode[Server]) -> None:
    """Five hundred connections, from ten addresses, each with a body that never ends."""
    assert_serves(node)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    with contextlib.ExitStack() as stack:
        for number in range(500):
            with contextlib.suppress(OSError):
                source = f"127.0.1.{number % 10 + 1}"
                stack.enter_context(connected(node.address, b"\x00\x08\x02\x00" + b"a" * 2_000, source))
        until(lambda: node.call(lambda server, now: len(server.links)) == 500)
        held = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert held < 500 * 20 * KIB
        assert_serves(node)


def test_resets_take_nothing_away(node: RunningNode[Server]) -> None:
    for number in range(300):
        with contextlib.suppress(OSError), connected(node.address, login("alice")[: number % 30 or None]) as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(lambda: node.call(lambda server, now: len(server.links)) == 0)
    assert_serves(node, "127.0.0.1")


def test_dates_are_those_of_the_day(node: RunningNode[Server]) -> None:
    with connected(node.address, packets(Register("alice", "pw", 0, "test v1", 0, "a@example.org"))) as alice:
        read_until(alice, Stats)
    until(lambda: node.call(lambda server, now: len(server.users)) == 0)
    with connected(node.address, login("bob")) as bob:
        bob.sendall(packets(WhoisRequest("alice")))
        (told,) = [each for each in read_until(bob, WhoWas) if isinstance(each, WhoWas)]
    assert abs(told.seen - time.time()) < 30
