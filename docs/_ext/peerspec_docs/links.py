"""Labels of requirements, cases and mutants, and references to them from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import pending_xref

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.environment import BuildEnvironment


def requirement_label(identifier: str) -> str:
    """The label of the block of a requirement."""
    return f"requirement-{identifier.lower()}"


def case_label(network: str, identifier: str) -> str:
    """The label under which the page of cases has the case."""
    return f"case-{network}-{nodes.make_id(identifier)}"


def mutant_label(network: str, name: str) -> str:
    """The label under which the page of coverage has the mutant."""
    return f"mutant-{network}-{name.lower()}"


def layout_label(network: str, message: str) -> str:
    """The label of the layout of a message."""
    return f"layout-{network}-{message.lower()}"


def reference(label: str, text: str, *, optional: bool = False) -> nodes.Node:
    """A reference to `label` that reads `text`; a label that no page has is a warning of the build, unless optional."""
    made = pending_xref("", refdomain="std", reftype="ref", reftarget=label, refexplicit=True, refwarn=not optional)
    made += nodes.inline("", text)
    return made


def stacked(references: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The references one below the other."""
    return [nodes.inline("", "", one, classes=["stacked"]) for one in references]


def listed(references: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The references with commas between them."""
    joined: list[nodes.Node] = []
    for one in references:
        if joined:
            joined.append(nodes.Text(", "))
        joined.append(one)
    return joined


def mark(env: BuildEnvironment, label: str, node: nodes.Element) -> None:
    """Makes `node`, which is on the page being read, the target of `label`."""
    if label not in node["ids"]:
        node["ids"].append(label)
    env.domains.standard_domain.note_hyperlink_target(label, env.docname, label)
