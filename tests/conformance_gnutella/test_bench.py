"""The bench: handshakes, room, Byes on demand, HTTP and listeners."""

from __future__ import annotations

from random import Random

import pytest

from peerspec.codecs.gnutella import Bye, Descriptor, Ping, Query
from peerspec.conformance.builtin import BuiltinTarget
from peerspec.conformance.engine import Settings, open_bench
from peerspec.conformance.gnutella import bench as benches
from peerspec.conformance.gnutella.bench import Bench
from peerspec.conformance.gnutella.connection import Block
from peerspec.conformance.gnutella.nulls import Mute, Null
from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Failure, Inconclusive, Unsupported
from peerspec.conformance.worlds import Kind
from peerspec.reference.gnutella import Servent, ServentConfig, Shares
from peerspec.reference.node import Close, Send

from .conftest import MakeBench
from .scripted import ANSWER, Scripted, floods, pongs, scripted

BUSY = b"GNUTELLA/0.6 503 Busy\r\nX-Try: 1.2.3.4:5\r\n\r\n"


# --- blocks


def test_a_block_is_read_leniently() -> None:
    block = Block(b"GNUTELLA/0.6 200 OK\nX-Try: 1.2.3.4:5,\n  6.7.8.9:10\r\nx-TRY: 11.12.13.14:15\r\nEmpty:\r\n\r\n")
    assert (block.first_line, block.code) == ("GNUTELLA/0.6 200 OK", 200)
    assert block.get("X-Try") == "1.2.3.4:5, 6.7.8.9:10, 11.12.13.14:15"
    assert (block.get("Empty"), block.get("Absent")) == ("", None)
    assert Block(b"GNUTELLA OK\n\n").code is None


def test_what_follows_a_block_is_kept(make_bench: MakeBench) -> None:
    caller = make_bench(scripted(pongs, answer=ANSWER + b"more")).raw()
    assert caller.ask().raw == ANSWER
    assert caller.pending() == b"more"
    assert caller.read(2) == b"mo"
    assert caller.read_until(b"e") == b"re"


def test_a_node_that_closes_or_keeps_silent_gives_no_block(make_bench: MakeBench) -> None:
    with pytest.raises(Failure, match=r"no more within 1 s; nothing came"):
        make_bench(Mute).raw().ask()

    class Curt(Null):
        def received(self, now: float, link: int, data: bytes) -> None:
            self._effects += [Send(link, b"GNUTELLA/0.6"), Close(link)]

    with pytest.raises(Failure, match=r"the node closed the connection; b'GNUTELLA/0.6' came"):
        make_bench(Curt).raw().ask()


# --- peers


def test_a_peer_that_is_refused_leaves_the_case_open(make_bench: MakeBench) -> None:
    with pytest.raises(Inconclusive, match=r"a handshake succeeds: expected 200; got GNUTELLA/0\.6 503 Busy"):
        make_bench(scripted(pongs, answer=BUSY)).peer()


def test_a_peer_whose_ping_is_not_answered_leaves_the_case_open(make_bench: MakeBench) -> None:
    def ignores(node: Scripted, link: int, descriptor: Descriptor) -> None:
        return

    bench = make_bench(scripted(ignores))
    with pytest.raises(Inconclusive, match="a Ping is answered on a new link"):
        bench.peer()
    assert bench.peer(check=False).log == []


def test_each_peer_comes_from_its_own_address_and_says_where_it_listens(bench: Bench) -> None:
    caller = bench.raw()
    request = caller.request({"Bye-Packet": None, "X-More": "1"}).decode()
    assert f"Listen-IP: {caller.listens_at[0]}:{caller.listens_at[1]}\r\n" in request
    assert "X-Ultrapeer: True\r\n" in request
    assert "Bye-Packet" not in request
    assert "X-More: 1\r\n" in request
    peers = bench.peers(3)
    assert len({peer.wire.local[0] for peer in peers}) == 3
    assert len({peer.listens_at for peer in peers}) == 3
    assert all(peer.listens_at != peer.wire.local for peer in peers)


