"""Directives of the evidence pages: what checks what, and how a proof of the suite came out."""

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

LEVELS = ("MUST", "SHOULD", "MAY")


class _Evidence(SphinxDirective):
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


class CasesDirective(_Evidence):
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


class CoverageDirective(_Evidence):
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
                    nodes.inline("", requirement.level, classes=["level", f"level-{requirement.level.lower()}"]),
                    checked,
                    nodes.inline("", "", *listed(mutants)),
                ]
            )
        return [table(("Requirement", "Level", "Cases", "Mutants"), rows, classes=["coverage"])]


class ScoresDirective(_Evidence):
    """`{scores} gnutella` prints how much is covered, and how the last proof came out."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each level."""
        network = self.network()
        rows: list[list[str | nodes.Node]] = []
        for level in LEVELS:
            of_level = [one for one in network.requirements.values() if one.level == level]
            testable = [one for one in of_level if one.testable]
            with_case = [one for one in testable if network.cases_of(one.id)]
            with_mutant = [one for one in testable if network.mutants_of(one.id)]
            numbers = (str(len(part)) for part in (of_level, testable, with_case, with_mutant))
            rows.append([nodes.inline("", level, classes=["level", f"level-{level.lower()}"]), *numbers])
        head = ("Level", "Requirements", "Testable", "With a case", "With a mutant")
        return [table(head, rows, classes=["scores"])]


class MutantsDirective(_Evidence):
    """`{mutants} gnutella` prints a table of the mutants, and who noticed them."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each mutant."""
        network = self.network()
        rows: list[list[str | nodes.Node]] = []
        for mutant in network.mutants:
            name = nodes.inline("", "", nodes.Text(mutant.name))
            mark(self.env, mutant_label(network.name, mutant.name), name)
            rows.append([name, self.requirements([mutant.breaks]), self.requirements(mutant.also), mutant.defect])
        return [table(("Mutant", "Breaks", "Also", "Defect"), rows, classes=["coverage"])]


class NullsDirective(_Evidence):
    """`{nulls} gnutella` prints a table of the null nodes, and the cases that each passed."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each null node."""
        return []
