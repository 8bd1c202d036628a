"""Ping and pong."""

from __future__ import annotations

import pytest

from peerspec.conformance.checks import checks

from .bench import ToyBench


@checks("TOY-PNG-01")
@pytest.mark.parametrize("repeat", [1, 2])
def test_a_ping_is_answered_by_a_pong(bench: ToyBench, repeat: int) -> None:
    peer = bench.peer()
    for _ in range(repeat):
        word = bench.unique()
        answer = peer.ask(f"PING {word}")
        assert answer == f"PONG {word}"


@checks("TOY-PNG-02")
def test_a_ping_without_a_word_is_answered(bench: ToyBench) -> None:
    peer = bench.peer()
    peer.say("PING")
    word = bench.unique()
    peer.say(f"PING {word}")
    assert peer.hear() == "PONG"


@checks("TOY-ECH-01")
def test_an_unknown_verb_is_answered(bench: ToyBench) -> None:
    peer = bench.peer()
    peer.say("FROB")
    assert peer.ask("PING fence") == "WHAT"
