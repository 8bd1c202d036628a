"""The `{statemachine}` directive: a machine of the reference node, drawn from the table that it runs by."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .statediagram import svg
from .tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerspec.reference.statemachine import StateMachine

MANY = 3
"""More events than this that lead from one state to one other are drawn as "any other event"."""


class StateMachineDirective(SphinxDirective):
    """`{statemachine} gnutella.link` prints the machine `link` of `peerspec.reference.gnutella.states`."""

    required_arguments = 1

    def run(self) -> Sequence[nodes.Node]:
        """Prints the figure, then the table of the states that anything leaves."""
        network, _, name = self.arguments[0].partition(".")
        try:
            states = import_module(f"peerspec.reference.{network}.states")
            machine: StateMachine = states.TABLES[name]
        except (ImportError, KeyError):
            raise self.error(f"no state machine {self.arguments[0]!r}") from None
        if states.__file__ is not None:
            self.env.note_dependency(states.__file__)
        left = [state for state in machine.states if state not in machine.finals]
        drawn = svg(machine.title, machine.states, machine.initial, list(_drawn(machine)), _stays(machine))
        return [
            nodes.raw("", f'<div class="figure-scroll" tabindex="0">{drawn}</div>', format="html"),
            table(("Event", *left), _rows(machine, left), classes=["transitions"]),
        ]


def _drawn(machine: StateMachine) -> Iterator[tuple[str, str, str]]:
    """The transitions as they are drawn: where most of a state's events lead to one state, they are "any other"."""
    for state, row in machine.rows.items():
        counted = Counter(after for after in row.values() if after != state)
        common = next((after for after, number in counted.most_common(1) if number > MANY), None)
        for event, after in row.items():
            if after not in (state, common):
                yield state, event, after
        if common is not None:
            yield state, "any other event", common


def _stays(machine: StateMachine) -> dict[str, str]:
    """What to say inside the box of a state that some events leave as it is."""
    stays = {}
    for state, row in machine.rows.items():
        events = [event for event, after in row.items() if after == state]
        if events and state not in machine.finals:
            stays[state] = "stays: " + ", ".join(events)
    return stays


def _rows(machine: StateMachine, states: Sequence[str]) -> list[list[str | nodes.Node]]:
    """For each event, where it leads from each of `states`; a dash where it changes nothing."""
    rows: list[list[str | nodes.Node]] = []
    for event in machine.events:
        led = (machine.rows[state][event] for state in states)
        rows.append([event, *("\u2013" if after == state else after for state, after in zip(states, led, strict=True))])
    return rows
