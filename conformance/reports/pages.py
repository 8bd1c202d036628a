"""What the HTML pages share: the environment of their templates, the style and the script, and the filters.

A page is one file. Style and script stand in it, it asks the network for nothing, and a policy in its head forbids any
script but ours: what a node sent is text here, whatever it looks like.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import shlex
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from ..printing import printable
from ..verdicts import Verdict
from .terminal import SYMBOLS

if TYPE_CHECKING:
    from jinja2 import Environment

_CODE = re.compile(r"`([^`]+)`")
_TEMPLATES = Path(__file__).parent / "templates"
MARKS = {**{str(verdict): symbol for verdict, (symbol, _) in SYMBOLS.items()}, "known": "≈", "missing": "-"}
"""The symbol of each kind of entry: a verdict, a known deviation, or nothing there."""

KINDS = (*(str(verdict) for verdict in Verdict), "known")
"""The kinds of entry in a report: a verdict, or a known deviation."""


@functools.cache
def environment() -> Environment:
    """The templates with their filters. Everything is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(
        seconds=seconds,
        shown=printable,
        lines=_lines,
        prose=_prose,
        quoted=shlex.quote,
        path=lambda path: quote(path, safe="/"),
        name=lambda path: PurePosixPath(path).name,
    )
    script = (_TEMPLATES / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    made.globals.update(
        symbols=MARKS,
        peerspec=version("peerspec"),
        style=Markup((_TEMPLATES / "page.css").read_text("utf-8")),  # noqa: S704 - ours, as the next two
        script=Markup(script),  # noqa: S704
        script_hash=Markup(f"sha256-{digest}"),  # noqa: S704
    )
    return made


def seconds(duration: float) -> str:
    """A duration as people read it."""
    return f"{duration * 1000:.0f} ms" if duration < 1 else f"{duration:.1f} s"


def anchor(*words: str) -> str:
    """An id within a page, made of letters that need no escape in a link; different words give different ids."""
    text = "-".join(words)
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "_-") else "." for each in text)
    return plain if plain == text else f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _prose(text: str) -> Markup:
    """A sentence of the specification: what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(printable(text)))))  # noqa: S704 - escaped


def _lines(text: str) -> str:
    """Several lines, each printable."""
    return "\n".join(printable(line) for line in text.splitlines())
