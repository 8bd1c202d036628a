"""Replay of traces of servers, and over sockets of peers: the deviation shows again, and not on the reference."""

from __future__ import annotations

import os
import random
import socket
from dataclasses import replace
from functools import partial

import pytest

from peerspec.codecs.napster import DownloadAck, Packet, PasswordCheck, Register, UserSpeedRequest
from peerspec.conformance import mutants
from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.evidence.dissect import Unit
from peerspec.conformance.evidence.symbols import symbols
from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Sign, Symptom
from peerspec.conformance.replay.bindings import Bindings
from peerspec.conformance.replay.run import replay
from peerspec.conformance.replay.stream import Stream
from peerspec.conformance.replay.words import Words
from peerspec.conformance.worlds import Kind
from peerspec.reference.napster import ServerConfig

from .conftest import Failing, failures, mutant_named, running, traced, virtual

SEED = int(os.environ.get("PEERSPEC_MUTANT_SEED", "1122"))
SAMPLE = random.Random(SEED).sample([each.name for each in mutants.of("napster")], 24)
KINDS = (
    "LetsAskersWait",  # one of several answers, none of which comes
    "TakesTheLastMessageFirst",  # answers in another order
    "EndsSearchesTogether",
    "EndsTheListTwice",  # an answer too many
    "ReadsOneMessageASegment",
    "ServesStrangers",  # a message in the place of which the reference closes
    "WaitsForAQuestion",  # a metaserver
    "WritesNoLineEnd",
    "GossipsWithAll",  # a number with two meanings
    "ListsBansWithoutAReason",  # a time of day
)
OVER_SOCKETS = (
    ("napster", "WritesNoLineEnd"),
    ("napster", "TellsEverybodyTheAddress"),
    ("napster-peer", "SharesNothing"),
    ("napster-peer", "TakesWhateverComes"),
    ("napster-peer", "NamesAnotherPort"),
)
TIMING = Timing(timeout=1.0)


@pytest.mark.parametrize("name", sorted({*SAMPLE, *KINDS}))
def test_a_deviation_shows_again_on_the_mutant_and_not_on_the_reference(napster: Network, name: str) -> None:
    then = virtual(napster, name)
    results = failures(napster, name, then)
    assert results
    for result in results:
        again = traced(result, then)
        there = replay(again, virtual(napster, name, seed=77), Timing(), seed=5)
        assert there.shows, f"{result.case.id} ({again.symptom.sign}): {there.seen}"
        here = replay(again, virtual(napster, None, seed=78), Timing(), seed=5)
        assert not here.shows, f"{result.case.id} ({again.symptom.sign}): {here.seen}"


@pytest.mark.parametrize(("network_name", "name"), OVER_SOCKETS)
def test_a_trace_of_virtual_time_is_replayed_over_sockets(failing: Failing, network_name: str, name: str) -> None:
    result, then = failing(network_name, name)
    again = traced(result, then)
    for mutant in (name, None):
        target = running(then.network, mutant)
        try:
            decision = replay(again, target, TIMING, seed=5)
        finally:
            target.stop()
        assert decision.shows is (mutant is not None), decision.seen


def test_a_port_that_is_taken_is_another_one_in_the_replay(failing: Failing) -> None:
    network, name = "napster-peer", "TakesWhateverComes"
    result, then = failing(network, name)
    again = traced(result, then)
    places = {event.local for event in again.transcript().events if event.kind is Kind.LISTEN}
    assert places
    taken = [socket.create_server(place) for place in places]
    target = running(then.network, name)
    try:
        decision = replay(again, target, TIMING, seed=5)
    finally:
        target.stop()
        for each in taken:
            each.close()
    assert decision.shows, decision.seen


@pytest.mark.parametrize("name", ["TellsNoAddress"])
def test_a_server_that_remembers_meets_nicks_that_it_does_not_know(failing: Failing, name: str) -> None:
    result, then = failing("napster", name)
    again = traced(result, then)
    mutant = running(then.network, name)
    try:
        for _ in range(3):  # from the second on, the nick of the trace is registered
            decision = replay(again, mutant, TIMING)
            assert decision.shows, decision.seen
    finally:
        mutant.stop()


