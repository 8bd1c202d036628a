"""Directives of the evidence pages that print how the last proof of the suite came out.

The results are what `peerspec prove NETWORK --json FILE` wrote. Without them each directive prints what is known
without running anything, and says that results are missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from .evidence import EvidenceDirective, level_word
from .links import case_label, mark, mutant_label, reference, stacked
from .tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .project import Network

LEVELS = ("MUST", "SHOULD", "MAY")
WORLDS = {"virtual": "in the virtual network", "sockets": "over sockets"}


class ScoresDirective(EvidenceDirective):
    """`{scores} gnutella` prints how much is covered, and how the last proof came out."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints the outcome of the proof, then a line for each level."""
        network = self.network()
        return [*_outcome(network), _by_level(network)]


class MutantsDirective(EvidenceDirective):
    """`{mutants} gnutella` prints a table of the mutants, and who noticed them."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each mutant."""
        network = self.network()
        scores = {score["name"]: score for score in network.results["mutants"]} if network.results else {}
        rows: list[list[str | nodes.Node]] = []
        for mutant in network.mutants:
            name = nodes.inline(
                "", "", nodes.strong("", mutant.name), nodes.inline("", mutant.defect, classes=["stacked"])
            )
            mark(self.env, mutant_label(network.name, mutant.name), name)
            rows.append(
                [
                    name,
                    self.requirements([mutant.breaks]),
                    self.requirements(mutant.also),
                    _verdict(network, scores.get(mutant.name)),
                ]
            )
        return [table(("Mutant", "Breaks", "Also", "Verdict"), rows, classes=["coverage", "mutants"])]


class NullsDirective(EvidenceDirective):
    """`{nulls} gnutella` prints a table of the null nodes, and the cases that each passed."""

    def run(self) -> Sequence[nodes.Node]:
        """Prints a line for each null node."""
        network = self.network()
        if network.results is None:
            return [_missing(network)]
        rows = [[score["name"], _cases(network, score["held"]) or "none"] for score in network.results["nulls"]]
        return [table(("Node", "Passes"), rows, classes=["coverage"])]


def _missing(network: Network) -> nodes.Node:
    """Says that there are no results, and how to make some."""
    command = f"peerspec prove {network.name} --json docs/_results/{network.name}.json"
    text = [
        nodes.Text("These pages were built without results. "),
        nodes.literal("", command),
        nodes.Text(" makes them."),
    ]
    return nodes.note("", nodes.paragraph("", "", *text))


def _outcome(network: Network) -> list[nodes.Node]:
    """The outcome of the last proof in a few sentences."""
    results = network.results
    if results is None:
        return [_missing(network)]
    number = len(results["mutants"])
    lines = [
        f"The reference node holds {world['cases'] - len(world['faults'])} of {world['cases']} cases "
        f"{WORLDS.get(world['world'], world['world'])}, in {world['seconds']:.1f} s."
        for world in results["reference"]
    ]
    lines += [
        f"Of {number} mutants {results['killed']} are killed and {results['cleanly_killed']} cleanly killed: "
        f"the mutation score is {100 * results['score']:.1f} %.",
        f"{len(results['nulls'])} null nodes pass {results['null_passes']} of "
        f"{len(results['nulls']) * results['cases']} cases.",
        *results["problems"],
    ]
    items = [nodes.list_item("", nodes.paragraph("", line)) for line in lines]
    said = "The suite is proven:" if results["proven"] else "The suite is not proven:"
    return [nodes.paragraph("", "", nodes.strong("", said)), nodes.bullet_list("", *items)]


def _by_level(network: Network) -> nodes.Node:
    """How many requirements of each level are testable, have a case and have a mutant."""
    rows: list[list[str | nodes.Node]] = []
    for level in LEVELS:
        of_level = [one for one in network.requirements.values() if one.level == level]
        testable = [one for one in of_level if one.testable]
        with_case = [one for one in testable if network.cases_of(one.id)]
        with_mutant = [one for one in testable if network.mutants_of(one.id)]
        numbers = (str(len(part)) for part in (of_level, testable, with_case, with_mutant))
        rows.append([level_word(level), *numbers])
    return table(("Level", "Requirements", "Testable", "With a case", "With a mutant"), rows, classes=["scores"])


def _verdict(network: Network, score: Mapping[str, Any] | None) -> str | nodes.Node:
    """What the cases made of a mutant, and which of them."""
    if score is None:
        return "not run"
    if score["clean"]:
        word = nodes.inline("", "cleanly killed", classes=["good"])
    elif score["killed"]:
        word = nodes.inline("", "killed, not cleanly", classes=["doubtful"])
    else:
        word = nodes.inline("", "survives", classes=["bad"])
    return nodes.inline("", "", word, _cases(network, [*score["killers"], *score["astray"]]) or nodes.Text(""))


def _cases(network: Network, identifiers: Iterable[str]) -> nodes.Node | None:
    """References to cases by their ids; those that differ in their parameters alone are one."""
    functions = dict.fromkeys(identifier.partition("[")[0] for identifier in identifiers)
    titles = {case.id: case.title for case in network.cases}
    links = [reference(case_label(network.name, one), titles.get(one, one)) for one in functions]
    return nodes.inline("", "", *stacked(links)) if links else None
