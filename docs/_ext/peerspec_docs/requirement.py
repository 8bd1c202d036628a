"""The `{requirement}` directive: a normative sentence in its place in the text, as a need of sphinx-needs.

The block says what the requirement is; the cases that check it and the mutants that break it are looked up and printed
with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx_needs.api import add_need
from sphinx_needs.nodes import Need

from .evidence import level_word
from .links import case_label, listed, mark, mutant_label, reference, requirement_label, stacked
from .project import networks_of_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIELDS = ("level", "binds", "source", "observe", "untestable", "feature", "time")
PRINTED = {"source": "Source", "observe": "Observed", "untestable": "Not testable", "feature": "Needs"}


class RequirementDirective(SphinxDirective):
    """One requirement block. The argument is the id, the options are those that peerspec's own loader reads."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], str]]] = dict.fromkeys(FIELDS, directives.unchanged)

    def run(self) -> Sequence[nodes.Node]:
        """Adds the need and prints its card."""
        identifier = self.arguments[0]
        made = add_need(
            self.env.app,
            self.state,
            self.env.docname,
            self.lineno,
            "req",
            title=identifier,
            id=identifier,
            content=self.content,
            layout="requirement",
            **{name: self.options.get(name, "") for name in FIELDS},
        )
        need = next(node for node in made if isinstance(node, Need))
        need.insert(0, self._head(identifier))
        need += self._facts(identifier)
        mark(self.env, requirement_label(identifier), need)
        return made

    def _head(self, identifier: str) -> nodes.Node:
        head = nodes.paragraph(classes=["requirement-head"])
        head += nodes.reference("", identifier, refid=identifier, classes=["requirement-id"])
        head += level_word(self.options.get("level", ""))
        head += nodes.inline("", self.options.get("binds", ""), classes=["binds"])
        return head

    def _facts(self, identifier: str) -> nodes.Node:
        facts: dict[str, list[nodes.Node]] = {
            label: [nodes.Text(self.options[option])] for option, label in PRINTED.items() if option in self.options
        }
        if "time" in self.options:
            facts["Takes"] = [nodes.Text(f"{self.options['time']} s of the node's time")]
        found = networks_of_page(self.env.docname)
        facts["Cases"] = stacked(
            reference(case_label(network.name, case.id), case.title)
            for network in found
            for case in network.cases_of(identifier)
        )
        facts["Mutants"] = listed(
            reference(mutant_label(network.name, mutant.name), mutant.name)
            for network in found
            for mutant in network.mutants_of(identifier)
        )
        made = nodes.field_list(classes=["requirement-facts"])
        for label, body in facts.items():
            if body:
                text = nodes.paragraph("", "", *body)
                made += nodes.field("", nodes.field_name("", label), nodes.field_body("", text))
        return made
