"""Filters: the comparisons of a query, each at the value that decides, and several together."""

from __future__ import annotations

import pytest

from ...codecs.napster import Clause, QualityClause, SpeedClause
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench, SharedFile
from .files import assume_found, containing, found, offer, path, query, raw_query
from .probe import User

_COMPARISONS = ("AT LEAST", "EQUAL TO", "AT BEST")
_FORMS = (*_COMPARISONS, "a range", "the weaker last")

_BITRATES, _FREQUENCIES, _LINKS = (96, 128, 160), (22_050, 44_100, 48_000), (3, 7, 9)
_SIZES, _TIMES = (3_000_000, 4_000_000, 5_000_000), (100, 200, 300)

Three = tuple[int, int, int]


def _comparisons(form: str, values: Three) -> tuple[list[tuple[str, int]], set[int]]:
    """The comparisons of a form with the second of three values, and the values that they hold for."""
    low, middle, high = values
    return {
        "AT LEAST": ([("AT LEAST", middle)], {middle, high}),
        "EQUAL TO": ([("EQUAL TO", middle)], {middle}),
        "AT BEST": ([("AT BEST", middle)], {low, middle}),
        "a range": ([("AT LEAST", middle), ("AT BEST", middle)], {middle}),
        "the weaker last": ([("AT LEAST", middle), ("AT LEAST", low)], {middle, high}),
    }[form]


def _judge(user: User, word: str, clauses: list[Clause], files: dict[int, SharedFile], wanted: set[int]) -> None:
    """Failure unless the clauses leave just the files of the wanted values, of those that a word finds."""
    assume_found(user, query(word), list(files.values()))
    results = found(user, query(word, *clauses))
    left = {value for value, file in files.items() if file.name in results}
    if left != wanted:
        raise Failure(expected=f"the files of {sorted(wanted)}", actual=f"those of {sorted(left)}")


def _offered(bench: Bench, files: dict[int, SharedFile]) -> User:
    """One who searches where another shares these files."""
    alice, bob = bench.users(2)
    offer(alice, *files.values())
    return bob


# --- one comparison


@checks("NAP-SRC-13")
@pytest.mark.parametrize("form", _FORMS)
def test_bitrates_are_compared(bench: Bench, form: str) -> None:
    comparisons, wanted = _comparisons(form, _BITRATES)
    word = bench.unique()
    files = {value: bench.file(path(word, bench.unique()), bitrate=value) for value in _BITRATES}
    bob = _offered(bench, files)
    _judge(bob, word, [QualityClause("BITRATE", *each) for each in comparisons], files, wanted)


@checks("NAP-SRC-14")
@pytest.mark.parametrize("form", _FORMS)
def test_link_types_are_compared(bench: Bench, form: str) -> None:
    comparisons, wanted = _comparisons(form, _LINKS)
    word = bench.unique()
    files = {link: bench.share(bench.user(link=link), path(word, bench.unique())) for link in _LINKS}
    bob = bench.user(link=10)
    _judge(bob, word, [SpeedClause("LINESPEED", *each) for each in comparisons], files, wanted)


@checks("NAP-SRC-15")
@pytest.mark.parametrize("form", _FORMS)
def test_frequencies_are_compared(bench: Bench, form: str) -> None:
    comparisons, wanted = _comparisons(form, _FREQUENCIES)
    word = bench.unique()
    files = {value: bench.file(path(word, bench.unique()), frequency=value) for value in _FREQUENCIES}
    bob = _offered(bench, files)
    _judge(bob, word, [QualityClause("FREQ", *each) for each in comparisons], files, wanted)


@checks("NAP-SRC-05")
@pytest.mark.parametrize("subject", ["BITRATE", "FREQ", "LINESPEED"])
@pytest.mark.parametrize("form", ["bare", "quoted"])
def test_numbers_stand_in_quotes_or_without(bench: Bench, subject: str, form: str) -> None:
    alice, bob = bench.user(link=7), bench.user()
    file = bench.share(alice, bitrate=128, frequency=44_100)
    numbers = {"BITRATE": _BITRATES, "FREQ": _FREQUENCIES, "LINESPEED": _LINKS}[subject]
    for comparison, number in zip(_COMPARISONS, numbers, strict=True):
        results = {
            name: found(bob, raw_query(containing(file.word), f'{subject} "{comparison}" {mark}{number}{mark}'))
            for name, mark in (("bare", ""), ("quoted", '"'))
        }
        with assuming("the file is found in one of the two forms"):
            assert [file.name] in results.values()
        if results[form] != [file.name]:
            raise Failure(expected=f'the file by {subject} "{comparison}" and a {form} number', actual="another answer")


# --- together


@checks("NAP-SRC-16")
def test_all_clauses_must_be_satisfied_at_once(bench: Bench) -> None:
    fast, slow, searcher = bench.user(link=9), bench.user(link=3), bench.user(link=7)
    word = bench.unique()
    good, poor = (bench.share(fast, path(word, bench.unique()), bitrate=bitrate) for bitrate in (160, 96))
    distant = bench.share(slow, path(word, bench.unique()), bitrate=160)
    bench.share(fast, bitrate=160)
    assume_found(searcher, query(word), [good, poor, distant])
    clauses = (QualityClause("BITRATE", "AT LEAST", 128), SpeedClause("LINESPEED", "AT LEAST", 7))
    results = found(searcher, query(word, *clauses))
    if results != [good.name]:
        raise Failure(expected="the file that satisfies all", actual=repr(results))


# --- what not every server compares


@checks("NAP-SRC-25")
@pytest.mark.parametrize("form", _COMPARISONS)
def test_sizes_are_compared(bench: Bench, form: str) -> None:
    comparisons, wanted = _comparisons(form, _SIZES)
    word = bench.unique()
    files = {value: bench.file(path(word, bench.unique()), size=value) for value in _SIZES}
    bob = _offered(bench, files)
    _judge(bob, word, [SpeedClause("SIZE", *each) for each in comparisons], files, wanted)


@checks("NAP-SRC-26")
@pytest.mark.parametrize("form", _COMPARISONS)
def test_times_are_compared(bench: Bench, form: str) -> None:
    comparisons, wanted = _comparisons(form, _TIMES)
    word = bench.unique()
    files = {value: bench.file(path(word, bench.unique()), seconds=value) for value in _TIMES}
    bob = _offered(bench, files)
    _judge(bob, word, [SpeedClause("DURATION", *each) for each in comparisons], files, wanted)
