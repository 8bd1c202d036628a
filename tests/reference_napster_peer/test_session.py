"""Logging in, what comes in a session, and logging in again."""

from hashlib import md5

import pytest

from peerspec.codecs.framing import Opaque
from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    AutoUpgrade,
    ConnectTest,
    Cycle,
    ErrorText,
    ListenTest,
    Login,
    LoginAck,
    LoginError,
    MotdLine,
    NickInvalid,
    Packet,
    Part,
    Redirect,
    Register,
    ServerPing,
    ShareDirectory,
    ShareFile,
    SignOff,
    SignOn,
    Stats,
    UploadAccept,
    UploadRequest,
    UserPing,
    UserPong,
)

from . import mp3
from .conftest import SONG, Session, Town

ACK = LoginAck("anon@localhost")


def logins(town: Town, seconds: float, answer: bytes) -> list[Message | Opaque]:
    """The logins of a peer within some time, each answered by `answer` and the end of the session."""
    came: list[Message | Opaque] = []
    end = town.network.now + seconds
    while town.network.run_until(lambda: town.listener.pending, end - town.network.now):
        session = Session(town.network, town.accept())
        came += session.read(0.01)
        session.stream.send(answer)
        session.stream.close()
    return came


def test_a_login_says_nick_password_port_program_and_link(town: Town) -> None:
    peer = town.peer(password="pw", client="test 1.0", link_type=9)
    town.do(peer, "login", town.listener.address)
    assert Session(town.network, town.accept()).read() == [Login("alice", "pw", 6699, "test 1.0", 9)]


def test_a_firewalled_peer_says_port_0_and_takes_no_connections(town: Town) -> None:
    peer = town.peer(firewalled=True)
    town.do(peer, "login", town.listener.address)
    (login,) = Session(town.network, town.accept()).got(Login)
    assert login.port == 0
    stream = town.network.dial("10.9.1.1", peer.address)
    town.network.run_for(1)
    assert (stream.take(), stream.eof) == (b"", True)


def test_a_nick_is_registered_once(town: Town) -> None:
    peer = town.peer(email="a@b.example")
    town.do(peer, "login", town.listener.address)
    session = Session(town.network, town.accept())
    assert session.read() == [Register("alice", "secret", 6699, "peerspec 0.1.0", 7, "a@b.example")]
    session.send(ACK)
    session.stream.close()
    assert isinstance(Session(town.network, town.accept(5)).read()[0], Login)


def test_a_nick_that_is_taken_is_logged_in_with(town: Town) -> None:
    town.do(town.peer(email="a@b.example"), "login", town.listener.address)
    first, second = logins(town, 60, Packet.of(LoginError("taken")).encode())[:2]
    assert (type(first), type(second)) == (Register, Login)


def test_nothing_of_a_session_goes_out_before_it_is_acknowledged(town: Town) -> None:
    peer = town.peer()
    town.do(peer, "login", town.listener.address)
    town.do(peer, "search", "song")
    town.do(peer, "browse", "bob")
    town.do(peer, "download", "bob", "x.mp3")
    session = Session(town.network, town.accept())
    session.send(UserPing("bob"), UploadRequest("bob", SONG), MotdLine("hello"))
    assert [type(message) for message in session.read(10)] == [Login]
    session.send(ACK)
    numbers = [message.wire_type for message in session.read()]
    assert sorted(number for number in numbers if number is not None) == [100, 100, 200, 203, 211]


@pytest.mark.parametrize("refusal", [LoginError("no"), NickInvalid()], ids=["0", "10"])
def test_a_refused_login_is_repeated_after_a_long_pause(town: Town, refusal: Message) -> None:
    town.do(town.peer(), "login", town.listener.address)
    answer = Packet.of(refusal).encode()
    assert len(logins(town, 29, answer)) == 1
    assert len(logins(town, 600, answer)) in (3, 4)


def test_a_refusal_in_a_session_is_none(town: Town) -> None:
    session = town.session(town.peer())
    session.send(LoginError("what?"), ACK, UserPing("bob"))
    assert session.read() == [UserPong("bob")]


@pytest.mark.parametrize("answer", [Packet.of(ACK).encode(), b""], ids=["after 3", "before 3"])
def test_sessions_that_end_at_once_are_begun_ever_more_seldom(town: Town, answer: bytes) -> None:
    town.do(town.peer({}), "login", town.listener.address)
    assert len(logins(town, 20, answer)) in (4, 5)
    assert len(logins(town, 3600, answer)) < 15
    assert len(logins(town, 3600, answer)) in range(4, 8)


def test_a_session_that_lasted_is_begun_again_soon(town: Town) -> None:
    peer = town.peer({})
    town.do(peer, "login", town.listener.address)
    logins(town, 600, b"")
    session = Session(town.network, town.accept(900))
    session.send(ACK)
    session.read(61)
    session.stream.close()
    town.accept(4)


def test_a_server_that_is_not_there_is_tried_again(town: Town) -> None:
    town.do(town.peer(), "login", ("10.9.9.9", 1))
    town.network.run_for(5)
    late = town.network.listen("10.9.9.9", 1)
    assert town.network.run_until(lambda: late.pending, 30)


def test_a_server_that_does_not_answer_is_left(town: Town) -> None:
    town.do(town.peer(), "login", town.listener.address)
    stream = town.accept()
    town.network.run_for(59)
    assert not stream.eof
    town.network.run_for(2)
    assert stream.eof


