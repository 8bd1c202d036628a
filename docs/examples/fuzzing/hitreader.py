"""A small reader of QueryHits, such as a servent has. It has a bug, for the guide on fuzzing to find."""

from __future__ import annotations

import struct
from dataclasses import dataclass

SERVENT_ID = 16


class HitError(ValueError):
    """The bytes are no QueryHit."""


@dataclass
class File:
    """One result."""

    index: int
    size: int
    name: bytes


@dataclass
class Hit:
    """A QueryHit, as far as this servent cares."""

    address: tuple[str, int]
    files: list[File]
    vendor: bytes
    firewalled: bool
    servent_id: bytes


def read_hit(body: bytes) -> Hit:
    """The QueryHit whose payload `body` is; HitError when it is none."""
    if len(body) < 11 + SERVENT_ID:
        raise HitError("too short")
    count, port, a, b, c, d, _speed = struct.unpack_from("<BH4BI", body)
    end = len(body) - SERVENT_ID
    files, at = _read_files(body, count, 11, end)
    vendor, firewalled = _read_trailer(body[at:end])
    return Hit((f"{a}.{b}.{c}.{d}", port), files, vendor, firewalled, body[end:])


def _read_files(body: bytes, count: int, at: int, end: int) -> tuple[list[File], int]:
    files = []
    for _ in range(count):
        stop = body.find(b"\0", at + 8, end)
        last = body.find(b"\0", stop + 1, end)
        if stop < 0 or last < 0:
            raise HitError("a result without its end")
        index, size = struct.unpack_from("<II", body, at)
        files.append(File(index, size, body[at + 8 : stop]))
        at = last + 1
    return files, at


def _read_trailer(trailer: bytes) -> tuple[bytes, bool]:
    if not trailer:
        return b"", False
    vendor, length = trailer[:4], trailer[4]
    open_data = trailer[5 : 5 + length]
    if len(open_data) < length or length < 2:
        raise HitError("the trailer ends too early")
    return vendor, bool(open_data[0] & open_data[1] & 1)
