r"""The form of a target file: how a node is started, what it offers, and which of its deviations are known.

    network = "gnutella"
    name = "SomeServent 1.2"
    role = "servent"                      # the network's own, when it is not said
    address = "127.0.0.1:6346"            # only when no [start] is given
    features = ["shares", "dial", "stop"]
    sources = "127.0.0.0/8"               # testers' source addresses; the default for a node on loopback
    timeout = 3.0                         # seconds for what must come; otherwise scaled by the latency
    patience = 0                          # seconds that a case may wait for the node's own clock

    [start]
    command = ["{env.SERVENT}", "--listen", "{host}:{port}", "--share", "{dir}/shared"]
    dial = ["--connect", "{peer}"]        # words added to the command to make it dial
    env = { LANG = "C" }
    host = "127.0.0.1"
    ready = 20                            # seconds within which the port must accept
    stop = "SIGTERM"
    stop_within = 5                       # seconds, then it is killed
    restart = true                        # start it anew when it died
    listens_late = true                   # do not wait for the port of an instance: it opens after a login, if at all
    files = [{ path = "servent.conf", text = "port = {port}" }]
    downloads = "downloads"               # where it puts the files that it has fetched in full

    [start.options]                       # words added for what a case chooses of an instance; {value} is its choice
    uploads = ["--uploads", "{value}"]

    [orders]                              # what to type to make it do something, a line each
    search = "/search {words}"

    [known]                               # what else the network's cases need to be told
    operator = "root secret"

    [[shares]]
    name = "conformance alpha testfile.txt"
    text = "27 bytes of conformance\\n"
    repeat = 1
    path = "shared/conformance alpha testfile.txt"     # written there before the start
    words = ["conformance", "alpha"]

    [[shares]]
    name = "blob-beta.bin"                # without a text: what the built-in node shares under that name
    path = "shared/blob-beta.bin"

    [[known_deviations]]
    id = "GNU-FWD-03"                     # or a case id
    reason = "forwards with TTL 0 (reported upstream)"

Placeholders, in command, dial, env values, files and what is known: {host} {port} {dir} {peer} {peer_host} {peer_port},
and {env.NAME} for a variable of the environment; in an order, the words that it is about. Other braces stay as they
are. Relative paths are relative to the working directory made for the run ({dir}), which is where the command runs.
"""

from __future__ import annotations

import os
import re
import signal
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from .networks import Share, network_named
from .target import Deviation, TargetUsageError

_PLACEHOLDER = re.compile(r"\{(host|port|dir|peer|peer_host|peer_port|value|env\.\w+)\}")
_LARGEST_SHARE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a node is started, made to dial, and stopped. Times are in seconds; `files` maps path to text."""

    command: tuple[str, ...]
    dial: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    ready: float = 20.0
    stop: signal.Signals = signal.SIGTERM
    stop_within: float = 5.0
    downloads: str | None = None
    restart: bool = True
    listens_late: bool = False
    """Whether an instance opens its port only when a server has let it in, or not at all when it is firewalled."""
    files: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words for what may be chosen of an instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFile:
    """What a target file says."""

    path: Path
    network: str
    name: str
    role: str | None = None
    address: str | None = None
    features: frozenset[str] = frozenset()
    sources: str | None = None
    timeout: float | None = None
    patience: float = 0.0
    start: Start | None = None
    shares: tuple[tuple[Share, str | None], ...] = ()
    """Each share with the path it is written to, if any."""
    deviations: tuple[Deviation, ...] = ()
    orders: Mapping[str, str] = field(default_factory=dict)
    """What to type, by what it makes the node do."""
    known: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> TargetFile:
    """The target file at `path`; TargetUsageError, naming the file and the key, when it can't be read or understood."""
    table = _Table(path, "", _load(path))
    name = table.text("name", path.stem)
    start = table.table("start")
    found = TargetFile(
        path=path,
        network=table.text("network"),
        name=name,
        role=table.optional_text("role"),
        address=table.optional_text("address"),
        features=frozenset(table.texts("features")),
        sources=table.optional_text("sources"),
        timeout=table.number("timeout", None),
        patience=table.number("patience", 0.0) or 0.0,
        start=_start(start) if start else None,
        orders={key: orders.text(key) for key, orders in table.each("orders")},
        known={key: known.text_of(key) for key, known in table.each("known")},
        shares=tuple(_share(each, table.text("network")) for each in table.tables("shares")),
        deviations=tuple(_deviation(each) for each in table.tables("known_deviations")),
    )
    table.done()
    if (found.start is None) == (found.address is None):
        raise TargetUsageError(f"{path}: give either an address or a [start] table")
    return found


def read_deviations(path: Path) -> tuple[Deviation, ...]:
    """The `known_deviations` of a file of its own (TargetUsageError)."""
    table = _Table(path, "", _load(path))
    found = tuple(_deviation(each) for each in table.tables("known_deviations"))
    table.done()
    return found


def fill_in(text: str, values: Mapping[str, str], path: Path) -> str:
    """`text` with its placeholders filled in (TargetUsageError for one without a value)."""

    def value(match: re.Match[str]) -> str:
        key = match[1]
        found = os.environ.get(key[4:]) if key.startswith("env.") else values.get(key)
        if found is None:
            hint = f"set the environment variable {key[4:]}" if key.startswith("env.") else "it has no value here"
            raise TargetUsageError(f"{path}: {match[0]}: {hint}")
        return found

    return _PLACEHOLDER.sub(value, text)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TargetUsageError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetUsageError(f"{path}: not a TOML file: {error}") from error


