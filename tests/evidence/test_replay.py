"""Replay: what shows on the mutant must show again there, in another run of it, and must not show on the reference."""

from __future__ import annotations

import json
import os
import random
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from peerspec.conformance import mutants
from peerspec.conformance.addressed import AddressTarget
from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import BuiltinTarget
from peerspec.conformance.cli import peerspec
from peerspec.conformance.engine import Settings
from peerspec.conformance.evidence.trace import Trace, TraceError, decode, trace
from peerspec.conformance.networks import Network
from peerspec.conformance.replay.player import NotReplayed
from peerspec.conformance.replay.run import replay
from peerspec.conformance.target import Target

from .conftest import Failing, failures, mutant_named, virtual
from .test_pcap import faults, needs_tshark

SEED = int(os.environ.get("PEERSPEC_MUTANT_SEED", "1122"))
MUTANTS = [each.name for each in mutants.of("gnutella")]
SAMPLE = random.Random(SEED).sample(MUTANTS, 24)
THROUGH_THE_COMMAND = random.Random(SEED).sample([name for name in MUTANTS if "Hosts" not in name], 2)
KINDS = (
    "ObeysForeignPushes",  # a connection that must not come
    "IgnoresPushes",  # one that must come and does not
    "HitsWithAnotherPort",  # an address of the node's choice where nobody listens
    "ChangesItsServentId",  # a value that changes
    "SpeaksHttp11Only",  # HTTP
    "PingsBeforeItsFinalBlock",  # an instance that dials
    "NeverPingsAnIdleLink",  # time that passes, and a message that does not come
    "KeepsDeadPeers",  # and a connection that stays open
    "DiesOfACutDescriptor",  # a crash
    "OffersNoHosts",  # connections until there is no more room
    "SendsHugeHits",  # an instance with options
    "Answers04WithCrlf",  # bytes that can't be read
    "WritesLengthsBigEndian",
)


def traced(result: Any, target: Target) -> Trace:
    return decode(trace(result, target, Settings()).encode())


@pytest.mark.parametrize("name", sorted({*SAMPLE, *KINDS}))
def test_a_deviation_shows_again_on_the_mutant_and_not_on_the_reference(gnutella: Network, name: str) -> None:
    then = virtual(gnutella, name)
    found = 0
    for result in failures(gnutella, name, then):
        again = traced(result, then)
        there = replay(again, virtual(gnutella, name, seed=77), Timing(), seed=5)
        assert there.shows, f"{result.case.id} ({again.symptom.sign}): {there.seen}"
        here = replay(again, virtual(gnutella, None, seed=78), Timing(), seed=5)
        assert not here.shows, f"{result.case.id} ({again.symptom.sign}): {here.seen}"
        found += 1
    assert found


@pytest.fixture
def reference(gnutella: Network) -> Iterator[BuiltinTarget]:
    target = BuiltinTarget(gnutella, 3)
    target.start()
    yield target
    target.stop()


def running(network: Network, name: str) -> BuiltinTarget:
    target = BuiltinTarget(network, 4, cls=mutant_named(name).node)
    target.start()
    return target


@pytest.mark.parametrize("name", ["KeepsTheTtl", "ObeysForeignPushes", "ChangesItsServentId", "DiesOfACutDescriptor"])
def test_a_trace_of_one_world_is_replayed_in_the_other(
    gnutella: Network, failing: Failing, failing_over_sockets: Failing, reference: BuiltinTarget, name: str
) -> None:
    timing = Timing(timeout=1.0)
    then = traced(*failing(name))
    mutant = running(gnutella, name)
    try:
        assert replay(then, mutant, timing).shows
    finally:
        mutant.stop()
    assert not replay(then, reference, timing).shows
    over_sockets = traced(*failing_over_sockets(name))
    assert replay(over_sockets, virtual(gnutella, name, seed=9), timing).shows
    assert not replay(over_sockets, virtual(gnutella, None, seed=9), timing).shows


