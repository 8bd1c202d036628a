"""`peerspec explore`: search for sequences of messages on which a node deviates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import Complaint
from .common import complaints, the_network, writable

if TYPE_CHECKING:
    from rich.console import Console

    from ..explore.proof import SearchProof
    from ..explore.search import Budget, Exploration
    from ..networks import Network
    from ..target import Target
    from ..verdicts import Level


@click.command("explore")
@click.argument("network")
@click.argument("target", required=False)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of all that is random.")
@click.option("--steps", type=click.IntRange(1), help="Steps to take in all.  [default: 5000; 4000 with --mutants]")
@click.option("--time", "seconds", type=click.FloatRange(0, min_open=True), help="Seconds after which to stop.")
@click.option("--length", type=click.IntRange(1, 100), help="Steps of the longest sequence.  [default: 10]")
@click.option(
    "--level",
    type=click.Choice(["must", "should", "may"]),
    default="should",
    show_default=True,
    help="The weakest level to look at.",
)
@click.option("--save", type=click.Path(path_type=Path, file_okay=False), help="Write each finding into this folder.")
@click.option("--play", type=click.Path(path_type=Path, dir_okay=False), help="Play a saved finding; search nothing.")
@click.option("--patience", type=click.FloatRange(0, 86400), default=0, help="Seconds of the node's clock to wait for.")
@click.option("--mutants", "mutants_", is_flag=True, help="Explore every mutant instead, and count those found.")
@click.option("--mutant", "names", multiple=True, metavar="NAME", help="Only this mutant; may be given more than once.")
@click.option("--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes for --mutants.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Write the result of --mutants as JSON.")
def command(
    *,
    network: str,
    target: str | None,
    seed: int,
    steps: int | None,
    seconds: float | None,
    length: int | None,
    level: str,
    save: Path | None,
    play: Path | None,
    patience: float,
    mutants_: bool,
    names: tuple[str, ...],
    jobs: int,
    json_: Path | None,
) -> int:
    """Search for sequences of messages on which a node of NETWORK deviates from the specification.

    Sequences of valid and nearly valid messages, from several peers, are drawn at random and sent to the node, beside a
    model that knows what must come of each, what may, and what may not. A sequence on which the node deviates is
    shortened as far as it goes, and shown with the requirements that are broken.

    TARGET is an address (127.0.0.1:6346), a target file (node.toml), or the word builtin: the reference node over
    loopback. Without it the reference node is explored in virtual time, where a seed always gives the same findings.

    \b
    peerspec explore gnutella --seed 7 --steps 20000
    peerspec explore gnutella 127.0.0.1:6346 --time 60 --save findings
    peerspec explore gnutella 127.0.0.1:6346 --play findings/01-GNU-FWD-03.json
    peerspec explore gnutella --mutants

    Exit code: 0 no deviation found, 1 found, 2 wrong usage, 3 the node can't be reached. With --mutants: 0 when at
    least 80 % of the mutants were found, each by a sequence of at most 6 steps, and nothing on the reference.
    """
    with complaints():
        from ..explore.search import LENGTH, STEPS, Budget
        from ..outcomes import Unsupported
        from ..verdicts import Level

        chosen = the_network(network)
        _check_usage(target, names, mutants_=mutants_, play=play, json_=json_, seconds=seconds)
        try:
            chosen.explorer()
        except Unsupported as error:
            raise Complaint(str(error)) from error
        if mutants_ or names:
            return _prove(chosen, names, seed=seed, steps=steps, jobs=jobs, json_=json_)
        node = _target(chosen, target, seed)
        folder = _folder(save)
        if play is not None:
            return _play(chosen, node, play, seed=seed, patience=patience)
        budget = Budget(steps=_steps(steps, seconds, STEPS), seconds=seconds, length=length or LENGTH)
        return _explore(chosen, node, budget, Level(level.upper()), seed=seed, patience=patience, folder=folder)


def _check_usage(
    target: str | None,
    names: tuple[str, ...],
    *,
    mutants_: bool,
    play: Path | None,
    json_: Path | None,
    seconds: float | None,
) -> None:
    """Refuse options that mean nothing together."""
    if (mutants_ or names) and target is not None:
        raise Complaint("mutants are explored in virtual time: they take no target")
    if (mutants_ or names) and play is not None:
        raise Complaint("--play and --mutants exclude each other")
    if (mutants_ or names) and seconds is not None:
        raise Complaint("mutants are explored by steps: --time means nothing there")
    if json_ is not None and not (mutants_ or names):
        raise Complaint("--json is for --mutants; findings are written by --save")


def _steps(steps: int | None, seconds: float | None, usual: int) -> int:
    """Steps to take: as many as time allows when only a time is given."""
    return steps if steps is not None else usual if seconds is None else 10**9


def _target(network: Network, word: str | None, seed: int) -> Target:
    from ..selection import VIRTUAL, choose_target

    known = {None: VIRTUAL, "builtin": None}
    return choose_target(network, known.get(word, word), seed)[0]


def _folder(save: Path | None) -> Path | None:
    """The folder for findings, seen to be writable."""
    if save is not None:
        writable(save / ".peerspec").unlink()
    return save


def _timing(target: Target, seed: int, patience: float) -> Any:
    """See that the target answers, and scale the timeouts by how fast."""
    from ..bench import Timing
    from ..engine import Settings
    from ..session import Session

    session = Session(target, Settings(seed=seed, timing=Timing(patience=patience)))
    session.preflight()
    return session.settings.timing


def _play(network: Network, target: Target, path: Path, *, seed: int, patience: float) -> int:
    """Play a saved scenario, and say how the node deviates."""
    from ..explore.scenario import ScenarioError
    from ..explore.search import deviates
    from ..printing import printable
    from ..reports.terminal import make_console

    explorer = network.explorer()
    try:
        scenario = explorer.scenario.decode(path.read_bytes())
    except OSError as error:
        raise Complaint(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except ScenarioError as error:
        raise Complaint(f"{path}: {error}") from error
    console = make_console()
    try:
        target.start()
        found = deviates(explorer, scenario, target, seed=seed, timing=_timing(target, seed, patience))
    finally:
        target.stop()
    for place, line in enumerate(scenario.words(), 1):
        console.print(f"{place}. {printable(line)}")
    for deviation in found:
        console.print(printable(str(deviation)), style="red")
    if not found:
        console.print("no deviation", style="green")
    return 1 if found else 0


def _explore(
    network: Network, target: Target, budget: Budget, level: Level, *, seed: int, patience: float, folder: Path | None
) -> int:
    """Search, showing progress and each finding as it comes."""
    from ..explore.report import file_name, save, show_finding, show_summary
    from ..explore.search import explore
    from ..reports.terminal import make_console

    console = make_console()
    status = console.status("")
    shown = 0

    def watch(found: Exploration) -> None:
        nonlocal shown
        for finding in found.findings[shown:]:
            shown += 1
            status.stop()
            path = folder / file_name(finding, shown) if folder is not None else None
            if path is not None:
                save(finding, path, target, seed)
            show_finding(console, finding, shown, network.name, saved=path)
        if console.is_terminal and found.seconds > 1:
            status.update(f"{found.scenarios} scenarios, {found.steps} steps, {shown} found")
            status.start()

    try:
        target.start()
        timing = _timing(target, seed, patience)
        console.print(f"exploring {target.name} with seed {seed}")
        found = explore(network.explorer(), target, seed=seed, budget=budget, timing=timing, level=level, watch=watch)
    except OSError as error:
        raise Complaint(f"{folder} can't be written: {(error.strerror or str(error)).lower()}", 3) from error
    finally:
        status.stop()
        target.stop()
    show_summary(console, found)
    return 1 if found.findings else 0


def _prove(
    network: Network, names: tuple[str, ...], *, seed: int, steps: int | None, jobs: int, json_: Path | None
) -> int:
    """Explore the mutants."""
    from .. import mutants
    from ..explore.proof import STEPS, prove_search
    from ..reports.terminal import make_console
    from ..selection import unknown

    known = [each.name for each in mutants.of(network.name)]
    for name in names:
        if name not in known:
            raise unknown("mutant", name, known)
    if json_ is not None:
        writable(json_)
    console = make_console()
    status = console.status("")

    def progress(done: int, total: int) -> None:
        # not before the first result: the line is drawn by a thread, and until then processes are forked
        if console.is_terminal:
            status.update(f"{done} of {total}")
            status.start()

    try:
        proof = prove_search(
            network.name,
            seed=seed,
            steps=steps or STEPS,
            jobs=jobs,
            only=lambda each: not names or each.name in names,
            progress=progress,
        )
    finally:
        status.stop()
    _show_proof(console, proof, verbose=bool(names))
    if json_ is not None:
        json_.write_text(json.dumps(proof.as_data(), indent=2) + "\n", "utf-8")
    return 0 if proof.proven else 1


def _show_proof(console: Console, proof: SearchProof, *, verbose: bool) -> None:
    """A line for each mutant, then the totals."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title, side in (("mutant", "left"), ("breaks", "left"), ("found after", "right"), ("steps", "right")):
        table.add_column(title, justify="right" if side == "right" else "left", no_wrap=True)
    table.add_column("the finding cites", overflow="fold")
    for each in proof.mutants:
        word = Text(str(each.taken)) if each.found else Text("not found", style="bold red")
        cited = Text(", ".join(each.clauses), style="" if each.named else "yellow")
        table.add_row(each.name, each.breaks, word, str(each.steps) if each.found else "", cited)
        if verbose:
            for line in each.words:
                table.add_row(Text(f"  {line}", style="dim"))
    console.print(table)
    for each in proof.reference:
        if each.found:
            console.print(
                Text(f"on the reference: {', '.join(each.clauses)}: {'; '.join(each.words)}", style="bold red")
            )
    total = len(proof.mutants)
    found, small = sum(each.found for each in proof.mutants), sum(each.small for each in proof.mutants)
    named = sum(each.named for each in proof.mutants)
    console.print(
        f"mutants: {total}, {found} found ({100 * proof.share:.1f} % by at most 6 steps: {small}),"
        f" {named} by the requirement that they break"
    )
    console.print(f"the same search on the reference: {sum(each.found for each in proof.reference)} found")
    said, style = ("proven", "bold green") if proof.proven else ("not proven", "bold red")
    console.print(
        Text(f"{proof.network}, seed {proof.seed}, {proof.budget} steps each: ")
        .append(said, style=style)
        .append(f" in {proof.seconds:.0f} s")
    )
