"""QueryHits of the node's own: their form, and whether what they say is true."""

from __future__ import annotations

import pytest

from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .download import path_to
from .hitparts import hits_for, parts_for, take_apart, wire_name, words_of

_PUSH = 0x01


@checks("GNU-HIT-01")
def test_the_count_is_the_number_of_results(bench: Bench) -> None:
    alice = bench.peer()
    for share in bench.shares:
        for hit in hits_for(bench, alice, " ".join(words_of(share))):
            parts = take_apart(hit.body)
            assert parts.count >= 1
            vendor = parts.trailer[:4]
            if parts.trailer and not (len(vendor) == 4 and all(0x20 < byte < 0x7F for byte in vendor)):
                raise Failure(
                    expected=f"a trailer or the servent id after {parts.count} results", actual=parts.trailer.hex(" ")
                )


@checks("GNU-HIT-02")
def test_a_result_says_the_true_size_and_name(bench: Bench) -> None:
    alice = bench.peer()
    for share in bench.shares:
        hits = hits_for(bench, alice, " ".join(words_of(share)))
        with assuming("the count is right"):
            records = [record for hit in hits for record in take_apart(hit.body).records]
        if not records:
            raise Inconclusive("the node's hits hold no results")
        if not any((record.name, record.size) == (wire_name(share), share.size) for record in records):
            raise Failure(expected=f"{share.name!r} of {share.size} bytes", actual=repr(records))


@checks("GNU-HIT-03")
def test_the_servent_id_stays_the_same(bench: Bench) -> None:
    found = []
    for peer in bench.peers(2):
        for share in bench.shares:
            found += [hit.body[-16:] for hit in hits_for(bench, peer, " ".join(words_of(share)))]
    assert len(found) >= 2
    assert set(found) == {found[0]}, ", ".join(each.hex() for each in found)
    assert any(found[0]), "a servent id of zeros"


@checks("GNU-HIT-04")
def test_the_trailer_has_a_vendor_code_and_open_data_of_the_size_it_says(bench: Bench) -> None:
    alice = bench.peer()
    parts = parts_for(bench, alice, bench.shares[0])
    trailer = parts.trailer
    assert len(trailer) >= 7, f"a trailer of {len(trailer)} bytes"
    assert all(0x20 < byte < 0x7F for byte in trailer[:4]), f"vendor code {trailer[:4]!r}"
    assert 2 <= trailer[4] <= len(trailer) - 5, f"open data of {trailer[4]} bytes in {len(trailer) - 5}"


def _push_flag(trailer: bytes) -> bool | None:
    """The push flag of a trailer: its value stands in the first flag byte, that it is meaningful in the second."""
    if len(trailer) < 7:
        raise Inconclusive("the hit has no trailer with flags")
    return bool(trailer[5] & _PUSH) if trailer[6] & _PUSH else None


@checks("GNU-HIT-05")
def test_a_node_that_can_be_reached_says_that_no_push_is_needed(bench: Bench) -> None:
    alice = bench.peer()
    flag = _push_flag(parts_for(bench, alice, bench.shares[0]).trailer)
    assert flag is not None, "the push flag is not marked as meaningful"
    assert not flag, "the push flag is set"


@checks("GNU-HIT-05", feature="firewalled")
def test_a_firewalled_node_says_that_a_push_is_needed(bench: Bench) -> None:
    node = bench.instance(firewalled=True)
    listener = bench.listen()
    with assuming("the node dials"):
        node.dial(listener.address)
        caller = listener.accept()
        caller.read_block()
        caller.send(b"GNUTELLA/0.6 200 OK\r\n\r\n")
        caller.read_block()
        peer = caller.become_peer()
        peer.assert_answers()
    assert _push_flag(parts_for(bench, peer, bench.shares[0]).trailer) is True, "the push flag is not set"


@checks("GNU-HIT-06")
def test_the_address_of_a_hit_serves_the_file(bench: Bench) -> None:
    alice = bench.peer()
    share = bench.shares[0]
    parts = parts_for(bench, alice, share)
    target = path_to(parts.record_of(share).index, share)
    with assuming("the node serves the file"):
        assert bench.http().get(target).status == 200
    assert bench.http((parts.ip, parts.port)).get(target).status == 200


@checks("GNU-HIT-07")
@pytest.mark.parametrize("asker", ["the same peer", "another peer"])
def test_a_file_keeps_its_index(bench: Bench, asker: str) -> None:
    alice = bench.peer()
    for share in bench.shares:
        first = parts_for(bench, alice, share).record_of(share)
        second = parts_for(bench, alice if asker == "the same peer" else bench.peer(), share).record_of(share)
        assert second.index == first.index, f"index {first.index}, then {second.index}"
    with assuming("the node goes on to serve"):
        alice.sync()
