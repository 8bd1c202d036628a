"""Push (0x40): asks a servent behind a firewall to call back."""

from __future__ import annotations

from construct import Bytes, Int16ul, Int32ul

from ..constructs import IPv4, RestBytes
from ..message import Message, field
from .header import MAXIMUM_PAYLOAD

__all__ = ["Push"]


class Push(Message, network="gnutella", wire_type=0x40):
    """Travels the path of a QueryHit backwards and asks its servent to open the download connection itself."""

    servent_id: bytes = field(Bytes(16), "servent that shall call back: the last 16 bytes of its QueryHit")
    index: int = field(Int32ul, "index of the file wanted, as in the QueryHit")
    ip: str = field(IPv4(), "IPv4 address to call, in network order")
    port: int = field(Int16ul, "TCP port to call", legal="1 to 65535")
    extension: bytes = field(
        RestBytes(MAXIMUM_PAYLOAD),
        "empty in 0.4; a GGEP block in 0.6",
        legal="empty, or begins with c3",
        default=b"",
        kw_only=True,
    )