def test_another_login_takes_the_place_of_the_session(town: Town) -> None:
    peer = town.peer()
    session = town.session(peer)
    elsewhere = town.network.listen("10.9.0.2", 8888)
    town.do(peer, "login", elsewhere.address)
    assert town.network.run_until(lambda: elsewhere.pending, 1)
    town.network.run_for(60)
    assert session.stream.eof
    assert not town.listener.pending


def test_messages_are_understood_however_they_are_divided(town: Town) -> None:
    peer = town.peer()
    town.do(peer, "login", town.listener.address)
    session = Session(town.network, town.accept())
    for byte in Packet.of(ACK).encode() + Packet.of(UserPing("bob")).encode():
        session.stream.send(bytes((byte,)))
    assert UserPong("bob") in session.read()
    session.send(UserPing("bob"), ServerPing(), UserPing("carol", text="12 ab"), UserPing("dave"))
    assert session.read() == [UserPong("bob"), ServerPing(), UserPong("carol", text="12 ab"), UserPong("dave")]


def test_what_comes_unasked_and_what_nobody_knows_is_passed_over(town: Town) -> None:
    session = town.session(town.peer())
    session.send(
        SignOn("bob", 3),
        SignOff("bob"),
        Stats(1, 2, 3, more="GB 4"),
        Part("#rock"),
        ErrorText("anything"),
        MotdLine("line"),
        Opaque(9999, b"\x00\xff"),
        Opaque(850, b'"'),
        Opaque(209, b""),
        Opaque(607, b'bob "no end'),
        Opaque(204, b"\xff" * 2000),
        UploadRequest("bob", SONG),
    )
    assert session.read() == [UploadAccept("bob", SONG)]


def test_orders_of_the_server_are_not_obeyed(town: Town) -> None:
    peer = town.peer()
    session = town.session(peer)
    trap = town.network.listen("10.9.0.9", 8875)
    session.send(
        AutoUpgrade("9.9", source="10.9.0.9:x.exe"),
        ConnectTest("10.9.0.9", 8875, "data"),
        ListenTest(7000, 60, "data"),
        Redirect("10.9.0.9", 8875),
        Cycle("10.9.0.9"),
        UserPing("bob"),
    )
    assert session.read(30) == [UserPong("bob")]
    assert not trap.pending
    with pytest.raises(ConnectionRefusedError):
        town.network.dial("10.9.1.1", (peer.address[0], 7000))


@pytest.mark.parametrize("order", [Redirect("10.9.0.9", 8875), Cycle("10.9.0.9")], ids=["821", "822"])
def test_a_peer_that_follows_goes_where_its_server_says(town: Town, order: Message) -> None:
    session = town.session(town.peer(follows=True))
    there = town.network.listen("10.9.0.9", 8875)
    session.send(Redirect("10.9.0.8", 0), order)
    assert town.network.run_until(lambda: there.pending, 1)
    session.read()
    assert session.stream.eof


def test_a_peer_that_leaves_closes_everything_and_stays_away(town: Town) -> None:
    peer = town.peer()
    session = town.session(peer)
    stream = town.dial(peer)
    town.network.call(peer, lambda node, now: node.shutdown(now))
    town.network.run_for(600)
    assert (session.stream.eof, stream.eof, peer.links) == (True, True, {})
    assert not town.listener.pending


def test_shares_are_told_again_in_each_session(town: Town) -> None:
    peer = town.peer()
    for _ in range(2):
        town.do(peer, "login", town.listener.address)
        session = Session(town.network, town.accept())
        session.send(ACK)
        names = {message.file for message in session.got(ShareFile)}
        assert names == {share.name for share in peer.shares}


def test_a_server_that_reads_nothing_is_left_within_bounds(town: Town) -> None:
    contents = {f"C:\\music {number % 10}\\a rather long name of a song {number}.mp3": b"x" for number in range(3000)}
    peer = town.peer(contents, max_backlog=200_000)
    town.do(peer, "login", town.listener.address)
    session = Session(town.network, town.accept())
    session.stream.pause()
    session.send(ACK)
    town.network.run_for(1)
    assert peer.session is not None
    assert 0 < peer.session.queued < 70_000
    for _ in range(100):
        session.send(*[UserPing("x" * 250, text="y" * 1500)] * 2)
        town.network.run_for(0.1)
    assert session.stream.reset


def test_all_of_many_shares_are_told(town: Town) -> None:
    names = [f"C:\\music {number % 7}\\a rather long name of a song {number}.mp3" for number in range(3000)]
    peer = town.peer(dict.fromkeys(names, b"x"))
    town.do(peer, "login", town.listener.address)
    session = Session(town.network, town.accept())
    session.send(ACK)
    told: list[str] = []
    for message in session.read(5):
        if isinstance(message, ShareDirectory):
            assert len(message.encode()) <= 2048
            told += [message.directory + file.file for file in message.files]
        elif isinstance(message, ShareFile):
            told.append(message.file)
    assert sorted(told) == sorted(names)


def test_a_share_has_its_checksum_its_size_and_what_its_frames_say(town: Town) -> None:
    content = mp3.constant(1000, 160, 48000)
    peer = town.peer({SONG: content})
    town.do(peer, "login", town.listener.address)
    session = Session(town.network, town.accept())
    session.send(ACK)
    checksum = f"{md5(content[:299_008]).hexdigest()}-{len(content)}"
    assert session.got(ShareFile) == [ShareFile(SONG, checksum, len(content), 160, 48000, 24)]
