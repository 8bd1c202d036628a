"""The metaserver: a line, and the end of the connection."""

from peerspec.codecs.napster import Redirection

from .conftest import MakeTown

SERVERS = ("192.0.2.7:8888", "192.0.2.8:7777")


def test_whoever_connects_gets_a_line_and_the_end(town: MakeTown) -> None:
    peer = town(redirects=SERVERS).raw()
    peer.network.run_for(1)
    assert peer.stream.take() == b"192.0.2.7:8888\n"
    assert not peer.is_open()


def test_servers_are_handed_out_in_turn(town: MakeTown) -> None:
    place = town(redirects=SERVERS)
    lines = []
    for _ in range(5):
        peer = place.raw()
        place.wait(1)
        lines.append(Redirection.decode(peer.stream.take()))
    assert [line.host for line in lines] == [f"192.0.2.{n}" for n in (7, 8, 7, 8, 7)]
    assert {line.port for line in lines} == {8888, 7777}


def test_those_who_stay_or_speak_keep_nobody_waiting(town: MakeTown) -> None:
    place = town(redirects=SERVERS, max_connections=5)
    peers = [place.raw() for _ in range(20)]
    for peer in peers:
        peer.send(b"rubbish \xff\xff\xff\xff")
    place.wait(1)
    assert all(peer.stream.take().endswith(b"\n") for peer in peers)
    assert place.server.links == {}
