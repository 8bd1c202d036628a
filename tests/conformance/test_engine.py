from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from peerspec.codecs.errors import DecodeError
from peerspec.conformance.bench import Timing, seeded
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Failure, Inconclusive, Unsupported, assuming
from peerspec.conformance.verdicts import Outcome, Verdict
from peerspec.conformance.worlds import Kind

from .conftest import MakeCase

if TYPE_CHECKING:
    from peerspec.conformance.toy.bench import ToyBench

SETTINGS = Settings(timing=Timing(timeout=0.5))


def raising(error: BaseException) -> object:
    def body(bench: object) -> NoReturn:
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (Failure("it did not"), Outcome.FAILED, "it did not"),
        (Failure(expected=["a", "b"], actual="c"), Outcome.FAILED, "expected a or b; got c"),
        (AssertionError("assert 1 == 2\nmore"), Outcome.FAILED, "assert 1 == 2"),
        (AssertionError(), Outcome.FAILED, "an assertion of the case failed"),
        (
            DecodeError("toy", "Line", "word", 3, "no end"),
            Outcome.FAILED,
            "the node sent what does not parse: toy.Line.word at byte 3: no end",
        ),
        (Unsupported("dial", "no words for it"), Outcome.UNSUPPORTED, "dial: no words for it"),
        (Inconclusive("no luck"), Outcome.INCONCLUSIVE, "no luck"),
        (KeyError("x"), Outcome.ERROR, "KeyError: 'x'"),
    ],
)
def test_how_a_body_ends_is_its_outcome(
    virtual: VirtualTarget, make_case: MakeCase, error: Exception, outcome: Outcome, message: str
) -> None:
    def body(bench: object) -> NoReturn:
        raise error

    result = judge(make_case(body), virtual, SETTINGS)
    assert (result.outcome, result.message) == (outcome, message)
    if outcome is Outcome.ERROR:
        assert "Traceback" in result.detail


def test_a_failure_keeps_every_acceptable_outcome(virtual: VirtualTarget, make_case: MakeCase) -> None:
    def body(bench: object) -> NoReturn:
        raise Failure(expected=("silence", "a close"), actual="a crash")

    result = judge(make_case(body), virtual, SETTINGS)
    assert (result.expected, result.actual) == (("silence", "a close"), "a crash")
    assert (result.verdict, result.deviates) == (Verdict.FAIL, True)


def test_the_strongest_level_cited_decides(virtual: VirtualTarget, make_case: MakeCase) -> None:
    def body(bench: object) -> NoReturn:
        raise Failure("no")

    assert judge(make_case(body, "TOY-ECH-01"), virtual, SETTINGS).verdict is Verdict.INFO
    assert judge(make_case(body, "TOY-ECH-01", "TOY-PNG-02"), virtual, SETTINGS).verdict is Verdict.WARN
    assert judge(make_case(body, "TOY-PNG-02"), virtual, Settings(strict=True)).verdict is Verdict.FAIL


def test_a_precondition_that_fails_is_inconclusive() -> None:
    with (
        pytest.raises(Inconclusive, match="it did not come about that there is an answer: silence"),
        assuming("there is an answer"),
    ):
        raise Failure("silence\nand more")


def test_what_the_target_does_not_offer_is_not_tried(toy: Network, make_case: MakeCase) -> None:
    target = VirtualTarget(toy, 1)
    target.features = frozenset()

    def body(bench: object) -> NoReturn:
        raise AssertionError

    by_case = judge(make_case(body, features=("stop",)), target, SETTINGS)
    by_requirement = judge(make_case(body, "TOY-DIA-01"), target, SETTINGS)
    assert by_case.message == "stop: not among the target's features"
    assert by_requirement.message == "dial: not among the target's features"
    assert {by_case.verdict, by_requirement.verdict} == {Verdict.UNSUPPORTED}


@pytest.mark.parametrize("world", ["virtual", "builtin"])
def test_a_node_of_ours_that_dies_fails_the_case_whatever_its_level(
    request: pytest.FixtureRequest, make_case: MakeCase, world: str
) -> None:
    target = request.getfixturevalue(world)

    def body(bench: ToyBench) -> None:
        peer = bench.peer()
        peer.say("CRASH")
        bench.world.wait([peer.wire])

    result = judge(make_case(body, "TOY-ECH-01"), target, SETTINGS)
    assert result.verdict is Verdict.FAIL
    assert "RuntimeError('crashed as asked')" in result.message


def test_the_transcript_holds_every_byte_with_its_addresses(builtin: BuiltinTarget, make_case: MakeCase) -> None:
    def body(bench: ToyBench) -> None:
        bench.peer().ask("PING x")

    result = judge(make_case(body), builtin, SETTINGS)
    assert result.transcript is not None
    opened, sent, received, closed = result.transcript.events
    assert [each.kind for each in result.transcript.events] == [Kind.OPEN, Kind.SENT, Kind.RECEIVED, Kind.CLOSE]
    assert (sent.data, received.data) == (b"PING x\n", b"PONG x\n")
    assert opened.remote == builtin.address
    assert opened.local[0] == "127.0.1.1"
    assert opened.time <= sent.time <= received.time <= closed.time


def test_the_same_seed_gives_the_same_bytes(toy: Network, make_case: MakeCase) -> None:
    seen: list[bytes] = []

    def body(bench: ToyBench) -> None:
        bench.peer().ask(f"PING {bench.unique()} {bench.random.random()}")

    for seed in (1, 1, 2):
        result = judge(make_case(body), VirtualTarget(toy, seed), Settings(seed=seed))
        assert result.transcript is not None
        seen.append(result.transcript.events[1].data)
    assert seen[0] == seen[1] != seen[2]
    assert seeded(1, "a", "b").random() != seeded(1, "ab").random()


def test_a_case_that_never_ends_is_ended_by_its_budget(builtin: BuiltinTarget, make_case: MakeCase) -> None:
    def body(bench: ToyBench) -> None:
        peer = bench.peer()
        while True:
            peer.ask("PING x")

    result = judge(make_case(body), builtin, Settings(timing=Timing(timeout=0.5, budget=0.2)))
    assert (result.verdict, result.message) == (Verdict.INCONCLUSIVE, "the case took longer than its budget")


def test_words_and_source_addresses_never_repeat(builtin: BuiltinTarget) -> None:
    words = [builtin.next_word() for _ in range(2000)]
    sources = [builtin.next_source() for _ in range(2000)]
    assert len(set(words)) == 2000
    assert all(word.isalpha() for word in words)
    assert len(set(sources)) == 2000
    assert "127.0.0.1" not in sources
