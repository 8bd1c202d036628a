"""`peerspec explain`: one requirement with all that hangs on it, or one case."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

from .common import complaints

if TYPE_CHECKING:
    from ..catalogue import Case
    from ..networks import Network
    from ..requirements import Requirement


@click.command("explain")
@click.argument("id_", metavar="ID")
def command(*, id_: str) -> None:
    """Show the requirement ID (GNU-FWD-02): its sentence, source, cases and mutants; or the case ID and its body."""
    with complaints():
        from ..catalogue import cases
        from ..networks import network_named, network_names
        from ..requirements import load
        from ..selection import unknown

        known: list[str] = []
        for network in network_names():
            requirements = load(network)
            if id_.upper() in requirements:
                _requirement(network_named(network), requirements[id_.upper()])
                return
            known += requirements
            for case in cases(network):
                if case.id == id_:
                    _case(case)
                    return
                known.append(case.id)
        raise unknown("requirement or case", id_, known)


def _requirement(network: Network, requirement: Requirement) -> None:
    from .. import mutants
    from ..catalogue import cases
    from ..selection import siblings

    click.echo(f"{requirement.id}  {requirement.level}  binds the {requirement.binds}")
    click.echo(f"\n{requirement.text}")
    if requirement.explanation:
        click.echo(f"\n{requirement.explanation}")
    click.echo(f"\nsource:     {requirement.source}")
    if requirement.observe:
        click.echo(f"observed:   {requirement.observe}")
    if requirement.untestable:
        click.echo(f"untestable: {requirement.untestable}")
    if requirement.feature:
        click.echo(f"needs:      {requirement.feature}")
    if requirement.time:
        click.echo(f"node time:  {requirement.time:g} s")
    click.echo(f"text:       spec/{requirement.page}, line {requirement.line}")
    if siblings(network):
        click.echo(f"judged by:  peerspec check {network.name} {requirement.id}")
    for case in cases(network.name):
        if requirement.id in case.requirements:
            click.echo(f"case:       {case.id}")
    for mutant in mutants.of(network.name):
        if mutant.breaks == requirement.id:
            click.echo(f"mutant:     {mutant.name}: {mutant.defect}")


def _case(case: Case) -> None:
    from ..requirements import load

    requirements = load(case.network)
    click.echo(case.title)
    for id_ in case.requirements:
        click.echo(f"\n{id_} ({requirements[id_].level}): {requirements[id_].text}")
    click.echo(f"\n{inspect.getsource(case.function).rstrip()}")
