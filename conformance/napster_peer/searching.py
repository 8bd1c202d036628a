"""Searching: the queries that a peer sends, and what it makes of results."""

from __future__ import annotations

import pytest

from ...codecs.errors import DecodeError
from ...codecs.napster import (
    BrowseEnd,
    FilenameClause,
    LoginAck,
    MotdLine,
    Search,
    SearchEnd,
    SearchResult,
    Stats,
)
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .messages import Received
from .offers import Offer, new_offer
from .probe import Session

_DIGITS_FIRST = b"0123456789"


def _searched(session: Session, words: str) -> Received:
    """The query that comes of telling the peer to search for these words, as it came."""
    session.instance.order("search", {"words": words})
    found = session.wait_for(lambda got: got.number == Search.wire_type)
    if found is None:
        raise Failure(expected="a query: 200", actual=session.came())
    return found


def _read(query: Received) -> Search:
    """A query decoded; Failure when it is none. It may end with blanks: MP3-Napster's does, and servers serve it."""
    try:
        return Search.decode(query.body.rstrip(b" "))
    except DecodeError as error:
        raise Failure(expected="a query of the form of the text", actual=repr(query)) from error


def _wanted(query: Search) -> list[str]:
    """The words that a query wants in a file's name."""
    return [
        word
        for clause in query.clauses
        if isinstance(clause, FilenameClause) and clause.relation == "CONTAINS"
        for word in clause.words.split()
    ]


@checks("NAP-PER-15")
def test_a_search_is_a_query_with_the_words_in_filename_contains(bench: Bench) -> None:
    session = bench.session()
    words = [bench.unique("a"), bench.unique("b")]
    found = _wanted(_read(_searched(session, " ".join(words))))
    assert sorted(found) == sorted(words), f"the query wants {found}, not {words}"


@checks("NAP-TXT-10")
@pytest.mark.parametrize("around", ['{} "{}"', '"{} {}', '{}"{}'], ids=["phrase", "one quote", "inside"])
def test_a_quote_in_the_words_of_a_search_does_not_come_into_a_quoted_field(bench: Bench, around: str) -> None:
    session = bench.session()
    with assuming("a search without quotes comes as a query"):
        _read(_searched(session, bench.unique("a")))
    try:
        query = _searched(session, around.format(bench.unique("a"), bench.unique("b")))
    except Failure as error:
        raise Inconclusive(f"the peer does not search for words with a quote: {error}") from error
    _read(query)


# --- results


def _looked_for(session: Session, *results: SearchResult | bytes) -> None:
    """Have the peer search, and answer with these results; bytes stand for one that cannot be read."""
    with assuming("the peer searches"):
        _searched(session, session.bench.unique("a"))
    for result in results:
        if isinstance(result, bytes):
            session.say_raw(SearchResult.wire_type or 0, result)
        else:
            session.say(result)
    session.say(SearchEnd())
    session.assert_answers()


def _offer(bench: Bench) -> Offer:
    """A file whose content begins with digits: only who has read its size in the result can fetch it in full."""
    return new_offer(bench, _DIGITS_FIRST + bench.random.randbytes(500))


def _expect_fetched(bench: Bench, session: Session, offer: Offer) -> None:
    """Failure unless the peer fetches a file, of which its user says no more than owner and name."""
    connection = bench.fetching(session, offer, known={})
    bench.serve(connection, offer)
    bench.expect_downloaded(session, offer)


@checks("NAP-PER-16")
def test_further_fields_at_the_end_are_accepted(bench: Bench) -> None:
    bench.session()
    instance, server = bench.instance(), bench.server()
    with assuming("the peer logs in"):
        session = bench.dialled(instance, server)
        session.expect_login()
    session.acknowledge(instance, LoginAck("anon@peerspec", more="1"), Stats(1, 0, 0, more="0 0"))
    session.say(MotdLine("VERSION peerspec"), BrowseEnd(bench.new_nick(), more="16777343"))
    session.assert_answers()
    with assuming("a file is fetched whose size its user knows"):
        bench.fetched(session, _offer(bench))
    offer = _offer(bench)
    _looked_for(session, offer.result("127.0.0.2", more="12"))
    _expect_fetched(bench, session, offer)


@checks("NAP-PER-17")
def test_results_that_cannot_be_read_are_passed_over(bench: Bench) -> None:
    session = bench.session()
    with assuming("a file is fetched whose size its user knows"):
        bench.fetched(session, _offer(bench))
    first, second = _offer(bench), _offer(bench)
    good = _offer(bench).result("127.0.0.2").encode()
    _looked_for(
        session,
        first.result("127.0.0.2"),
        good.replace(b'"', b"", 1),
        good[: good.rindex(b" ")],
        good.replace(b" 510 ", b" many "),
        b"",
        second.result("127.0.0.2"),
    )
    session.assert_answers()
    _expect_fetched(bench, session, second)
    _expect_fetched(bench, session, first)
