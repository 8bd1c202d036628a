"""Server and Session before scripted peers: logins, fences, what is expected and what is not, shares."""

from __future__ import annotations

import pytest

from peerspec.codecs.napster import (
    DirectoryFile,
    Login,
    NickCheck,
    NickFree,
    Packet,
    PasswordCheck,
    PasswordOk,
    Register,
    ServerPing,
    ShareDirectory,
    ShareFile,
    StatsRequest,
    UploadAccept,
    UploadRequest,
    UserPing,
    UserPong,
    VersionCheck,
)
from peerspec.conformance.napster_peer.bench import Bench
from peerspec.conformance.napster_peer.probe import Session, last_part
from peerspec.conformance.networks import Share
from peerspec.conformance.outcomes import Failure, Inconclusive, Sign

from .conftest import MakeBench
from .scripted import Rule, Scripted

LOGIN = Login("someone", "secret", 6699, "scripted 1", 3)
MD5 = "0" * 32


def _begin(make_bench: MakeBench, rule: Rule, *opening: object) -> tuple[Bench, Session]:
    """A session with a scripted peer of which nothing was read yet."""
    bench = make_bench(lambda random: Scripted(random, *(opening or (LOGIN,)), rule=rule))  # type: ignore[arg-type]
    instance, server = bench.instance(), bench.server()
    session = bench.dialled(instance, server)
    session._instance = instance
    return bench, session


def _silent(peer: Scripted, packet: Packet) -> None:
    del peer, packet


def _answers_pings(peer: Scripted, packet: Packet) -> None:
    if isinstance(message := packet.payload("server"), UserPing):
        peer.say(UserPong(message.nick))


def _answers_750(peer: Scripted, packet: Packet) -> None:
    if isinstance(packet.payload("server"), ServerPing):
        peer.say(ServerPing())


def _echoes(peer: Scripted, packet: Packet) -> None:
    peer.write(peer.server, packet.encode())


# --- the login


def test_what_a_peer_asks_before_its_login_is_answered(make_bench: MakeBench) -> None:
    told: list[int] = []
    waiting = [PasswordCheck("someone", "secret"), VersionCheck("2.0"), LOGIN]

    def goes_on(peer: Scripted, packet: Packet) -> None:
        told.append(packet.type)
        peer.say(waiting.pop(0))

    _, session = _begin(make_bench, goes_on, NickCheck("someone"))
    assert session.expect_login() == LOGIN
    assert told == [NickFree.wire_type, PasswordOk.wire_type, VersionCheck.wire_type]


def test_a_registration_is_a_login(make_bench: MakeBench) -> None:
    register = Register("someone", "secret", 6699, "scripted 1", 3, "a@b.c")
    _, session = _begin(make_bench, _silent, register)
    assert session.expect_login() == register
    assert session.nick == "someone"


def test_a_login_that_does_not_come_is_a_failure_that_a_program_can_tell(make_bench: MakeBench) -> None:
    _, session = _begin(make_bench, _silent, StatsRequest())
    with pytest.raises(Failure, match="a login: 2 or 6") as failure:
        session.expect_login()
    assert failure.value.symptom is not None
    assert failure.value.symptom.sign is Sign.MISSING


def test_a_session_with_a_peer_that_answers_nothing_is_inconclusive(make_bench: MakeBench) -> None:
    bench = make_bench(lambda random: Scripted(random, LOGIN))
    with pytest.raises(Inconclusive, match="the peer logs in"):
        bench.session()


# --- fences


@pytest.mark.parametrize("rule", [_answers_pings, _answers_750], ids=["751", "750"])
def test_a_fence_passes_with_any_one_answer(make_bench: MakeBench, rule: Rule) -> None:
    _, session = _begin(make_bench, rule)
    session.expect_login()
    session.sync()
    session.sync()


