"""Napster's server, as the engine sees it: the sections of its cases, its built-in node and what that offers.

The same text binds peers; they are judged as the network `napster-peer`. A metaserver is a server that is told of
others (`redirects`), so its requirements are judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..networks import Choice, Network

if TYPE_CHECKING:
    from ...codecs.spans import Subject
    from ...reference.node import Node
    from ..bench import Bench
    from ..evidence.dissect import Dissector

_NUMBERS = frozenset({"login_timeout", "max_backlog", "max_body", "max_results", "max_shares"})
"""Limits of the server that a case may choose for an instance, by their name in `ServerConfig`."""
_DATABASE = "napster.sqlite"


class Napster(Network):
    """The network, judged in the role of a server."""

    name = "napster"
    title = "Napster"
    role = "server"
    binds = frozenset({"server", "metaserver"})
    sections = MappingProxyType(
        {
            "framing": "Framing",
            "fields": "Text",
            "login": "Login",
            "nicks": "Nicks",
            "session": "Session",
            "registration": "Registration",
            "sharing": "Sharing",
            "media": "Other media",
            "search": "Search",
            "filters": "Search filters",
            "browse": "Browse",
            "resume": "Resume",
            "statistics": "Statistics",
            "signalling": "Transfer signalling",
            "transfers": "Transfers in progress, queue",
            "people": "People",
            "hotlist": "Hotlist",
            "ignoring": "Ignoring",
            "messages": "Private messages",
            "channels": "Channels",
            "channellists": "Topics and lists of channels",
            "channelrules": "Rules of channels",
            "operators": "Operators",
            "bans": "Bans",
            "metaserver": "Metaserver",
            "links": "Links between servers",
            "limits": "Limits",
        }
    )
    spellings = MappingProxyType(
        {
            "ip": "IP",
            "gib": "GiB",
            "mp3": "MP3",
            "lf": "LF",
            "nul": "NUL",
            "near valid": "near-valid",
            "e mail": "e-mail",
            "big endian": "big-endian",
            "little endian": "little-endian",
            "max results": "MAX_RESULTS",
            "linespeed": "LINESPEED",
            "2 gib": "2 GiB",
            "4 gib": "4 GiB",
            "windows": "Windows",
            "users peer": "user's peer",
        }
    )
    pure = frozenset(
        {
            *("framed", "decoded", "author", "folded", "nick_is_valid", "may_be_early", "login_ack"),
            *("kept_checksum", "kept_size", "is_shared_already", "wanted", "bitrates", "frequencies", "link_types"),
            *("required_words", "wanted_words", "words", "asked_results", "most_results", "limit", "found"),
            *("left_out", "must_be_reachable", "usual_kinds"),
        }
    )
    ports = (8888, 8875)
    features = frozenset(
        {"checksums", "direct-browse", "media", "metaserver", "operator", "registration", "restart", "stop"}
    )

    def bench(self) -> type[Bench]:
        from .bench import Bench

        return Bench

    def make_node(self, random: Random, *, cls: type[Node] | None = None, **options: object) -> Node:
        """A reference server.

        Options: `redirects`, the addresses ("host:port") that it gives out as a metaserver; `data`, a folder in which
        it keeps its accounts, or `database`, the file; and the limits in `_NUMBERS`.
        """
        from ...reference.napster import Server, ServerConfig

        chosen = Server if cls is None else cls
        if not issubclass(chosen, Server):
            raise TypeError(f"{chosen.__name__} is no Napster server")
        settings: dict[str, Any] = {}
        for name, value in options.items():
            if name == "redirects" and isinstance(value, list | tuple):
                settings[name] = tuple(map(str, value))
            elif name == "data" and isinstance(value, Path):
                settings["database"] = value / _DATABASE
            elif (name == "database" and isinstance(value, Path)) or (name in _NUMBERS and isinstance(value, int)):
                settings[name] = value
            else:
                raise TypeError(f"a Napster server knows no option {name}={value!r}")
        return chosen(ServerConfig(**settings), random)

    def choices(self, subject: Subject, *, sent: bool) -> Iterable[Choice]:
        """The addresses, data ports and times in a message."""
        from .choices import choices

        return choices(subject, sent=sent)

    def is_incidental(self, subject: Subject) -> bool:
        """The message of the day is, and so are the statistics that follow a login."""
        from ...codecs.napster import MotdLine, Packet, Stats

        return isinstance(subject, Packet) and subject.type in (MotdLine.wire_type, Stats.wire_type)

    def remembered(self, subject: Subject) -> Iterable[str]:
        """The nicks that testers register."""
        from .choices import remembered

        return remembered(subject)

    def dissector(self) -> Dissector:
        """What cuts sessions, and the lines of metaservers, into messages."""
        from .wires import ServerDissector

        return ServerDissector()

    def known(self) -> Mapping[str, str]:
        """What a tester is told of the built-in server: nick and password of its operator."""
        return {"operator": "root secret"}

    def nulls(self) -> Mapping[str, Callable[[Random], Node]]:
        from .nulls import NULLS

        return NULLS


NETWORK = Napster()
