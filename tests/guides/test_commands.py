"""Each command of each guide is run, in the guide's order, and prints what the guide shows."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from .conftest import EXAMPLES, Reader
from .console import GUIDES, Command, commands

FOLDERS = {
    "five-minutes": None,
    "reading-a-failure": None,
    "target-file": "target",
    "napster": None,
    "pytest": "target",
    "ci": "ci",
    "fuzzing": "fuzzing",
    "scapy": "scapy",
    "new-network": "..",
}
"""The guides, and the folder of examples in which the reader works; `..` for a checkout."""

NEEDED = {"python fuzz_": "atheris", "tshark": "tshark"}
"""Commands that need what not every machine has."""

NOT_RUN = {
    r"python3 -m venv \.venv && \.venv/bin/pip install .*": "installs",
    r"\. \.venv/bin/activate": "installs",
    r"pip install .*": "installs",
    r"wireshark .*": "opens a window",
}
"""Commands that a guide may leave out of its test, by their form; the reason is the word it must give."""


def missing(command: Command) -> str | None:
    """What a command needs and this machine lacks."""
    needed = next((what for words, what in NEEDED.items() if words in command.words), None)
    return needed if needed and not importlib.util.find_spec(needed) and not shutil.which(needed) else None


def test_every_guide_is_known_here() -> None:
    assert {path.stem for path in GUIDES.glob("*.md")} == {*FOLDERS, "index"}
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == {
        name for name in FOLDERS.values() if name
    } - {".."}


@pytest.mark.parametrize(("guide", "reader"), FOLDERS.items(), indirect=["reader"], ids=FOLDERS)
def test_the_commands_of_a_guide_do_what_it_says(guide: str, reader: Reader) -> None:
    lacking = set()
    for command in commands(GUIDES / f"{guide}.md"):
        if command.skipped:
            assert any(re.fullmatch(form, command.words) for form in NOT_RUN), command.words
            continue
        if (needed := missing(command)) is not None:
            lacking.add(needed)
            continue
        code, printed = reader.types(command)
        assert (code, command.words) == (command.code, command.words), printed
        if not command.prints(printed):
            pytest.fail(f"$ {command.words}\nthe guide shows:\n{command.shown}\nit prints:\n{printed}", pytrace=False)
    if lacking:
        pytest.skip(f"all but the commands that need {' and '.join(sorted(lacking))}, which is not installed")


def test_the_guides_have_commands() -> None:
    assert all(commands(GUIDES / f"{guide}.md") for guide in FOLDERS)


def test_what_a_guide_shows_is_compared(reader: Reader) -> None:
    code, printed = reader.types(Command("echo in 1.25 s at 127.0.0.1:51234; echo more; exit 3", ""))
    assert code == 3
    assert Command("", "in 7.0 s at 127.0.0.1:6346\nmore\n").prints(printed)
    assert Command("", "in ...\nmore\n").prints(printed)
    assert not Command("", "in 7.0 s at 127.0.0.2:6346\nmore\n").prints(printed)
    assert not Command("", "in 7.0 s at 127.0.0.1:6346\n").prints(printed)


def test_blocks_are_read_with_their_notes(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("% exits 1\n```console\n$ a \\\n  b\none\ntwo\n$ c\n```\n\n% not run: why\n```console\n$ d\n```\n")
    assert commands(guide) == [
        Command("a \\\n  b", "one\ntwo\n", code=1),
        Command("c", "", code=1),
        Command("d", "", skipped="why"),
    ]
    guide.write_text("% exit 1\n```console\n$ a\n```\n")
    with pytest.raises(ValueError, match="means nothing"):
        commands(guide)
