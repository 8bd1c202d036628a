"""Duplicates: what has been seen is dropped, by type and GUID; what only looks alike is not."""

from __future__ import annotations

import pytest

from ...codecs.gnutella import Descriptor, Ping, Pong, Query, QueryHit
from ..checks import checks
from ..outcomes import assuming
from .bench import Bench
from .paths import path_of_hits, path_of_pushes, path_of_query

_REMEMBERED_SECONDS = 60.0


@checks("GNU-DUP-01")
def test_a_query_that_a_peer_repeats_is_forwarded_once(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()))
    with assuming("the Query is forwarded"):
        bob.expect(query)
    alice.send(query)
    bob.expect_no_more(query, fence=alice)


@checks("GNU-DUP-02")
def test_a_query_that_comes_from_a_second_peer_is_forwarded_once(bench: Bench) -> None:
    path = path_of_query(bench)
    path.bystander.send(path.query)
    path.answerer.expect_no_more(path.query, fence=path.bystander)


@checks("GNU-DUP-02")
def test_a_query_that_comes_back_in_a_loop_is_not_forwarded_again(bench: Bench) -> None:
    path = path_of_query(bench, ttl=5)
    with assuming("the Query reaches all"):
        path.bystander.expect(path.query)
    path.answerer.send(Descriptor.of_raw(0x80, path.query.body, guid=path.query.guid, ttl=4, hops=2))
    path.bystander.expect_no_more(path.query, fence=path.answerer)


@checks("GNU-DUP-03")
def test_a_ping_under_the_guid_of_a_query_is_answered(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    query = alice.send(Query(bench.unique()))
    with assuming("the Query is forwarded"):
        bob.expect(query)
    alice.ask(Ping(), Pong, guid=query.guid, ttl=1)


@checks("GNU-DUP-03")
def test_a_query_under_the_guid_of_a_ping_is_forwarded(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    guid = bench.new_guid()
    with assuming("a Query is forwarded, and the Ping answered"):
        bob.expect(alice.send(Query(bench.unique())))
        alice.ask(Ping(), Pong, guid=guid, ttl=3)
    bob.expect(alice.send(Query(bench.unique()), guid=guid))


@checks("GNU-DUP-03")
def test_a_push_under_the_guid_of_the_query_is_routed(bench: Bench) -> None:
    path = path_of_pushes(bench)
    path.answerer.expect(path.asker.send(path.push(), guid=path.query.guid))


@checks("GNU-DUP-04")
def test_a_known_guid_with_another_text_is_a_duplicate(bench: Bench) -> None:
    path = path_of_query(bench)
    path.asker.send(path.query)
    with assuming("a plain repetition is dropped"):
        path.answerer.expect_no_more(path.query, fence=path.asker)
    path.asker.send(Query(bench.unique()), guid=path.query.guid)
    path.answerer.expect_no_more(path.query, fence=path.asker)


@checks("GNU-DUP-05")
@pytest.mark.parametrize("number", [2, 6])
def test_further_hits_for_one_query_are_all_routed(bench: Bench, number: int) -> None:
    path = path_of_hits(bench)
    for count in range(number):
        path.answerer.send(path.answerer.hit(f"further {count}", index=100 + count), guid=path.query.guid)
    for _ in range(number):
        path.asker.expect_reply(path.query, QueryHit)


@checks("GNU-DUP-06")
def test_a_second_push_to_one_servent_is_no_duplicate(bench: Bench) -> None:
    path = path_of_pushes(bench)
    with assuming("a first Push is routed"):
        path.answerer.expect(path.asker.send(path.push()))
    path.answerer.expect(path.asker.send(path.push()))


@checks("GNU-DUP-07")
def test_a_push_that_comes_twice_is_routed_once(bench: Bench) -> None:
    path = path_of_pushes(bench)
    push = path.asker.send(path.push())
    with assuming("the Push is routed"):
        path.answerer.expect(push)
    path.asker.send(push)
    path.answerer.expect_no_more(push, fence=path.asker)


@checks("GNU-DUP-08")
def test_a_query_is_remembered_for_a_minute(bench: Bench) -> None:
    path = path_of_query(bench)
    path.asker.send(path.query)
    with assuming("a repetition at once is dropped"):
        path.answerer.expect_no_more(path.query, fence=path.asker)
    bench.elapse(_REMEMBERED_SECONDS - 1, keep=[path.asker, path.answerer, path.bystander])
    path.asker.send(path.query)
    path.answerer.expect_no_more(path.query, fence=path.asker)
