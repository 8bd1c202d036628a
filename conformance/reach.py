"""Which cases can tell a mutant from the reference node at all: those that enter what the mutant replaces.

Rules of this file:

- In the virtual network the same case with the same seed does the same. So a case in which the reference node never
  enters the replaced method goes on a mutant as it goes on the reference node, and need not be run to know how.
- Where it can't be told what a class replaces (it brings an attribute that is no method, or an `__init__`), every case
  counts as one that enters it.
- What a case enters is watched, not read from the code: the profiler's hook of the interpreter sees every call.
- Some methods do nothing but return a value, and are entered by nearly every case. Where the network says so
  (`Network.pure`), a mutant's is asked beside the reference node's, and the case counts if it returns another value.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Watch:
    """What is looked for in a case: that the reference node enters the methods that a mutant replaces.

    With `asked`, the name of a method that does nothing but return a value, entering is not enough: the mutant's own,
    asked at that moment, must return another.
    """

    mutant: type
    code: frozenset[CodeType]
    asked: str = ""


def watch_for(mutant: type, reference: type, pure: Collection[str]) -> Watch | None:
    """What to look for so that a case can tell `mutant` from `reference`; None when every case may."""
    code = replaced(mutant, reference)
    if code is None:
        return None
    names = [name for name, value in vars(mutant).items() if _code(value) and hasattr(reference, name)]
    alone = len(names) == 1 and mutant.__bases__ == (reference,) and names[0] in pure
    return Watch(mutant, code, names[0] if alone else "")


def reached(
    network: str, seed: int, watches: Mapping[int, Watch], part: int = 0, parts: int = 1
) -> dict[int, set[str]]:
    """By the number of each watch, the ids of the cases in which it is met. Runs every case once, or a part of them."""
    target = VirtualTarget(network_named(network), seed)
    settings = Settings(seed=seed)
    found: dict[int, set[str]] = {number: set() for number in watches}
    for case in cases(network)[part::parts]:
        watcher = _Watcher(watches)
        before = sys.getprofile()
        sys.setprofile(watcher)
        try:
            judge(case, target, settings)
        finally:
            sys.setprofile(before)
        for number in watcher.met:
            found[number].add(case.id)
    return found


class _Watcher:
    """The interpreter's hook for calls and returns, while one case runs."""

    def __init__(self, watches: Mapping[int, Watch]) -> None:
        self.met: set[int] = set()
        self._watches = watches
        self._by_code: dict[CodeType, list[int]] = {}
        for number, watch in watches.items():
            for code in watch.code:
                self._by_code.setdefault(code, []).append(number)
        self._arguments: dict[FrameType, list[Any]] = {}

    def __call__(self, frame: FrameType, event: str, result: object) -> None:
        if event not in ("call", "return") or not (numbers := self._by_code.get(frame.f_code)):
            return
        if event == "call":
            self.met.update(number for number in numbers if not self._watches[number].asked)
            if any(number not in self.met for number in numbers):
                code = frame.f_code
                names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
                self._arguments[frame] = [frame.f_locals[name] for name in names]
        elif (arguments := self._arguments.pop(frame, None)) is not None:
            for number in numbers:
                if number not in self.met and self._differs(self._watches[number], frame.f_code, arguments, result):
                    self.met.add(number)

    def _differs(self, watch: Watch, code: CodeType, arguments: list[Any], result: object) -> bool:
        """Whether the mutant's method returns something else here. Where it raises, it does."""
        node, *rest = arguments
        positional = rest[: code.co_argcount - 1]
        named = dict(zip(code.co_varnames[code.co_argcount :], rest[code.co_argcount - 1 :], strict=False))
        before = type(node)
        try:
            # the mutant's method finds the one that it replaces by `super()`, which asks for a node of its class
            node.__class__ = watch.mutant
            method = getattr(node, watch.asked)
            return bool((method(*positional, **named) if callable(method) else method) != result)
        except Exception:  # noqa: BLE001 - whatever it raises, the reference node did not
            return True
        finally:
            node.__class__ = before


def reference_class(network: Network) -> type:
    """The class of the node that the network's mutants are made of."""
    return type(network.make_node(Random(0)))
