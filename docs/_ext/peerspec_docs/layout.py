"""The `{layout}` directive: one message's fields as figure, notation and table, all three derived from its codec."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from peerspec.codecs import diagram, tables
from peerspec.codecs.message import Message

from .links import layout_label, mark, reference
from .tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence


class LayoutDirective(SphinxDirective):
    """`{layout} gnutella.Pong` prints the layout of the message `Pong` of `peerspec.codecs.gnutella`."""

    required_arguments = 1

    def run(self) -> Sequence[nodes.Node]:
        """Prints figure, notation and table."""
        network, _, name = self.arguments[0].partition(".")
        message = self._message(network, name)
        self.env.note_dependency(inspect.getfile(message))
        rows = tables.field_table(message)
        made = nodes.container(classes=["layout"])
        mark(self.env, layout_label(network, name), made)
        if origin := tables.origin(message):
            made += nodes.paragraph("", f"{origin[:1].upper()}{origin[1:]}.", classes=["origin"])
        if rows:
            made += nodes.raw(
                "", f'<div class="figure-scroll" tabindex="0">{diagram.svg(message)}</div>', format="html"
            )
            made += table(
                ("Offset", "Size", "Field", "Type", "Meaning"),
                [_cells(network, row) for row in rows],
                classes=["fields"],
            )
        notation = tables.notation(message)
        made += nodes.literal_block(notation, notation, language="text")
        return [made]

    def _message(self, network: str, name: str) -> type[Message]:
        try:
            found = getattr(import_module(f"peerspec.codecs.{network}"), name)
        except (ImportError, AttributeError):
            raise self.error(f"no message {network}.{name}") from None
        if not (isinstance(found, type) and issubclass(found, Message)):
            raise self.error(f"{network}.{name} is not a message")
        return found


def _cells(network: str, row: tables.Row) -> list[str | nodes.Node]:
    """The cells of one field. What it holds is linked to its own layout, where that is printed."""
    kind = nodes.inline("", row.type)
    if row.record:
        before, word, after = row.type.partition(row.record)
        link = reference(layout_label(network, row.record), word, optional=True)
        kind = nodes.inline("", "", nodes.Text(before), link, nodes.Text(after))
    meaning = [row.doc, f"unit: {row.unit}" if row.unit else "", f"legal: {row.legal}" if row.legal else ""]
    return [row.offset, row.size, nodes.literal("", row.name), kind, "; ".join(part for part in meaning if part)]
