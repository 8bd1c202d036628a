"""Text: how the fields of a body are written and read."""

from __future__ import annotations

from ...codecs.message import Message
from ...codecs.napster import (
    SERVER,
    Browse,
    BrowseEnd,
    BrowseEntry,
    DownloadAck,
    DownloadRequest,
    FilenameClause,
    FirewalledRequest,
    GetError,
    Join,
    JoinAck,
    MemberListEnd,
    Packet,
    PrivateMessage,
    PushOrder,
    QueueLimit,
    QueueLimited,
    Search,
    SearchEnd,
    SearchResult,
    ShareFile,
    UploadAccept,
    UploadRequest,
    Whois,
    WhoisRequest,
)
from ..checks import checks
from ..outcomes import assuming
from .bench import Bench, SharedFile
from .connection import title
from .probe import User

_NAMED = (SearchResult, DownloadAck, GetError, BrowseEntry, PushOrder, UploadRequest, QueueLimited)
_HIGH = bytes(range(128, 256)).decode(errors="surrogateescape")
"""Each byte above 127, as the codecs have what is no UTF-8."""


@checks("NAP-TXT-01")
def test_the_bodies_of_a_session_are_written_as_their_layouts_say(bench: Bench) -> None:
    alice = bench.user(check=False)
    shared = bench.share(alice)
    bob = bench.user(check=False)
    channel = f"#{bench.unique()}"
    alice.send(Join(channel))
    alice.sync()
    bob.send(
        Search((FilenameClause("CONTAINS", shared.word),)),
        Browse(alice.nick),
        WhoisRequest(alice.nick),
        Join(channel),
    )
    bob.sync()
    needed = (SearchResult, SearchEnd, BrowseEntry, BrowseEnd, Whois, JoinAck, MemberListEnd)
    with assuming("search, browse, whois and joining a channel are answered"):
        numbers = {packet.type for packet in bob.log}
        missing = [title(kind) for kind in needed if kind.wire_type not in numbers]
        assert not missing, f"no {', '.join(missing)}"
    for packet in (*alice.log, *bob.log):
        payload = packet.payload(SERVER)
        assert isinstance(payload, Message), f"{packet.type} is no number of a server"


@checks("NAP-TXT-01")
def test_a_result_has_its_fields_in_the_order_of_the_layout(bench: Bench) -> None:
    alice = bench.user(link=9)
    shared = bench.share(alice, size=3_000_001, bitrate=192, frequency=48_000, seconds=77)
    bob = bench.user()
    bob.send(Search((FilenameClause("CONTAINS", shared.word),)))
    with assuming("a file that is shared is found"):
        packet = bob.expect_packet(SearchResult.wire_type or 0)
    said = [word.encode() for word in (f'"{shared.name}"', "3000001", "192", "48000", "77", alice.nick)]
    came = [word for word in packet.body.split(b" ") if word in said]
    with assuming("the fields of a result are those of the share"):
        assert sorted(came) == sorted(said), f"201 has the body {packet.body!r}"
    assert came == said, f"the fields stand in another order: {packet.body!r}"


