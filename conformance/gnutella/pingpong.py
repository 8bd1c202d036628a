"""Ping and Pong: who is there. Both ways of the field are accepted, routing each Ping and answering from a cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ...codecs.gnutella import Descriptor, Ping, Pong
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .probe import Peer, Received

_MANY, _BOUND = 200, 50
_SETTLING_SECONDS, _IDLE_SECONDS = 4.0, 58.0
_SILENT_SECONDS = 180.0
_KIB = 1024


# --- the node's own Pong


@checks("GNU-PNG-01")
def test_a_ping_to_the_neighbour_is_answered(bench: Bench) -> None:
    alice = bench.peer(check=False)
    alice.ask(Ping(), Pong, ttl=1, hops=0)


@checks("GNU-PNG-02")
def test_a_ping_that_came_one_hop_and_goes_no_further_is_answered(bench: Bench) -> None:
    alice = bench.peer()
    alice.ask(Ping(), Pong, ttl=1, hops=1)


@checks("GNU-PNG-03")
def test_a_pong_has_the_guid_of_its_ping(bench: Bench) -> None:
    alice = bench.peer()
    ping = alice.send(Ping(), ttl=1)
    with assuming("the Ping is answered"):
        pong = alice.expect_answer(ping, Pong)
    assert pong.guid == ping.guid, f"{pong.guid.hex()} for {ping.guid.hex()}"


def _own_pong(bench: Bench, asker: Peer, ping: Descriptor) -> Received:
    """The node's own Pong, known by the address it gives."""
    asker.sync()
    for pong in asker.replies(ping, Pong):
        if _host(pong) == bench.address:
            return pong
    raise Inconclusive("no Pong with the node's own address came")


def _host(pong: Received) -> tuple[str, int]:
    """The address that a Pong gives."""
    decoded = pong.read(Pong)
    return decoded.ip, decoded.port


@checks("GNU-PNG-04")
@pytest.mark.parametrize(("ttl", "hops"), [(1, 0), (1, 1), (2, 3), (1, 6)], ids=str)
def test_the_nodes_own_pong_has_no_hops_and_ttl_enough_for_the_way_back(bench: Bench, ttl: int, hops: int) -> None:
    alice = bench.peer()
    pong = _own_pong(bench, alice, alice.send(Ping(), ttl=ttl, hops=hops))
    assert pong.hops == 0, f"Hops {pong.hops}"
    assert pong.ttl >= max(1, hops), f"TTL {pong.ttl} for a Ping that came {hops} hops"


@checks("GNU-PNG-05")
def test_the_nodes_own_pong_gives_the_address_it_listens_at(bench: Bench) -> None:
    alice = bench.peer()
    ping = alice.send(Ping(), ttl=1)
    with assuming("the Ping is answered"):
        alice.expect_reply(ping, Pong)
    alice.sync()
    given = [_host(pong) for pong in alice.replies(ping, Pong)]
    if bench.address not in given:
        raise Failure(expected=_shown(bench.address), actual=", ".join(map(_shown, given)))


