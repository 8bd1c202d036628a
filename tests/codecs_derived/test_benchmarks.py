"""The benchmark runs, compares results before it measures, and says what it must; its figures are not judged here."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
READERS = ["Construct, interpreted", "**emitted**", "by hand", "kaitai, read-only", "scapy"]
WRITERS = {
    "gnutella": ["Construct, interpreted", "**emitted**", "by hand", "kaitai, read-write", "scapy"],
    "napster": ["Construct, interpreted", "**emitted**", "by hand", "scapy"],
}
COLUMNS = {
    "gnutella": r"Header 23 B \| Pong 14 B \| Query \d+ B \| QueryHit \d+ B",
    "napster": r"Login \d+ B \| ShareFile .* \| Search .* \| SearchResult .* \| DownloadAck .* \| PrivateMessage \d+ B",
}
PLACES = [
    (network, which, place)
    for network, writers in WRITERS.items()
    for which, names in enumerate((READERS, writers))
    for place in range(len(names))
]


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    # typed by hand: the checker knows the folder as peerspec.benchmarks, which is not installed
    module: ModuleType = __import__("benchmarks.codecs").codecs
    monkeypatch.setattr(module, "ROUND", 0.0002)
    return module


@pytest.mark.parametrize("networks", [[], ["napster"]], ids=["all", "one"])
def test_the_command_prints_two_tables_of_ratios_for_each_network(networks: list[str]) -> None:
    command = [sys.executable, "-m", "benchmarks.codecs", *networks, "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, *tables = done.stdout.strip().split("\n\n")
    assert re.fullmatch(r"\w+ [\d.]+, construct [\d.]+, msgspec .*; best of 1 rounds", first)
    wanted = [(name, title) for name in networks or COLUMNS for title in ("parse", "build")]
    for text, (network, title) in zip(tables, wanted, strict=True):
        head, rule, *rows = text.splitlines()
        assert re.fullmatch(rf"\| {network}: {title} \| {COLUMNS[network]} \|", head)
        columns = rule.count("---") - 1
        names = READERS if title == "parse" else WRITERS[network]
        for row, contender in zip(rows, names, strict=True):
            assert row.startswith(f"| {contender} |")
            assert len(re.findall(r"\| \d+\.\d \[[\d,]+\] ", row)) == columns, row
        assert rows[0].count("| 1.0 [") == columns


@pytest.mark.parametrize("network", list(WRITERS))
def test_the_exit_code_says_whether_the_emitted_code_is_fast_enough(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], network: str
) -> None:
    def floor(times: float) -> None:
        changed = replace(benchmark.SUBJECTS[network], floor=times)
        monkeypatch.setitem(benchmark.SUBJECTS, network, changed)

    floor(1e9)
    assert benchmark.main([network, "--rounds", "1"]) == 0
    assert benchmark.main([network, "--rounds", "1", "--check"]) == 1
    assert f"{network} parse " in capsys.readouterr().err
    floor(0.0)
    assert benchmark.main([network, "--rounds", "1", "--check"]) == 0


@pytest.mark.parametrize(("network", "which", "place"), PLACES)
def test_contenders_that_disagree_are_not_measured(benchmark: ModuleType, network: str, which: int, place: int) -> None:
    subject = benchmark.SUBJECTS[network]
    both = (benchmark.parsers(subject), benchmark.builders(subject))
    benchmark.verify(subject, *both)
    calls = both[which][place].calls
    first, second = list(calls)[:2]
    calls[second] = calls[first]
    with pytest.raises((AssertionError, AttributeError, KeyError)):
        benchmark.verify(subject, *both)


@pytest.mark.parametrize("words", [["--rounds", "0"], ["fidonet"]])
def test_what_cannot_be_measured_is_a_fault_of_usage(benchmark: ModuleType, words: list[str]) -> None:
    with pytest.raises(SystemExit):
        benchmark.main(words)
