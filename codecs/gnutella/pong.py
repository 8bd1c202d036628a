"""Pong (0x01): the address of a servent and what it shares."""

from __future__ import annotations

from construct import Int16ul, Int32ul

from ..constructs import IPv4, RestBytes
from ..message import Message, field
from .header import MAXIMUM_PAYLOAD

__all__ = ["Pong"]


class Pong(Message, network="gnutella", wire_type=0x01):
    """Answers a Ping, under the Ping's GUID: where a servent listens and how much it shares."""

    port: int = field(Int16ul, "TCP port on which the servent accepts connections", legal="1 to 65535; 0 means none")
    ip: str = field(IPv4(), "IPv4 address of the servent, in network order")
    files: int = field(Int32ul, "files that the servent shares", unit="files")
    kib: int = field(
        Int32ul, "size of what the servent shares", unit="KiB", legal="an ultrapeer may say a power of two of 8 or more"
    )
    extension: bytes = field(
        RestBytes(MAXIMUM_PAYLOAD),
        "empty in 0.4; a GGEP block in 0.6",
        legal="empty, or begins with c3",
        default=b"",
        kw_only=True,
    )
