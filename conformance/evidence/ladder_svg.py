"""A ladder as SVG: a line for each party, an arrow for each message.

The colours are those of the page: `currentColor` and its custom properties `--peerspec-*`, with values of their own for
a picture that stands alone, light or dark. Title and description serve those who don't see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ..printing import shortened

if TYPE_CHECKING:
    from .ladder import Ladder, Row

_LEFT, _TOP, _GAP, _STEP, _RIGHT = 78, 46, 150, 26, 24
_TEXT_ROOM = 420
_LABEL = 64
_STYLE = """
.ps-ladder { color: var(--peerspec-text, #1f2328); font: 12px ui-sans-serif, system-ui, sans-serif; }
.ps-ladder text { fill: currentColor; }
.ps-ladder .quiet { fill: var(--peerspec-quiet, #59636e); }
.ps-ladder .lane { stroke: var(--peerspec-line, #c4cad1); }
.ps-ladder .arrow { stroke: var(--peerspec-sent, #0a5cad); fill: none; }
.ps-ladder .arrow.node { stroke: var(--peerspec-received, #7a3e9d); }
.ps-ladder .arrow.end, .ps-ladder .arrow.open { stroke-dasharray: 4 3; }
.ps-ladder .arrow.tip { stroke-dasharray: none; }
.ps-ladder .arrow.broken { stroke: var(--peerspec-bad, #b3261e); }
.ps-ladder .mono { font-family: ui-monospace, monospace; font-size: 11px; }
@media (prefers-color-scheme: dark) {
.ps-ladder { color: var(--peerspec-text, #e6edf3); }
.ps-ladder .quiet { fill: var(--peerspec-quiet, #9aa4af); }
.ps-ladder .lane { stroke: var(--peerspec-line, #414a54); }
.ps-ladder .arrow { stroke: var(--peerspec-sent, #6cb6ff); }
.ps-ladder .arrow.node { stroke: var(--peerspec-received, #d2a8ff); }
.ps-ladder .arrow.broken { stroke: var(--peerspec-bad, #ff8f87); }
}
""".strip()


def as_svg(ladder: Ladder, title: str, last: int) -> str:
    """The picture, with the last rows where there are more."""
    rows = ladder.rows[-last:]
    used = sorted({0, *(row.source for row in rows), *(row.target for row in rows)})
    at = {lane: _LEFT + place * _GAP for place, lane in enumerate(used)}
    width = _LEFT + (len(used) - 1) * _GAP + _TEXT_ROOM + _RIGHT
    height = _TOP + (len(rows) + 1) * _STEP
    parties = ", ".join(ladder.lanes[lane].title for lane in used)
    hidden = len(ladder.rows) - len(rows)
    said = f"{len(rows)} rows{f' ({hidden} before are not shown)' if hidden else ''} between {parties}."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ps-ladder" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(said)}</desc>",
        f"<style>{_STYLE}</style>",
    ]
    for lane in used:
        party = ladder.lanes[lane]
        parts.append(f'<line class="lane" x1="{at[lane]}" y1="{_TOP - 8}" x2="{at[lane]}" y2="{height - 8}"/>')
        where = party.title.rpartition(" ")[2]
        name = "instance" if party.node and lane else party.name
        parts.append(f'<text x="{at[lane]}" y="16" text-anchor="middle" font-weight="600">{escape(name)}</text>')
        parts.append(f'<text class="quiet mono" x="{at[lane]}" y="31" text-anchor="middle">{escape(where)}</text>')
    text_at = at[used[-1]] + 16
    for number, row in enumerate(rows):
        parts += _row(row, at, _TOP + number * _STEP + _STEP // 2, text_at, ladder.lanes[row.source].node)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _row(row: Row, at: dict[int, int], y: int, text_at: int, by_node: bool) -> list[str]:
    source, target = at[row.source], at[row.target]
    classes = f"arrow {row.kind}{' node' if by_node else ''}"
    parts = [f"<g><title>{escape(f'{row.label} {row.text}'.rstrip())}</title>"]
    parts.append(f'<text class="quiet mono" x="4" y="{y + 4}">{row.time:.3f}</text>')
    if source == target:
        parts.append(f'<circle class="{classes}" cx="{source}" cy="{y}" r="3"/>')
    else:
        tip = 7 if target > source else -7
        parts.append(f'<path class="{classes}" d="M{source} {y}H{target}"/>')
        parts.append(f'<path class="{classes} tip" d="M{target - tip} {y - 4}l{tip} 4l{-tip} 4"/>')
    said = f"{row.label}  {row.text}".rstrip()
    parts.append(f'<text x="{text_at}" y="{y + 4}">{escape(shortened(said, _LABEL))}</text></g>')
    return parts
