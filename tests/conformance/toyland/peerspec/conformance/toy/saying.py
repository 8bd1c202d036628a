"""Saying and hearing."""

from __future__ import annotations

from peerspec.conformance.checks import checks
from peerspec.conformance.outcomes import assuming

from .bench import ToyBench


@checks("TOY-SAY-01")
def test_what_one_says_another_hears(bench: ToyBench) -> None:
    alice, bob = bench.peer(), bench.peer()
    with assuming("both are known to the node"):
        alice.attend()
        bob.attend()
    text = bench.unique()
    alice.say(f"SAY {text}")
    assert bob.hear() == f"HEARD {text}"


@checks("TOY-SAY-02")
def test_a_speaker_does_not_hear_itself(bench: ToyBench) -> None:
    alice, bob = bench.peer(), bench.peer()
    with assuming("what is said is heard"):
        alice.attend()
        bob.attend()
        text = bench.unique()
        alice.say(f"SAY {text}")
        assert text in bob.hear()
    assert alice.ask("PING fence") == "PONG fence"