def _shown(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"


@checks("GNU-PNG-06")
def test_the_nodes_own_pong_counts_what_it_shares(bench: Bench) -> None:
    shares = bench.shares
    alice = bench.peer()
    pong = _own_pong(bench, alice, alice.send(Ping(), ttl=1)).read(Pong)
    assert pong.files == len(shares), f"{pong.files} files where {len(shares)} are shared"
    least = sum(share.size for share in shares) // _KIB
    marked = pong.kib >= 8 and pong.kib & (pong.kib - 1) == 0
    assert marked or least <= pong.kib <= least + len(shares), f"{pong.kib} KiB where {least} are shared"


# --- Pongs of others


@dataclass(frozen=True, slots=True)
class Relay:
    """Two Pings of `asker`: `giver` offered its Pongs between them. What they brought has come."""

    asker: Peer
    giver: Peer
    bystander: Peer
    pings: tuple[Descriptor, ...]


def _relay(bench: Bench, offered: list[Pong]) -> Relay:
    """Let a giver offer Pongs and an asker ask twice: for those that are routed, and for those from a cache."""
    asker, giver, bystander = bench.peers(3)
    giver.answers_pings = bystander.answers_pings = False
    ping = asker.send(Ping(), ttl=4)
    giver.flush(asker)
    for pong in offered:
        giver.send(pong, guid=ping.guid, ttl=4)
    asker.flush(giver)
    again = asker.send(Ping(), ttl=4)
    asker.sync()
    return Relay(asker, giver, bystander, (ping, again))


def _gives(offered: list[Pong]) -> Callable[[Received], bool]:
    """Whether a descriptor is a Pong that gives one of the addresses offered, wherever it came from."""
    bodies = {pong.encode()[:6] for pong in offered}
    return lambda got: got.type == Pong.wire_type and got.body[:6] in bodies


def _elsewhere(bench: Bench, *, port: int = 6346) -> Pong:
    """A Pong of a servent that nobody else speaks of."""
    return Pong(port, f"127.{bench.fresh.randint(100, 250)}.{bench.fresh.randint(0, 255)}.9", 3, 8)


@checks("GNU-PNG-09")
def test_a_relayed_pong_has_the_guid_of_the_askers_ping(bench: Bench) -> None:
    offered = [_elsewhere(bench)]
    relay = _relay(bench, offered)
    if not (relayed := relay.asker.seen(_gives(offered))):
        raise Inconclusive("the node passed no Pong on")
    for pong in relayed:
        assert pong.guid in {ping.guid for ping in relay.pings}, f"under {pong.guid.hex()}"


@checks("GNU-PNG-09")
def test_a_relayed_pong_has_one_hop_more(bench: Bench) -> None:
    offered = [_elsewhere(bench)]
    relay = _relay(bench, offered)
    if not (relayed := relay.asker.seen(_gives(offered))):
        raise Inconclusive("the node passed no Pong on")
    for pong in relayed:
        assert pong.hops >= 1, f"Hops {pong.hops} for a Pong that came with 0"


@checks("GNU-PNG-19")
def test_a_pong_whose_ttl_runs_out_is_not_passed_on(bench: Bench) -> None:
    usual, last = _elsewhere(bench), _elsewhere(bench)
    relay = _relay(bench, [usual])
    if not relay.asker.seen(_gives([usual])):
        raise Inconclusive("the node passed no Pong on")
    relay.giver.send(last, guid=relay.pings[0].guid, ttl=1)
    relay.asker.flush(relay.giver)
    for pong in relay.asker.seen(_gives([last])):
        assert pong.ttl >= 1, "with TTL 0"


@checks("GNU-PNG-10")
def test_a_relayed_pong_goes_to_nobody_but_the_asker(bench: Bench) -> None:
    offered = [_elsewhere(bench)]
    relay = _relay(bench, offered)
    if not relay.asker.seen(_gives(offered)):
        raise Inconclusive("the node passed no Pong on")
    relay.bystander.expect_none_where("no Pong for who did not ask", _gives(offered), fence=relay.giver)


@checks("GNU-PNG-10")
def test_the_nodes_own_pong_goes_to_nobody_but_the_asker(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    ping = alice.send(Ping(), ttl=1)
    with assuming("the Ping is answered"):
        alice.expect_reply(ping, Pong)
    bob.expect_none(ping, Pong, fence=alice)


@checks("GNU-PNG-07")
def test_the_pongs_for_one_ping_are_bounded(bench: Bench) -> None:
    crowd = [Pong(6346, f"127.99.{number // 250}.{number % 250 + 1}", 3, 8) for number in range(_MANY)]
    relay = _relay(bench, crowd)
    dave = bench.peer()
    late = dave.send(Ping(), ttl=7)
    dave.sync()
    with assuming("the Ping is answered"):
        assert relay.asker.replies(relay.pings[0], Pong)
        assert dave.replies(late, Pong)
    for peer, ping in [(relay.asker, each) for each in relay.pings] + [(dave, late)]:
        number = len(peer.replies(ping, Pong))
        assert number <= _BOUND, f"{number} Pongs for one Ping"


@checks("GNU-PNG-08")
def test_a_pong_is_not_handed_back_to_the_peer_that_gave_it(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    ping, offered = alice.send(Ping(), ttl=4), _elsewhere(bench)
    bob.flush(alice)
    alice.send(offered, guid=ping.guid, ttl=4)
    again = alice.send(Ping(), ttl=4)
    with assuming("the Ping is answered"):
        alice.expect_reply(again, Pong)
    alice.expect_none_where("no Pong with the address that it gave itself", _gives([offered]), fence=alice)


@checks("GNU-PNG-11")
def test_a_pong_that_nobody_asked_for_is_not_passed_on(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    offered = _elsewhere(bench)
    bob.send(offered, ttl=4)
    alice.expect_none_where("no Pong that was not asked for", _gives([offered]), fence=bob)


@checks("GNU-PNG-12")
def test_a_pong_without_a_port_is_not_passed_on(bench: Bench) -> None:
    unreachable, reachable = _elsewhere(bench, port=0), _elsewhere(bench)
    relay = _relay(bench, [unreachable, reachable])
    if not relay.asker.seen(_gives([reachable])):
        raise Inconclusive("the node passed no Pong on")
    if came := relay.asker.seen(_gives([unreachable])):
        raise Failure(expected="no Pong with port 0", actual=repr(came[0]))


# --- Pings with something in them


@checks("GNU-PNG-13")
@pytest.mark.parametrize(
    "extension",
    [b"\xc3\x83SCP\x41\x01", b"\xc3\x83ZZZ\x45hello", b"\xc3\x02IP\x40\x83QRS\x40"],
    ids=["SCP", "ZZZ", "two"],
)
def test_a_ping_with_a_ggep_block_is_answered(bench: Bench, extension: bytes) -> None:
    alice = bench.peer()
    alice.ask(Ping(extension=extension), Pong, ttl=1)
    alice.assert_answers()


@checks("GNU-PNG-14")
@pytest.mark.parametrize(
    "payload", [b"\0", b"junk that is no GGEP", b"\xc3", bytes(300)], ids=["nul", "text", "c3", "long"]
)
def test_a_ping_with_any_other_payload_does_no_harm(bench: Bench, payload: bytes) -> None:
    alice = bench.peer()
    alice.send_raw(0x00, payload, ttl=1)
    alice.assert_answers()


# --- idle links


@checks("GNU-PNG-15")
def test_an_idle_link_is_kept_alive_by_pings(bench: Bench) -> None:
    alice = bench.peer()
    bench.elapse(_SETTLING_SECONDS, keep=[alice])
    before = len(_pings(bench, alice))
    for _ in range(2):
        bench.elapse(_IDLE_SECONDS, keep=[alice])
        if len(_pings(bench, alice)) > before:
            break
    else:
        raise Failure(expected="a Ping of the node's own", actual=f"none in {2 * _IDLE_SECONDS:g} s")
    alice.sync()


def _pings(bench: Bench, peer: Peer) -> list[Received]:
    """The node's own Pings that have come."""
    return peer.seen(lambda got: got.type == Ping.wire_type and got.guid not in bench.sent_guids)


@checks("GNU-PNG-16")
def test_a_peer_that_answers_no_keep_alive_ping_is_dropped(bench: Bench) -> None:
    alice, mute = bench.peers(2)
    mute.answers_pings = False
    bench.elapse(_SILENT_SECONDS, keep=[alice])
    if not _pings(bench, mute):
        raise Inconclusive("the node sent no keep-alive Ping")
    with assuming("a peer that answers stays"):
        alice.sync()
    mute.expect_end()


# --- forwarding


@checks("GNU-PNG-17")
@pytest.mark.parametrize("hops", [0, 1])
def test_a_ping_with_ttl_1_is_not_forwarded(bench: Bench, hops: int) -> None:
    alice, bob = bench.peers(2)
    ping = alice.send(Ping(), ttl=1, hops=hops)
    bob.expect_none(ping, fence=alice)


@checks("GNU-PNG-18")
def test_a_ping_with_ttl_left_is_forwarded(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    bob.expect(alice.send(Ping(), ttl=4))
