"""Interpreted Construct, as the oracle: slow, readable, and never what a user's bytes go through.

The emitted parser must accept what `decode` here accepts, give the same value, and reject the rest; a differential
test holds the two equal. Errors are translated, since Construct raises a dozen types and knows no offset.
"""

from __future__ import annotations

import io
from typing import TypeVar

import construct as cs

from .message import Message, malformed, unencodable

__all__ = ["decode", "encode"]

M = TypeVar("M", bound=Message)


def _fields(path: str | None) -> str:
    """Construct's `(parsing) -> results -> 3 -> name` as `results[3].name`."""
    parts = (path or "").split(" -> ")[1:]
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts).removeprefix(".")


def decode(cls: type[M], data: bytes | bytearray | memoryview) -> M:
    """Parse all of `data` with the interpreter. Raises `DecodeError`; its offset is where the interpreter stood."""
    raw = bytes(data)
    stream = io.BytesIO(raw)
    try:
        value: M = cls.layout.parse_stream(stream)
    except cs.ConstructError as error:
        reason = str(error).splitlines()[-1] if str(error) else type(error).__name__
        raise malformed(cls, _fields(error.path), stream.tell(), reason) from error
    if stream.tell() != len(raw):
        raise malformed(cls, "", stream.tell(), f"{len(raw) - stream.tell()} bytes left over")
    return value


def encode(value: Message) -> bytes:
    """Build with the interpreter. Raises `EncodeError`."""
    stream = io.BytesIO()
    try:
        value.layout.build_stream(value, stream)
    except cs.ConstructError as error:
        reason = str(error).splitlines()[-1] if str(error) else type(error).__name__
        raise unencodable(type(value), _fields(error.path), reason) from error
    except Exception as error:  # Construct leaks KeyError, TypeError and whatever an expression raises
        raise unencodable(type(value), "", f"{type(error).__name__}: {error}") from error
    return stream.getvalue()
