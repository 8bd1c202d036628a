"""A message's layout as an SVG figure: rows of 32 bits for binary messages, lines of tokens for text.

Rules:

- A binary field covers its bytes in reading order, four to a row, under a ruler of byte numbers. The byte at which a
  row begins stands at its left, `?` once a field of variable size has gone before. Fields of several bytes say their
  order.
- A field of variable size begins a row and has a torn right edge; what ends it stands right of the tear.
- A text message is drawn line by line: literal words, values, and the bytes that end them.
- Nothing depends on a style sheet. Ink is `currentColor`; the tints are translucent, so that they suit a light and a
  dark page alike. A style sheet may colour the classes `field`, `constant`, `derived`, `length` and `terminator`.
- The figure's title, a description in words and a title for each cell serve screen readers and the pointer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from .message import Message
from .pieces import Kind, Piece, is_text, pieces, quoted, source_of

__all__ = ["svg"]

COLUMNS = 4  # bytes a row
BYTE = 150  # px
ROW = 42
GUTTER = 44  # px left of the rows, for their offsets
RULER = 24
MARGIN = 6
TEETH = 7  # px from tooth to tooth of a torn edge
LETTER = 7.3  # px a letter of the name font takes on average, rather more than less
SMALL = 6.2

#: embedded in each figure, under the one class that figures have, so that it looks right wherever it is put
STYLE = """
svg.layout{color:inherit;font-family:system-ui,sans-serif}
svg.layout text{fill:currentColor;text-anchor:middle}
svg.layout .name{font-size:13px;font-weight:600}
svg.layout .words,svg.layout .rule{font-size:11px;opacity:.78}
svg.layout .rule.start{text-anchor:end}
svg.layout .code{font-family:ui-monospace,monospace}
svg.layout .box{stroke:currentColor;stroke-opacity:.65;stroke-width:1}
svg.layout .field{fill:#3b82f6;fill-opacity:.10}
svg.layout .derived,svg.layout .length{fill:#a855f7;fill-opacity:.20}
svg.layout .constant,svg.layout .terminator,svg.layout .lead{fill:#f59e0b;fill-opacity:.20}
svg.layout .optional{stroke-dasharray:4 3}
svg.layout .tick{stroke:currentColor;stroke-opacity:.4}
"""


def svg(cls: type[Message]) -> str:
    """The figure as an `<svg>` element, well-formed as XML and without outside references."""
    drawing: _Drawing = _Tokens(cls) if is_text(cls) else _Rows(cls)
    drawing.draw()
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    return "\n".join(
        [
            f'<svg class="layout" role="img" xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">',
            f"<title>Layout of {escape(cls.network)} {escape(cls.__name__)}</title>",
            f"<desc>{escape(_description(cls))}</desc>",
            f"<style>{STYLE.strip()}</style>",
            *drawing.parts,
            "</svg>",
        ]
    )


def _description(cls: type[Message]) -> str:
    """The figure in a sentence, as `port, 2 bytes; text, 0 to 80 bytes; NUL, 1 byte`."""
    return "; ".join(f"{_label(piece)}, {_size(piece)}" for piece in pieces(cls)) + "."


def _label(piece: Piece) -> str:
    if piece.kind in (Kind.TERMINATOR, Kind.LEAD):
        return quoted(piece.value or b"")
    return piece.name


def _words(piece: Piece) -> str:
    """The second line of a cell."""
    if piece.kind is Kind.TERMINATOR:
        return "ends it"
    if piece.kind is Kind.LEAD:
        return "before it"
    if piece.kind is Kind.CONSTANT:
        return quoted(piece.value or b"")
    words = piece.words.replace("little-endian", "LE").replace("big-endian", "BE")
    if piece.kind is Kind.LENGTH:
        return f"{words}, bytes of {piece.spec.name}"
    if piece.kind is Kind.DERIVED:
        return f"{words}, {source_of(piece)}"
    if words.startswith("bytes"):
        return words.replace("bytes", _size(piece), 1)
    if piece.optional:
        words += ", may be absent"
    if piece.kept:
        return f"{words}, all but the last {piece.kept} bytes"
    return words if piece.record or piece.fixed else f"{words}, {_size(piece)}"


def _size(piece: Piece) -> str:
    if piece.fixed and not piece.optional:
        return f"{piece.minimum} byte{'s' * (piece.minimum != 1)}"
    if piece.maximum is None or piece.record:
        return "of variable size"
    return f"{piece.minimum} to {piece.maximum} bytes"


def _doc(piece: Piece) -> str:
    """What the pointer is told: the whole of a cell, unshortened."""
    return f"{_label(piece)}: {piece.words}, {_size(piece)}. {piece.spec.doc}"


class _Drawing(ABC):
    """Parts of a figure and the room that they take so far, in px."""

    def __init__(self, cls: type[Message]) -> None:
        self.cls = cls
        self.parts: list[str] = []
        self.width = 0.0
        self.height = 0.0

    @abstractmethod
    def draw(self) -> None: ...

    def text(self, x: float, y: float, words: str, style: str, room: float) -> None:
        """A line of text centred on `x`, shortened to `room` px."""
        letter = LETTER if style.startswith("name") else SMALL
        letters = max(1, int((room - 6) / letter))
        if len(words) > letters:
            words = words[: letters - 1].rstrip(" ,") + "…"
        self.parts.append(f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(words)}</text>')


@dataclass
class _Run:
    """The part of a piece that lies in rows of one width: a rectangle of whole cells."""

    column: int
    row: float
    columns: int
    rows: int


class _Rows(_Drawing):
    """Binary: 32 bits a row."""

    def draw(self) -> None:
        self.width = GUTTER + COLUMNS * BYTE
        self._ruler()
        self.y = float(RULER)
        self.column = 0
        self.offset: int | None = 0
        self.from_end: int | None = None
        waiting = list(pieces(self.cls))
        while waiting:
            piece = waiting.pop(0)
            if piece.fixed and not piece.optional and not piece.repeated:
                self._fixed(piece)
            else:
                stop = waiting.pop(0) if waiting and waiting[0].kind is Kind.TERMINATOR else None
                self._variable(piece, stop)
        self._end_row()
        self.height = self.y

    def _ruler(self) -> None:
        for column in range(COLUMNS + 1):
            x = GUTTER + column * BYTE
            self.parts.append(f'<line class="tick" x1="{x}" y1="{RULER - 7}" x2="{x}" y2="{RULER}"/>')
            if column < COLUMNS:
                self.parts.append(f'<text class="rule" x="{x + BYTE / 2:g}" y="14">byte {column}</text>')

    def _end_row(self) -> None:
        if self.column:
            self.column = 0
            self.y += ROW

    def _start_row(self) -> None:
        known = self.offset if self.offset is not None else -self.from_end if self.from_end else None
        words = "?" if known is None else str(known).replace("-", "\N{MINUS SIGN}")
        self.parts.append(f'<text class="rule start" x="{GUTTER - 8}" y="{self.y + ROW / 2 + 4:g}">{words}</text>')

    def _advance(self, size: int) -> None:
        if self.offset is not None:
            self.offset += size
        if self.from_end is not None:
            self.from_end -= size

    def _fixed(self, piece: Piece) -> None:
        runs: list[_Run] = []
        left = piece.minimum
        while left:
            if self.column == 0:
                self._start_row()
            taken = min(left, COLUMNS - self.column)
            if taken == COLUMNS and runs and runs[-1].columns == COLUMNS:
                runs[-1].rows += 1
            else:
                runs.append(_Run(self.column, self.y, taken, 1))
            left -= taken
            self._advance(taken)
            self.column += taken
            if self.column == COLUMNS:
                self._end_row()
        widest = max(runs, key=lambda run: run.columns * run.rows)
        self.parts.append(f"<g><title>{escape(_doc(piece))}</title>")
        for number, run in enumerate(runs):
            self._cell(piece, run, torn=(number > 0, number < len(runs) - 1), label=run is widest)
        self.parts.append("</g>")

    def _cell(self, piece: Piece, run: _Run, *, torn: tuple[bool, bool], label: bool) -> None:
        """One rectangle of a field; `torn` says whether it goes on from the row before or into the next."""
        x, width, height = GUTTER + run.column * BYTE, run.columns * BYTE, run.rows * ROW
        self.parts.append(
            f'<rect class="box {piece.kind.value}" x="{x}" y="{run.row:g}" width="{width}" height="{height}"/>'
        )
        middle, centre = run.row + height / 2, x + width / 2
        if label:
            self.text(centre, middle - 3, _label(piece), "name", width)
            self.text(centre, middle + 13, _words(piece), "words", width)
        else:
            self.text(centre, middle + 4, f"… {_label(piece)}" if torn[0] else f"{_label(piece)} …", "words", width)

    def _variable(self, piece: Piece, stop: Piece | None) -> None:
        self._end_row()
        self._start_row()
        end = COLUMNS if stop is None else COLUMNS - 1
        x, right = GUTTER, GUTTER + end * BYTE
        style = f"box {piece.kind.value}{' optional' * piece.optional}"
        edge = " ".join(f"{tooth_x:g},{tooth_y:g}" for tooth_x, tooth_y in self._tear(right - 10))
        self.parts.append(f"<g><title>{escape(_doc(piece))}</title>")
        self.parts.append(f'<polygon class="{style}" points="{x},{self.y:g} {edge} {x},{self.y + ROW:g}"/>')
        self.text((x + right) / 2 - 5, self.y + ROW / 2 - 3, _label(piece), "name", right - x)
        self.text((x + right) / 2 - 5, self.y + ROW / 2 + 13, _words(piece), "words", right - x)
        self.parts.append("</g>")
        if stop is not None:
            self.parts.append(f"<g><title>{escape(_doc(stop))}</title>")
            self._cell(stop, _Run(end, self.y, 1, 1), torn=(False, False), label=True)
            self.parts.append("</g>")
        self.offset, self.from_end = None, piece.kept
        self.y += ROW

    def _tear(self, right: float) -> Iterator[tuple[float, float]]:
        """The zigzag from the upper right corner to the lower right one."""
        for step in range(ROW // TEETH + 1):
            yield right + (5 if step % 2 else 0), self.y + step * TEETH


class _Tokens(_Drawing):
    """Text: one row a line, a box a token."""

    HIGH = 40
    GAP = 6
    WIDEST = GUTTER + COLUMNS * BYTE

    def draw(self) -> None:
        self.x = 0.0
        self.y = 0.0
        for piece in pieces(self.cls):
            self._token(piece)
            if (piece.value or b"").endswith(b"\n"):
                self._end_line()
        self._end_line()
        self.height = max(0.0, self.y - self.GAP)

    def _end_line(self) -> None:
        if self.x:
            self.width = max(self.width, self.x - self.GAP)
            self.x = 0.0
            self.y += self.HIGH + self.GAP

    def _token(self, piece: Piece) -> None:
        literal = piece.value is not None
        name = quoted(piece.value or b"") if literal else piece.name
        words = {Kind.TERMINATOR: "", Kind.LEAD: "", Kind.CONSTANT: piece.name}.get(piece.kind, _words(piece))
        width = max(len(name) * (8.3 if literal else LETTER), len(words) * SMALL) + 16
        # what ends a line is not parted from it for the sake of a few pixels
        if self.x and self.x + width > self.WIDEST + (0 if words else 50):
            self._end_line()
        width = min(width, self.WIDEST)
        self.parts.append(f"<g><title>{escape(_doc(piece))}</title>")
        left = self.x
        if piece.repeated:
            self._sheet_behind(width)
        self.parts.append(
            f'<rect class="box {piece.kind.value}" rx="5" x="{left:g}" y="{self.y:g}" width="{width:g}" '
            f'height="{self.HIGH}"/>'
        )
        centre, middle = left + width / 2, self.y + self.HIGH / 2
        self.text(centre, middle - 2 if words else middle + 4, name, "name code" if literal else "name", width + 8)
        if words:
            self.text(centre, middle + 13, words, "words", width + 8)
        self.parts.append("</g>")
        self.x += width + self.GAP

    def _sheet_behind(self, width: float) -> None:
        """The edge of a second sheet, which says that there may be many."""
        right, bottom = self.x + width, self.y + self.HIGH
        self.parts.append(
            f'<path class="box" fill="none" d="M{self.x + 5:g} {bottom + 3:g}H{right - 2:g}'
            f'Q{right + 3:g} {bottom + 3:g} {right + 3:g} {bottom - 2:g}V{self.y + 5:g}"/>'
        )
        self.x += 3
