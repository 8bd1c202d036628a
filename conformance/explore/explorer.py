"""What a network gives to the search: an `Explorer` draws scenarios and plays them, with a model beside the node.

Rules of this file:

- A deviation names the requirements that it breaks. A model allows whatever they allow, and stays silent where a
  scenario has made it uncertain.
- To play a scenario never raises on account of the node: what could not be tried is said in `Played.trouble`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..bench import Timing
    from ..target import Target
    from ..worlds import Transcript
    from .scenario import Scenario


@dataclass(frozen=True, slots=True)
class Deviation:
    """What the node did that it may not, or did not that it must. `label` is that of the step after which it showed.

    `kin` are rules that it may be about as well: a deviation of theirs on a simpler scenario is taken for the same one.
    """

    clauses: tuple[str, ...]
    expected: str
    actual: str
    label: int
    kin: tuple[str, ...] = ()

    @property
    def about(self) -> frozenset[str]:
        """All the rules that it may be about."""
        return frozenset(self.clauses + self.kin)

    def __str__(self) -> str:
        return f"{', '.join(self.clauses)}: expected {self.expected}; {self.actual}"


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario. `trouble` says why it could not be played, or not to its end; empty when it was.

    `steps` is how many steps were carried out, those that refer to nothing not counted.
    """

    deviations: tuple[Deviation, ...] = ()
    trouble: str = ""
    steps: int = 0
    transcript: Transcript | None = None


class Explorer(ABC):
    """The search's view of one network."""

    scenario: type[Scenario]
    """The network's own class of scenarios, which knows its steps."""

    @abstractmethod
    def draw(self, random: Random, target: Target, length: int) -> Scenario:
        """A scenario of at most `length` steps, of what the target can be asked to do. `random` decides all of it."""

    @abstractmethod
    def play(self, scenario: Any, target: Target, *, seed: int, timing: Timing, known: Collection[str] = ()) -> Played:
        """Carry a scenario out, up to the first step after which the node deviates. The target must be started.

        Deviations from the requirements in `known` are passed over: they are no news and would hide what is.
        """