def _start(table: _Table) -> Start:
    files = {each.relative_path("path"): each.text("text") for each in table.tables("files")}
    name = table.text("stop", "SIGTERM")
    if name not in signal.Signals.__members__:
        raise table.error("stop", f"{name!r} is no signal, such as SIGTERM")
    start = Start(
        command=tuple(table.texts("command", required=True)),
        dial=tuple(table.texts("dial")),
        env={key: value.text_of(key) for key, value in table.each("env")},
        host=table.text("host", "127.0.0.1"),
        ready=table.number("ready", 20.0) or 20.0,
        stop=signal.Signals[name],
        stop_within=table.number("stop_within", 5.0) or 5.0,
        restart=table.flag("restart", default=True),
        listens_late=table.flag("listens_late", default=False),
        files=files,
        downloads=table.relative_path("downloads") if table.has("downloads") else None,
        options={key: tuple(options.texts(key)) for key, options in table.each("options")},
    )
    table.done()
    return start


def _share(table: _Table, network: str) -> tuple[Share, str | None]:
    """A share and the path it is written to. What the network's own node shares need not be described again."""
    name, words = table.text("name"), tuple(table.texts("words"))
    if not table.has("text") and (own := _own_share(network, name)) is not None:
        share = Share(name=name, content=own.content, words=words or own.words)
    else:
        text, repeat = table.text("text").encode(), int(table.number("repeat", 1) or 1)
        if len(text) * repeat > _LARGEST_SHARE:
            raise table.error("repeat", "that is more than 256 MiB")
        share = Share(name=name, content=text * repeat, words=words)
    path = table.relative_path("path") if table.has("path") else None
    table.done()
    return share, path


def _own_share(network: str, name: str) -> Share | None:
    """The file of that name that the built-in node of a network shares, if there are both."""
    try:
        shares = network_named(network).shares()
    except LookupError:
        return None
    return next((share for share in shares if share.name == name), None)


def _deviation(table: _Table) -> Deviation:
    found = Deviation(id=table.text("id"), reason=table.text("reason"))
    table.done()
    return found


class _Table:
    """A TOML table being read: types are checked, and keys that nobody asked for are refused."""

    def __init__(self, path: Path, where: str, values: dict[str, Any]) -> None:
        self._path = path
        self._where = where
        self._values = values
        self._asked: set[str] = set()

    def error(self, key: str, reason: str) -> TargetUsageError:
        """What is wrong with a key."""
        return TargetUsageError(f"{self._path}: {self._where}{key}: {reason}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._values

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is not None and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            raise self.error(key, f"expected {what}")
        return value

    def optional_text(self, key: str) -> str | None:
        """A string, or None."""
        value: str | None = self._get(key, str, "a string")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without a default, it must be there and not be empty."""
        value = self.optional_text(key)
        if value is None:
            value = default
        if value is None or (not value and default is None):
            raise self.error(key, "is missing or empty")
        return value

    def text_of(self, key: str) -> str:
        """A string that may be empty."""
        return self.optional_text(key) or ""

    def relative_path(self, key: str) -> str:
        """A path that stays inside the working directory."""
        path = PurePosixPath(self.text(key))
        if path.is_absolute() or ".." in path.parts:
            raise self.error(key, "expected a path inside the working directory")
        return str(path)

    def texts(self, key: str, *, required: bool = False) -> list[str]:
        """A list of strings."""
        value: list[Any] = self._get(key, list, "a list of strings") or []
        if not all(isinstance(each, str) for each in value):
            raise self.error(key, "expected a list of strings")
        if required and not value:
            raise self.error(key, "is missing or empty")
        return value

    def number(self, key: str, default: float | None) -> float | None:
        """A number, not negative."""
        value: float | None = self._get(key, (int, float), "a number")
        if value is not None and not 0 <= value < float("inf"):
            raise self.error(key, "expected a number that is not negative")
        return default if value is None else float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value: bool | None = self._get(key, bool, "true or false")
        return default if value is None else value

    def table(self, key: str) -> _Table | None:
        """A table, or None."""
        value: dict[str, Any] | None = self._get(key, dict, "a table")
        return None if value is None else _Table(self._path, f"{self._where}{key}.", value)

    def each(self, key: str) -> list[tuple[str, _Table]]:
        """The keys of a table, each with the table to read it from."""
        inner = self.table(key)
        return [] if inner is None else [(name, inner) for name in self._values[key]]

    def tables(self, key: str) -> list[_Table]:
        """A list of tables."""
        value: list[Any] = self._get(key, list, "a list of tables") or []
        if not all(isinstance(each, dict) for each in value):
            raise self.error(key, "expected a list of tables")
        return [_Table(self._path, f"{self._where}{key}[{number}].", each) for number, each in enumerate(value)]

    def done(self) -> None:
        """Refuse what is left over."""
        for key in self._values:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, 1)
                raise self.error(key, "unknown key" + (f"; did you mean {near[0]}?" if near else ""))
