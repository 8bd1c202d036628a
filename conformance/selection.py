"""Choosing a target and cases by the words of the command line, with suggestions for words that mean nothing."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue import Case, cases
from .networks import Network, network_named, network_names, specification_of
from .requirements import load
from .target import Deviation, Target, TargetError
from .verdicts import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .mutants import Mutant
    from .targetfile import TargetFile

VIRTUAL = "virtual"


class SelectionError(ValueError):
    """A word names nothing, or the words together select no case; the message is one line, with a suggestion."""


def unknown(kind: str, word: str, known: Iterable[str]) -> SelectionError:
    """The error for a word that names nothing: what was meant, perhaps, or what there is."""
    names = list(known)
    near = get_close_matches(word, names, 1, 0.5) or get_close_matches(word.upper(), names, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(names[:12]) or 'none'}"
    return SelectionError(f"no {kind} {word!r}; {hint}")


def siblings(network: Network) -> list[str]:
    """The other networks that judge nodes by the same text, in other roles."""
    return [
        name for name in network_names() if name != network.name and specification_of(name) == network.specification
    ]


def choose_network(word: str) -> Network:
    """The network of that name (SelectionError)."""
    if word not in network_names():
        raise unknown("network", word, network_names())
    return network_named(word)


def choose_cases(
    network: Network, *, sections: Collection[str] = (), ids: Collection[str] = (), level: Level = Level.MAY
) -> list[Case]:
    """The cases of the given sections (all when none is given), ids, and levels down to `level` (SelectionError).

    An id is that of a requirement, of a topic (`GNU-FWD`), or of a case.
    """
    requirements = load(network.name)
    everything = cases(network.name)
    for word in sections:
        if word not in network.sections:
            raise unknown("section", word, network.sections)
    topics = {requirement.topic for requirement in requirements.values()}
    for word in ids:
        if word not in requirements and word not in topics and all(case.id != word for case in everything):
            for other in siblings(network):
                if word in load(other) or any(case.id == word for case in cases(other)):
                    raise SelectionError(f"{word} is not for {network.name}; try: peerspec check {other}")
            raise unknown(
                "requirement or case", word, [*requirements, *sorted(topics), *(case.id for case in everything)]
            )
    wanted = set(ids)

    def meant(case: Case) -> bool:
        names = {case.id, *case.requirements, *(requirements[id_].topic for id_ in case.requirements)}
        return (
            (not sections or case.section in sections)
            and (not wanted or bool(wanted & names))
            and requirements.strongest(case.requirements).rank <= level.rank
        )

    chosen = [case for case in everything if meant(case)]
    if not chosen:
        raise SelectionError("the selection matches no case")
    return chosen


def choose_mutant(network: Network, word: str) -> Mutant:
    """The mutant of that name (SelectionError)."""
    from . import mutants

    known = mutants.of(network.name)
    for each in known:
        if each.name == word:
            return each
    raise unknown("mutant", word, [each.name for each in known])


def choose_target(
    network: Network, word: str | None, seed: int, *, mutant: str | None = None
) -> tuple[Target, TargetFile | None]:
    """The target that a word means: an address, a target file, `virtual`, or without a word the built-in node.

    With the name of a mutant the built-in node is that one. TargetError, or SelectionError when the file is for another
    network or names unknown ids, or there is no such mutant.
    """
    from .builtin import BuiltinTarget, VirtualTarget

    if mutant is not None:
        found = choose_mutant(network, mutant)
        name = f"{found.name}, a mutant of the built-in {network.title} node"
        if word not in (None, VIRTUAL):
            raise SelectionError(f"a mutant is a built-in node: leave out {word!r}, or say {VIRTUAL}")
        if word == VIRTUAL:
            return VirtualTarget(network, seed, partial(network.make_node, cls=found.node), name=name), None
        return BuiltinTarget(network, seed, cls=found.node, name=name), None
    if word is None:
        return BuiltinTarget(network, seed), None
    if word == VIRTUAL:
        return VirtualTarget(network, seed), None
    if word.endswith(".toml") or "/" in word:
        return _from_file(network, Path(word))
    from .addressed import AddressTarget, parse_address

    return AddressTarget(network, parse_address(word)), None


def _from_file(network: Network, path: Path) -> tuple[Target, TargetFile]:
    from .addressed import AddressTarget, parse_address
    from .processes import ProcessTarget
    from .targetfile import read

    file = read(path)
    if file.network != network.name:
        raise SelectionError(f"{path} describes a node of {file.network!r}, not of {network.name!r}")
    check_deviations(network, file.deviations, path)
    if file.start is not None:
        return ProcessTarget(network, file, file.start), file
    if file.address is None:
        raise TargetError(f"{path}: the address is missing")
    target = AddressTarget(
        network,
        parse_address(file.address),
        name=file.name,
        role=file.role,
        features=file.features,
        shares=tuple(share for share, _ in file.shares),
        known=file.known,
        deviations=file.deviations,
        sources=file.sources,
    )
    return target, file


def check_deviations(network: Network, deviations: Iterable[Deviation], path: Path) -> None:
    """SelectionError unless every known deviation names a requirement or a case."""
    known = [*load(network.name), *(case.id for case in cases(network.name))]
    for each in deviations:
        if each.id not in known:
            raise SelectionError(f"{path}: {unknown('requirement or case', each.id, known)}")
