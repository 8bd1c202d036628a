"""The commands of a guide: its blocks of `console`, in their order, and what they show.

A line that begins with `$ ` is a command, a line after one that ends in a backslash its continuation, and what follows
is what it prints; `...` stands for any text. Where nothing follows, anything may be printed. A comment of MyST's before
the block says what is special: `% exits 1`, `% in another terminal` (it runs until the guide ends), or `% not run:` and
the reason.
"""

from __future__ import annotations

import doctest
import re
from dataclasses import dataclass
from pathlib import Path

GUIDES = Path(__file__).parents[2] / "docs" / "guides"

_BLOCK = re.compile(r"((?:^% [^\n]*\n)*)^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIES = (
    (re.compile(r"\b\d+(\.\d+)? ?m?s\b"), "N s"),
    (re.compile(r"\b\d+\.\d\d\d\b"), "N"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "GUID"),
    (
        re.compile(
            r"\b\d+ (cases|pass|fail|warn|info|unsupported|inconclusive|known|same|passed|skipped|deselected)\b"
        ),
        r"N \1",
    ),
    (re.compile(r"(127\.\d+\.\d+\.\d+):\d{4,5}"), r"\1:PORT"),
    (re.compile(r"\b\d+/\d+ tests\b"), "N/N tests"),
    (re.compile(r"[ \t]+(?=\n|\Z)"), ""),
    (re.compile(r"^Running as user .*\n", re.MULTILINE), ""),  # tshark, to root
)


@dataclass(frozen=True)
class Command:
    """One command of a guide, and what the guide says of it. `skipped` is the reason why it is not run."""

    words: str
    shown: str
    code: int = 0
    background: bool = False
    skipped: str = ""

    def prints(self, text: str) -> bool:
        """Whether `text` is what the guide shows."""
        if not self.shown:
            return True
        options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        return doctest.OutputChecker().check_output(_settled(self.shown), _settled(text), options)


def _settled(text: str) -> str:
    """`text` without what is another each time or after each change: durations, GUIDs, ports, numbers of cases."""
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    return text.strip() + "\n"


def commands(guide: Path) -> list[Command]:
    """The commands of a guide."""
    return [command for notes, block in _BLOCK.findall(guide.read_text("utf-8")) for command in _of(notes, block)]


def _of(notes: str, block: str) -> list[Command]:
    said: dict[str, int | bool | str] = {}
    for note in notes.splitlines():
        word = note.removeprefix("% ")
        if match := re.fullmatch(r"exits (\d+)", word):
            said["code"] = int(match[1])
        elif word == "in another terminal":
            said["background"] = True
        elif match := re.fullmatch(r"not run: (.+)", word):
            said["skipped"] = match[1]
        else:
            raise ValueError(f"a comment that means nothing: {note}")
    found: list[list[str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found and found[-1][0].endswith("\\"):
            found[-1][0] += f"\n{line}"
        elif found:
            found[-1][1] += f"{line}\n"
        else:
            raise ValueError(f"output without a command: {line}")
    return [Command(words, shown, **said) for words, shown in found]  # type: ignore[arg-type]
