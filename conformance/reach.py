"""Which cases can tell a mutant from the reference node at all: those that enter what the mutant replaces.

Rules of this file:

- In the virtual network the same case with the same seed does the same. So a case in which the reference node never
  enters the replaced method goes on a mutant as it goes on the reference node, and need not be run to know how.
- Where it can't be told what a class replaces (it brings an attribute that is no method, or an `__init__`), every case
  counts as one that enters it.
- What a case enters is watched, not read from the code: the profiler's hook of the interpreter sees every call.
"""

from __future__ import annotations

import inspect
import sys
from random import Random
from types import CodeType
from typing import TYPE_CHECKING, Any

from .builtin import VirtualTarget
from .catalogue import cases
from .engine import Settings, judge
from .networks import network_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from types import FrameType

    from .networks import Network

_SILENT = frozenset(
    {
        *("__module__", "__qualname__", "__doc__", "__slots__", "__annotations__", "__parameters__", "__orig_bases__"),
        *("__abstractmethods__", "_abc_impl", "__firstlineno__", "__static_attributes__", "__dict__", "__weakref__"),
    }
)
"""Names that classes have of their own, which change nothing that a node does."""


def replaced(cls: type, reference: type) -> frozenset[CodeType] | None:
    """The code of the methods of `reference` that `cls` has others in place of; None when that can't be told."""
    found: set[CodeType] = set()
    for part in cls.__mro__:
        if part in reference.__mro__:
            continue
        for name, value in vars(part).items():
            if name in _SILENT or not hasattr(reference, name):
                continue
            old = inspect.getattr_static(reference, name)
            if value == old:
                continue
            code = _code(old)
            if not code or not _code(value):
                return None
            found |= code
    return frozenset(found)


def _code(value: Any) -> set[CodeType]:
    """The code behind a method, however it is wrapped; empty when there is none."""
    if isinstance(value, property):
        return {each.__code__ for each in (value.fget, value.fset) if inspect.isfunction(each)}
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    return {value.__code__} if inspect.isfunction(value) else set()


def reached(network: str, seed: int, wanted: Collection[CodeType]) -> Mapping[str, frozenset[CodeType]]:
    """By the id of each case, what of `wanted` the reference node enters in it. Runs every case once."""
    target = VirtualTarget(network_named(network), seed)
    settings = Settings(seed=seed)
    interesting = frozenset(wanted)
    found = {}
    for case in cases(network):
        seen: set[CodeType] = set()

        def watch(frame: FrameType, event: str, _: object, seen: set[CodeType] = seen) -> None:
            if event == "call" and frame.f_code in interesting:
                seen.add(frame.f_code)

        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            judge(case, target, settings)
        finally:
            sys.setprofile(before)
        found[case.id] = frozenset(seen)
    return found


def reference_class(network: Network) -> type:
    """The class of the node that the network's mutants are made of."""
    return type(network.make_node(Random(0)))
