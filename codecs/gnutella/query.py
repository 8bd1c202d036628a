"""Query (0x80): the search."""

from __future__ import annotations

from construct import Int16ul

from ..constructs import NulText, RestBytes
from ..message import Message, Tolerance, field
from .header import MAXIMUM_PAYLOAD

__all__ = ["FLAGS_VALID", "Query"]

#: bit 7 of the first byte of `min_speed`: the field carries flags and not a speed
FLAGS_VALID = 0x0080


class Query(Message, network="gnutella", wire_type=0x80):
    """Asks the servents that it reaches for files whose names hold all the words of the text."""

    min_speed: int = field(
        Int16ul,
        "0.4: slowest servent that shall answer; since 2003: flags, marked by bit 7 of the first byte",
        unit="kbit/s",
        default=FLAGS_VALID,
        kw_only=True,
    )
    text: str = field(
        NulText(MAXIMUM_PAYLOAD),
        "words that the name of a file must hold; ends at the first NUL",
        tolerance={"no terminator": Tolerance.MAY_ACCEPT},
    )
    extension: bytes = field(
        RestBytes(MAXIMUM_PAYLOAD),
        "HUGE and XML strings separated by 1c, then GGEP; opaque to a servent that only forwards",
        default=b"",
        kw_only=True,
    )
