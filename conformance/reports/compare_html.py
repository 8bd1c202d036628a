"""The matrix of nodes by requirements as one HTML page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .compare import topic_of
from .pages import KINDS, environment

if TYPE_CHECKING:
    from .compare import Difference, Matrix


def page(matrix: Matrix, difference: Difference | None = None) -> str:
    """The page; `difference` is what became of the second node since the first."""
    kinds = [kind for kind in (*KINDS, "missing") if any(counts[kind] for counts in matrix.counts)]
    topics = [(topic, list(rows)) for topic, rows in groupby(matrix.rows, key=lambda row: topic_of(row.id))]
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            noun="requirements",
            heading=f"{matrix.columns[0].document.title}: {len(matrix.columns)} reports compared",
            matrix=matrix,
            difference=difference,
            kinds=kinds,
            topics=topics,
            differing=sum(row.differs for row in matrix.rows),
        )
    )
