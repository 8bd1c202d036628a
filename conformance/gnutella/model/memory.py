"""What the model remembers: every descriptor that was sent to the node, the links, and what deviates.

Rules of this file:

- What a message was due (`due`: these links must get a copy), might do (`allowed`), or must not do (`barred`: nobody
  gets a copy) is settled when it is sent, from what was seen before; what comes is compared with that.
- A link whose peer has sent something malformed or hostile is `stained`: it may be closed or ignored from then on, and
  nothing more is due on its account.
- What is definite is what was seen: the node is known to have taken a descriptor when a copy or an answer came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...explore.explorer import Deviation
from ..hitparts import wire_name

if TYPE_CHECKING:
    from ....codecs.gnutella import Descriptor
    from ...networks import Share
    from ..probe import Peer, Received

Clauses = tuple[str, ...]
Address = tuple[str, int]

FRESH = 50.0
"""Seconds for which a node must remember GUIDs and routes, a little less than GNU-DUP-08 asks."""

NEAR = 2
"""Hops up to which every servent lets a descriptor pass on; some have a maximum of 3."""

USUAL_TTL = 7

_MOST_DEVIATIONS = 20


@dataclass(slots=True, eq=False)
class Link:
    """A link of the tester's.

    `half`: its handshake is not complete. `bye`, `announced`: whether, and how, it announced that it understands Bye.
    `mute`: it answers no Pings. `lost`: the tester itself has broken the stream, so that nothing more is said there.
    `offence`: what it has done for which servents say Bye. `must_end`: the rules by which the node must end it. `last`:
    the rules by which it stays open after what was said last, if that was unusual. `read`: descriptors already
    compared. Times are seconds of node time.
    """

    name: str
    peer: Peer
    half: bool = False
    bye: bool = True
    mute: bool = False
    stained: bool = False
    gone: bool = False
    said_bye: bool = False
    lost: bool = False
    offence: str = ""
    announced: str = "plain"
    must_end: Clauses = ()
    last: Clauses = ()
    read: int = 0
    made: float = 0.0
    idle_since: float = 0.0
    mute_since: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether things are due to this link, and on account of it."""
        return not (self.half or self.stained or self.gone or self.mute or self.lost or self.said_bye)


@dataclass(slots=True, eq=False)
class Sent:
    """A descriptor that was sent to the node, and what the model makes of it.

    `answer_due` and `answer_barred` are the rules by which the node must or may not answer it itself; `wanted` are the
    names that its answer must list, `matches` those that it may, `answered` those (or for a Ping the GUID) that came.
    `sound`: well-formed.
    """

    label: int
    link: Link
    descriptor: Descriptor
    time: float
    due: dict[str, Clauses] = field(default_factory=dict)
    allowed: frozenset[str] | None = None
    barred: Clauses = ()
    answer_due: Clauses = ()
    answer_barred: Clauses = ()
    answered: set[bytes] = field(default_factory=set)
    copies: Counter[str] = field(default_factory=Counter)
    sound: bool = True
    matches: frozenset[bytes] = frozenset()
    wanted: frozenset[bytes] = frozenset()

    @property
    def type(self) -> int:
        """The payload type."""
        return self.descriptor.type

    @property
    def guid(self) -> bytes:
        """The GUID."""
        return self.descriptor.guid

    @property
    def taken(self) -> bool:
        """Whether the node is known to have taken it."""
        return bool(self.copies) or bool(self.answered)

    @property
    def near(self) -> bool:
        """Whether TTL and Hops are such that every servent passes it on."""
        return self.descriptor.ttl >= 2 and self.descriptor.hops <= NEAR


class Memory:
    """Everything that was sent, by GUID, by label and by type, and the links by name."""

    def __init__(
        self, address: Address, shares: tuple[Share, ...], *, firewalled: bool, known: Collection[str]
    ) -> None:
        self.passed_over = frozenset(known)
        self.address = address
        self.shares = shares
        self.sizes = {wire_name(share): share.size for share in shares}
        self.firewalled = firewalled
        self.now = 0.0
        self.label = 0
        self.links: dict[str, Link] = {}
        self.in_step: list[Sent] = []
        """What was sent in the step that is being played."""
        self.by_guid: dict[bytes, list[Sent]] = {}
        self.by_label: dict[int, Sent] = {}
        self.words: dict[bytes, Sent] = {}
        self.servent_id: bytes | None = None
        self.indexes: dict[bytes, int] = {}
        self.served_at: Address | None = None
        self.deviations: list[Deviation] = []
        self.bye_for: set[str] = set()
        """Offences for which the node has said Bye to a peer that announced it in the plainest way."""

    def note(self, sent: Sent) -> None:
        """Remember what was sent."""
        self.in_step.append(sent)
        self.by_guid.setdefault(sent.guid, []).append(sent)
        self.by_label.setdefault(sent.label, sent)

    def deviation(self, clauses: Clauses, expected: str, actual: str, kin: Clauses = ()) -> None:
        """Note that the node deviates, in the step that is being played, unless that is known."""
        if not self.is_known(clauses) and len(self.deviations) < _MOST_DEVIATIONS:
            self.deviations.append(Deviation(clauses, expected, actual, self.label, kin))

    def is_known(self, clauses: Clauses) -> bool:
        """Whether a deviation from these rules is no news."""
        return not self.passed_over.isdisjoint(clauses)

    def earlier(self, guid: bytes, wire_type: int) -> list[Sent]:
        """What was sent under this type and GUID, in order."""
        return [each for each in self.by_guid.get(guid, ()) if each.type == wire_type]

    def fresh(self, sent: Sent) -> bool:
        """Whether the node must still remember it."""
        return self.now - sent.time <= FRESH

    def known(self, guid: bytes, wire_type: int) -> Sent | None:
        """The first descriptor of this type and GUID, when the node has taken it and must still know it."""
        for each in self.earlier(guid, wire_type):
            if each.taken and self.fresh(each):
                return each
        return None

    def begin_step(self, label: int, now: float) -> None:
        """Begin a step, at a time of the node's clock."""
        self.label = label
        self.now = now
        self.in_step = []

    def maybe_known(self, guid: bytes, wire_type: int) -> bool:
        """Whether the node may have seen this type and GUID."""
        return bool(self.earlier(guid, wire_type))

    def others(self, link: Link) -> list[Link]:
        """The links besides this one that must get what it sends to all."""
        return [each for each in self.links.values() if each is not link and each.clean]


def told(got: Received, link: Link) -> str:
    """What came, in words."""
    return f"{link.name} got {got!r}"


__all__ = ["FRESH", "NEAR", "USUAL_TTL", "Address", "Clauses", "Link", "Memory", "Sent", "told"]
