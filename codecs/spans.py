"""Where each field of a message stands in its bytes.

The walk builds a message with interpreted Construct, field by field, and notes where each begins. A place is named by
its path as errors name it (`results[3].name`). What stands on the wire beside a field's value has the field's path and
a mark: `#size` is the length before a bounded region, `#stop` the terminator after a text or list, `#lead` the blank or
quote before a word. The path of a text covers its bytes without these, that of a region its content without the length.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, TypeAlias

import construct as cs

from .constructs import Bounded, FoldedText, Lines, NulBytes, NulText, Record, Repeat, UpTo
from .errors import DecodeError
from .framing import Frame, Opaque
from .message import FieldSpec, Message
from .subset import counted_list, derived_integer
from .words import Choice, Series, closing, opening

__all__ = ["Span", "Subject", "offsets", "spans", "stop_of"]

#: what has bytes with fields in them: a message, or a frame, whose places begin with `header.` and `payload.`
Subject: TypeAlias = Message | Frame[Any]


@dataclass(frozen=True, slots=True)
class Span:
    """`size` bytes from byte `start` on. `spec` is the field that they belong to, None for a list's item as a whole."""

    path: str
    start: int
    size: int
    construct: Any
    spec: FieldSpec | None
    value: Any

    @property
    def end(self) -> int:
        """The byte after the last."""
        return self.start + self.size


def offsets(subject: Subject) -> dict[str, tuple[int, int]]:
    """Every place of a message or frame as path: (start, size), in bytes. Raises `EncodeError`."""
    return {span.path: (span.start, span.size) for span in spans(subject)}


def spans(subject: Subject) -> list[Span]:
    """Every place in wire order, what contains before what is contained; the whole has no place. Raises `EncodeError`.

    The payload of a frame is one place if it can't be decoded.
    """
    if isinstance(subject, Message):
        subject.encode()
        walk = _Walk(0)
        walk.fields(subject, "")
        return walk.found
    found = [_within(span, "header", 0) for span in spans(subject.header)]
    start = len(subject.header.encode())
    found.append(Span("payload", start, len(subject.body), None, None, subject.body))
    try:
        payload = subject.payload()
    except DecodeError:
        return found
    if not isinstance(payload, Opaque):
        found += [_within(span, "payload", start) for span in spans(payload)]
    return found


def stop_of(construct: Any) -> bytes:
    """What ends a value of this construct on the wire; empty if nothing does."""
    if isinstance(construct, NulBytes | NulText):
        return b"\0"
    if isinstance(construct, FoldedText):
        return b"\r\n"
    return bytes(getattr(construct, "stop", closing(construct)))


def _within(span: Span, outer: str, start: int) -> Span:
    return Span(f"{outer}.{span.path}", span.start + start, span.size, span.construct, span.spec, span.value)


class _Walk:
    def __init__(self, start: int) -> None:
        self.found: list[Span] = []
        self._stream = io.BytesIO()
        self._stream.seek(start)

    def fields(self, message: Message, path: str) -> None:
        for name, spec in type(message).specs.items():
            construct: Any = spec.construct
            inner = f"{path}.{name}" if path else name
            if isinstance(construct, cs.Rebuild):
                count = len(getattr(message, str(counted_list(construct))))
                self._place(derived_integer(construct), count, inner, spec)
            elif isinstance(construct, cs.Const):
                self._place(construct, construct.value, inner, spec)
            else:
                self._place(construct, getattr(message, name), inner, spec)

    def _place(self, construct: Any, value: Any, path: str, spec: FieldSpec | None) -> None:
        if isinstance(construct, Bounded):
            content = construct.subcon.build(value)
            self._place(construct.length, len(content), f"{path}#size", spec)
            self._place(construct.subcon, value, path, spec)
        elif isinstance(construct, UpTo) and value is not None:
            self._place(construct.subcon, value, path, spec)
        else:
            lead, stop = opening(construct), stop_of(construct)
            start = self._stream.tell() + len(lead)
            if lead:
                self.found.append(Span(f"{path}#lead", start - len(lead), len(lead), None, spec, lead))
            slot = len(self.found)
            self._content(construct, value, path, spec)
            end = self._stream.tell()
            self.found.insert(slot, Span(path, start, end - start - len(stop), construct, spec, value))
            if stop:
                self.found.append(Span(f"{path}#stop", end - len(stop), len(stop), None, spec, stop))

    def _content(self, construct: Any, value: Any, path: str, spec: FieldSpec | None) -> None:
        if isinstance(construct, Record | Choice):
            self.fields(value, path)
        elif isinstance(construct, Repeat | Lines | Series):
            for number, item in enumerate(value):
                self._stream.write(getattr(construct, "between", b"") if number else b"")
                self._place(construct.subcon, item, f"{path}[{number}]", None)
            self._stream.write(stop_of(construct))
        else:
            construct.build_stream(value, self._stream)
