"""A descriptor: the 23-byte header and one payload."""

from __future__ import annotations

import random
from typing import TypeAlias

from ..framing import Frame, FrameReader, Opaque
from .bye import Bye
from .header import MAXIMUM_PAYLOAD, Header
from .ping import Ping
from .pong import Pong
from .push import Push
from .query import Query
from .queryhit import QueryHit

__all__ = ["Descriptor", "DescriptorReader", "Payload", "new_guid"]

Payload: TypeAlias = Ping | Pong | Bye | Push | Query | QueryHit | Opaque


def new_guid(generator: random.Random) -> bytes:
    """A fresh GUID of 16 bytes with the marks of a modern servent: byte 8 is ff, byte 15 is 00."""
    raw = bytearray(generator.randbytes(16))
    raw[8], raw[15] = 0xFF, 0x00
    return bytes(raw)


class Descriptor(Frame[Header]):
    """One descriptor as it stands in the stream: its header and the bytes of its payload."""

    __slots__ = ()

    header_class = Header
    header_size = 23

    @classmethod
    def of(cls, payload: Payload, *, guid: bytes, ttl: int, hops: int = 0) -> Descriptor:
        """Frame a payload; type and length follow from it. Raises `EncodeError` if it does not fit its layout."""
        wire_type = payload.wire_type
        if wire_type is None:
            raise TypeError(f"{type(payload).__name__} is no descriptor payload")
        return cls.of_raw(wire_type, payload.encode(), guid=guid, ttl=ttl, hops=hops)

    @classmethod
    def of_raw(cls, wire_type: int, body: bytes, *, guid: bytes, ttl: int, hops: int = 0) -> Descriptor:
        """Frame bytes as they are, of a type that need not be known."""
        return cls(Header(guid, wire_type, ttl, hops, len(body)), body)

    @property
    def guid(self) -> bytes:
        """The header's GUID, 16 bytes."""
        return self.header.guid

    @property
    def ttl(self) -> int:
        """The header's TTL."""
        return self.header.ttl

    @property
    def hops(self) -> int:
        """The header's Hops."""
        return self.header.hops

    @property
    def type(self) -> int:
        """The header's payload type."""
        return self.header.type


class DescriptorReader(FrameReader[Descriptor]):
    """Cuts a stream into descriptors; a length above `limit` bytes raises `DecodeError`."""

    def __init__(self, limit: int = MAXIMUM_PAYLOAD) -> None:
        super().__init__(Descriptor, limit)
