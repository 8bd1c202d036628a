"""Uploads: requests that the server passes on, the data port, and calling a downloader."""

from pathlib import Path

import pytest

from peerspec.codecs.napster import (
    AcceptFailed,
    GetFile,
    Offset,
    PushOrder,
    QueueLimit,
    Refusal,
    SendFile,
    UploadAccept,
    UploadEnd,
    UploadRequest,
    UploadStart,
)
from peerspec.reference.napster import Peer, Shares
from peerspec.reference.worlds.streams import VirtualStream

from .conftest import CONTENT, OTHER, SONG, Session, Town

SIZE = b"%d" % len(CONTENT)


@pytest.fixture
def peer(town: Town) -> Peer:
    return town.peer()


@pytest.fixture
def session(town: Town, peer: Peer) -> Session:
    session = town.session(peer)
    session.send(UploadRequest("bob", SONG))
    session.read()
    return session


def get(town: Town, peer: Peer, nick: str = "bob", file: str = SONG, offset: int = 0) -> tuple[bytes, VirtualStream]:
    """What the peer answers to a request, and the connection."""
    stream = town.dial(peer)
    return town.say(stream, GetFile(nick, file, offset).encode()), stream


# Requests of the server


def test_a_request_for_a_shared_file_is_accepted_with_the_same_words(town: Town) -> None:
    session = town.session(town.peer())
    session.send(UploadRequest("bob", SONG), UploadRequest("carol", OTHER, more="9"))
    assert session.read() == [UploadAccept("bob", SONG), UploadAccept("carol", OTHER)]


@pytest.mark.parametrize(
    "name", ["C:\\mp3\\none.mp3", SONG.lower(), "", "..\\..\\secret", "C:\\mp3\\..\\mp3\\Band - Song.mp3"]
)
def test_a_request_for_a_file_that_is_not_shared_is_declined(town: Town, name: str) -> None:
    session = town.session(town.peer())
    session.send(UploadRequest("bob", name), UploadRequest("bob", SONG))
    assert session.read() == [AcceptFailed("bob", name), UploadAccept("bob", SONG)]


def test_requests_beyond_the_limit_are_put_off_until_an_upload_ends(town: Town) -> None:
    peer = town.peer(uploads=1)
    session = town.session(peer)
    session.send(UploadRequest("bob", SONG))
    assert session.read() == [UploadAccept("bob", SONG)]
    stream = town.dial(peer)
    stream.pause()
    town.say(stream, GetFile("bob", SONG, 0).encode())
    session.send(UploadRequest("carol", OTHER))
    assert session.read() == [UploadStart(), QueueLimit("carol", OTHER, 1)]
    stream.resume()
    assert session.read() == [UploadEnd()]
    session.send(UploadRequest("carol", OTHER))
    assert session.read() == [UploadAccept("carol", OTHER)]


def test_what_was_accepted_beyond_the_limit_waits_for_its_place(town: Town) -> None:
    peer = town.peer(uploads=2)
    session = town.session(peer)
    nicks = ("bob", "carol", "dave", "eve", "fay")
    session.send(*[UploadRequest(nick, SONG) for nick in nicks])
    session.read()
    streams = []
    for nick in nicks:
        stream = town.dial(peer)
        stream.pause()
        town.say(stream, GetFile(nick, SONG, 0).encode())
        streams.append(stream)
    bob, carol, dave, eve, fay = streams
    assert (len(session.read()), peer.uploads_running()) == (2, 2)
    dave.close()
    bob.resume()
    assert session.read() == [UploadEnd(), UploadStart()]
    eve.resume()
    assert session.read() == [UploadEnd(), UploadStart()]
    for stream in streams:
        stream.resume()
    assert session.read() == [UploadEnd(), UploadEnd()]
    assert [stream.take() for stream in (bob, carol, eve, fay)] == [SIZE + CONTENT] * 4
    assert peer.uploads_running() == 0


def test_a_request_does_not_wait_for_ever(town: Town) -> None:
    peer = town.peer(uploads=0)
    peer.accepted.put(0, ("bob", SONG), None)
    answer, stream = get(town, peer)
    assert (answer, stream.eof) == (b"", False)
    town.network.run_for(301)
    assert (stream.take(), stream.eof) == (b"", True)


# The data port


@pytest.mark.parametrize("offset", [0, 1, 1000, len(CONTENT) - 1])
def test_the_size_of_all_and_the_file_from_the_offset_on_are_sent(
    town: Town, peer: Peer, session: Session, offset: int
) -> None:
    answer, stream = get(town, peer, offset=offset)
    assert answer == SIZE + CONTENT[offset:]
    assert (stream.eof, stream.reset) == (True, False)
    assert session.read() == [UploadStart(), UploadEnd()]


