"""Queries: which are answered, how the answer comes back, and which are not worth an answer."""

from __future__ import annotations

import struct

import pytest

from ...codecs.gnutella import Query, QueryHit
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .hitparts import hits_for, take_apart, wire_name, words_of

_LARGE, _MODERATE = 4096, 256
_LARGEST_HIT = 64 * 1024


# --- what matches


@checks("GNU-QRY-01")
@pytest.mark.parametrize("form", ["as named", "reversed", "upper case", "one word"])
def test_a_query_is_answered_when_all_its_words_match(bench: Bench, form: str) -> None:
    for share in bench.shares:
        words = words_of(share)
        text = {
            "as named": " ".join(words),
            "reversed": " ".join(reversed(words)),
            "upper case": " ".join(words).upper(),
            "one word": max(words, key=len),
        }[form]
        alice = bench.peer()
        alice.ask(Query(text), QueryHit)


@checks("GNU-QRY-02")
@pytest.mark.parametrize("form", ["one word more", "one word less a letter"])
def test_a_query_is_not_answered_when_one_word_fails(bench: Bench, form: str) -> None:
    alice = bench.peer()
    words = words_of(bench.shares[0])
    hits_for(bench, alice, " ".join(words))
    other = bench.unique("nomatch") if form == "one word more" else bench.unique() + words[0]
    alice.send(Query(" ".join([*words, other])))
    alice.expect_none_where("no hit", lambda got: got.type == QueryHit.wire_type, fence=alice)


@checks("GNU-QRY-03")
@pytest.mark.parametrize("form", ["empty", "one letter"])
def test_a_query_that_asks_for_nothing_is_not_answered(bench: Bench, form: str) -> None:
    alice = bench.peer()
    hits_for(bench, alice, " ".join(words_of(bench.shares[0])))
    single = [word for share in bench.shares for word in share.name.split() if len(word) == 1]
    letter = single[0] if single else bench.shares[0].name[0]
    alice.send(Query("" if form == "empty" else letter))
    alice.expect_none_where("no hit", lambda got: got.type == QueryHit.wire_type, fence=alice)


@checks("GNU-QRY-04")
def test_an_index_query_is_answered_with_all_that_is_shared(bench: Bench) -> None:
    alice = bench.peer()
    names = {wire_name(share) for share in bench.shares}
    query = alice.send(Query("    "), ttl=1)
    alice.sync()
    found = {record.name for hit in alice.replies(query, QueryHit) for record in take_apart(hit.body).records}
    assert found >= names, f"{len(found & names)} of {len(names)} files"


@checks("GNU-QRY-07")
def test_a_query_with_minimum_speed_0_is_answered(bench: Bench) -> None:
    alice = bench.peer()
    text = " ".join(words_of(bench.shares[0]))
    hits_for(bench, alice, text)
    alice.ask(Query(text, min_speed=0), QueryHit)


# --- how the answer comes back


@checks("GNU-QRY-05")
def test_a_query_is_answered_where_it_came_from_under_its_guid(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(" ".join(words_of(bench.shares[0]))))
    alice.sync()
    bob.flush(alice)
    if astray := bob.seen(lambda got: got.type == QueryHit.wire_type):
        raise Failure(expected="the hit on the connection that the Query came from", actual=f"{astray[0]!r} on another")
    came = alice.seen(lambda got: got.type == QueryHit.wire_type)
    if not came:
        raise Inconclusive("the node does not answer a Query for what it shares")
    for hit in came:
        assert hit.guid == query.guid, f"a hit under {hit.guid.hex()}"
        assert hit.hops == 0, f"a hit with Hops {hit.hops}"


@checks("GNU-QRY-06")
@pytest.mark.parametrize(("ttl", "hops"), [(3, 0), (3, 2), (1, 5)], ids=str)
def test_the_answer_has_ttl_enough_for_the_way_back(bench: Bench, ttl: int, hops: int) -> None:
    alice = bench.peer()
    for hit in hits_for(bench, alice, " ".join(words_of(bench.shares[0])), ttl=ttl, hops=hops):
        assert hit.ttl >= max(1, hops), f"TTL {hit.ttl} for a Query that came {hops} hops"


@checks("GNU-QRY-10", feature="many-shares")
def test_many_results_are_split_over_hits_of_bounded_size(bench: Bench) -> None:
    number = 200
    names = {f"bulk {count:04d} {'long ' * 80}.txt" for count in range(number)}
    node = bench.instance(shares=dict.fromkeys(names, b""))
    alice = bench.peer(at=node.address)
    hits = hits_for(bench, alice, "bulk")
    for hit in hits:
        assert len(hit.body) <= _LARGEST_HIT, f"a hit of {len(hit.body)} bytes"
    with assuming("the hits are well-formed"):
        found = [record.name for hit in hits for record in take_apart(hit.body).records]
        assert found
    assert len(found) == len(set(found)), f"{len(found)} results, {len(set(found))} different"
    assert sum(map(len, found)) > _LARGEST_HIT, f"no more than {len(found)} results in all"


# --- size and form


@checks("GNU-QRY-08")
@pytest.mark.parametrize("where", ["text", "extension"])
def test_a_query_above_4_kb_is_dropped(bench: Bench, where: str) -> None:
    alice, bob = bench.peers(2)
    padding = "x" * _LARGE
    word = bench.unique()
    query = alice.send(Query(f"{word} {padding}") if where == "text" else Query(word, extension=padding.encode()))
    bob.expect_none(query, fence=alice)
    with assuming("a small Query is forwarded"):
        bob.expect(bench.peer().send(Query(bench.unique())))


@checks("GNU-QRY-09")
def test_a_query_without_its_nul_does_no_harm(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    alice.send_raw(0x80, struct.pack("<H", 0x80) + bench.unique().encode())
    alice.assert_answers()
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-QRY-11")
def test_a_query_above_256_bytes_is_forwarded(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    bob.expect(alice.send(Query(f"{bench.unique()} {'x' * _MODERATE}")))