@checks("NAP-TXT-02")
def test_a_name_stands_in_quotes_in_results_and_browses(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = _with_blanks(bench, alice)
    bob.send(Search((FilenameClause("CONTAINS", shared.word),)), Browse(alice.nick))
    _assert_quoted(bob, SearchResult, shared.name)
    _assert_quoted(bob, BrowseEntry, shared.name)


@checks("NAP-TXT-02")
def test_a_name_stands_in_quotes_in_requests_and_acknowledgements(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = _with_blanks(bench, alice)
    bob.send(DownloadRequest(alice.nick, shared.name))
    _assert_quoted(alice, UploadRequest, shared.name)
    alice.send(UploadAccept(bob.nick, shared.name))
    _assert_quoted(bob, DownloadAck, shared.name)


@checks("NAP-TXT-02")
def test_a_name_stands_in_quotes_in_the_answer_that_it_is_not_there(bench: Bench) -> None:
    alice, bob = bench.users(2)
    name = f"C:\\Music\\{bench.unique()} not there.mp3"
    bob.send(DownloadRequest(alice.nick, name))
    _assert_quoted(bob, GetError, name)


@checks("NAP-TXT-02")
def test_a_name_stands_in_quotes_in_the_order_to_push(bench: Bench) -> None:
    alice, bob = bench.user(port=0), bench.user()
    shared = _with_blanks(bench, alice)
    bob.send(FirewalledRequest(alice.nick, shared.name))
    _assert_quoted(alice, UploadRequest, shared.name)
    alice.send(UploadAccept(bob.nick, shared.name))
    _assert_quoted(alice, PushOrder, shared.name)


@checks("NAP-TXT-02")
def test_a_name_stands_in_quotes_when_a_queue_is_full(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = _with_blanks(bench, alice)
    alice.send(QueueLimit(bob.nick, shared.name, 3))
    _assert_quoted(bob, QueueLimited, shared.name)


def _with_blanks(bench: Bench, user: User) -> SharedFile:
    """A file whose name has blanks in it."""
    word = bench.unique()
    return bench.share(user, f"C:\\My Music\\a {word} song.mp3", word=word)


def _assert_quoted(user: User, kind: type[Message], name: str) -> None:
    """Failure unless the next message of this kind has the name in quotes."""
    with assuming(f"a {title(kind)} comes"):
        packet = user.expect_packet(kind.wire_type or 0)
    assert f'"{name}"'.encode() in packet.body, f"{packet.type} has the body {packet.body!r}"


@checks("NAP-TXT-03")
def test_backslashes_in_a_name_are_bytes_like_others(bench: Bench) -> None:
    alice, bob = bench.users(2)
    names = {
        f"{middle}{bench.unique()}{end}" for middle, end in (("a\\b\\", ".mp3"), ("\\\\c\\\\", "\\"), ("", "\\\\"))
    }
    for name in sorted(names):
        bench.share(alice, name)
    plain = bench.share(alice)
    with assuming("a name without backslash at its end is browsed"):
        found = {entry.file for entry in bob.browse(alice.nick)}
        assert plain.name in found
    assert names <= found, f"{sorted(names - found)} not among {sorted(found)}"


@checks("NAP-TXT-04")
def test_a_login_with_two_blanks_between_fields_is_read_as_with_one(bench: Bench) -> None:
    bench.user()
    alice = bench.raw()
    login = bench.login(client="peerspec")
    assert alice.enter(Packet.of_raw(2, login.encode().replace(b" ", b"  "))), f"it is refused: {alice.came()}"


@checks("NAP-TXT-04")
def test_a_search_with_two_blanks_between_fields_is_read_as_with_one(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    query = Search((FilenameClause("CONTAINS", shared.word),))
    bob.send_raw(200, query.encode().replace(b" ", b"  "))
    results = bob.answers(SearchResult, until=SearchEnd)
    assert [each.file for each in results] == [shared.name]


@checks("NAP-TXT-05")
def test_bytes_above_127_of_a_name_are_passed_on(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice, f"C:\\{bench.unique()} {_HIGH}.mp3")
    with assuming("a file is browsed"):
        found = [entry.file for entry in bob.browse(alice.nick)]
        assert len(found) == 1
    assert found == [shared.name]


@checks("NAP-TXT-05")
def test_bytes_above_127_of_what_is_said_are_passed_on(bench: Bench) -> None:
    alice, bob = bench.users(2)
    with assuming("a private message is passed on"):
        bob.send(PrivateMessage(alice.nick, bench.unique()))
        alice.expect(PrivateMessage)
    text = f"{bench.unique()} {_HIGH}"
    bob.send(PrivateMessage(alice.nick, text))
    assert alice.expect(PrivateMessage).text == text


@checks("NAP-TXT-06")
def test_a_name_without_blanks_is_accepted_without_quotes(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.file()
    alice.send_raw(ShareFile.wire_type or 0, shared.message.encode().replace(b'"', b""))
    alice.sync()
    assert [each.file for each in bob.find(shared.word)] == [shared.name]


@checks("NAP-TXT-07")
def test_the_address_in_a_result_has_its_first_octet_lowest(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    with assuming("a file that is shared is found"):
        results = bob.find(shared.word)
        assert len(results) == 1
    _assert_order(results[0].ip, alice)


@checks("NAP-TXT-07")
def test_the_address_in_an_acknowledgement_has_its_first_octet_lowest(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    with assuming("a download is acknowledged"):
        bob.send(DownloadRequest(alice.nick, shared.name))
        alice.expect(UploadRequest)
        alice.send(UploadAccept(bob.nick, shared.name))
        found = bob.expect(DownloadAck)
    _assert_order(found.ip, alice)


def _assert_order(address: str, user: User) -> None:
    """Failure when an address is that of a user with its octets the other way round."""
    own = user.local[0]
    assert address != ".".join(reversed(own.split("."))), f"{own} is written as {address} would be"
    with assuming("the server tells the address that it sees"):
        assert address == own
