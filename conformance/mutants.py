"""Mutants: reference nodes with one rule broken on purpose, which the cases must notice.

    @mutant(breaks="GNU-FWD-01", also=("GNU-FWD-08",))
    class KeepsTheTtl(Servent):
        '''Forwards a Query with the TTL it came with.'''

        def forwarded_query_ttl(self, ttl): return ttl

A mutant overrides exactly one method. It is *killed* when a case that cites `breaks` fails, and *cleanly* killed when
no other case fails than those that cite `breaks` or an id in `also`. A class that stands for no one rule (a mixin of
helpers) is not marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ..reference.node import Node
from .networks import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

NodeType = TypeVar("NodeType", bound=type[Node])


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken node: its class, the requirement it breaks, and those that necessarily fall with it."""

    node: type[Node]
    breaks: str
    also: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.node.__name__

    @property
    def defect(self) -> str:
        """The defect in one sentence: the first line of the docstring."""
        return (self.node.__doc__ or "").strip().partition("\n")[0]

    @property
    def network(self) -> str:
        """The network, from the place where the class is written (`peerspec.conformance.<network>...`)."""
        return name_of(self.node.__module__.split(".conformance.")[-1].split(".")[0])


_REGISTRY: dict[str, list[Mutant]] = {}


def mutant(*, breaks: str, also: tuple[str, ...] = ()) -> Callable[[NodeType], NodeType]:
    """Register a node class as a mutant that breaks one requirement.

    TypeError when it has no docstring or does not override exactly one method.
    """

    def register(cls: NodeType) -> NodeType:
        overridden = [name for name, value in vars(cls).items() if callable(value) or isinstance(value, property)]
        if not (cls.__doc__ or "").strip() or cls.__doc__ is cls.__base__.__doc__:
            raise TypeError(f"mutant {cls.__name__} has no docstring that says its defect")
        if len(overridden) != 1:
            raise TypeError(f"mutant {cls.__name__} overrides {len(overridden)} methods, not one")
        new = Mutant(cls, breaks, also)
        _REGISTRY.setdefault(new.network, []).append(new)
        return cls

    return register


def of(network: str) -> tuple[Mutant, ...]:
    """The mutants of `network`, in the order in which they are written. LookupError for an unknown network."""
    from .networks import network_named

    network_named(network).load_mutants()
    return tuple(_REGISTRY.get(network, ()))
