"""Bye (0x02): says why the connection is about to be closed."""

from __future__ import annotations

from construct import Int16ul

from ..constructs import NulText, RestBytes
from ..message import Message, field

__all__ = ["MAXIMUM_BYE", "Bye"]

#: the longest Bye in bytes that servents commonly accept
MAXIMUM_BYE = 4096


class Bye(Message, network="gnutella", wire_type=0x02):
    """The last descriptor on a connection: a code and a sentence, for a peer that announced Bye-Packet."""

    code: int = field(
        Int16ul, "why", legal="200 to 299 no fault, 400 to 499 the peer's fault, 500 to 599 an inner error"
    )
    reason: str = field(
        NulText(MAXIMUM_BYE), "a sentence for a person, optionally followed by CRLF and header lines such as Server"
    )
    extension: bytes = field(
        RestBytes(MAXIMUM_BYE), "nothing is defined here", legal="empty", default=b"", kw_only=True
    )
