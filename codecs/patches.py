"""Crafted messages: a valid message and a list of changes to its bytes.

No builder here can make a wrong count or a missing terminator, since a builder without checks would be a second truth
about the layout. What is wrong on purpose is said as patches instead, which name places as `spans` does:

    patched(hit, set_("count", 7), cut("results[0].name#stop"))

All patches of one call speak of the valid bytes, in any order; two that touch the same bytes are a `ValueError`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import construct as cs

from .constructs import Decimal
from .spans import Span, Subject, spans
from .words import Address, Number

__all__ = ["Patch", "append", "cut", "insert", "overwrite", "patched", "set_", "truncate"]

_Operation = Literal["set", "insert", "cut", "truncate"]
_OPERATIONS = ("set", "insert", "cut", "truncate")


@dataclass(frozen=True, slots=True)
class Patch:
    """One change. Made by the functions of this module, which say what `at`, `size` and `value` mean for each."""

    operation: _Operation
    path: str
    at: int | None = None
    size: int | None = None
    value: int | bytes | None = None

    def to_json(self) -> dict[str, Any]:
        """The patch as an object of JSON: what is None is left out, bytes are `hex`."""
        found: dict[str, Any] = {"operation": self.operation, "path": self.path, "at": self.at, "size": self.size}
        found["hex" if isinstance(self.value, bytes) else "value"] = (
            self.value.hex() if isinstance(self.value, bytes) else self.value
        )
        return {key: value for key, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, found: Any) -> Patch:
        """The reverse of `to_json`. Raises `ValueError` on what is no patch."""
        if not isinstance(found, Mapping):
            raise ValueError(f"not a patch: {found!r}")  # noqa: TRY004 - JSON of a wrong form is a wrong value
        value = found.get("value")
        operation, path, at, size = found.get("operation"), found.get("path"), found.get("at"), found.get("size")
        numbers = all(number is None or type(number) is int for number in (at, size, value))
        unknown = found.keys() - {"operation", "path", "at", "size", "value", "hex"}
        if operation not in _OPERATIONS or not isinstance(path, str) or not numbers or unknown:
            raise ValueError(f"not a patch: {found!r}")
        if "hex" in found:
            try:
                value = bytes.fromhex(found["hex"])
            except (TypeError, ValueError):
                raise ValueError(f"not a patch: {found!r}") from None
        return cls(operation, path, at, size, value)


def set_(path: str, value: int | bytes) -> Patch:
    """Replace what stands at a place: an integer in the place's own encoding, or bytes of any length."""
    return Patch("set", path, value=value)


def overwrite(path: str, raw: bytes, at: int = 0) -> Patch:
    """Replace as many bytes as these from byte `at` of a place on."""
    return Patch("set", path, at, len(raw), raw)


def insert(path: str, raw: bytes, at: int | None = None) -> Patch:
    """Insert bytes into a place, before its byte `at`, or after its last."""
    return Patch("insert", path, at, value=raw)


def append(raw: bytes) -> Patch:
    """Add bytes after the whole."""
    return insert("", raw)


def cut(path: str, at: int = 0, size: int | None = None) -> Patch:
    """Remove `size` bytes (None: all) from byte `at` of a place on."""
    return Patch("cut", path, at, size)


def truncate(path: str, at: int = 0) -> Patch:
    """Remove byte `at` of a place and all that follows it to the end of the whole."""
    return Patch("truncate", path, at)


def patched(subject: Subject, *patches: Patch) -> bytes:
    """The bytes of a valid message or frame with these changes.

    Raises `ValueError` for a place that it does not have, an offset outside of its place, an integer that does not
    fit, and two patches that touch the same bytes.
    """
    raw = subject.encode()
    places = {"": Span("", 0, len(raw), None, None, raw), **{span.path: span for span in spans(subject)}}
    return apply(raw, places, patches)


def apply(raw: bytes, places: Mapping[str, Span], patches: tuple[Patch, ...]) -> bytes:
    """As `patched`, of bytes whose places are known."""
    edits = sorted((_edit(patch, places, len(raw)) for patch in patches), key=lambda edit: edit[:2])
    parts, done = [], 0
    for start, stop, new in edits:
        if start < done:
            raise ValueError(f"two patches touch byte {start}")
        parts += [raw[done:start], new]
        done = stop
    return b"".join([*parts, raw[done:]])


def _edit(patch: Patch, places: Mapping[str, Span], length: int) -> tuple[int, int, bytes]:
    """A patch as bytes from, to, and what comes in their place."""
    if patch.path not in places:
        raise ValueError(f"there is no place {patch.path!r}")
    span = places[patch.path]
    at = patch.at if patch.at is not None else span.size if patch.operation == "insert" else 0
    size = patch.size if patch.size is not None else span.size - at
    if not 0 <= at <= span.size or not 0 <= size <= span.size - at:
        raise ValueError(f"{patch.path!r} has {span.size} bytes, not {at} and {size} more")
    start = span.start + at
    match patch.operation:
        case "set":
            return start, start + size, _encoded(patch.value, span)
        case "insert":
            return start, start, _encoded(patch.value, span)
        case "cut":
            return start, start + size, b""
        case _:
            return start, length, b""


def _encoded(value: int | bytes | None, span: Span) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int) and isinstance(span.construct, cs.FormatField):
        try:
            return struct.pack(span.construct.fmtstr, value)
        except struct.error as error:
            raise ValueError(f"{span.path!r} can't hold {value}: {error}") from None
    if isinstance(value, int) and isinstance(span.construct, Decimal | Number | Address):
        return str(value).encode("ascii")
    raise ValueError(f"{span.path!r} can't be set to {value!r}")
