"""Gnutella, as the engine sees it: the sections of its cases, its built-in node and what that shares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..networks import Choice, Network, Share

if TYPE_CHECKING:
    from ...codecs.spans import Subject
    from ...reference.node import Node
    from ..bench import Bench
    from ..explore.explorer import Explorer

_BLOB_SIZE = 100_000
_FLOOD_BURST = 500
"""Queries and Pings of one peer that are passed on at once: few enough for a case to exceed."""


class Gnutella(Network):
    """The network, judged in the role of a servent."""

    name = "gnutella"
    title = "Gnutella"
    role = "servent"
    sections = MappingProxyType(
        {
            "handshake": "Handshake",
            "headers": "Descriptor header",
            "forwarding": "Forwarding",
            "duplicates": "Duplicates",
            "pingpong": "Ping and Pong",
            "queries": "Queries",
            "hits": "QueryHits",
            "routing": "Routing of QueryHits",
            "push": "Push",
            "bye": "Bye",
            "download": "Download",
            "limits": "Limits",
        }
    )
    spellings = MappingProxyType(
        {
            **{word: word.upper() for word in ("ttl", "guid", "ggep", "giv", "nul", "http")},
            **{
                word: word.capitalize()
                for word in ("ping", "pings", "pong", "pongs", "query", "queries", "push", "bye")
            },
            "nodes own": "node's own",
            "askers": "asker's",
            "guids": "GUIDs",
            "a get": "a GET",
            "a head": "a HEAD",
            "connection close": "Connection: close",
            "gnutella ok": "GNUTELLA OK",
            "lf": "LF",
            "2 gib": "2 GiB",
            "4 kb": "4 kB",
            "keep alive": "keep-alive",
            "near valid": "near-valid",
            "line headers": "line, headers",
            "HTTP 1 0": "HTTP/1.0",
            "0 4": "0.4",
            "0 6": "0.6",
        }
    )
    ports = (6346,)
    features = frozenset({"dial", "firewalled", "legacy", "many-shares", "shares", "stop"})

    def bench(self) -> type[Bench]:
        from .bench import Bench

        return Bench

    def make_node(self, random: Random, *, cls: type[Node] | None = None, **options: object) -> Node:
        """A reference servent. Options: `shares`, contents by name, or `folder`, where they lie; `firewalled`."""
        from ...reference.gnutella import Servent, ServentConfig, Shares

        if unknown := options.keys() - {"shares", "folder", "firewalled"}:
            raise TypeError(f"a Gnutella node knows no option {', '.join(sorted(unknown))}")
        chosen = Servent if cls is None else cls
        if not issubclass(chosen, Servent):
            raise TypeError(f"{chosen.__name__} is no Gnutella servent")
        config = ServentConfig(firewalled=bool(options.get("firewalled")), flood_burst=_FLOOD_BURST)
        if isinstance(folder := options.get("folder"), Path):
            return chosen(config, random, Shares.from_folder(folder))
        contents = options.get("shares", {share.name: share.content for share in self.shares()})
        if not isinstance(contents, dict):
            raise TypeError("the option `shares` is a dict of contents by name")
        return chosen(config, random, Shares.of(contents))

    def shares(self) -> tuple[Share, ...]:
        return _shares()

    def nulls(self) -> Mapping[str, Callable[[Random], Node]]:
        from .nulls import NULLS

        return NULLS

    def explorer(self) -> Explorer:
        from .model import GnutellaExplorer

        return GnutellaExplorer()

    def choices(self, subject: Subject, *, sent: bool) -> Iterable[Choice]:
        from .choices import choices

        return choices(subject, sent=sent)

    def marks(self, kind: str, value: object) -> str:
        from .choices import marks

        return marks(kind, value)

    def renewed(self, kind: str, value: bytes, random: Random) -> bytes:
        from .choices import renewed

        return renewed(kind, value, random)

    def dial(self, node: Node, now: float, address: tuple[str, int]) -> None:
        from ...reference.gnutella import Servent
        from .nulls import Null

        if not isinstance(node, Servent | Null):
            raise TypeError(f"{type(node).__name__} is no Gnutella servent")
        node.dial(now, address)


@functools.cache
def _shares() -> tuple[Share, ...]:
    """A text with blanks in its name, a larger file whose name needs no encoding, and a name that needs much of it."""
    return (
        Share(
            name="conformance alpha testfile.txt",
            content=b"conformance test file body\n",
            words=("conformance", "alpha", "testfile"),
        ),
        Share(name="blob-beta.bin", content=Random(6346).randbytes(_BLOB_SIZE), words=("blob", "beta")),
        Share(
            name="gamma x 100% caf\u00e9 (delta).txt", content=b"Caf\xc3\xa9 & more\n" * 40, words=("gamma", "delta")
        ),
    )


NETWORK = Gnutella()
