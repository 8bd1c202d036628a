"""The mark that ties a case to the requirements it checks.

    @checks("GNU-FWD-02")
    def test_a_forwarded_query_has_hops_plus_one(bench): ...

A case is a function `test_...` of `conformance/<network>/<section>.py` that takes `bench`. It may be parametrized with
`pytest.mark.parametrize`, and may be marked more than once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_MARK = "__peerspec_checks__"
Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Checks:
    """The requirements that a case checks, the strongest claim first, and the features it needs the target to offer."""

    requirements: tuple[str, ...]
    features: tuple[str, ...] = ()


def checks(*requirements: str, feature: str | None = None) -> Callable[[Function], Function]:
    """Mark a case with the ids it checks; `feature` is needed besides those that the requirements name.

    TypeError when no id is given or one is given twice.
    """
    if not requirements or len(set(requirements)) != len(requirements):
        raise TypeError("checks() takes one or more requirement ids, each once")

    def mark(function: Function) -> Function:
        old = checks_of(function)
        marked = Checks(
            tuple(dict.fromkeys(requirements + old.requirements)),
            tuple(dict.fromkeys(((feature,) if feature else ()) + old.features)),
        )
        setattr(function, _MARK, marked)
        return function

    return mark


def checks_of(function: Callable[..., object]) -> Checks:
    """What `function` is marked with; without a mark, no requirement."""
    found = getattr(function, _MARK, None)
    return found if isinstance(found, Checks) else Checks(())
