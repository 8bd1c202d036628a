from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peerspec.conformance.bench import Timing
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Settings
from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Unsupported
from peerspec.conformance.processes import ProcessInstance, ProcessTarget
from peerspec.conformance.session import run
from peerspec.conformance.target import TargetError
from peerspec.conformance.targetfile import read
from peerspec.conformance.verdicts import Verdict
from peerspec.conformance.worlds.real import RealWorld

from .conftest import MakeCase

if TYPE_CHECKING:
    from peerspec.conformance.toy.bench import ToyBench

SERVER = Path(__file__).with_name("toyserver.py")
MakeTarget = Callable[..., ProcessTarget]


@pytest.fixture
def make_target(tmp_path: Path, toy: Network) -> Iterator[MakeTarget]:
    made: list[ProcessTarget] = []

    def make(*words: str, more: str = "", top: str = "") -> ProcessTarget:
        command = [sys.executable, str(SERVER), "{host}", "{port}", *words]
        path = tmp_path / "target.toml"
        path.write_text(
            f'network = "toy"\nfeatures = ["dial", "stop"]\n{top}\n[start]\ncommand = {command!r}\n'
            f'dial = ["dial", "{{peer}}"]\nready = 5\nstop_within = 0.3\n{more}\n'
        )
        file = read(path)
        assert file.start is not None
        made.append(ProcessTarget(toy, file, file.start))
        return made[-1]

    yield make
    for target in made:
        target.stop()


def ask(target: ProcessTarget, line: bytes) -> bytes:
    world = RealWorld(timeout=5.0, budget=30.0)
    wire = world.dial(target.next_source(), target.address)
    wire.send(line + b"\n")
    world.wait([wire])
    answer = wire.take()
    world.close()
    return answer


def directory(target: ProcessTarget) -> Path:
    assert target._process is not None
    return target._process.directory


def test_a_node_is_started_by_its_command_and_stopped(make_target: MakeTarget) -> None:
    target = make_target()
    target.start()
    assert ask(target, b"PING x") == b"PONG x\n"
    assert target.died() is None
    folder = directory(target)
    assert folder.is_dir()
    target.stop()
    assert not folder.exists()


def test_files_shares_and_environment_are_there_before_it_starts(make_target: MakeTarget) -> None:
    target = make_target(
        more='env = { TOY_GREETING = "port {port}" }\nfiles = [{ path = "conf/toy.txt", text = "{host} {other}" }]\n'
        '[[shares]]\nname = "a b.txt"\ntext = "xy"\nrepeat = 2\npath = "shared/a b.txt"\n'
    )
    target.start()
    folder = directory(target)
    assert (folder / "conf/toy.txt").read_text() == "127.0.0.1 {other}"
    assert (folder / "shared/a b.txt").read_bytes() == b"xyxy"
    assert ask(target, b"CWD") == b"conf/toy.txt shared/a b.txt\n"
    assert f"port {target.address[1]}" in (folder / "output.log").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["broken"], "the process ended with status 1; it last said: no such option: broken"),
        (["never"], r"no connection to 127\.0\.0\.1:\d+ within 0\.4 s; it last said: starting"),
    ],
)
def test_a_node_that_does_not_come_up_is_said(make_target: MakeTarget, words: list[str], said: str) -> None:
    target = make_target(*words)
    object.__setattr__(target._start, "ready", 0.4 if words == ["never"] else 5)
    with pytest.raises(TargetError, match=said):
        target.start()


def test_a_command_that_does_not_exist_is_said(make_target: MakeTarget, tmp_path: Path) -> None:
    target = make_target()
    object.__setattr__(target._start, "command", ("/nosuch/toy",))
    with pytest.raises(TargetError, match=r"target\.toml: /nosuch/toy can't be run: no such file or directory"):
        target.start()


def test_a_node_that_dies_is_known_by_its_status_and_last_words_and_started_anew(
    make_target: MakeTarget,
) -> None:
    target = make_target()
    target.start()
    assert ask(target, b"CRASH") == b""
    assert target._process is not None
    assert target._process._process is not None
    target._process._process.wait(5)
    assert target.died() == "the process ended with status 7; it last said: an error: it crashed as asked"
    assert target.restart()
    assert ask(target, b"PING y") == b"PONG y\n"


