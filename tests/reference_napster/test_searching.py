"""What a query finds, and how it is answered."""

import pytest

from peerspec.codecs.framing import Opaque
from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    ErrorText,
    Packet,
    Search,
    SearchEnd,
    SearchResult,
    ShareFile,
    Stats,
    StatsRequest,
)
from peerspec.reference.napster.server import searching

from .conftest import MakeTown, Town, User


def share(
    user: User, *names: str, size: int = 1, bitrate: int = 128, frequency: int = 44_100, seconds: int = 60
) -> None:
    user.send(*(ShareFile(name, "f00", size, bitrate, frequency, seconds) for name in names))


def ask(user: User, query: str) -> list[Message | Opaque]:
    return user.ask(Packet.of_raw(200, query.encode("utf-8", "surrogateescape")).encode())


def names(user: User, query: str) -> list[str]:
    """The names that a query finds; its answer is results and one end."""
    answers = ask(user, query)
    assert isinstance(answers[-1], SearchEnd)
    results = [answer for answer in answers[:-1] if isinstance(answer, SearchResult)]
    assert len(results) == len(answers) - 1, answers
    return [result.file for result in results]


@pytest.fixture
def place(town: MakeTown) -> Town:
    return town()


@pytest.fixture
def alice(place: Town) -> User:
    return place.user("alice")


@pytest.fixture
def bob(place: Town) -> User:
    return place.user("bob")


def test_blanks_at_the_end_of_a_query_are_passed_over(alice: User, bob: User) -> None:
    share(alice, "one two", "one")
    assert names(bob, 'MAX_RESULTS 100 FILENAME CONTAINS "one two" ') == ["one two"]
    assert names(bob, 'MAX_RESULTS 100 FILENAME CONTAINS "two"  ') == ["one two"]
    for query in ('FILENAME CONTAINS "one" x ', 'FILENAME CONTAINS "one"\t', "FILENAME "):
        error, end = ask(bob, query)
        assert isinstance(error, ErrorText)
        assert isinstance(end, SearchEnd)


def test_a_query_finds_the_paths_that_have_all_its_words(alice: User, bob: User) -> None:
    share(alice, "one two", "one", "two")
    for query in ('"one two"', '"two one"', '"ONE tWo"', '" two,one-"', '"one" FILENAME CONTAINS "two"'):
        assert names(bob, f"FILENAME CONTAINS {query}") == ["one two"]
    assert names(bob, 'FILENAME CONTAINS "one three"') == []
    assert names(bob, 'FILENAME CONTAINS "on"') == []
    assert names(bob, 'FILENAME CONTAINS ""') == ["one two", "one", "two"]


@pytest.mark.parametrize("word", ["c", "my", "folder", "don't", "stop", "5", "ÄÖ", "\udcff", "mp3"])
def test_a_file_is_found_by_each_word_of_its_path(alice: User, bob: User, word: str) -> None:
    name = "C:\\My Folder\\Don't_Stop-(5) ÄÖ.\udcff.mp3"
    share(alice, name, "other")
    assert names(bob, f'FILENAME CONTAINS "{word}"') == [name]


def test_words_are_excluded_by_a_clause_or_a_hyphen(alice: User, bob: User) -> None:
    share(alice, "song live", "song remix", "song")
    assert names(bob, 'FILENAME CONTAINS "song" FILENAME EXCLUDES "live remix"') == ["song"]
    assert names(bob, 'FILENAME CONTAINS "song -live"') == ["song remix", "song"]
    assert names(bob, 'FILENAME CONTAINS "-live-remix song"') == ["song"]
    assert names(bob, 'FILENAME CONTAINS "song - live"') == ["song live"]
    assert names(bob, 'FILENAME CONTAINS "song-live"') == ["song live"]
    assert names(bob, 'FILENAME EXCLUDES "song"') == []


def test_users_do_not_find_their_own_files(alice: User, bob: User) -> None:
    share(alice, "song of alice")
    share(bob, "song of bob")
    assert names(alice, 'FILENAME CONTAINS "song"') == ["song of bob"]
    assert names(bob, 'FILENAME CONTAINS "song"') == ["song of alice"]


def test_firewalled_users_do_not_find_one_anothers_files(place: Town, alice: User, bob: User) -> None:
    hidden, other = place.user("hidden", port=0), place.user("other", port=0)
    share(alice, "song of alice")
    share(hidden, "song of hidden")
    assert names(other, 'FILENAME CONTAINS "song"') == ["song of alice"]
    assert names(bob, 'FILENAME CONTAINS "song"') == ["song of alice", "song of hidden"]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("subject", ["BITRATE", "FREQ", "SIZE", "DURATION"])
def test_comparisons_hold_at_the_number_itself(alice: User, bob: User, subject: str, quote: str) -> None:
    field = {"BITRATE": "bitrate", "FREQ": "frequency", "SIZE": "size", "DURATION": "seconds"}[subject]
    for number in (96, 128, 160, 1_000_000, 1_000_001):
        share(alice, f"song {number}", **{field: number})

    def found(comparison: str, number: int) -> list[int]:
        query = f'FILENAME CONTAINS "song" {subject} "{comparison}" {quote}{number}{quote}'
        return [int(name.split()[1]) for name in names(bob, query)]

    assert found("AT LEAST", 128) == [128, 160, 1_000_000, 1_000_001]
    assert found("AT BEST", 128) == [96, 128]
    assert found("EQUAL TO", 128) == [128]
    assert found("EQUAL TO", 129) == []
    assert found("AT LEAST", 1_000_001) == [1_000_001]
    assert found("AT BEST", 1_000_000) == [96, 128, 160, 1_000_000]
    both = f'{subject} "AT LEAST" 100 {subject} "AT BEST" 160'
    assert names(bob, f'FILENAME CONTAINS "song" {both}') == ["song 128", "song 160"]


