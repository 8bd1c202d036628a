"""`peerspec prove`: the proof of the suite itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import complaints, the_network, writable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from ..mutants import Mutant
    from ..prove import MutantScore, Proof


@click.command("prove")
@click.argument("network", required=False)
@click.option("--mutant", "names", multiple=True, metavar="NAME", help="Only this mutant; may be given more than once.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of all that is random.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes; otherwise as many as there are cores, at least 2."
)
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Write the scores as JSON.")
@click.option(
    "--thorough", is_flag=True, help="Run each mutant against every case, also those that don't enter what it replaces."
)
@click.option("-v", "--verbose", is_flag=True, help="Show every mutant.")
def command(
    *,
    network: str | None,
    names: tuple[str, ...],
    seed: int,
    jobs: int | None,
    json_: Path | None,
    thorough: bool,
    verbose: bool,
) -> int:
    """Prove the suite of NETWORK (or of all networks): the reference passes, mutants fall, null nodes pass nothing.

    Exit code 1 when fewer than 95 % of the mutants are cleanly killed, when a requirement lacks its case or mutant,
    when a null node passes a case, or when the reference fails one.
    """
    with complaints():
        from .. import mutants
        from ..networks import network_names
        from ..prove import prove
        from ..reports.terminal import make_console
        from ..selection import unknown

        chosen = [the_network(network).name] if network is not None else list(network_names())
        known = [mutant.name for each in chosen for mutant in mutants.of(each)]
        for name in names:
            if name not in known:
                raise unknown("mutant", name, known)
        if json_ is not None:
            writable(json_)

        def wanted(mutant: Mutant) -> bool:
            return not names or mutant.name in names

        console = make_console()
        proofs = []
        for each in chosen:
            status = console.status("")

            def progress(done: int, total: int, name: str = each, line: Status = status) -> None:
                # not before the first result: the line is drawn by a thread, and until then processes are forked
                if console.is_terminal:
                    line.update(f"{name}: {done} of {total}")
                    line.start()

            try:
                proof = prove(each, seed=seed, jobs=jobs, only=wanted, thorough=thorough, progress=progress)
            finally:
                status.stop()
            _show(console, proof, verbose=verbose or bool(names))
            proofs.append(proof)
    if json_ is not None:
        data = [proof.as_data() for proof in proofs]
        json_.write_text(json.dumps(data[0] if network is not None else data, indent=2) + "\n", "utf-8")
    return 0 if all(proof.proven for proof in proofs) else 1


def _show(console: Console, proof: Proof, *, verbose: bool) -> None:
    from rich.text import Text

    for each in proof.mutants:
        if verbose or not each.clean:
            word, style = _word(each)
            line = Text(f"{each.name}", style="bold").append(f"  breaks {each.breaks}  ", style="dim")
            console.print(line.append(word, style=style))
            console.print(Text(f"    {each.defect}", style="dim"))
            for name, ids in (("killed by", each.killers), ("astray", each.astray), ("error", each.errors)):
                if ids:
                    console.print(f"    {name}: {', '.join(ids)}")
    for null in proof.nulls:
        for id_ in null.held:
            console.print(Text(f"the null node “{null.name}” passes {id_}", style="red"))
        for error in null.errors:
            console.print(Text(f"error with the null node “{null.name}”: {error}", style="red"))
    for world in proof.reference:
        for case, message in world.faults:
            console.print(Text(f"the reference ({world.world}) does not hold {case}: {message}", style="red"))
    for problem in proof.problems:
        console.print(Text(problem, style="red"))
    _summarize(console, proof)


def _summarize(console: Console, proof: Proof) -> None:
    from rich.text import Text

    worlds = ", ".join(
        f"{world.world} {world.cases - len(world.faults)} of {world.cases} in {world.seconds:.1f} s"
        for world in proof.reference
    )
    console.print(f"reference: {worlds}")
    clean, killed = sum(each.clean for each in proof.mutants), sum(each.killed for each in proof.mutants)
    console.print(f"mutants: {len(proof.mutants)}, {killed} killed, {clean} cleanly: score {100 * proof.score:.1f} %")
    console.print(
        f"null nodes: {len(proof.nulls)}, which pass {proof.null_passes} of {len(proof.nulls) * proof.cases} cases"
    )
    said, style = ("proven", "bold green") if proof.proven else ("not proven", "bold red")
    console.print(
        Text(f"{proof.network}: ", style="bold").append(said, style=style).append(f" in {proof.seconds:.1f} s")
    )


def _word(score: MutantScore) -> tuple[str, str]:
    if score.clean:
        return "cleanly killed", "green"
    if score.killed:
        return "killed, not cleanly", "yellow"
    return "survives", "bold red"
