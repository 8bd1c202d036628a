"""State machines are total, and the servent's are what the documentation draws."""

import pytest

from peerspec.reference.gnutella import TABLES
from peerspec.reference.statemachine import OTHERWISE, StateMachine

DOOR = StateMachine("door", ("push", "lock"), {"open": {"push": "shut", "lock": "open"}, "shut": {OTHERWISE: "shut"}})


def test_a_machine_follows_its_table() -> None:
    assert DOOR.initial == "open"
    assert DOOR.next("open", "push") == "shut"
    assert DOOR.next("open", "lock") == "open"
    assert DOOR.next("shut", "push") == "shut"


def test_only_changes_are_edges() -> None:
    assert list(DOOR.edges()) == [("open", "push", "shut")]


def test_a_state_that_nothing_leaves_is_final() -> None:
    assert DOOR.finals == ("shut",)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"open": {"push": "shut"}, "shut": {OTHERWISE: "shut"}}, "does not say where 'lock' leads"),
        ({"open": {OTHERWISE: "ajar"}}, "unknown state 'ajar'"),
        ({"open": {OTHERWISE: "open", "kick": "open"}}, r"unknown events \['kick'\]"),
        ({"open": {OTHERWISE: "open"}, "shut": {OTHERWISE: "open"}}, r"\['shut'\] can't be reached"),
    ],
)
def test_a_table_with_a_hole_is_refused(rows: dict[str, dict[str, str]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        StateMachine("door", ("push", "lock"), rows)


def test_a_word_that_is_no_event_is_an_error() -> None:
    with pytest.raises(KeyError):
        DOOR.next("open", "kick")


def test_a_table_can_not_be_changed() -> None:
    with pytest.raises(TypeError):
        DOOR.rows["open"] = {}  # type: ignore[index]


@pytest.mark.parametrize("name", TABLES)
def test_each_of_the_servents_tables_ends_closed(name: str) -> None:
    table = TABLES[name]
    assert "closed" in table.finals
    for state in table.states:
        assert set(table.rows[state]) == set(table.events)
        if state not in table.finals:
            assert table.next(state, "other side closed") == "closed"