def test_a_second_run_uses_other_guids_on_a_node_that_lives_on(gnutella: Network) -> None:
    target = BuiltinTarget(gnutella, 1)
    target.start()
    try:
        guids = set()
        for _ in range(2):
            bench = open_bench(target, Settings(), "the same case")
            assert isinstance(bench, Bench)
            guids.add(bench.new_guid())
            bench.finish()
    finally:
        target.stop()
    assert len(guids) == 2


def test_the_same_case_uses_the_same_guids_in_virtual_time(make_bench: MakeBench) -> None:
    assert make_bench(None).new_guid() == make_bench(None).new_guid()


# --- room


def small(random: Random) -> Servent:
    return Servent(ServentConfig(max_links=3), random, Shares())


def test_a_full_node_is_filled_and_has_room_afterwards(make_bench: MakeBench) -> None:
    bench = make_bench(small)
    with bench.full() as refusal:
        assert refusal.answer is not None
        assert (refusal.answer.code, len(refusal.links)) == (503, 3)
    bench.peer()


def test_every_second_peer_of_a_full_node_hides_where_it_listens(make_bench: MakeBench) -> None:
    bench = make_bench(small)
    with bench.full():
        sent = [event.data for event in bench.world.transcript.events if event.kind is Kind.SENT]
    requests = [data for data in sent if data.startswith(b"GNUTELLA CONNECT")]
    assert [b"Listen-IP" in request for request in requests] == [True, False, True, False]


def test_a_node_that_takes_all_is_never_full(make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "MOST_PEERS", 5)
    with pytest.raises(Unsupported, match="5 connections were all accepted"), make_bench(None).full():
        pass


def test_the_next_case_is_not_begun_before_there_is_room(make_bench: MakeBench) -> None:
    class Slow(Scripted):
        """Refuses the second to the fifth request."""

        requests = 0

        def received(self, now: float, link: int, data: bytes) -> None:
            if data.startswith(b"GNUTELLA CONNECT"):
                self.requests += 1
                self.answer = BUSY if 2 <= self.requests <= 5 else ANSWER
            super().received(now, link, data)

    bench = make_bench(lambda random: Slow(random, pongs))
    with bench.full() as refusal:
        assert len(refusal.links) == 1
    bench.peer()


# --- Byes, own descriptors, life


def test_a_bye_is_provoked_in_each_way_known(make_bench: MakeBench) -> None:
    def strict(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x30:
            node.send(link, Descriptor.of(Bye(413, "no RESET"), guid=bytes(16), ttl=1).encode())
        pongs(node, link, descriptor)

    bench = make_bench(scripted(strict))
    bye = bench.provoke_bye(bench.peer())
    assert bye is not None
    assert bye.read(Bye).code == 413
    reference = make_bench(None)
    bye = reference.provoke_bye(reference.peer())
    assert bye is not None
    assert bye.read(Bye).code == 400
    assert reference.provoke_bye(reference.peer({"Bye-Packet": None})) is None


def test_the_nodes_own_descriptors_are_told_from_ours(make_bench: MakeBench) -> None:
    bench = make_bench(None)
    alice, bob = bench.peers(2)
    alice.send(Ping(), ttl=4)
    alice.send(Query("ours"))
    bob.flush(alice)
    own = bench.originated(bob)
    assert own
    assert all(got.type == Ping.wire_type and got.guid not in bench.sent_guids for got in own)


def test_a_node_that_says_nothing_of_its_own_leaves_the_case_open(make_bench: MakeBench) -> None:
    bench = make_bench(scripted(floods))
    with pytest.raises(Inconclusive, match="no Ping or Query of its own"):
        bench.originated(bench.peer())


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (scripted(pongs, answer=BUSY), "still accepts connections"),
        (Mute, "a block that ends in an empty line"),
        (scripted(lambda node, link, descriptor: None), "a Pong in answer to the Ping"),
    ],
    ids=["busy", "mute", "deaf"],
)
def test_a_node_that_does_not_serve_is_not_alive(make_bench: MakeBench, node: object, why: str) -> None:
    with pytest.raises(Failure, match=why):
        make_bench(node).assert_alive()  # type: ignore[arg-type]