@pytest.mark.parametrize(
    "pieces",
    [
        [b'GETbob "C:\\mp3\\Band - Song.mp3" 299990'],
        [b"GET", b'bob "C:\\mp3\\Band - Song.mp3" 299990'],
        [bytes((byte,)) for byte in b'GETbob "C:\\mp3\\Band - Song.mp3" 299990'],
    ],
    ids=["one", "two", "bytes"],
)
@pytest.mark.usefixtures("session")
def test_a_request_is_understood_however_it_is_divided(town: Town, peer: Peer, pieces: list[bytes]) -> None:
    stream = town.dial(peer)
    for piece in pieces:
        stream.send(piece)
        town.network.run_for(0.1)
    town.network.run_for(1)
    assert stream.take() == SIZE + CONTENT[299_990:]


def test_nothing_but_the_1_comes_before_a_request(town: Town, peer: Peer) -> None:
    stream = town.dial(peer)
    assert town.say(stream, b"GET", wait=100) == b""


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("request_bytes", "refusal"),
    [
        (b'GETbob "C:\\none.mp3" 0', "FILE NOT SHARED"),
        (b'GETbob "..\\..\\etc\\passwd" 0', "FILE NOT SHARED"),
        (b'GETbob "/etc/passwd" 0', "FILE NOT SHARED"),
        (b'GETcarol "C:\\mp3\\Band - Song.mp3" 0', "FILE NOT REQUESTED"),
        (b'GETbob "C:\\mp3\\other\\tune.mp3" 0', "FILE NOT REQUESTED"),
        (b'GETbob "C:\\mp3\\Band - Song.mp3" 300000', "INVALID REQUEST"),
        (b'GETbob "C:\\mp3\\Band - Song.mp3" 300001', "INVALID REQUEST"),
        (b'GETbob "C:\\mp3\\Band - Song.mp3" -1', "INVALID REQUEST"),
        (b'GETbob "C:\\mp3\\Band - Song.mp3" abc', "INVALID REQUEST"),
        (b'GETbob "C:\\mp3\\Band - Song.mp3" 99999999999999999999999', "INVALID REQUEST"),
        (b'GETbob  "C:\\mp3\\Band - Song.mp3" 0', "INVALID REQUEST"),
        (b'SENDbob "C:\\mp3\\Band - Song.mp3" 5', "FILE NOT REQUESTED"),
        (b"SENDLIST bob\n", "FILE NOT REQUESTED"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "INVALID REQUEST"),
        (b"\x00\x01\x02", "INVALID REQUEST"),
        (b'GETbob "' + b"x" * 60_000 + b'" 0', "INVALID REQUEST"),
    ],
)
def test_what_can_not_be_served_is_refused_by_a_text(
    town: Town, peer: Peer, request_bytes: bytes, refusal: str
) -> None:
    stream = town.dial(peer)
    assert town.say(stream, request_bytes) == Refusal(refusal).encode()
    assert stream.eof
    assert get(town, peer)[0] == SIZE + CONTENT


def test_an_acceptance_holds_for_either_case_of_the_nick_and_for_some_time(
    town: Town, peer: Peer, session: Session
) -> None:
    assert get(town, peer, nick="BOB")[0] == SIZE + CONTENT
    session.read(280)
    assert get(town, peer)[0] == SIZE + CONTENT
    session.read(30)
    assert get(town, peer)[0] == b"FILE NOT REQUESTED"


def test_acceptances_that_are_remembered_are_bounded(town: Town) -> None:
    peer = town.peer(max_accepted=10, uploads=100)
    session = town.session(peer)
    session.send(*[UploadRequest(f"bob{number}", SONG) for number in range(100)])
    session.read()
    assert len(peer.accepted) == 10
    assert get(town, peer, nick="bob0")[0] == b"FILE NOT REQUESTED"
    assert get(town, peer, nick="bob99")[0] == SIZE + CONTENT


def test_several_connections_are_served_at_the_same_time(town: Town, peer: Peer, session: Session) -> None:
    slow = town.dial(peer)
    slow.pause()
    town.say(slow, GetFile("bob", SONG, 0).encode())
    idle = town.dial(peer)
    assert get(town, peer, offset=1000)[0] == SIZE + CONTENT[1000:]
    assert not idle.eof
    slow.resume()
    town.network.run_for(1)
    assert slow.take() == SIZE + CONTENT
    assert session.read() == [UploadStart(), UploadStart(), UploadEnd(), UploadEnd()]


def test_a_downloader_that_reads_nothing_costs_one_piece_and_is_given_up(town: Town) -> None:
    peer = town.peer({SONG: bytes(10_000_000)})
    session = town.session(peer)
    session.send(UploadRequest("bob", SONG))
    session.read()
    stream = town.dial(peer)
    stream.pause()
    town.say(stream, GetFile("bob", SONG, 0).encode(), wait=200)
    (link,) = [link for link in peer.links.values() if link.upload is not None]
    assert 0 < link.queued < 70_000
    assert session.read() == [UploadStart()]
    assert session.read(110) == [UploadEnd()]
    assert stream.eof


