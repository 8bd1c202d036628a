"""Limits: what one peer sends, or does not read, is no harm to the others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from ...codecs.defects import near_valid
from ...codecs.gnutella import (
    Bye,
    ConnectRequest,
    ConnectResponse,
    Descriptor,
    GetRequest,
    Giv,
    Ping,
    Pong,
    Push,
    Query,
    QueryHit,
)
from ...codecs.message import Message
from ..checks import checks
from ..outcomes import assuming
from .bench import Bench
from .probe import MessageClass, P

_QUERIES, _PINGS = 600, 300
_BULK = 60
_SAMPLE, _SAMPLE_BYTES = 12, 150_000


@checks("GNU-LIM-01")
@pytest.mark.parametrize("message", [Ping, Pong, Bye, Push, Query, QueryHit], ids=lambda message: message.__name__)
def test_near_valid_descriptors_leave_the_node_serving(bench: Bench, message: MessageClass[P]) -> None:
    bob, carol = bench.peers(2)
    mallory = bench.peer()
    for payload in _near_valid(bench, message):
        if mallory.closed:
            mallory = bench.peer()
        mallory.send_raw(message.wire_type or 0, payload, ttl=1)
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()


@checks("GNU-LIM-01")
@pytest.mark.parametrize("message", [ConnectRequest, GetRequest, Giv], ids=lambda message: message.__name__)
def test_near_valid_first_blocks_leave_the_node_serving(bench: Bench, message: type[Message]) -> None:
    bob, carol = bench.peers(2)
    for block in _near_valid(bench, message):
        caller = bench.raw()
        caller.send(block)
        caller.close()
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()


@checks("GNU-LIM-01")
def test_near_valid_final_blocks_leave_the_node_serving(bench: Bench) -> None:
    bob, carol = bench.peers(2)
    for block in _near_valid(bench, ConnectResponse):
        caller = bench.raw()
        with assuming("the node answers a request"):
            caller.ask()
        caller.send(block)
        caller.close()
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()


@checks("GNU-LIM-01")
@pytest.mark.parametrize(
    "line",
    [
        "Content-Length: -1",
        "Content-Length: 1.5",
        "Content-Length: 99999999999",
        "Range: bytes=9-1",
        "Connection: \xff",
    ],
)
def test_a_request_with_an_absurd_header_leaves_the_node_serving(bench: Bench, line: str) -> None:
    bob, carol = bench.peers(2)
    http = bench.raw()
    http.send(f"GET /get/1/{bench.unique()} HTTP/1.1\r\nHost: peerspec\r\n{line}\r\n\r\n".encode("latin-1"))
    http.close()
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()


def _near_valid(bench: Bench, message: type[Message]) -> Iterator[bytes]:
    """A sample of near-valid bytes of a message, bounded in number and size."""
    size = 0
    for defect in islice(near_valid(message, bench.random), _SAMPLE):
        size += len(defect.data)
        if size > _SAMPLE_BYTES:
            return
        yield defect.data


@checks("GNU-LIM-02")
def test_a_peer_that_floods_with_queries_does_not_stop_service_to_others(bench: Bench) -> None:
    bob, carol, flooder = bench.peers(3)
    flooder.send_bytes(
        b"".join(Descriptor.of(Query("flood"), guid=bench.new_guid(), ttl=2).encode() for _ in range(_QUERIES))
    )
    carol.expect(bob.send(Query(bench.unique())))
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-LIM-02")
def test_a_peer_that_floods_with_pings_does_not_stop_service_to_others(bench: Bench) -> None:
    bob, carol, flooder = bench.peers(3)
    flooder.send_bytes(b"".join(Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1).encode() for _ in range(_PINGS)))
    carol.expect(bob.send(Query(bench.unique())))
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-LIM-02")
def test_a_peer_that_never_reads_does_not_stop_service_to_others(bench: Bench) -> None:
    bob, carol, _never_reads = bench.peers(3)
    padding = "x" * 4000
    for _ in range(_BULK):
        bob.send(Query(f"{bench.unique()} {padding}"))
    carol.expect(bob.send(Query(bench.unique())))
    bench.assert_alive()
