"""Instances of a node that a target file starts: orders, downloads, an end by force, and a port that opens late."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peerspec.conformance.networks import Network
from peerspec.conformance.outcomes import Unreachable, Unsupported
from peerspec.conformance.processes import ProcessTarget
from peerspec.conformance.target import Instance, TargetError
from peerspec.conformance.targetfile import read
from peerspec.conformance.worlds.real import RealWorld

PEER = Path(__file__).with_name("toypeer.py")
ORDERS = 'downloads = "kept"\n[orders]\nkeep = "keep {name} {text} {other}"\n'
MakeTarget = Callable[..., ProcessTarget]


@pytest.fixture
def make_target(tmp_path: Path, toy: Network) -> Iterator[MakeTarget]:
    made: list[ProcessTarget] = []

    def make(more: str = ORDERS, *words: str) -> ProcessTarget:
        command = [sys.executable, str(PEER), "{host}", "{port}", *words]
        path = tmp_path / "target.toml"
        path.write_text(f'network = "toy"\n[start]\ncommand = {command!r}\ndial = ["{{peer}}"]\nready = 5\n{more}\n')
        file = read(path)
        assert file.start is not None
        made.append(ProcessTarget(toy, file, file.start))
        return made[-1]

    yield make
    for target in made:
        target.stop()


@pytest.fixture
def world() -> Iterator[RealWorld]:
    world = RealWorld(timeout=5.0, budget=30.0)
    yield world
    world.close()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def listens(world: RealWorld, instance: Instance) -> bool:
    try:
        world.dial(None, instance.address).close()
    except Unreachable:
        return False
    return True


def said(world: RealWorld, instance: Instance) -> bytes:
    wire = world.dial(None, instance.address)
    world.wait([wire])
    return wire.take()


def test_an_order_is_a_line_on_the_input_of_an_instance(make_target: MakeTarget, world: RealWorld) -> None:
    target = make_target()
    target.start()
    instance = target.instance(world, {})
    assert instance.downloaded() == {}
    instance.order("keep", {"name": "x.bin", "text": "a b\nkeep y.bin"})
    instance.order("keep", {"name": "sub/z.bin", "text": "c"})
    expected = {"x.bin": b"a bkeep y.bin {other}", "sub/z.bin": b"c {other}"}
    wait_until(lambda: instance.downloaded() == expected)
    assert target._process is not None
    assert not (target._process.directory / "kept").exists(), "the node itself was not told"
    instance.stop()


def test_what_a_file_has_no_words_for_is_unsupported(make_target: MakeTarget, world: RealWorld) -> None:
    instance = make_target("").instance(world, {})
    with pytest.raises(Unsupported, match="keep: the target file has no words for it"):
        instance.order("keep", {})
    with pytest.raises(Unsupported, match="download: the target file names no folder for downloads"):
        instance.downloaded()


def test_an_instance_that_was_killed_is_revived_at_its_address_with_its_files(
    make_target: MakeTarget, world: RealWorld
) -> None:
    instance = make_target().instance(world, {"lasting": True})
    address, wire = instance.address, world.dial(None, instance.address)
    world.wait([wire])
    assert wire.take() == b"0 kept\n"
    instance.order("keep", {"name": "x", "text": "y"})
    wait_until(lambda: instance.downloaded() == {"x": b"y {other}"})
    instance.kill()
    world.wait([wire])
    assert wire.take() == b"", "it says BYE when it is asked to end"
    assert wire.eof
    assert not listens(world, instance)
    instance.revive()
    assert instance.address == address
    assert said(world, instance) == b"1 kept\n"
    instance.order("keep", {"name": "x", "text": "z"})
    wait_until(lambda: instance.downloaded() == {"x": b"z {other}"})
    instance.stop()


def test_nothing_is_left_of_an_instance_that_was_killed(make_target: MakeTarget, world: RealWorld) -> None:
    instance = make_target().instance(world, {})
    assert listens(world, instance)
    process = instance._process  # type: ignore[attr-defined]
    folder = process.directory
    instance.kill()
    assert folder.is_dir()
    instance.stop()
    assert not folder.exists()


def test_an_instance_that_listens_late_dials_before_its_port_is_open(make_target: MakeTarget, world: RealWorld) -> None:
    listener, instance = world.listen("127.0.5.1"), make_target("listens_late = true").instance(world, {})
    instance.dial(listener.address)
    world.wait([listener])
    wire = listener.accept()
    assert wire is not None
    assert not listens(world, instance)
    wire.send(b"!")
    wait_until(lambda: listens(world, instance))
    instance.stop()


def test_otherwise_the_port_of_an_instance_is_waited_for(make_target: MakeTarget, world: RealWorld) -> None:
    listener, instance = world.listen("127.0.5.1"), make_target("").instance(world, {})
    object.__setattr__(instance._start, "ready", 0.4)  # type: ignore[attr-defined]
    with pytest.raises(TargetError, match="no connection to"):
        instance.dial(listener.address)


def test_the_port_of_the_node_itself_is_waited_for_in_any_case(make_target: MakeTarget) -> None:
    target = make_target("listens_late = true", "never")
    object.__setattr__(target._start, "ready", 0.4)
    with pytest.raises(TargetError, match="no connection to"):
        target.start()