def test_a_node_is_not_started_anew_when_the_file_says_so(make_target: MakeTarget) -> None:
    assert make_target(more="restart = false").restart() is False


def test_a_stubborn_node_is_killed(make_target: MakeTarget) -> None:
    target = make_target("stubborn")
    target.start()
    assert target._process is not None
    process = target._process._process
    assert process is not None
    target.stop()
    assert process.returncode == -9


def test_a_second_instance_can_be_made_to_dial_and_to_end(make_target: MakeTarget) -> None:
    target = make_target()
    target.start()
    world = RealWorld(timeout=5.0, budget=30.0)
    listener = world.listen("127.0.5.1")
    instance = target.instance(world, {})
    instance.dial(listener.address)
    world.wait([listener])
    wire = listener.accept()
    assert wire is not None
    world.wait([wire])
    assert wire.take() == b"HELLO\n"
    assert instance.address != target.address
    instance.shutdown()
    world.wait([wire])
    assert wire.take() == b"BYE\n"
    instance.stop()
    world.close()
    assert ask(target, b"PING z") == b"PONG z\n"


def test_an_instance_that_can_not_be_had_is_unsupported(make_target: MakeTarget) -> None:
    target = make_target()
    world = RealWorld(timeout=1.0, budget=3.0)
    with pytest.raises(Unsupported, match="the target file can't set firewalled"):
        target.instance(world, {"firewalled": True})
    instance = target.instance(world, {})
    object.__setattr__(target._start, "dial", ())
    with pytest.raises(Unsupported, match="dial: the target file has no words for it"):
        instance.dial(("127.0.0.1", 9))
    world.close()


def test_what_a_case_chooses_of_an_instance_is_said_in_the_words_of_the_file(make_target: MakeTarget) -> None:
    target = make_target(more='options = { firewalled = ["fw={value}"], uploads = ["up", "{value}"] }')
    world = RealWorld(timeout=1.0, budget=3.0)
    with pytest.raises(Unsupported, match="can't set nick, shares"):
        target.instance(world, {"nick": "x", "shares": {"a": b""}, "firewalled": True})
    with pytest.raises(Unsupported, match="can't set uploads"):
        target.instance(world, {"uploads": {"a": b""}})
    instance = target.instance(world, {"firewalled": True, "uploads": 3, "lasting": True})
    assert isinstance(instance, ProcessInstance)
    assert instance.address[0] == "127.0.0.1"
    process = instance._process
    assert process is not None
    assert "starting ('fw=true', 'up', '3')" in (process.directory / "output.log").read_text()
    instance.stop()
    world.close()


def test_a_node_of_a_file_is_judged(make_target: MakeTarget) -> None:
    target = make_target()
    target.start()
    report = run(cases("toy"), target, Settings(timing=Timing(timeout=1.0)))
    verdicts = {each.case.id: each.verdict for each in report.results}
    assert verdicts["pinging/a_ping_is_answered_by_a_pong[1]"] is Verdict.PASS
    assert verdicts["living/a_node_that_dials_says_hello"] is Verdict.PASS
    assert verdicts["living/a_node_that_ends_says_bye"] is Verdict.PASS
    assert verdicts["saying/what_one_says_another_hears"] is Verdict.FAIL


def test_a_node_whose_connections_close_before_it_ends_is_found_dead_by_the_case_that_killed_it(
    make_target: MakeTarget, make_case: MakeCase
) -> None:
    def fade(bench: ToyBench) -> None:
        peer = bench.peer()
        peer.say("FADE")
        bench.world.wait([peer.wire])
        assert not peer.wire.eof, "it is closed"

    def ping(bench: ToyBench) -> None:
        assert bench.peer().ask("PING x") == "PONG x"

    target = make_target()
    target.start()
    report = run([make_case(fade), make_case(ping)], target, Settings(timing=Timing(timeout=1.0)))
    assert [each.verdict for each in report.results] == [Verdict.FAIL, Verdict.PASS]
    assert report.results[0].message.startswith("the process ended with status 7")


def test_nothing_is_left_of_a_node(make_target: MakeTarget) -> None:
    target = make_target()
    target.start()
    assert target._process is not None
    assert target._process._process is not None
    pid = target._process._process.pid
    target.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
