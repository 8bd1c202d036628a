"""What the node says in a replay, cut into units as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..evidence.dissect import Unit, WireDissector
    from ..networks import Network
    from ..worlds import Wire, World
    from .words import Words


class Reading:
    """The units that came, by the wires of the replay, in the words of the trace."""

    def __init__(self, network: Network, world: World, words: Words) -> None:
        self._world = world
        self._words = words
        self._dissector = network.dissector()
        self._dissectors: dict[int, WireDissector] = {}
        self._wires: list[Wire] = []
        self._units: dict[int, list[Unit]] = {}
        self._read = 0

    def add(self, wire: Wire) -> list[Unit]:
        """Read a wire that has come about; the list to which its units are added."""
        self._wires.append(wire)
        return self._units.setdefault(wire.number, [])

    def absorb(self) -> None:
        """Cut all that has come into units."""
        self._world.poll()
        self.take()

    def take(self) -> None:
        """The same of what the world has seen come. In virtual time more of it is there the longer one looks."""
        for wire in self._wires:
            if not wire.closed:
                wire.take()
        events = self._world.transcript.events
        for number in range(self._read, len(events)):
            event = events[number]
            if event.wire:
                dissector = self._dissectors.setdefault(event.wire, self._dissector.wire(event.wire))
                units = self._units.setdefault(event.wire, [])
                units += [self._words.back(unit) for unit in dissector.feed(number, event) if not unit.sent]
        self._read = len(events)

    def finish(self) -> None:
        """Make units of what is left over on each wire."""
        self.absorb()
        for number, dissector in self._dissectors.items():
            left = dissector.finish(self._read, self._world.now())
            self._units[number] += [self._words.back(unit) for unit in left if not unit.sent]
