"""Words that a node may have sent, made fit to be shown."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` on one line, what a terminal would not show, or would obey, in escapes: a node may have sent it."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def shortened(text: str, most: int) -> str:
    """`text`, cut to `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
