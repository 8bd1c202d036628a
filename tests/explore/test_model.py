"""The model of a servent: for each rule a scenario that the reference passes and a mutant does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.explore.explorer import Played
from peerspec.conformance.gnutella.model import GnutellaExplorer
from peerspec.conformance.gnutella.model.steps import (
    Again,
    Bye,
    Connect,
    Crowd,
    Dialled,
    Elapse,
    Get,
    GnutellaScenario,
    Hit,
    Intrude,
    Leave,
    Mute,
    Ping,
    Pong,
    Push,
    Query,
    Raw,
    Shutdown,
)
from peerspec.conformance.target import Target

Steps = tuple[Any, ...]
Mutate = Callable[[str], VirtualTarget]

HIT = (Query(label=1), Hit(label=2, link="B", of=1))
FILE = Query(label=1, text="words")


def announced(label: int, link: str) -> Raw:
    """A header that announces 128 KiB."""
    return Raw(label=label, link=link, type=0x80, announced=0x20000)


RULES: list[tuple[str, str, Steps]] = [
    ("GNU-FWD-01", "KeepsTheTtl", (Query(label=1),)),
    ("GNU-FWD-02", "KeepsTheHops", (Query(label=1),)),
    ("GNU-FWD-03", "ForwardsQueriesWithTtl0", (Query(label=1, ttl=1),)),
    ("GNU-FWD-04", "ForwardsHitsWithTtl0", (Query(label=1), Hit(label=2, link="B", of=1, ttl=1))),
    ("GNU-FWD-05", "ForwardsPushesWithTtl0", (*HIT, Push(label=3, of=2, ttl=1))),
    ("GNU-FWD-06", "WrapsTtl0", (Query(label=1, ttl=0),)),
    ("GNU-FWD-07", "WrapsHops255", (Query(label=1, hops=255),)),
    ("GNU-FWD-08", "DoesNotTrim", (Query(label=1, ttl=7, hops=3),)),
    ("GNU-FWD-09", "TakesAnyTtl", (Query(label=1, ttl=16),)),
    ("GNU-FWD-10", "ForwardsToOnePeer", (Query(label=1),)),
    ("GNU-FWD-11", "EchoesQueries", (Query(label=1),)),
    ("GNU-FWD-12", "StripsExtensions", (Query(label=1, extension="1c666f6f"),)),
    ("GNU-FWD-13", "NeedsNoHandshake", (Connect(label=1, link="D", final=0, glue="query"),)),
    ("GNU-DUP-01", "TakesRepetitionsOfAPeer", (Query(label=1), Again(label=2, of=1))),
    ("GNU-DUP-02", "RemembersForEachPeer", (Query(label=1), Again(label=2, link="B", of=1))),
    ("GNU-DUP-03", "KnowsGuidsOnly", (Ping(label=1, ttl=4), Query(label=2, same=1))),
    ("GNU-DUP-03", "TakesAPushForItsQuery", (*HIT, Push(label=3, of=2, same=1))),
    ("GNU-DUP-04", "KnowsQueriesByTheirText", (Query(label=1), Again(label=2, of=1, change=True))),
    ("GNU-DUP-05", "RoutesOneHitAQuery", (*HIT, Again(label=3, link="B", of=2, change=True))),
    ("GNU-DUP-06", "RoutesOnePushAServent", (*HIT, Push(label=3, of=2), Push(label=4, of=2))),
    ("GNU-DUP-07", "RepeatsPushes", (*HIT, Push(label=3, of=2), Again(label=4, of=3))),
    ("GNU-DUP-08", "ForgetsSoon", (Query(label=1), Elapse(label=2, seconds=45), Again(label=3, of=1))),
    ("GNU-RTE-01", "SpreadsHits", (Query(label=1), Hit(label=2, link="B", of=1))),
    ("GNU-RTE-02", "PassesStrayHits", (Hit(label=1, link="B"),)),
    ("GNU-RTE-03", "SendsHitsElsewhere", (Query(label=1), Leave(label=2), Hit(label=3, link="B", of=1))),
    ("GNU-RTE-04", "ReturnsHits", (Query(label=1), Hit(label=2, of=1))),
    (
        "GNU-RTE-05",
        "RoutesByTheLastDuplicate",
        (*HIT[:1], Again(label=2, link="B", of=1), Hit(label=3, link="C", of=1)),
    ),
    ("GNU-RTE-06", "StripsTrailers", HIT),
    ("GNU-RTE-07", "DropsLargeHits", (Query(label=1), Hit(label=2, link="B", of=1, size=22_000))),
    ("GNU-RTE-08", "DropsHitsWithAHighTtl", (Query(label=1), Hit(label=2, link="B", of=1, ttl=64))),
    ("GNU-RTE-09", "PassesEmptyHits", (Query(label=1), Hit(label=2, link="B", of=1, results=0, trailer=False))),
    ("GNU-RTE-10", "KeepsTheTtlOfHits", HIT),
    ("GNU-RTE-10", "KeepsTheHopsOfHits", HIT),
    ("GNU-PSH-01", "SpreadsPushes", (*HIT, Push(label=3, of=2))),
    ("GNU-PSH-02", "FloodsStrayPushes", (Push(label=3),)),
    ("GNU-PSH-03", "CutsPushes", (*HIT, Push(label=3, of=2, extension="c383544c5340"))),
    ("GNU-PSH-04", "ReturnsPushes", (*HIT, Push(label=3, link="B", of=2))),
    ("GNU-PSH-05", "ObeysForeignPushes", (Push(label=1),)),
    ("GNU-PSH-06", "GreetsWithCrlf", (FILE, Push(label=2, own=True))),
    ("GNU-PSH-07", "GreetsAndHangsUp", (FILE, Push(label=2, own=True, fetch=True))),
    ("GNU-PSH-08", "CallsForKnownFilesOnly", (FILE, Push(label=2, own=True, known_index=False))),
    ("GNU-PSH-09", "CallsAsOftenAsAsked", (FILE, Push(label=2, own=True, number=20))),
    ("GNU-PNG-01", "IgnoresANeighboursPing", (Ping(label=1),)),
    ("GNU-PNG-02", "IgnoresThePingOneHopAway", (Ping(label=1, hops=1),)),
    ("GNU-PNG-03", "PongsUnderANewGuid", (Ping(label=1),)),
    ("GNU-PNG-04", "PongsForOneHop", (Ping(label=1, ttl=2, hops=6),)),
    ("GNU-PNG-05", "SwapsItsPort", (Ping(label=1),)),
    ("GNU-PNG-06", "SharesNothing", (Ping(label=1),)),
    ("GNU-PNG-07", "PassesAllPongs", (Ping(label=1, ttl=4), Pong(label=2, link="B", of=1, number=200))),
    ("GNU-PNG-08", "ReturnsPongs", (Ping(label=1, ttl=4), Pong(label=2, of=1))),
    ("GNU-PNG-09", "RelaysPongsUnderANewGuid", (Ping(label=1, ttl=4), Pong(label=2, link="B", of=1))),
    ("GNU-PNG-09", "RelaysPongsAsItsOwn", (Ping(label=1, ttl=4), Pong(label=2, link="B", of=1))),
    ("GNU-PNG-10", "SpreadsItsOwnPong", (Ping(label=1),)),
    ("GNU-PNG-11", "PassesStrayPongs", (Pong(label=1, link="B"),)),
    ("GNU-PNG-12", "PassesPongsWithoutAPort", (Ping(label=1, ttl=4), Pong(label=2, link="B", of=1, port=0))),
    ("GNU-PNG-13", "IgnoresPingsWithGgep", (Ping(label=1, payload="c38353435041" + "01"),)),
    ("GNU-PNG-14", "ClosesOnStrangePings", (Ping(label=1, payload="00"),)),
    ("GNU-PNG-15", "NeverPingsAnIdleLink", (Elapse(label=1, seconds=125),)),
    ("GNU-PNG-16", "KeepsDeadPeers", (Mute(label=1), Elapse(label=2, seconds=200))),
    ("GNU-PNG-17", "ForwardsPingsWithTtl0", (Ping(label=1),)),
    ("GNU-QRY-01", "SearchesForThePhrase", (Query(label=1, text="reversed"),)),
    ("GNU-QRY-02", "AnswersForAnyWord", (Query(label=1, text="almost"),)),
    ("GNU-QRY-03", "AnswersOneLetter", (Query(label=1, text="letter"),)),
    ("GNU-QRY-05", "AnswersElsewhere", (FILE,)),
    ("GNU-QRY-06", "HitsForOneHop", (Query(label=1, text="words", hops=5),)),
    ("GNU-QRY-07", "WantsTheFlagMark", (Query(label=1, text="words", speed=0),)),
    ("GNU-QRY-08", "TakesQueriesOfAnyLength", (Query(label=1, padding=5000),)),
    ("GNU-QRY-09", "NeedsTheNul", (Query(label=1, nul=False),)),
    ("GNU-HIT-01", "CountsOneTooMany", (FILE,)),
    ("GNU-HIT-02", "SizesInKib", (FILE,)),
    ("GNU-HIT-03", "ChangesItsServentId", (FILE, Query(label=2, text="words"))),
    ("GNU-HIT-04", "SendsNoTrailer", (FILE,)),
    ("GNU-HIT-05", "SwapsTheFlagBytes", (FILE,)),
    ("GNU-HIT-06", "HitsWithAnotherPort", (FILE,)),
    ("GNU-HIT-07", "NumbersFilesAnew", (FILE, Query(label=2, text="one"))),
    ("GNU-BYE-01", "StaysAfterABye", (Bye(label=1),)),
    ("GNU-BYE-02", "SpreadsByes", (Bye(label=1),)),
    ("GNU-BYE-03", "SaysByeToEverybody", (Connect(label=1, link="D", bye="none"), announced(2, "D"))),
    ("GNU-BYE-04", "ByesWithTtl4", (announced(1, "A"),)),
    ("GNU-BYE-05", "ReadsOnAfterABye", (Bye(label=1, tail=True),)),
    ("GNU-BYE-06", "LeavesWithoutAWord", (Shutdown(label=1),)),
    ("GNU-BYE-07", "ObeysDistantByes", (Bye(label=1, hops=1),)),
    ("GNU-HSK-01", "AnswersWithBareLf", ()),
    ("GNU-HSK-02", "PingsBeforeTheFinalBlock", ()),
    ("GNU-HSK-03", "TakesAnyFinalBlock", (Connect(label=1, link="D", final=503),)),
    ("GNU-HSK-04", "RefusesHigherVersions", (Connect(label=1, link="D", version="0.7"),)),
    ("GNU-HSK-05", "Refuses04", (Connect(label=1, link="D", version="0.4"),)),
    ("GNU-HSK-06", "RefusesUnknownHeaders", (Connect(label=1, link="D", unknown=True),)),
    (
        "GNU-HSK-07",
        "ComparesHeaderNamesByCase",
        (announced(1, "A"), Connect(label=2, link="D", bye="case"), announced(3, "D")),
    ),
    (
        "GNU-HSK-08",
        "ReadsTheFirstLineOfAHeader",
        (announced(1, "A"), Connect(label=2, link="D", bye="folded"), announced(3, "D")),
    ),
    ("GNU-HSK-10", "WantsABlockInOneSegment", (Connect(label=1, link="D", bytewise=True),)),
    ("GNU-HSK-11", "LosesBytesAfterABlock", (Connect(label=1, link="D", glue="ping"),)),
    ("GNU-HSK-12", "StaysOpenAfterARefusal", (Crowd(label=1),)),
    ("GNU-HSK-13", "OffersNoHosts", (Crowd(label=1),)),
    ("GNU-HSK-14", "OffersSourceAddresses", (Crowd(label=1),)),
    ("GNU-HSK-15", "RefusesWith403", (Crowd(label=1),)),
    ("GNU-HSK-16", "ListensToStrangers", (Intrude(label=1, link="D"),)),
    ("GNU-HSK-17", "ReadsEndlessHeaders", (Intrude(label=1, link="D", what="endless"),)),
    ("GNU-HSK-18", "WaitsForHandshakes", (Intrude(label=1, link="D", what="half"), Elapse(label=2, seconds=125))),
    ("GNU-HSK-19", "SaysNoUserAgent", ()),
    ("GNU-HSK-21", "OpensWithBareLf", (Dialled(label=1),)),
    ("GNU-HSK-22", "EndsTheHandshakeWithAnotherCode", (Dialled(label=1),)),
    ("GNU-HSK-23", "IgnoresARefusal", (Dialled(label=1, answer=503),)),
    ("GNU-HDR-01", "WritesLengthsBigEndian", (Query(label=1),)),
    ("GNU-HDR-01", "PadsWhatItSends", (Query(label=1),)),
    ("GNU-HDR-02", "ReadsOneSegmentAtATime", (Query(label=1, split="halves"),)),
    ("GNU-HDR-02", "ReadsOneDescriptorASegment", (Query(label=1, split="train"),)),
    ("GNU-HDR-03", "MakesPlainGuids", ()),
    ("GNU-HDR-04", "MarksForeignGuids", (Query(label=1, guid="unmarked"),)),
    ("GNU-HDR-05", "PingsFarAway", ()),
    ("GNU-HDR-06", "ClosesOnUnknownTypes", (Raw(label=1),)),
    ("GNU-HDR-07", "FloodsUnknownTypes", (Raw(label=1),)),
    ("GNU-HDR-08", "WaitsForAnyLength", (announced(1, "A"),)),
    ("GNU-HDR-09", "ReadsLengthsAsSigned", (Raw(label=1, type=0x80, announced=0xFFFFFFFF),)),
    ("GNU-HDR-10", "DiesOfACutDescriptor", (Leave(label=1, cut=True),)),
    ("GNU-HDR-11", "ReadsBeyondShortPayloads", (Raw(label=1, type=0x01, body=""),)),
    ("GNU-LIM-01", "DiesOfOddHeaderLines", (Intrude(label=1, link="D", what="odd"),)),
    ("GNU-DWN-01", "SendsOtherBytes", (FILE, Get(label=2))),
    ("GNU-DWN-02", "SpeaksHttp11Only", (FILE, Get(label=2, version="1.0"))),
    ("GNU-DWN-05", "IgnoresRanges", (FILE, Get(label=2, range="3-9"))),
    ("GNU-DWN-05", "TakesASuffixForAStart", (FILE, Get(label=2, range="-6"))),
    ("GNU-DWN-06", "SendsAllBeyondTheEnd", (FILE, Get(label=2, range="1000000-"))),
    ("GNU-DWN-07", "ClosesAfterEachAnswer", (FILE, Get(label=2, again=True))),
    ("GNU-DWN-08", "IgnoresConnectionClose", (FILE, Get(label=2, close=True))),
    ("GNU-DWN-09", "FindsFilesByName", (FILE, Get(label=2, known_index=False))),
    ("GNU-DWN-10", "IgnoresTheName", (FILE, Get(label=2, name="wrong"))),
    ("GNU-DWN-11", "SendsABodyToHead", (FILE, Get(label=2, method="HEAD", again=True))),
    ("GNU-DWN-12", "ClimbsOutOfTheShares", (FILE, Get(label=2, name="escape"))),
    ("GNU-DWN-13", "RefusesUnknownRequestHeaders", (FILE, Get(label=2, unknown=True))),
    ("GNU-DWN-14", "KeepsHttp10Open", (FILE, Get(label=2, version="1.0"))),
]


def play(target: Target, steps: Steps, *, node: str = "") -> Played:
    scenario = GnutellaScenario(steps=steps, links=3, node=node)
    return GnutellaExplorer().play(scenario, target, seed=1, timing=Timing())


@pytest.mark.parametrize(("clause", "name", "steps"), RULES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_is_kept_by_the_reference_and_broken_by_its_mutant(
    clause: str, name: str, steps: Steps, reference: VirtualTarget, mutant: Mutate
) -> None:
    kept = play(reference, steps)
    assert (kept.deviations, kept.trouble, kept.steps) == ((), "", len(steps))
    broken = play(mutant(name), steps)
    assert clause in {each for deviation in broken.deviations for each in deviation.clauses}


@pytest.mark.parametrize(
    ("name", "node", "clause"),
    [("NeverWantsAPush", "firewalled", "GNU-HIT-05"), ("SendsHugeHits", "many shares", "GNU-QRY-10")],
)
def test_variants_of_the_node_are_judged_by_what_they_are(
    name: str, node: str, clause: str, reference: VirtualTarget, mutant: Mutate
) -> None:
    assert play(reference, (FILE,), node=node).deviations == ()
    assert clause in play(mutant(name), (FILE,), node=node).deviations[0].clauses


def test_a_deviation_that_is_known_is_passed_over(mutant: Mutate) -> None:
    scenario = GnutellaScenario(steps=(Query(label=1),), links=2)
    target = mutant("KeepsTheHops")
    known = GnutellaExplorer().play(scenario, target, seed=1, timing=Timing(), known=("GNU-FWD-02",))
    assert (known.deviations, known.steps) == ((), 1)


def test_steps_that_name_what_is_not_there_are_passed_over(reference: VirtualTarget) -> None:
    nothing = (
        Query(label=1, link="Z"),
        Again(label=2, of=9),
        Hit(label=3, of=9),
        Push(label=4, of=9),
        Pong(label=5, of=9),
        Push(label=6, own=True),
        Get(label=7),
        Leave(label=8, link="Z"),
        Connect(label=9, link="A"),
    )
    assert play(reference, nothing).steps == 0
