"""SVG figures: well-formed, self-contained, told in words too, and nothing overlaps or leaves the canvas."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import construct as cs
import pytest

from peerspec.codecs import message
from peerspec.codecs.constructs import TextUntil
from peerspec.codecs.diagram import STYLE, svg
from peerspec.codecs.gnutella import ConnectResponse, Header, Pong, QueryHit
from peerspec.codecs.message import Message, constant, field, messages
from peerspec.codecs.pieces import pieces
from peerspec.codecs.text import HeaderLine

ALL = [*messages("gnutella"), *(cls for cls in messages("napster") if cls.specs), HeaderLine]
SVG = "{http://www.w3.org/2000/svg}"

Box = tuple[float, float, float, float]


def boxes(root: ET.Element) -> list[Box]:
    """Left, top, right, bottom of each cell."""
    found: list[Box] = []
    for element in root.iter():
        if element.tag == f"{SVG}rect":
            x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
        if element.tag == f"{SVG}polygon":
            points = [tuple(map(float, point.split(","))) for point in element.attrib["points"].split()]
            xs, ys = [point[0] for point in points], [point[1] for point in points]
            found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


@pytest.fixture(params=ALL, ids=lambda cls: cls.__name__)
def figure(request: pytest.FixtureRequest) -> tuple[type[Message], ET.Element]:
    return request.param, ET.fromstring(svg(request.param))


def test_each_figure_is_well_formed_titled_and_described(figure: tuple[type[Message], ET.Element]) -> None:
    cls, root = figure
    assert (root.tag, root.attrib["role"]) == (f"{SVG}svg", "img")
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert cls.__name__ in (root[0].text or "")
    assert all(name in (root[1].text or "") for name in cls.specs)


def test_each_piece_has_a_cell_with_a_title_of_its_own(figure: tuple[type[Message], ET.Element]) -> None:
    cls, root = figure
    titles = [group[0].text or "" for group in root.iter(f"{SVG}g")]
    assert len(titles) == len(list(pieces(cls)))
    assert all(spec.doc in " ".join(titles) for spec in cls.specs.values())


def test_cells_do_not_overlap_and_stay_on_the_canvas(figure: tuple[type[Message], ET.Element]) -> None:
    _, root = figure
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    found = boxes(root)
    assert found
    for box in found:
        assert left <= box[0] < box[2] <= left + width
        assert top <= box[1] < box[3] <= top + height
    for one, other in combinations(found, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], (one, other)


def test_labels_fit_their_cells(figure: tuple[type[Message], ET.Element]) -> None:
    _, root = figure
    for group in root.iter(f"{SVG}g"):
        spans = boxes(group)
        for text in group.iter(f"{SVG}text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            half = len(text.text or "") * 5.5 / 2
            assert any(a <= x - half and x + half <= c and b < y < d for a, b, c, d in spans), text.text


def test_nothing_is_fetched_and_no_colour_is_fixed_that_one_theme_would_hide() -> None:
    drawn = svg(QueryHit)
    assert not re.search(r"href|url\(|<script|@import", drawn)
    assert set(re.findall(r"stroke:([^;}]+)", STYLE)) == {"currentColor"}
    assert "fill:currentColor" in STYLE
    tints = re.findall(r"fill:#[0-9a-f]{6};fill-opacity:\.(\d+)", STYLE)
    assert len(tints) == STYLE.count("fill:#") == 3
    assert all(int(tint) <= 20 for tint in tints)


def test_rows_are_32_bits_and_a_field_across_rows_is_said_to_go_on() -> None:
    drawn = svg(Header)
    root = ET.fromstring(drawn)
    rules = [text.text for text in root.iter(f"{SVG}text") if "rule" in text.attrib["class"].split()]
    assert rules == ["byte 0", "byte 1", "byte 2", "byte 3", "0", "4", "8", "12", "16", "20"]
    assert "length …" in drawn
    assert "u32 LE" in drawn


def test_offsets_after_a_variable_field_and_from_the_end() -> None:
    root = ET.fromstring(svg(QueryHit))
    starts = [text.text for text in root.iter(f"{SVG}text") if text.attrib["class"] == "rule start"]
    assert starts == [
        "0",
        "4",
        "8",
        "11",
        "?",
        "\N{MINUS SIGN}16",
        "\N{MINUS SIGN}12",
        "\N{MINUS SIGN}8",
        "\N{MINUS SIGN}4",
    ]


def test_fields_of_variable_size_are_torn() -> None:
    torn = [len(polygon.attrib["points"].split()) for polygon in ET.fromstring(svg(Pong)).iter(f"{SVG}polygon")]
    assert len(torn) == 1
    assert torn[0] > 6


def test_a_text_message_is_drawn_line_by_line() -> None:
    found = boxes(ET.fromstring(svg(ConnectResponse)))
    assert len({top for _, top, _, _ in found}) == 2  # status line; header lines with the empty one
    assert "GNUTELLA/" in svg(ConnectResponse)


def test_hostile_words_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_by_name", {})  # no other test shall meet this message

    class Hostile(Message, network='x<y>"&'):
        """Fields whose texts look like markup."""

        word = constant(b"<&>", "says <script> & more")
        number: int = field(cs.Int16ub, "a < b")
        rest: bytes = field(cs.Bytes(3), "</svg>")
        name: str = field(TextUntil(b"<", 10), "ends at <")

    root = ET.fromstring(svg(Hostile))
    assert root[0].text == 'Layout of x<y>"& Hostile'
    assert '"<", 1 byte' in (root[1].text or "")
    assert any("says <script> & more" in (group[0].text or "") for group in root.iter(f"{SVG}g"))


def test_labels_too_long_for_their_cell_are_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_by_name", {})

    class Wordy(Message, network="test"):
        """A name that no cell of one byte has room for."""

        a_name_that_is_much_too_long_for_a_cell_of_one_byte: int = field(cs.Int8ub, "long")

    drawn = svg(Wordy)
    shown = [text.text or "" for text in ET.fromstring(drawn).iter(f"{SVG}text") if text.attrib["class"] == "name"]
    assert len(shown) == 1
    assert re.fullmatch(r"a_name_that_is\w*…", shown[0])
    assert len(shown[0]) < 25
    assert "a_name_that_is_much_too_long_for_a_cell_of_one_byte: u8" in drawn  # what the pointer is told
