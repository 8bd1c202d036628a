"""The descriptor header: 23 bytes before every payload, and the only framing there is.

There is no padding and no mark between descriptors, so a reader that loses the length has lost the stream.
"""

from __future__ import annotations

from construct import Bytes, Int8ul, Int32ul

from ..message import Message, field

__all__ = ["MAXIMUM_PAYLOAD", "Header"]

#: the longest payload in bytes that servents commonly accept (0.6: SHOULD NOT exceed 4 kB, never more than 64 KiB)
MAXIMUM_PAYLOAD = 65536


class Header(Message, network="gnutella"):
    """What stands before every payload: whose it is, what it is, how far it may go and how long it is."""

    guid: bytes = field(
        Bytes(16),
        "identifies the descriptor on the network; kept unchanged when it is forwarded",
        legal="new ones have byte 8 = ff (a modern servent) and byte 15 = 00 (reserved)",
    )
    type: int = field(Int8ul, "payload type", legal="00 Ping, 01 Pong, 02 Bye, 40 Push, 80 Query, 81 QueryHit")
    ttl: int = field(
        Int8ul,
        "connections the descriptor may still cross, the one that it is on included",
        unit="hops",
        legal="1 to 7 when originated",
    )
    hops: int = field(Int8ul, "times the descriptor has been forwarded", unit="hops")
    length: int = field(Int32ul, "bytes of payload that follow", unit="bytes", legal="at most 65536")
