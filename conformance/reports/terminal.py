"""The report for a terminal: section, verdict, title, ids; then each deviation in full; then the summary.

Results are printed as they come. Colours and the line of progress appear on a terminal only; piped, the report is plain
lines of text, in full width.
"""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ..printing import printable
from ..requirements import load
from ..verdicts import Verdict

if TYPE_CHECKING:
    from ..engine import Result
    from ..session import Report
    from ..target import Target

SYMBOLS: dict[Verdict, tuple[str, str]] = {
    Verdict.PASS: ("✔", "green"),
    Verdict.FAIL: ("✘", "bold red"),
    Verdict.WARN: ("▲", "yellow"),
    Verdict.INFO: ("•", "cyan"),
    Verdict.UNSUPPORTED: ("○", "dim"),
    Verdict.INCONCLUSIVE: ("?", "magenta"),
    Verdict.ERROR: ("!", "bold red"),
}
"""Symbol and style of each verdict."""

_PLAIN_WIDTH = 10_000
_PROGRESS_AFTER = 1.0
_FEW = 3
"""Deviations so few that the messages of each are shown without being asked for."""
_ROWS = 20
_EXPLAINED = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)


def make_console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; without colours and line breaks of its own when piped."""
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        console = Console(
            stderr=stderr, highlight=False, markup=False, emoji=False, no_color=True, width=_PLAIN_WIDTH, soft_wrap=True
        )
    return console


class TerminalReport:
    """Prints a session while it runs, and what is to be said at its end."""

    def __init__(self, console: Console, total: int, *, again: str, verbose: bool = False) -> None:
        """`again` is the command that judges the same target, to which the id of a case can be added."""
        self._console = console
        self._again = again
        self._total = total
        self._verbose = verbose
        self._done = 0
        self._section = ""
        self._began = time.monotonic()
        self._status = console.status("") if console.is_terminal else None
        self._titles: dict[str, str] = {}
        self._target: Target | None = None

    def begin(self, target: Target) -> None:
        """The heading: what is judged."""
        self._target = target
        self._titles = dict(target.network.sections)
        where = "" if target.isolated else f" at {target.address[0]}:{target.address[1]}"
        name = target.name if where and where.endswith(target.name) else f"{target.name}{where}"
        self._console.print(Text(f"{target.network.title}: {name.removeprefix(' at ')}", style="bold"))

    def show(self, result: Result) -> None:
        """One line for a result, with a heading when its section begins."""
        if self._section != result.case.section:
            self._section = result.case.section
            self._console.print()
            title = self._titles.get(self._section, self._section)
            self._console.print(Text(f"{title} ", style="bold").append(f"({self._section})", style="dim"))
        self._console.print(self._line(result))
        self._done += 1
        if self._status is not None and time.monotonic() - self._began > _PROGRESS_AFTER:
            self._status.update(f"{self._done} of {self._total}")
            self._status.start()

    def _line(self, result: Result) -> Text:
        symbol, style = SYMBOLS[result.verdict]
        if result.known is not None:
            symbol, style = "≈", "dim"
        line = Text("  ").append(symbol, style=style).append(f" {result.case.title}  ")
        line.append(" ".join(result.case.requirements), style="dim")
        if word := _word(result):
            line.append(f"  {word}", style=style)
        return line

    def end(self, report: Report) -> None:
        """The deviations in full, the notes, and the summary."""
        self.pause()
        explained = [each for each in report.results if each.verdict in _EXPLAINED and each.known is None]
        if explained:
            self._console.print()
            self._console.print(Text("Deviations" if report.exit_code < 2 else "Deviations and errors", style="bold"))
        for result in explained:
            self._explain(result, ladder=self._verbose or len(explained) <= _FEW)
        for entry in report.stale:
            self._console.print()
            self._console.print(Text("  ! ", style="bold red").append(f"{entry.id} is listed as a known deviation"))
            self._console.print(f"      but no longer deviates; strike it from the list ({printable(entry.reason)})")
        for note in report.notes:
            self._console.print()
            self._console.print(Text(f"note: {printable(note)}", style="dim"))
        self._console.print()
        self._console.print(summary(report))

    def pause(self) -> None:
        """Take the line of progress off the screen."""
        if self._status is not None:
            self._status.stop()

    def _explain(self, result: Result, *, ladder: bool) -> None:
        network = load(result.case.network)
        symbol, style = SYMBOLS[result.verdict]
        print_ = self._console.print
        print_()
        print_(Text("  ").append(symbol, style=style).append(f" {result.case.title}", style="bold"))
        for id_ in result.case.requirements:
            requirement = network[id_]
            print_(Text(f"      {id_} ({requirement.level}): {requirement.text}"))
            print_(Text(f"      source: {requirement.source}", style="dim"))
        if result.verdict is Verdict.ERROR:
            print_(Text("      the tester failed, which says nothing of the node", style=style))
        for number, expected in enumerate(result.expected):
            print_(Text(f"      {'expected' if not number else '      or'}: {printable(expected)}", style="green"))
        if result.actual:
            print_(Text(f"      actual:   {printable(result.actual)}", style="red"))
        if result.message and not (result.expected and result.actual):
            print_(Text(f"      {printable(result.message)}", style="red"))
        elif "; after it: " in result.message:
            print_(Text(f"      after it: {printable(result.message.partition('; after it: ')[2])}", style="red"))
        if result.detail and (self._verbose or result.verdict is Verdict.ERROR):
            for line in result.detail.splitlines():
                print_(Text(f"      | {printable(line)}", style="dim"))
        if ladder and self._target is not None:
            for line in _ladder(result, self._target):
                print_(Text(f"      {line}", style="dim"))
        print_(Text(f"      again: {self._again} {shlex.quote(result.case.id)}", style="dim"))


def _ladder(result: Result, target: Target) -> list[str]:
    """The last messages of a case that deviated, a line each."""
    from ..evidence.write import has_evidence, ladder_of

    found = ladder_of(result, target) if has_evidence(result) else None
    return [] if found is None else ["", *found.text(_ROWS).rstrip("\n").split("\n"), ""]


def summary(report: Report) -> Text:
    """The last line: how many of each verdict, the time, and what it comes to."""
    line = Text(f"{len(report.results)} cases", style="bold")
    for verdict in Verdict:
        if count := report.count(verdict):
            line.append(", ").append(f"{count} {verdict}", style=SYMBOLS[verdict][1])
    if report.known:
        line.append(f", {report.known} known", style="dim")
    if report.stale:
        line.append(", ").append(f"{len(report.stale)} stale", style="bold red")
    line.append(f" in {report.duration:.1f} s: ")
    said, style = {
        0: ("conforms", "bold green"),
        1: ("does not conform", "bold red"),
        3: ("could not be judged", "bold magenta"),
    }[report.exit_code]
    return line.append(said, style=style)


def _word(result: Result) -> str:
    """What a line says beyond its symbol."""
    if result.known is not None:
        return f"known: {printable(result.known)}"
    match result.verdict:
        case Verdict.PASS:
            return ""
        case Verdict.INFO:
            return "does" if result.outcome.value == "held" else "does not"
        case Verdict.UNSUPPORTED | Verdict.INCONCLUSIVE:
            return f"{result.verdict}: {printable(result.message)}"
        case _:
            return str(result.verdict)
