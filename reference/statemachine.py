"""State machines as tables: what a node runs by is what the documentation draws.

Rules of this file:

- A machine is total: every state says where each event leads. `OTHERWISE` covers the events that a state does not name.
- States and events are words. The table can't be changed once it is made.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

OTHERWISE = "otherwise"
"""Names, in the row of a state, where every event that the row does not name leads."""


class StateMachine:
    """A table from state and event to the next state.

    Raises ValueError when the table is not total, leads to a state without a row, or has a state that can't be reached.
    """

    def __init__(self, title: str, events: tuple[str, ...], rows: Mapping[str, Mapping[str, str]]) -> None:
        self.title = title
        self.events = events
        self.initial = next(iter(rows))
        self.states = tuple(rows)
        self.rows: Mapping[str, Mapping[str, str]] = MappingProxyType(
            {state: MappingProxyType(self._total(state, row)) for state, row in rows.items()}
        )
        self._check_reach()

    def _total(self, state: str, row: Mapping[str, str]) -> dict[str, str]:
        unknown = set(row) - set(self.events) - {OTHERWISE}
        if unknown:
            raise ValueError(f"{self.title}: state {state!r} names unknown events {sorted(unknown)}")
        total = {}
        for event in self.events:
            following = row.get(event, row.get(OTHERWISE))
            if following is None:
                raise ValueError(f"{self.title}: state {state!r} does not say where {event!r} leads")
            if following not in self.states:
                raise ValueError(f"{self.title}: state {state!r} leads to the unknown state {following!r}")
            total[event] = following
        return total

    def _check_reach(self) -> None:
        reached = {self.initial}
        frontier = [self.initial]
        while frontier:
            for following in self.rows[frontier.pop()].values():
                if following not in reached:
                    reached.add(following)
                    frontier.append(following)
        lost = set(self.states) - reached
        if lost:
            raise ValueError(f"{self.title}: states {sorted(lost)} can't be reached")

    def next(self, state: str, event: str) -> str:
        """Return the state that `event` leads to from `state`; KeyError for a word that is neither."""
        return self.rows[state][event]

    @property
    def finals(self) -> tuple[str, ...]:
        """The states that no event leaves."""
        return tuple(state for state, row in self.rows.items() if set(row.values()) == {state})

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """Yield (state, event, next state) for each event that changes the state, in the order of the table."""
        for state, row in self.rows.items():
            for event, following in row.items():
                if following != state:
                    yield state, event, following
