"""Directives of the evidence pages: the cases of a network, and which requirement is covered by what."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .links import case_label, listed, mark, mutant_label, reference, requirement_label, stacked
from .project import network_called
from .tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .project import CaseFunction, Network


def level_word(level: str) -> nodes.Node:
    """MUST, SHOULD or MAY in its colour."""
    return nodes.inline("", level, classes=["level", f"level-{level.lower()}"])


class EvidenceDirective(SphinxDirective):
    """A directive whose argument names a network."""

    required_arguments = 1

    def network(self) -> Network:
        """The network that the argument names, before its first dot."""
        name = self.arguments[0].partition(".")[0]
        found = network_called(name)
        if found is None:
            raise self.error(f"no network {name!r}")
        return found

    def requirements(self, identifiers: Iterable[str]) -> nodes.Node:
        """References to requirements."""
        links = (reference(requirement_label(identifier), identifier) for identifier in identifiers)
        return nodes.inline("", "", *listed(links))


class CasesDirective(EvidenceDirective):
    """`{cases} gnutella.forwarding` prints the cases of a section: what each says, what it checks, and how."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints each case of the section."""
        network = self.network()
        section = self.arguments[0].partition(".")[2]
        return [self._case(network, case) for case in network.cases if case.section == section]

    def _case(self, network: Network, case: CaseFunction) -> nodes.Node:
        made = nodes.container(classes=["case"])
        mark(self.env, case_label(network.name, case.id), made)
        made += nodes.paragraph("", "", nodes.strong("", case.title))
        made += nodes.paragraph("", "", self.requirements(case.requirements), classes=["case-requirements"])
        source = inspect.getsource(case.function)
        made += nodes.raw("", "<details><summary>Source</summary>", format="html")
        made += nodes.literal_block(source, source, language="python")
        made += nodes.raw("", "</details>", format="html")
        return made


class CoverageDirective(EvidenceDirective):
    """`{coverage} gnutella` prints a table of all requirements with their cases and mutants."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each requirement."""
        network = self.network()
        rows: list[list[str | nodes.Node]] = []
        for requirement in sorted(network.requirements.values(), key=lambda one: one.id):
            cases = (
                reference(case_label(network.name, case.id), case.title) for case in network.cases_of(requirement.id)
            )
            mutants = (
                reference(mutant_label(network.name, mutant.name), mutant.name)
                for mutant in network.mutants_of(requirement.id)
            )
            checked = nodes.Text("not testable") if requirement.untestable else nodes.inline("", "", *stacked(cases))
            rows.append(
                [
                    self.requirements([requirement.id]),
                    level_word(requirement.level),
                    checked,
                    nodes.inline("", "", *listed(mutants)),
                ]
            )
        return [table(("Requirement", "Level", "Cases", "Mutants"), rows, classes=["coverage"])]
