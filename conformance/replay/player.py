"""The player: does what the tester did in a trace, in the same order, against a target.

Rules of this file:

- Each step waits for the messages of the node that preceded it in the trace, on whatever wire, so that what is sent may
  depend on them. A message that does not come in time is noted, and the replay goes on.
- Nothing sleeps: every wait is for something, and bounded; so is the whole.
- It connects to the target and its instances alone, and to ports that it had itself, whatever stands in the trace.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import methodcaller
from random import Random
from typing import TYPE_CHECKING, Any

from ...codecs.framing import Frame
from ..evidence.dissect import INCOMPLETE, Unit
from ..evidence.symbols import symbols
from ..outcomes import Inconclusive, Unreachable, Unsupported
from ..worlds import Address, Event, Kind, Listener, Wire
from .bindings import Bindings
from .kept import Kept
from .reading import Reading
from .stream import Stream
from .words import Words

if TYPE_CHECKING:
    from ..bench import Timing
    from ..networks import Network
    from ..target import Instance, Target
    from ..worlds import Transcript

_PATIENT = 3
"""Messages that are waited for in full when they don't come; after them a part of the time must do."""
_IMPATIENCE = 20
_AHEAD = 64
_POLL = 0.01
_MOMENT = 1e-5
_LONGEST = 86400.0


class NotReplayed(Exception):  # noqa: N818 - an outcome
    """The trace can't be replayed on this target; the message says why."""


class _Ended(Exception):  # noqa: N818 - a state of the replay
    """The node accepts no more connections."""


@dataclass(slots=True)
class Line:
    """A wire of the trace, in the replay: the wire that stands for it, what came on it, and how far it was matched."""

    wire: Wire
    units: list[Unit]
    matched: set[int] = field(default_factory=set)


