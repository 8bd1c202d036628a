"""Push: routed by servent id over the way of the hit; and what a node does that is asked to call back."""

from __future__ import annotations

import re

import pytest

from ...codecs.gnutella import Push
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .connection import RawPeer
from .download import path_to
from .hitparts import HitParts, parts_for
from .http import HttpPeer
from .listening import Listener
from .paths import path_of_hits, path_of_pushes
from .probe import Peer

_GIV = re.compile(rb"GIV ([0-9]+):([0-9A-Fa-f]{32})/[^\r\n]*\n\n")
_UNKNOWN_INDEX = 9999
_MANY = 20


# --- routing


@checks("GNU-PSH-01")
def test_a_push_goes_to_the_peer_that_answered_and_to_nobody_else(bench: Bench) -> None:
    path = path_of_hits(bench)
    push = path.asker.send(path.push())
    path.answerer.expect(push)
    path.bystander.expect_none(push, fence=path.asker)


@checks("GNU-PSH-02")
def test_a_push_for_an_unknown_servent_is_dropped(bench: Bench) -> None:
    path = path_of_pushes(bench)
    stray = path.asker.send(path.push().replace(servent_id=bench.fresh.randbytes(16)))
    path.answerer.expect_none(stray, fence=path.asker)
    path.bystander.expect_none(stray, fence=path.asker)


@checks("GNU-PSH-03")
@pytest.mark.parametrize("extension", [b"", b"\xc3\x83TLS\x40"], ids=["none", "ggep"])
@pytest.mark.parametrize(("ttl", "hops"), [(4, 0), (2, 3)], ids=str)
def test_a_routed_push_is_unchanged_but_for_ttl_and_hops(bench: Bench, ttl: int, hops: int, extension: bytes) -> None:
    path = path_of_hits(bench)
    push = path.asker.send(path.push(extension=extension), ttl=ttl, hops=hops)
    with assuming("the Push is routed"):
        copy = path.answerer.expect(push)
    assert copy.body == push.body
    assert 1 <= copy.ttl < ttl, f"TTL {ttl} came out as {copy.ttl}"
    assert copy.hops == hops + 1, f"Hops {hops} came out as {copy.hops}"


@checks("GNU-PSH-04")
def test_a_push_is_not_returned_to_its_sender(bench: Bench) -> None:
    path = path_of_pushes(bench)
    own = path.answerer.send(path.push())
    path.answerer.expect_none(own, fence=path.answerer)


# --- being called back


def _own_hit(bench: Bench, peer: Peer) -> HitParts:
    """A hit of the node's own, which says its servent id; Inconclusive unless it says the same one twice."""
    share = bench.shares[0]
    parts = parts_for(bench, peer, share)
    if parts_for(bench, peer, share).servent_id != parts.servent_id:
        raise Inconclusive("the node gives another servent id each time")
    return parts


def _ask_back(peer: Peer, servent_id: bytes, index: int, listener: Listener) -> None:
    """Ask the servent to call `listener`."""
    ip, port = listener.address
    peer.send(Push(servent_id, index, ip, port))


@checks("GNU-PSH-06")
def test_a_node_that_gets_its_own_push_calls_and_says_giv(bench: Bench) -> None:
    alice = bench.peer()
    listener = bench.listen()
    parts = _own_hit(bench, alice)
    _ask_back(alice, parts.servent_id, parts.record_of(bench.shares[0]).index, listener)
    line = listener.accept().read_until(b"\n\n")
    found = _GIV.fullmatch(line)
    if found is None or bytes.fromhex(found[2].decode()) != parts.servent_id:
        raise Failure(expected=f"GIV <index>:{parts.servent_id.hex()}/<name> LF LF", actual=repr(line))
    alice.sync()


@checks("GNU-PSH-07")
def test_a_node_that_calls_back_serves_any_file_on_the_connection(bench: Bench) -> None:
    alice = bench.peer()
    listener = bench.listen()
    asked, wanted = bench.shares[0], bench.shares[-1]
    with assuming("the node serves the file, and calls back"):
        path = path_to(parts_for(bench, alice, wanted).record_of(wanted).index, wanted)
        assert bench.http().get(path).body == wanted.content
        parts = _own_hit(bench, alice)
        _ask_back(alice, parts.servent_id, parts.record_of(asked).index, listener)
        caller = listener.accept()
        _skip_giv(caller)
    response = HttpPeer(bench, caller.wire, caller.pending()).get(path)
    assert (response.status, len(response.body)) == (200, wanted.size)


def _skip_giv(caller: RawPeer) -> None:
    """Read the greeting, whatever its form."""
    greeting = caller.read(1)
    while not greeting.endswith((b"\n\n", b"\n\r\n")):
        greeting += caller.read(1)


@checks("GNU-PSH-08")
@pytest.mark.parametrize("index", [0, _UNKNOWN_INDEX])
def test_a_node_calls_back_for_an_unknown_index_as_well(bench: Bench, index: int) -> None:
    alice = bench.peer()
    parts = _own_hit(bench, alice)
    unknown = bench.listen()
    with assuming("the node calls back for an index it knows, as often as it is asked"):
        for known in (bench.listen(), bench.listen()):
            _ask_back(alice, parts.servent_id, parts.record_of(bench.shares[0]).index, known)
            known.accept()
    _ask_back(alice, parts.servent_id, index, unknown)
    unknown.accept()


@checks("GNU-PSH-05")
def test_a_node_does_not_act_on_a_push_that_names_another(bench: Bench) -> None:
    alice = bench.peer()
    parts = _own_hit(bench, alice)
    index = parts.record_of(bench.shares[0]).index
    own, foreign = bench.listen(), bench.listen()
    other = bytearray(parts.servent_id)
    other[3] ^= 0xFF
    _ask_back(alice, bytes(other), index, foreign)
    with assuming("the node calls back when it is named"):
        _ask_back(alice, parts.servent_id, index, own)
        own.accept()
    alice.sync()
    assert foreign.accepted() is None, "a connection for a Push that names another servent"


@checks("GNU-PSH-09")
def test_the_callbacks_to_one_target_are_limited(bench: Bench) -> None:
    alice = bench.peer()
    parts = _own_hit(bench, alice)
    index = parts.record_of(bench.shares[0]).index
    target = bench.listen()
    for _ in range(_MANY):
        _ask_back(alice, parts.servent_id, index, target)
    with assuming("the node calls back at all"):
        target.accept()
    bench.peer().sync()
    number = 1
    while target.accepted():
        number += 1
    assert number < _MANY, f"{number} connections for {_MANY} Pushes"
