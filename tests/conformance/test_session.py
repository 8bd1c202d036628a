from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import pytest

from peerspec.conformance import session
from peerspec.conformance.addressed import AddressTarget
from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Settings
from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Failure, assuming
from peerspec.conformance.session import run
from peerspec.conformance.target import Deviation, TargetError
from peerspec.conformance.verdicts import Verdict

from .conftest import Behaviour, Hostile, MakeCase, endless_line, flood, good_pings, mute, slam, talk

if TYPE_CHECKING:
    from peerspec.conformance.toy.bench import ToyBench

QUICK = Settings(timing=Timing(timeout=0.3))
MakeHostile = Callable[[Behaviour], Hostile]


@pytest.fixture(autouse=True)
def short_sickness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "SICK_SECONDS", 1.0)


def failing(bench: object) -> NoReturn:
    raise Failure("no")


def passing(bench: object) -> None:
    """Holds."""


def test_a_closed_port_is_found_once(toy: Network) -> None:
    target = AddressTarget(toy, ("127.0.0.1", 1))
    with pytest.raises(TargetError, match=r"^127\.0\.0\.1:1: connection refused$"):
        run(cases("toy"), target, QUICK)


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [(mute, "accepts connections, but says nothing within"), (slam, "but closes connections without a word")],
)
def test_a_node_that_never_says_a_word_is_found_once(
    toy: Network, hostile: MakeHostile, behaviour: Behaviour, said: str
) -> None:
    target = AddressTarget(toy, hostile(behaviour).address)
    began = time.monotonic()
    with pytest.raises(TargetError, match=said):
        run(cases("toy"), target, QUICK)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("behaviour", [flood, endless_line, lambda sock: talk(sock, lambda line: line[::-1])])
def test_a_node_that_talks_nonsense_is_judged_but_not_for_ever(
    toy: Network, hostile: MakeHostile, behaviour: Behaviour
) -> None:
    target = AddressTarget(toy, hostile(behaviour).address)
    began = time.monotonic()
    report = run(cases("toy"), target, Settings(timing=Timing(timeout=0.3, budget=1.0)))
    assert time.monotonic() - began < 20
    assert report.exit_code in (1, 3)
    assert report.count(Verdict.PASS) == 0
    assert report.notes[0].startswith("at the start already: ")


def test_a_node_that_falls_silent_is_given_up_after_seconds(
    toy: Network, hostile: MakeHostile, make_case: MakeCase
) -> None:
    heard: list[bytes] = []

    def answer(line: bytes) -> bytes:
        heard.append(line)
        return line.replace(b"PING", b"PONG") if len(heard) < 3 else b""

    target = AddressTarget(toy, hostile(lambda sock: talk(sock, answer)).address)

    def asks(bench: ToyBench) -> None:
        bench.peer().ask("PING x")

    many = [make_case(asks, id=f"pinging/{number}") for number in range(100)]
    began = time.monotonic()
    report = run(many, target, QUICK)
    assert time.monotonic() - began < 4
    assert report.results[0].verdict is Verdict.PASS
    first = next(each for each in report.results if each.verdict is Verdict.FAIL)
    assert "; after it: " in first.message
    assert report.results[-1].verdict is Verdict.INCONCLUSIVE
    assert report.results[-1].message.startswith("not judged: the node no longer serves since pinging/")
    assert report.exit_code == 1


def test_a_node_that_was_given_up_does_not_conform(toy: Network, hostile: MakeHostile, make_case: MakeCase) -> None:
    heard: list[bytes] = []

    def answer(line: bytes) -> bytes:
        heard.append(line)
        return line.replace(b"PING", b"PONG") if len(heard) < 3 else b""

    target = AddressTarget(toy, hostile(lambda sock: talk(sock, answer)).address)

    def supposes(bench: ToyBench) -> None:
        with assuming("the node answers"):
            bench.peer().ask("PING x")

    report = run([make_case(supposes, id=f"pinging/{number}") for number in range(20)], target, QUICK)
    assert report.count(Verdict.PASS) == 1
    assert report.count(Verdict.INCONCLUSIVE) == 19
    assert (report.given_up, report.exit_code) == (True, 3)


