"""The requirements of a network, read from the specification's own text.

A requirement is a block in a page of `spec/<network>/`, written where a reader needs it:

    :::{requirement} GNU-FWD-01
    :level: MUST
    :binds: servent
    :source: RFC-Gnutella 0.6, 2.2.7.1
    :observe: Three connections; a Query 4/2 from one is read at another.
    A servent that forwards a Query MUST send it with a TTL at least one lower than the TTL it received.
    :::

Its rules, each checked here and reported with file and line when broken:

- an id is `NETWORK-TOPIC-NN`, stands once, and is never renumbered; all ids of a network begin with the same word;
- `level` is MUST, SHOULD or MAY, and that word stands in the sentence (the first paragraph of the body);
- `binds` and `source` are given, and exactly one of `observe` and `untestable`;
- `feature` names what the target must offer, `time` the seconds of node time that a case needs; both may be absent.

The pages are package data: an installed wheel answers as a checkout does.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .networks import network_named, specification_of
from .verdicts import Level

_OPENING = re.compile(r"^(?P<colons>:{3,})\{requirement\}\s*(?P<id>.*?)\s*$")
_OPTION = re.compile(r"^:(?P<name>[a-z_-]+):\s*(?P<value>.*?)\s*$")
_CODE_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})")
_ID = re.compile(r"[A-Z][A-Z0-9]*-[A-Z][A-Z0-9]*-\d{2,}")
_REQUIRED = ("level", "binds", "source")
_KNOWN = frozenset({*_REQUIRED, "observe", "untestable", "feature", "time"})


class RequirementError(ValueError):
    """A requirement block breaks a rule of its form; the message begins with `page:line:`."""

    def __init__(self, page: str, line: int, reason: str) -> None:
        super().__init__(f"{page}:{line}: {reason}")
        self.page = page
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One normative sentence with what is known of it. `page` is relative to `spec/`, `time` is in seconds."""

    id: str
    level: Level
    text: str
    explanation: str
    binds: str
    source: str
    observe: str | None
    untestable: str | None
    feature: str | None
    time: float
    page: str
    line: int

    @property
    def testable(self) -> bool:
        """Whether a black box can show it."""
        return self.untestable is None

    @property
    def topic(self) -> str:
        """The id without its number: `GNU-FWD` of `GNU-FWD-01`."""
        return self.id.rpartition("-")[0]


class Requirements(Mapping[str, Requirement]):
    """The requirements of one network by id, in the order of the text."""

    def __init__(self, network: str, blocks: Iterable[Requirement]) -> None:
        self.network = network
        self._by_id: dict[str, Requirement] = {}
        for block in blocks:
            self._add(block)

    def _add(self, new: Requirement) -> None:
        first = next(iter(self._by_id.values()), new)
        if new.id in self._by_id:
            old = self._by_id[new.id]
            raise RequirementError(new.page, new.line, f"{new.id} stands already in {old.page}:{old.line}")
        if new.id.split("-")[0] != first.id.split("-")[0]:
            raise RequirementError(new.page, new.line, f"{new.id} and {first.id} begin with different words")
        self._by_id[new.id] = new

    def __getitem__(self, key: str) -> Requirement:
        return self._by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def strongest(self, ids: tuple[str, ...]) -> Level:
        """The strongest level among `ids` (KeyError for an unknown one)."""
        return min((self._by_id[id_].level for id_ in ids), key=lambda level: level.rank)


@functools.cache
def load(network: str) -> Requirements:
    """The requirements by which the nodes of `network` are judged (LookupError, RequirementError).

    These are all of the network's text, or those that bind its role where the text has several.
    """
    whole = text_of(specification_of(network))
    binds = network_named(network).binds
    if not binds:
        return whole
    return Requirements(network, (each for each in whole.values() if each.binds in binds))


