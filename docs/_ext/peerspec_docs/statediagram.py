"""A state machine's transition table drawn as SVG: states down the middle, transitions as lines at right angles.

Rules:

- states stand in one column in the order of the table, which is the order in which a node lives through them;
- a step to the next state is an arrow straight down; a step further on leaves on the right; a step back, on the left;
- all lines into one state on one side share a lane and one arrow head; each carries its events where it leaves;
- a transition from a state to itself is not drawn; what there is to say of it stands in the box, under the name.

Colours are classes: the style sheet gives them their values in the light and in the dark theme.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHARACTER = 6.7  # width in px of a character of the label font, a little more than its mean
NAME_CHARACTER = 8.0
NOTE_CHARACTER = 6.2
LINE = 15  # px from label line to label line
ENTRY = 14  # px of a box's side taken by an arrow head
LANE = 14  # px from lane to lane
MARGIN = 8


@dataclass(frozen=True)
class Edge:
    """The events that lead from one state to another, both given by their places in the column."""

    source: int
    target: int
    events: tuple[str, ...]


@dataclass
class _Side:
    """What attaches to one side of the column: the edges by target, and room taken on each box."""

    edges: list[Edge]
    targets: list[int] = field(init=False)

    def __post_init__(self) -> None:
        reach = {edge.target: 0 for edge in self.edges}
        for edge in self.edges:
            reach[edge.target] = max(reach[edge.target], abs(edge.target - edge.source))
        self.targets = sorted(reach, key=lambda target: (reach[target], target))

    def room(self, place: int) -> float:
        """The height in px that the box at `place` needs on this side."""
        leaving = sum(LINE * len(edge.events) + 8 for edge in self.edges if edge.source == place)
        return leaving + ENTRY * (place in self.targets)

    def label_width(self) -> float:
        """The width in px of the column of labels between the boxes and the lanes."""
        return max((CHARACTER * len(event) for edge in self.edges for event in edge.events), default=0) + 2 * MARGIN


def edges_of(states: Sequence[str], transitions: Iterable[tuple[str, str, str]]) -> list[Edge]:
    """Gathers `(state, event, next state)` triples into edges, one for each pair of different states."""
    events: dict[tuple[int, int], list[str]] = {}
    for state, event, after in transitions:
        if unknown := {state, after} - set(states):
            raise ValueError(f"{event!r}: no state is called {unknown.pop()!r}")
        if state != after:
            events.setdefault((states.index(state), states.index(after)), []).append(event)
    return [Edge(source, target, tuple(names)) for (source, target), names in sorted(events.items())]


def svg(
    title: str,
    states: Sequence[str],
    initial: str,
    transitions: Iterable[tuple[str, str, str]],
    notes: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The machine as an `<svg>` element.

    `states` are names in the order of the column; `transitions` are `(state, event, next state)` triples over those
    names; `notes` has a line of text for some states, to stand under the name. Raises ValueError when a triple or
    `initial` names a state that is not in `states`.
    """
    edges = edges_of(states, transitions)
    steps = {edge.source: edge for edge in edges if edge.target == edge.source + 1}
    right = _Side([edge for edge in edges if edge.target > edge.source + 1])
    left = _Side([edge for edge in edges if edge.target < edge.source])
    boxes = [_Box(name, notes.get(name, ""), name == initial) for name in states]
    if initial not in states:
        raise ValueError(f"the initial state {initial!r} is not in the column")
    return _Drawing(title, boxes, steps, left, right).render()


@dataclass(frozen=True)
class _Box:
    """One state: its name, the line under it, and whether the machine begins there."""

    name: str
    note: str
    initial: bool

    def width(self) -> float:
        """The width in px that the text needs."""
        return max(NAME_CHARACTER * len(self.name), NOTE_CHARACTER * len(self.note))


