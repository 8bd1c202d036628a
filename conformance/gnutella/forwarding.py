"""Forwarding: what TTL and Hops a Query leaves with, to whom it goes, and when it goes nowhere.

Each case about what is not forwarded is fenced by a Query that is.
"""

from __future__ import annotations

import pytest

from ...codecs.gnutella import Descriptor, Ping, Query
from ..checks import checks
from ..outcomes import assuming
from .bench import Bench
from .paths import path_of_hits, path_of_pushes

_OWN_MAXIMUM = 7
_STEPS = pytest.mark.parametrize(("ttl", "hops"), [(4, 0), (3, 1), (2, 0), (2, 4)], ids=str)


@checks("GNU-FWD-01")
@_STEPS
def test_a_forwarded_query_has_a_lower_ttl(bench: Bench, ttl: int, hops: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=ttl, hops=hops)
    with assuming("the Query is forwarded"):
        copy = bob.expect(query)
    assert 1 <= copy.ttl < ttl, f"TTL {ttl} came out as {copy.ttl}"


@checks("GNU-FWD-02")
@_STEPS
def test_a_forwarded_query_has_one_hop_more(bench: Bench, ttl: int, hops: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=ttl, hops=hops)
    with assuming("the Query is forwarded"):
        copy = bob.expect(query)
    assert copy.hops == hops + 1, f"Hops {hops} came out as {copy.hops}"


@checks("GNU-FWD-02")
@pytest.mark.parametrize(("ttl", "hops"), [(4, 6), (2, 7)], ids=str)
def test_a_query_at_the_end_of_its_way_has_one_hop_more_if_it_goes_on(bench: Bench, ttl: int, hops: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=ttl, hops=hops)
    bob.flush(alice)
    for copy in bob.replies(query, Query):
        assert copy.hops == hops + 1, f"Hops {hops} came out as {copy.hops}"


# --- the end of the way


@checks("GNU-FWD-03")
@pytest.mark.parametrize("hops", [0, 3])
def test_a_query_whose_ttl_runs_out_is_not_forwarded(bench: Bench, hops: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=1, hops=hops)
    bob.expect_none(query, fence=alice)


@checks("GNU-FWD-04")
def test_a_hit_whose_ttl_runs_out_is_not_forwarded(bench: Bench) -> None:
    path = path_of_hits(bench)
    last = path.answerer.send(path.answerer.hit("last"), guid=path.query.guid, ttl=1)
    path.asker.expect_none(last, fence=path.answerer)


@checks("GNU-FWD-05")
def test_a_push_whose_ttl_runs_out_is_not_forwarded(bench: Bench) -> None:
    path = path_of_pushes(bench)
    last = path.asker.send(path.push(), ttl=1)
    path.answerer.expect_none(last, fence=path.asker)


@checks("GNU-FWD-06")
@pytest.mark.parametrize("hops", [0, 2])
def test_a_query_that_comes_with_ttl_0_is_not_forwarded(bench: Bench, hops: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=0, hops=hops)
    bob.expect_none(query, fence=alice)


@checks("GNU-FWD-06")
def test_a_ping_that_comes_with_ttl_0_is_not_forwarded(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    ping = alice.send(Ping(), ttl=0)
    bob.expect_none(ping, fence=alice)


@checks("GNU-FWD-06")
def test_a_hit_that_comes_with_ttl_0_is_not_forwarded(bench: Bench) -> None:
    path = path_of_hits(bench)
    spent = path.answerer.send(path.answerer.hit("spent"), guid=path.query.guid, ttl=0)
    path.asker.expect_none(spent, fence=path.answerer)


@checks("GNU-FWD-06")
def test_a_push_that_comes_with_ttl_0_is_not_forwarded(bench: Bench) -> None:
    path = path_of_pushes(bench)
    spent = path.asker.send(path.push(), ttl=0)
    path.answerer.expect_none(spent, fence=path.asker)


@checks("GNU-FWD-07")
@pytest.mark.parametrize("ttl", [3, 7])
def test_a_query_with_255_hops_goes_no_further(bench: Bench, ttl: int) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()), ttl=ttl, hops=255)
    bob.expect_none(query, fence=alice)