@pytest.mark.parametrize("name", ["LetsAskersWait", "EndsTheListTwice"])
def test_what_a_node_says_as_it_likes_is_not_compared(napster: Network, failing: Failing, name: str) -> None:
    result, then = failing("napster", name)
    mutant = mutant_named(napster, name).node

    class Chatty(mutant):  # type: ignore[misc, valid-type]
        def __init__(self, config: ServerConfig, random: random.Random) -> None:
            super().__init__(replace(config, motd=("Good morning.", "What a day.")), random)

    chatty = VirtualTarget(napster, 7, partial(napster.make_node, cls=Chatty))
    decision = replay(traced(result, then), chatty, Timing(), seed=5)
    assert decision.shows, decision.seen


def test_a_trace_names_the_node_as_it_was_and_not_one_that_was_started_anew(napster: Network) -> None:
    target = running(napster, "DiesOfAnEmoteWithoutText")
    try:
        where = target.address
        result = next(each for each in failures(napster, "DiesOfAnEmoteWithoutText", target) if each.symptom)
        assert target.restart()
        assert target.address != where
        assert result.transcript is not None
        assert traced(result, target).target.address == f"{where[0]}:{where[1]}"
    finally:
        target.stop()


# --- what stands for what


def unit(message: object, *, sent: bool, start: int = 0) -> Unit:
    assert isinstance(message, DownloadAck | PasswordCheck | Register | UserSpeedRequest)
    packet = Packet.of(message)
    return Unit(1, sent, 0, 0.0, start, packet.encode(), packet)


def test_a_longer_address_has_a_longer_length_in_its_header(peers: Network) -> None:
    ack = DownloadAck("bob", "127.0.1.1", 6699, "C:\\a song.mp3", "0" * 32, 8)
    then, node = unit(ack, sent=True), ("127.0.0.1", 6346)
    known = symbols(peers, [then]).values()
    bindings = Bindings(peers, known, random.Random(1), node=(node, node), renew=False)
    bindings.bind_address(("127.0.1.1", 6699), ("127.200.201.202", 12345))
    stream = Stream(peers, bindings, Words((), random.Random(1)), [then])
    there = ack.replace(ip="127.200.201.202", port=12345)
    assert stream.next(then.raw) == Packet.of(there).encode()
    assert len(there.encode()) > len(ack.encode())
    assert bindings.form(then, replayed=False) == bindings.form(unit(there, sent=True), replayed=True)
    other = unit(ack.replace(ip="127.200.201.203", port=12345), sent=True)
    assert bindings.form(then, replayed=False) != bindings.form(other, replayed=True)


def test_a_nick_that_is_registered_is_another_one_wherever_it_stands(napster: Network) -> None:
    register = unit(Register("tqbbbcqabcdef", "secret", 6699, "a peer 1", 8, "a@b"), sent=True)
    check = unit(PasswordCheck("TQbbbcqabcdef", "secret"), sent=True, start=len(register.raw))
    words = Words(napster.remembered(Packet.of_raw(6, register.raw[4:])), random.Random(1))
    bindings = Bindings(napster, (), random.Random(1), node=(("", 0), ("", 0)), renew=True)
    stream = Stream(napster, bindings, words, [register, check])
    (sent,) = (Packet.decode(stream.next(register.raw)).payload("client"),)
    assert isinstance(sent, Register)
    assert (len(sent.nick), sent.nick == "tqbbbcqabcdef") == (13, False)
    (asked,) = (Packet.decode(stream.next(check.raw)).payload("client"),)
    assert isinstance(asked, PasswordCheck)
    assert asked.nick == sent.nick[:2].upper() + sent.nick[2:]
    came = unit(UserSpeedRequest(asked.nick), sent=False)
    assert words.back(came).raw == unit(UserSpeedRequest("TQbbbcqabcdef"), sent=False).raw
    assert words.back(check) is check


def test_what_a_case_waited_for_in_vain_is_said_in_its_symptom(failing: Failing) -> None:
    result, _ = failing("napster", "LetsAskersWait")
    assert result.symptom == Symptom(sign=Sign.ANSWERS, wire=result.symptom.wire if result.symptom else 0, waited=True)
    result, _ = failing("napster", "EndsSearchesTogether")
    assert result.symptom is not None
    assert not result.symptom.waited
