"""A target: the node under test, what is known of it, and how it is started and stopped.

Kinds of target, all with the interface of `Target`:

- `addressed.AddressTarget`     an address: somebody else's node, of which nothing more is known
- `builtin.BuiltinTarget`       the reference node in a thread, over loopback: what is judged when nothing is named
- `builtin.VirtualTarget`       the reference node (or a mutant, or a null node) in the virtual network
- `processes.FileTarget`        a `target.toml`: a node started by a command, with its features and known deviations
"""

from __future__ import annotations

import ipaddress
import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .outcomes import Inconclusive, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .bench import Timing
    from .networks import Network, Share
    from .worlds import World

Address = tuple[str, int]
_LETTERS = "bcdfghjklmnpqrstvwxz"


class TargetError(Exception):
    """The target can't be started or reached; the message is one line for the user."""


class TargetUsageError(TargetError):
    """The words or the file that describe the target mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A deviation that is known and accepted: a requirement id (or a case id) and the reason."""

    id: str
    reason: str


class Instance(ABC):
    """A second instance of the node, for cases that stop it or make it dial."""

    address: Address

    @abstractmethod
    def dial(self, address: Address) -> None:
        """Make the node connect to `address` (Unsupported when that can't be done)."""

    @abstractmethod
    def shutdown(self) -> None:
        """Stop the node in good order; returns at once, what it says on its links can be read (Unsupported)."""

    @abstractmethod
    def order(self, what: str, words: Mapping[str, str]) -> None:
        """Make the node do `what`, as its user would; `words` say with what (Unsupported when that can't be done)."""

    @abstractmethod
    def downloaded(self) -> Mapping[str, bytes]:
        """The files that the node has fetched in full, by their names below its folder for them (Unsupported)."""

    @abstractmethod
    def kill(self) -> None:
        """End the node as `kill -9` does."""

    @abstractmethod
    def revive(self) -> None:
        """Start a killed node again, at the same address, with the data that it left (TargetError)."""

    @abstractmethod
    def stop(self) -> None:
        """End it, whatever it is doing. Harmless when it has ended."""


class Target(ABC):
    """The node under test. `start` before use, `stop` after; `world` gives one case its place to meet the node."""

    def __init__(
        self,
        network: Network,
        *,
        role: str | None = None,
        features: frozenset[str] = frozenset(),
        shares: tuple[Share, ...] = (),
        known: Mapping[str, str] = MappingProxyType({}),
        deviations: tuple[Deviation, ...] = (),
        sources: str | None = "127.0.0.0/8",
    ) -> None:
        self.network = network
        self.role = role or network.role
        self.features = features
        self.shares = shares
        self.known = known
        self.deviations = deviations
        self._block = sources
        self._part, self._parts = 0, 1
        self.begin_afresh()

    def begin_afresh(self) -> None:
        """Give source addresses and words from the first on again, for a node that has seen none of them."""
        addresses = source_addresses(self._block) if self._block else None
        self._sources = addresses and itertools.islice(addresses, self._part, None, self._parts)
        self._words = itertools.count(1 + self._part, self._parts)

    def divide(self, process: int, processes: int) -> None:
        """Give only the share of source addresses and words of one of several processes that test the same node."""
        self._part, self._parts = process, processes
        self.begin_afresh()

    name: str
    """How reports call it."""
    address: Address
    """Where it listens; set by `start`."""
    isolated = False
    """Whether each case meets a node of its own (the virtual network)."""
    ours = True
    """Whether the node is started by us, for nobody else to test at the same time."""

    @abstractmethod
    def start(self) -> None:
        """Bring the node up, or see that it can be reached (TargetError)."""

    @abstractmethod
    def stop(self) -> None:
        """End what `start` began."""

    @abstractmethod
    def world(self, timing: Timing) -> World:
        """A world for one case."""

    def died(self, *, suspected: bool = False) -> str | None:
        """How the node ended, when it is ours and has ended without being asked to; otherwise None.

        One that is `suspected` of it, since it closed a connection when it should not, may be in the middle of it: a
        process closes its files before its end can be seen. It is given the moment that this takes.
        """
        return None

    def restart(self) -> bool:
        """Start the node anew after it died; False when we can't."""
        return False

    def begin_elapse(self, world: World, seconds: float, patience: float) -> None:
        """See that `seconds` of node time can pass (Inconclusive), and lengthen the case's budget by what they cost."""
        if seconds > patience:
            raise Inconclusive(f"needs {seconds:g} s of the node's own time; allow them with --patience {seconds:g}")
        world.grant(seconds)

    def advance(self, world: World, seconds: float) -> None:
        """Let `seconds` of node time pass, a slice short enough for keep-alives. For a stranger, really."""
        world.pump(world.now() + seconds, ())

    def instance(self, world: World, options: Mapping[str, Any]) -> Instance:
        """A second instance of the node (Unsupported), started in `world`.

        `options` are the network's own; with `lasting` among them, what it must keep lasts until it is stopped.
        """
        raise Unsupported("instance", "the target names no command that starts it")

    def next_source(self) -> str | None:
        """A source address that was not used yet; None when any will do."""
        return None if self._sources is None else next(self._sources)

    def next_word(self) -> str:
        """A word of letters that was not used yet."""
        number, word = next(self._words), ""
        while number:
            number, digit = divmod(number, len(_LETTERS))
            word = _LETTERS[digit] + word
        return "q" + word.rjust(4, _LETTERS[0]) + "q"


def source_addresses(block: str) -> Iterator[str]:
    """Addresses of a block for testers, round and round: from its 0.1.x upwards, so that 127.0.0.1 stays the node's.

    TargetUsageError when the block is none. A block of one address gives that address each time.
    """
    try:
        network = ipaddress.IPv4Network(block)
    except ValueError as error:
        raise TargetUsageError(f"sources: {block!r} is no block of IPv4 addresses, such as 127.1.0.0/16") from error
    size, base = network.num_addresses, int(network.network_address)
    if size <= 4:
        return itertools.cycle([str(each) for each in network])
    first = 256 if size > 65536 else 2

    def rounds() -> Iterator[str]:
        while True:
            for number in range(base + first, base + size - 1):
                low = number & 0xFF
                if low not in (0, 255):
                    yield f"{number >> 24}.{number >> 16 & 0xFF}.{number >> 8 & 0xFF}.{low}"

    return rounds()
