"""What the engine must be told about a network, and how it finds the networks there are.

A network is the folders of its name: `spec/<name>/` with the text and `conformance/<name>/` with the cases, whose
`__init__.py` says

    NETWORK = Gnutella()

where `Gnutella` is a subclass of `Network`. Nothing else names a network: a new one is new folders, and no edit here.

A text whose nodes have several roles is judged by several networks, one for each role: `spec/napster/` by
`conformance/napster/`, called `napster`, and by `conformance/napster_peer/`, called `napster-peer`. What stands before
the first hyphen names the text and the codecs.
The module must import quickly and without scapy: what is heavy is imported inside the methods.
"""

from __future__ import annotations

import functools
import importlib
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .outcomes import Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from random import Random

    from ..codecs.spans import Subject
    from ..reference.node import Node
    from .bench import Bench
    from .evidence.dissect import Dissector
    from .explore.explorer import Explorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A file known to be shared by the node under test. `words` are those a search finds it by."""

    name: str
    content: bytes
    words: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


class Choice(NamedTuple):
    """A field whose value its sender chooses: the same thing has another value the next time.

    `kind` tells apart what can't be equal (a GUID, an index); `path` is as `codecs.spans` has it. An address has two
    paths, that of its IP and that of its port.
    """

    kind: str
    path: str
    port_path: str = ""


class Network(ABC):
    """One network, as the engine sees it. Subclasses set the names and build the nodes."""

    name: str
    """The word of the command line, and of the folders: `gnutella`; a hyphen is an underscore in the folder's name."""
    title: str
    """The name as it is written: `Gnutella`."""
    role: str
    """What a node is called that is judged: `servent`."""
    binds: frozenset[str] = frozenset()
    """The words of the requirements' `binds` that such a node is judged by; none means all."""
    sections: Mapping[str, str]
    """File name of each section of cases -> its title, in the order of the report."""
    spellings: Mapping[str, str] = MappingProxyType({})
    """How words are written in a title that a function's name can't spell: `http 1 0` -> `HTTP/1.0`."""
    features: frozenset[str] = frozenset()
    """What the built-in node offers beyond listening, in the words of the requirements' `feature`."""
    pure: frozenset[str] = frozenset()
    """Methods of the reference node, and of its mutants, that do nothing but return a value (see `reach`)."""
    ports: tuple[int, ...] = ()
    """TCP and UDP ports that nodes use by custom, for tools that look at traffic."""

    @property
    def specification(self) -> str:
        """The name of the text, and of the codecs: `napster` for `napster-peer`."""
        return specification_of(self.name)

    def sentence(self, name: str) -> str:
        """The name of a case's function as the sentence that it stands for."""
        text = name.replace("_", " ")
        for plain, spelling in self.spellings.items():
            text = re.sub(rf"\b{re.escape(plain)}\b", spelling, text)
        return text[:1].upper() + text[1:]

    def dissector(self) -> Dissector:
        """What cuts the bytes of a wire into messages, for evidence."""
        from .evidence.dissect import Dissector

        return Dissector(self.specification)

    def choices(self, subject: Subject, *, sent: bool) -> Iterable[Choice]:
        """The fields of a message whose values the sender chose, or took from what the other side chose.

        A replay follows them. `sent` says whether a tester sent the message.
        """
        return ()

    def marks(self, kind: str, value: object) -> str:
        """What is not free in a chosen value of this kind, such as its marked bytes, in words; empty for nothing."""
        return ""

    def renewed(self, kind: str, value: bytes, random: Random) -> bytes:
        """Another value with the same marks, for what a tester chose and a node may remember."""
        return value

    def remembered(self, subject: Subject) -> Iterable[str]:
        """Words that a tester made up in its message, and a node may remember; in a replay others stand for them."""
        return ()

    def is_incidental(self, subject: Subject) -> bool:
        """Whether a node says a message as it likes, whatever it is asked: a replay does not compare it."""
        return False

    @abstractmethod
    def bench(self) -> type[Bench]:
        """The network's own bench."""

    @abstractmethod
    def make_node(self, random: Random, *, cls: type[Node] | None = None, **options: object) -> Node:
        """A reference node, of the class `cls` (a mutant) when one is given.

        `options` are the words that the network's own cases hand to `bench.instance(...)`, and `folder` (a Path) for
        what `peerspec serve --share` names; TypeError for an unknown one. `data` is a folder (a Path) in which the node
        keeps what must outlive it; without it, it keeps nothing.
        """

    def shares(self) -> tuple[Share, ...]:
        """What the node of `make_node` shares when no options are given."""
        return ()

    def known(self) -> Mapping[str, str]:
        """What else the tester is told of the node of `make_node` (an operator's password, say), by a word for it."""
        return {}

    def nulls(self) -> Mapping[str, Callable[[Random], Node]]:
        """Nodes that implement nothing, by name (mute, door slammer, echo, noise, ...): they must pass no case."""
        return {}

    def explorer(self) -> Explorer:
        """What `peerspec explore` needs of the network (Unsupported where there is no model of its nodes)."""
        raise Unsupported("explore", f"there is no model of {self.name} nodes to explore them by")

    def load_mutants(self) -> None:
        """Import the modules in which mutants are registered, if there are any."""
        try:
            importlib.import_module(f"{type(self).__module__}.mutants")
        except ModuleNotFoundError as error:
            if error.name != f"{type(self).__module__}.mutants":
                raise

    def dial(self, node: Node, now: float, address: tuple[str, int]) -> None:
        """Make a reference node dial `address` (Unsupported where nodes dial nobody)."""
        raise Unsupported("dial", f"a {self.title} node has no peers to dial")

    def order(self, node: Node, now: float, what: str, words: Mapping[str, str]) -> None:
        """Make a reference node do what its user could ask of it (Unsupported when it can't do `what`)."""
        raise Unsupported(what, f"a {self.title} node can't be told to do that")

    def downloaded(self, node: Node) -> Mapping[str, bytes]:
        """The files that a reference node has fetched in full, by their names below its folder for them."""
        raise Unsupported("download", f"a {self.title} node fetches no files")


