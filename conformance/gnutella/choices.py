"""What a servent chooses, and others repeat: GUIDs, servent ids, the indexes of its files, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ...codecs.errors import DecodeError
from ...codecs.gnutella import Descriptor, GetRequest, Giv, Pong, Push, QueryHit
from ...codecs.spans import Subject
from ..networks import Choice

GUID, SERVENT, INDEX, ADDRESS = "guid", "servent", "index", "address"
_SIZE = 16
_FEW = 4


def choices(subject: Subject, *, sent: bool) -> Iterator[Choice]:
    """The chosen fields of a message. An index is the node's: in a hit that a tester sends it stands for nothing."""
    if isinstance(subject, Descriptor):
        yield Choice(GUID, "header.guid")
        yield from _of_payload(subject, sent=sent)
    elif isinstance(subject, Giv):
        yield Choice(INDEX, "index")
        yield Choice(SERVENT, "servent_id")
    elif isinstance(subject, GetRequest):
        yield Choice(INDEX, "index")


def _of_payload(subject: Descriptor, *, sent: bool) -> Iterator[Choice]:
    try:
        payload = subject.payload()
    except DecodeError:
        return
    if isinstance(payload, Pong | Push | QueryHit):
        yield Choice(ADDRESS, "payload.ip", "payload.port")
    if isinstance(payload, Push | QueryHit):
        yield Choice(SERVENT, "payload.servent_id")
    if isinstance(payload, Push):
        yield Choice(INDEX, "payload.index")
    elif isinstance(payload, QueryHit) and not sent:
        for number in range(len(payload.results)):
            yield Choice(INDEX, f"payload.results[{number}].index")


def marks(kind: str, value: object) -> str:
    """Of a GUID, its two marked bytes where they are; of any id, that it is nothing but zeros."""
    if not isinstance(value, bytes) or len(value) != _SIZE:
        return ""
    if not any(value):
        return "zeros"
    if kind != GUID:
        return ""
    return f"{'modern' if value[8] == 0xFF else 'old'}, {'reserved byte 0' if value[15] == 0 else 'reserved byte set'}"


def renewed(kind: str, value: bytes, random: Random) -> bytes:
    """Another GUID with the same marks; one that is no random number stays what it is."""
    if kind not in (GUID, SERVENT) or len(value) != _SIZE or len(set(value)) <= _FEW:
        return value
    new = bytearray(random.randbytes(_SIZE))
    if kind == GUID:
        new[8], new[15] = value[8], value[15]
    return bytes(new)
