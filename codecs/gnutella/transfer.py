"""The download: the request line of HTTP as Gnutella uses it, and the greeting of a servent that calls back.

Requests and answers are HTTP and are handled by an HTTP library; the layout here is the form of the path.
"""

from __future__ import annotations

from ..constructs import Decimal, HexBytes, Lines, TextUntil
from ..message import Message, constant, field
from ..text import HeaderLine

__all__ = ["GetRequest", "Giv"]

_INDEX_MAXIMUM = 0xFFFFFFFF


class GetRequest(Message, network="gnutella"):
    """Asks for a file by the index and the name of its QueryHit record."""

    method: str = field(
        TextUntil(b" ", 16, minimum=1, allowed=b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "HTTP method", legal="GET or HEAD"
    )
    prefix = constant(b"/get/", "path up to the index")
    index: int = field(Decimal(b"/", _INDEX_MAXIMUM), "index of the file in the QueryHit")
    name: str = field(
        TextUntil(b" HTTP/", 4096, allowed=bytes(set(range(256)) - set(b"\r\n\0"))),
        "name of the file in the QueryHit, percent-encoded",
    )
    version: str = field(
        TextUntil(b"\r\n", 8, minimum=1, allowed=b"0123456789."), "HTTP version", default="1.1", kw_only=True
    )
    headers: tuple[HeaderLine, ...] = field(
        Lines(HeaderLine.layout, 256), "header lines, then an empty line", default=(), kw_only=True
    )


class Giv(Message, network="gnutella"):
    """The first line on a connection that a Push asked for; the caller's GET follows on the same connection."""

    verb = constant(b"GIV ", "what the connection is for")
    index: int = field(Decimal(b":", _INDEX_MAXIMUM), "index of the file in the Push")
    servent_id: bytes = field(HexBytes(16, b"/"), "GUID of the calling servent, hexadecimal in any case")
    name: str = field(
        TextUntil(b"\n\n", 4096, allowed=bytes(set(range(256)) - set(b"\r\n\0"))), "name of the file; often just `file`"
    )