class _Drawing:
    """Places the boxes, then draws every line between them."""

    def __init__(self, title: str, boxes: Sequence[_Box], steps: dict[int, Edge], left: _Side, right: _Side) -> None:
        self.title, self.boxes = title, boxes
        self.steps, self.left, self.right = steps, left, right
        self.box_width = max(110.0, max(box.width() for box in boxes) + 4 * MARGIN)
        step_width = max((CHARACTER * len(event) for edge in steps.values() for event in edge.events), default=0)
        lanes_left = LANE * len(left.targets) + (left.label_width() if left.edges else 0)
        self.x = MARGIN + max(lanes_left, 22)
        # A label beside a straight arrow begins at the middle of the box and may be wider than its right half.
        self.lanes_from = self.x + self.box_width + (right.label_width() if right.edges else 0)
        self.lanes_from = max(self.lanes_from, self.x + self.box_width / 2 + step_width + 2 * MARGIN)
        self.width = self.lanes_from + LANE * len(right.targets) + MARGIN
        self.top: list[float] = []
        self.height_of: list[float] = []
        y = float(MARGIN)
        for place, box in enumerate(boxes):
            height = max(50.0 if box.note else 34.0, left.room(place) + 6, right.room(place) + 6)
            self.top.append(y)
            self.height_of.append(height)
            gap = 16 + LINE * len(steps[place].events) + 8 if place in steps else 22
            y += height + gap
        self.height = self.top[-1] + self.height_of[-1] + MARGIN
        self.parts: list[str] = []

    def render(self) -> str:
        self._side(self.right, x=self.x + self.box_width, lanes=self.lanes_from, outward=1)
        self._side(self.left, x=self.x, lanes=self.x - self.left.label_width(), outward=-1)
        for place in self.steps:
            self._step(place)
        for place in range(len(self.boxes)):
            self._box(place)
        size = f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" width="{self.width:.0f}" height="{self.height:.0f}"'
        return "\n".join(
            [
                f'<svg class="statemachine" role="img" xmlns="http://www.w3.org/2000/svg" {size}>',
                f"<title>{escape(self.title)}</title>",
                *self.parts,
                "</svg>",
            ]
        )

    def _box(self, place: int) -> None:
        box, y, height = self.boxes[place], self.top[place], self.height_of[place]
        kind = "state initial" if box.initial else "state"
        x, middle = self.x + self.box_width / 2, y + height / 2 + (-4 if box.note else 4)
        self.parts += [
            f'<rect class="{kind}" x="{self.x:.1f}" y="{y:.1f}" width="{self.box_width:.1f}" height="{height:.1f}" '
            'rx="6"/>',
            f'<text class="name" x="{x:.1f}" y="{middle:.1f}">{escape(box.name)}</text>',
        ]
        if box.note:
            self.parts.append(f'<text class="note" x="{x:.1f}" y="{middle + 17:.1f}">{escape(box.note)}</text>')

    def _step(self, place: int) -> None:
        x = self.x + self.box_width / 2
        y, end = self.top[place] + self.height_of[place], self.top[place + 1]
        self._line([(x, y), (x, end)], arrow=True)
        self._label(self.steps[place].events, x + 7, y + LINE + 2, "start")

    def _side(self, side: _Side, *, x: float, lanes: float, outward: int) -> None:
        """Draws all lines on one side: `x` is the edge of the boxes, `lanes` the first lane, `outward` +1 or -1."""
        used = [6.0] * len(self.boxes)
        lane_of = {target: lanes + outward * LANE * number for number, target in enumerate(side.targets)}
        entry_of = {}
        for target in side.targets:
            # Arrow heads take the end of the box that faces where the lines come from.
            if outward > 0:
                entry_of[target] = self.top[target] + ENTRY / 2 + 3
                used[target] += ENTRY
            else:
                entry_of[target] = self.top[target] + self.height_of[target] - ENTRY / 2 - 3
            self._line([(lane_of[target], entry_of[target]), (x, entry_of[target])], arrow=True)
        ends = {target: [entry_of[target]] for target in side.targets}
        for edge in side.edges:
            used[edge.source] += LINE * len(edge.events)
            y = self.top[edge.source] + used[edge.source] + 2
            used[edge.source] += 8
            self._line([(x, y), (lane_of[edge.target], y)], arrow=False)
            ends[edge.target].append(y)
            anchor = "start" if outward > 0 else "end"
            self._label(edge.events, x + outward * MARGIN, y - LINE * len(edge.events) + LINE - 4, anchor)
        for target, lane in lane_of.items():
            self._line([(lane, min(ends[target])), (lane, max(ends[target]))], arrow=False)

    def _line(self, points: list[tuple[float, float]], *, arrow: bool) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline class="edge" points="{path}"/>')
        if arrow:
            (x0, y0), (x, y) = points[-2:]
            dx, dy = ((x > x0) - (x < x0), (y > y0) - (y < y0))
            head = [(x, y), (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx)]
            self.parts.append(f'<polygon class="head" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in head)}"/>')

    def _label(self, lines: Sequence[str], x: float, y: float, anchor: str) -> None:
        for number, line in enumerate(lines):
            self.parts.append(
                f'<text class="event" x="{x:.1f}" y="{y + number * LINE:.1f}" text-anchor="{anchor}">'
                f"{escape(line)}</text>"
            )