def test_a_downloader_that_leaves_ends_the_upload(town: Town, peer: Peer, session: Session) -> None:
    stream = town.dial(peer)
    stream.pause()
    town.say(stream, GetFile("bob", SONG, 0).encode())
    stream.abort()
    assert session.read() == [UploadStart(), UploadEnd()]


def test_a_file_that_vanishes_ends_the_connection_and_no_more(town: Town, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    for name in ("a.mp3", "b.mp3"):
        (tmp_path / "music" / name).write_bytes(CONTENT)
    peer = town.peer(shares=Shares.from_folder(tmp_path / "music"))
    session = town.session(peer)
    session.send(UploadRequest("bob", "music\\a.mp3"), UploadRequest("bob", "music\\b.mp3"))
    session.read()
    (tmp_path / "music" / "a.mp3").unlink()
    answer, stream = get(town, peer, file="music\\a.mp3")
    assert stream.reset
    assert CONTENT not in answer
    assert get(town, peer, file="music\\b.mp3")[0] == SIZE + CONTENT
    assert session.read() == [UploadStart(), UploadEnd()] * 2


# Calling a downloader


def push(town: Town, session: Session, file: str = SONG, nick: str = "bob") -> VirtualStream:
    """The connection that the peer makes for a 501."""
    listener = town.listen()
    session.send(PushOrder(nick, *listener.address, file, "0", 3))
    return town.called(listener)


@pytest.fixture
def hidden(town: Town) -> Session:
    """A session of a firewalled peer that has accepted an upload."""
    session = town.session(town.peer(firewalled=True))
    session.send(UploadRequest("bob", SONG))
    assert session.read() == [UploadAccept("bob", SONG)]
    return session


def test_a_firewalled_uploader_waits_for_the_1_and_offers_the_file(town: Town, hidden: Session) -> None:
    stream = push(town, hidden)
    town.network.run_for(10)
    assert stream.take() == b""
    assert town.say(stream, b"1") == SendFile("alice", SONG, len(CONTENT)).encode()
    assert hidden.read() == []


@pytest.mark.parametrize("pieces", [[b"0"], [b"1000"], [b"1", b"0", b"0", b"0"], [b"299999"]])
def test_a_firewalled_uploader_sends_from_the_offset(town: Town, hidden: Session, pieces: list[bytes]) -> None:
    stream = push(town, hidden)
    town.say(stream, b"1")
    for piece in pieces:
        stream.send(piece)
        town.network.run_for(0.1)
    town.network.run_for(1)
    assert stream.take() == CONTENT[int(b"".join(pieces)) :]
    assert stream.eof
    assert hidden.read() == [UploadStart(), UploadEnd()]


@pytest.mark.parametrize("answer", [b"INVALID REQUEST", b"-1", b"12 ", b"300001", b"9" * 30, b"007", b"\x00"])
def test_a_firewalled_uploader_sends_nothing_where_the_answer_is_no_offset(
    town: Town, hidden: Session, answer: bytes
) -> None:
    stream = push(town, hidden)
    town.say(stream, b"1")
    assert town.say(stream, answer) == b""
    assert stream.eof
    assert hidden.read() == []


def test_a_firewalled_uploader_says_nothing_to_who_does_not_say_1(town: Town, hidden: Session) -> None:
    stream = push(town, hidden)
    assert town.say(stream, b"220 mail.example ESMTP\r\n") == b""
    assert stream.eof


@pytest.mark.parametrize(("nick", "file"), [("carol", SONG), ("bob", OTHER), ("bob", "C:\\none.mp3")])
def test_an_order_to_connect_is_obeyed_for_accepted_uploads_only(
    town: Town, hidden: Session, nick: str, file: str
) -> None:
    listener = town.listen()
    hidden.send(
        PushOrder(nick, *listener.address, file, "0", 3), PushOrder("bob", listener.address[0], 0, SONG, "0", 3)
    )
    hidden.read(10)
    assert not listener.pending


def test_calls_are_as_few_as_uploads(town: Town) -> None:
    session = town.session(town.peer(firewalled=True, uploads=3))
    session.send(UploadRequest("bob", SONG))
    listener = town.listen()
    session.send(*[PushOrder("bob", *listener.address, SONG, "0", 3)] * 50)
    session.read()
    assert len(listener.pending) == 3


def test_a_downloader_that_is_not_there_is_forgotten(town: Town, hidden: Session) -> None:
    hidden.send(PushOrder("bob", "10.9.9.9", 1, SONG, "0", 3))
    assert hidden.read(60) == []
    stream = push(town, hidden)
    town.say(stream, b"1")
    assert town.say(stream, Offset(5).encode()) == CONTENT[5:]
    assert hidden.read() == [UploadStart(), UploadEnd()]
