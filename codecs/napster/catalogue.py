"""All message numbers that any source names: those with a layout, and those of which no more is known than a name.

A revision is the first document or program that has the number: A, D and E are the texts of August and December 2000
and April 2001, N the text of December 2001, O36 and O44 the notes of OpenNap, CNG the code of OpenNap-ng, T that of
TekNap, Z that of a client of 2026.
"""

from __future__ import annotations

from typing import NamedTuple

from ..message import Message, messages

__all__ = ["NAMES_ONLY", "Entry", "catalogue"]


class Entry(NamedTuple):
    """One meaning of a number. `senders` is empty where nobody says who; `cls` is None where only a name is known."""

    number: int
    name: str
    senders: tuple[str, ...]
    since: str
    cls: type[Message] | None


_C, _S, _L, _B = ("client",), ("server",), ("link",), ("client", "server")


def _named(since: str, senders: tuple[str, ...], **names: int) -> tuple[Entry, ...]:
    return tuple(Entry(number, name.replace("_", " "), senders, since, None) for name, number in names.items())


#: numbers whose bodies no source describes
NAMES_ONLY: tuple[Entry, ...] = (
    *_named("T", (), unknown=1, request_speed=89, send_file=95, queue=108, message_of_the_day=109, another_user=148),
    *_named("A", _B, unknown_answered_by_0=310),
    *_named(
        "A", _C, refused_650=650, refused_651=651, refused_770=770, refused_771=771, refused_805=805, refused_811=811
    ),
    *_named("N", _B, set_queue_length=8112, queue_length=8113),
    *_named("O36", _B, old_server_ping_or_search_statistics=10116),
    *_named("CNG", _L, end_of_synchronisation=10262, end_of_synchronisation_acknowledged=10263),
    *_named("CNG", _C, log_level=10264, resynchronise=10303, desynchronise_user=10304),
    *_named("T", _C, class_add=10250, class_delete=10251, class_list=10252),
    *_named("T", _C, d_line_add=10253, d_line_delete=10254, d_line_list=10255),
    *_named("T", _C, i_line_add=10256, i_line_delete=10257, i_line_list=10258),
    *_named("T", _C, e_line_add=10259, e_line_delete=10260, e_line_list=10261),
    *_named("Z", (), chat_history=11000, chat_history_line=11001, chat_history_end=11002, away_set=11003),
    *_named("Z", (), away_notice=11004, memo=11005, memo_end=11006, supported=11007, capabilities=11010),
    *_named("Z", (), capabilities_reply=11011, authenticate=11012, authenticate_challenge=11013, batch=11014),
    *_named("Z", (), batch_end=11015, fail=11016, warn=11017, note=11018, tagged_message=11019, redact=11021),
    *_named("Z", (), edit=11023, session_resume=11026, account=11027, transport_security=11028, key=11030),
)


def catalogue() -> list[Entry]:
    """Every meaning of every number, by number and in the order of declaration."""
    known = [
        Entry(cls.wire_type, cls.__name__, cls.senders, cls.since, cls)
        for cls in messages("napster")
        if cls.wire_type is not None
    ]
    return sorted([*known, *NAMES_ONLY], key=lambda entry: entry.number)
