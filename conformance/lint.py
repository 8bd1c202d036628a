"""The rules that tie text, cases and mutants of a network together, checked as data.

- every id that a case or a mutant cites is a requirement;
- every case cites one; a testable requirement has a case, an untestable one has none;
- every testable MUST and SHOULD has a mutant that breaks it; a MAY or untestable one has none;
- case ids and mutant names stand once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from . import mutants
from .catalogue import cases
from .requirements import load
from .verdicts import Level


def problems(network: str, *, with_mutants: bool = True) -> list[str]:
    """What is wrong with a network's cases and mutants, a line each; empty when nothing is."""
    return [*_case_problems(network), *(_mutant_problems(network) if with_mutants else ())]


def _case_problems(network: str) -> Iterator[str]:
    requirements = load(network)
    cited = set()
    for case in cases(network):
        if not case.requirements:
            yield f"case {case.id} cites no requirement"
        for id_ in case.requirements:
            if id_ not in requirements:
                yield f"case {case.id} cites {id_}, which is no requirement"
            elif not requirements[id_].testable:
                yield f"case {case.id} cites {id_}, which is marked untestable"
            cited.add(id_)
    for requirement in requirements.values():
        if requirement.testable and requirement.id not in cited:
            yield f"requirement {requirement.id} has no case"
    for id_, count in Counter(case.id for case in cases(network)).items():
        if count > 1:
            yield f"case {id_} stands {count} times"


def _mutant_problems(network: str) -> Iterator[str]:
    requirements = load(network)
    breaks = set()
    found = mutants.of(network)
    for mutant in found:
        breaks.add(mutant.breaks)
        for id_ in (mutant.breaks, *mutant.also):
            if id_ not in requirements:
                yield f"mutant {mutant.name} cites {id_}, which is no requirement"
        broken = requirements.get(mutant.breaks)
        if broken is not None and not (broken.testable and broken.level is not Level.MAY):
            yield f"mutant {mutant.name} breaks {broken.id}, which no case can fail"
    for requirement in requirements.values():
        if requirement.testable and requirement.level is not Level.MAY and requirement.id not in breaks:
            yield f"requirement {requirement.id} ({requirement.level}) has no mutant"
    for name, count in Counter(mutant.name for mutant in found).items():
        if count > 1:
            yield f"mutant {name} stands {count} times"
