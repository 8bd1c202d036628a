"""Metaserver: how a peer finds its server by the line that another program writes."""

from __future__ import annotations

import pytest

from ...codecs.napster import Redirection
from ..checks import checks
from ..outcomes import assuming
from ..target import Instance
from .bench import Bench
from .probe import Server

_BUSY = "127.0.0.1"
_ENDLESS = 100_000
_MOMENT, _QUIET = 0.05, 0.3


def _line(address: tuple[str, int]) -> bytes:
    """What a metaserver writes."""
    return Redirection(*address).encode()


def _begin(bench: Bench, instance: Instance, *pieces: bytes) -> None:
    """Have the peer begin at a metaserver that writes these pieces, each in a segment of its own, and closes.

    Failure when it does not connect there. What it does because of the line is given a moment: no fence tells of it. So
    is what it does because of the first piece: MP3-Napster looks for the line once, and would find all of it.
    """
    listener = bench.listen()
    instance.order("login-by", {"address": f"{listener.ip}:{listener.port}"})
    connection = listener.expect()
    for number, piece in enumerate(pieces):
        connection.send(piece)
        if number == 0:
            bench.world.wait((), bench.world.now() + _MOMENT)
    connection.close()
    bench.world.wait((), bench.world.now() + _MOMENT)


def _expect_login(bench: Bench, instance: Instance, server: Server) -> None:
    """Failure unless the peer goes to a server; that it is logged in there is the business of other cases."""
    session = server.expect()
    with assuming("the peer logs in, and the session goes on"):
        session.expect_login()
        session.acknowledge(instance)
        session.assert_answers()


@checks("NAP-MET-06")
@pytest.mark.parametrize("way", ["divided", "without LF"])
def test_the_line_is_read_to_its_end_however_it_is_divided(bench: Bench, way: str) -> None:
    instance, server = bench.instance(), bench.server()
    line = _line(server.address)
    begun = line.index(b":") + 2  # it breaks off within the port
    pieces = [line[:begun], *(bytes((byte,)) for byte in line[begun:])] if way == "divided" else [line.rstrip(b"\n")]
    with assuming("the peer connects to the metaserver"):
        _begin(bench, instance, *pieces)
    _expect_login(bench, instance, server)


@checks("NAP-MET-06")
def test_the_line_is_read_although_the_connection_stays_open(bench: Bench) -> None:
    instance, server, listener = bench.instance(), bench.server(), bench.listen()
    instance.order("login-by", {"address": f"{listener.ip}:{listener.port}"})
    with assuming("the peer connects to the metaserver"):
        listener.expect().send(_line(server.address))
    _expect_login(bench, instance, server)


@checks("NAP-MET-07")
def test_the_address_127_0_0_1_is_not_connected_to(bench: Bench) -> None:
    instance, server, nobody = bench.instance(), bench.server(), bench.listen(_BUSY)
    with assuming("the peer connects to the metaserver"):
        _begin(bench, instance, _line(nobody.address))
    bench.world.wait([nobody.socket], bench.world.now() + _QUIET)
    with assuming("the peer logs in at the server that another metaserver names"):
        _begin(bench, instance, _line(server.address))
        _expect_login(bench, instance, server)
    nobody.expect_none("which says that all servers are full")


@checks("NAP-MET-08")
@pytest.mark.parametrize(
    "line",
    [b"busy\n", b"127.0.0.9 8888\n", b"127.0.0.9:0\n", b"127.0.0.9:99999\n", b"7" * _ENDLESS, b""],
    ids=["no colon", "blank", "port 0", "port 99999", "endless", "nothing"],
)
def test_a_metaserver_that_names_no_server_does_no_harm(bench: Bench, line: bytes) -> None:
    twin, instance, server = bench.instance(), bench.instance(), bench.server()
    with assuming("the peer logs in at the server that a metaserver names"):
        _begin(bench, twin, _line(server.address))
        _expect_login(bench, twin, server)
    twin.stop()
    with assuming("the peer connects to the metaserver"):
        _begin(bench, instance, line)
    _begin(bench, instance, _line(server.address))
    _expect_login(bench, instance, server)
