"""The tables of the server's states."""

import pytest

from peerspec.reference.napster.server import TABLES

from .conftest import MakeTown


@pytest.mark.parametrize("name", TABLES)
def test_each_table_ends_closed(name: str) -> None:
    table = TABLES[name]
    assert "closed" in table.finals
    for state in table.states:
        assert set(table.rows[state]) == set(table.events)
        if state not in table.finals:
            assert table.next(state, "other side closed") == "closed"


def test_a_session_follows_its_table(town: MakeTown) -> None:
    place = town()
    stranger, alice = place.raw(), place.user("alice")
    sessions = list(place.server.links.values())
    assert [session.state for session in sessions] == ["connected", "logged in"]
    stranger.stream.close()
    alice.stream.abort()
    place.wait(1)
    assert [session.state for session in sessions] == ["closed", "closed"]
