"""Scenarios: saved and read, made simpler, and said in words."""

from __future__ import annotations

import json

import msgspec
import pytest

from peerspec.conformance.explore.scenario import FORMAT, ScenarioError, link_name
from peerspec.conformance.gnutella.model.steps import (
    Again,
    AnyStep,
    Connect,
    Elapse,
    GnutellaScenario,
    Hit,
    Ping,
    Push,
    Query,
    Raw,
)

EXAMPLE = GnutellaScenario(
    steps=(Query(label=1, link="B", ttl=1), Hit(label=2, of=1, size=2100), Elapse(label=3), Again(label=5, of=1)),
    links=2,
    node="firewalled",
)


def test_a_saved_scenario_is_read_as_it_was() -> None:
    assert GnutellaScenario.decode(EXAMPLE.encode(words=EXAMPLE.words(), seed=7)) == EXAMPLE


def test_what_has_its_plain_value_is_not_written() -> None:
    saved = json.loads(EXAMPLE.encode())
    assert saved["format"] == FORMAT
    assert saved["scenario"]["steps"][0] == {"do": "query", "label": 1, "link": "B", "ttl": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[]", "array"),
        (b'{"format": 2, "network": "gnutella", "scenario": {}}', "format 2"),
        (b'{"format": 1, "network": "napster", "scenario": {}}', "napster"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "dance"}]}}', "dance"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "ping", "ttl": "x"}]}}', "ttl"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "ping", "tll": 1}]}}', "tll"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "ping"}, {"do": "ping"}]}}', "label"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "ping", "ttl": 256}]}}', "ttl"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "ping", "payload": "x"}]}}', "payload"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "query", "text": "x"}]}}', "text"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"links": 1000000}}', "links"),
        (b'{"format": 1, "network": "gnutella", "scenario": {"steps": [{"do": "pong", "number": 99999}]}}', "number"),
    ],
)
def test_what_is_no_scenario_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        GnutellaScenario.decode(data)
    assert "\n" not in str(error.value)


def test_each_simpler_step_has_one_field_nearer_to_its_plain_value() -> None:
    step = Push(label=4, link="C", of=2, number=20)
    assert list(step.simpler()) == [
        Push(label=4, of=2, number=20),
        Push(label=4, link="C", number=20),
        Push(label=4, link="C", of=1, number=20),
        Push(label=4, link="C", of=2),
        Push(label=4, link="C", of=2, number=10),
    ]


def test_a_plain_step_is_as_simple_as_it_gets() -> None:
    assert list(Ping(label=9).simpler()) == []


def test_links_that_no_step_uses_are_left_out_from_the_last_on() -> None:
    scene = GnutellaScenario(steps=(Query(label=1, link="B"),), links=4)
    assert [simple.links for simple in scene.simpler()] == [3]
    assert list(msgspec.structs.replace(scene, links=2).simpler()) == [
        GnutellaScenario(steps=(Query(label=1, link="A"),), links=2)
    ]


@pytest.mark.parametrize("kind", AnyStep.__args__, ids=lambda kind: kind.__name__)
def test_every_step_says_in_words_what_it_does(kind: type[Ping]) -> None:
    assert len(kind(label=3).words()) >= 10


def test_unusual_fields_are_said() -> None:
    assert Connect(link="D", version="0.4", final=503).words() == (
        "D connects, by version 0.4, and ends the handshake with 503"
    )
    assert "announced as 131072" in Raw(type=0x80, announced=131072).words()
    assert "GUID of #3" in Query(same=3).words()


def test_link_names_do_not_end() -> None:
    assert [link_name(number) for number in (0, 25, 26, 52)] == ["A", "Z", "A1", "A2"]
