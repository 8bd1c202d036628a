"""Asking a metaserver for a server."""

import pytest

from peerspec.codecs.napster import Login
from peerspec.reference.worlds.streams import VirtualListener, VirtualStream

from .conftest import Session, Town

HERE = b"10.9.0.1:8888"


@pytest.fixture
def metaserver(town: Town) -> VirtualListener:
    return town.network.listen("10.9.0.5", 8875)


def question(town: Town, metaserver: VirtualListener, wait: float = 1.0) -> VirtualStream:
    """The connection that the peer makes to the metaserver."""
    assert town.network.run_until(lambda: metaserver.pending, wait)
    stream = metaserver.accept()
    assert stream is not None
    return stream


@pytest.mark.parametrize(
    "pieces", [[HERE + b"\n"], [HERE], [bytes((byte,)) for byte in HERE + b"\n"], [HERE + b"\nmore"]]
)
def test_the_line_is_read_to_its_lf_or_to_the_end(town: Town, metaserver: VirtualListener, pieces: list[bytes]) -> None:
    town.do(town.peer(), "login_by", metaserver.address)
    stream = question(town, metaserver)
    for piece in pieces:
        stream.send(piece)
    town.network.run_for(1)
    assert stream.take() == b""
    assert bool(town.listener.pending) is any(b"\n" in piece for piece in pieces)
    stream.close()
    assert isinstance(Session(town.network, town.accept()).read()[0], Login)


@pytest.mark.parametrize(
    "line",
    [
        b"no colon\n",
        b"10.9.0.1:0\n",
        b"10.9.0.1:99999\n",
        b"10.9.0.1:x\n",
        b":8888\n",
        b"\n",
        b"",
        b"x" * 100_000,
        b"\xff\x00:1\n",
        b"127.0.0.1:8888\n",
    ],
)
def test_a_line_that_names_no_server_is_not_followed(town: Town, metaserver: VirtualListener, line: bytes) -> None:
    loopback = town.network.listen("127.0.0.1", 8888)
    peer = town.peer()
    town.do(peer, "login_by", metaserver.address)
    stream = question(town, metaserver)
    if line:
        stream.send(line)
    stream.close()
    again = question(town, metaserver, 5)
    assert not loopback.pending
    assert not town.listener.pending
    again.send(HERE + b"\n")
    town.accept()


def test_a_metaserver_is_asked_ever_more_seldom_while_it_names_nothing(town: Town, metaserver: VirtualListener) -> None:
    town.do(town.peer(), "login_by", metaserver.address)
    asked, end = 0, town.network.now + 3600
    while town.network.run_until(lambda: metaserver.pending, end - town.network.now):
        question(town, metaserver).close()
        asked += 1
    assert asked in range(8, 16)


def test_a_metaserver_that_says_nothing_is_left(town: Town, metaserver: VirtualListener) -> None:
    town.do(town.peer(), "login_by", metaserver.address)
    stream = question(town, metaserver)
    town.network.run_for(31)
    assert stream.eof
    question(town, metaserver, 5)


def test_a_metaserver_that_is_not_there_is_tried_again(town: Town) -> None:
    town.do(town.peer(), "login_by", ("10.9.0.6", 8875))
    town.network.run_for(1)
    question(town, town.network.listen("10.9.0.6", 8875), 10)


def test_the_metaserver_is_asked_again_when_the_session_has_ended(town: Town, metaserver: VirtualListener) -> None:
    town.do(town.peer(), "login_by", metaserver.address)
    question(town, metaserver).send(HERE + b"\n")
    town.accept().close()
    question(town, metaserver, 5).send(HERE + b"\n")
    town.accept()


def test_a_login_elsewhere_ends_the_question(town: Town, metaserver: VirtualListener) -> None:
    peer = town.peer()
    town.do(peer, "login_by", metaserver.address)
    stream = question(town, metaserver)
    town.do(peer, "login", town.listener.address)
    town.accept()
    town.network.run_for(600)
    assert stream.eof
    assert not metaserver.pending
