"""Napster's peers, as the engine sees them: the sections of their cases, the built-in peer and what that shares.

The tester is the server that a peer logs in to, and the other peer of its transfers. Servers are judged by the same
text, as the network `napster`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..networks import Choice, Network, Share
from ..outcomes import Unsupported

if TYPE_CHECKING:
    from ...codecs.spans import Subject
    from ...reference.napster import Peer, Shares
    from ...reference.node import Node
    from ..bench import Bench
    from ..evidence.dissect import Dissector

_SETTLE = 0.025
"""Seconds after which the built-in peer takes a request as whole: few, so that a run over sockets is short."""
_SETTINGS = ("nick", "firewalled", "uploads", "downloads")
"""What a case may choose for an instance, as `PeerConfig` has it."""
_FOLDER = "C:\\mp3\\"
"""What stands before the names of its files: peers of the time shared whole paths."""


class NapsterPeer(Network):
    """The network, judged in the role of a peer."""

    name = "napster-peer"
    title = "Napster peer"
    role = "peer"
    binds = frozenset({"peer"})
    sections = MappingProxyType(
        {
            "login": "Login",
            "metaserver": "Metaserver",
            "sharing": "Sharing",
            "uploads": "Uploads",
            "listening": "Data port",
            "requests": "Requests to the uploader",
            "firewalled": "Firewalled uploader",
            "searching": "Searching",
            "downloads": "Downloads",
            "firewalledowners": "Downloads from firewalled owners",
            "givingup": "Giving up",
            "browsing": "Direct browsing",
            "unasked": "Unasked messages",
            "limits": "Limits",
        }
    )
    spellings = MappingProxyType(
        {
            "lf": "LF",
            "getlist": "GETLIST",
            "filename contains": "FILENAME CONTAINS",
            "127 0 0 1": "127.0.0.1",
            "near valid": "near-valid",
            "md5": "MD5",
            "a get": "a GET",
            "little endian": "little-endian",
        }
    )
    ports = (6699,)
    features = frozenset({"direct-browse", "download", "firewalled", "limit", "metaserver", "search", "shares"})

    def bench(self) -> type[Bench]:
        from .bench import Bench

        return Bench

    def make_node(self, random: Random, *, cls: type[Node] | None = None, **options: object) -> Node:
        """A reference peer.

        Options: `shares`, contents by name, or `folder`, where they lie; `firewalled`; `uploads`, how many at a time;
        `downloads`, the folder for what it fetches (in memory without it); `nick`.
        """
        from ...reference.napster import Peer, PeerConfig

        if unknown := options.keys() - {"shares", "folder", *_SETTINGS}:
            raise TypeError(f"a Napster peer knows no option {', '.join(sorted(unknown))}")
        chosen = Peer if cls is None else cls
        if not issubclass(chosen, Peer):
            raise TypeError(f"{chosen.__name__} is no Napster peer")
        settings: dict[str, Any] = {name: options[name] for name in _SETTINGS if name in options}
        config = PeerConfig(settle=_SETTLE, shares=_shares_of(options), **settings)
        return chosen(config, random)

    def shares(self) -> tuple[Share, ...]:
        return _shares()

    def nulls(self) -> Mapping[str, Callable[[Random], Node]]:
        from .nulls import NULLS

        return NULLS

    def choices(self, subject: Subject, *, sent: bool) -> Iterable[Choice]:
        """The addresses, data ports and times in a message."""
        from ..napster.choices import choices

        return choices(subject, sent=sent)

    def dissector(self) -> Dissector:
        """What cuts sessions, transfers and the lines of metaservers into messages."""
        from .dissecting import NapsterDissector

        return NapsterDissector()

    def dial(self, node: Node, now: float, address: tuple[str, int]) -> None:
        """Make a peer log in at a server."""
        from .nulls import Null

        if isinstance(node, Null):
            node.dial(now, address)
        else:
            _peer(node).login(now, address)

    def order(self, node: Node, now: float, what: str, words: Mapping[str, str]) -> None:
        """Make a peer search ("search": words), fetch a file ("download": nick, file, and size and md5 if its user
        knows them) or log in by way of a metaserver ("login-by": address).
        """
        from .nulls import Null

        if isinstance(node, Null):
            return
        peer = _peer(node)
        if what == "search":
            peer.search(now, words["words"])
        elif what == "download":
            size = int(words["size"]) if "size" in words else _size_found(peer, words["nick"], words["file"])
            peer.download(now, words["nick"], words["file"], size=size, md5=words.get("md5", ""))
        elif what == "login-by":
            host, _, port = words["address"].partition(":")
            peer.login_by(now, (host, int(port)))
        else:
            raise Unsupported(what, "a Napster peer can't be told to do that")

    def downloaded(self, node: Node) -> Mapping[str, bytes]:
        """What a peer has fetched in full."""
        from .nulls import Null

        return {} if isinstance(node, Null) else _peer(node).downloaded


def _peer(node: Node) -> Peer:
    from ...reference.napster import Peer

    if not isinstance(node, Peer):
        raise TypeError(f"{type(node).__name__} is no Napster peer")
    return node


def _size_found(peer: Peer, nick: str, file: str) -> int | None:
    """The size of a file as the peer's searches have found it; None when they have not."""
    for question in peer.searches.values():
        for found in question.found:
            if (found.nick, found.file) == (nick, file):
                return found.size
    return None


@functools.cache
def _shares() -> tuple[Share, ...]:
    """Music: a short song, one that is longer than the buffers of a connection and has a tag, and one between them."""
    from .music import mp3

    random = Random(6699)
    return (
        Share(
            name="Conformance Band - Alpha Song.mp3",
            content=mp3(random, frames=400, bitrate=128, frequency=44100),
            words=("conformance", "alpha"),
        ),
        Share(
            name="Conformance Band - Beta Symphony (live).mp3",
            content=mp3(random, frames=16000, bitrate=160, frequency=48000, tag=2048),
            words=("conformance", "beta", "symphony"),
        ),
        Share(
            name="Conformance Band - Gamma Song.mp3",
            content=mp3(random, frames=60, bitrate=320, frequency=32000),
            words=("conformance", "gamma"),
        ),
    )


@functools.cache
def _default_shares() -> Shares:
    """The files that a peer shares when no options are given. They are read once: nodes share the object."""
    return _named({share.name: share.content for share in _shares()})


def _shares_of(options: Mapping[str, object]) -> Shares:
    """What the options say that a peer shares."""
    from ...reference.napster import Shares

    if isinstance(folder := options.get("folder"), Path):
        return Shares.from_folder(folder)
    if (contents := options.get("shares")) is None:
        return _default_shares()
    if not isinstance(contents, dict):
        raise TypeError("the option `shares` is a dict of contents by name")
    return _named(contents)


def _named(contents: Mapping[str, bytes]) -> Shares:
    """Contents under the whole paths by which peers know them."""
    from ...reference.napster import Shares

    return Shares.of({_FOLDER + name: content for name, content in contents.items()})


NETWORK = NapsterPeer()
