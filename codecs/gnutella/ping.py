"""Ping (0x00): asks who is there."""

from __future__ import annotations

from ..constructs import RestBytes
from ..message import Message, field
from .header import MAXIMUM_PAYLOAD

__all__ = ["Ping"]


class Ping(Message, network="gnutella", wire_type=0x00):
    """Asks the servents that it reaches to answer with a Pong."""

    extension: bytes = field(
        RestBytes(MAXIMUM_PAYLOAD),
        "empty in 0.4; a GGEP block in 0.6",
        legal="empty, or begins with c3",
        default=b"",
        kw_only=True,
    )
