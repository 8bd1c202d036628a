"""Links: how they are made, what stays open, and how they end.

- An answer is a block in the form of 0.6, names its software, and is followed by nothing before the final block.
- A link stays open unless its peer has given cause; it ends when a rule says so.
- A Bye goes to who announced it, is a neighbour's own, and is the last word.
"""

from __future__ import annotations

import re

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Bye
from ..connection import Block
from ..probe import Received
from .memory import Clauses, Link, Memory, told
from .steps import Connect

ANSWER = re.compile(rb"GNUTELLA/0\.6 [0-9]{3} [^\r\n]+\r\n(?:[!-9;-~]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*\r\n")
REQUEST = re.compile(rb"GNUTELLA CONNECT/0\.6\r\n(?:[!-9;-~]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*\r\n")
_HOST = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?:\s.*)?")

HANDSHAKE_SECONDS, IDLE_SECONDS, SILENT_SECONDS = 120.0, 120.0, 180.0
"""Node time within which a handshake is given up, an idle link gets a Ping, and a peer without answers is dropped."""

PLAIN: Clauses = ("GNU-HSK-01",)
LIVENESS: Clauses = ("GNU-LIM-01",)
_CASE, _FOLD = ("GNU-HSK-07",), ("GNU-HSK-08",)


def request_clauses(step: Connect, usual: Clauses = PLAIN) -> Clauses:
    """The rules by which a request is accepted, those about what is unusual in it; `usual` when nothing is."""
    found = []
    if step.version == "0.4":
        found.append("GNU-HSK-05")
    elif step.version != "0.6":
        found.append("GNU-HSK-04")
    if step.unknown:
        found.append("GNU-HSK-06")
    if step.bytewise:
        found.append("GNU-HSK-10")
    if step.bye == "folded":
        found.append("GNU-HSK-08")
    return tuple(found) or usual


def judge_answer(memory: Memory, step: Connect, answer: Block) -> None:
    """The form of the answer to a request of 0.6 or higher."""
    said = repr(answer.raw[:120])
    if answer.code == 200 and not answer.first_line.startswith("GNUTELLA/0.6 "):
        clauses: Clauses = ("GNU-HSK-01",) if step.version == "0.6" else ("GNU-HSK-04",)
        memory.deviation(clauses, "an answer by version 0.6", said)
    elif not ANSWER.fullmatch(answer.raw):
        memory.deviation(("GNU-HSK-01",), "GNUTELLA/0.6, three digits, a phrase, header lines, an empty line", said)
    if answer.code == 200 and not answer.get("User-Agent"):
        memory.deviation(("GNU-HSK-19",), "a User-Agent header", said)


def judge_refusal(memory: Memory, answer: Block, sources: set[tuple[str, int]]) -> None:
    """What a refusal for want of room says. `sources` are the addresses that peers have dialled from."""
    if answer.code != 503:
        memory.deviation(("GNU-HSK-15",), "code 503 for want of room", answer.first_line)
    offers = ",".join(answer.get(name) or "" for name in ("X-Try", "X-Try-Ultrapeers")).split(",")
    offered = [offer.strip() for offer in offers if offer.strip()]
    if not offered:
        memory.deviation(("GNU-HSK-13",), "other hosts in X-Try or X-Try-Ultrapeers", answer.first_line)
    for offer in offered:
        found = _HOST.fullmatch(offer)
        host = (found[1], int(found[2])) if found else ("", 0)
        if not 0 < host[1] < 65536 or host in sources:
            memory.deviation(("GNU-HSK-14",), "hosts by ip:port of a listening port", offer)


def came_bye(memory: Memory, link: Link, got: Received) -> None:
    """A Bye: the node's own, or one that it should not have passed on."""
    if memory.earlier(got.guid, got.type):
        memory.deviation(("GNU-BYE-02",), "a Bye goes nowhere", told(got, link))
        return
    if not link.bye:
        memory.deviation(("GNU-BYE-03",), f"no Bye for {link.name}, which did not announce Bye-Packet", told(got, link))
    try:
        sound = bool(Bye.decode(got.body)) and (got.ttl, got.hops) == (1, 0)
    except DecodeError:
        sound = False
    if not sound:
        memory.deviation(("GNU-BYE-04",), "a Bye 1/0 of a code and a text that ends in NUL", f"{got!r}: {got.body!r}")
    link.said_bye = True
    if link.announced == "plain" and link.offence:
        memory.bye_for.add(link.offence)
    if not _had_cause(link):
        memory.deviation(link.last or LIVENESS, f"the link of {link.name} stays open", told(got, link))


def _had_cause(link: Link) -> bool:
    """Whether the node may end the link."""
    return link.stained or link.mute or link.half or link.lost or link.gone or bool(link.must_end)


def judge_end(memory: Memory, link: Link, *, ended: bool) -> None:
    """Compare whether the link is open with what it should be, at the end of a step."""
    if ended and not link.gone:
        if not _had_cause(link) and not link.said_bye:
            memory.deviation(link.last or LIVENESS, f"the link of {link.name} stays open", "the node closed it")
        elif link.offence in memory.bye_for and link.bye and not link.said_bye:
            clauses = {"case": _CASE, "folded": _FOLD}.get(link.announced)
            if clauses:
                memory.deviation(
                    clauses, f"a Bye for {link.name}, as for others", "the node closed the link without one"
                )
    elif link.must_end and not ended and not link.said_bye:
        memory.deviation(link.must_end, f"the node ends the link of {link.name}", "it stays open")
    if ended:
        link.gone = True


def judge_patience(memory: Memory, link: Link) -> None:
    """What the passing of time asks for."""
    now = memory.now
    if link.gone or link.said_bye:
        return
    if link.half and now - link.made >= HANDSHAKE_SECONDS:
        memory.deviation(("GNU-HSK-18",), "a handshake that never ends is given up", f"{link.name} is still connected")
    elif link.mute and not link.half and now - link.mute_since >= SILENT_SECONDS:
        memory.deviation(("GNU-PNG-16",), "a peer that answers no Ping is dropped", f"{link.name} is still connected")
    elif link.clean and now - link.idle_since >= IDLE_SECONDS:
        memory.deviation(
            ("GNU-PNG-15",), "a Ping on an idle link", f"none for {link.name} in {now - link.idle_since:g} s"
        )
        link.idle_since = now
