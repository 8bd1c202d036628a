from __future__ import annotations

from peerspec.conformance import prove, reach
from peerspec.conformance.networks import network_named
from peerspec.reference.node import Node


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
    assert issubclass(node, Node)
    heard = node.heard.__code__  # type: ignore[attr-defined]
    found = reach.reached("toy", 1, {heard})
    assert len(found) == 9
    assert "saying/what_one_says_another_hears" in {id_ for id_, seen in found.items() if heard in seen}
    assert "pinging/a_ping_is_answered_by_a_pong[1]" not in {id_ for id_, seen in found.items() if heard in seen}


def test_a_quick_proof_says_what_a_thorough_one_says() -> None:
    quick, thorough = (prove.prove("toy", sockets=False, thorough=each) for each in (False, True))
    assert quick.mutants == thorough.mutants
    assert sum(map(len, prove._telling("toy", range(7), 1).values())) < 7 * quick.cases
