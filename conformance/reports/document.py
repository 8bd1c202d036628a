"""The report as a document: what a run found, as plain records that outlive it.

Every report but the terminal's is written from a document, and `report.json` is the document itself, so that all say
the same and a page can be made again from the file. The records below are the definition: they write the file, check
one that is read, and give the published JSON Schema (`report.schema.json`, beside this module).

A document stays small whatever the node sent. The messages of a deviation are in the evidence folder, where one is
written; without one the document keeps the last of them, up to the bounds below.

`FORMAT` is raised when a meaning changes. Fields may be added without that, so who reads a document ignores fields that
it does not know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..verdicts import Level, Outcome, Verdict

FORMAT: Literal[1] = 1
SCHEMA = Path(__file__).with_name("report.schema.json")
"""The published JSON Schema (2020-12)."""

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of the largest file that is taken for a report."""

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]


class DocumentError(ValueError):
    """A file is no report, or one of a format that this version does not know; the message is one line."""


class Node(Struct, frozen=True, kw_only=True):
    """The node that was judged."""

    name: str
    role: str
    address: Annotated[str, Meta(description="IPv4 address and port.")]
    features: Annotated[list[str], Meta(description="What it offers beyond listening.")]


class Rule(Struct, frozen=True, kw_only=True):
    """A requirement, as it was worded when the node was judged."""

    level: Level
    text: str
    source: str


class Accepted(Struct, frozen=True, kw_only=True):
    """A known deviation: the id of a requirement or a case, and why it is accepted."""

    id: str
    reason: str


class Happening(Struct, frozen=True, kw_only=True):
    """One event on a tester's wire, or in its world."""

    time: Annotated[float, Meta(description="Seconds of the world's clock.")]
    kind: str
    wire: Annotated[int, Meta(ge=0, description="The number of the connection; 0 for what happened on none.")]
    local: Annotated[str, Meta(description="The tester's address and port; empty when there is none.")]
    remote: Annotated[str, Meta(description="The node's address and port; empty when there is none.")]
    data: Annotated[str, Meta(pattern="^([0-9a-f]{2})*$", description="The bytes that passed, in hex.")]
    note: str


class Messages(Struct, frozen=True, kw_only=True):
    """The last events of a case, oldest first."""

    left_out: Annotated[int, Meta(ge=0, description="Events before these that are not kept here.")]
    dropped: Annotated[int, Meta(ge=0, description="Bytes that the tester did not keep, or that are cut off here.")]
    events: list[Happening]


class Judged(Struct, frozen=True, kw_only=True):
    """One case and what came of it."""

    id: Annotated[str, Meta(description="section/name, with [parameters] where the case has some.")]
    section: str
    title: str
    requirements: Annotated[list[str], Meta(min_length=1, description="The ids of the requirements that it checks.")]
    level: Annotated[Level, Meta(description="The strongest level among its requirements.")]
    outcome: Annotated[Outcome, Meta(description="How its body ended.")]
    verdict: Annotated[Verdict, Meta(description="What that says of the node, given the level.")]
    known: Annotated[str | None, Meta(description="Why this deviation is known and accepted; null when it is not.")]
    message: str
    expected: Annotated[list[str], Meta(description="Every acceptable outcome.")]
    actual: Annotated[str, Meta(description="What came instead.")]
    detail: str
    duration: Annotated[float, Meta(ge=0, description="Seconds of real time.")]
    evidence: Annotated[list[str], Meta(description="Files of evidence, relative to the report's folder.")]
    transcript: Annotated[Messages | None, Meta(description="The last messages, where no evidence was written.")]

    @property
    def deviates(self) -> bool:
        """Whether the node failed it at a level that is held against it."""
        return self.verdict in (Verdict.FAIL, Verdict.WARN)

    @property
    def word(self) -> str:
        """The verdict in a word or two, as the reports print it: a MAY says what the node does."""
        if self.verdict is Verdict.INFO:
            return "does" if self.outcome is Outcome.HELD else "does not"
        return str(self.verdict)


class Document(Struct, frozen=True, kw_only=True):
    """What one run of `peerspec check` found."""

    format: Annotated[Literal[1], Meta(description="The version of this form.")]
    peerspec: Annotated[str, Meta(description="The version of peerspec that judged.")]
    began: Annotated[str, Meta(description="When the run began: date and time of day in UTC, ISO 8601.")]
    network: Annotated[str, Meta(description="The network's name on the command line.")]
    title: Annotated[str, Meta(description="The network's name as it is written.")]
    again: Annotated[str, Meta(description="The command that judges the same target; an id can be added.")]
    target: Node
    seed: Count
    strict: Annotated[bool, Meta(description="Whether a SHOULD was held like a MUST.")]
    duration: Annotated[float, Meta(ge=0, description="Seconds of real time.")]
    exit_code: Annotated[int, Meta(description="0 conforms, 1 does not, 3 could not be judged.")]
    verdicts: Annotated[
        dict[Verdict, Count], Meta(description="How many cases came to each verdict; known deviations are left out.")
    ]
    known: Annotated[int, Meta(ge=0, description="How many cases are known deviations.")]
    stale: Annotated[list[Accepted], Meta(description="Known deviations that deviate no longer: an error.")]
    notes: list[str]
    sections: Annotated[dict[str, str], Meta(description="Name and title of each section that has a case here.")]
    requirements: Annotated[dict[str, Rule], Meta(description="The requirements that the cases check, by id.")]
    cases: list[Judged]

    @property
    def said(self) -> str:
        """What the run comes to, in words."""
        return {0: "conforms", 1: "does not conform"}.get(self.exit_code, "could not be judged")


def encode(document: Document) -> bytes:
    """The document as JSON, in UTF-8, indented by two."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    found = msgspec.json.schema(Document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "peerspec report", **found}


class _Head(Struct):
    format: int


def read(path: Path) -> Document:
    """The document in a file (DocumentError)."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DocumentError(f"{path}: is larger than a report can be")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format != FORMAT:
            raise DocumentError(f"{path}: a report of format {head.format}; this version of peerspec reads {FORMAT}")
        return msgspec.json.decode(data, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DocumentError(f"{path}: not a report of peerspec: {error}") from error
