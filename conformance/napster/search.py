"""Search: which files are found."""

from __future__ import annotations

import pytest

from ...codecs.napster import (
    ErrorText,
    FilenameClause,
    FlagClause,
    LimitClause,
    QualityClause,
    Search,
    SearchEnd,
    SearchResult,
    SpeedClause,
)
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .files import FOLDER, assume_found, containing, find, found, names, offer_many, path, query, raw_query
from .probe import User

_MOST_RESULTS, _MANY = 100, 130
_ANSWER = (ErrorText.wire_type, SearchResult.wire_type, SearchEnd.wire_type)


# --- the answer


@checks("NAP-SRC-01")
@pytest.mark.parametrize("kind", ["many results", "one result", "no result", "an error"])
def test_a_search_is_ended_once_after_its_results(bench: Bench, kind: str) -> None:
    alice, bob = bench.users(2)
    number = {"many results": 20, "one result": 1}.get(kind, 0)
    offer_many(bench, alice, word := bench.unique(), number)
    bob.send(raw_query("PEERSPEC 1") if kind == "an error" else query(word))
    bob.sync()
    came = [packet.type for packet in bob.log if packet.type in _ANSWER[1:]]
    if came.count(_ANSWER[2] or 0) != 1 or came[-1] != _ANSWER[2]:
        raise Failure(expected="one 202 after the results", actual=f"{came or 'none'}")
    with assuming("the files are found"):
        assert len(came) == number + 1


@checks("NAP-SRC-02")
def test_the_results_of_two_searches_are_not_mixed(bench: Bench) -> None:
    alice, bob = bench.users(2)
    words = [bench.unique(), bench.unique()]
    for word in words:
        offer_many(bench, alice, word, 5)
    bob.send(*map(query, words))
    with assuming("each search is ended by 202"):
        answers = [names(bob.answers(SearchResult, until=SearchEnd)) for _ in words]
    with assuming("the files are found"):
        assert sum(map(len, answers)) == 10
    for word, answer in zip(words, answers, strict=True):
        if [name for name in answer if word in name] != answer or len(answer) != 5:
            raise Failure(expected=f"the five files of {word!r}", actual=repr(answer))


# --- clauses


@checks("NAP-SRC-03")
@pytest.mark.parametrize("first", ["FILENAME", "MAX_RESULTS", "LINESPEED", "BITRATE", "FREQ"])
def test_clauses_stand_in_any_order(bench: Bench, first: str) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, bitrate=160)
    assume_found(bob, query(file.word), [file])
    clauses = (
        FilenameClause("CONTAINS", file.word),
        LimitClause(10),
        SpeedClause("LINESPEED", "AT LEAST", alice.link - 1),
        QualityClause("BITRATE", "AT LEAST", 128),
        QualityClause("FREQ", "AT BEST", 48_000),
    )
    start = [clause.subject for clause in clauses].index(first)
    forwards = clauses[start:] + clauses[:start]
    for order in (forwards, forwards[:1] + forwards[:0:-1]):
        if found(bob, Search(order)) != [file.name]:
            raise Failure(expected=f"the file by {Search(order).encode()!r}", actual="another answer")


@checks("NAP-SRC-04")
def test_keywords_may_stand_in_small_letters(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word, LimitClause(10)), [file])
    small = raw_query("filename contains", f'"{file.word}"', "max_results 10")
    assert found(bob, small) == [file.name], "the file is not found"


# --- words


@checks("NAP-SRC-06")
@pytest.mark.parametrize("order", ["as named", "reversed"])
def test_all_words_must_occur(bench: Bench, order: str) -> None:
    bob, words, both = _three_files(bench)
    results = found(bob, query(" ".join(words if order == "as named" else reversed(words))))
    if results != [both]:
        raise Failure(expected="the file with both words alone", actual=repr(results))


@checks("NAP-SRC-07")
@pytest.mark.parametrize("order", ["as named", "reversed"])
def test_every_clause_of_words_must_be_satisfied(bench: Bench, order: str) -> None:
    bob, words, both = _three_files(bench)
    clauses = [FilenameClause("CONTAINS", word) for word in (words if order == "as named" else reversed(words))]
    results = found(bob, Search(tuple(clauses)))
    if results != [both]:
        raise Failure(expected="the file with both words alone", actual=repr(results))


def _three_files(bench: Bench) -> tuple[User, list[str], str]:
    """One who searches where a file with two words and one with each are shared; the words; the file with both."""
    alice, bob = bench.users(2)
    words = [bench.unique(), bench.unique()]
    both, *single = (bench.share(alice, path(*each)) for each in (words, words[:1], words[1:]))
    for word, file in zip(words, single, strict=True):
        assume_found(bob, query(word), [both, file])
    return bob, words, both.name


@checks("NAP-SRC-08")
@pytest.mark.parametrize("letters", ["small", "capital", "mixed"])
def test_the_case_of_letters_does_not_matter(bench: Bench, letters: str) -> None:
    alice, bob = bench.users(2)
    word, plain = bench.unique(), bench.share(alice)
    assume_found(bob, query(plain.word), [plain])
    file = bench.share(alice, path(word[:3].upper() + word[3:]))
    asked = {"small": word, "capital": word.upper(), "mixed": word[:5] + word[5:].upper()}[letters]
    if found(bob, query(asked)) != [file.name]:
        raise Failure(expected=f"{file.name} by {asked!r}", actual="another answer")


