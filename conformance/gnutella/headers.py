"""The descriptor header: framing, GUIDs, unknown types, and payloads that are not what the header says."""

from __future__ import annotations

import struct

import pytest

from ...codecs.gnutella import Descriptor, Header, Ping, Pong, Query
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import ACCEPTED
from .probe import Peer, name_of

_KNOWN_TYPES = frozenset((0x00, 0x01, 0x02, 0x10, 0x30, 0x31, 0x32, 0x40, 0x80, 0x81, 0xCD))
_LARGEST = 64 * 1024
_UNKNOWN_TYPES = pytest.mark.parametrize("wire_type", [0x99, 0x55, 0xFE], ids=hex)
_MINIMUM = {0x01: 14, 0x02: 2, 0x40: 26, 0x80: 3, 0x81: 27}
_SHORT = [(wire_type, size) for wire_type, least in _MINIMUM.items() for size in sorted({0, 1, least - 1})]


# --- framing


@checks("GNU-HDR-01")
def test_all_that_the_node_sends_can_be_cut_into_descriptors(bench: Bench) -> None:
    alice, caller = bench.peer(check=False), bench.raw()
    with assuming("a handshake succeeds"):
        assert caller.ask().code == 200
    caller.send(ACCEPTED + Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1).encode())
    with assuming("the node says something"):
        stream = caller.read(23)
    query = alice.send(Query(bench.unique()))
    while query.guid not in stream:
        if lacking := _missing(stream):
            stream += caller.read(lacking)
        else:
            with assuming("a Query is forwarded"):
                stream += caller.read(1)
    while lacking := _missing(stream):
        stream += caller.read(lacking)


def _header_is_sound(header: bytes) -> bool:
    """Whether these 23 bytes make sense as a header."""
    return header[16] in _KNOWN_TYPES and int.from_bytes(header[19:23], "little") <= _LARGEST


def _missing(stream: bytes) -> int:
    """How many bytes the last descriptor of the stream still lacks; Failure when the stream makes no sense."""
    position = 0
    while position + 23 <= len(stream):
        header = stream[position : position + 23]
        if not _header_is_sound(header):
            raise Failure(expected=f"a descriptor header at byte {position}", actual=header.hex(" "))
        position += 23 + int.from_bytes(header[19:23], "little")
    if position == len(stream):
        return 0
    return position - len(stream) if position > len(stream) else position + 23 - len(stream)


@checks("GNU-HDR-02")
def test_descriptors_that_come_byte_by_byte_are_put_together(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    with assuming("a Query is forwarded"):
        bob.expect(alice.send(Query(bench.unique())))
    query = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    alice.send_bytewise(query.encode())
    bob.expect(query)


@checks("GNU-HDR-02")
def test_descriptors_that_come_in_one_segment_are_all_processed(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    with assuming("a Query is forwarded"):
        bob.expect(alice.send(Query(bench.unique())))
    queries = [Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4) for _ in range(5)]
    ping = Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1)
    alice.send_bytes(b"".join(each.encode() for each in [*queries, ping]))
    for query in queries:
        bob.expect(query)
    alice.expect_answer(ping, Pong)


@checks("GNU-HDR-02")
@pytest.mark.parametrize("cut", [1, 16, 22, 23, 24], ids=lambda cut: f"after {cut} bytes")
def test_a_descriptor_in_two_segments_is_put_together_while_others_talk(bench: Bench, cut: int) -> None:
    alice, bob = bench.peers(2)
    alice.answers_pings = False  # an answer would come to stand in the middle
    query = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    alice.send_bytes(query.encode()[:cut])
    with assuming("another peer's Query is forwarded meanwhile"):
        alice.expect(bob.send(Query(bench.unique())))
    alice.send_bytes(query.encode()[cut:])
    bob.expect(query)


# --- GUIDs, TTL and Hops of the node's own


@checks("GNU-HDR-03")
def test_the_nodes_own_guids_carry_the_marks(bench: Bench) -> None:
    for own in bench.originated(bench.peer()):
        assert (own.guid[8], own.guid[15]) == (0xFF, 0x00), f"{name_of(own.type)} under {own.guid.hex()}"