class Player:
    """Replays one transcript on one target, which must be started."""

    def __init__(self, transcript: Transcript, node: Address, target: Target, timing: Timing, random: Random) -> None:
        self.target = target
        self.timing = timing
        self._random = random
        self.events = transcript.events[: transcript.end]
        self.units = target.network.dissector().units(self.events)
        self.world = target.world(timing)
        self.world.start_clock()
        self._began = self.world.now()
        known = symbols(target.network, self.units).values()
        addresses = (node, target.address)
        self.bindings = Bindings(target.network, known, random, node=addresses, renew=not target.isolated)
        self.node = node
        self.words = Words(() if target.isolated else _remembered(target.network, self.units), random)
        self.reading = Reading(target.network, self.world, self.words)
        self.lines: dict[int, Line] = {}
        self.accepted: dict[Address, int] = {}
        self.kept: dict[Address, Kept] = {}
        """What instances have fetched, as the case saw it last."""
        self.missing: list[Unit] = []
        """Units of the trace that did not come."""
        self.pairs: dict[int, Unit] = {}
        """What came for the units of the trace, by their place among `units`."""
        self.reached: list[int] = []
        """How many events the replay had when each event of the trace was due."""
        self.cut_short = ""
        """Why the replay did not reach the end of the trace; empty when it did."""
        self._judged = 0
        self._misses = 0
        self._listeners: dict[Address, Listener] = {}
        self._left: set[Address] = set()
        """Where testers listened before: there a node may listen that was told of these addresses."""
        self.refused = ""
        """Why no connection to one of these came about, where one did in the trace."""
        self._instances: dict[Address, Instance] = {}
        self._streams = {
            number: Stream(
                target.network,
                self.bindings,
                self.words,
                [each for each in self.units if each.wire == number and each.sent],
            )
            for number in {event.wire for event in self.events if event.wire}
        }
        self._asked = {unit.subject.type for unit in self.units if unit.sent and isinstance(unit.subject, Frame)}
        self._received: dict[int, list[int]] = {}
        self._on_wire: dict[int, list[Unit]] = {}
        self._place_on_wire: dict[int, int] = {}
        for place, unit in enumerate(self.units):
            if not unit.sent:
                self._place_on_wire[place] = len(self._on_wire.setdefault(unit.wire, []))
                self._on_wire[unit.wire].append(unit)
            if not unit.sent and unit.problem != INCOMPLETE and not self.is_incidental(unit):
                self._received.setdefault(unit.event, []).append(place)
        self._actions: dict[Kind, Callable[[Event], None]] = {
            Kind.OPEN: self._open,
            Kind.ACCEPT: self._accept,
            Kind.SENT: self._send,
            Kind.EOF: self._await_end,
            Kind.RESET: self._await_end,
            Kind.FINISH: lambda event: self._on(event, methodcaller("finish")),
            Kind.CLOSE: lambda event: self._on(event, methodcaller("close")),
            Kind.ABORT: lambda event: self._on(event, methodcaller("abort")),
            Kind.PAUSE: lambda event: self._on(event, methodcaller("pause")),
            Kind.RESUME: lambda event: self._on(event, methodcaller("resume")),
            Kind.LISTEN: self._listen,
            Kind.UNLISTEN: self._unlisten,
            Kind.ELAPSE: self._elapse,
            Kind.INSTANCE: self._instance,
            Kind.DIAL: self._dial,
            Kind.SHUTDOWN: lambda event: self._instances[event.remote].shutdown(),
            Kind.ORDER: self._order,
            Kind.KILL: lambda event: self._instances[event.remote].kill(),
            Kind.REVIVE: lambda event: self._instances[event.remote].revive(),
            Kind.FETCHED: self._fetched,
        }

    def play(self) -> None:
        """Do all that the trace says (NotReplayed)."""
        try:
            if seconds := sum(_seconds(event) for event in self.events if event.kind is Kind.ELAPSE):
                if seconds > _LONGEST:
                    raise NotReplayed(f"{seconds:g} s of node time are more than a trace may ask for")
                self.target.begin_elapse(self.world, seconds, self.timing.patience)
            for number, event in enumerate(self.events):
                self.reached.append(len(self.world.transcript.events))
                if action := self._actions.get(event.kind):
                    if self.target.isolated:
                        self._keep_time(event)
                    action(event)
                for place in self._received.get(number, ()):
                    self._await_unit(place)
            self.reading.absorb()
        except _Ended as ended:
            self.cut_short = str(ended)
        except (Unsupported, Inconclusive, KeyError, ValueError) as error:
            raise NotReplayed(_why(error)) from error

    def _keep_time(self, event: Event) -> None:
        """Do nothing before its time in the trace: what passed meanwhile was seen by nobody, and may have mattered.

        In virtual time that costs nothing.
        """
        due = self._began + event.time - self.events[0].time
        if due > self.world.now() + _MOMENT:
            self.world.wait((), due)

    def close(self) -> None:
        """Close everything."""
        for each in self._instances.values():
            each.stop()
        self.world.close()

    # --- what the tester does

    def _open(self, event: Event) -> None:
        where = self.bindings.address(event.remote)
        allowed = {self.target.address, *self._left, *(each.address for each in self._instances.values())}
        if where not in allowed:
            raise NotReplayed(
                f"the trace connects to {event.remote[0]}:{event.remote[1]}, which is no address of the node"
            )
        try:
            wire = self.world.dial(self._source(event.local[0]), where, timeout=self.timing.timeout)
        except Unreachable as error:
            if where in self._left:
                self.refused = f"no connection to {error}"
                return
            raise _Ended(f"no connection to {error}") from error
        self.bindings.bind_ip(event.local[0], wire.local[0])
        self.bindings.bind_caller(event.local, wire.local)
        self._add(event.wire, wire)

    def _source(self, ip: str) -> str | None:
        """The source address: that of the trace where the target is on loopback too, otherwise a fresh one."""
        fresh = self.target.next_source()
        if fresh is None:
            return None
        return ip if ip.startswith("127.") and fresh.startswith("127.") else fresh

    def _add(self, number: int, wire: Wire) -> None:
        self._judged = len(self.world.transcript.events)
        self.lines[number] = Line(wire, self.reading.add(wire))
        self.reading.take()

    def _listen(self, event: Event) -> None:
        ip = self._source(event.local[0])
        if ip is None:
            raise NotReplayed("the trace listens, and the target names no source addresses")
        listener = self._listener(ip, event.local[1])
        self._listeners[event.local] = listener
        self.bindings.bind_ip(event.local[0], listener.address[0])
        if listener.address[1] != event.local[1]:
            self.bindings.bind_address(event.local, listener.address)

    def _listener(self, ip: str, port: int) -> Listener:
        """A listener at a port of the trace's, or at another one if somebody has it who is not of this replay."""
        try:
            return self.world.listen(ip, port)
        except OSError as error:
            if port not in self.target.network.ports:
                with contextlib.suppress(OSError):
                    return self.world.listen(ip)
            raise NotReplayed(f"can't listen at {ip}:{port}: {error.strerror or error}") from error

    def _unlisten(self, event: Event) -> None:
        if listener := self._listeners.get(event.local):
            listener.close()
            self._left.add(listener.address)

    def _accept(self, event: Event) -> None:
        listener = self._listeners[event.local]
        if not listener.ready:
            self.world.wait([listener], self._deadline())
        if (wire := listener.accept()) is not None:
            self.accepted[event.local] = self.accepted.get(event.local, 0) + 1
            self.bindings.bind_caller(event.remote, wire.remote)
            self._add(event.wire, wire)
        else:
            self._misses += 1

    def _send(self, event: Event) -> None:
        data = self._streams[event.wire].next(event.data)
        if line := self.lines.get(event.wire):
            line.wire.send(data)

    def _on(self, event: Event, verb: Callable[[Any], None]) -> None:
        if line := self.lines.get(event.wire):
            verb(line.wire)

    def _instance(self, event: Event) -> None:
        try:
            instance = self.target.instance(self.world, json.loads(event.note, object_hook=_read_back))
        except (TypeError, AttributeError) as error:
            raise NotReplayed(f"the options of an instance are none: {error}") from error
        self._instances[event.remote] = instance
        self.bindings.bind_address(event.remote, instance.address)

    def _elapse(self, event: Event) -> None:
        self.target.advance(self.world, _seconds(event))
        self._judged = len(self.world.transcript.events) + 1

    def _dial(self, event: Event) -> None:
        self._instances[event.remote].dial(self._listeners[event.local].address)

    def _order(self, event: Event) -> None:
        try:
            order = json.loads(event.note)
            words = {str(key): self._here(str(value)) for key, value in order["words"].items()}
            self._instances[event.remote].order(str(order["what"]), words)
        except (TypeError, AttributeError) as error:
            raise NotReplayed(f"an order is none: {error}") from error

    def _here(self, word: str) -> str:
        """A word of an order; the address of a listener of the trace's is that of its own here."""
        for there, listener in self._listeners.items():
            if word == f"{there[0]}:{there[1]}":
                return f"{listener.address[0]}:{listener.address[1]}"
        return word

    # --- what the node does

    def _deadline(self) -> float:
        """The time by which what must come has come."""
        patient = self._misses < _PATIENT
        return self.world.now() + self.timing.timeout / (1 if patient else _IMPATIENCE)

    def _await_end(self, event: Event) -> None:
        line = self.lines.get(event.wire)
        if line is not None and self.await_on(line, partial(getattr, line.wire, "eof")):
            self._judged = max(self._judged, self.ended_at(line) + 1)

    def looked_past(self, event: int) -> bool:
        """Whether the case would have looked at what an event of the replay brought: something came after it."""
        return event < self._judged - 1

    def came_on(self, wire: int) -> list[Unit]:
        """What came on a wire in the trace."""
        return self._on_wire.get(wire, [])

    def unasked(self, line: Line) -> list[Unit]:
        """What came on a line, stands for nothing in the trace, and was not too late for the case to see."""
        last = max(line.matched, default=-1)
        return [
            unit
            for number, unit in enumerate(line.units)
            if number not in line.matched
            and (number < last or self.looked_past(unit.event))
            and not self.is_incidental(unit)
        ]

    def is_incidental(self, unit: Unit) -> bool:
        """Whether a node may say this or not, in whatever words, and no tester has asked for it."""
        subject = unit.subject
        if subject is None or (isinstance(subject, Frame) and subject.type in self._asked):
            return False
        return self.target.network.is_incidental(subject)

    def ended_at(self, line: Line) -> int:
        """The number of the replay's event that ended a line."""
        events = enumerate(self.world.transcript.events)
        ends = (Kind.EOF, Kind.RESET)
        ended = (number for number, event in events if event.wire == line.wire.number and event.kind in ends)
        return next(ended, len(self.world.transcript.events))

    def await_on(self, line: Line, done: Callable[[], bool]) -> bool:
        """Wait for news on a line until `done`; False when it does not come about in time, or no more can come."""
        deadline = self._deadline()
        while True:
            self.reading.take()
            if done():
                return True
            if line.wire.eof or line.wire.closed or not self.world.wait([line.wire], deadline):
                self.reading.absorb()
                return done()

    def _fetched(self, event: Event) -> None:
        self.kept[event.remote] = kept = Kept(self._instances[event.remote], event.note)
        if not self.await_that(kept.is_there):
            self._misses += 1

    def await_that(self, done: Callable[[], bool]) -> bool:
        """Wait until `done`, which no wire tells of; False when it does not come about in time."""
        deadline = self._deadline()
        while not (found := done()) and self.world.now() < deadline:
            self.world.wait((), self.world.now() + _POLL)
        return found

    def await_calls(self, at: Address, number: int) -> int:
        """How many connections have come to a port of the trace's, waited for up to `number`."""
        listener = self._listeners.get(at)
        if listener is None:
            raise NotReplayed("the trace does not listen where no connection came")
        count = self.accepted.get(at, 0)
        while count < number:
            if not listener.ready and not self.world.wait([listener], self._deadline()):
                break
            if listener.accept() is None:
                break
            count += 1
        return count

    def still_serves(self) -> str:
        """Why the node does not serve a fresh connection; empty when it does."""
        bench = self.target.network.bench()(self.target, self.world, self._random, self.timing)
        try:
            bench.assert_alive()
        except (AssertionError, Inconclusive, Unreachable, Unsupported) as error:
            return _why(error)
        return ""

    def _await_unit(self, place: int) -> None:
        """Wait for what stands for a unit of the trace."""
        unit, line = self.units[place], self.lines.get(self.units[place].wire)
        if line is None:
            self._miss(unit)
            return
        if not self._match(place, line):
            later = self._later(place)
            self.await_on(line, lambda: self._match(place, line) or self._passed_over(later, line))
        if place not in self.pairs:
            self._miss(unit)

    def _miss(self, unit: Unit) -> None:
        self.missing.append(unit)
        self._misses += 1

    def _match(self, place: int, line: Line) -> bool:
        unit = self.units[place]
        identity = self.bindings.identity(unit, replayed=False)
        fitting = [
            number
            for number, each in enumerate(line.units)
            if number not in line.matched and self.bindings.identity(each, replayed=True) == identity
        ]
        if not fitting:
            return False
        form = self.bindings.form(unit, replayed=False)
        equal = (number for number in fitting if self.bindings.form(line.units[number], replayed=True) == form)
        number = next(equal, fitting[0])
        line.matched.add(number)
        self._judged = max(self._judged, line.units[number].event + 1)
        self.pairs[place] = line.units[number]
        self.bindings.learn(unit, line.units[number])
        return True

    def _later(self, place: int) -> set[tuple[object, ...]]:
        """The identities of what came on this wire later in the trace, where nothing is chosen by the node."""
        own, later = self.bindings.identity(self.units[place], replayed=False), set()
        for each in self._on_wire.get(self.units[place].wire, ())[self._place_on_wire[place] + 1 :]:
            identity = self.bindings.identity(each, replayed=False)
            if each.is_frame and None not in identity and identity != own:
                later.add(identity)
                if len(later) == _AHEAD:
                    break
        return later

    def _passed_over(self, later: set[tuple[object, ...]], line: Line) -> bool:
        """Whether something has come that came later in the trace: then this one will not come any more."""
        return any(
            self.bindings.identity(each, replayed=True) in later
            for number, each in enumerate(line.units)
            if number not in line.matched
        )


def _remembered(network: Network, units: list[Unit]) -> list[str]:
    """The words of testers that a node may remember."""
    sent = (unit.subject for unit in units if unit.sent and unit.subject is not None)
    return [word for subject in sent for word in network.remembered(subject)]


def _seconds(event: Event) -> float:
    """The node time that an event says has passed."""
    seconds = float(event.note)
    if not 0 <= seconds <= _LONGEST:
        raise NotReplayed(f"{seconds:g} s of node time can't pass")
    return seconds


def _read_back(found: dict[str, Any]) -> Any:
    """Bytes among the options of an instance, out of JSON."""
    return bytes.fromhex(found["hex"]) if found.keys() == {"hex"} else found


def _why(error: Exception) -> str:
    """An error in a line for the user."""
    if isinstance(error, KeyError):
        return f"the trace speaks of {error} before it is there"
    return str(error).partition("\n")[0]
