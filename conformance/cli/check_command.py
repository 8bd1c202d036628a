"""`peerspec check`: judge a node."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import Seconds, complaints, the_network, writable, writing
from .inputs import existing_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..bench import Timing
    from ..catalogue import Case
    from ..engine import Result, Settings
    from ..reports.write import Reports
    from ..session import Report
    from ..target import Deviation, Target
    from ..targetfile import TargetFile

_ID = re.compile(r"[A-Z][A-Z0-9]*-[A-Z][A-Z0-9]*(-\d+)?|[a-z_]+/.+")


@click.command("check")
@click.argument("network")
@click.argument("target", required=False)
@click.argument("ids", nargs=-1)
@click.option("-s", "--section", "sections", multiple=True, help="Only this section; may be given more than once.")
@click.option(
    "--level", type=click.Choice(["must", "should", "may"]), default="may", help="The weakest level to judge by."
)
@click.option("--strict", is_flag=True, help="Hold a SHOULD like a MUST.")
@click.option("-x", "--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of all that is random.")
@click.option("--timeout", type=Seconds(0.05, 600), help="Seconds for what must come; otherwise by the node's latency.")
@click.option("--patience", type=Seconds(0, 86400), help="Seconds that a case may wait for the node's own clock.")
@click.option("--known", type=click.Path(path_type=Path), help="A TOML file of known deviations.")
@click.option("--write-known", type=click.Path(path_type=Path), help="Write the deviations of this run as known ones.")
@click.option("--html", type=click.Path(path_type=Path), help="Write the report as one HTML page.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write a summary in Markdown, for CI.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the report as JUnit XML.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Write the report as JSON.")
@click.option(
    "--report", type=click.Path(path_type=Path, file_okay=False), help="All reports and evidence, in a folder."
)
@click.option("--mutant", metavar="NAME", help="Judge a broken built-in node, to see a case fail.")
@click.option("-v", "--verbose", is_flag=True, help="Show all that is known of each failure.")
def command(
    *,
    network: str,
    target: str | None,
    ids: tuple[str, ...],
    sections: tuple[str, ...],
    level: str,
    strict: bool,
    fail_fast: bool,
    seed: int,
    timeout: float | None,
    patience: float | None,
    known: Path | None,
    write_known: Path | None,
    html: Path | None,
    markdown: Path | None,
    junit: Path | None,
    json_: Path | None,
    report: Path | None,
    mutant: str | None,
    verbose: bool,
) -> int:
    """Judge a node by the cases of NETWORK.

    TARGET is an address (127.0.0.1:6346), a target file (node.toml), the word virtual, or nothing: then the built-in
    reference node is started on loopback and judged. IDS are requirements (GNU-FWD-02), topics (GNU-FWD) or cases.

    Exit code: 0 conforms, 1 does not, 2 wrong usage, 3 the node can't be reached or the tester failed.
    """
    if target is not None and _ID.fullmatch(target) and not target.endswith(".toml") and not existing_file(target):
        ids, target = (target, *ids), None
    with complaints():
        from ..engine import Settings
        from ..reports.write import Reports
        from ..selection import choose_cases, choose_target
        from ..verdicts import Level

        chosen = the_network(network)
        cases = choose_cases(chosen, sections=sections, ids=ids, level=Level(level.upper()))
        node, file = choose_target(chosen, target, seed, mutant=mutant)
        in_file = node.deviations
        _add_known(node, known)
        remember = _memory(node, write_known, in_file)
        files = _report_files({"html": html, "json": json_, "junit": junit, "markdown": markdown}, report)
        timing = _timing(timeout, patience, file)
        fixed = timeout is not None or (file is not None and file.timeout is not None)
        settings = Settings(seed=seed, strict=strict, timing=timing)
        again = _again(network, target, mutant)
        with writing():
            reports = Reports(files, node, settings, folder=report, again=again)
            found = _judge(
                cases,
                node,
                settings,
                reports,
                scale_timeout=not fixed,
                fail_fast=fail_fast,
                verbose=verbose,
                again=again,
            )
            reports.write(found)
            remember(found)
    return found.exit_code


def _again(network: str, target: str | None, mutant: str | None) -> str:
    """The command that judges the same target."""
    words = ["peerspec", "check", network, *(["--mutant", mutant] if mutant else []), *([target] if target else [])]
    return shlex.join(words)


def _judge(
    cases: Sequence[Case],
    target: Target,
    settings: Settings,
    reports: Reports,
    *,
    scale_timeout: bool,
    fail_fast: bool,
    verbose: bool,
    again: str,
) -> Report:
    """Run the session with the target up, printing it as it goes."""
    from ..reports.terminal import TerminalReport, make_console
    from ..session import run

    printer = TerminalReport(make_console(), len(cases), again=again, verbose=verbose)

    def watch(result: Result) -> None:
        printer.show(result)
        reports.take(result)

    try:
        target.start()
        report = run(
            cases,
            target,
            settings,
            scale_timeout=scale_timeout,
            fail_fast=fail_fast,
            began=lambda: printer.begin(target),
            watch=watch,
        )
    finally:
        printer.pause()
        target.stop()
    printer.end(report)
    return report


def _timing(timeout: float | None, patience: float | None, file: TargetFile | None) -> Timing:
    """The timing that the options ask for, or else the file, or else nobody."""
    from ..bench import Timing

    timing = Timing()
    if timeout is None and file is not None:
        timeout = file.timeout
    if patience is None and file is not None:
        patience = file.patience
    if timeout is not None:
        timing = replace(timing, timeout=timeout, budget=max(timing.budget, 10 * timeout))
    return timing if patience is None else replace(timing, patience=patience)


def _add_known(target: Target, known: Path | None) -> None:
    """Add the known deviations of a file to those of the target."""
    if known is not None:
        from ..selection import check_deviations
        from ..targetfile import read_deviations

        found = read_deviations(known)
        check_deviations(target.network, found, known)
        target.deviations = (*target.deviations, *found)


def _memory(target: Target, path: Path | None, in_file: Sequence[Deviation]) -> Callable[[Report], None]:
    """What writes the known deviations of a run to `path`, when one is given; those `in_file` stay in their own."""
    if path is None:
        return lambda report: None
    from ..deviations import as_toml, remembered
    from ..selection import check_deviations
    from ..targetfile import read_deviations

    before = tuple(each for each in target.deviations if each not in in_file)
    if path.exists():
        written = read_deviations(path)
        check_deviations(target.network, written, path)
        before = (*before, *written)
    writable(path)

    def write(report: Report) -> None:
        path.write_text(as_toml(remembered(report.results, before, in_file)), "utf-8")

    return write


def _report_files(single: Mapping[str, Path | None], folder: Path | None) -> dict[str, list[Path]]:
    """The paths of each kind of report to write, seen to be writable."""
    from ..reports.write import IN_FOLDER

    wanted = {kind: [path] if path is not None else [] for kind, path in single.items()}
    if folder is not None:
        for kind, name in IN_FOLDER.items():
            wanted[kind].append(folder / name)
    return {kind: [writable(path) for path in paths] for kind, paths in wanted.items()}
