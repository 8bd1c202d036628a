"""The catalogue: every number of the sources is there, with who sends it and since when."""

from __future__ import annotations

from collections import Counter

import pytest

from peerspec.codecs import napster
from peerspec.codecs.message import Message, lookup, meanings, messages
from peerspec.codecs.napster import catalogue

#: numbers of the documents (A, D, E, N), of OpenNap's notes and code, of OpenNap-ng and of TekNap, by hand
RANGES = (
    "0-15 89 95 100 102 108-110 148 200-221 300-303 310 316 320-326 330 332-333 400-410 420-425 430-432 500-501 "
    "600-629 640-642 650-652 700-703 748 750-753 770-771 800-801 805 810-811 820-832 870 900-901 920 931-932 995 "
    "8112-8113 9998-9999 10000 10010-10024 10050 10100-10101 10110-10112 10115-10126 10200-10214 10250-10264 "
    "10300-10304"
)
#: those of a client of 2026
LATE = "11000-11007 11010-11019 11021 11023 11026-11028 11030"


def numbers(ranges: str) -> set[int]:
    bounds = [part.split("-") for part in ranges.split()]
    return {number for first, *last in bounds for number in range(int(first), int((last or [first])[0]) + 1)}


def test_every_number_of_the_sources_is_there_and_no_other() -> None:
    assert len(numbers(RANGES)) == 229
    assert {entry.number for entry in catalogue()} == numbers(RANGES) | numbers(LATE)


def test_every_meaning_says_since_when_and_who_sends_it() -> None:
    revisions = {"A", "D", "E", "N", "O36", "O44", "CNG", "T", "Z"}
    for entry in catalogue():
        assert entry.since in revisions, entry
        assert set(entry.senders) <= {"client", "server", "link"}
        assert entry.senders or entry.cls is None, "what has a layout has a sender"
        assert entry.name


def test_a_number_has_one_meaning_from_each_side() -> None:
    said = Counter((entry.number, sender) for entry in catalogue() for sender in entry.senders)
    assert {pair for pair, count in said.items() if count > 1} == set()
    for entry in napster.NAMES_ONLY:
        assert lookup("napster", entry.number) is None


def test_what_a_number_means_depends_on_who_sends_it() -> None:
    assert lookup("napster", 2, "client") is napster.Login
    assert lookup("napster", 2, "link") is napster.LinkedUser
    assert lookup("napster", 2, "server") is None
    assert meanings("napster", 214) == (napster.StatsRequest, napster.Stats)
    assert meanings("napster", 205, "server") == meanings("napster", 205, "client") == (napster.PrivateMessage,)
    assert napster.SearchResult.senders == ("server",)
    assert napster.PrivateMessage.senders == ("client", "server")
    assert (napster.Login.since, napster.UnshareAll.since, napster.Invite.since) == ("A", "D", "E")


def test_all_messages_are_exported() -> None:
    assert {cls.__name__ for cls in messages("napster")} <= set(napster.__all__)
    assert all(hasattr(napster, name) for name in napster.__all__)


@pytest.mark.parametrize("cls", messages("napster"), ids=lambda cls: cls.__name__)
def test_every_message_and_field_is_explained(cls: type[Message]) -> None:
    assert cls.summary().endswith(".")
    assert all(spec.doc and not spec.doc.endswith(".") for spec in cls.specs.values())
