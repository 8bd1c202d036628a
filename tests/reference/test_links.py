"""Links between servents: the handshake, keeping alive, leaving."""

import random

import pytest

from peerspec.codecs.gnutella import Bye, Ping, Pong, Query
from peerspec.reference.gnutella import Servent
from peerspec.reference.gnutella.hosts import parse_address
from peerspec.reference.gnutella.link import Link
from peerspec.reference.node import Address

from .conftest import CONSENT, Neighbourhood

PING, PONG, BYE, QUERY = 0x00, 0x01, 0x02, 0x80


def states(servent: Servent) -> list[str]:
    return [link.state for link in servent.links.values()]


def test_two_servents_link(near: Neighbourhood) -> None:
    one, other = near.line({}, {})
    assert (states(one), states(other)) == (["up"], ["up"])
    assert [link.listen for link in other.links.values()] == [one.address]
    assert all(link.bye for servent in (one, other) for link in servent.links.values())


def test_a_servent_that_dials_nobody_forgets_the_link(near: Neighbourhood) -> None:
    servent = near.servent()
    near.network.call(servent, lambda node, now: node.dial(now, ("10.0.0.200", 1)))
    near.network.run_for(5)
    assert servent.links == {}


def test_a_servent_gives_up_an_answer_that_does_not_come(near: Neighbourhood) -> None:
    servent = near.servent(handshake_patience=30.0)
    listener = near.network.listen("10.9.1.1", 80)
    near.network.call(servent, lambda node, now: node.dial(now, listener.address))
    near.network.run_for(29)
    stream = listener.accept()
    assert stream is not None
    assert stream.take().startswith(b"GNUTELLA CONNECT/0.6\r\n")
    before = stream.eof
    near.network.run_for(2)
    assert (before, stream.eof) == (False, True)
    assert servent.links == {}


@pytest.mark.parametrize(
    "answer", [b"GNUTELLA/0.6 503 Busy\r\nX-Try: 1.2.3.4:5,x,6.7.8.9:0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_refused_dialler_closes_and_remembers_the_hosts_offered(near: Neighbourhood, answer: bytes) -> None:
    servent = near.servent()
    listener = near.network.listen("10.9.1.1", 80)
    near.network.call(servent, lambda node, now: node.dial(now, listener.address))
    near.network.run_for(1)
    stream = listener.accept()
    assert stream is not None
    stream.take()
    stream.send(answer)
    near.network.run_for(1)
    assert (stream.eof, stream.take()) == (True, b"")
    assert servent.hosts.keys(servent.now) == ([("1.2.3.4", 5)] if b"X-Try" in answer else [])


def test_a_full_servent_offers_its_peers_and_the_hosts_that_it_heard_of(near: Neighbourhood) -> None:
    hub = near.servent(max_links=2)
    near.link(near.servent(), hub)
    tester = near.tester(hub, b"Listen-IP: 10.9.9.9:99\r\n")
    tester.send(Pong(1234, "10.9.9.8", 0, 0))
    near.network.run_for(1)
    stream = near.network.dial("10.9.1.1", hub.address)
    stream.send(b"GNUTELLA CONNECT/0.6\r\n\r\n")
    near.network.run_for(1)
    answer = stream.take()
    assert answer.startswith(b"GNUTELLA/0.6 503 ")
    assert b"X-Try: 10.0.0.2:6346,10.9.9.9:99,10.9.9.8:1234\r\n" in answer
    assert stream.eof


def test_there_is_room_again_when_a_peer_has_gone(near: Neighbourhood) -> None:
    hub = near.servent(max_links=1)
    tester = near.tester(hub)
    tester.stream.close()
    near.network.run_for(1)
    assert near.tester(hub).answer.startswith(b"GNUTELLA/0.6 200 ")


def test_connections_beyond_all_limits_are_reset(near: Neighbourhood) -> None:
    servent = near.servent(max_connections=3)
    streams = [near.network.dial("10.9.1.1", servent.address) for _ in range(4)]
    near.network.run_for(1)
    assert [stream.reset for stream in streams] == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("1.2.3.4:6346", ("1.2.3.4", 6346)),
        (" 1.2.3.4:1 ", ("1.2.3.4", 1)),
        ("1.2.3.4:0", None),
        ("255.255.255.255:65535", ("255.255.255.255", 65535)),
        ("256.2.3.4:1", None),
        ("01.2.3.4:1", None),
        ("1.2.3.4:1\n2", None),
        ("1.2.3.4:65536", None),
        ("1.2.3.4", None),
        ("1.2.3:4", None),
        ("host:4", None),
        ("1.2.3.4:٣", None),
        ("", None),
        (None, None),
    ],
)
def test_only_an_ip_and_a_port_are_an_address(text: str | None, address: Address | None) -> None:
    assert parse_address(text) == address


def test_idle_servents_keep_their_link_alive(near: Neighbourhood) -> None:
    one, other = near.line({}, {})
    near.network.run_for(600)
    assert (states(one), states(other)) == (["up"], ["up"])


def test_watching_a_link_costs_few_events(near: Neighbourhood) -> None:
    tester = near.tester(near.servent(idle_after=20.0))
    moments = random.Random(1)
    for _ in range(300):
        tester.send(Query("some words"))
        near.network.run_until(lambda: False, moments.uniform(0, 25), events=100)
    assert not tester.stream.eof