def test_a_fence_passes_with_a_608_where_the_peer_shares_something(make_bench: MakeBench) -> None:
    def accepts(peer: Scripted, packet: Packet) -> None:
        if isinstance(message := packet.payload("server"), UploadRequest):
            peer.say(UploadAccept(message.nick, message.file))

    share = ShareFile("a.mp3", MD5, 3, 128, 44100, 1)
    _, session = _begin(make_bench, accepts, LOGIN, share)
    session.expect_login()
    session.wait_until(lambda: bool(session.offers()))
    session.sync()
    session.asks_for_files = False
    with pytest.raises(Inconclusive, match="the fence was not answered"):
        session.sync()


def test_an_echo_answers_no_fence(make_bench: MakeBench) -> None:
    _, session = _begin(make_bench, _echoes)
    session.expect_login()
    assert not session.answers()


def test_the_750_of_an_earlier_fence_answers_no_later_one(make_bench: MakeBench) -> None:
    left = [1]

    def once(peer: Scripted, packet: Packet) -> None:
        if packet.type == ServerPing.wire_type and left:
            left.pop()
            peer.say(ServerPing())

    _, session = _begin(make_bench, once)
    session.expect_login()
    session.sync()
    assert not session.answers()


def test_what_comes_before_a_fence_is_seen_behind_it(make_bench: MakeBench) -> None:
    def babbles(peer: Scripted, packet: Packet) -> None:
        peer.say(StatsRequest())
        _answers_pings(peer, packet)

    _, session = _begin(make_bench, babbles)
    session.expect_login()
    with pytest.raises(Failure, match="no question") as failure:
        session.expect_none("no question", lambda got: got.number == StatsRequest.wire_type)
    assert failure.value.symptom is not None
    assert failure.value.symptom.pattern == {"header.type": StatsRequest.wire_type, "payload": ""}


# --- expecting


def test_what_was_expected_once_is_not_found_again(make_bench: MakeBench) -> None:
    _, session = _begin(make_bench, _silent, LOGIN, UserPong("a"), UserPong("b"))
    session.expect_login()
    assert session.expect(UserPong, nick="b").nick == "b"
    assert session.expect(UserPong).nick == "a"
    assert session.take(UserPong) is None
    with pytest.raises(Failure, match="752 UserPong: of the test"):
        session.expect(UserPong, what="of the test")


def test_half_a_message_stays_unread(make_bench: MakeBench) -> None:
    def half(peer: Scripted, packet: Packet) -> None:
        peer.write(peer.server, Packet.of_raw(200, b"abc").encode()[:5])

    _, session = _begin(make_bench, half)
    session.expect_login()
    session.say(ServerPing())
    session.wait_for(lambda _: False)
    assert session.unread == b"\x03\x00\xc8\x00a"


# --- shares


def test_shares_are_known_by_both_messages(make_bench: MakeBench) -> None:
    files = tuple(DirectoryFile(name, MD5, size, 128, 44100, 1) for name, size in (("b.mp3", 2), ("c.mp3", 3)))
    messages = (
        ShareFile("C:\\mp3\\a.mp3", MD5, 1, 128, 44100, 1),
        ShareDirectory("C:\\mp3", files[:1]),
        ShareDirectory("C:\\mp3\\", files[1:]),
    )
    _, session = _begin(make_bench, _silent, LOGIN, *messages)
    session.expect_login()
    assert session.expect_share(Share(name="c.mp3", content=b"abc")).size == 3
    assert session.offers() == {"C:\\mp3\\a.mp3": 1, "C:\\mp3\\b.mp3": 2, "C:\\mp3\\c.mp3": 3}
    with pytest.raises(Inconclusive, match=r"d\.mp3"):
        session.share(Share(name="d.mp3", content=b""))


@pytest.mark.parametrize(
    ("name", "last"), [("C:\\mp3\\a.mp3", "a.mp3"), ("/x/y/b", "b"), ("a b.mp3", "a b.mp3"), ("C:\\", ""), ("", "")]
)
def test_the_last_part_of_a_name_is_behind_either_slash(name: str, last: str) -> None:
    assert last_part(name) == last