def test_a_failed_case_costs_a_healthy_node_nothing_more(
    toy: Network, hostile: MakeHostile, make_case: MakeCase
) -> None:
    target = AddressTarget(toy, hostile(good_pings).address)
    report = run([make_case(failing, id=f"pinging/{number}") for number in range(50)], target, QUICK)
    assert report.count(Verdict.FAIL) == 50
    assert report.duration < 2


def test_a_node_of_ours_that_died_is_started_anew(builtin: BuiltinTarget, make_case: MakeCase) -> None:
    def crash(bench: ToyBench) -> None:
        peer = bench.peer()
        peer.say("CRASH")
        bench.world.wait([peer.wire])

    def ping(bench: ToyBench) -> None:
        assert bench.peer().ask("PING x") == "PONG x"

    report = run([make_case(crash), make_case(ping)], builtin, QUICK)
    assert [each.verdict for each in report.results] == [Verdict.FAIL, Verdict.PASS]
    assert report.notes == ["the built-in node ended: RuntimeError('crashed as asked'); it was started anew"]


def test_stop_at_the_first_failure(virtual: VirtualTarget, make_case: MakeCase) -> None:
    some = [make_case(passing), make_case(failing, "TOY-PNG-02"), make_case(failing), make_case(passing)]
    report = run(some, virtual, QUICK, fail_fast=True)
    assert [each.verdict for each in report.results] == [Verdict.PASS, Verdict.WARN, Verdict.FAIL]


def deviations(target: VirtualTarget, *ids: str) -> None:
    target.deviations = tuple(Deviation(id=id_, reason=f"because of {id_}") for id_ in ids)


@pytest.mark.parametrize("id_", ["TOY-PNG-01", "pinging/failing"])
def test_a_known_deviation_runs_and_does_not_count(virtual: VirtualTarget, make_case: MakeCase, id_: str) -> None:
    deviations(virtual, id_)
    report = run([make_case(failing), make_case(passing, "TOY-SAY-01")], virtual, QUICK)
    assert (report.results[0].verdict, report.results[0].known) == (Verdict.FAIL, f"because of {id_}")
    assert (report.exit_code, report.known, report.stale) == (0, 1, [])


def test_a_known_deviation_that_deviates_no_longer_is_stale(virtual: VirtualTarget, make_case: MakeCase) -> None:
    deviations(virtual, "TOY-PNG-01", "TOY-SAY-02")
    report = run([make_case(passing)], virtual, QUICK)
    assert [each.id for each in report.stale] == ["TOY-PNG-01"]
    assert report.exit_code == 1


def test_a_deviation_in_one_of_its_cases_is_not_stale(virtual: VirtualTarget, make_case: MakeCase) -> None:
    deviations(virtual, "TOY-PNG-01")
    report = run([make_case(passing), make_case(failing)], virtual, QUICK)
    assert (report.stale, report.exit_code) == ([], 0)


def test_the_timeout_grows_with_the_latency_of_the_node(
    toy: Network, hostile: MakeHostile, make_case: MakeCase
) -> None:
    def slowly(line: bytes) -> bytes:
        time.sleep(0.1)  # the node's slowness, not a wait of the tester
        return line.replace(b"PING", b"PONG")

    target = AddressTarget(toy, hostile(lambda sock: talk(sock, slowly)).address)
    settings = Settings(timing=Timing(timeout=0.5))
    assert run([make_case(passing)], target, settings).settings.timing.timeout > 1.5
    assert run([make_case(passing)], target, settings, scale_timeout=False).settings.timing.timeout == 0.5


@pytest.mark.parametrize("world", ["virtual", "builtin"])
def test_the_toy_node_conforms_in_both_worlds(request: pytest.FixtureRequest, world: str) -> None:
    report = run(cases("toy"), request.getfixturevalue(world), Settings())
    assert {each.case.id: each.message for each in report.results if each.deviates} == {}
    assert (report.count(Verdict.PASS), report.count(Verdict.INFO), report.exit_code) == (8, 1, 0)


def test_a_stranger_is_given_no_more_time_than_its_patience(toy: Network, hostile: MakeHostile) -> None:
    target = AddressTarget(toy, hostile(good_pings).address)
    idle: Sequence[object] = [case for case in cases("toy") if case.section == "living"][:1]
    report = run(idle, target, QUICK)  # type: ignore[arg-type]
    assert report.results[0].message == "needs 61 s of the node's own time; allow them with --patience 61"
    assert report.exit_code == 3
