"""What strangers can't do to a peer: hold connections, fill its memory, bring it down."""

import random
import tracemalloc

import pytest

from peerspec.codecs.defects import near_valid_of
from peerspec.codecs.framing import Opaque
from peerspec.codecs.generate import RandomDraw, draw_value
from peerspec.codecs.message import messages
from peerspec.codecs.napster import GetFile, UploadAccept, UploadRequest

from .conftest import CONTENT, SONG, Town


@pytest.mark.parametrize("first", [b"", b"GET", b'GETbob "no offset"', b"SEND", b"SENDLIST bob"])
def test_a_connection_without_a_request_is_closed_in_time(town: Town, first: bytes) -> None:
    peer = town.peer()
    stream = town.dial(peer)
    if first:
        stream.send(first)
    town.network.run_for(110)
    assert not stream.eof
    stream.send(b"")
    town.network.run_for(10)
    assert (stream.take(), stream.eof, peer.links) == (b"", True, {})


def test_a_connection_that_trickles_is_closed_in_time_too(town: Town) -> None:
    stream = town.dial(town.peer())
    stream.send(b"GET")
    for _ in range(12):
        town.network.run_for(10)
        stream.send(b"x")
    town.network.run_for(1)
    assert stream.eof


@pytest.mark.parametrize("begin", [b"GET", b'GETbob "', b'GETbob "a" ', b"SENDLIST "])
def test_bytes_that_never_become_a_request_are_bounded(town: Town, begin: bytes) -> None:
    peer = town.peer()
    stream, other = town.dial(peer), town.dial(peer)
    stream.send(begin)
    for _ in range(100):
        stream.send(b"1" * 1000)
    town.network.run_for(1)
    assert stream.eof
    assert town.say(other, b"GETLIST").startswith(b"alice\n")


def test_connections_are_bounded(town: Town) -> None:
    peer = town.peer(max_connections=20)
    session = town.session(peer)
    streams = [town.network.dial("10.9.1.1", peer.address) for _ in range(50)]
    town.network.run_for(1)
    assert len(peer.links) == 20
    assert sum(stream.eof for stream in streams) == 31
    session.send(UploadRequest("bob", SONG))
    assert session.read() == [UploadAccept("bob", SONG)]


def test_near_valid_messages_of_the_server_leave_the_peer_serving(town: Town) -> None:
    peer = town.peer()
    session = town.session(peer)
    draw = RandomDraw(random.Random(5))
    sent = 0
    for cls in messages("napster"):
        if cls.wire_type is None or (cls.senders and "server" not in cls.senders):
            continue
        for case in near_valid_of(draw_value(cls, draw), draw):
            session.send(Opaque(cls.wire_type, case.data[:60_000]))
            sent += 1
    assert sent > 500
    session.read(600)
    if session.stream.eof:
        session = town.session(peer)
    session.send(UploadRequest("bob", SONG))
    assert UploadAccept("bob", SONG) in session.read()
    assert town.say(town.dial(peer), GetFile("bob", SONG, 0).encode()).endswith(CONTENT)


def test_noise_of_the_server_leaves_the_peer_serving(town: Town) -> None:
    peer = town.peer()
    noise = random.Random(9)
    for _ in range(50):
        session = town.session(peer)
        session.stream.send(noise.randbytes(5000))
        session.read(0.1)
    session = town.session(peer)
    session.send(UploadRequest("bob", SONG))
    assert UploadAccept("bob", SONG) in session.read()


def test_memory_for_a_server_and_for_others_is_bounded(town: Town) -> None:
    peer = town.peer()
    session = town.session(peer)
    streams = [town.dial(peer) for _ in range(20)]
    tracemalloc.start()
    try:
        for _ in range(10):
            for number in (201, 204, 404, 501, 607, 620, 640, 751):
                session.send(*[Opaque(number, b'nick "file" ' + b"1" * 2000)] * 50)
                session.send(*[UploadRequest(f"nick{number}", SONG, more="x" * 1500)] * 20)
            for stream in streams:
                stream.send(b'GETbob "' + b"x" * 6_000)
            session.read()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 20 * 65_536 * 2 + 1_000_000