def specification_of(name: str) -> str:
    """The name of the text and of the codecs that the network `name` stands on."""
    return name.partition("-")[0]


def package_of(name: str) -> str:
    """The name of the folder, in `conformance`, of the network `name`."""
    return name.replace("-", "_")


def name_of(package: str) -> str:
    """The network whose folder in `conformance` has this name."""
    return package.replace("_", "-")


@functools.cache
def network_names() -> tuple[str, ...]:
    """The networks that are installed, by name, in alphabetical order. Imports nothing of them."""
    package = importlib.import_module("peerspec.conformance")
    spec = importlib.import_module("peerspec.spec")
    specified = {path.name for root in spec.__path__ for path in _folders(root) if any(path.glob("*.md"))}
    return tuple(
        sorted(
            name_of(path.name)
            for root in package.__path__
            for path in _folders(root)
            if specification_of(name_of(path.name)) in specified and (path / "__init__.py").is_file()
        )
    )


def _folders(root: str) -> list[Path]:
    """The folders in `root`; none when it is no folder (an import hook's placeholder)."""
    path = Path(root)
    return [entry for entry in path.iterdir() if entry.is_dir()] if path.is_dir() else []


@functools.cache
def network_named(name: str) -> Network:
    """The network of that name (LookupError)."""
    if name not in network_names():
        raise LookupError(f"no network {name!r}")
    module = f"peerspec.conformance.{package_of(name)}"
    found = importlib.import_module(module).NETWORK
    if not isinstance(found, Network) or found.name != name:
        raise LookupError(f"{module}.NETWORK is not the network {name!r}")
    return found
