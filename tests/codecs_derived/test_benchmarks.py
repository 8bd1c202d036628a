"""The benchmark runs, compares results before it measures, and says what it must; its figures are not judged here."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
CONTENDERS = ["Construct, interpreted", "**emitted**", "by hand: struct and slotted dataclass", "kaitai, ", "scapy"]


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    # typed by hand: the checker knows the folder as peerspec.benchmarks, which is not installed
    module: ModuleType = __import__("benchmarks.codecs").codecs
    monkeypatch.setattr(module, "ROUND", 0.0002)
    return module


def test_the_command_prints_two_tables_of_ratios() -> None:
    command = [sys.executable, "-m", "benchmarks.codecs", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, *tables = done.stdout.strip().split("\n\n")
    assert re.fullmatch(r"\w+ [\d.]+, construct [\d.]+, msgspec .*; best of 1 rounds", first)
    assert len(tables) == 2
    for table, title in zip(tables, ("parse", "build"), strict=True):
        head, rule, *rows = table.splitlines()
        assert re.fullmatch(rf"\| {title} \| Header 23 B \| Pong 14 B \| Query \d+ B \| QueryHit \d+ B \|", head)
        assert rule == "|---|---|---|---|---|"
        assert len(rows) == len(CONTENDERS)
        for row, contender in zip(rows, CONTENDERS, strict=True):
            assert row.startswith(f"| {contender}")
            assert len(re.findall(r"\| \d+\.\d \[[\d,]+\] ", row)) == 4, row
        assert rows[0].count("| 1.0 [") == 4


def test_the_exit_code_says_whether_the_emitted_code_is_fast_enough(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "FLOOR", 1e9)
    assert benchmark.main(["--rounds", "1"]) == 0
    assert benchmark.main(["--rounds", "1", "--check"]) == 1
    assert "parse Header" in capsys.readouterr().err
    monkeypatch.setattr(benchmark, "FLOOR", 0.0)
    assert benchmark.main(["--rounds", "1", "--check"]) == 0


@pytest.mark.parametrize("which", [0, 1], ids=["parse", "build"])
@pytest.mark.parametrize("place", range(len(CONTENDERS)), ids=CONTENDERS)
def test_contenders_that_disagree_are_not_measured(benchmark: ModuleType, which: int, place: int) -> None:
    both = (benchmark.parsers(), benchmark.builders())
    benchmark.verify(*both)
    calls = both[which][place].calls
    calls["Pong"] = calls["Header"]
    with pytest.raises((AssertionError, AttributeError, KeyError)):
        benchmark.verify(*both)


def test_rounds_must_be_positive(benchmark: ModuleType) -> None:
    with pytest.raises(SystemExit):
        benchmark.main(["--rounds", "0"])
