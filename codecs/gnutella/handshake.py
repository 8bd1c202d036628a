"""The handshake: two fixed lines in 0.4, three header blocks in 0.6, before the first descriptor."""

from __future__ import annotations

from ..constructs import Decimal, Lines, TextUntil
from ..message import Message, constant, field
from ..text import HeaderLine

__all__ = ["ConnectRequest", "ConnectResponse", "LegacyConnect", "LegacyOk"]

_VERSION = b"0123456789."
_HEADERS = Lines(HeaderLine.layout, 256)


class LegacyConnect(Message, network="gnutella"):
    """0.4: what the dialling servent sends. It ends in two LF and knows no headers."""

    line = constant(b"GNUTELLA CONNECT/0.4\n\n", "the whole request")


class LegacyOk(Message, network="gnutella"):
    """0.4: the only answer that accepts. Anything else is a refusal."""

    line = constant(b"GNUTELLA OK\n\n", "the whole answer")


class ConnectRequest(Message, network="gnutella"):
    """0.6, first block: what the dialling servent sends, with its headers."""

    verb = constant(b"GNUTELLA CONNECT/", "request line up to the version")
    version: str = field(
        TextUntil(b"\r\n", 16, minimum=1, allowed=_VERSION),
        "protocol version of the dialler",
        default="0.6",
        kw_only=True,
    )
    headers: tuple[HeaderLine, ...] = field(_HEADERS, "header lines, then an empty line", default=(), kw_only=True)


class ConnectResponse(Message, network="gnutella"):
    """0.6, second block (the answer) and third block (the dialler's consent): a status line and headers."""

    protocol = constant(b"GNUTELLA/", "status line up to the version")
    version: str = field(
        TextUntil(b" ", 16, minimum=1, allowed=_VERSION), "protocol version of the sender", default="0.6", kw_only=True
    )
    code: int = field(Decimal(b" ", 999, width=3), "status code", legal="200 accepts, all others refuse")
    phrase: str = field(TextUntil(b"\r\n", 1024), "the code in words, for a person")
    headers: tuple[HeaderLine, ...] = field(_HEADERS, "header lines, then an empty line", default=(), kw_only=True)
