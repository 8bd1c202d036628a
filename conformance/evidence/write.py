"""The folder of evidence that each failing case leaves: `<report>/evidence/<case id>/`.

summary.md     the requirement, what was expected and what came
ladder.txt     the messages, decoded, for reading
ladder.svg     the same as a picture
capture.pcap   the same for Wireshark
trace.json     the same for `peerspec replay`
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..printing import printable
from ..requirements import load
from . import ladder as ladders
from .pcap import capture
from .trace import trace

if TYPE_CHECKING:
    from ..engine import Result, Settings
    from ..target import Target
    from ..worlds import Address, Transcript
    from .ladder import Ladder

FOLDER = "evidence"
_UNFIT = re.compile(r"[^\w.,\[\]()+=@ -]|^\.+$", re.ASCII)
_LONGEST_NAME = 120


def folder_of(case: str) -> Path:
    """The folder of a case within `evidence`, by its id: `/` parts folders, what no file should be called is `_`."""
    return Path(*(_UNFIT.sub("_", part)[:_LONGEST_NAME] or "_" for part in case.split("/")))


def has_evidence(result: Result) -> bool:
    """Whether a result is one that leaves evidence: the case deviated, and something was tried."""
    return result.deviates and result.transcript is not None


def ladder_of(result: Result, target: Target) -> Ladder | None:
    """The ladder of a result; None where nothing was tried."""
    if result.transcript is None:
        return None
    return ladders.draw(result.transcript, target.network.dissector(), _node(result.transcript, target))


def write(folder: Path, result: Result, target: Target, settings: Settings) -> Path:
    """Write the evidence of one result below `folder`, the report's; returns the case's own folder (OSError)."""
    if result.transcript is None:
        raise ValueError(f"{result.case.id} left no transcript")
    own = folder / FOLDER / folder_of(result.case.id)
    own.mkdir(parents=True, exist_ok=True)
    ladder = ladders.draw(result.transcript, target.network.dissector(), _node(result.transcript, target))
    (own / "ladder.txt").write_text(ladder.text(most=ladders.LINE), "utf-8")
    (own / "ladder.svg").write_text(ladder.svg(f"{result.case.title}: the messages"), "utf-8")
    (own / "capture.pcap").write_bytes(capture(result.transcript))
    (own / "trace.json").write_bytes(trace(result, target, settings).encode())
    (own / "summary.md").write_text(summary(result, target, settings, ladder), "utf-8")
    return own


def _node(transcript: Transcript, target: Target) -> Address:
    """Where the node was: by now it may have been started anew, at another port."""
    return transcript.node if transcript.node[0] else target.address


FILES = ("summary.md", "ladder.txt", "ladder.svg", "capture.pcap", "trace.json")
"""What a case's folder holds."""


class Writer:
    """Writes evidence as results come. `files` names, for each case that left some, its files relative to `folder`."""

    def __init__(self, folder: Path, target: Target, settings: Settings) -> None:
        self._folder = folder
        self._target = target
        self._settings = settings
        self.files: dict[str, tuple[str, ...]] = {}

    def take(self, result: Result) -> None:
        """Write the evidence of a result that leaves some; of another, take away what an earlier run left (OSError)."""
        if has_evidence(result):
            own = write(self._folder, result, self._target, self._settings)
            self.files[result.case.id] = tuple((own / name).relative_to(self._folder).as_posix() for name in FILES)
            return
        old = self._folder / FOLDER / folder_of(result.case.id)
        for name in FILES:
            (old / name).unlink(missing_ok=True)
        if old.is_dir() and not any(old.iterdir()):
            old.rmdir()


def summary(result: Result, target: Target, settings: Settings, ladder: Ladder) -> str:
    """The requirement's sentence and source, what was expected and what came, and how to see it again, in Markdown."""
    requirements = load(result.case.network)
    lines = [f"# {_plain(result.case.title)}", ""]
    lines += [f"{result.verdict}: `{result.case.id}`, judging {_plain(target.name)}, seed {settings.seed}.", ""]
    for id_ in result.case.requirements:
        each = requirements[id_]
        lines += [f"> **{id_}** ({each.level}): {each.text}", f"> Source: {each.source}", ""]
    lines += [f"- {'expected' if not number else 'or'}: {_plain(text)}" for number, text in enumerate(result.expected)]
    if result.actual:
        lines.append(f"- actual: {_plain(result.actual)}")
    if result.message and not (result.expected and result.actual):
        lines.append(f"- {_plain(result.message)}")
    lines += ["", "## Messages", "", "```text", ladder.text(last=20).rstrip("\n").replace("```", "` ` `"), "```", ""]
    lines += [
        "The whole of them: `ladder.txt`, `ladder.svg`, and `capture.pcap` for Wireshark.",
        "Send them again: `peerspec replay trace.json [TARGET]`.",
        "",
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Words that a node may have sent, so that Markdown takes them for words."""
    return re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", printable(text))
