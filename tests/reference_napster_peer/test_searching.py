"""Searches and browses, and what they find."""

import pytest

from peerspec.codecs.errors import EncodeError
from peerspec.codecs.framing import Opaque
from peerspec.codecs.napster import (
    Browse,
    BrowseEnd,
    BrowseEntry,
    FilenameClause,
    LimitClause,
    LoginAck,
    Search,
    SearchEnd,
    SearchResult,
    UserPing,
    UserPong,
)
from peerspec.reference.napster import Found, Peer

from .conftest import Session, Town


def result(file: str, more: str | None = None) -> SearchResult:
    return SearchResult(file, "0" * 32, 5, 128, 44100, 60, "bob", "10.9.1.1", 9, more=more)


def found(file: str) -> Found:
    return Found("bob", file, "0" * 32, 5, 128, 44100, 60, "10.9.1.1", 9)


@pytest.fixture
def peer(town: Town) -> Peer:
    return town.peer({})


@pytest.fixture
def session(town: Town, peer: Peer) -> Session:
    return town.session(peer)


def test_a_search_asks_for_words_in_a_filename(town: Town, peer: Peer, session: Session) -> None:
    town.do(peer, "search", "band song", maximum=7)
    assert session.read() == [Search((FilenameClause("CONTAINS", "band song"), LimitClause(7)))]


def test_quotes_are_not_sent_inside_of_quotes(town: Town, peer: Peer, session: Session) -> None:
    town.do(peer, "search", 'a "quoted" song\n')
    (search,) = session.got(Search)
    assert search.clauses[0] == FilenameClause("CONTAINS", "a  quoted  song ")


def test_results_belong_to_the_search_that_has_waited_longest(town: Town, peer: Peer, session: Session) -> None:
    first, second = town.do(peer, "search", "one"), town.do(peer, "search", "two")
    session.send(result("a"), result("b", more="17"), SearchEnd(), result("c"), SearchEnd(), result("d"), SearchEnd())
    session.read()
    assert peer.results(first) == (found("a"), found("b"))
    assert peer.results(second) == (found("c"),)
    assert peer.results(99) == ()


@pytest.mark.parametrize(
    "body",
    [b'"no end 0 5 128 44100 60 bob 1 9', b'"a" 0 5', b'"a" 0 big 128 44100 60 bob 1 9', b"", b'a "b" "c'],
)
def test_a_result_that_can_not_be_read_harms_no_other(town: Town, peer: Peer, session: Session, body: bytes) -> None:
    search = town.do(peer, "search", "one")
    session.send(result("a"), Opaque(201, body), result("b"), SearchEnd(), UserPing("bob"))
    assert session.read()[1:] == [UserPong("bob")]
    assert peer.results(search) == (found("a"), found("b"))


def test_results_and_searches_kept_are_bounded(town: Town) -> None:
    peer = town.peer({}, max_found=5, max_searches=3)
    session = town.session(peer)
    searches = [town.do(peer, "search", "x") for _ in range(5)]
    for _ in searches:
        session.send(*[result("a")] * 10, SearchEnd())
    session.read()
    assert [len(peer.results(search)) for search in searches] == [0, 0, 5, 5, 5]


def test_a_search_of_a_session_that_has_ended_is_over(town: Town, peer: Peer, session: Session) -> None:
    lost = town.do(peer, "search", "one")
    session.stream.close()
    session.read()
    later = town.do(peer, "search", "two")
    again = Session(town.network, town.accept(5))
    again.send(LoginAck("x"))
    assert [search.clauses[0] for search in again.got(Search)] == [FilenameClause("CONTAINS", "two")]
    again.send(result("a"), SearchEnd())
    again.read()
    assert (peer.results(lost), peer.results(later)) == ((), (found("a"),))


def test_a_search_that_no_message_can_hold_is_an_error(town: Town, peer: Peer, session: Session) -> None:
    with pytest.raises(EncodeError):
        town.do(peer, "search", "x" * 5000)
    with pytest.raises(EncodeError):
        town.do(peer, "browse", "two words")
    assert session.read() == []


def test_a_search_that_is_too_long_for_servers_is_not_sent(town: Town, peer: Peer, session: Session) -> None:
    town.do(peer, "search", "x" * 2040)
    town.do(peer, "search", "two")
    assert [search.clauses[0] for search in session.got(Search)] == [FilenameClause("CONTAINS", "two")]


def test_a_browse_shows_the_files_of_its_user(town: Town, peer: Peer, session: Session) -> None:
    town.do(peer, "browse", "bob")
    town.do(peer, "browse", "carol")
    assert session.read() == [Browse("bob"), Browse("carol")]
    session.send(
        BrowseEntry("carol", "c", "0", 1, 2, 3, 4),
        BrowseEntry("Bob", "b", "0", 1, 2, 3, 4),
        BrowseEntry("dave", "d", "0", 1, 2, 3, 4),
        BrowseEnd("bob", more="16777343"),
        BrowseEntry("bob", "late", "0", 1, 2, 3, 4),
        BrowseEnd("dave"),
    )
    session.read()
    assert peer.browsed("BOB") == (Found("Bob", "b", "0", 1, 2, 3, 4),)
    assert peer.browsed("carol") == (Found("carol", "c", "0", 1, 2, 3, 4),)
    assert peer.browsed("dave") == ()


def test_a_browse_before_the_login_goes_out_after_it_and_once(town: Town, peer: Peer) -> None:
    town.do(peer, "browse", "bob")
    session = town.session(peer)
    session.stream.close()
    again = Session(town.network, town.accept(5))
    again.send(LoginAck("x"))
    assert again.got(Browse) == []


def test_browses_kept_are_bounded(town: Town) -> None:
    peer = town.peer({}, max_searches=3)
    for number in range(10):
        town.do(peer, "browse", f"bob{number}")
    assert len(peer.browses) == 3
