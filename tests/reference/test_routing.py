"""Queries out, hits back, Pushes after them: servents in a row, in a ring, and with testers between."""

import random

from peerspec.codecs.gnutella import Ping, Query, QueryHit, Result
from peerspec.reference.gnutella import Found, Servent

from .conftest import Neighbourhood

QUERY, HIT = 0x80, 0x81


def test_a_search_finds_over_several_hops(near: Neighbourhood) -> None:
    servents = near.line({}, {}, {"the needle.txt": b"12345"}, {"another needle.ogg": b"1", "hay.txt": b""})
    guid = near.search(servents[0], "Needle")
    assert servents[0].results(guid) == (
        Found(("10.0.0.3", 6346), 1, "the needle.txt", 5, servents[2].servent_id, push=False),
        Found(("10.0.0.4", 6346), 1, "another needle.ogg", 1, servents[3].servent_id, push=False),
    )


def test_a_search_goes_no_further_than_its_ttl(near: Neighbourhood) -> None:
    servents = near.line({}, {"needle 1": b""}, {"needle 2": b""}, {"needle 3": b""})
    guid = near.network.call(servents[0], lambda node, now: node.search(now, "needle", ttl=2))
    near.network.run_for(5)
    assert [found.name for found in servents[0].results(guid)] == ["needle 1", "needle 2"]


def test_in_a_ring_each_query_is_answered_once_and_dies_out(near: Neighbourhood) -> None:
    ring = near.line(*[{f"needle {number}": b""} for number in range(5)])
    near.link(ring[-1], ring[0])
    near.network.trace = []
    guid = near.search(ring[0], "needle")
    assert sorted(found.name for found in ring[0].results(guid)) == [f"needle {number}" for number in range(1, 5)]
    # five links: the Query crosses each once in the direction away from the asker, and one of them both ways
    queries = [data for _, _, _, data in near.network.trace if data[:16] == guid and data[16] == QUERY]
    assert len(queries) == 6


def test_the_results_of_an_unknown_search_are_none(near: Neighbourhood) -> None:
    assert near.servent().results(bytes(16)) == ()


def test_results_are_bounded(near: Neighbourhood) -> None:
    servents = near.line({}, {f"needle {number}": b"" for number in range(700)}, max_found=500)
    guid = near.search(servents[0], "needle")
    assert len(servents[0].results(guid)) == 500


def test_many_results_come_in_hits_of_bounded_size(near: Neighbourhood) -> None:
    servent = near.servent({f"needle {number} {'x' * 200}": b"" for number in range(700)})
    tester = near.tester(servent)
    tester.send(Query("needle"))
    hits = [descriptor.payload() for descriptor in tester.got(HIT)]
    counts = [len(hit.results) for hit in hits if isinstance(hit, QueryHit)]
    assert sum(counts) == 700
    assert max(counts) <= 255
    assert all(len(hit.encode()) <= 60_000 for hit in hits)


def test_an_own_query_that_comes_back_is_neither_answered_nor_passed_on(near: Neighbourhood) -> None:
    servent = near.servent({"needle": b""})
    tester, other = near.tester(servent), near.tester(servent)
    near.search(servent, "needle")
    (query,) = tester.got(QUERY)
    other.read()
    tester.send(Query("needle"), guid=query.guid, ttl=4, hops=1)
    assert tester.read() == []
    assert other.read() == []


def test_a_hit_does_not_find_an_asker_that_has_gone(near: Neighbourhood) -> None:
    hub = near.servent()
    asker, answerer, other = near.tester(hub), near.tester(hub), near.tester(hub)
    query = asker.send(Query("needle"))
    assert len(answerer.got(QUERY)) == 1
    other.read()
    asker.stream.close()
    near.network.run_for(1)
    answerer.send(QueryHit(1, "1.2.3.4", 0, (Result(1, 2, "needle"),), bytes(16)), guid=query.guid)
    assert other.read() == []


def test_a_firewalled_servent_that_is_asked_by_a_firewalled_one_is_silent(near: Neighbourhood) -> None:
    tester = near.tester(near.servent({"needle": b""}, firewalled=True))
    tester.send(Query("needle", min_speed=0x00C0))
    assert tester.got(HIT) == []
    tester.send(Query("needle", min_speed=0x0080))
    assert len(tester.got(HIT)) == 1


def test_a_slow_servent_is_silent_where_speed_is_asked_for(near: Neighbourhood) -> None:
    tester = near.tester(near.servent({"needle": b""}, speed=100))
    tester.send(Query("needle", min_speed=0x0100 + 1))
    assert tester.got(HIT) == []
    tester.send(Query("needle", min_speed=100))
    assert len(tester.got(HIT)) == 1


def test_one_link_has_only_so_much_passed_on(near: Neighbourhood) -> None:
    servent = near.servent(flood_burst=50, flood_rate=10.0)
    noisy, quiet, reader = near.tester(servent), near.tester(servent), near.tester(servent)
    for _ in range(200):
        noisy.send(Query("noise"))
    quiet.send(Query("a word"))
    passed = [descriptor.payload() for descriptor in reader.got(QUERY)]
    assert len(passed) == 51
    assert Query("a word") in passed
    near.network.run_for(10)
    for _ in range(200):
        noisy.send(Query("noise"))
    assert 50 <= len(reader.got(QUERY)) <= 60


def test_tables_stay_within_their_limits(near: Neighbourhood) -> None:
    servent = near.servent(max_routes=100)
    tester = near.tester(servent)
    guids = random.Random(1)
    for _ in range(1000):
        tester.send(Query("noise"), guid=guids.randbytes(16))
        tester.send(Ping(), guid=guids.randbytes(16))
    near.network.run_for(1)
    assert len(servent.query_routes) == len(servent.ping_routes) == 100
    assert len(servent.seen) == 200


def test_a_rule_is_followed_by_name(near: Neighbourhood) -> None:
    class Keeping(Servent):
        """Forwards a Query with the TTL it came with."""

        def forwarded_query_ttl(self, ttl: int, hops: int) -> int:
            return ttl

    servent = near.servent(kind=Keeping)
    tester, reader = near.tester(servent), near.tester(servent)
    tester.send(Query("needle"), ttl=4, hops=2)
    (copy,) = reader.got(QUERY)
    assert (copy.ttl, copy.hops) == (4, 3)
