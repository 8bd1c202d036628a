"""The benchmark messages of Gnutella as a careful person writes them by hand: `struct` and slotted dataclasses.

The parsers check what the format demands (lengths, terminators, nothing left over); the builders trust their caller's
types, as such code does.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from socket import inet_aton, inet_ntoa

_HEADER = struct.Struct("<16sBBBI")
_PONG = struct.Struct("<H4sII")
_SPEED = struct.Struct("<H")
_HIT = struct.Struct("<BH4sI")
_RESULT = struct.Struct("<II")


@dataclass(slots=True)
class Header:
    guid: bytes
    type: int
    ttl: int
    hops: int
    length: int

    @classmethod
    def parse(cls, data: bytes) -> Header:
        if len(data) != 23:
            raise ValueError("a header has 23 bytes")
        return cls(*_HEADER.unpack(data))

    def encode(self) -> bytes:
        return _HEADER.pack(self.guid, self.type, self.ttl, self.hops, self.length)


@dataclass(slots=True)
class Pong:
    port: int
    ip: str
    files: int
    kib: int
    extension: bytes

    @classmethod
    def parse(cls, data: bytes) -> Pong:
        if len(data) < 14:
            raise ValueError("a Pong has at least 14 bytes")
        port, ip, files, kib = _PONG.unpack_from(data)
        return cls(port, inet_ntoa(ip), files, kib, data[14:])

    def encode(self) -> bytes:
        return _PONG.pack(self.port, inet_aton(self.ip), self.files, self.kib) + self.extension


@dataclass(slots=True)
class Query:
    min_speed: int
    text: str
    extension: bytes

    @classmethod
    def parse(cls, data: bytes) -> Query:
        if len(data) < 3:
            raise ValueError("a Query has at least 3 bytes")
        end = data.find(0, 2)
        if end < 0:
            raise ValueError("no NUL after the text")
        (speed,) = _SPEED.unpack_from(data)
        return cls(speed, data[2:end].decode("utf-8", "surrogateescape"), data[end + 1 :])

    def encode(self) -> bytes:
        text = self.text.encode("utf-8", "surrogateescape")
        if 0 in text:
            raise ValueError("a NUL in the text")
        return _SPEED.pack(self.min_speed) + text + b"\0" + self.extension


@dataclass(slots=True)
class Result:
    index: int
    size: int
    name: str
    extension: bytes


@dataclass(slots=True)
class Trailer:
    vendor: bytes
    flags: int
    mask: int
    more: bytes
    private: bytes


@dataclass(slots=True)
class QueryHit:
    port: int
    ip: str
    speed: int
    results: list[Result]
    trailer: Trailer | None
    servent_id: bytes

    @classmethod
    def parse(cls, data: bytes) -> QueryHit:
        if len(data) < 27:
            raise ValueError("a QueryHit has at least 27 bytes")
        count, port, ip, speed = _HIT.unpack_from(data)
        last = len(data) - 16
        at = 11
        results = []
        for _ in range(count):
            if at + 8 > last:
                raise ValueError("a result that is cut off")
            index, size = _RESULT.unpack_from(data, at)
            end = data.find(0, at + 8, last)
            stop = data.find(0, end + 1, last)
            if end < 0 or stop < 0:
                raise ValueError("a result without its two NUL")
            name = data[at + 8 : end].decode("utf-8", "surrogateescape")
            results.append(Result(index, size, name, data[end + 1 : stop]))
            at = stop + 1
        trailer = None
        if at != last:
            size = data[at + 4] if at + 4 < last else 0
            if size < 2 or at + 5 + size > last:
                raise ValueError("a trailer that is cut off")
            start = at + 5
            trailer = Trailer(
                data[at : at + 4],
                data[start],
                data[start + 1],
                data[start + 2 : start + size],
                data[start + size : last],
            )
        return cls(port, inet_ntoa(ip), speed, results, trailer, data[last:])

    def encode(self) -> bytes:
        parts = [_HIT.pack(len(self.results), self.port, inet_aton(self.ip), self.speed)]
        for result in self.results:
            name = result.name.encode("utf-8", "surrogateescape")
            if 0 in name or 0 in result.extension:
                raise ValueError("a NUL in a result")
            parts += (_RESULT.pack(result.index, result.size), name, b"\0", result.extension, b"\0")
        if self.trailer is not None:
            trailer = self.trailer
            parts += (
                trailer.vendor,
                bytes((2 + len(trailer.more), trailer.flags, trailer.mask)),
                trailer.more,
                trailer.private,
            )
        parts.append(self.servent_id)
        return b"".join(parts)
