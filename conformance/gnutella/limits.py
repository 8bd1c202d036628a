"""Limits: what one peer sends, or does not read, is no harm to the others."""

from __future__ import annotations

import pytest

from ...codecs.gnutella import Descriptor, Ping, Query
from ..checks import checks
from .bench import Bench

_FLOOD = 2000
_BULK = 300


@checks("GNU-LIM-02")
@pytest.mark.parametrize("kind", ["Pings", "Queries", "mixed"])
def test_a_peer_that_floods_does_not_stop_service_to_others(bench: Bench, kind: str) -> None:
    bob, carol, flooder = bench.peers(3)
    ping = [Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1).encode() for _ in range(_FLOOD)]
    query = [Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=1).encode() for _ in range(_FLOOD)]
    flooder.send_bytes(b"".join({"Pings": ping, "Queries": query, "mixed": ping[::2] + query[::2]}[kind]))
    carol.expect(bob.send(Query(bench.unique())))
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-LIM-02")
def test_a_peer_that_never_reads_does_not_stop_service_to_others(bench: Bench) -> None:
    bob, carol, _never_reads = bench.peers(3)
    padding = "x" * 3000
    for _ in range(_BULK):
        bob.send(Query(f"{bench.unique()} {padding}"))
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()