def test_a_node_that_remembers_meets_guids_that_it_does_not_know(failing: Failing, reference: BuiltinTarget) -> None:
    then = traced(*failing("KeepsTheTtl"))
    for _ in range(3):  # the third would be dropped as a duplicate of the first
        decision = replay(then, reference, Timing(timeout=1.0))
        assert not decision.shows
        assert "ttl=3" in decision.seen


def test_a_stranger_at_an_address_is_judged_as_well(gnutella: Network, failing: Failing) -> None:
    then = traced(*failing("KeepsTheTtl"))
    mutant = running(gnutella, "KeepsTheTtl")
    try:
        stranger = AddressTarget(gnutella, mutant.address)
        stranger.start()
        assert replay(then, stranger, Timing(timeout=1.0)).shows
        aging = traced(*failing("NeverPingsAnIdleLink"))
        with pytest.raises(NotReplayed, match="allow them with --patience"):
            replay(aging, stranger, Timing(timeout=1.0))
        dialling = traced(*failing("PingsBeforeItsFinalBlock"))
        with pytest.raises(NotReplayed, match="names no command that starts it"):
            replay(dialling, stranger, Timing(timeout=1.0))
    finally:
        mutant.stop()


def test_a_trace_connects_to_nobody_but_the_target(failing: Failing, gnutella: Network) -> None:
    plain = json.loads(traced(*failing("KeepsTheTtl")).encode())
    with socket.create_server(("127.0.0.1", 0)) as bystander:
        bystander.settimeout(0)
        plain["wires"][1]["node"] = f"127.0.0.1:{bystander.getsockname()[1]}"
        with pytest.raises(NotReplayed, match="no address of the node"):
            replay(decode(json.dumps(plain).encode()), virtual(gnutella, None), Timing())
        with pytest.raises(BlockingIOError):
            bystander.accept()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is no list and no object."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


ODD = (
    0,
    1,
    7,
    -1,
    10**9,
    "",
    "00",
    "ff" * 40,
    "close",
    "accept",
    "instance",
    "elapse",
    "inf",
    "nan",
    "{}",
    "127.0.0.1:1",
)


@pytest.mark.parametrize("name", ["ObeysForeignPushes", "NeverPingsAnIdleLink", "SendsHugeHits"])
def test_a_trace_that_was_tampered_with_is_replayed_or_refused(gnutella: Network, failing: Failing, name: str) -> None:
    whole = traced(*failing(name)).encode()
    seeded = random.Random(1)
    paths = [
        path for path in leaves(json.loads(whole)) if path[0] in ("events", "symptom", "wires") and "fields" not in path
    ]
    refused = 0
    for _ in range(60):
        plain = json.loads(whole)
        for path in seeded.sample(paths, 2):
            where = plain
            for key in path[:-1]:
                where = where[key]
            where[path[-1]] = seeded.choice(ODD)
        try:
            replay(decode(json.dumps(plain).encode()), virtual(gnutella, None), Timing(timeout=0.2), seed=1)
        except (TraceError, NotReplayed) as error:
            refused += 1
            assert "\n" not in str(error)  # noqa: PT017 - whether it is refused is chance
    assert refused


# --- the command


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(peerspec, list(words), standalone_mode=False)
    code = done.return_value if done.exception is None else getattr(done.exception, "code", -1)
    said = done.output if done.exception is None else f"{done.output}{done.exception}"
    return int(code or 0), said


