"""Whether the deviation of a trace shows again, by its symptom.

Rules of this file:

- A symptom that names what must come, or must not, is looked for as such; everything else that the node says may be
  different.
- Where the case itself found the answers wrong (`answers`), they are compared: what came on the wire at which the case
  looked last, with what is chosen put in the place of what was chosen then. What the case did not look at, it did not
  judge.
- Where the case had waited in vain before its verdict, it is waited for here too: that nothing more comes is compared.
- That something does not come proves nothing on a connection that broke before: then the replay has failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..evidence.dissect import INCOMPLETE
from ..outcomes import Sign, Symptom, Unreachable
from ..printing import printable
from ..worlds import Kind
from .player import NotReplayed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..evidence.dissect import Unit
    from .player import Line, Player


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the deviation shows again, and what was seen, in words."""

    shows: bool
    seen: str


def decide(player: Player, symptom: Symptom) -> Decision:
    """The decision (NotReplayed); the player must have played."""
    died = player.target.died()
    if symptom.sign is Sign.DIED:
        return _died(player, died)
    if died is not None or player.cut_short:
        raise NotReplayed(died or player.cut_short)
    if symptom.sign is Sign.REFUSED:
        return _refused(player, symptom)
    if symptom.sign is Sign.KEPT:
        return _kept(player)
    if symptom.sign is Sign.UNCALLED:
        return _uncalled(player, symptom)
    line = player.lines.get(symptom.wire)
    if symptom.sign is Sign.ANSWERS:
        return _answers(player, symptom)
    if line is None:
        raise NotReplayed("the connection on which it showed did not come about")
    match symptom.sign:
        case Sign.MISSING:
            return _missing(player, symptom, line)
        case Sign.UNWANTED:
            return _unwanted(player, symptom, line)
        case Sign.SILENT:
            return _silent(player, symptom, line)
        case _:
            return _open(player, symptom, line)


def _died(player: Player, died: str | None) -> Decision:
    """Ask the node something: one that we run tells of its end by itself, but perhaps not at once."""
    if died is not None:
        return Decision(True, died)
    seen = player.still_serves()
    died = player.target.died()
    return Decision(died is not None or bool(seen), died or seen or "the node still runs")


def _refused(player: Player, symptom: Symptom) -> Decision:
    where = player.bindings.address(symptom.at or player.node)
    try:
        player.world.dial(player.target.next_source(), where, timeout=player.timing.timeout).close()
    except Unreachable as error:
        return Decision(True, f"no connection to {error}")
    return Decision(False, f"a connection to {where[0]}:{where[1]} came about")


def _uncalled(player: Player, symptom: Symptom) -> Decision:
    at = symptom.at or ("", 0)
    number = player.await_calls(at, symptom.already + 1)
    came = f"{number} connections came, where {symptom.already} came in the trace"
    return Decision(number <= symptom.already, came if number else "no connection came")


def _kept(player: Player) -> Decision:
    """Compare what instances have fetched with what they had when the case looked last."""
    if not player.kept:
        raise NotReplayed("it showed in what the node kept, and the trace does not say what that was")
    for kept in player.kept.values():
        if player.await_that(lambda kept=kept: not kept.is_the_same()):  # type: ignore[misc]
            return Decision(False, f"the node has {kept.told()}")
    for place, came in player.pairs.items():
        unit = player.units[place]  # what is no frame says which bytes are sent
        if not unit.is_frame and not _alike(player, unit, came):
            return Decision(False, f"{_told(came)} came where {_told(unit)} came in the trace")
    return Decision(True, "the node has the files that it had in the trace")


def _count(player: Player, symptom: Symptom, line: Line) -> int:
    after = player.reached[symptom.after - 1] if 0 < symptom.after <= len(player.reached) else 0
    return sum(unit.event >= after and player.bindings.fits(symptom.pattern, unit) for unit in line.units)


def _missing(player: Player, symptom: Symptom, line: Line) -> Decision:
    came = player.await_on(line, lambda: _count(player, symptom, line) > symptom.already)
    if came:
        return Decision(False, "the message came")
    _see_that_it_could_come(player, symptom, line)
    if _ended_then(player, symptom.wire) and not line.wire.eof:
        return Decision(False, "the node keeps the connection, which it closed in the trace")
    return Decision(True, "the message did not come")


def _unwanted(player: Player, symptom: Symptom, line: Line) -> Decision:
    player.reading.absorb()
    number = _count(player, symptom, line)
    if number > symptom.already:
        return Decision(True, "the message came that must not come")
    if _closed_instead(player, symptom, line):
        return Decision(False, "the node closed the connection, where the message came that must not come")
    _see_that_it_could_come(player, symptom, line)
    return Decision(False, "the message that must not come did not come")


def _closed_instead(player: Player, symptom: Symptom, line: Line) -> bool:
    """Whether the node has closed the connection when all had come that came before the deviation."""
    on_wire = (place for place, unit in enumerate(player.units) if unit.wire == symptom.wire and not unit.sent)
    first_missing = next((place for place in on_wire if place not in player.pairs), None)
    if first_missing is None or not line.wire.eof:
        return False
    return player.bindings.fits(symptom.pattern, player.units[first_missing])