@checks("GNU-FWD-07")
def test_a_ping_with_255_hops_goes_no_further(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    ping = alice.send(Ping(), ttl=3, hops=255)
    bob.expect_none(ping, fence=alice)


@checks("GNU-FWD-07")
def test_a_hit_with_255_hops_goes_no_further(bench: Bench) -> None:
    path = path_of_hits(bench)
    far = path.answerer.send(path.answerer.hit("far"), guid=path.query.guid, ttl=3, hops=255)
    path.asker.expect_none(far, fence=path.answerer)


@checks("GNU-FWD-07")
def test_a_push_with_255_hops_goes_no_further(bench: Bench) -> None:
    path = path_of_pushes(bench)
    far = path.asker.send(path.push(), ttl=3, hops=255)
    path.answerer.expect_none(far, fence=path.asker)


# --- limits of TTL


@checks("GNU-FWD-08")
@pytest.mark.parametrize(("ttl", "hops"), [(7, 3), (10, 0), (15, 0), (15, 4)], ids=str)
def test_a_query_that_could_go_too_far_is_trimmed(bench: Bench, ttl: int, hops: int) -> None:
    alice, bob = bench.peers(2)
    with assuming("a Query of moderate TTL is forwarded"):
        bob.expect(alice.send(Query(bench.unique()), ttl=3))
    copy = bob.expect(alice.send(Query(bench.unique()), ttl=ttl, hops=hops))
    assert copy.ttl + copy.hops <= max(_OWN_MAXIMUM, hops + 2), f"{ttl}/{hops} came out as {copy.ttl}/{copy.hops}"


@checks("GNU-FWD-09")
@pytest.mark.parametrize("ttl", [16, 128, 255])
def test_a_query_with_an_absurd_ttl_is_dropped(bench: Bench, ttl: int) -> None:
    alice, bob, carol = bench.peers(3)
    query = alice.send(Query(bench.unique()), ttl=ttl)
    bob.expect_none(query, fence=alice)
    with assuming("others are served"):
        bob.expect(carol.send(Query(bench.unique())))


# --- flooding


@checks("GNU-FWD-10")
def test_a_query_goes_to_all_peers_but_its_origin(bench: Bench) -> None:
    alice, bob, carol, dave = bench.peers(4)
    for asker, others in ((alice, (bob, carol, dave)), (dave, (alice, bob, carol))):
        query = asker.send(Query(bench.unique()))
        for other in others:
            other.expect(query)


@checks("GNU-FWD-11")
def test_a_query_does_not_go_back_to_its_origin(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()))
    with assuming("the Query is forwarded"):
        bob.expect(query)
    alice.expect_none(query, fence=alice)


@checks("GNU-FWD-12")
@pytest.mark.parametrize(
    "extension",
    [b"", b"urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB", b"\xc3\x83XYZ\x45hello", b"\0", b"zz\x1c<?xml?><a/>\x1c\xff"],
    ids=["none", "urn", "ggep", "nul", "mixed"],
)
def test_text_and_extensions_of_a_query_are_kept_byte_by_byte(bench: Bench, extension: bytes) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(f"{bench.unique()}  Caf\u00e9 (x)", extension=extension))
    with assuming("the Query is forwarded"):
        copy = bob.expect(query)
    assert copy.body[2:] == query.body[2:]


@checks("GNU-FWD-13")
def test_nothing_is_forwarded_or_answered_for_a_caller_without_a_handshake(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    caller = bench.raw()
    with assuming("the node accepts"):
        assert caller.ask().code == 200
    query = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    ping = Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1)
    caller.send(query.encode() + ping.encode())
    alice.sync()
    bob.expect_none(query, fence=alice)
    assert ping.guid not in caller.pending(), "a Ping was answered before the handshake was complete"
