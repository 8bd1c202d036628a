"""Ladders of failing cases of both roles: each byte once, messages by name, and what instances are told."""

from __future__ import annotations

import random

import pytest

from peerspec.conformance import mutants
from peerspec.conformance.evidence.ladder import Ladder, draw
from peerspec.conformance.worlds import Kind

from .conftest import NETWORKS, Failing

SAMPLE = [(name, each.name) for name in NETWORKS for each in random.Random(1).sample(list(mutants.of(name)), 12)]


def drawn(failing: Failing, network_name: str, name: str) -> Ladder:
    result, target = failing(network_name, name)
    assert result.transcript is not None
    return draw(result.transcript, target.network.dissector(), target.address)


@pytest.mark.parametrize(("network_name", "name"), SAMPLE)
def test_each_byte_belongs_to_one_unit(failing: Failing, network_name: str, name: str) -> None:
    result, target = failing(network_name, name)
    assert result.transcript is not None
    events = result.transcript.events[: result.transcript.end]
    units = target.network.dissector().units(events)
    for wire in {event.wire for event in events if event.wire}:
        for kind in (Kind.SENT, Kind.RECEIVED):
            stream = b"".join(event.data for event in events if event.wire == wire and event.kind is kind)
            mine = [unit for unit in units if unit.wire == wire and unit.sent is (kind is Kind.SENT)]
            assert b"".join(unit.raw for unit in mine) == stream


def test_a_session_is_told_by_the_names_of_its_messages(failing: Failing) -> None:
    text = drawn(failing, "napster", "EndsTheListTwice").text()
    for row in ("Login  nick=", "LoginAck  email=", "ResumeSearch", "ResumeEnd", "UserSpeed"):
        assert row in text
    assert "bytes  " not in text


def test_a_transfer_is_told_by_what_is_said_on_it(failing: Failing) -> None:
    ladder = drawn(failing, "napster-peer", "TakesWhateverComes")
    labels = [row.label for row in ladder.rows]
    for label in ("Greeting", "GetFile", "FileSize", "bytes", "is told to", "has fetched"):
        assert label in labels
    orders = [row.text for row in ladder.rows if row.label == "is told to"]
    assert orders[0].startswith("download nick=")
    fetched = [row.text for row in ladder.rows if row.label == "has fetched"]
    assert "bytes" in fetched[-1]


def test_what_is_left_over_stands_on_the_connection_that_it_came_on(failing: Failing) -> None:
    ladder = drawn(failing, "napster-peer", "KnowsNoLimit")
    (left,) = [row for row in ladder.rows if row.label == "bytes"]
    (size,) = [row for row in ladder.rows if row.label == "FileSize"]
    assert (left.wire, left.source, left.target) == (size.wire, size.source, size.target)


def test_an_instance_that_is_killed_and_started_again_is_told(failing: Failing) -> None:
    labels = [row.label for row in drawn(failing, "napster", "KeepsAccountsInMemory").rows]
    assert labels.index("is killed") < labels.index("is started again")
