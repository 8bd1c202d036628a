"""A test of a project's own, by the means of the cases."""

from peerspec.codecs.gnutella import Query
from peerspec.conformance.bench import Timing
from peerspec.conformance.engine import Settings, open_bench
from peerspec.conformance.networks import network_named
from peerspec.conformance.selection import choose_target


def test_a_query_in_japanese_reaches_the_other_peer() -> None:
    target, _ = choose_target(network_named("gnutella"), "virtual", seed=1)
    target.start()
    bench = open_bench(target, Settings(timing=Timing(timeout=2)), "a query in Japanese")
    try:
        alice, bob = bench.peers(2)
        query = alice.send(Query("音楽"), ttl=3)
        assert Query.decode(bob.expect(query).body).text == "音楽"
    finally:
        bench.finish()
        target.stop()
