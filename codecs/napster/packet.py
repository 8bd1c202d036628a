"""A packet: the four-byte header and one body."""

from __future__ import annotations

from ..framing import Frame, FrameReader, Opaque
from ..message import Message
from .header import MAXIMUM_BODY, Header

__all__ = ["Packet", "PacketReader"]


class Packet(Frame[Header]):
    """One message as it stands in the stream: its header and the bytes of its body.

    What a number means may depend on who sends it: `packet.payload("client")`.
    """

    __slots__ = ()

    header_class = Header
    header_size = 4
    # below any two printable characters, so that a greeting in plain text is not taken for a header
    believed = 0x1FFF

    @classmethod
    def of(cls, payload: Message | Opaque) -> Packet:
        """Frame a message; number and length follow from it. Raises `EncodeError` if it does not fit its layout."""
        wire_type = payload.wire_type
        if wire_type is None:
            raise TypeError(f"{type(payload).__name__} has no message number")
        return cls.of_raw(wire_type, payload.encode())

    @classmethod
    def of_raw(cls, wire_type: int, body: bytes) -> Packet:
        """Frame bytes as they are, under a number that need not be known."""
        return cls(Header(len(body), wire_type), body)


class PacketReader(FrameReader[Packet]):
    """Cuts a stream into packets; a length above `limit` bytes raises `DecodeError`."""

    def __init__(self, limit: int = MAXIMUM_BODY) -> None:
        super().__init__(Packet, limit)
