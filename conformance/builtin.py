"""Targets of our own making: the reference node over loopback sockets, and any node in the virtual network."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from .bench import seeded
from .outcomes import Failure, Sign, Symptom, Unsupported
from .target import Address, Instance, Target, TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..reference.node import Node
    from ..reference.worlds.sockets import RunningNode
    from .bench import Timing
    from .networks import Network
    from .worlds import World

    MakeNode = Callable[..., Node]

T = TypeVar("T")

VIRTUAL_ADDRESS = ("127.0.0.1", 6346)
_LOOPBACK = "127.0.0.1"


class NodeInstance(Instance):
    """A second node of our own making, however it is run."""

    def __init__(self, network: Network, options: Mapping[str, Any]) -> None:
        self._network = network
        self._options = {name: value for name, value in options.items() if name != "lasting"}
        self._data = TemporaryDirectory(prefix="peerspec-") if options.get("lasting") else None
        if self._data is not None:
            self._options["data"] = Path(self._data.name)

    @abstractmethod
    def _call(self, function: Callable[[Node, float], T]) -> T:
        """What `function(node, now)` returns; what it asks for is carried out."""

    @abstractmethod
    def _end(self) -> None:
        """End the node, whatever it is doing."""

    def dial(self, address: Address) -> None:
        self._call(lambda node, now: self._network.dial(node, now, address))

    def shutdown(self) -> None:
        self._call(lambda node, now: node.shutdown(now))

    def order(self, what: str, words: Mapping[str, str]) -> None:
        self._call(lambda node, now: self._network.order(node, now, what, words))

    def downloaded(self) -> Mapping[str, bytes]:
        return self._call(lambda node, now: dict(self._network.downloaded(node)))

    def stop(self) -> None:
        self._end()
        if self._data is not None:
            self._data.cleanup()


class BuiltinInstance(NodeInstance):
    """A second reference node in a thread of its own."""

    def __init__(self, target: BuiltinTarget, options: Mapping[str, Any]) -> None:
        super().__init__(target.network, options)
        self._target = target
        self._running = target.run(self._options)
        self.address = self._running.address

    def _call(self, function: Callable[[Node, float], T]) -> T:
        return self._running.call(function)

    def _end(self) -> None:
        self._running.stop(0)

    def kill(self) -> None:
        self._running.kill()

    def revive(self) -> None:
        self._running = self._target.run(self._options, self.address[1])


class BuiltinTarget(Target):
    """The reference node, in a thread, on a port of 127.0.0.1: the embedded default."""

    def __init__(
        self, network: Network, seed: int, *, cls: type[Node] | None = None, port: int = 0, name: str = ""
    ) -> None:
        super().__init__(network, features=network.features, shares=network.shares(), known=network.known())
        self.name = name or f"the built-in {network.title} node"
        self._seed = seed
        self._cls = cls
        self._port = port
        self._started = 0
        self._running: RunningNode[Node] | None = None
        self._all: list[RunningNode[Node]] = []

    def start(self) -> None:
        self._running = self.run({}, self._port)
        self.address = self._running.address

    def run(self, options: Mapping[str, Any], port: int = 0) -> RunningNode[Node]:
        """One more node, at a free port if none is given (TargetError)."""
        from ..reference.worlds.sockets import run_in_thread

        self._started += 1
        random = seeded(self._seed, "node", str(self._started))
        node = self.network.make_node(random, cls=self._cls, **options)
        try:
            running = run_in_thread(node, _LOOPBACK, port)
        except OSError as error:
            reason = error.strerror or str(error)
            raise TargetError(f"the built-in node can't listen on {_LOOPBACK}:{port}: {reason}") from error
        self._all = [*(each for each in self._all if each.alive), running]
        return running

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop(0)

    def died(self, *, suspected: bool = False) -> str | None:
        if self._running is None or self._running.alive:
            return None
        return f"the built-in node ended: {self._running.error!r}"

    def restart(self) -> bool:
        self.stop()
        self.start()
        return True

    def world(self, timing: Timing) -> World:
        from .worlds.real import RealWorld

        return RealWorld(timeout=timing.timeout, budget=timing.budget)

    def begin_elapse(self, world: World, seconds: float, patience: float) -> None:
        """Always possible: the node's clock is moved."""

    def advance(self, world: World, seconds: float) -> None:
        for each in self._all:
            if each.alive:
                each.advance(seconds)

    def instance(self, world: World, options: Mapping[str, Any]) -> Instance:
        return BuiltinInstance(self, options)


class VirtualInstance(NodeInstance):
    """A second node in the same virtual network."""

    def __init__(self, target: VirtualTarget, world: World, options: Mapping[str, Any], address: Address) -> None:
        from .worlds.virtual import VirtualWorld

        if not isinstance(world, VirtualWorld):
            raise TypeError("a virtual node lives in a virtual world")
        super().__init__(target.network, options)
        self._target = target
        self._virtual = world.network
        self.address = address
        self.revive()

    def _call(self, function: Callable[[Node, float], T]) -> T:
        if not self._virtual.alive(self.address):
            raise Failure(
                expected="an instance that still runs",
                actual=f"it crashed: {self._virtual.crashes.get(self.address)!r}",
                symptom=Symptom(sign=Sign.DIED),
            )
        return self._virtual.call(self._node, function)

    def _end(self) -> None:
        if self._virtual.alive(self.address):
            self._virtual.remove(self.address)

    def kill(self) -> None:
        self._end()

    def revive(self) -> None:
        self._node = self._target.node(self._options)
        self._virtual.add(self._node, self.address)


class VirtualTarget(Target):
    """A node in a virtual network of its own for each case; `make` builds it (default: the reference node)."""

    isolated = True

    def __init__(self, network: Network, seed: int, make: MakeNode | None = None, *, name: str = "") -> None:
        super().__init__(network, features=network.features, shares=network.shares(), known=network.known())
        self.name = name or f"the built-in {network.title} node in the virtual network"
        self.address = VIRTUAL_ADDRESS
        self._make = make or network.make_node
        self._seed = seed
        self._world: World | None = None
        self._nodes = 0

    def start(self) -> None:
        """Nothing to do: each world brings its own node."""

    def stop(self) -> None:
        """Nothing to do: the node goes with its world."""

    def world(self, timing: Timing) -> World:
        from ..reference.worlds.virtual import VirtualNetwork
        from .worlds.virtual import VirtualWorld

        self.begin_afresh()
        self._nodes = 0
        virtual = VirtualNetwork(self._seed)
        virtual.add(self.node({}), self.address)
        self._world = world = VirtualWorld(virtual, timeout=timing.timeout, budget=timing.budget)
        return world

    def node(self, options: Mapping[str, Any]) -> Node:
        """One more node, not yet in the network."""
        self._nodes += 1
        return self._make(seeded(self._seed, "node", str(self._nodes)), **options)

    def died(self, *, suspected: bool = False) -> str | None:
        from .worlds.virtual import VirtualWorld

        if not isinstance(self._world, VirtualWorld) or self._world.network.alive(self.address):
            return None
        return f"the node crashed: {self._world.network.crashes.get(self.address)!r}"

    def begin_elapse(self, world: World, seconds: float, patience: float) -> None:
        world.grant(seconds)

    def instance(self, world: World, options: Mapping[str, Any]) -> Instance:
        self._nodes += 1
        address = (self.address[0], self.address[1] + self._nodes)
        try:
            return VirtualInstance(self, world, options, address)
        except TypeError as error:
            raise Unsupported("instance", str(error)) from error
