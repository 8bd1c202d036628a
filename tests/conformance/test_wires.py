"""Wires behave the same in both worlds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from peerspec.conformance.outcomes import Failure, Inconclusive, Unreachable
from peerspec.conformance.worlds import Kind, Listener, Wire, World
from peerspec.conformance.worlds.base import OutOfTime
from peerspec.conformance.worlds.real import RealWorld
from peerspec.conformance.worlds.virtual import VirtualWorld
from peerspec.reference.worlds.virtual import VirtualNetwork


@pytest.fixture(params=["real", "virtual"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made: World
    if request.param == "real":
        made = RealWorld(timeout=2.0, budget=20.0)
    else:
        made = VirtualWorld(VirtualNetwork(1, latency=(0.01, 0.05)), timeout=2.0, budget=20.0)
    made.start_clock()
    yield made
    made.close()


@pytest.fixture
def pair(world: World) -> tuple[Wire, Wire]:
    """Both ends of a connection that the tester made to itself."""
    listener = world.listen("127.0.4.1")
    wire = world.dial("127.0.4.2", listener.address)
    assert world.wait([listener]) == [listener]
    other = listener.accept()
    assert other is not None
    return wire, other


def receive(wire: Wire, size: int) -> bytes:
    data = b""
    while len(data) < size and wire.world.wait([wire]) and not (wire.eof and not wire.ready):
        data += wire.take()
    return data


def test_bytes_pass_both_ways_and_addresses_are_known(pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.send(b"there")
    other.send(b"back")
    assert (receive(other, 5), receive(wire, 4)) == (b"there", b"back")
    assert (wire.local, wire.remote) == (other.remote, other.local)
    assert (wire.local[0], other.local[0]) == ("127.0.4.2", "127.0.4.1")


def test_waiting_without_news_ends_at_the_deadline(world: World, pair: tuple[Wire, Wire]) -> None:
    began = world.now()
    assert world.wait(pair, began + 0.1) == []
    assert 0.1 <= world.now() - began < 1.0


def test_only_those_with_news_are_returned(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.send(b"x")
    assert world.wait([wire, other]) == [other]
    assert world.wait([wire, other]) == [other]
    other.take()
    assert world.wait([wire, other], world.now()) == []


def test_a_close_is_seen_after_the_bytes_before_it(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.send(b"last")
    wire.close()
    assert receive(other, 4) == b"last"
    while not other.eof:
        assert world.wait([other])
        other.take()
    assert (other.eof, other.reset) == (True, False)
    other.take()
    assert not other.ready
    wire.send(b"into the void")
    wire.close()


def test_a_half_close_ends_one_direction(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.finish()
    world.wait([other])
    assert other.eof
    other.send(b"still")
    assert receive(wire, 5) == b"still"


@pytest.mark.timeout(10)
def test_what_is_sent_after_the_end_was_seen_vanishes(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    other.close()
    assert world.wait([wire]) == [wire]
    assert wire.eof
    for _ in range(3):
        wire.send(b"too late")
        world.wait((), world.now() + 0.05)
    assert not wire.reset, "its end came in good order"


def test_an_abort_is_a_reset(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.abort()
    world.wait([other])
    other.take()
    assert (other.eof, other.reset) == (True, True)
    other.send(b"nobody")


def test_nobody_listening_is_unreachable(world: World) -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.4\.9:9: connection refused"):
        world.dial("127.0.4.2", ("127.0.4.9", 9))


def test_that_a_port_is_given_up_is_noted_once(world: World) -> None:
    listener = world.listen("127.0.4.5")
    for _ in range(2):
        listener.close()
    events = [(event.kind, event.local, event.wire) for event in world.transcript.events]
    assert events == [(Kind.UNLISTEN, listener.address, 0)]


def test_a_taken_address_can_not_be_listened_at(world: World) -> None:
    listener = world.listen("127.0.4.3")
    with pytest.raises(OSError, match=r"taken|in use"):
        world.listen(*listener.address)
    listener.close()


def test_a_paused_wire_reads_nothing_until_it_goes_on(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    other.pause()
    wire.send(b"held")
    assert world.wait([other], world.now() + 0.1) == []
    other.resume()
    assert receive(other, 4) == b"held"


def test_the_transcript_notes_what_happened(world: World, pair: tuple[Wire, Wire]) -> None:
    wire, other = pair
    wire.send(b"abc")
    receive(other, 3)
    other.close()
    world.wait([wire])
    noted = [(event.kind, event.wire, event.data) for event in world.transcript.events]
    assert noted == [
        (Kind.OPEN, 1, b""),
        (Kind.ACCEPT, 2, b""),
        (Kind.SENT, 1, b"abc"),
        (Kind.RECEIVED, 2, b"abc"),
        (Kind.CLOSE, 2, b""),
        (Kind.EOF, 1, b""),
    ]
    assert world.transcript.received == 3


def test_the_transcript_is_bounded_and_says_what_it_dropped(
    world: World, pair: tuple[Wire, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(world.transcript), "LIMIT", 10)
    pair[0].send(b"12345678")
    pair[0].send(b"12345678")
    kept = b"".join(event.data for event in world.transcript.events if event.kind is Kind.SENT)
    assert (kept, world.transcript.dropped) == (b"1234567812", 6)


def test_a_deadline_long_past_ends_the_waiting_for_a_node_that_never_falls_silent(
    world: World, pair: tuple[Wire, Wire]
) -> None:
    wire, other = pair
    wire.send(b"news")
    world.pump(world.now() + 0.1, ())
    assert world.wait([other], world.now() - 0.1) == [other]
    assert world.wait([other], world.now() - world.timeout - 0.1) == []


def test_no_wait_outlasts_the_budget_of_the_case(world: World, pair: tuple[Wire, Wire]) -> None:
    world._budget = 0.1
    world.start_clock()
    with pytest.raises(OutOfTime):
        world.wait(pair, world.now() + 100)


def test_a_node_that_sends_without_end_fails_the_case(
    world: World, pair: tuple[Wire, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire, other = pair
    monkeypatch.setattr(Wire, "MOST", 100_000)
    wire.send(bytes(100_000))
    receive(other, 100_000)
    wire.send(b"x")
    with pytest.raises(Failure, match="at most 0 MiB on one connection; got a flood of 100001 bytes"):
        world.wait([other])
    assert other.closed


def test_a_flood_is_held_back_and_lost_by_nobody() -> None:
    world = RealWorld(timeout=5.0, budget=60.0)
    sender = socket.create_server(("127.0.0.1", 0))
    total = 3 * Wire.LIMIT

    def pour() -> None:
        connection, _ = sender.accept()
        connection.sendall(bytes(total))
        connection.close()

    thread = threading.Thread(target=pour, daemon=True)
    thread.start()
    wire = world.dial("127.0.4.5", sender.getsockname())
    world.pump(world.now() + 0.5, ())
    assert len(wire._buffer) < Wire.LIMIT + 100_000
    assert receive(wire, total) == bytes(total)
    thread.join(5)
    world.close()
    sender.close()


def test_a_node_that_does_not_read_does_not_hold_the_tester() -> None:
    world = RealWorld(timeout=0.2, budget=60.0)
    listener = socket.create_server(("127.0.0.1", 0))
    wire = world.dial("127.0.4.6", listener.getsockname())
    with pytest.raises(Inconclusive, match="the node does not read"):
        wire.send(bytes(64 * 1024 * 1024))
    world.close()
    listener.close()


def test_closing_a_world_closes_what_is_open() -> None:
    world = RealWorld(timeout=0.5, budget=5.0)
    listener: Listener = world.listen("127.0.4.7")
    wire = world.dial("127.0.4.8", listener.address)
    world.close()
    assert wire.closed
    with pytest.raises(Unreachable):
        RealWorld(timeout=0.5, budget=5.0).dial(None, listener.address)
