"""The bench: the node under test and the means to reach it, as a case sees them.

This is the part that knows no network. A network's own bench (a subclass in `conformance/<network>/bench.py`) adds the
protocol's verbs: handshaken peers, fences, and `assert_alive`.

What a network's bench builds on:

    self.world                      the case's world: wires, listeners, `wait`
    self.dial() -> Wire             a connection to the node from a fresh source address
    self.listener() -> Listener     a listening port on a fresh address
    self.target                     what is known of the node (address, role, features, shares, start, stop)
    self.timing                     seconds to wait for what must come, and patience for node time
    self.random                     a generator seeded for this case: the same case, the same bytes
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from .networks import Share
from .outcomes import Failure, Inconclusive, Sign, Symptom, Unreachable, Unsupported
from .target import Instance
from .worlds.transcript import NOWHERE, Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .target import Target
    from .worlds import Listener, Wire, World

    Address = tuple[str, int]

_ELAPSE_STEP = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things may take, in seconds."""

    timeout: float = 3.0
    """For one thing that must come. The engine scales it by the target's measured latency."""
    patience: float = 0.0
    """The most real time that one case may wait for the node's own clock."""
    budget: float = 60.0
    """The most that one case may take in all, node time not counted."""


class Attended(Protocol):
    """What can be kept alive while node time passes: a peer that answers what the node asks of it."""

    def attend(self) -> None:
        """Read what has come, answer what must be answered (keep-alives), and return when the node has seen it."""


class Bench(ABC):
    """Made for one case, with its world; closed after it."""

    def __init__(self, target: Target, world: World, random: Random, timing: Timing) -> None:
        self.target = target
        self.world = world
        self.random = random
        self.timing = timing
        self._instances: list[Instance] = []

    @property
    def address(self) -> Address:
        """Where the node under test listens."""
        return self.target.address

    @property
    def role(self) -> str:
        """The role in which it is judged."""
        return self.target.role

    @property
    def shares(self) -> tuple[Share, ...]:
        """The files that it is known to share; Unsupported when nothing is known."""
        if not self.target.shares:
            raise Unsupported("shares", "the target does not say what it shares")
        return self.target.shares

    def needs(self, feature: str) -> None:
        """Unsupported unless the target offers `feature`."""
        if feature not in self.target.features:
            raise Unsupported(feature, "not among the target's features")

    def known(self, word: str) -> str:
        """What the tester was told of the target under this word; Unsupported when it was told nothing."""
        if word not in self.target.known:
            raise Unsupported(word, "the tester was not told")
        return self.target.known[word]

    def source(self) -> str | None:
        """A source address that no other wire has used; None when the target's network leaves no choice."""
        return self.target.next_source()

    def dial(self, source: str | None = None, address: Address | None = None) -> Wire:
        """A connection to the node (or to `address`) from `source` or a fresh source address.

        Failure when the node refuses: to accept connections is the least that a case may ask.
        """
        where = address or self.address
        try:
            return self.world.dial(source or self.source(), where, timeout=self.timing.timeout)
        except Unreachable as error:
            raise Failure(
                expected=f"a connection to {where[0]}:{where[1]}",
                actual=error.reason,
                symptom=Symptom(sign=Sign.REFUSED, at=where),
            ) from error

    def listener(self, ip: str | None = None, port: int = 0) -> Listener:
        """A listening port on `ip` or a fresh address; Unsupported where the target's network leaves no choice."""
        host = ip or self.source()
        if host is None:
            raise Unsupported("listen", "the target is not on loopback and names no source addresses")
        found = self.world.listen(host, port)
        self.note(Kind.LISTEN, local=found.address)
        return found

    def note(self, kind: Kind, *, local: Address = NOWHERE, remote: Address = NOWHERE, note: str = "") -> None:
        """Write into the transcript what happened on no wire."""
        self.world.transcript.add(Event(self.world.now(), kind, 0, local, remote, b"", note))

    def unique(self, prefix: str = "w") -> str:
        """A word of letters that no shared file contains and that no other call returned."""
        return prefix + self.target.next_word()

    def elapse(self, seconds: float, keep: Iterable[Attended] = ()) -> None:
        """Let the node's clock advance by `seconds`, keeping the peers in `keep` alive meanwhile.

        Virtual network: jumps. A built-in node over sockets: its clock is moved. A stranger: real time passes when
        it is within the patience; otherwise Inconclusive.
        """
        attended = list(keep)
        self.target.begin_elapse(self.world, seconds, self.timing.patience)
        for step in _steps(seconds):
            for peer in attended:
                peer.attend()
            self.note(Kind.ELAPSE, note=f"{step:g}")
            self.target.advance(self.world, step)
        for peer in attended:
            peer.attend()

    def instance(self, **options: object) -> Instance:
        """A second instance of the node, for cases that stop it or make it dial. Stopped when the case ends.

        Unsupported when the target can't start one. `options` are the network's own (`Network.make_node`); with
        `lasting=True` it can be killed and revived, and keeps what it must.
        """
        new = self.target.instance(self.world, options)
        self._instances.append(new)
        self.note(Kind.INSTANCE, remote=new.address, note=json.dumps(options, default=_written))
        return NotedInstance(self, new)

    @abstractmethod
    def assert_alive(self) -> None:
        """Failure unless the node serves a fresh connection; and, if we started it, unless it still runs.

        A network's own bench extends this: calls `super().assert_alive()` and then asks the node something.
        """
        if reason := self.target.died():
            raise Failure(expected="a node that still runs", actual=reason)

    def finish(self) -> None:
        """Close everything the case opened."""
        for each in self._instances:
            each.stop()
        self.world.close()


