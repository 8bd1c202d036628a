"""The examples on fuzzing find the bug in their parser, and nothing else."""

from __future__ import annotations

import importlib.util

import pytest

from .conftest import Reader
from .console import Command

BUG = 'if not trailer:\n        return b"", False\n'
CURE = f'{BUG}    if len(trailer) < 5:\n        raise HitError("the trailer ends too early")\n'

pytestmark = pytest.mark.parametrize("reader", ["fuzzing"], indirect=True)


def test_hypothesis_finds_the_bug_and_shrinks_it(reader: Reader) -> None:
    code, printed = reader.types(Command("pytest -q test_hitreader.py", ""))
    assert code == 1
    assert "IndexError" in printed
    assert "subject=QueryHit(port=0" in printed  # the least hit there is
    assert "results=()" in printed


def test_the_mended_parser_has_no_other(reader: Reader) -> None:
    parser = reader.folder / "hitreader.py"
    text = parser.read_text("utf-8")
    assert text.count(BUG) == 1
    parser.write_text(text.replace(BUG, CURE), "utf-8")
    code, printed = reader.types(Command("pytest -q test_hitreader.py", ""))
    assert (code, "2 passed" in printed) == (0, True), printed


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris (the extra `fuzz`) is not installed")
@pytest.mark.parametrize(
    "command", ["python make_corpus.py corpus && python fuzz_bytes.py corpus -runs=2000000", "python fuzz_messages.py"]
)
def test_atheris_finds_the_bug(reader: Reader, command: str) -> None:
    code, printed = reader.types(Command(f"{command} -seed=1 -max_total_time=60", ""))
    assert code == 77
    assert "IndexError" in printed
    assert list(reader.folder.glob("crash-*"))
