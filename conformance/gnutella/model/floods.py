"""Queries on their way: which are passed on, to whom, and unchanged in what.

- A sound Query with TTL left goes to every link but its own, once: TTL less one or trimmed, Hops one more.
- One that has come too far, has come before, or is too long goes nowhere.
"""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Query
from ..probe import Received
from .memory import USUAL_TTL, Clauses, Link, Memory, Sent, told

_TOO_LONG, _ALWAYS_PASSED = 4096, 256
_FARTHEST_TTL = 15
_FLAGS_VALID = 0x80


def sent_query(memory: Memory, sent: Sent, text: bytes) -> None:
    """Settle to whom a Query must, may or must not go. `text` is the word that tells it from others, or empty."""
    descriptor = sent.descriptor
    sent.sound = _is_sound(descriptor.body)
    sent.barred = _barred(memory, sent)
    odd = not sent.sound or len(descriptor.body) > _TOO_LONG or not 1 <= descriptor.ttl <= _FARTHEST_TTL
    if odd or descriptor.hops == 0xFF:
        sent.link.stained = True
    new_text = bool(text) and text not in memory.words
    certain = sent.sound and not sent.barred and new_text and sent.near and not odd and sent.link.clean
    usual = descriptor.ttl <= USUAL_TTL and len(descriptor.body) <= _ALWAYS_PASSED
    if (
        certain
        and usual
        and descriptor.body[0] & _FLAGS_VALID
        and not memory.maybe_known(sent.guid, Query.wire_type or 0)
    ):
        reused = bool(memory.by_guid.get(sent.guid))
        clauses: Clauses = ("GNU-DUP-03",) if reused else ("GNU-FWD-10",)
        sent.due = dict.fromkeys((each.name for each in memory.others(sent.link)), clauses)
    if new_text:
        memory.words[text] = sent


def _is_sound(body: bytes) -> bool:
    try:
        Query.decode(body)
    except DecodeError:
        return False
    return len(body) > len(b"..a\0")


def _barred(memory: Memory, sent: Sent) -> Clauses:
    """The rules that forbid to pass this Query on."""
    descriptor = sent.descriptor
    if first := memory.known(sent.guid, sent.type):
        return duplicate_clauses(memory, sent, first)
    if descriptor.ttl == 0:
        return ("GNU-FWD-06",)
    if descriptor.hops == 0xFF:
        return ("GNU-FWD-07",)
    if descriptor.ttl == 1:
        return ("GNU-FWD-03",)
    if descriptor.ttl > _FARTHEST_TTL:
        return ("GNU-FWD-09",)
    if len(descriptor.body) > _TOO_LONG:
        return ("GNU-QRY-08",)
    return ()


def duplicate_clauses(memory: Memory, sent: Sent, first: Sent) -> Clauses:
    """The rules by which a Query is a duplicate of an earlier one."""
    if memory.now - first.time > 1:
        return ("GNU-DUP-08",)
    senders = {each.link.name for each in memory.earlier(sent.guid, sent.type) if each is not sent}
    found = "GNU-DUP-01" if sent.link.name in senders else "GNU-DUP-02"
    return (found,) if sent.descriptor.body == first.descriptor.body else ("GNU-DUP-04", found)


def came_query(memory: Memory, link: Link, got: Received) -> None:
    """Compare a Query that came with what was sent."""
    earlier = memory.earlier(got.guid, got.type)
    if not earlier:
        _came_unknown(memory, link, got)
        return
    sent = earlier[-1]
    origin = earlier[0] if earlier[0].taken else sent
    if sent.barred:
        memory.deviation(sent.barred, "the Query goes nowhere", told(got, link))
    elif link is sent.link:
        memory.deviation(("GNU-FWD-11",), f"nothing of it goes back to {link.name}", told(got, link))
    elif sent.copies[link.name]:
        memory.deviation(("GNU-DUP-01",), f"one copy for {link.name}", f"{told(got, link)}, the second one")
    elif sent.sound:
        compare_copy(
            memory,
            link,
            got,
            origin if origin.descriptor.body == got.body else sent,
            ttl="GNU-FWD-01",
            hops="GNU-FWD-02",
            body="GNU-FWD-12",
            dead="GNU-FWD-03",
        )
        if got.ttl + got.hops > USUAL_TTL and sent.descriptor.ttl + sent.descriptor.hops > USUAL_TTL:
            memory.deviation(("GNU-FWD-08",), f"TTL + Hops of at most {USUAL_TTL}", told(got, link))
    sent.copies[link.name] += 1


def compare_copy(
    memory: Memory, link: Link, got: Received, sent: Sent, *, ttl: str, hops: str, body: str, dead: str
) -> None:
    """Compare TTL, Hops and payload of a copy with what was sent; the words are the ids of the rules."""
    was = sent.descriptor
    if got.ttl == 0:
        memory.deviation((dead,), "nothing is passed on with TTL 0", told(got, link))
    elif got.ttl > was.ttl - 1:
        memory.deviation((ttl,), f"TTL {was.ttl - 1} or less", told(got, link))
    if got.hops != was.hops + 1:
        memory.deviation((hops,), f"Hops {was.hops + 1}", told(got, link))
    if got.body != was.body:
        memory.deviation((body,), "the same payload", f"{told(got, link)}: {_shown(got.body)} for {_shown(was.body)}")


def _came_unknown(memory: Memory, link: Link, got: Received) -> None:
    """A Query under a GUID that nobody has used: the node's own, or a foreign one that was changed."""
    for word, sent in memory.words.items():
        if word in got.body:
            memory.deviation(("GNU-HDR-04",), f"the Query under GUID {sent.guid.hex()}", f"under {got.guid.hex()}")
            return
    check_own(memory, link, got)


def check_own(memory: Memory, link: Link, got: Received) -> None:
    """A descriptor that begins at the node: the marks of its GUID, its TTL and Hops."""
    if (got.guid[8], got.guid[15]) != (0xFF, 0x00):
        memory.deviation(("GNU-HDR-03",), "a GUID with ff in byte 8 and 00 in byte 15", got.guid.hex())
    if not 1 <= got.ttl <= USUAL_TTL or got.hops:
        memory.deviation(("GNU-HDR-05",), "TTL 1 to 7 and Hops 0 of a new descriptor", told(got, link))


def _shown(body: bytes) -> str:
    return f"{body[:40].hex(' ')}{' ...' if len(body) > 40 else ''}"
