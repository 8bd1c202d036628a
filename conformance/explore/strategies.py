"""Scenarios as a Hypothesis strategy, for property tests of one's own.

    @given(scenarios(explorer, target))
    def test_my_node_never_deviates(scenario): ...

Hypothesis makes the choices by which a scenario is drawn, so it can shrink them; `shrink`, which knows what steps are,
gets further in fewer trials and is what the search itself uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from .search import LENGTH

if TYPE_CHECKING:
    from ..target import Target
    from .explorer import Explorer
    from .scenario import Scenario


def scenarios(explorer: Explorer, target: Target, length: int = LENGTH) -> st.SearchStrategy[Scenario]:
    """Scenarios of at most `length` steps, of what the target can be asked to do."""
    return st.randoms(use_true_random=False).map(lambda random: explorer.draw(random, target, length))
