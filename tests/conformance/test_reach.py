from __future__ import annotations

from typing import Any

from peerspec.conformance import prove, reach
from peerspec.conformance.networks import network_named


class Reference:
    size = 3

    def __init__(self) -> None:
        self.made = True

    def rule(self) -> int:
        return self.size

    def other(self) -> int:
        return 2

    @property
    def limit(self) -> int:
        return 4

    @staticmethod
    def fixed() -> int:
        return 5


class OneRule(Reference):
    """One method, and a helper that only it can call."""

    def rule(self) -> int:
        return self.help()

    def help(self) -> int:
        return 7


class Helped(Reference):
    def other(self) -> int:
        return 8


class ByAHelper(Helped):
    def rule(self) -> int:
        return 9


class AnotherLimit(Reference):
    @property
    def limit(self) -> int:
        return 5


class AnotherFixed(Reference):
    @staticmethod
    def fixed() -> int:
        return 6


class AnotherSize(Reference):
    size = 4


class SameSize(Reference):
    size = 3

    def rule(self) -> int:
        return 0


class NoMethod(Reference):
    rule = 3  # type: ignore[assignment]


def test_what_a_class_replaces_is_the_code_of_the_reference() -> None:
    assert reach.replaced(Reference, Reference) == frozenset()
    assert reach.replaced(OneRule, Reference) == frozenset({Reference.rule.__code__})
    assert reach.replaced(ByAHelper, Reference) == frozenset({Reference.rule.__code__, Reference.other.__code__})
    assert reach.replaced(SameSize, Reference) == frozenset({Reference.rule.__code__})
    assert reach.replaced(AnotherFixed, Reference) == frozenset({Reference.fixed.__code__})
    limit = Reference.__dict__["limit"].fget
    assert reach.replaced(AnotherLimit, Reference) == frozenset({limit.__code__})


def test_what_is_no_method_may_change_anything() -> None:
    assert reach.replaced(AnotherSize, Reference) is None
    assert reach.replaced(NoMethod, Reference) is None


def test_the_cases_that_enter_a_method_are_found() -> None:
    node = reach.reference_class(network_named("toy"))
    code = {node.heard.__code__}  # type: ignore[attr-defined]
    found = reach.reached("toy", 1, {7: reach.Watch(node, frozenset(code))})
    assert list(found) == [7]
    assert "saying/what_one_says_another_hears" in found[7]
    assert "pinging/a_ping_is_answered_by_a_pong[1]" not in found[7]


def test_a_pure_method_is_asked_whether_it_makes_a_difference() -> None:
    node: Any = reach.reference_class(network_named("toy"))
    asked: list[str] = []

    def pong(self: Any, word: str) -> str | None:
        asked.append(word)
        answer: str | None = super(same, self).pong(word)
        return answer

    same: Any = type("Same", (node,), {"pong": pong})
    lower = type("Lower", (node,), {"pong": lambda self, word: "pong " + word})
    broken = type("Broken", (node,), {"pong": lambda self, word: 1 // 0})
    helped = type("Helped", (same,), {"pong": lambda self, word: super(same, self).pong(word)})
    watches = {number: reach.watch_for(cls, node, {"pong"}) for number, cls in enumerate((same, lower, broken, helped))}
    assert [watch is not None and watch.asked for watch in watches.values()] == ["pong", "pong", "pong", ""]
    found = reach.reached("toy", 1, {number: watch for number, watch in watches.items() if watch is not None})
    entered = reach.reached("toy", 1, {0: reach.Watch(same, frozenset({node.pong.__code__}))})[0]
    assert asked
    assert "pinging/a_ping_is_answered_by_a_pong[1]" in entered
    assert list(found.values()) == [set(), entered, entered, entered]


def test_a_quick_proof_says_what_a_thorough_one_says() -> None:
    quick, thorough = (prove.prove("toy", sockets=False, thorough=each) for each in (False, True))
    assert quick.mutants == thorough.mutants
    assert sum(map(len, prove._telling("toy", range(7), 1).values())) < 7 * quick.cases
