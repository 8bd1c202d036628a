"""The node's own QueryHits: which Queries get one, and whether what it says is true.

- A Query whose words all stand in the name of a shared file is answered, on its link, under its GUID.
- A hit counts its results, names files that are shared and match, and tells where and by whom they are served.
"""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Query, QueryHit
from ...networks import Share
from ...outcomes import Failure
from ..hitparts import HitParts, take_apart, wire_name, words_of
from ..probe import Received
from .memory import USUAL_TTL, Clauses, Link, Memory, Sent, told

_INDEX = "    "
_FLAGS_VALID = 0x80
_FIREWALLED, _OUT_OF_BAND = 0x40, 0x04
_PUSH = 0x01
_LARGEST = 64 * 1024
_MOST_EXPECTED = 255


def words_in(share: Share) -> frozenset[str]:
    """The words by which a share is found for certain."""
    return frozenset(word.casefold() for word in words_of(share))


def sent_query(memory: Memory, sent: Sent, text: str) -> None:
    """Settle whether a Query for `text` must, may or must not be answered."""
    asked = frozenset(text.casefold().split())
    matches = [share for share in memory.shares if asked and asked <= words_in(share)]
    likely = [share for share in memory.shares if asked and all(word in share.name.casefold() for word in asked)]
    first = memory.known(sent.guid, sent.type)
    if text == _INDEX:
        sent.matches = frozenset(wire_name(share) for share in memory.shares)
    elif len(text.strip()) <= 1:
        sent.answer_barred = ("GNU-QRY-03",)
    elif not likely:
        sent.answer_barred = ("GNU-QRY-02",)
    else:
        sent.matches = frozenset(wire_name(share) for share in likely)
        sent.wanted = frozenset(wire_name(share) for share in matches)
    if first is not None:
        sent.answer_barred = sent.barred
    elif matches and _must_answer(memory, sent):
        sent.answer_due = _why(sent)


def _must_answer(memory: Memory, sent: Sent) -> bool:
    was = sent.descriptor
    flags = was.body[0] if sent.sound else 0
    usual = flags & _FLAGS_VALID and not flags & (_FIREWALLED | _OUT_OF_BAND)
    no_speed = not any(was.body[:2])
    return bool(
        sent.link.clean
        and sent.sound
        and (usual or no_speed)
        and 1 <= was.ttl <= USUAL_TTL
        and was.hops < USUAL_TTL
        and len(was.body) <= _MOST_EXPECTED
        and not memory.maybe_known(sent.guid, sent.type)
    )


def _why(sent: Sent) -> Clauses:
    return ("GNU-QRY-07",) if not any(sent.descriptor.body[:2]) else ("GNU-QRY-01",)


def came_hit(memory: Memory, link: Link, got: Received) -> None:
    """Compare a hit of the node's own with the Query that it answers and with what the node shares."""
    earlier = memory.earlier(got.guid, Query.wire_type or 0)
    asked = [each for each in earlier if each.link is link]
    if not asked:
        whose = "of another's Query" if earlier else "that nobody has used"
        memory.deviation(
            ("GNU-QRY-05",), "a hit where its Query came from, under its GUID", f"{told(got, link)} {whose}"
        )
        return
    sent = asked[-1]
    if sent.answer_barred:
        memory.deviation(sent.answer_barred, "no hit for this Query", told(got, link))
    if got.hops:
        memory.deviation(("GNU-QRY-05",), "an own hit with Hops 0", told(got, link))
    if got.ttl < max(1, sent.descriptor.hops):
        memory.deviation(("GNU-QRY-06",), f"a hit with TTL {max(1, sent.descriptor.hops)} or more", told(got, link))
    if len(got.body) > _LARGEST:
        memory.deviation(("GNU-QRY-10",), "a hit of 64 KiB at most", f"{len(got.body)} bytes")
    try:
        parts = take_apart(got.body)
        QueryHit.decode(got.body)
    except (Failure, DecodeError) as error:
        memory.deviation(("GNU-HIT-01", "GNU-HIT-02", "GNU-HIT-04"), "a hit that can be read", f"{error}")
        return
    _form(memory, parts)
    for record in parts.records:
        sent.answered.add(record.name)
        _record(memory, sent, record.name, record.size, record.index)


def _form(memory: Memory, parts: HitParts) -> None:
    """What a hit says of its servent."""
    if memory.servent_id not in (None, parts.servent_id):
        memory.deviation(("GNU-HIT-03",), f"servent id {memory.servent_id!r}", f"{parts.servent_id!r}")
    memory.servent_id = memory.servent_id or parts.servent_id
    memory.served_at = (parts.ip, parts.port)
    if not parts.records:
        memory.deviation(("GNU-HIT-01",), "at least one result", "none")
    if memory.served_at != memory.address:
        wanted = f"{memory.address[0]}:{memory.address[1]}"
        memory.deviation(
            ("GNU-HIT-06",), f"the address at which files are served, {wanted}", f"{parts.ip}:{parts.port}"
        )
    trailer = parts.trailer
    if len(trailer) < 7 or not all(0x20 < byte < 0x7F for byte in trailer[:4]) or trailer[4] < 2:
        memory.deviation(("GNU-HIT-04",), "a trailer with vendor code and two bytes of flags", repr(trailer))
        return
    push = bool(trailer[5] & _PUSH) if trailer[6] & _PUSH else None
    if push is not memory.firewalled:
        wanted = f"the push flag meaningful and {memory.firewalled}"
        memory.deviation(("GNU-HIT-05",), wanted, "not meaningful" if push is None else str(push))


def _record(memory: Memory, sent: Sent, name: bytes, size: int, index: int) -> None:
    """Whether a result is true, and matches."""
    sizes = memory.sizes
    if sizes.get(name) != size:
        wanted = f"a file that is shared, with its size{f' of {sizes[name]}' if name in sizes else ''}"
        memory.deviation(("GNU-HIT-02",), wanted, f"{name!r} of {size} bytes")
    elif name not in sent.matches and not sent.answer_barred:
        memory.deviation(("GNU-QRY-02",), "results that hold all the words", repr(name))
    if memory.indexes.setdefault(name, index) != index:
        memory.deviation(("GNU-HIT-07",), f"index {memory.indexes[name]} for {name!r}", str(index))
