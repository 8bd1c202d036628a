"""QueryHit (0x81): what a servent has that matches, and where to fetch it.

The result records are followed by an optional trailer and always by the servent id, which is found from the end.
"""

from __future__ import annotations

from construct import Bytes, Int8ul, Int16ul, Int32ul, len_, this

from ..constructs import Bounded, IPv4, NulBytes, NulText, Repeat, RestBytes, UpTo
from ..message import Message, derived, field
from .header import MAXIMUM_PAYLOAD

__all__ = ["BUSY", "GGEP", "MEASURED", "PUSH", "UPLOADED", "OpenData", "QueryHit", "Result", "Trailer"]

#: bits of `OpenData.flags` and `OpenData.mask`. For PUSH the value stands in `flags` and "is meaningful" in `mask`;
#: for the others it is the other way round.
PUSH, BUSY, UPLOADED, MEASURED, GGEP = 0x01, 0x04, 0x08, 0x10, 0x20


class Result(Message, network="gnutella"):
    """One file of a QueryHit."""

    index: int = field(Int32ul, "number by which the servent knows the file; part of the download request")
    size: int = field(Int32ul, "length of the file", unit="bytes", legal="ffffffff when an extension holds the length")
    name: str = field(NulText(MAXIMUM_PAYLOAD), "name of the file, without a path")
    extension: bytes = field(
        NulBytes(MAXIMUM_PAYLOAD),
        "HUGE strings and GGEP, separated by 1c, no NUL inside; its own NUL is there even when it is empty",
        default=b"",
        kw_only=True,
    )


class OpenData(Message, network="gnutella"):
    """The part of the trailer that every vendor reads alike."""

    flags: int = field(Int8ul, "bit 0: the servent is firewalled; bits 2 to 5: the bit of `mask` is meaningful")
    mask: int = field(
        Int8ul, "bit 0: bit 0 of `flags` is meaningful; bit 2 busy, 3 has uploaded, 4 speed measured, 5 GGEP"
    )
    more: bytes = field(
        RestBytes(253),
        "length of an XML block in the private area (2 bytes), where the servent sends one",
        default=b"",
        kw_only=True,
    )


class Trailer(Message, network="gnutella"):
    """Between the results and the servent id: who made the servent and in what state it is."""

    vendor: bytes = field(Bytes(4), "vendor code, four letters, case ignored here")
    open_data: OpenData = field(Bounded(Int8ul, OpenData.layout), "flags, preceded by their length in one byte")
    private: bytes = field(
        RestBytes(MAXIMUM_PAYLOAD),
        "the vendor's own, then GGEP from the first c3 on, then XML",
        default=b"",
        kw_only=True,
    )

    @property
    def push(self) -> bool | None:
        """Whether the servent says that it must be asked to call back; None when it does not say."""
        return bool(self.open_data.flags & PUSH) if self.open_data.mask & PUSH else None

    @property
    def busy(self) -> bool | None:
        """Whether the servent says that it has no upload slot free; None when it does not say."""
        return bool(self.open_data.mask & BUSY) if self.open_data.flags & BUSY else None


class QueryHit(Message, network="gnutella", wire_type=0x81):
    """Answers a Query, under the Query's GUID: matching files and the address to fetch them from."""

    count = derived(Int8ul, "results that follow", len_(this.results))
    port: int = field(Int16ul, "TCP port for the download", legal="1 to 65535")
    ip: str = field(IPv4(), "IPv4 address for the download, in network order")
    speed: int = field(Int32ul, "speed of the servent", unit="kbit/s")
    results: tuple[Result, ...] = field(Repeat(this.count, Result.layout), "the matching files", legal="at most 255")
    trailer: Trailer | None = field(
        UpTo(16, Trailer.layout),
        "optional; all bytes between the results and the servent id",
        default=None,
        kw_only=True,
    )
    servent_id: bytes = field(Bytes(16), "GUID of the servent, always the last 16 bytes; what a Push is routed by")
