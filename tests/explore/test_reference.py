"""The reference never deviates, whatever is drawn, in both worlds; and no scenario, however odd, upsets the player."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerspec.conformance.bench import Timing
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.explore.search import Budget, explore
from peerspec.conformance.explore.strategies import scenarios
from peerspec.conformance.gnutella.model import GnutellaExplorer
from peerspec.conformance.gnutella.model.steps import GUIDS, SPLITS, AnyStep, GnutellaScenario
from peerspec.conformance.networks import Network, network_named

EXPLORER = GnutellaExplorer()
TARGET = VirtualTarget(network_named("gnutella"), 1)

# odd values for fields by name, legal in the saved form though no search would draw them
ODD: dict[str, tuple[Any, ...]] = {
    "link": ("A", "B", "C", "Z"),
    "ttl": (0, 1, 2, 4, 255),
    "hops": (0, 1, 254, 255),
    "guid": GUIDS,
    "same": (0, 1, 2, 3, 99),
    "of": (0, 1, 2, 3, 99),
    "split": SPLITS,
    "payload": ("", "00", "c3"),
    "text": ("unique", "words", "reversed", "upper", "one", "almost", "empty", "letter", "index"),
    "share": (0, 2, 7),
    "speed": (0, 0x80, 0xFFFF),
    "extension": ("", "00", "1c00"),
    "padding": (0, 1, 60_000),
    "size": (0, 60_000),
    "results": (0, 255),
    "servent": (0, 1, 65_535),
    "private": ("", "c3"),
    "number": (1, 20),
    "port": (0, 6346, 65_535),
    "type": (0x00, 0x01, 0x02, 0x30, 0x40, 0x80, 0x81, 0xFF),
    "body": ("", "00", "8000787878", "ff" * 30),
    "announced": (-1, 0, 3, 65_536, 65_537, 0xFFFFFFFF),
    "version": ("1.0", "1.1"),
    "final": (0, 100, 200, 999),
    "glue": ("", "ping", "query"),
    "what": ("hello", "ping", "query", "endless", "half", "odd"),
    "seconds": (1, 45, 200),
    "method": ("GET", "HEAD"),
    "name": ("quoted", "hex", "raw", "slash", "wrong", "escape"),
    "range": ("", "0-0", "9999999999-", "-0", "5-2"),
    "bye": ("plain", "none", "case", "folded"),
    "answer": (200, 100, 503),
}


def odd_step(choices: random.Random, label: int) -> Any:
    """A step of any kind with odd values."""
    kind = choices.choice(AnyStep.__args__)
    values: dict[str, Any] = {"label": label}
    for field in msgspec.structs.fields(kind):
        if isinstance(field.default, bool):
            values[field.name] = choices.random() < 0.4
        elif field.name in ODD and choices.random() < 0.6:
            values[field.name] = choices.choice(ODD[field.name])
    return kind(**values)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(EXPLORER, TARGET))
def test_the_reference_never_deviates_on_what_hypothesis_draws(scenario: GnutellaScenario) -> None:
    played = EXPLORER.play(scenario, TARGET, seed=1, timing=Timing())
    assert (played.deviations, played.trouble) == ((), "")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_search_finds_nothing_on_the_reference(seed: int, reference: VirtualTarget) -> None:
    found = explore(EXPLORER, reference, seed=seed, budget=Budget(steps=700))
    assert [finding.scenario.words() for finding in found.findings] == []
    assert (found.troubles, found.unconfirmed) == (0, 0)
    assert found.scenarios > 80


def test_a_search_finds_nothing_on_the_reference_over_sockets(gnutella: Network) -> None:
    target = BuiltinTarget(gnutella, 1)
    target.start()
    try:
        found = explore(EXPLORER, target, seed=4, budget=Budget(steps=150))
    finally:
        target.stop()
    assert [finding.scenario.words() for finding in found.findings] == []
    assert found.steps >= 150


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_no_scenario_that_can_be_saved_upsets_the_player(seed: int) -> None:
    choices = random.Random(seed)
    steps = tuple(odd_step(choices, label) for label in range(1, choices.randint(2, 9)))
    scenario = GnutellaScenario(steps=steps, links=choices.randint(0, 4))
    assert GnutellaScenario.decode(scenario.encode()) == scenario
    played = EXPLORER.play(scenario, TARGET, seed=1, timing=Timing())
    assert played.deviations == ()