@functools.cache
def text_of(specification: str) -> Requirements:
    """All requirements of a text; LookupError when there is no such text, RequirementError when it is broken."""
    pages = _pages(specification)
    if not pages:
        raise LookupError(f"no specification of {specification!r}")
    blocks = (block for name, path in pages for block in parse(path.read_text("utf-8"), name))
    return Requirements(specification, blocks)


def _pages(network: str) -> list[tuple[str, Path]]:
    """Name and path of each page of `network`, over every installed portion of `peerspec.spec`."""
    roots = [Path(entry) for entry in importlib.import_module("peerspec.spec").__path__]
    found = [(path.relative_to(root).as_posix(), path) for root in roots for path in (root / network).rglob("*.md")]
    return sorted(found)


def parse(text: str, page: str) -> Iterator[Requirement]:
    """The requirement blocks of one page, in order (RequirementError). Blocks inside a code fence are examples."""
    lines = text.splitlines()
    code: str | None = None
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if fence := _CODE_FENCE.match(line):
            mark = fence["fence"]
            if code is None:
                code = mark
            elif mark.startswith(code):
                code = None
        elif code is None and (opening := _OPENING.match(line)):
            start = number
            closing = opening["colons"]
            while number < len(lines) and lines[number].rstrip() != closing:
                number += 1
            if number == len(lines):
                raise RequirementError(page, start, f"the block is never closed by {closing}")
            yield _block(opening["id"], lines[start:number], page, start)
            number += 1


def _block(id_: str, lines: list[str], page: str, line: int) -> Requirement:
    """One requirement from the lines between its fences."""
    if not _ID.fullmatch(id_):
        raise RequirementError(page, line, f"{id_!r}: an id is NETWORK-TOPIC-NN, such as GNU-FWD-01")
    try:
        options, rest = _options(lines)
        _check_options(options)
        text, explanation = _sentence(rest, options["level"])
    except ValueError as error:
        raise RequirementError(page, line, f"{id_}: {error}") from None
    return Requirement(
        id=id_,
        level=Level(options["level"]),
        text=text,
        explanation=explanation,
        binds=options["binds"],
        source=options["source"],
        observe=options.get("observe"),
        untestable=options.get("untestable"),
        feature=options.get("feature"),
        time=float(options.get("time", "0")),
        page=page,
        line=line,
    )


def _options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The options that open a block, and the lines after them. An indented line continues an option."""
    options: dict[str, str] = {}
    rest = list(lines)
    while rest and (option := _OPTION.match(rest[0])):
        name, value = option["name"], option["value"]
        rest.pop(0)
        while rest and rest[0].startswith((" ", "\t")) and rest[0].strip():
            value = f"{value} {rest.pop(0).strip()}".strip()
        if name not in _KNOWN:
            raise ValueError(f"unknown option :{name}:")
        if name in options:
            raise ValueError(f":{name}: is given twice")
        if not value:
            raise ValueError(f":{name}: is empty")
        options[name] = value
    return options, rest


def _check_options(options: dict[str, str]) -> None:
    """ValueError unless the options say all that they must, and nothing that cannot be."""
    for name in _REQUIRED:
        if name not in options:
            raise ValueError(f":{name}: is missing")
    if ("observe" in options) == ("untestable" in options):
        raise ValueError("give exactly one of :observe: and :untestable:")
    if options["level"] not in Level.__members__:
        raise ValueError(f"level {options['level']!r} is none of {', '.join(Level)}")
    if not re.fullmatch(r"\d+(\.\d+)?", options.get("time", "0")):
        raise ValueError(f"time {options['time']!r} is no number of seconds")


def _sentence(lines: list[str], level: str) -> tuple[str, str]:
    """The sentence and the explanation after it; ValueError unless the sentence says its level."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(lines).strip())]
    if not paragraphs[0]:
        raise ValueError("the sentence is missing")
    if not re.search(rf"\b{level}\b", paragraphs[0]):
        raise ValueError(f"the sentence does not say {level}")
    return paragraphs[0], "\n\n".join(paragraphs[1:])
