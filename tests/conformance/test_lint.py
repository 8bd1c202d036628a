from __future__ import annotations

from dataclasses import replace

import pytest

from peerspec.conformance import catalogue, lint, mutants
from peerspec.conformance.mutants import Mutant, mutant


def broken(monkeypatch: pytest.MonkeyPatch, number: int, **changes: object) -> list[str]:
    found = list(catalogue.cases("toy"))
    found[number] = replace(found[number], **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(lint, "cases", lambda _: tuple(found))
    return lint.problems("toy")


def test_cases_mutants_and_text_fit_together() -> None:
    assert lint.problems("toy") == []


@pytest.mark.parametrize(
    ("requirements", "problem"),
    [
        ((), "case saying/what_one_says_another_hears cites no requirement"),
        (("TOY-SAY-77",), "cites TOY-SAY-77, which is no requirement"),
        (("TOY-MEM-01",), "cites TOY-MEM-01, which is marked untestable"),
        (("TOY-PNG-01",), "requirement TOY-SAY-01 has no case"),
    ],
)
def test_a_wrong_citation_is_found(
    monkeypatch: pytest.MonkeyPatch, requirements: tuple[str, ...], problem: str
) -> None:
    assert any(problem in line for line in broken(monkeypatch, 4, requirements=requirements))


def test_a_case_that_stands_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = catalogue.cases("toy")[0].id
    assert f"case {twin} stands 2 times" in broken(monkeypatch, 1, id=twin)


def test_a_requirement_without_mutant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "of", lambda _: ())
    found = lint.problems("toy")
    assert "requirement TOY-SAY-01 (MUST) has no mutant" in found
    assert not [line for line in found if "TOY-ECH-01" in line or "TOY-MEM-01" in line]


def test_a_mutant_of_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from peerspec.conformance.toy.nulls import Mute

    real = mutants.of("toy")
    odd = (Mutant(Mute, "TOY-ECH-01", ()), Mutant(Mute, "TOY-PNG-01", ("TOY-X-01",)))
    monkeypatch.setattr(mutants, "of", lambda _: real + odd)
    assert lint.problems("toy") == [
        "mutant Mute breaks TOY-ECH-01, which no case can fail",
        "mutant Mute cites TOY-X-01, which is no requirement",
        "mutant Mute stands 2 times",
    ]


def test_a_mutant_overrides_one_method_and_says_its_defect() -> None:
    from peerspec.conformance.toy.node import ToyNode

    with pytest.raises(TypeError, match="overrides 2 methods, not one"):

        @mutant(breaks="TOY-PNG-01")
        class Twice(ToyNode):  # type: ignore[misc]
            """Breaks two rules."""

            def hello(self) -> str:
                return ""

            def goodbye(self) -> str:
                return ""

    with pytest.raises(TypeError, match="no docstring"):

        @mutant(breaks="TOY-PNG-01")
        class Silent(ToyNode):  # type: ignore[misc]
            def hello(self) -> str:
                return ""


def test_mutants_are_known_by_their_network() -> None:
    found = mutants.of("toy")
    assert [each.name for each in found][:2] == ["PongsInLowerCase", "IgnoresEmptyPings"]
    assert found[0].defect == "Answers in the wrong case."
    assert found[0].also == ("TOY-SAY-02", "TOY-TIM-01")
