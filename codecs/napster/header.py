"""The header of a message: four bytes before every body, and the only framing there is.

There is no mark between messages, so a reader that loses the length has lost the stream. No CR, LF or NUL ends a body.
"""

from __future__ import annotations

from construct import Int16ub, Int16ul

from ..message import Message, field

__all__ = ["BOTH", "CLIENT", "LINK", "MAXIMUM_BODY", "SERVER", "BigEndianHeader", "Header"]

#: who sends a message: a client, the server, either of them, or a server that is linked with another
CLIENT, SERVER, LINK = "client", "server", "link"
BOTH = (CLIENT, SERVER)

#: the longest body in bytes that servents commonly accept (napster.txt, 870; the default of OpenNap)
MAXIMUM_BODY = 2048


class Header(Message, network="napster"):
    """What stands before every body: how long it is and what it means."""

    length: int = field(Int16ul, "bytes of body that follow", unit="bytes", legal="at most 2048 on most servers")
    type: int = field(Int16ul, "message number")


class BigEndianHeader(Message, network="napster", since="N"):
    """The header as Napster's own client from Beta 10.3 on sent it: the same, high byte first.

    A server that speaks to both kinds tells them by the first message, which is 920 from those clients.
    """

    length: int = field(Int16ub, "bytes of body that follow", unit="bytes")
    type: int = field(Int16ub, "message number")