@needs_tshark
@pytest.mark.parametrize("name", THROUGH_THE_COMMAND)
def test_a_mutant_chosen_at_random_is_seen_captured_and_replayed(tmp_path: Path, name: str) -> None:
    breaks = mutant_named(name).breaks
    report = tmp_path / "report"
    code, said = call("check", "gnutella", "virtual", breaks, "--mutant", name, "--strict", "--report", str(report))
    assert code == 1, said
    (trace_file, *_) = sorted(report.glob("evidence/**/trace.json"))
    assert faults(trace_file.with_name("capture.pcap")) == ""
    code, said = call("replay", str(trace_file), "virtual", "--mutant", name, "--seed", "7")
    assert (code, "the deviation shows again" in said) == (1, True), said
    code, said = call("replay", str(trace_file), "virtual", "--seed", "7")
    assert (code, "the deviation does not show" in said) == (0, True), said


@pytest.fixture(scope="module")
def trace_file(tmp_path_factory: pytest.TempPathFactory, failing: Failing) -> Path:
    path = tmp_path_factory.mktemp("trace") / "trace.json"
    path.write_bytes(traced(*failing("KeepsTheTtl")).encode())
    return path


def test_the_command_says_what_it_replays_and_what_comes_of_it(trace_file: Path) -> None:
    code, said = call("replay", str(trace_file), "virtual", "--mutant", "KeepsTheTtl")
    assert code == 1
    assert "GNU-FWD-01 (MUST): A servent that forwards a Query" in said
    assert "then: TTL 4 came out as 4" in said
    assert call("replay", str(trace_file), "virtual")[0] == 0


def test_what_can_not_be_replayed_is_said_with_exit_code_3(trace_file: Path) -> None:
    code, said = call("replay", str(trace_file), "127.0.0.1:1")
    assert code == 3
    assert "could not be replayed: 127.0.0.1:1: connection refused" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nosuch.json"], "nosuch.json: no such file or directory"),
        (["TRACE", "nonsense"], "nonsense"),
        (["TRACE", "--mutant", "KeepsTheTt"], "did you mean KeepsTheTtl?"),
        (["TRACE", "127.0.0.1:1", "--mutant", "KeepsTheTtl"], "leave out '127.0.0.1:1'"),
        (["TRACE", "--timeout", "nan"], "is no number"),
    ],
)
def test_wrong_usage_has_exit_code_2(trace_file: Path, words: list[str], says: str) -> None:
    code, said = call("replay", *(str(trace_file) if word == "TRACE" else word for word in words))
    assert says in said
    assert code in (2, -1)
    assert "Traceback" not in said


def test_a_trace_of_no_known_network_is_refused(trace_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(re.sub(r'"network": "gnutella"', '"network": "nosuch"', trace_file.read_text()))
    code, said = call("replay", str(other))
    assert (code, "no network 'nosuch'" in said) == (2, True)


def test_control_characters_in_a_trace_reach_no_terminal(trace_file: Path, tmp_path: Path) -> None:
    plain = json.loads(trace_file.read_text())
    plain["case"]["message"] = plain["case"]["actual"] = "\x1b[31mred\x07\u202e"
    plain["target"]["name"] = "\x1b]0;title\x07"
    evil = tmp_path / "evil.json"
    evil.write_text(json.dumps(plain))
    _, said = call("replay", str(evil), "virtual")
    assert all(line.isprintable() for line in said.split("\n"))


def test_a_sequence_of_explore_is_replayed_too(tmp_path: Path) -> None:
    code, said = call("explore", "gnutella", "--help")
    assert code == 0
    from peerspec.conformance.explore.search import Budget, explore
    from peerspec.conformance.networks import network_named
    from peerspec.conformance.verdicts import Level

    network = network_named("gnutella")
    target = virtual(network, "KeepsTheTtl")
    found = explore(network.explorer(), target, seed=1, budget=Budget(steps=2000, findings=1), level=Level.MUST)
    path = tmp_path / "sequence.json"
    path.write_bytes(found.findings[0].scenario.encode())
    code, said = call("replay", str(path), "virtual", "--mutant", "KeepsTheTtl")
    assert (code, "the deviation shows again: " in said) == (1, True), said
    code, said = call("replay", str(path), "virtual")
    assert (code, "the deviation does not show" in said) == (0, True), said
