"""Framing gone wrong."""

from __future__ import annotations

import struct

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Descriptor, DescriptorReader
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ...mutants import mutant

_LEAST = {0x01: 14, 0x02: 2, 0x40: 26, 0x80: 3, 0x81: 27}


@mutant(breaks="GNU-HDR-01")
class WritesLengthsBigEndian(Servent):
    """Writes the length of a payload in network order."""

    def framed(self, descriptor: Descriptor) -> bytes:
        data = super().framed(descriptor)
        return data[:19] + data[22:18:-1] + data[23:]


@mutant(breaks="GNU-HDR-01")
class PadsWhatItSends(Servent):
    """Puts a NUL after each descriptor that its length does not count."""

    def framed(self, descriptor: Descriptor) -> bytes:
        return super().framed(descriptor) + b"\0"


@mutant(breaks="GNU-HDR-02")
class ReadsOneSegmentAtATime(Servent):
    """Forgets the part of a descriptor that came in an earlier segment."""

    def cut(self, link: Link, data: bytes) -> list[Descriptor]:
        link.frames = DescriptorReader(self.payload_limit())
        return super().cut(link, data)


@mutant(breaks="GNU-HDR-02")
class ReadsOneDescriptorASegment(Servent):
    """Takes the first descriptor of a segment and throws the others away."""

    def cut(self, link: Link, data: bytes) -> list[Descriptor]:
        return super().cut(link, data)[:1]


@mutant(breaks="GNU-HDR-03")
class MakesPlainGuids(Servent):
    """Makes GUIDs without the marks of a modern servent."""

    def new_guid(self) -> bytes:
        return self.random.randbytes(8) + b"\x80" + self.random.randbytes(6) + b"\x01"


@mutant(breaks="GNU-HDR-04")
class MarksForeignGuids(Servent):
    """Puts its own marks on the GUIDs of what it passes on."""

    def forwarded_guid(self, guid: bytes) -> bytes:
        return guid[:8] + b"\xff" + guid[9:15] + b"\0"


@mutant(breaks="GNU-HDR-05")
class PingsFarAway(Servent):
    """Sends its own Pings with a TTL of 200."""

    def own_ping_ttl(self) -> int:
        return 200


@mutant(breaks="GNU-HDR-06")
class ClosesOnUnknownTypes(Servent):
    """Leaves a link on which a payload type comes that it does not know."""

    def take_unknown(self, link: Link, descriptor: Descriptor) -> None:
        self.part(link, 404, "Unknown message")


@mutant(breaks="GNU-HDR-07")
class FloodsUnknownTypes(Servent):
    """Passes payload types that it does not know on to everybody."""

    def take_unknown(self, link: Link, descriptor: Descriptor) -> None:
        self.relay(self.query_targets(link), descriptor)


@mutant(breaks="GNU-HDR-08")
class WaitsForAnyLength(Servent):
    """Waits for a payload of up to 2 GiB."""

    def payload_limit(self) -> int:
        return 0x7FFF_FFFF


@mutant(breaks="GNU-HDR-09")
class ReadsLengthsAsSigned(Servent):
    """Takes the length for a signed number and dies of a negative one."""

    def cut(self, link: Link, data: bytes) -> list[Descriptor]:
        at_header = link.frames is None or not link.frames.pending
        if at_header and len(data) >= 23 and struct.unpack("<i", data[19:23])[0] < 0:
            raise ValueError("a negative length")
        return super().cut(link, data)


@mutant(breaks="GNU-HDR-10")
class DiesOfACutDescriptor(Servent):
    """Dies when a connection ends in the middle of a descriptor."""

    def forget(self, link: Link) -> None:
        if link.frames is not None and link.frames.pending:
            raise EOFError("the rest of the descriptor")
        super().forget(link)


@mutant(breaks="GNU-HDR-11", also=("GNU-LIM-01",))
class ReadsBeyondShortPayloads(Servent):
    """Dies of a payload that is shorter than its type allows."""

    def take_malformed(self, link: Link, descriptor: Descriptor, error: DecodeError) -> None:
        if len(descriptor.body) < _LEAST.get(descriptor.type, 0):
            raise IndexError("payload index out of range")
        super().take_malformed(link, descriptor, error)


@mutant(breaks="GNU-HDR-11", also=("GNU-LIM-01",))
class DiesOfAnEmptyBye(Servent):
    """Dies of a Bye without a code."""

    def obey_bye(self, link: Link, descriptor: Descriptor) -> None:
        struct.unpack_from("<H", descriptor.body)
        super().obey_bye(link, descriptor)
