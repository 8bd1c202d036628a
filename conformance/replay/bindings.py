"""Bindings: which value stands, this time, for one that was chosen in the trace.

Rules of this file:

- A value of the node's is bound by the first message that brings it in the place where the trace has it; a value of a
  tester's is bound from the start, to a new one where the node may remember the old.
- One value of the trace is bound to one value of the replay, and the other way round: that two things were equal in the
  trace, and no longer are, or now are and were not, is a difference.
- Addresses follow the target, its instances, and the addresses that testers have this time; a port that the node says
  is its own is one at the target's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from ...codecs.framing import Frame
from ...codecs.json_form import to_json
from ..evidence.dissect import Unit
from ..evidence.symbols import Chosen, Key, Symbol, Value, chosen, length_of

if TYPE_CHECKING:
    from ...codecs.spans import Span
    from ..networks import Network
    from ..worlds import Address

Form: TypeAlias = tuple[str, bytes, tuple[tuple[str, str, object, str], ...]]
"""A unit as it is compared: its name, its bytes without what is chosen, and for each chosen value its path and kind,
the value in the trace that it stands for (None for one of the node's that nothing is known of), and its marks."""


_HOST = rb"\d{1,3}(?:\.\d{1,3}){3}:\d{1,5}"
_HOSTS = re.compile(rb"(?m)^([\w-]+:[ \t]*)(" + _HOST + rb"(?:[ \t]*,[ \t]*" + _HOST + rb")*)([ \t]*\r?\n)")


class Bindings:
    """The bindings of one replay."""

    def __init__(
        self,
        network: Network,
        symbols: Iterable[Symbol],
        random: Random,
        *,
        node: tuple[Address, Address],
        renew: bool,
    ) -> None:
        self._network = network
        self._node = node
        """The address of the node in the trace, and this time."""
        self._forth: dict[Key, Value] = {}
        self._back: dict[Key, Value] = {}
        self._addresses: dict[Address, Address] = {node[0]: node[1]}
        self._ips: dict[str, str] = {}
        self._callers: set[bytes] = set()
        self._seen: dict[int, tuple[Unit, list[Chosen]]] = {}
        for symbol in symbols:
            if not symbol.by_node and not isinstance(symbol.value, tuple | str):
                value = symbol.value
                if renew and isinstance(value, bytes):
                    value = network.renewed(symbol.kind, value, random)
                self._bind((symbol.kind, symbol.value), value)

    def _bind(self, key: Key, value: Value) -> None:
        if key not in self._forth and (key[0], value) not in self._back:
            self._forth[key] = value
            self._back[key[0], value] = key[1]

    def bind_address(self, old: Address, new: Address) -> None:
        """An address of the trace is another one this time."""
        self._addresses[old] = new

    def bind_ip(self, old: str, new: str) -> None:
        """A tester's IP of the trace is another one this time."""
        self._ips[old] = new

    def address(self, old: Address) -> Address:
        """What stands for an address of the trace."""
        if old in self._addresses:
            return self._addresses[old]
        bound = self._forth.get(("address", old))
        if isinstance(bound, tuple):
            return bound
        port = self._forth.get(("port", old[1]))
        if old[0] == self._node[0][0] and isinstance(port, int):
            return self._node[1][0], port
        return self._ips.get(old[0], old[0]), old[1]

    def value(self, each: Chosen) -> Value:
        """What stands for a chosen value of the trace; the same where nothing is bound."""
        if isinstance(each.value, tuple):
            return self.address(each.value)
        if isinstance(each.value, str):
            return self._ips.get(each.value, each.value)
        return self._forth.get(each.key, each.value)

    def chosen(self, unit: Unit) -> list[Chosen]:
        """The chosen values of a unit; looked for once."""
        known = self._seen.get(id(unit))
        if known is None or known[0] is not unit:
            self._seen[id(unit)] = known = unit, chosen(self._network, unit)
        return known[1]

    def learn(self, old: Unit, new: Unit) -> None:
        """A message of the node's has come in the place of one in the trace: bind what it chose."""
        there = {each.path: each for each in self.chosen(new)}
        for each in self.chosen(old):
            if (other := there.get(each.path)) is not None and not self._is_known(each, other):
                self._bind(each.key, other.value)

    def _is_known(self, then: Chosen, now: Chosen) -> bool:
        """Whether it is known already what stands for an address: one of a tester's, or of a node that was started."""
        if isinstance(then.value, str):
            return True
        if not isinstance(then.value, tuple) or not isinstance(now.value, tuple):
            return False
        return then.value in self._addresses or then.value[0] in self._ips or now.value[0] in self._ips.values()

    # --- comparing

    def identity(self, unit: Unit, *, replayed: bool) -> tuple[object, ...]:
        """What tells which conversation a unit belongs to: its kind, and what is chosen in a frame's header."""
        heads = [each for each in self.chosen(unit) if each.path.startswith("header.")]
        if unit.is_frame:
            return "frame", unit.subject.type, *(self._meant(each, replayed=replayed) for each in heads)  # type: ignore[union-attr]
        return ("http",) if unit.http else (type(unit.subject).__name__,)

    def is_known_by_its_place(self, unit: Unit) -> bool:
        """Whether nothing in a frame's header says what it belongs to: then only its order among the others does."""
        return not any(each.path.startswith("header.") for each in self.chosen(unit))

    def form(self, unit: Unit, *, replayed: bool) -> Form:
        """A unit of the trace or of the replay as it is compared."""
        found = self.chosen(unit)
        values = tuple(
            (each.path, each.kind, self._meant(each, replayed=replayed), self._marks(each)) for each in found
        )
        places = [place for each in found for place in each.places]
        if isinstance(unit.subject, Frame) and places:
            places.append(length_of(unit.subject))  # in text it depends on what is chosen
        rest = _without(unit.raw, places)
        if fault := unit.fault():
            # what can't be read may hold chosen values that nobody can see
            size = f" in {len(unit.raw)} bytes" if unit.is_frame else ""
            rest = (re.sub(r"\d+", "#", fault) + size).encode()
        elif not unit.is_frame:
            rest = self._text(rest, replayed=replayed)
        return unit.name, rest, values

    def fits(self, pattern: Mapping[str, int | str], unit: Unit) -> bool:
        """Whether a unit of the replay is one that a pattern of the trace's means.

        `text` asks for text that contains this, in any case of letters; the others for a frame with these values, and
        for what stands this time for those that are chosen.
        """
        if "text" in pattern:
            return not unit.is_frame and str(pattern["text"]).lower().encode() in unit.raw.lower()
        if not isinstance(unit.subject, Frame):
            return False
        meant = {each.path: each for each in self.chosen(unit)}
        for path, wanted in pattern.items():
            if path == "payload":
                if not self._has_payload(unit, unit.subject, bytes.fromhex(str(wanted))):
                    return False
            elif path in meant:
                back = self._meant(meant[path], replayed=True)
                if back != (bytes.fromhex(wanted) if isinstance(wanted, str) else wanted):
                    return False
            else:
                part, _, name = path.partition(".")
                values = to_json(unit.subject).get(part)
                if not isinstance(values, dict) or values.get(name) != wanted:
                    return False
        return True

    def _has_payload(self, unit: Unit, frame: Frame[Any], body: bytes) -> bool:
        """Whether the payload of a frame of the replay is what `body` was in the trace."""
        head = unit.raw[: frame.header_size]
        then = replace(unit, subject=type(frame)(frame.header, body, frame.sender), raw=head + body)
        name, rest, values = self.form(unit, replayed=True)
        other, rest_then, values_then = self.form(then, replayed=False)
        return (name, rest, _inner(values)) == (other, rest_then, _inner(values_then))

    def _marks(self, each: Chosen) -> str:
        return self._network.marks(each.kind, each.value)

    def _meant(self, each: Chosen, *, replayed: bool) -> Value | None:
        """The value in the trace that a value stands for; None for one of the node's that is not bound."""
        if isinstance(each.value, tuple):
            if not replayed:
                return each.value
            return self._address_back(each.value)
        if isinstance(each.value, str):
            return self._ip_back(each.value) if replayed else each.value
        if replayed:
            return self._back.get(each.key)
        return each.value if each.key in self._forth else None

    def _address_back(self, new: Address) -> Address:
        back = {there: here for here, there in self._addresses.items()}
        if new in back:
            return back[new]
        bound = self._back.get(("address", new))
        if isinstance(bound, tuple):
            return bound
        return self._ip_back(new[0]), new[1]

    def _ip_back(self, new: str) -> str:
        return next((old for old, ip in self._ips.items() if ip == new), new)

    # --- addresses in text

    def bind_caller(self, old: Address, new: Address) -> None:
        """An address that a tester, or the node, dialled from."""
        self.bind_address(old, new)
        self._callers |= {f"{old[0]}:{old[1]}".encode(), f"{new[0]}:{new[1]}".encode()}

    def _text(self, text: bytes, *, replayed: bool) -> bytes:
        """Text with the addresses of the trace, without lists of hosts: what a node knows of others is chance.

        An address that somebody dialled from is no host, and is left in.
        """
        if replayed:
            text = self.text_back(text)

        def left(line: re.Match[bytes]) -> bytes:
            odd = {each.strip() for each in line[2].split(b",")} & self._callers
            return line[1] + b", ".join(sorted(odd)) + line[3] if odd else b""

        return _HOSTS.sub(left, text)

    def old_texts(self) -> dict[bytes, bytes]:
        """Addresses of the trace, as text has them, and what stands for each; only those that differ."""
        pairs = {f"{a}:{b}".encode(): f"{c}:{d}".encode() for (a, b), (c, d) in self._addresses.items()}
        pairs |= {old.encode(): new.encode() for old, new in self._ips.items()}
        return {old: new for old, new in pairs.items() if old != new}

    def text_back(self, text: bytes) -> bytes:
        """Text of the replay with the addresses of the trace."""
        return replaced(text, {new: old for old, new in self.old_texts().items()})


def _without(raw: bytes, places: Iterable[Span]) -> bytes:
    """The bytes that stand in none of these places."""
    rest, cut = bytearray(), 0
    for place in sorted(places, key=lambda place: place.start):
        rest += raw[cut : place.start]
        cut = place.end
    return bytes(rest + raw[cut:])


def _inner(values: tuple[tuple[str, str, object, str], ...]) -> list[tuple[str, str, object, str]]:
    """Those values that do not stand in a frame's header."""
    return [each for each in values if not each[0].startswith("header.")]


def replaced(text: bytes, pairs: dict[bytes, bytes]) -> bytes:
    """`text` with whole addresses replaced, the longer ones first."""
    for old in sorted(pairs, key=len, reverse=True):
        new = pairs[old]
        text = re.sub(pattern(old), lambda _, new=new: new, text)  # type: ignore[misc]
    return text


def pattern(address: bytes) -> re.Pattern[bytes]:
    """Where an address stands in text, and is not the part of a longer one."""
    return re.compile(rb"(?<![\d.])" + re.escape(address) + rb"(?![\d.])")
