"""`peerspec replay`: send the messages of a trace again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import Complaint
from .common import Seconds, complaints, the_network

if TYPE_CHECKING:
    from ..bench import Timing
    from ..evidence.trace import Trace
    from ..target import Target


@click.command("replay")
@click.argument("trace", type=click.Path(path_type=Path))
@click.argument("target", required=False)
@click.option("--mutant", metavar="NAME", help="Replay on a broken built-in node.")
@click.option("--seed", type=click.IntRange(0), help="Of what is chosen anew; otherwise the trace's own.")
@click.option("--timeout", type=Seconds(0.05, 600), help="Seconds for what must come; otherwise as in the trace.")
@click.option(
    "--patience", type=Seconds(0, 86400), default=0.0, help="Seconds that may be waited for the node's clock."
)
def command(
    *,
    trace: Path,
    target: str | None,
    mutant: str | None,
    seed: int | None,
    timeout: float | None,
    patience: float,
) -> int:
    """Send the messages of TRACE again, and say whether the deviation shows again.

    TRACE is a trace.json that `peerspec check --report` wrote, or a sequence that `peerspec explore --save` wrote.
    TARGET is what `peerspec check` takes: an address, a target file, the word virtual, or nothing for the built-in node
    over loopback. What the node chooses (GUIDs, servent ids, indexes, its address) may be different each time.

    \b
    peerspec replay report/evidence/.../trace.json 127.0.0.1:6346
    peerspec replay report/evidence/.../trace.json virtual --mutant KeepsTheTtl

    A trace in which a second instance of the node is started, or told to dial, needs a target file that says how. One
    in which node time passes needs --patience, as long as that; a built-in node's clock is moved.

    Exit code: 0 the deviation does not show, 1 it shows again, 2 wrong usage, 3 the trace could not be replayed.
    """
    from ..explore.scenario import ScenarioError
    from ..replay.player import NotReplayed
    from ..target import TargetError

    try:
        return _replay(trace, target, mutant=mutant, seed=seed, timeout=timeout, patience=patience)
    except (NotReplayed, TargetError) as error:
        if isinstance(error, TargetError) and _is_usage(error):
            raise Complaint(str(error)) from error
        raise Complaint(f"could not be replayed: {error}", 3) from error
    except ScenarioError as error:
        raise Complaint(str(error)) from error


def _is_usage(error: Exception) -> bool:
    from ..target import TargetUsageError

    return isinstance(error, TargetUsageError)


def _replay(
    path: Path, word: str | None, *, mutant: str | None, seed: int | None, timeout: float | None, patience: float
) -> int:
    from ..evidence import trace as traces
    from ..replay.run import replay

    if _is_scenario(path):
        return _play(path, word, mutant=mutant, seed=seed, patience=patience)
    try:
        found = traces.read(path)
    except traces.TraceError as error:
        raise Complaint(str(error)) from error
    node = _target(found.network, word, mutant, found.seed if seed is None else seed)
    timing = _timing(found, timeout, patience)
    _heading(found)
    node.start()
    try:
        decision = replay(found, node, timing, seed=seed)
    finally:
        node.stop()
    click.echo(f"{'the deviation shows again' if decision.shows else 'the deviation does not show'}: {decision.seen}")
    return int(decision.shows)


def _heading(trace: Trace) -> None:
    """What is replayed: the case, its requirements, and by what the deviation showed."""
    from ..printing import printable

    click.echo(printable(f"{trace.case.id} ({trace.case.verdict} of {trace.target.name}, seed {trace.seed})"))
    for each in trace.requirements:
        click.echo(printable(f"  {each.id} ({each.level}): {each.text}"))
    if said := trace.case.actual or trace.case.message:
        click.echo(printable(f"  then: {said}"))


def _target(network: str, word: str | None, mutant: str | None, seed: int) -> Target:
    from ..selection import choose_target

    with complaints():
        return choose_target(the_network(network), word, seed, mutant=mutant)[0]


def _timing(trace: Trace, timeout: float | None, patience: float) -> Timing:
    from ..bench import Timing

    return Timing(timeout=trace.options.timeout if timeout is None else timeout, patience=patience)


def _is_scenario(path: Path) -> bool:
    """Whether the file is a sequence of `explore`; what can't be read is left to whoever reads traces."""
    from ..evidence.trace import LARGEST

    try:
        if path.stat().st_size > LARGEST:
            return False
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "scenario" in found


def _play(path: Path, word: str | None, *, mutant: str | None, seed: int | None, patience: float) -> int:
    """Play a sequence of `explore` again."""
    from ..bench import Timing
    from ..explore.scenario import network_of
    from ..explore.search import deviates
    from ..printing import printable

    network = the_network(network_of(path))
    explorer = network.explorer()
    try:
        scenario = explorer.scenario.decode(path.read_bytes())
    except ValueError as error:
        raise Complaint(f"{path}: {error}") from error
    node = _target(network.name, word, mutant, seed or 1)
    node.start()
    try:
        deviations = deviates(explorer, scenario, node, seed=seed or 1, timing=Timing(patience=patience))
    finally:
        node.stop()
    for line in scenario.words():
        click.echo(printable(f"  {line}"))
    for each in deviations:
        click.echo(printable(f"the deviation shows again: {each}"))
    if not deviations:
        click.echo("the deviation does not show: nothing that the model forbids came")
    return int(bool(deviations))
