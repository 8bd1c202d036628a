from __future__ import annotations

import signal
from pathlib import Path

import pytest

from peerspec.conformance.target import Deviation, TargetUsageError
from peerspec.conformance.targetfile import fill_in, read, read_deviations

FULL = """
network = "toy"
name = "Toy 1"
role = "node"
features = ["dial", "stop"]
sources = "127.3.0.0/16"
timeout = 2
patience = 70.5

[start]
command = ["toy", "{host}", "{port}"]
dial = ["dial", "{peer}"]
env = { A = "1", B = "" }
host = "127.0.0.5"
ready = 3
stop = "SIGINT"
stop_within = 1
restart = false
files = [{ path = "sub/toy.conf", text = "{port} {braces stay}" }]
options = { loud = ["--volume", "{value}"] }

[[shares]]
name = "a.txt"
text = "abc"
repeat = 3
path = "shared/a.txt"
words = ["a"]

[[shares]]
name = "b.txt"
text = "b"

[[shares]]
name = "one file.txt"
path = "shared/1.txt"

[[known_deviations]]
id = "TOY-PNG-01"
reason = "not yet"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "target.toml"
    path.write_text(text)
    return path


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    found = read(write(tmp_path, FULL))
    assert (found.network, found.name, found.role, found.address) == ("toy", "Toy 1", "node", None)
    assert found.features == {"dial", "stop"}
    assert (found.sources, found.timeout, found.patience) == ("127.3.0.0/16", 2.0, 70.5)
    assert found.start is not None
    assert found.start.command == ("toy", "{host}", "{port}")
    assert found.start.dial == ("dial", "{peer}")
    assert (found.start.env, found.start.host) == ({"A": "1", "B": ""}, "127.0.0.5")
    assert (found.start.ready, found.start.stop, found.start.stop_within) == (3.0, signal.SIGINT, 1.0)
    assert found.start.restart is False
    assert found.start.files == {"sub/toy.conf": "{port} {braces stay}"}
    assert found.start.options == {"loud": ("--volume", "{value}")}
    (first, first_path), (second, second_path), (third, third_path) = found.shares
    assert (first.name, first.content, first.size, first.words) == ("a.txt", b"abcabcabc", 9, ("a",))
    assert (first_path, second.content, second_path) == ("shared/a.txt", b"b", None)
    assert (third.content, third.words, third_path) == (b"one", ("one", "file"), "shared/1.txt")
    assert found.start.listens_late is False
    assert found.deviations == (Deviation(id="TOY-PNG-01", reason="not yet"),)


def test_a_share_of_the_network_may_be_told_apart_by_words_of_its_own(tmp_path: Path) -> None:
    found = read(write(tmp_path, FULL.replace('path = "shared/1.txt"', 'words = ["file"]')))
    assert (found.shares[2][0].content, found.shares[2][0].words) == (b"one", ("file",))


def test_a_share_needs_a_text_where_there_is_no_such_network(tmp_path: Path) -> None:
    with pytest.raises(TargetUsageError, match=r"shares\[2\]\.text: is missing or empty"):
        read(write(tmp_path, FULL.replace('"toy"', '"nosuch"', 1)))


def test_the_least_file_is_a_network_and_an_address(tmp_path: Path) -> None:
    found = read(write(tmp_path, 'network = "toy"\naddress = "127.0.0.1:5"'))
    assert (found.name, found.address, found.start) == ("target", "127.0.0.1:5", None)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('network = "toy"', "", "network: is missing or empty"),
        ('network = "toy"', "network = 7", "network: expected a string"),
        ('role = "node"', 'rule = "node"', "rule: unknown key; did you mean role?"),
        ("[start]", 'address = "127.0.0.1:1"\n[start]', "give either an address or a [start] table"),
        ('command = ["toy", "{host}", "{port}"]', "", "start.command: is missing or empty"),
        ('"toy", "{host}"', "1", "start.command: expected a list of strings"),
        ("ready = 3", 'ready = "soon"', "start.ready: expected a number"),
        ("ready = 3", "ready = true", "start.ready: expected a number"),
        ("ready = 3", "ready = -3", "start.ready: expected a number that is not negative"),
        ("ready = 3", "ready = nan", "start.ready: expected a number that is not negative"),
        ("SIGINT", "SIGNOTHING", "start.stop: 'SIGNOTHING' is no signal"),
        ("restart = false", "restart = 0", "start.restart: expected true or false"),
        ("sub/toy.conf", "../toy.conf", "start.files[0].path: expected a path inside the working directory"),
        ("shared/a.txt", "/etc/passwd", "shares[0].path: expected a path inside the working directory"),
        ("repeat = 3", "repeat = 3000000000", "shares[0].repeat: that is more than 256 MiB"),
        ('"one file.txt"', '"two files.txt"', "shares[2].text: is missing or empty"),
        ("[[shares]]", "[shares]", "not a TOML file"),
        ('reason = "not yet"', "", "known_deviations[0].reason: is missing or empty"),
        ("network", "\x00", "not a TOML file"),
        ('features = ["dial", "stop"]', 'features = "dial"', "features: expected a list of strings"),
        ("[start]", "[begin]", "begin: unknown key"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = write(tmp_path, FULL.replace(old, new, 1))
    with pytest.raises(TargetUsageError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(TargetUsageError, match="no such file or directory"):
        read(tmp_path / "nosuch.toml")
    with pytest.raises(TargetUsageError, match="is a directory"):
        read(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TargetUsageError, match="not a TOML file"):
        read(binary)


def test_known_deviations_may_have_a_file_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, FULL[FULL.index("[[known") :])
    assert read_deviations(path) == (Deviation(id="TOY-PNG-01", reason="not yet"),)
    with pytest.raises(TargetUsageError, match="network: unknown key"):
        read_deviations(write(tmp_path, 'network = "toy"'))


def test_placeholders_are_filled_in_and_other_braces_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_HOME", "/opt/toy")
    text = '{"port": {port}, "home": "{env.TOY_HOME}/{nothing}"}'
    assert fill_in(text, {"port": "7"}, tmp_path) == '{"port": 7, "home": "/opt/toy/{nothing}"}'
    with pytest.raises(TargetUsageError, match=r"\{env\.TOY_ABSENT\}: set the environment variable TOY_ABSENT"):
        fill_in("{env.TOY_ABSENT}", {}, tmp_path)
    with pytest.raises(TargetUsageError, match=r"\{peer\}: it has no value here"):
        fill_in("{peer}", {}, tmp_path)