class NotedInstance(Instance):
    """An instance of which the transcript says what it was told to do."""

    def __init__(self, bench: Bench, instance: Instance) -> None:
        self.address = instance.address
        self._bench = bench
        self._instance = instance
        self._fetched = ""
        """What was said last of its downloads."""

    def dial(self, address: Address) -> None:
        self._bench.note(Kind.DIAL, local=address, remote=self.address)
        self._instance.dial(address)

    def shutdown(self) -> None:
        self._bench.note(Kind.SHUTDOWN, remote=self.address)
        self._instance.shutdown()

    def order(self, what: str, words: Mapping[str, str]) -> None:
        self._bench.note(Kind.ORDER, remote=self.address, note=json.dumps({"what": what, "words": dict(words)}))
        self._instance.order(what, words)

    def downloaded(self) -> Mapping[str, bytes]:
        found = self._instance.downloaded()
        if (note := json.dumps(digests(found))) != self._fetched:
            self._bench.note(Kind.FETCHED, remote=self.address, note=note)
            self._fetched = note
        return found

    def kill(self) -> None:
        self._bench.note(Kind.KILL, remote=self.address)
        self._instance.kill()

    def revive(self) -> None:
        self._bench.note(Kind.REVIVE, remote=self.address)
        self._instance.revive()

    def stop(self) -> None:
        self._instance.stop()


def digests(files: Mapping[str, bytes]) -> dict[str, list[int | str]]:
    """The size and the SHA-256, in hex, of each file."""
    return {name: [len(content), hashlib.sha256(content).hexdigest()] for name, content in sorted(files.items())}


def _written(value: object) -> object:
    """Bytes among the options of an instance, as JSON can hold them."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(f"a transcript can't hold {value!r}")


def _steps(seconds: float) -> Iterator[float]:
    """`seconds` in slices short enough for keep-alives to be answered."""
    while seconds > 0:
        step = min(seconds, _ELAPSE_STEP)
        yield step
        seconds -= step


def seeded(seed: int, *words: str) -> Random:
    """A generator that depends on the run's seed and on the words (the case's id): cases do not disturb each other."""
    digest = hashlib.sha256("\0".join((str(seed), *words)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))


__all__ = ["Attended", "Bench", "Failure", "Inconclusive", "Share", "Timing", "seeded"]
