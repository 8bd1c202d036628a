"""Docstrings as they are written here, turned into the reStructuredText that autodoc expects.

Docstrings are plain text with four forms of Markdown, and nothing else:

- paragraphs;
- lists whose items begin with a dash, with or without an empty line before them;
- blocks of code, indented by four blanks after an empty line;
- `code` between single or double backquotes.

Characters that mean something to reStructuredText alone are escaped.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"(`+)(.+?)\1")
_ITEM = re.compile(r"\s*(?:-|\d+\.) ")
_SPECIAL = re.compile(r"[*|\\]|_(?!\w)")


def to_rst(lines: list[str]) -> list[str]:
    """The docstring's lines as reStructuredText, with the same words in the same order."""
    paragraphs = "\n".join(lines).strip("\n").split("\n\n")
    # A backquoted span may run over a line's end, so the paragraph, not the line, is what is escaped.
    blocks: list[str] = []
    in_code = False
    for paragraph in paragraphs:
        code = paragraph.startswith("    ") and not (blocks and _ITEM.match(blocks[-1].lstrip("\n")))
        if code and not in_code:
            blocks.append("::")
        in_code = code
        blocks.append(paragraph if code else _list_apart(_escaped(paragraph)))
    return [*"\n\n".join(blocks).split("\n"), ""]


def _escaped(paragraph: str) -> str:
    """The paragraph with every code span as a double-quoted literal and everything else literal too."""
    out: list[str] = []
    done = 0
    for span in _CODE.finditer(paragraph.replace("\n", "\0")):
        out.append(_SPECIAL.sub(r"\\\g<0>", paragraph[done : span.start()]))
        out.append(f"``{span[2].strip()}``")
        done = span.end()
    out.append(_SPECIAL.sub(r"\\\g<0>", paragraph[done:]))
    return "".join(out).replace("\0", "\n")


def _list_apart(paragraph: str) -> str:
    """The paragraph with an empty line before a list that follows text without one."""
    lines = paragraph.split("\n")
    for number in range(1, len(lines)):
        if _ITEM.match(lines[number]) and not _ITEM.match(lines[0]):
            return "\n".join([*lines[:number], "", *lines[number:]])
    return paragraph