def test_a_node_that_serves_is_alive(bench: Bench) -> None:
    bench.assert_alive()


def test_a_node_that_crashed_is_not_alive(make_bench: MakeBench) -> None:
    def dies(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x99:
            raise RuntimeError("ouch")
        pongs(node, link, descriptor)

    bench = make_bench(scripted(dies))
    alice = bench.peer()
    alice.send_raw(0x99, b"")
    alice.expect_close()
    with pytest.raises(Failure, match="ouch"):
        bench.assert_alive()


# --- HTTP


class Web(Null):
    """Answers whatever comes with the same bytes, and closes if told to."""

    def __init__(self, random: Random, answer: bytes, *, closes: bool = False) -> None:
        super().__init__(random)
        self.answer = answer
        self.closes = closes
        self.requests: list[bytes] = []

    def received(self, now: float, link: int, data: bytes) -> None:
        self.requests.append(data)
        self._effects.append(Send(link, self.answer))
        if self.closes:
            self._effects.append(Close(link))


def test_an_answer_is_read_to_its_end_and_no_further(make_bench: MakeBench) -> None:
    node = Web(
        Random(1),
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabcHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
    )
    http = make_bench(lambda _: node).http()
    response = http.get("/get/1/a b", {"Range": "bytes=0-"}, version="1.0")
    assert (response.status, response.headers["x-a"], response.body) == (200, "b", b"abc")
    assert http.response().status == 404
    assert node.requests[0].startswith(b"GET /get/1/a b HTTP/1.0\r\nHost: 127.0.0.1:6346\r\n")
    assert b"\r\nRange: bytes=0-\r\n" in node.requests[0]


def test_an_answer_without_a_length_ends_with_the_connection(make_bench: MakeBench) -> None:
    http = make_bench(lambda random: Web(random, b"HTTP/1.0 404 Not Found\r\n\r\nsorry", closes=True)).http()
    response = http.get("/")
    assert (response.status, response.body) == (404, b"sorry")
    http.expect_close()


def test_an_answer_to_head_has_no_body(make_bench: MakeBench) -> None:
    http = make_bench(lambda random: Web(random, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")).http()
    assert http.get("/", method="HEAD").body == b""
    assert http.pending() == b"abc"


@pytest.mark.parametrize(
    ("answer", "closes", "why"),
    [
        (b"GNUTELLA/0.6 200 OK\r\n\r\n", False, "expected an HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na", True, "expected an HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na", False, "no more within 1 s"),
        (b"", True, "expected an HTTP answer"),
    ],
    ids=["another protocol", "cut short", "stalled", "closed"],
)
def test_what_is_no_answer_fails(make_bench: MakeBench, answer: bytes, closes: bool, why: str) -> None:
    with pytest.raises(Failure, match=why):
        make_bench(lambda random: Web(random, answer, closes=closes)).http().get("/")


# --- listeners


def test_a_connection_to_a_listener_is_taken(bench: Bench) -> None:
    listener = bench.listen()
    assert listener.accepted() is None
    bench.instance().dial(listener.address)
    assert listener.accept().read_block().first_line == "GNUTELLA CONNECT/0.6"


def test_a_connection_that_does_not_come_fails(bench: Bench) -> None:
    with pytest.raises(Failure, match=r"expected a connection to .*; got none came"):
        bench.listen().accept()


def test_options_that_a_node_does_not_know_are_refused(gnutella: Network) -> None:
    with pytest.raises(TypeError, match="no option colour"):
        gnutella.make_node(Random(1), colour="red")
