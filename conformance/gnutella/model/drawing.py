"""Drawing scenarios: sequences in which later steps take up what earlier ones began.

Rules of this file:

- A scenario has a theme, which says how likely each kind of step is; a few themes mix everything.
- Hits, Pongs and Pushes mostly answer the latest Query, Ping or hit: routes are what is worth exploring.
- Fields have their plain value most of the time, in some scenarios nearly always, so that what deviates is not hidden
  behind something else.
- The generator decides everything: the same one gives the same scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ....codecs.defects import draw_near_valid
from ....codecs.generate import RandomDraw, draw_value
from ....codecs.gnutella import Bye, Ping, Pong, Push, Query, QueryHit
from ...explore.scenario import link_name
from . import steps as s

if TYPE_CHECKING:
    from ....codecs.message import Message
    from ...target import Target

T = TypeVar("T")

THEMES: dict[str, dict[str, int]] = {
    "flood": {"query": 6, "again": 4, "elapse": 1, "leave": 1, "ping": 1, "connect": 1},
    "guids": {"query": 5, "push": 2, "hit": 2, "ping": 2},
    "search": {"query": 6, "again": 1, "ping": 1},
    "memory": {"query": 4, "elapse": 3, "again": 5},
    "hits": {"query": 2, "hit": 7, "again": 2, "leave": 2},
    "pushes": {"hit": 3, "push": 7, "again": 2, "leave": 1},
    "callbacks": {"query": 1, "callback": 6, "again": 1},
    "hosts": {"ping": 5, "pong": 5, "again": 1, "query": 1},
    "handshakes": {"connect": 6, "intrude": 3, "query": 2, "dialled": 1, "elapse": 1},
    "ends": {"bye": 4, "leave": 2, "query": 2, "connect": 2, "shutdown": 1, "crowd": 1},
    "offences": {"announced": 4, "connect": 4, "bye": 1},
    "framing": {"unknown": 2, "short": 3, "damaged": 4, "announced": 1, "query": 3, "ping": 2, "leave": 1},
    "time": {"elapse": 4, "mute": 2, "query": 2, "again": 2, "connect": 2, "intrude": 1},
    "downloads": {"query": 1, "get": 7},
    "everything": {
        "query": 4, "hit": 3, "push": 2, "ping": 2, "pong": 2, "again": 2, "bye": 1, "damaged": 2, "callback": 1,
        "leave": 1, "mute": 1, "connect": 2, "intrude": 1, "elapse": 1, "get": 1,
    },
}  # fmt: skip
"""How likely each kind of step is under each theme."""

_TTLS = (1, 1, 1, 2, 3, 7, 0, 5, 8, 16, 64, 255)
_HOPS = (1, 1, 1, 2, 3, 5, 6, 254, 255)
_GGEP = ("c38353435041" + "01", "c3835a5a5a" + "4568656c6c6f")
_STRANGE = ("00", "6a756e6b2074686174206973206e6f2047474550", "c3", "00" * 300)
_EXTENSIONS = ("", "", "", "75726e3a736861313a", "c3834842" + "40", "1c666f6f1c00ff")
_RANGES = ("0-0", "3-9", "5-", "-6", "1000000-", "10-100000000")
_UNKNOWN_TYPES = (0x99, 0x55, 0xFE)
_LENGTHS = (0x0002_0000, 0x1000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_INTRUSIONS = ("hello", "smtp", "verb", "ping", "query", "endless", "half", "half", "odd")
_SHORT = tuple(
    (wire_type, size)
    for wire_type, least in ((0x01, 14), (0x02, 2), (0x40, 26), (0x80, 3), (0x81, 27))
    for size in sorted({0, 1, least - 1})
)
_PAYLOADS: tuple[type[Message], ...] = (Ping, Pong, Bye, Push, Query, QueryHit)
_RAREST = 0.05
_LONGEST_NEAR_VALID = 3000


def draw(random: Random, length: int, target: Target) -> s.GnutellaScenario:
    """A scenario of at most `length` steps for what the target offers."""
    return _Drawing(random, target).scenario(length)


class _Drawing:
    def __init__(self, random: Random, target: Target) -> None:
        self.random = random
        self.target = target
        self.files = len(target.shares)
        self.theme = ""
        self.wildness = 1.0
        self.label = 0
        self.links: list[str] = []
        self.queries: list[s.Query] = []
        self.hits: list[s.Hit] = []
        self.pings: list[s.Ping] = []
        self.said: list[s.Spoken] = []
        self.fresh_links = 0

    def scenario(self, length: int) -> s.GnutellaScenario:
        self.theme = self.random.choice(list(THEMES))
        self.wildness = self.random.choice((0.2, 0.6, 1.0))
        theme = THEMES[self.theme]
        links = self.random.choice((1, 2, 3, 3, 3, 4))
        self.links = [link_name(number) for number in range(links)]
        self.fresh_links = links
        node = self._node()
        kinds = [kind for kind in theme if self.files or kind not in ("get", "callback")]
        if not kinds:
            return self.scenario(length)
        weights = [theme[kind] for kind in kinds]
        steps: list[s.AnyStep] = []
        for kind in self.random.choices(kinds, weights, k=self.random.randint(1, length)):
            self.label += 1
            maker: Callable[[], s.AnyStep | None] = getattr(self, f"_{kind}")
            step = maker()
            if step is not None:
                steps.append(step)
        return s.GnutellaScenario(steps=tuple(steps), links=links, node=node)

    def _node(self) -> str:
        chance = 0.15 if self.theme in ("search", "callbacks") else _RAREST
        kinds = [kind for kind in (s.FIREWALLED, s.MANY_SHARES) if kind.replace(" ", "-") in self.target.features]
        return self.random.choice(kinds) if kinds and self.random.random() < chance else ""

    # Choices

    def _rarely(self, chance: float = 0.15) -> bool:
        return self.random.random() < chance

    def _mostly(self, plain: T, others: Sequence[T], chance: float = 0.2) -> T:
        return self.random.choice(others) if self._rarely(chance * self.wildness) else plain

    def _latest(self, options: Sequence[T]) -> T:
        """One of the options, the last one most likely."""
        return options[-1] if len(options) == 1 or self.random.random() < 0.6 else self.random.choice(options)

    def _link(self, but: str = "") -> str:
        """A link; seldom the one that is named."""
        others = [name for name in self.links if name != but]
        if not others or (but and self._rarely(0.2)):
            return but or self.links[0]
        return others[-1] if self._rarely(0.25) else self.random.choice(others)

    def _new_link(self) -> str:
        name = link_name(self.fresh_links)
        self.fresh_links += 1
        return name

    def _spoken(self, *, ttls: Sequence[int] = _TTLS, plain: int = 4) -> dict[str, int | str]:
        """TTL, Hops and whatever else all descriptors have."""
        fields: dict[str, int | str] = {
            "label": self.label,
            "ttl": self._mostly(plain, ttls, 0.3),
            "hops": self._mostly(0, _HOPS, 0.25),
            "guid": self._mostly("new", s.GUIDS, 0.1),
            "split": self._mostly("whole", s.SPLITS, 0.12),
        }
        if self.said and self._rarely(0.5 if self.theme == "guids" else 0.03):
            fields["same"] = self._latest(self.said).label
        return fields

    def _keep(self, step: s.Spoken) -> None:
        self.said.append(step)

    # Steps

    def _known_file(self) -> int | None:
        """A file that a plain Query has asked for, so that its index is known; None when there was none."""
        asked = [query.share for query in self.queries if query.text == "words" and not query.padding]
        return self._latest(asked) if asked else None

    def _ask_for_file(self) -> s.Query:
        """A plain Query for a file."""
        step = s.Query(
            label=self.label, link=self._link(), text="words", share=self.random.randrange(min(3, self.files))
        )
        self.queries.append(step)
        self._keep(step)
        return step

    def _query(self) -> s.Query:
        texts = ("words", "reversed", "upper", "one", "almost", "words", "empty", "letter", "index")
        step = s.Query(
            **self._spoken(),  # type: ignore[arg-type]
            link=self._link(),
            text=self._mostly("unique", texts, 0.45) if self.files else self._mostly("unique", ("empty",), 0.05),
            share=self.random.randrange(self.files) if self.files else 0,
            speed=self._mostly(0x80, (0, 0, 0xFC80), 0.15),
            extension=self._mostly("", _EXTENSIONS, 0.3),
            padding=self._mostly(0, (3, 100, 240, 300, 4096, 5000), 0.12),
            nul=not self._rarely(0.04),
        )
        self.queries.append(step)
        self._keep(step)
        return step

    def _hit(self) -> s.Hit | s.Query:
        if not self.queries and not self._rarely(0.1):
            return self._query()
        query = self._latest(self.queries) if self.queries and not self._rarely(0.08) else None
        step = s.Hit(
            **self._spoken(),  # type: ignore[arg-type]
            link=self._link(but=query.link if query else ""),
            of=query.label if query else 0,
            servent=self.random.randint(1, 3),
            results=self._mostly(1, (0, 0, 2, 5), 0.2),
            size=self._mostly(0, (2100, 4800, 22_000), 0.15),
            trailer=not self._rarely(0.3),
            private=self._mostly("", ("00", "01c3824248" + "40"), 0.2),
        )
        self.hits.append(step)
        self._keep(step)
        return step

    def _push(self) -> s.Push | s.Hit | s.Query:
        if not self.hits and not self._rarely(0.1):
            return self._hit()
        hit = self._latest(self.hits) if self.hits and not self._rarely(0.1) else None
        asker = next((query.link for query in self.queries if hit is not None and query.label == hit.of), "")
        link = self.random.choice((asker, asker, asker, hit.link, self._link()) if hit and asker else (self._link(),))
        step = s.Push(
            **self._spoken(),  # type: ignore[arg-type]
            link=link,
            of=hit.label if hit else 0,
            extension=self._mostly("", ("c383544c53" + "40",), 0.15),
        )
        self._keep(step)
        return step

    def _callback(self) -> s.Push | s.Query:
        """A Push to the node itself."""
        if self._known_file() is None:
            return self._ask_for_file()
        step = s.Push(
            **self._spoken(),  # type: ignore[arg-type]
            link=self._link(),
            own=True,
            known_index=not self._rarely(0.3),
            extension=self._mostly("", ("c383544c53" + "40",), 0.15),
            number=self._mostly(1, (20,), 0.15),
            fetch=self._rarely(0.4),
        )
        self._keep(step)
        return step

    def _ping(self, *, far: bool = False) -> s.Ping:
        step = s.Ping(
            **self._spoken(plain=4 if far else self.random.choice((1, 1, 4))),  # type: ignore[arg-type]
            link=self._link(),
            payload=self._mostly("", (*_GGEP, *_GGEP, *_STRANGE), 0.25),
        )
        self.pings.append(step)
        self._keep(step)
        return step

    def _pong(self) -> s.Pong | s.Ping:
        far = [ping for ping in self.pings if ping.ttl > 1]
        if not far and not self._rarely(0.1):
            return self._ping(far=True)
        ping = self._latest(far) if far and not self._rarely(0.1) else None
        step = s.Pong(
            **self._spoken(),  # type: ignore[arg-type]
            link=self._link(but=ping.link if ping else ""),
            of=ping.label if ping else 0,
            host=self.random.randint(1, 3),
            number=self._mostly(1, (200,), 0.12),
            port=self._mostly(6346, (0,), 0.2),
        )
        self._keep(step)
        return step

    def _bye(self) -> s.Bye:
        fields = self._spoken(ttls=(1, 2, 3), plain=1)
        fields["hops"] = self._mostly(0, (1, 2), 0.25)
        fields["split"] = "whole"
        return s.Bye(**fields, link=self._link(), tail=self._rarely(0.4))  # type: ignore[arg-type]

    def _unknown(self) -> s.Raw:
        """A descriptor of an unknown type."""
        wire_type = self.random.choice(_UNKNOWN_TYPES)
        return s.Raw(**self._spoken(), link=self._link(), type=wire_type)  # type: ignore[arg-type]

    def _announced(self) -> s.Raw:
        """A header that announces far too much."""
        length = self.random.choice(_LENGTHS)
        return s.Raw(label=self.label, link=self._link(), type=0x80, announced=length)

    def _short(self) -> s.Raw:
        """A payload shorter than its type allows."""
        wire_type, size = self.random.choice(_SHORT)
        fields = self._spoken(plain=1 if wire_type == Bye.wire_type else 4)
        return s.Raw(**fields, link=self._link(), type=wire_type, body="00" * size, defect="zeros")  # type: ignore[arg-type]

    def _damaged(self) -> s.Raw:
        """A payload with one defect, that of a message no longer than a few kilobytes."""
        step = s.Raw(**self._spoken(), link=self._link())  # type: ignore[arg-type]
        chosen, choices = self.random.choice(_PAYLOADS), RandomDraw(self.random)
        wire_type = chosen.wire_type or 0
        for _ in range(4):
            found = draw_near_valid(draw_value(chosen, choices), choices)
            if found is not None and len(found.data) <= _LONGEST_NEAR_VALID:
                defect = f"{found.defect} at {found.path}" if found.path else found.defect
                return msgspec.structs.replace(step, type=wire_type, body=found.data.hex(), defect=defect)
        return msgspec.structs.replace(step, type=wire_type, body="", defect="empty")

    def _again(self) -> s.Again | None:
        again = [each for each in self.said if isinstance(each, s.Query | s.Push | s.Hit | s.Ping)]
        if not again:
            return None
        first = self._latest(again)
        link = first.link if self._rarely(0.5) else self._link(but=first.link)
        return s.Again(label=self.label, link=link, of=first.label, change=self._rarely(0.3))

    def _leave(self) -> s.Leave:
        link = self._latest(self.queries).link if self.queries and self._rarely(0.5) else self._link()
        return s.Leave(label=self.label, link=link, reset=self._rarely(0.4), cut=self._rarely(0.5))

    def _mute(self) -> s.Mute:
        return s.Mute(label=self.label, link=self._link())

    def _connect(self) -> s.Connect:
        step = s.Connect(
            label=self.label,
            link=self._new_link(),
            version=self._mostly("0.6", ("0.7", "1.0", "0.4", "0.4"), 0.25),
            bye=self._mostly("plain", ("none", "case", "folded"), 0.4),
            unknown=self._rarely(0.1),
            lf=self._rarely(0.05),
            bytewise=self._rarely(0.15),
            final=self._mostly(200, (0, 0, 503, 403), 0.35),
            glue=self._mostly("", ("ping", "query"), 0.25),
        )
        if step.final in (200, 0) or step.version == "0.4":
            self.links.append(step.link)
        return step

    def _intrude(self) -> s.Intrude:
        what = self.random.choice(_INTRUSIONS)
        return s.Intrude(label=self.label, link=self._new_link(), what=what)

    def _crowd(self) -> s.Crowd | None:
        return s.Crowd(label=self.label) if self.target.isolated else None

    def _dialled(self) -> s.Dialled | None:
        offered = "dial" in self.target.features
        return s.Dialled(label=self.label, answer=self._mostly(200, (503, 403), 0.5)) if offered else None

    def _shutdown(self) -> s.Shutdown | None:
        return s.Shutdown(label=self.label) if "stop" in self.target.features else None

    def _elapse(self) -> s.Elapse:
        return s.Elapse(
            label=self.label, seconds=self.random.choice((30, 45) if self.theme == "memory" else (30, 45, 125, 200))
        )

    def _get(self) -> s.Get | s.Query:
        known = self._known_file()
        if known is None:
            return self._ask_for_file()
        return s.Get(
            label=self.label,
            share=known,
            method=self._mostly("GET", ("HEAD",), 0.2),
            version=self._mostly("1.1", ("1.0",), 0.2),
            name=self._mostly("quoted", ("hex", "raw", "slash", "wrong", "escape"), 0.4),
            known_index=not self._rarely(0.12),
            range=self._mostly("", _RANGES, 0.35),
            close=self._rarely(0.2),
            unknown=self._rarely(0.2),
            again=self._rarely(0.4),
        )
