"""One channel: who is in it, and what has been laid down for it.

Rules of this file:

- Nicks and addresses that stand in a list of the channel are kept by their folded spelling, with the spelling to tell
  as the value. Who is in the channel is kept as sessions, in the order in which they joined.
- A channel knows no messages; topics of the server read and change it.
"""

from dataclasses import dataclass, field

from .session import Session

MODES = ("PRIVATE", "MODERATED", "INVITE", "TOPIC", "REGISTERED")
"""Marks of a channel: not in the public list; only some may speak; only who is invited may join; every member may
change the topic; the channel stays when nobody is in it."""


@dataclass(frozen=True, slots=True)
class BanOfChannel:
    """Who may not join: `mask` is a nick or an address as it was given, `time` is Unix time."""

    mask: str
    operator: str
    reason: str
    time: int


@dataclass(slots=True, eq=False, kw_only=True)
class Channel:
    """A channel. `level` is one of `LEVELS`; a `limit` of 0 is none."""

    name: str
    topic: str
    limit: int
    level: str = "Leech"
    made_by_user: bool = True
    members: dict[Session, None] = field(default_factory=dict)
    modes: set[str] = field(default_factory=set)
    bans: dict[str, BanOfChannel] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    """Nicks that may rule the channel, whether they are in it or not."""
    voiced: set[Session] = field(default_factory=set)
    """Members who may speak when the channel is moderated."""
    muzzled: dict[str, str] = field(default_factory=dict)
    """Nicks that may not speak in the channel."""
    invited: dict[str, str] = field(default_factory=dict)
    """Nicks that have been asked in, with the folded nick that asked last, empty once the answer has come."""

    def shown_modes(self) -> tuple[str, ...]:
        """Return the marks that are set, in their usual order, each with a plus before it."""
        return tuple(f"+{mode}" for mode in MODES if mode in self.modes)