def test_a_silent_peer_is_pinged_and_then_left_with_bye_406(near: Neighbourhood) -> None:
    servent = near.servent(idle_after=20.0, max_misses=3)
    tester = near.tester(servent)
    near.network.run_for(100)
    came = tester.read()
    assert [descriptor.type for descriptor in came] == [PING, PING, PING, BYE]
    bye = came[-1].payload()
    assert isinstance(bye, Bye)
    assert (bye.code, came[-1].ttl, came[-1].hops) == (406, 1, 0)


def test_a_peer_that_does_not_know_bye_is_left_without_one(near: Neighbourhood) -> None:
    tester = near.tester(near.servent(), headers=b"")
    near.network.run_for(100)
    assert {descriptor.type for descriptor in tester.read()} == {PING}
    assert tester.stream.eof


def test_a_peer_that_talks_is_not_pinged(near: Neighbourhood) -> None:
    tester = near.tester(near.servent(idle_after=20.0))
    for _ in range(20):
        tester.send(Query("some words"))
        near.network.run_for(10)
    assert tester.read() == []


def test_a_servent_that_leaves_waits_for_its_peers_to_close(near: Neighbourhood) -> None:
    servent = near.servent(bye_patience=5.0)
    polite, stubborn, old = near.tester(servent), near.tester(servent), near.tester(servent, headers=b"")
    near.network.call(servent, lambda node, now: node.shutdown(now))
    (bye,) = polite.read()
    assert bye.payload() == Bye(200, "Servent shutdown")
    assert old.read() == []
    assert old.stream.eof
    polite.stream.close()
    stubborn.send(Ping())
    near.network.run_for(1)
    assert states(servent) == ["waiting for the close"]
    assert [descriptor.type for descriptor in stubborn.read()] == [BYE]
    near.network.run_for(5)
    assert stubborn.stream.eof
    assert servent.links == {}
    assert near.network.dial("10.9.2.2", servent.address).connected
    near.network.run_for(1)
    assert servent.links == {}


def test_servents_part_in_good_order(near: Neighbourhood) -> None:
    one, other = near.line({}, {})
    near.network.call(one, lambda node, now: node.shutdown(now))
    near.network.run_for(1)
    assert (one.links, other.links) == ({}, {})


def test_a_handshake_and_descriptors_in_single_bytes(near: Neighbourhood) -> None:
    servent = near.servent()
    stream = near.network.dial("10.9.1.1", servent.address)
    ping = b"\x11" * 16 + b"\x00\x01\x00" + bytes(4)
    for byte in b"GNUTELLA CONNECT/0.6\r\nA: b\r\n\r\n" + CONSENT + ping:
        stream.send(bytes([byte]))
        near.network.run_for(0)
    near.network.run_for(1)
    assert stream.take()[-37:].startswith(b"\x11" * 16 + b"\x01")


def test_the_whole_of_a_handshake_and_a_ping_in_one_segment(near: Neighbourhood) -> None:
    stream = near.network.dial("10.9.1.1", near.servent().address)
    ping = b"\x11" * 16 + b"\x00\x01\x00" + bytes(4)
    stream.send(b"GNUTELLA CONNECT/0.6\r\n\r\n" + CONSENT + ping)
    near.network.run_for(1)
    assert stream.take()[-37:].startswith(b"\x11" * 16 + b"\x01")


def test_the_old_handshake(near: Neighbourhood) -> None:
    servent = near.servent()
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.send(b"GNUTELLA CONNECT/0.4\n\n")
    near.network.run_for(1)
    answer = stream.take()
    assert answer.startswith(b"GNUTELLA OK\n\n")
    assert len(answer) == len(b"GNUTELLA OK\n\n") + 23
    assert states(servent) == ["up"]


def test_pongs_come_back_to_the_asker_over_several_hops(near: Neighbourhood) -> None:
    servents = near.line({}, {"a b.txt": b"x" * 2048}, {"c d.txt": b"x" * 4096, "e f.txt": b""})
    tester = near.tester(servents[0])
    ping = tester.send(Ping(), ttl=7)
    pongs = tester.got(PONG)
    assert {descriptor.guid for descriptor in pongs} == {ping.guid}
    found = sorted((pong.hops, pong.payload().encode()) for pong in pongs)
    expected = [(0, Pong(6346, "10.0.0.1", 0, 0)), (1, Pong(6346, "10.0.0.2", 1, 2)), (2, Pong(6346, "10.0.0.3", 2, 4))]
    assert found == [(hops, pong.encode()) for hops, pong in expected]


def test_a_ping_goes_no_further_than_its_ttl(near: Neighbourhood) -> None:
    tester = near.tester(near.line({}, {}, {})[0])
    tester.send(Ping(), ttl=2)
    assert len(tester.got(PONG)) == 2


def test_each_rule_can_be_broken_alone(near: Neighbourhood) -> None:
    class Sulking(Servent):
        """Answers no Ping."""

        def answers_ping(self, ttl: int, hops: int) -> bool:
            return False

    def alive(link: Link) -> bool:
        return link.up

    servent = near.servent(kind=Sulking)
    tester = near.tester(servent)
    tester.send(Ping(), ttl=1)
    assert tester.read() == []
    assert all(alive(link) for link in servent.links.values())
