"""Playing a scenario: each step is carried out, then all that came on every link is compared with the model.

Rules of this file:

- After each step the links are read until nothing more is on its way. In the virtual network that is seen; over sockets
  a Ping on the acting link, and then one on each other, serves as a fence.
- The first step after which the node deviates is the last one played.
- A step that names what is not there, or a link that can't be used any more, is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from ....codecs.gnutella import Bye, Ping, Pong, Push, Query, QueryHit
from ...outcomes import Inconclusive
from ..probe import Received, name_of
from . import answers, floods, links
from .connecting import Connecting
from .memory import Link
from .speaking import Speaking
from .steps import Connect, Elapse, GnutellaScenario, Step
from .visiting import Visiting

if TYPE_CHECKING:
    from ..bench import Bench

_OWN_TYPES = frozenset((0x10, 0x30, 0x31, 0x32, 0xCD))
"""Payload types of extensions that a servent may speak of its own accord."""

_ROUNDS = 1000
_WORDS = 8
_STEP_SECONDS = 5.0


class Player(Speaking, Connecting, Visiting):
    """Plays one scenario on one bench."""

    def __init__(self, bench: Bench, scenario: GnutellaScenario, known: Collection[str] = ()) -> None:
        super().__init__(bench, scenario, known)
        self.carried_out = 0
        self._skew = 0.0
        self._began = bench.world.now()
        self._comers: dict[int, Callable[[Link, Received], None]] = {
            Ping.wire_type or 0: self.hosts.came_ping,
            Pong.wire_type or 0: self.hosts.came_pong,
            Bye.wire_type or 0: lambda link, got: links.came_bye(self.memory, link, got),
            Push.wire_type or 0: self.routes.came_push,
            Query.wire_type or 0: lambda link, got: floods.came_query(self.memory, link, got),
            QueryHit.wire_type or 0: self._came_hit,
        }

    def now(self) -> float:
        """Seconds of the node's clock since the scenario began."""
        return self.bench.world.now() - self._began + self._skew

    def play(self) -> None:
        """Carry out the scene, the steps, and a last look at every link. Stops when the node deviates."""
        for name in self.scenario.scene:
            self.memory.begin_step(0, self.now())
            self.connect(Connect(link=name))
            if self.memory.deviations:
                return
        for step in self.scenario.steps:
            self.memory.begin_step(step.label, self.now())
            self.blame = links.LIVENESS
            if not self._carry_out(step):
                continue
            self.carried_out += 1
            self._compare()
            if self.memory.deviations or self.bench.target.died():
                return
        self._roll_call()

    def look_for_death(self) -> None:
        """Note it as a deviation when the node has ended."""
        if reason := self.bench.target.died():
            self.memory.deviations.insert(0, self._death(reason))

    def _death(self, reason: str) -> Any:
        from ...explore.explorer import Deviation

        clauses = self.blame if self.blame == links.LIVENESS else (*self.blame, *links.LIVENESS)
        return Deviation(clauses, "a node that still runs", reason, self.memory.label)

    def _carry_out(self, step: Step) -> bool:
        """Do what a step says, and read what comes; False when the step is passed over."""
        if isinstance(step, Elapse):
            return self._elapse(step)
        act: Callable[[Any], bool] = getattr(self, type(step).__name__.lower())
        if not act(step):
            return False
        self.settle(self.memory.links.get(step.link))
        return True

    # Time

    def _elapse(self, step: Elapse) -> bool:
        """Let time pass, while the links that are not mute answer the node's Pings."""
        target, world = self.bench.target, self.bench.world
        try:
            target.begin_elapse(world, step.seconds, self.bench.timing.patience)
        except Inconclusive:
            return False
        for link in self.memory.links.values():
            link.last = ("GNU-PNG-15",)
        left = float(step.seconds)
        while left > 0:
            part = min(left, _STEP_SECONDS)
            before = world.now()
            target.advance(world, part)
            self._skew += part - (world.now() - before)
            self.memory.now = self.now()
            self.rest()
            left -= part
        self.settle(None)
        for link in list(self.memory.links.values()):
            if not link.peer.wire.eof:
                links.judge_patience(self.memory, link)
        return True

    # Reading

    def settle(self, actor: Link | None) -> None:
        """Read until nothing more is on its way."""
        if not self.bench.target.isolated:
            self._fence([actor] if actor else [])
            self._fence([link for link in self.memory.links.values() if link is not actor])
            self._wait_for_due()
        self.rest()

    def rest(self) -> None:
        """Read what has come on all links, answering Pings, until no more comes."""
        for _ in range(_ROUNDS):
            self.bench.world.poll()
            news = False
            for link in self.memory.links.values():
                news = self._read(link) or news
            if not news:
                return
        raise Inconclusive("the node does not come to rest")

    def _fence(self, behind: list[Link]) -> None:
        """Wait until the node has answered a Ping on each of these links, or has closed it."""
        pings = {link.name: self.ping_for_fence(link) for link in behind if self._can_speak(link)}
        for name, ping in pings.items():
            link = self.memory.links[name]

            def answers_it(got: Received, guid: bytes = ping.guid) -> bool:
                return got.type == Pong.wire_type and got.guid == guid

            if link.peer.wait_for(answers_it) is None and not link.peer.wire.eof:
                if link.clean:
                    self.memory.deviation(self.blame, f"{name} is served on", "a Ping of its own is not answered")
                link.stained = link.lost = True

    def _can_speak(self, link: Link) -> bool:
        return not (link.gone or link.half or link.mute or link.lost or link.said_bye or link.peer.wire.closed)

    def _wait_for_due(self) -> None:
        """Give a node that works out of turn the time to do what it must."""
        for sent in self.memory.in_step:
            for name, clauses in sent.due.items():
                if not sent.copies[name] and not self.memory.is_known(clauses):
                    self._wait_for(self.memory.links[name], sent.type, sent.guid)
            if sent.answer_due and not sent.answered and not self.memory.is_known(sent.answer_due):
                reply = Pong.wire_type if sent.type == Ping.wire_type else QueryHit.wire_type
                self._wait_for(sent.link, reply, sent.guid)
        for link in self.memory.links.values():
            expected = link.must_end and not self.memory.is_known(link.must_end)
            if expected and not link.gone and not link.said_bye:
                self._wait_for_end(link)

    def _wait_for(self, link: Link, wire_type: int | None, guid: bytes) -> None:
        link.peer.wait_for(lambda got: (got.type, got.guid) == (wire_type, guid))

    def _wait_for_end(self, link: Link) -> None:
        """Wait until the node closes a link or says Bye there, up to the timeout."""
        if not link.half:
            link.peer.wait_for(lambda got: got.type == Bye.wire_type)
            return
        wire, deadline = link.peer.wire, self.bench.deadline()
        while not wire.eof and self.bench.world.wait([wire], deadline):
            self._read_half(link)

    def _read(self, link: Link) -> bool:
        """Compare what has come on a link; whether anything has."""
        if link.gone or link.peer.wire.closed:
            return False
        if link.half:
            self._read_half(link)
            return False
        came = link.peer.seen(lambda got: got.number >= link.read)
        link.read += len(came)
        for got in came:
            self._compare_one(link, got)
        return bool(came)

    def _read_half(self, link: Link) -> None:
        """A link whose handshake is not over gets no descriptors; it may be refused in words."""
        data = link.peer.wire.take()
        if data and not (link.stained and data[:_WORDS].isascii() and data[:_WORDS].decode().isprintable()):
            rule = ("GNU-FWD-13",) if link.stained else ("GNU-HSK-02",)
            actual = f"{link.name} got {len(data)} bytes: {data[:40].hex(' ')}"
            self.memory.deviation(rule, "no descriptor before the final block has said 200", actual)

    def _compare_one(self, link: Link, got: Received) -> None:
        if link.said_bye:
            self.memory.deviation(("GNU-BYE-04",), "nothing after a Bye", f"{link.name} got {got!r}")
        elif comer := self._comers.get(got.type):
            comer(link, got)
        elif got.guid in self.memory.by_guid:
            self.memory.deviation(("GNU-HDR-07",), f"a {name_of(got.type)} goes nowhere", f"{link.name} got {got!r}")
        elif got.type not in _OWN_TYPES:
            self.memory.deviation(("GNU-HDR-01",), "a descriptor of a known type", f"{link.name} got {got!r}")

    def _came_hit(self, link: Link, got: Received) -> None:
        sent = self.routes.relayed_hit(got)
        if sent is not None:
            self.routes.came_hit(link, got, sent)
        else:
            answers.came_hit(self.memory, link, got)

    # Comparing

    def _compare(self) -> None:
        """At the end of a step: what was due and did not come, what should have closed, what broke."""
        memory = self.memory
        self.hosts.judge_doubtful()
        for link in memory.links.values():
            if link.clean and self.bench.target.isolated and (rest := link.peer.unread):
                memory.deviation(("GNU-HDR-01",), "whole descriptors", f"{link.name} got {len(rest)} bytes more")
        for sent in memory.in_step:
            for name, clauses in sent.due.items():
                if not sent.copies[name]:
                    kind = name_of(sent.type)
                    memory.deviation(clauses, f"{name} gets the {kind} of {sent.link.name}", "it did not come")
            if sent.answer_due:
                missing = sorted(sent.wanted - sent.answered) if sent.wanted else not sent.answered
                if missing:
                    what = f"a hit that lists {missing}" if sent.wanted else "an answer"
                    memory.deviation(sent.answer_due, f"{sent.link.name} gets {what}", "none came")
        for link, guid in self.trains:
            if link.clean and guid not in self.hosts.answered:
                memory.deviation(
                    ("GNU-HDR-02",), f"the Ping of {link.name} at the end of the segment is answered", "it is not"
                )
        self.trains.clear()
        for link in memory.links.values():
            if link.peer.broken and not link.stained:
                memory.deviation(("GNU-HDR-01",), "bytes that can be cut into descriptors", link.peer.broken)
                link.stained = True
            links.judge_end(memory, link, ended=link.peer.wire.eof or link.peer.wire.closed)

    def _roll_call(self) -> None:
        """Every link that gave no cause to end still answers a Ping, and the node serves a new one."""
        self.memory.begin_step(self.memory.label, self.now())
        for link in [link for link in self.memory.links.values() if link.clean]:
            self.assert_served(link, link.last or ("GNU-PNG-01",))
        self._compare()