@checks("GNU-HDR-05")
def test_the_nodes_own_descriptors_start_with_a_moderate_ttl_and_no_hops(bench: Bench) -> None:
    for own in bench.originated(bench.peer()):
        assert 1 <= own.ttl <= 7, f"a {name_of(own.type)} with TTL {own.ttl}"
        assert own.hops == 0, f"a {name_of(own.type)} with Hops {own.hops}"


@checks("GNU-HDR-04")
@pytest.mark.parametrize("kind", ["nearly zero", "unmarked", "byte 15 is 7"])
def test_a_foreign_guid_is_kept_bit_by_bit(bench: Bench, kind: str) -> None:
    alice, bob = bench.peers(2)
    with assuming("a Query is forwarded"):
        bob.expect(alice.send(Query(bench.unique())))
    guid = bytearray(bench.new_guid())
    if kind == "nearly zero":  # not all of it: a servent that lives on would know it from the last run
        guid[4:] = bytes(12)
    elif kind == "unmarked":
        guid[8], guid[15] = 0x11, 0x80
    else:
        guid[15] = 7
    word = bench.unique()
    alice.send(Query(word), guid=bytes(guid))
    copy = bob.expect_where("the Query", lambda got: got.type == 0x80 and word.encode() in got.body)
    assert copy.guid == bytes(guid)


# --- unknown types


@checks("GNU-HDR-06")
@_UNKNOWN_TYPES
def test_a_descriptor_of_an_unknown_type_does_no_harm(bench: Bench, wire_type: int) -> None:
    alice = bench.peer()
    alice.send_raw(wire_type, b"peerspec", ttl=1)
    alice.assert_answers()


@checks("GNU-HDR-07")
@_UNKNOWN_TYPES
def test_a_descriptor_of_an_unknown_type_is_not_forwarded(bench: Bench, wire_type: int) -> None:
    alice, bob = bench.peers(2)
    unknown = alice.send_raw(wire_type, b"peerspec", ttl=4)
    bob.expect_none(unknown, fence=alice)


# --- lengths that are not true


def _announce(peer: Peer, length: int, body: bytes = b"") -> None:
    """Send a Query's header that announces `length` bytes, and `body`."""
    peer.send(Descriptor(Header(peer.bench.new_guid(), 0x80, 4, 0, length), body))


@checks("GNU-HDR-08")
@pytest.mark.parametrize("length", [0x0001_1170, 0x1000_0000, 0x7FFF_FFFF], ids=hex)
def test_a_payload_that_is_announced_too_long_is_not_waited_for(bench: Bench, length: int) -> None:
    alice, bob = bench.peers(2)
    _announce(alice, length, b"\x80\x00peerspec")
    alice.expect_end()
    with assuming("the others are served"):
        bob.sync()
    bench.assert_alive()


@checks("GNU-HDR-09")
@pytest.mark.parametrize("length", [0x8000_0000, 0xFFFF_FFE9, 0xFFFF_FFFF], ids=hex)
def test_a_length_of_2_gib_and_more_harms_nobody_else(bench: Bench, length: int) -> None:
    alice, bob = bench.peers(2)
    _announce(alice, length, struct.pack("<H", 0x80) + b"peerspec\0")
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-HDR-10")
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("kept", [10, 23, 26], ids=lambda kept: f"{kept} bytes")
def test_a_descriptor_cut_short_by_the_end_harms_nobody_else(bench: Bench, reset: bool, kept: int) -> None:
    alice, bob = bench.peers(2)
    alice.send_bytes(Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4).encode()[:kept])
    if reset:
        alice.abort()
    else:
        alice.close()
    bob.assert_answers()
    bench.assert_alive()


@checks("GNU-HDR-11")
@pytest.mark.parametrize(("wire_type", "size"), _SHORT, ids=str)
def test_a_payload_shorter_than_its_type_allows_harms_nobody_else(bench: Bench, wire_type: int, size: int) -> None:
    alice, bob = bench.peers(2)
    alice.send_raw(wire_type, bytes(size), ttl=1)
    bob.assert_answers()
    bench.assert_alive()
