"""The trace: a failing case as JSON, complete enough to be understood, and sent again.

The format is versioned, and its JSON Schema is `trace.schema.json` beside this file. Rules of this file:

- Times are in seconds since the first event, bytes in hex, addresses `ip:port`.
- `events` hold all that a replay needs; what is decoded beside the bytes is for people, and is not read back.
- A file of another version, or one that makes no sense, is refused in one line (`TraceError`), whatever stands in it.
"""

from __future__ import annotations

import ipaddress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from ..outcomes import Sign, Symptom
from ..requirements import load as load_requirements
from ..worlds import NOWHERE, Address, Event, Kind, Transcript

if TYPE_CHECKING:
    from ..engine import Result, Settings
    from ..target import Target
    from .dissect import Unit
    from .symbols import Symbol

FORMAT = 1
"""Raised when the meaning of a field changes."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read."""


class TraceError(ValueError):
    """A file holds no trace of this format; the message is one line for the user."""


Hex = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$", description="Bytes in hex.")]
Seconds = Annotated[float, msgspec.Meta(ge=0, description="Seconds.")]
Where = Annotated[
    str, msgspec.Meta(pattern=r"^(\d{1,3}(\.\d{1,3}){3}:\d{1,5})?$", description="IPv4 address and port.")
]
Count = Annotated[int, msgspec.Meta(ge=0)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a trace."""


class TargetFacts(_Part, frozen=True):
    """What is known of the node that was judged."""

    name: str
    role: str
    address: Where
    features: tuple[str, ...] = ()
    virtual: bool = False
    """Whether it lived in the virtual network."""


class CaseFacts(_Part, frozen=True):
    """The case, and how it ended."""

    id: str
    section: str
    title: str
    level: str
    verdict: str
    message: str = ""
    expected: tuple[str, ...] = ()
    """Every acceptable outcome."""
    actual: str = ""
    detail: str = ""


class RequirementFacts(_Part, frozen=True):
    """A sentence that the case checks, and where it comes from."""

    id: str
    level: str
    text: str
    source: str


class Options(_Part, frozen=True):
    """How the run was made: seconds to wait for what must come, and for node time."""

    timeout: Seconds = 3.0
    patience: Seconds = 0.0
    strict: bool = False


class SymptomFacts(_Part, frozen=True):
    """By what the deviation shows; see `outcomes.Sign` for the words."""

    sign: Sign
    wire: Count = 0
    pattern: dict[str, int | str] = {}
    already: Count = 0
    after: Count = 0
    at: Where = ""
    waited: bool = False


class SymbolFacts(_Part, frozen=True):
    """A value that somebody chose: the events in which it was first seen, and in which the tester sent it again."""

    name: str
    kind: str
    by: Literal["node", "tester"]
    value: int | str
    first: Count
    used: tuple[Count, ...] = ()


class WireFacts(_Part, frozen=True):
    """A TCP connection, its ends, and who opened it."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    tester: Where
    node: Where
    opened_by: Literal["node", "tester"]


class MessageFacts(_Part, frozen=True):
    """A message that an event completed: its name, its fields, and where it stands in its direction of the stream."""

    name: str
    start: Count
    size: Count
    fields: dict[str, Any] = {}
    problem: str = ""


class EventFacts(_Part, frozen=True):
    """One thing that happened; see `worlds.transcript.Kind` for the words. `wire` is absent where it is on none."""

    time: Seconds
    kind: Kind
    wire: Count = 0
    data: Hex = ""
    local: Where = ""
    remote: Where = ""
    note: str = ""
    messages: tuple[MessageFacts, ...] = ()


class Trace(_Part, frozen=True, kw_only=True):
    """A failing case."""

    format: Annotated[int, msgspec.Meta(ge=1, description="Version of this format.")]
    peerspec: str
    """The version that wrote it."""
    network: str
    target: TargetFacts
    case: CaseFacts
    requirements: tuple[RequirementFacts, ...]
    seed: Count
    options: Options
    symptom: SymptomFacts
    symbols: tuple[SymbolFacts, ...] = ()
    wires: tuple[WireFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()
    dropped: Count = 0
    """Bytes that were not kept."""

    def encode(self) -> bytes:
        """The file's bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    def transcript(self) -> Transcript:
        """The events as they were (TraceError when they make no sense)."""
        found = Transcript()
        wires = {each.number: (address(each.tester), address(each.node)) for each in self.wires}
        if len(wires) != len(self.wires):
            raise TraceError("two wires have one number")
        opened: set[int] = set()
        for number, event in enumerate(self.events):
            if event.wire:
                if event.wire not in wires:
                    raise TraceError(f"event {number} is on wire {event.wire}, which is not listed")
                if event.wire in opened and event.kind in (Kind.OPEN, Kind.ACCEPT):
                    raise TraceError(f"event {number} opens wire {event.wire} once more")
                if event.wire not in opened and event.kind not in (Kind.OPEN, Kind.ACCEPT):
                    raise TraceError(f"event {number} is on wire {event.wire}, which is not open yet")
                opened.add(event.wire)
            local, remote = wires[event.wire] if event.wire else (address(event.local), address(event.remote))
            data = bytes.fromhex(event.data)
            found.events.append(Event(event.time, event.kind, event.wire, local, remote, data, event.note))
        found.dropped = self.dropped
        found.conclude()
        return found

    def symptom_of(self) -> Symptom:
        """The symptom, as the engine has it."""
        facts = self.symptom
        return Symptom(
            sign=facts.sign,
            wire=facts.wire,
            pattern=facts.pattern,
            already=facts.already,
            after=facts.after,
            at=address(facts.at) if facts.at else None,
            waited=facts.waited,
        )


def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    found = msgspec.json.schema(Trace)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "peerspec trace", **found}


def read(path: Path) -> Trace:
    """The trace in a file (TraceError, with the path)."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise TraceError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    if len(data) > LARGEST:
        raise TraceError(f"{path}: more than {LARGEST >> 20} MiB")
    try:
        return decode(data)
    except TraceError as error:
        raise TraceError(f"{path}: {error}") from error


def decode(data: bytes) -> Trace:
    """The trace in a file's bytes (TraceError)."""
    try:
        format_ = msgspec.json.decode(data, type=_Version).format
        if format_ != FORMAT:
            raise TraceError(f"format {format_} is not known; this is for format {FORMAT}")
        found = msgspec.json.decode(data, type=Trace)
    except msgspec.MsgspecError as error:
        raise TraceError(f"it is no trace: {error}") from error
    except UnicodeDecodeError as error:
        raise TraceError("it is no trace: no text") from error
    except RecursionError as error:
        raise TraceError("it is no trace: nested too deep") from error
    found.transcript()
    return found


class _Version(msgspec.Struct):
    format: int


def address(text: str) -> Address:
    """`ip:port` as an address (TraceError); nothing as nowhere."""
    if not text:
        return NOWHERE
    ip, _, port = text.rpartition(":")
    try:
        ipaddress.IPv4Address(ip)
    except ValueError as error:
        raise TraceError(f"{ip!r} is no IPv4 address") from error
    if int(port) > 65535:
        raise TraceError(f"{port} is no port")
    return ip, int(port)


def written(where: Address) -> str:
    """An address as `ip:port`; nowhere as nothing."""
    return f"{where[0]}:{where[1]}" if where[0] else ""


def trace(result: Result, target: Target, settings: Settings) -> Trace:
    """The trace of a case that was run and did not hold."""
    from .symbols import symbols

    network, transcript = target.network, result.transcript or Transcript()
    events = transcript.events[: transcript.end]
    units = network.dissector().units(events)
    requirements = load_requirements(network.name)
    symptom = result.symptom or Symptom(sign=Sign.ANSWERS)
    return Trace(
        format=FORMAT,
        peerspec=version("peerspec"),
        network=network.name,
        target=TargetFacts(
            name=target.name,
            role=target.role,
            address=written(transcript.node if transcript.node[0] else target.address),
            features=tuple(sorted(target.features)),
            virtual=target.isolated,
        ),
        case=CaseFacts(
            id=result.case.id,
            section=result.case.section,
            title=result.case.title,
            level=str(result.level),
            verdict=str(result.verdict),
            message=_text(result.message),
            expected=tuple(map(_text, result.expected)),
            actual=_text(result.actual),
            detail=_text(result.detail),
        ),
        requirements=tuple(
            RequirementFacts(id=id_, level=str(each.level), text=each.text, source=each.source)
            for id_ in result.case.requirements
            for each in (requirements[id_],)
        ),
        seed=settings.seed,
        options=Options(timeout=settings.timing.timeout, patience=settings.timing.patience, strict=settings.strict),
        symptom=SymptomFacts(
            sign=symptom.sign,
            wire=symptom.wire,
            pattern=dict(symptom.pattern),
            already=symptom.already,
            after=symptom.after,
            at=written(symptom.at or NOWHERE),
            waited=symptom.waited,
        ),
        symbols=tuple(map(_symbol, symbols(network, units).values())),
        wires=_wires(events),
        events=_events(events, units),
        dropped=transcript.dropped,
    )


def _wires(events: list[Event]) -> tuple[WireFacts, ...]:
    return tuple(
        WireFacts(
            number=event.wire,
            tester=written(event.local),
            node=written(event.remote),
            opened_by="node" if event.kind is Kind.ACCEPT else "tester",
        )
        for event in events
        if event.kind in (Kind.OPEN, Kind.ACCEPT)
    )


def _events(events: list[Event], units: list[Unit]) -> tuple[EventFacts, ...]:
    by_event: dict[int, list[MessageFacts]] = {}
    for unit in units:
        facts = MessageFacts(
            name=unit.name,
            start=unit.start,
            size=len(unit.raw),
            fields=_clean(unit.as_json()),
            problem=_text(unit.problem),
        )
        by_event.setdefault(unit.event, []).append(facts)
    first = events[0].time if events else 0.0
    return tuple(
        EventFacts(
            time=round(max(0.0, event.time - first), 6),
            kind=event.kind,
            wire=event.wire,
            data=event.data.hex(),
            local="" if event.wire else written(event.local),
            remote="" if event.wire else written(event.remote),
            note=_text(event.note),
            messages=tuple(by_event.get(number, ())),
        )
        for number, event in enumerate(events)
    )


def _symbol(symbol: Symbol) -> SymbolFacts:
    value = symbol.value
    shown = value.hex() if isinstance(value, bytes) else written(value) if isinstance(value, tuple) else value
    return SymbolFacts(
        name=symbol.name,
        kind=symbol.kind,
        by="node" if symbol.by_node else "tester",
        value=shown,
        first=symbol.first,
        used=tuple(symbol.used),
    )


def _text(text: str) -> str:
    """`text` as JSON can hold it: a node may have sent what is no Unicode."""
    return text.encode("utf-8", "backslashreplace").decode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value
