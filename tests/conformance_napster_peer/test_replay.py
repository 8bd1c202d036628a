"""Traces of peers that fail: what showed on a mutant shows again there, and does not on the reference."""

from __future__ import annotations

from functools import partial

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.evidence.trace import Trace, decode, trace
from peerspec.conformance.networks import Network
from peerspec.conformance.replay.run import replay

KINDS = (
    "WritesHeadersBigEndian",  # a message that does not come
    "HidesItsPort",  # one with a value that must not come
    "KnocksAtOnce",  # time that passes
    "WantsLf",  # a metaserver
    "AcceptsUnderItsOwnNick",
    "AcceptsWhateverIsAsked",
    "TellsOfUploadsTwice",
    "WaitsToBeSpokenTo",  # no first byte
    "SendsAllFromTheBeginning",  # a file from another byte
    "RefusesWithoutAWord",
    "StaysAfterTheFile",  # a connection that stays open
    "StaysAtHome",  # one that does not come
    "GoesWhereItIsSent",  # one that must not come
    "OffersInALine",  # bytes that can't be read
    "AsksBeforeTheGreeting",
    "AnswersWithAnInteger",
    "AsksAgainAfterARefusal",
    "LeavesOutTheLastLf",
    "TakesNamesForPaths",  # a file where none should be
    "TakesHalfForAll",  # one that should not be there
    "TakesWhateverComes",  # one with other bytes
    "DropsResultsWithAWeight",  # one that is missing
    "KnowsNoLimit",  # a tester that stops reading
    "ListensAsATest",  # a port that the tester had, and has given up
    "GoesToItself",  # time in which the case only looks on
)


def _traced(peers: Network, name: str) -> Trace:
    """The trace of the first case that a mutant fails."""
    mutant = next(each for each in mutants.of("napster-peer") if each.name == name)
    target = VirtualTarget(peers, 1, partial(peers.make_node, cls=mutant.node))
    for case in cases("napster-peer"):
        if mutant.breaks in case.requirements and (result := judge(case, target, Settings())).deviates:
            return decode(trace(result, target, Settings()).encode())
    raise AssertionError(f"{name} fails no case")


@pytest.mark.parametrize("name", KINDS)
def test_a_deviation_shows_again_on_the_mutant_and_not_on_the_reference(peers: Network, name: str) -> None:
    mutant = next(each for each in mutants.of("napster-peer") if each.name == name)
    found = _traced(peers, name)
    there = replay(found, VirtualTarget(peers, 77, partial(peers.make_node, cls=mutant.node)), Timing(), seed=5)
    assert there.shows, f"{found.symptom}: {there.seen}"
    here = replay(found, VirtualTarget(peers, 78), Timing(), seed=5)
    assert not here.shows, f"{found.symptom}: {here.seen}"