@checks("NAP-SRC-09")
@pytest.mark.parametrize(
    "separator", [" ", "-", "_", ".", "\\"], ids=["blank", "hyphen", "underscore", "point", "backslash"]
)
def test_a_file_is_found_by_each_word_of_its_path(bench: Bench, separator: str) -> None:
    alice, bob = bench.users(2)
    words = [bench.unique() for _ in range(3)]
    file = bench.share(alice, f"{FOLDER}{separator.join(words)}.mp3")
    for word in words:
        if found(bob, query(word)) != [file.name]:
            raise Failure(expected=f"{file.name} by {word!r}", actual="another answer")


@checks("NAP-SRC-10")
def test_a_part_of_a_word_is_found(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    assert file.name in found(bob, query(file.word[:-2])), "the file is not found by the first letters of a word"


# --- who finds what


@checks("NAP-SRC-11")
def test_a_user_does_not_find_its_own_files(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    assert not found(alice, query(file.word)), "its own file is found"


@checks("NAP-SRC-12")
def test_firewalled_users_do_not_find_files_of_each_other(bench: Bench) -> None:
    owners = [bench.user(), bench.user(port=0), bench.user(port=0)]
    word = bench.unique()
    files = [bench.share(owner, path(word, bench.unique())) for owner in owners]
    assume_found(bench.user(), query(word), files)
    results = found(bench.user(port=0), query(word))
    with assuming("a firewalled user finds the file of one who is not"):
        assert files[0].name in results
    assert results == [files[0].name], "files of firewalled users are found by another"


# --- how many


@checks("NAP-SRC-17")
@pytest.mark.parametrize("maximum", [1, 3, 10])
def test_there_are_no_more_results_than_wanted(bench: Bench, maximum: int) -> None:
    alice, bob = bench.users(2)
    offer_many(bench, alice, word := bench.unique(), 12)
    with assuming("all are found without a maximum"):
        assert len(find(bob, query(word))) == 12
    number = len(find(bob, query(word, LimitClause(maximum))))
    with assuming("there are results"):
        assert number
    assert number <= maximum, f"{number} results"


@checks("NAP-SRC-18")
@pytest.mark.parametrize("maximum", [None, 1000])
def test_there_are_no_more_than_100_results(bench: Bench, maximum: int | None) -> None:
    bob, word = _with_many(bench)
    number = len(find(bob, query(word) if maximum is None else query(word, LimitClause(maximum))))
    assert number <= _MOST_RESULTS, f"{number} results"


@checks("NAP-SRC-19")
@pytest.mark.parametrize("maximum", [0, -1])
def test_a_maximum_of_nothing_does_not_mean_all(bench: Bench, maximum: int) -> None:
    bob, word = _with_many(bench)
    number = len(find(bob, raw_query(containing(word), f"MAX_RESULTS {maximum}")))
    assert number <= _MOST_RESULTS, f"{number} results"


def _with_many(bench: Bench) -> tuple[User, str]:
    """One who searches where many files have a word; the word."""
    alice, bob = bench.users(2)
    offer_many(bench, alice, word := bench.unique(), _MANY)
    with assuming("files are found"):
        assert find(bob, query(word, LimitClause(10)))
    return bob, word


# --- queries that mean nothing


@checks("NAP-SRC-20")
@pytest.mark.parametrize(
    "clause",
    ["PEERSPEC 1", "MAX_RESULTS", "MAX_RESULTS many", 'BITRATE "AT LEAST" "many"', 'BITRATE "FOO" "64"'],
    ids=["unknown keyword", "no value", "letters for a maximum", "letters for a bitrate", "unknown comparison"],
)
def test_a_query_that_cannot_be_read_is_answered_with_404_and_202(bench: Bench, clause: str) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    before = len(bob.log)
    bob.send(raw_query(containing(file.word), clause))
    bob.sync()
    came = [packet.type for packet in bob.log[before:] if packet.type in _ANSWER]
    if came != [ErrorText.wire_type, SearchEnd.wire_type]:
        raise Failure(expected="404 and 202", actual=" ".join(map(str, came)) or "nothing of the kind")


@checks("NAP-SRC-21")
def test_misplaced_quotes_do_no_harm(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    with assuming("two searches in one piece are answered"):
        bob.send(query(file.word), query(file.word))
        for _ in range(2):
            assert names(bob.answers(SearchResult, until=SearchEnd)) == [file.name]
    odd = raw_query(f'FILENAME CONTAINS "{bench.unique()} "quoted" string" MAX_RESULTS 100')
    bob.send(odd, query(file.word))
    bob.sync()
    if file.name not in names(bob.take(SearchResult)):
        raise Failure(expected="the result of the search that follows", actual=bob.came())
    bench.assert_alive()


# --- clauses that not every server knows


@checks("NAP-SRC-22")
def test_local_only_is_accepted(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    assert found(bob, query(file.word, FlagClause("LOCAL_ONLY"))) == [file.name], "the file is not found"


@checks("NAP-SRC-23")
def test_files_with_an_excluded_word_are_left_out(bench: Bench) -> None:
    bob, words, both = _three_files(bench)
    results = found(bob, query(words[0], FilenameClause("EXCLUDES", words[1])))
    assert results, "nothing is found"
    assert both not in results, "the file with the excluded word is found"


@checks("NAP-SRC-24")
def test_files_with_a_word_after_a_hyphen_are_left_out(bench: Bench) -> None:
    bob, words, both = _three_files(bench)
    results = found(bob, query(f"{words[0]} -{words[1]}"))
    assert results, "nothing is found"
    assert both not in results, "the file with the word is found"


@checks("NAP-SRC-28")
def test_the_word_for_windows_media_is_accepted(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, md5="WMA-FILE")
    assume_found(bob, query(file.word), [file])
    bob.send(query(file.word, FlagClause("WMA-FILE")))
    bob.sync()
    if not bob.take(SearchEnd):
        raise Inconclusive("the search is not ended by 202")
    assert not bob.take(ErrorText), "it is answered with 404"
