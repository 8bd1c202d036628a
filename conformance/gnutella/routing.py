"""Routing: a QueryHit takes the way of its Query back, unchanged, to the asker and to nobody else."""

from __future__ import annotations

import pytest

from ...codecs.gnutella import OpenData, Query, QueryHit, Result, Trailer
from ..checks import checks
from ..outcomes import Inconclusive, assuming
from .bench import Bench
from .paths import path_of_hits, path_of_query


@checks("GNU-RTE-01")
def test_a_hit_goes_to_the_asker_and_to_nobody_else(bench: Bench) -> None:
    path = path_of_query(bench)
    hit = path.answerer.send(path.answerer.hit(), guid=path.query.guid)
    path.asker.expect(hit)
    path.bystander.expect_none(hit, fence=path.answerer)


@checks("GNU-RTE-01")
def test_hits_for_two_queries_go_each_to_its_asker(bench: Bench) -> None:
    alice, bob, carol = bench.peers(3)
    for asker, other in ((alice, carol), (carol, alice)):
        query = asker.send(Query(bench.unique()))
        with assuming("the Query is forwarded"):
            bob.expect(query)
        hit = bob.send(bob.hit(), guid=query.guid)
        asker.expect(hit)
        other.expect_none(hit, fence=bob)


@checks("GNU-RTE-02")
def test_a_hit_that_nobody_asked_for_is_dropped(bench: Bench) -> None:
    path = path_of_hits(bench)
    stray = path.answerer.send(path.answerer.hit())
    path.asker.expect_none(stray, fence=path.answerer)
    path.bystander.expect_none(stray, fence=path.answerer)


@checks("GNU-RTE-03")
def test_a_hit_for_an_asker_that_has_gone_is_dropped(bench: Bench) -> None:
    path = path_of_hits(bench)
    carol = path.bystander
    query = carol.send(Query(bench.unique()))
    with assuming("the Query is forwarded"):
        path.answerer.expect(query)
    carol.close()
    with assuming("the others are served"):
        path.asker.sync()
    late = path.answerer.send(path.answerer.hit(), guid=query.guid)
    path.asker.expect_none(late, fence=path.answerer)
    bench.assert_alive()


@checks("GNU-RTE-04")
def test_a_hit_is_not_returned_to_the_peer_that_sent_it(bench: Bench) -> None:
    path = path_of_hits(bench)
    own = path.asker.send(path.asker.hit(), guid=path.query.guid)
    path.asker.expect_none(own, fence=path.asker)


@checks("GNU-RTE-05")
def test_a_duplicate_of_a_query_does_not_redirect_its_hits(bench: Bench) -> None:
    path = path_of_query(bench)
    path.bystander.send(path.query)
    path.answerer.flush(path.bystander)
    if len(path.answerer.seen(lambda got: got.guid == path.query.guid)) > 1:
        raise Inconclusive("the duplicate was not recognized")
    hit = path.answerer.send(path.answerer.hit(), guid=path.query.guid)
    path.asker.expect(hit)


_TRAILER = Trailer(b"TEST", OpenData(0x3C, 0x29), private=b"\x00\xc3\x82BH\x40")
_PAYLOADS: dict[str, dict[str, object]] = {
    "no trailer": {"trailer": None},
    "private area": {"trailer": _TRAILER},
    "xml": {"trailer": Trailer(b"test", OpenData(0x3C, 0x01, more=b"\x04\x00"), private=b"<a/>")},
    "extensions": {"results": (Result(7, 8, "a b", extension=b"urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB\x1cxyz"),)},
    "two results": {"results": (Result(1, 2, "one"), Result(0xFFFFFFFF, 0xFFFFFFFF, "b\u00fccher"))},
}


@checks("GNU-RTE-06")
@pytest.mark.parametrize("kind", _PAYLOADS)
def test_the_payload_of_a_hit_is_kept_byte_by_byte(bench: Bench, kind: str) -> None:
    path = path_of_hits(bench)
    hit = path.answerer.send(path.answerer.hit().replace(**_PAYLOADS[kind]), guid=path.query.guid)
    with assuming("the QueryHit is routed"):
        copy = path.asker.expect(hit)
    assert copy.body == hit.body


def _hit_of_size(hit: QueryHit, size: int) -> QueryHit:
    """The hit with a name that makes its payload `size` bytes long, in results of moderate length."""
    results = tuple(Result(number, 1000, "x" * 180) for number in range(size // 190))
    rest = size - len(hit.replace(results=(*results, Result(9999, 1, ""))).encode())
    return hit.replace(results=(*results, Result(9999, 1, "y" * rest)))


@checks("GNU-RTE-07")
@pytest.mark.parametrize("size", [2048, 4800, 22000])
def test_a_hit_of_many_results_is_routed(bench: Bench, size: int) -> None:
    path = path_of_hits(bench)
    hit = path.answerer.send(_hit_of_size(path.answerer.hit(), size), guid=path.query.guid)
    assert len(hit.body) == size
    path.asker.expect(hit)


@checks("GNU-RTE-08")
@pytest.mark.parametrize("ttl", [8, 30, 255])
def test_a_hit_with_a_high_ttl_is_routed(bench: Bench, ttl: int) -> None:
    path = path_of_hits(bench)
    path.asker.expect(path.answerer.send(path.answerer.hit("high"), guid=path.query.guid, ttl=ttl))


@checks("GNU-RTE-09")
def test_a_hit_without_results_and_trailer_is_dropped(bench: Bench) -> None:
    path = path_of_hits(bench)
    nothing = path.answerer.hit().replace(results=(), trailer=None)
    empty = path.answerer.send(nothing, guid=path.query.guid)
    path.asker.expect_none(empty, fence=path.answerer)


@checks("GNU-RTE-10")
@pytest.mark.parametrize(("ttl", "hops"), [(4, 0), (3, 2), (2, 0)], ids=str)
def test_a_forwarded_hit_has_a_lower_ttl_and_one_hop_more(bench: Bench, ttl: int, hops: int) -> None:
    path = path_of_query(bench)
    hit = path.answerer.send(path.answerer.hit(), guid=path.query.guid, ttl=ttl, hops=hops)
    with assuming("the QueryHit is routed"):
        copy = path.asker.expect(hit)
    assert 1 <= copy.ttl < ttl, f"TTL {ttl} came out as {copy.ttl}"
    assert copy.hops == hops + 1, f"Hops {hops} came out as {copy.hops}"
