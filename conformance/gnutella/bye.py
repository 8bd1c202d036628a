"""Bye: the last word on a connection, to those who understand it."""

from __future__ import annotations

import pytest

from ...codecs.gnutella import Bye, Descriptor, Query
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .probe import Received


@checks("GNU-BYE-01")
def test_a_bye_closes_the_connection(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    alice.send(Bye(200, "leaving"), ttl=1)
    alice.expect_close()
    bob.sync()
    bench.assert_alive()


@checks("GNU-BYE-02")
@pytest.mark.parametrize("ttl", [1, 4])
def test_a_bye_is_not_forwarded(bench: Bench, ttl: int) -> None:
    alice, bob, carol = bench.peers(3)
    bye = alice.send(Bye(200, "leaving"), ttl=ttl)
    bob.expect_none(bye, fence=alice)
    with assuming("the others are served"):
        bob.expect(carol.send(Query(bench.unique())))


@checks("GNU-BYE-05")
def test_nothing_that_follows_a_bye_is_processed(bench: Bench) -> None:
    alice, bob, carol = bench.peers(3)
    before = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    bye = Descriptor.of(Bye(200, "leaving"), guid=bench.new_guid(), ttl=1)
    after = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    alice.send_bytes(before.encode() + bye.encode() + after.encode())
    with assuming("what comes before the Bye is processed"):
        bob.expect(before)
    bob.expect_none(after, fence=carol)


@checks("GNU-BYE-07")
@pytest.mark.parametrize(("ttl", "hops"), [(2, 0), (1, 1), (3, 2)], ids=str)
def test_a_bye_from_afar_is_discarded(bench: Bench, ttl: int, hops: int) -> None:
    alice = bench.peer()
    alice.send(Bye(200, "leaving"), ttl=ttl, hops=hops)
    alice.assert_answers()


# --- the node's own


@checks("GNU-BYE-03")
def test_no_bye_is_sent_to_a_peer_that_did_not_announce_it(bench: Bench) -> None:
    if bench.provoke_bye(bench.peer()) is None:
        raise Inconclusive("the node sends no Bye where one was announced")
    unaware = bench.peer({"Bye-Packet": None})
    if bye := bench.provoke_bye(unaware):
        raise Failure(expected="no Bye for a peer that did not announce Bye-Packet", actual=repr(bye))


@checks("GNU-BYE-04")
def test_the_nodes_own_bye_is_well_formed_and_its_last_word(bench: Bench) -> None:
    alice, bob, carol = bench.peers(3)
    bye = bench.provoke_bye(alice)
    if bye is None:
        raise Inconclusive("the node sends no Bye where one was announced")
    assert (bye.ttl, bye.hops) == (1, 0), f"a Bye with {bye.ttl}/{bye.hops}"
    assert b"\0" in bye.body[2:], f"no code and text that ends in NUL: {bye.body!r}"
    with assuming("the others are served"):
        carol.expect(bob.send(Query(bench.unique())))
    if later := alice.seen(lambda got: got.number > bye.number):
        raise Failure(expected="nothing after the Bye", actual=repr(later[0]))
    assert alice.unread == b"", f"{alice.unread!r} after the Bye"


@checks("GNU-BYE-06", feature="stop")
def test_a_node_that_leaves_says_bye_200(bench: Bench) -> None:
    node = bench.instance()
    alice = bench.peer(at=node.address)
    node.shutdown()
    bye: Received = alice.expect_type(Bye)
    code = int.from_bytes(bye.body[:2], "little")
    assert code == 200, f"code {code}"
