"""Direct browsing: lists of files from peer to peer."""

import pytest

from peerspec.codecs.napster import (
    DirectBrowse,
    DirectBrowseAccept,
    DirectBrowseAccepted,
    DirectBrowseError,
    DirectBrowseRequest,
    FileList,
    ListedFile,
    PeerAddress,
)
from peerspec.reference.napster import Found, Peer

from .conftest import OTHER, SHARED, SONG, Session, Town

LIST = FileList("bob", (ListedFile("C:\\a.mp3", "0", 1, 2, 3, 4), ListedFile("C:\\b.mp3", "0", 5, 6, 7, 8))).encode()
FOUND = (Found("bob", "C:\\a.mp3", "0", 1, 2, 3, 4), Found("bob", "C:\\b.mp3", "0", 5, 6, 7, 8))


@pytest.fixture
def peer(town: Town) -> Peer:
    return town.peer()


@pytest.fixture
def session(town: Town, peer: Peer) -> Session:
    return town.session(peer)


@pytest.mark.parametrize("request_bytes", [b"GETLIST", b"GETLIST\n"])
@pytest.mark.parametrize("bytewise", [False, True], ids=["at once", "in bytes"])
def test_the_list_of_shares_is_given(town: Town, peer: Peer, request_bytes: bytes, bytewise: bool) -> None:
    stream = town.dial(peer)
    for at in range(len(request_bytes) if bytewise else 0):
        stream.send(request_bytes[at : at + 1])
    answer = town.say(stream, b"" if bytewise else request_bytes)
    assert answer.startswith(b"alice\n")
    listed = FileList.decode(answer)
    assert [(file.file, file.size) for file in listed.files] == [(SONG, len(SHARED[SONG])), (OTHER, len(SHARED[OTHER]))]
    assert listed.files[0].md5 == next(iter(peer.shares)).checksum
    assert (stream.eof, stream.reset) == (True, False)


def test_an_empty_list_is_given(town: Town) -> None:
    assert town.say(town.dial(town.peer({})), b"GETLIST") == b"alice\n\n"


def test_a_long_list_is_given_piece_by_piece(town: Town) -> None:
    names = [f"C:\\music {number % 7}\\a rather long name of a song {number}.mp3" for number in range(3000)]
    peer = town.peer(dict.fromkeys(names, b"x"))
    stream = town.dial(peer)
    stream.pause()
    town.say(stream, b"GETLIST")
    (link,) = peer.links.values()
    assert 0 < link.queued < 20_000
    stream.resume()
    town.network.run_for(5)
    assert [file.file for file in FileList.decode(stream.take()).files] == names


def test_a_nick_may_begin_with_list(town: Town, peer: Peer) -> None:
    assert town.say(town.dial(peer), b'GETLISTbob "x.mp3" 0') == b"FILE NOT SHARED"


def test_a_direct_browse_is_accepted(town: Town, peer: Peer, session: Session) -> None:
    listener = town.listen()
    session.send(DirectBrowse("bob"), DirectBrowse("carol", address=PeerAddress(*listener.address)))
    assert session.read() == [DirectBrowseAccept("bob"), DirectBrowseAccept("carol")]
    assert not listener.pending


def test_a_firewalled_owner_brings_its_list(town: Town) -> None:
    session = town.session(town.peer(firewalled=True))
    listener = town.listen()
    session.send(DirectBrowse("bob", address=PeerAddress(*listener.address)))
    assert session.read() == [DirectBrowseAccept("bob")]
    stream = town.called(listener)
    assert town.say(stream, b"", 10) == b""
    answer = town.say(stream, b"1")
    assert answer.startswith(b"SENDLIST alice\n")
    listed = FileList.decode(b"alice\n" + answer.partition(b"\n")[2])
    assert [file.file for file in listed.files] == [SONG, OTHER]
    assert stream.eof


def test_calls_for_lists_are_few(town: Town) -> None:
    session = town.session(town.peer(firewalled=True))
    listener = town.listen()
    session.send(*[DirectBrowse("bob", address=PeerAddress(*listener.address))] * 50)
    session.read()
    assert len(listener.pending) == 8


@pytest.mark.parametrize("pieces", [[LIST], [LIST[:30], LIST[30:]], [bytes((byte,)) for byte in LIST]])
def test_a_list_is_fetched(town: Town, peer: Peer, session: Session, pieces: list[bytes]) -> None:
    listing = town.do(peer, "browse_directly", "bob")
    assert session.read() == [DirectBrowseRequest("bob")]
    listener = town.listen()
    session.send(DirectBrowseAccepted("bob", *listener.address))
    stream = town.called(listener)
    assert town.say(stream, b"") == b""
    assert town.say(stream, b"1") == b"GETLIST"
    for piece in pieces:
        stream.send(piece)
    town.network.run_for(1)
    assert (listing.over, listing.found, stream.eof) == (True, FOUND, True)


@pytest.mark.parametrize("head", [b"", b"bob\n"], ids=["as the text has it", "with the nick once more"])
@pytest.mark.parametrize("closes", [True, False], ids=["and closed", "and left open"])
def test_a_list_that_is_brought_is_taken(town: Town, peer: Peer, session: Session, head: bytes, closes: bool) -> None:
    listing = town.do(peer, "browse_directly", "Bob")
    session.send(DirectBrowseAccepted("bob", "10.9.1.9", 0))
    session.read()
    stream = town.dial(peer)
    stream.send(b"SENDLIST bob\n" + head + LIST.partition(b"\n")[2])
    if closes:
        stream.close()
    town.network.run_for(1)
    assert (listing.over, len(listing.found), stream.eof) == (True, 2, True)
    assert town.say(town.dial(peer), b"SENDLIST bob\n") == b"FILE NOT REQUESTED"


@pytest.mark.parametrize("answer", [b"", b"bob\n", b"bob\nno list\n\n", b"\xff" * 1000, b"x" * 100_000])
def test_what_is_no_list_ends_the_browse(town: Town, answer: bytes) -> None:
    peer = town.peer(max_list=50_000)
    session = town.session(peer)
    listing = town.do(peer, "browse_directly", "bob")
    listener = town.listen()
    session.send(DirectBrowseAccepted("bob", *listener.address))
    stream = town.called(listener)
    town.say(stream, b"1")
    if answer:
        town.say(stream, answer)
    stream.close()
    town.network.run_for(1)
    assert (listing.over, listing.found, listing.reason) == (True, (), "no list has come")


def test_a_browse_that_can_not_take_place_is_over(town: Town, peer: Peer, session: Session) -> None:
    listing = town.do(peer, "browse_directly", "bob")
    session.send(DirectBrowseError("bob", "both are firewalled"))
    session.read()
    assert (listing.over, listing.reason) == (True, "both are firewalled")
    session.stream.close()
    session.read(0.1)
    assert town.do(peer, "browse_directly", "bob").reason == "there is no session"


def test_nobody_is_called_for_a_list_that_was_not_asked_for(town: Town, session: Session) -> None:
    listener = town.listen()
    session.send(DirectBrowseAccepted("bob", *listener.address))
    session.read(5)
    assert not listener.pending


def test_listings_kept_are_bounded(town: Town) -> None:
    peer = town.peer(max_searches=3)
    town.session(peer)
    for number in range(10):
        town.do(peer, "browse_directly", f"bob{number}")
    assert len(peer.listings) == 3
