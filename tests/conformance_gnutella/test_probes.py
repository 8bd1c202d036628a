"""The verbs of a peer, against nodes that do exactly what a test says."""

from __future__ import annotations

import pytest

from peerspec.codecs.gnutella import Bye, Descriptor, Ping, Pong, Query, QueryHit
from peerspec.conformance.gnutella.probe import Peer
from peerspec.conformance.outcomes import Failure, Inconclusive, assuming
from peerspec.reference.node import Close

from .conftest import MakeBench
from .scripted import ANSWER, Scripted, floods, pongs, scripted


def two_peers(make_bench: MakeBench) -> tuple[Peer, Peer]:
    alice, bob = make_bench(scripted(floods)).peers(2)
    return alice, bob


def test_what_comes_is_matched_by_type_and_guid(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    other, query = alice.send(Query("other")), alice.send(Query("wanted"), ttl=5, hops=1)
    copy = bob.expect(query)
    assert (copy.guid, copy.ttl, copy.hops, copy.body) == (query.guid, 5, 1, query.body)
    assert copy.read(Query).text == "wanted"
    assert bob.expect(other).read(Query).text == "other"


def test_what_was_expected_once_is_not_expected_again(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    query = alice.send(Query("once"))
    bob.expect(query)
    bob.expect_no_more(query, fence=alice)
    with pytest.raises(Failure):
        bob.expect(query)


def test_a_failure_says_what_came_instead(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    alice.send(Query("something else"))
    never = Descriptor.of(Query("never sent"), guid=bytes(16), ttl=1)
    with pytest.raises(
        Failure, match=r"expected the Query to arrive here; got .*Query 4/0 [0-9a-f]{8} of 17 bytes came"
    ):
        bob.expect(never)


def test_a_second_copy_is_seen(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    query = alice.send(Query("twice"))
    bob.expect(query)
    alice.send(query)
    with pytest.raises(Failure, match="no Query under this GUID"):
        bob.expect_no_more(query, fence=alice)


def test_a_fence_that_does_not_come_leaves_the_case_open(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(pongs)).peers(2)
    with pytest.raises(Inconclusive, match="fence did not arrive"):
        bob.expect_none(alice.send(Query("nobody hears")), fence=alice)


def test_a_ping_that_is_not_answered_leaves_the_case_open(make_bench: MakeBench) -> None:
    def once(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if not node.pings:
            pongs(node, link, descriptor)

    alice = make_bench(scripted(once)).peer()
    with pytest.raises(Inconclusive, match="fence was not answered"):
        alice.sync()


def test_ones_own_doing_is_fenced_by_a_ping(make_bench: MakeBench) -> None:
    def echoes(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x80:
            node.send(link, descriptor.encode())
        pongs(node, link, descriptor)

    alice = make_bench(scripted(echoes)).peer()
    with pytest.raises(Failure, match="no Query under this GUID"):
        alice.expect_none(alice.send(Query("back")), fence=alice)


def closes_on_bye(node: Scripted, link: int, descriptor: Descriptor) -> None:
    if descriptor.type == Bye.wire_type:
        node.close(link)
    else:
        floods(node, link, descriptor)


def test_a_sender_that_was_closed_needs_no_fence(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(closes_on_bye)).peers(2)
    bye = alice.send(Bye(200, "leaving"), ttl=1)
    bob.expect_none(bye, fence=alice)
    assert alice.closed
    bob.expect_none(bye, fence=alice)


def test_a_sender_that_is_closed_on_its_fence_needs_no_other(make_bench: MakeBench) -> None:
    def closes_on_the_fence(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x80:
            node.close(link)
        pongs(node, link, descriptor)

    alice, bob = make_bench(scripted(closes_on_the_fence)).peers(2)
    start = bob.bench.world.now()
    bob.expect_none(alice.send_raw(0x99, b""), fence=alice)
    assert bob.bench.world.now() == start


def test_closing_is_seen_and_its_absence_too(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(closes_on_bye)).peers(2)
    alice.send(Bye(200, "leaving"), ttl=1)
    alice.expect_close()
    alice.expect_end()
    with pytest.raises(Failure, match="stays open"):
        bob.expect_close()
    with pytest.raises(Failure, match="stays open"):
        bob.expect_end()


def test_a_bye_is_an_end_but_no_close(make_bench: MakeBench) -> None:
    def parts(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x99:
            node.send(link, Descriptor.of(Bye(400, "no"), guid=bytes(16), ttl=1).encode())
        pongs(node, link, descriptor)

    alice = make_bench(scripted(parts)).peer()
    alice.send_raw(0x99, b"")
    alice.expect_end()
    with pytest.raises(Failure, match="stays open"):
        alice.expect_close()


def asks_back(node: Scripted, link: int, descriptor: Descriptor) -> None:
    """Pings whoever sends an unknown type, and floods Pongs as unknown types, so that a test sees them."""
    if descriptor.type == 0x99:
        node.send(link, Descriptor.of(Ping(), guid=b"p" * 16, ttl=1).encode())
    elif descriptor.type == Pong.wire_type:
        for other in node.others(link):
            node.send(other, Descriptor.of_raw(0x98, descriptor.body, guid=descriptor.guid, ttl=1).encode())
    else:
        pongs(node, link, descriptor)


def test_the_nodes_pings_are_answered_with_the_listening_address(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(asks_back)).peers(2)
    alice.send_raw(0x99, b"")
    alice.sync()
    seen = bob.expect_where("the Pong", lambda got: got.type == 0x98)
    pong = Pong.decode(seen.body)
    assert seen.guid == b"p" * 16
    assert (pong.ip, pong.port) == alice.listens_at
    assert alice.listens_at[0] == alice.wire.local[0]
    assert alice.listens_at[1] != alice.wire.local[1]
    assert b"p" * 16 not in alice.bench.sent_guids


def test_a_peer_can_be_told_to_leave_pings_unanswered(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(asks_back)).peers(2)
    alice.answers_pings = False
    alice.send_raw(0x99, b"")
    alice.sync()
    bob.sync()
    assert bob.seen(lambda got: got.type == 0x98) == []


def test_a_late_reply_is_no_answer(make_bench: MakeBench) -> None:
    def late(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if node.pings:
            node.send(link, Descriptor.of(Pong(1, "1.2.3.4", 0, 0), guid=first[0], ttl=1).encode())
        else:
            first.append(descriptor.guid)
            pongs(node, link, descriptor)

    first: list[bytes] = []
    alice = make_bench(scripted(late)).peer()
    with pytest.raises(Failure, match="a Pong in answer to the Ping"):
        alice.assert_answers()


def test_an_answer_under_a_guid_of_the_nodes_own_is_one(make_bench: MakeBench) -> None:
    def renames(node: Scripted, link: int, descriptor: Descriptor) -> None:
        node.send(link, Descriptor.of(Pong(1, "1.2.3.4", 0, 0), guid=b"o" * 16, ttl=1).encode())

    alice = make_bench(scripted(renames)).peer()
    assert alice.ask(Ping(), Pong).guid == b"o" * 16
    with pytest.raises(Failure):
        alice.expect_reply(alice.send(Ping()), Pong)


@pytest.mark.parametrize("damage", [b"\xff" * 23, b"\0"], ids=["a length without end", "a byte too much"])
def test_bytes_that_are_no_descriptors_are_another_cases_business(make_bench: MakeBench, damage: bytes) -> None:
    def breaks(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x99:
            node.send(link, damage)
        else:
            pongs(node, link, descriptor)

    alice = make_bench(scripted(breaks)).peer()
    alice.send_raw(0x99, b"")
    with pytest.raises(Inconclusive, match="can't be cut into descriptors"):
        alice.expect_type(QueryHit)


def test_damage_behind_a_descriptor_is_noticed_at_once(make_bench: MakeBench) -> None:
    def breaks(node: Scripted, link: int, descriptor: Descriptor) -> None:
        if descriptor.type == 0x99:
            node.send(link, Descriptor.of(Ping(), guid=bytes(16), ttl=1).encode() + b"\xff" * 23)
        else:
            pongs(node, link, descriptor)

    alice = make_bench(scripted(breaks)).peer()
    start = alice.bench.world.now()
    alice.send_raw(0x99, b"")
    with pytest.raises(Inconclusive):
        alice.expect_type(QueryHit)
    assert alice.bench.world.now() == start


def test_a_payload_that_can_not_be_read_is_another_cases_business(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    query = alice.send_raw(0x80, b"\x80")
    with pytest.raises(Inconclusive, match="a Query of the node can't be read"):
        bob.expect(query).read(Query)


def test_all_of_a_type_are_taken_once(make_bench: MakeBench) -> None:
    alice, bob = two_peers(make_bench)
    for _ in range(3):
        alice.send(bob.hit())
    bob.flush(alice)
    assert len(bob.take_all(QueryHit)) == 3
    assert bob.take_all(QueryHit) == []


def test_a_precondition_that_fails_is_no_failure() -> None:
    with (
        pytest.raises(Inconclusive, match="it did not come about that all is well: expected 1; got 2"),
        assuming("all is well"),
    ):
        raise Failure(expected="1", actual="2")


def test_descriptors_in_the_segment_of_the_answer_are_read(make_bench: MakeBench) -> None:
    ping = Descriptor.of(Ping(), guid=b"e" * 16, ttl=1).encode()
    alice = make_bench(scripted(pongs, answer=ANSWER + ping)).peer()
    assert alice.log[0].guid == b"e" * 16


def test_a_link_that_the_node_closes_says_so(make_bench: MakeBench) -> None:
    def slams(node: Scripted, link: int, descriptor: Descriptor) -> None:
        node._effects.append(Close(link))

    alice = make_bench(scripted(slams)).peer(check=False)
    with pytest.raises(Failure, match="the connection is closed; nothing came"):
        alice.ask(Ping(), Pong)
