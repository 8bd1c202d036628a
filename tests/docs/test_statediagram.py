"""The drawing of state machines: every state and event is on it, inside its borders, and nothing covers a label."""

from xml.etree import ElementTree as ET

import pytest
from peerspec_docs.statediagram import Edge, edges_of, svg

STATES = ("idle", "offered", "open", "closed")
TRANSITIONS = (
    ("idle", "connect", "offered"),
    ("idle", "refuse", "closed"),
    ("offered", "200 <OK>", "open"),
    ("offered", "other answer", "closed"),
    ("offered", "timeout", "closed"),
    ("open", "retry", "offered"),
    ("open", "descriptor", "open"),
    ("open", "Bye", "closed"),
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawing() -> ET.Element:
    return ET.fromstring(svg("A machine", STATES, "idle", TRANSITIONS, {"open": "stays: descriptor"}))


def texts(drawing: ET.Element, kind: str) -> list[str]:
    return [node.text or "" for node in drawing.iter(f"{SVG}text") if node.get("class") == kind]


def points(node: ET.Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in node.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def test_events_between_the_same_states_share_an_edge_and_loops_are_left_out() -> None:
    assert edges_of(STATES, TRANSITIONS) == [
        Edge(0, 1, ("connect",)),
        Edge(0, 3, ("refuse",)),
        Edge(1, 2, ("200 <OK>",)),
        Edge(1, 3, ("other answer", "timeout")),
        Edge(2, 1, ("retry",)),
        Edge(2, 3, ("Bye",)),
    ]


def test_every_state_and_every_event_that_leads_elsewhere_is_named(drawing: ET.Element) -> None:
    assert texts(drawing, "name") == list(STATES)
    assert sorted(texts(drawing, "event")) == sorted(event for state, event, after in TRANSITIONS if state != after)


def test_a_note_stands_under_the_name_of_its_state(drawing: ET.Element) -> None:
    [note] = [node for node in drawing.iter(f"{SVG}text") if node.get("class") == "note"]
    [name] = [node for node in drawing.iter(f"{SVG}text") if node.text == "open"]
    assert note.text == "stays: descriptor"
    assert float(note.attrib["y"]) > float(name.attrib["y"])


def test_the_drawing_has_a_title_for_those_who_cannot_see_it(drawing: ET.Element) -> None:
    assert drawing.get("role") == "img"
    assert drawing.findtext(f"{SVG}title") == "A machine"


def test_the_initial_state_is_marked(drawing: ET.Element) -> None:
    kinds = [node.get("class") for node in drawing.iter(f"{SVG}rect")]
    assert kinds == ["state initial", "state", "state", "state"]


def test_every_line_lies_within_the_drawing_and_is_straight(drawing: ET.Element) -> None:
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    for line in drawing.iter(f"{SVG}polyline"):
        (x0, y0), (x1, y1) = points(line)
        assert x0 == x1 or y0 == y1
        assert 0 <= min(x0, x1) <= max(x0, x1) <= width
        assert 0 <= min(y0, y1) <= max(y0, y1) <= height


def test_arrows_end_at_the_boxes_of_their_targets(drawing: ET.Element) -> None:
    heads = sorted(points(node)[0] for node in drawing.iter(f"{SVG}polygon"))
    boxes = [
        tuple(float(node.attrib[name]) for name in ("x", "y", "width", "height")) for node in drawing.iter(f"{SVG}rect")
    ]
    hit = [
        place
        for x, y in heads
        for place, (left, top, width, height) in enumerate(boxes)
        if left <= x <= left + width and top <= y <= top + height
    ]
    # Down into offered, open and closed; back into offered; past open into closed.
    assert sorted(hit) == [1, 1, 2, 3, 3]


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        svg("A machine", STATES, "idle", [("idle", "go", "nowhere")])
