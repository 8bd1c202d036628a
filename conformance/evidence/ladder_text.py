"""A ladder as lines of text: narrow enough for a terminal, with every party named at every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..printing import shortened

if TYPE_CHECKING:
    from .ladder import Ladder, Row


def as_text(ladder: Ladder, last: int | None, most: int) -> str:
    """The rows, the last ones where `last` says how many, under a heading that says who the parties are."""
    rows = ladder.rows if last is None else ladder.rows[-last:]
    used = {0, *(row.source for row in rows), *(row.target for row in rows)}
    lines = ["; ".join(lane.title for number, lane in enumerate(ladder.lanes) if number in used)]
    if hidden := len(ladder.rows) - len(rows):
        lines.append(f"  ({hidden} rows before)")
    names = [lane.name for lane in ladder.lanes]
    width = max((len(_way(row, names)) for row in rows), default=0)
    for row in rows:
        said = f"{row.label}  {row.text}".rstrip()
        lines.append(f"{row.time:9.3f}  {_way(row, names):{width}}  {shortened(said, most)}")
    if ladder.dropped:
        lines.append(f"  ({ladder.dropped} bytes more were not kept)")
    return "\n".join(lines) + "\n"


def _way(row: Row, names: list[str]) -> str:
    """From whom to whom; the node always stands at the right."""
    if row.source == row.target:
        return names[row.source]
    if row.target == 0 or names[row.target].startswith("node"):
        return f"{names[row.source]:>2} ─▶ {names[row.target]}"
    return f"{names[row.target]:>2} ◀─ {names[row.source]}"
