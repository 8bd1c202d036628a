"""What the docs know of each network: its requirements, the cases and mutants for them, and the results of a proof.

The first three are asked of the package itself. Results take a minute to make and are read from a file, which
`peerspec prove NETWORK --json FILE` writes; without it the docs say that there are none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from peerspec.conformance import catalogue, mutants, requirements
from peerspec.conformance.networks import network_named, network_names, specification_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from peerspec.conformance.catalogue import Case
    from peerspec.conformance.mutants import Mutant


@dataclass(frozen=True)
class CaseFunction:
    """A function of pytest that is one case, or several by its parameters (`runs`)."""

    id: str
    section: str
    title: str
    requirements: tuple[str, ...]
    function: Callable[..., object]
    runs: int


class Network:
    """One network, with its cases and mutants to be found by requirement."""

    results: Mapping[str, Any] | None = None
    """What `peerspec prove` wrote of the last proof, or None when there is nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title = network_named(name).title
        self.sections: Mapping[str, str] = network_named(name).sections
        self.requirements = requirements.load(name)
        self.cases = _functions(catalogue.cases(name))
        self.mutants: Sequence[Mutant] = mutants.of(name)

    def cases_of(self, identifier: str) -> list[CaseFunction]:
        """The cases that check the requirement."""
        return [case for case in self.cases if identifier in case.requirements]

    def mutants_of(self, identifier: str) -> list[Mutant]:
        """The mutants that break the requirement."""
        return [mutant for mutant in self.mutants if mutant.breaks == identifier]

    @property
    def case_modules(self) -> tuple[str, ...]:
        """The full names of the modules that hold the cases."""
        return catalogue.case_modules(network_named(self.name))


def _functions(cases: Iterable[Case]) -> list[CaseFunction]:
    """The functions behind the cases: one that is run with several parameters is printed once."""
    found: dict[str, CaseFunction] = {}
    for case in cases:
        identifier = case.id.partition("[")[0]
        runs = found[identifier].runs + 1 if identifier in found else 1
        title = case.title.partition(" [")[0]
        found[identifier] = CaseFunction(identifier, case.section, title, case.requirements, case.function, runs)
    return list(found.values())


@cache
def networks() -> tuple[Network, ...]:
    """All networks of the project, by name."""
    return tuple(Network(name) for name in network_names())


def load_results(folder: Path) -> None:
    """Reads the results of proofs from `folder`, which has a file for each network that was proven."""
    for network in networks():
        path = folder / f"{network.name}.json"
        network.results = json.loads(path.read_text("utf-8")) if path.exists() else None


def network_called(name: str) -> Network | None:
    """The network of that name, if there is one."""
    return next((network for network in networks() if network.name == name), None)


def networks_of_page(docname: str) -> list[Network]:
    """The networks whose specification the page `spec/<specification>/...` belongs to: one for each role."""
    folders = docname.split("/")
    if len(folders) <= 2 or folders[0] != "spec":
        return []
    return [network for network in networks() if specification_of(network.name) == folders[1]]


def digest() -> str:
    """A fingerprint of everything above: pages made from it are stale when it changes."""
    known = hashlib.sha256()
    for network in networks():
        for case in network.cases:
            known.update(repr((case.id, case.title, case.requirements)).encode())
        for mutant in network.mutants:
            known.update(repr((mutant.name, mutant.breaks, mutant.also)).encode())
        known.update(json.dumps(network.results).encode())
    return known.hexdigest()