def _silent(player: Player, symptom: Symptom, line: Line) -> Decision:
    then = sum(not unit.problem for unit in _said(player, player.came_on(symptom.wire)))

    def now() -> int:
        return sum(not unit.problem for unit in _said(player, line.units))

    if player.await_on(line, lambda: now() > then):
        return Decision(False, f"after {then} messages came another")
    return Decision(True, "nothing came" if not line.units else f"nothing came after {now()} messages")


def _open(player: Player, symptom: Symptom, line: Line) -> Decision:
    def ended() -> bool:
        return line.wire.eof or (
            bool(symptom.pattern) and any(player.bindings.fits(symptom.pattern, unit) for unit in line.units)
        )

    if player.await_on(line, ended):
        return Decision(False, "the node ended the connection")
    return Decision(True, "the node does not close the connection")


def _see_that_it_could_come(player: Player, symptom: Symptom, line: Line) -> None:
    """NotReplayed when the connection broke, in the replay only, before the deviation could show."""
    if line.wire.eof and not _ended_then(player, symptom.wire) and "text" not in symptom.pattern:
        raise NotReplayed("the node closed the connection on which it showed, which it did not do in the trace")


def _ended_then(player: Player, wire: int) -> bool:
    """Whether the node closed a connection in the trace."""
    return any(event.wire == wire and event.kind in (Kind.EOF, Kind.RESET) for event in player.events)


def _answers(player: Player, symptom: Symptom) -> Decision:
    """Compare what came: on one wire, or for wire 0 on all."""
    if player.refused:
        return Decision(False, player.refused)
    if symptom.waited and (line := player.lines.get(symptom.wire)) is not None:
        then = len(_said(player, player.came_on(symptom.wire)))
        if player.await_on(line, lambda: len(_said(player, line.units)) > then):
            return Decision(False, f"{_told(line.units[-1])} came, where nothing more came in the trace")
    player.reading.finish()
    wires = [symptom.wire] if symptom.wire else sorted({unit.wire for unit in player.units})
    for number in wires:
        if difference := _difference(player, number):
            return Decision(False, difference)
    return Decision(True, "the node answers as it did in the trace")


def _said(player: Player, units: Iterable[Unit]) -> list[Unit]:
    """Those of the messages of a node that answer to something."""
    return [unit for unit in units if not player.is_incidental(unit)]


def _difference(player: Player, wire: int) -> str:
    """How what came on a wire is not what came in the trace; empty when it is."""
    line = player.lines.get(wire)
    if line is None:
        return "a connection of the trace did not come about"
    places = [
        place
        for place, unit in enumerate(player.units)
        if unit.wire == wire and not unit.sent and not player.is_incidental(unit)
    ]
    broken = False
    for place in places:
        unit, came = player.units[place], player.pairs.get(place)
        if unit.problem == INCOMPLETE:
            return "" if _left(player, line).startswith(unit.raw) else f"{_told(unit)} did not come"
        if came is None and broken and unit.problem:
            continue  # what can't be read comes in pieces of any size
        broken = broken or bool(unit.problem)
        if came is None:
            return f"{_told(unit)} did not come"
        if not _alike(player, unit, came):
            return f"{_told(came)} came where {_told(unit)} came in the trace"
        if not unit.is_frame and _after_a_frame(player.came_on(wire), unit) != _after_a_frame(line.units, came):
            return f"{_told(came)} came in another order"
    if early := _early(player, line, places):
        return f"{_told(early)} came in another order"
    if not places and any(event.wire == wire and event.kind is Kind.ACCEPT for event in player.events):
        return ""  # that the node called was all that the case looked at
    if extra := [unit for unit in player.unasked(line) if not (broken and unit.problem)]:
        return f"{_told(extra[0])} came, which did not in the trace"
    return _other_end(player, wire, line)


def _other_end(player: Player, wire: int, line: Line) -> str:
    """How the end of a connection is not as it was in the trace; empty when it is."""
    ended_then = _ended_then(player, wire)
    if ended_then and not line.wire.eof:
        return "the node did not close the connection"
    if line.wire.eof and not ended_then and player.looked_past(player.ended_at(line)):
        return "the node closed the connection"
    return ""


def _alike(player: Player, then: Unit, now: Unit) -> bool:
    """Whether a message is what it was in the trace."""
    return player.bindings.form(then, replayed=False) == player.bindings.form(now, replayed=True)


def _early(player: Player, line: Line, places: list[int]) -> Unit | None:
    """A frame that came too early, among those of which nothing but their order says what they belong to."""
    numbers, last = {id(unit): number for number, unit in enumerate(line.units)}, -1
    for place in places:
        came = player.pairs.get(place)
        if came is not None and came.is_frame and player.bindings.is_known_by_its_place(came):
            if numbers[id(came)] < last:
                return came
            last = numbers[id(came)]
    return None


def _after_a_frame(units: list[Unit], unit: Unit) -> bool:
    """Whether a frame came before: what is no frame has its place among them."""
    return any(each.is_frame for each in units[: units.index(unit)])


def _left(player: Player, line: Line) -> bytes:
    """What came on a line and stands for nothing in the trace."""
    left = b"".join(unit.raw for number, unit in enumerate(line.units) if number not in line.matched)
    return player.bindings.text_back(left)


def _told(unit: Unit) -> str:
    """A unit in a few words."""
    from ..evidence.ladder import words

    label, text = words(unit)
    return printable(f"{label} ({text[:100]})" if text else label)
