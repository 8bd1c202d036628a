"""`peerspec list`: the networks, or the cases of one."""

from __future__ import annotations

from itertools import groupby

import click

from .common import complaints, the_network


@click.command("list")
@click.argument("network", required=False)
@click.option("-s", "--section", "sections", multiple=True, help="Only this section; may be given more than once.")
@click.option("--requirements", "by_requirement", is_flag=True, help="List the requirements instead of the cases.")
def command(*, network: str | None, sections: tuple[str, ...], by_requirement: bool) -> None:
    """List the networks, or the cases of NETWORK with the requirements that they check."""
    with complaints():
        if network is None:
            from ..networks import network_named, network_names

            for name in network_names():
                click.echo(f"{name}  {network_named(name).title}")
        elif by_requirement:
            _list_requirements(network)
        else:
            _list_cases(network, sections)


def _list_cases(network: str, sections: tuple[str, ...]) -> None:
    from ..selection import choose_cases

    chosen = the_network(network)
    cases = choose_cases(chosen, sections=sections)
    for section, group in groupby(cases, lambda case: case.section):
        click.echo(f"{chosen.sections[section]} ({section})")
        for case in group:
            click.echo(f"  {case.id}  {' '.join(case.requirements)}")
    click.echo(f"{len(cases)} cases")


def _list_requirements(network: str) -> None:
    from ..requirements import load

    requirements = load(the_network(network).name)
    for each in requirements.values():
        mark = "" if each.testable else "  (untestable)"
        click.echo(f"{each.id}  {each.level}{mark}  {each.text}")
    click.echo(f"{len(requirements)} requirements")