def test_link_types_are_the_sharers(place: Town) -> None:
    searcher = place.user("searcher", link=9)
    for link in (3, 7, 9):
        share(place.user(f"user{link}", link=link), f"song {link}")
    for comparison, links in (("AT LEAST", [7, 9]), ("AT BEST", [3, 7]), ("EQUAL TO", [7])):
        query = f'FILENAME CONTAINS "song" LINESPEED "{comparison}" 7'
        assert names(searcher, query) == [f"song {link}" for link in links]


def test_all_clauses_hold_at_once_in_any_order(place: Town, bob: User) -> None:
    fast, slow = place.user("fast", link=9), place.user("slow", link=3)
    share(fast, "song all", bitrate=192)
    share(fast, "song bitrate", bitrate=64)
    share(fast, "other word", bitrate=192)
    share(slow, "song link", bitrate=192)
    clauses = ['FILENAME CONTAINS "song"', 'BITRATE "AT LEAST" "128"', 'linespeed "at least" 7', "MAX_RESULTS 9"]
    for turn in range(4):
        assert names(bob, " ".join(clauses[turn:] + clauses[:turn])) == ["song all"]
    assert names(bob, " ".join(reversed(clauses)) + " LOCAL_ONLY WMA-FILE LOCAL") == ["song all"]


def test_results_are_as_many_as_wanted_and_a_hundred_at_most(alice: User, bob: User) -> None:
    share(alice, *(f"song {number}" for number in range(130)))
    counts = {"": 100, " MAX_RESULTS 1": 1, ' MAX_RESULTS "3"': 3, " MAX_RESULTS 101": 100, " MAX_RESULTS 0": 0}
    counts[" MAX_RESULTS 7 MAX_RESULTS 5"] = 5
    for clause, count in counts.items():
        assert len(names(bob, f'FILENAME CONTAINS "song"{clause}')) == count


@pytest.mark.parametrize(
    "query",
    [
        'FILENAME CONTAINS "song" COLOUR "RED"',
        'FILENAME CONTAINS "song" MAX_RESULTS',
        'FILENAME CONTAINS "song" MAX_RESULTS -1',
        'FILENAME CONTAINS "song" BITRATE "AT LEAST" "x"',
        'FILENAME CONTAINS "song" BITRATE "FOO" "128"',
        'FILENAME CONTAINS "a "quoted" song" MAX_RESULTS 100',
        'FILENAME CONTAINS "song',
        "song",
        'FILENAME CONTAINS "' + " ".join(f"w{number}" for number in range(searching.MAX_WORDS + 1)) + '"',
        'FILENAME EXCLUDES "' + " ".join(f"w{number}" for number in range(searching.MAX_EXCLUDED + 1)) + '"',
    ],
)
def test_a_query_that_cannot_be_answered_has_an_error_and_an_end(alice: User, bob: User, query: str) -> None:
    share(alice, "song")
    error, end = ask(bob, query)
    assert isinstance(error, ErrorText)
    assert end == SearchEnd()
    assert names(bob, 'FILENAME CONTAINS "song"') == ["song"]


def test_as_many_words_as_allowed_are_searched_for(alice: User, bob: User) -> None:
    words = " ".join(f"w{number}" for number in range(searching.MAX_WORDS))
    excluded = " ".join(f"x{number}" for number in range(searching.MAX_EXCLUDED))
    share(alice, words, f"{words} x3")
    assert names(bob, f'FILENAME CONTAINS "{words} {words}" FILENAME EXCLUDES "{excluded}"') == [words]


def test_searches_in_one_piece_are_answered_one_after_the_other(alice: User, bob: User) -> None:
    share(alice, "one", "two", "two too")
    queries = [Packet.of_raw(200, f'FILENAME CONTAINS "{word}"'.encode()).encode() for word in ("two", "none", "one")]
    answers = bob.ask(b"".join(queries), StatsRequest())
    kinds = [SearchResult, SearchResult, SearchEnd, SearchEnd, SearchResult, SearchEnd, Stats]
    assert [type(answer) for answer in answers] == kinds


def test_results_tell_more_when_they_are_asked(alice: User, bob: User) -> None:
    share(alice, "song")
    for flags, more in (("", None), (" SHOW_QUEUE", "n/a"), (" SHOW_SOFTWARE SHOW_QUEUE", 'n/a "test v1"')):
        result = ask(bob, f'FILENAME CONTAINS "song"{flags}')[0]
        assert isinstance(result, SearchResult)
        assert result.more == more


def test_an_empty_query_finds_anything(alice: User, bob: User) -> None:
    share(alice, "song")
    assert bob.ask(Search(()))[-1] == SearchEnd()
    assert names(bob, "") == ["song"]
    assert names(bob, "TYPE any") == ["song"]
    assert names(alice, "") == []
