"""What strangers can't make a server do: end, stop serving others, hold more than the limits say."""

import random
from collections.abc import Iterator

import pytest

from peerspec.codecs.defects import draw_near_valid
from peerspec.codecs.generate import RandomDraw, draw_value
from peerspec.codecs.message import Message, messages
from peerspec.codecs.napster import (
    CLIENT,
    ErrorText,
    FilenameClause,
    Login,
    LoginAck,
    LoginError,
    MotdLine,
    MotdRequest,
    NickCheck,
    NickFree,
    Packet,
    Search,
    SearchEnd,
    ServerPing,
    ShareFile,
    Stats,
    StatsRequest,
)
from peerspec.reference.napster import Server

from .conftest import MakeTown, Town, User

SAMPLES = 6
"""Defects tried of each message."""

FILE = "C:\\mp3\\needle song.mp3"

KNOWN = {"nick": "bob", "channel": "#c", "file": FILE}


def from_clients() -> list[type[Message]]:
    """The messages that a client sends."""
    return [cls for cls in messages("napster") if cls.wire_type is not None and CLIENT in cls.senders]


def packet(number: int | None, body: bytes) -> bytes:
    assert number is not None
    return Packet.of_raw(number, body).encode()


def bodies(message: type[Message]) -> Iterator[bytes]:
    """Bodies with one defect each; half of them name a user, a channel and a file that there are."""
    draw = RandomDraw(random.Random(message.__name__))
    for _ in range(SAMPLES):
        subject = draw_value(message, draw)
        known = subject.replace(**{name: value for name, value in KNOWN.items() if name in message.specs})
        for each in (subject, known):
            yield each.encode()
            defect = draw_near_valid(each, draw)
            if defect is not None:
                yield defect.data


def assert_serves(place: Town, watcher: User) -> None:
    """One who was there is served on, and one who comes is let in."""
    assert watcher.is_open()
    assert Stats in map(type, watcher.ask(StatsRequest()))
    newcomer = place.user("newcomer")
    assert newcomer.is_open()
    newcomer.stream.close()


@pytest.mark.parametrize("nick", ["", "alice", "root"], ids=["before the login", "user", "operator"])
@pytest.mark.parametrize("message", from_clients(), ids=lambda cls: f"{cls.wire_type} {cls.__name__}")
def test_nearly_valid_messages_harm_nobody(town: MakeTown, message: type[Message], nick: str) -> None:
    place = town()
    bob = place.user("bob")
    bob.send(ShareFile(FILE, "0" * 32, 1_000, 128, 44_100, 60), packet(400, b"#c"))
    sender: User | None = None
    for body in bodies(message):
        if sender is None or not sender.is_open():
            sender = place.user(nick, password="secret") if nick else place.raw()
        sender.send(packet(message.wire_type, body[:2048]))
    assert place.network.crashes == {}
    assert_serves(place, place.user("carol"))


@pytest.mark.parametrize("nick", ["alice", "root"])
@pytest.mark.parametrize("fields", [1, 4, 1024], ids=str)
def test_any_number_of_fields_harms_nobody(town: MakeTown, nick: str, fields: int) -> None:
    place = town()
    bob = place.user("bob")
    sender = place.user(nick, password="secret")
    for number in sorted({cls.wire_type or 0 for cls in from_clients()} | {10_203}):
        for word in (b"x", b'"x"', b"bob", b"#c", b"1", b'"', b":bob"):
            sender.send(packet(number, b" ".join([word] * fields)[:2048]))
        if not sender.is_open():
            sender = place.user(nick, password="secret")
    if not bob.is_open():  # a command of the operator's may have hit him
        bob = place.user("bob2")
    assert_serves(place, bob)


@pytest.mark.parametrize("length", [250, 300, 2_000])
def test_long_fields_harm_nobody(town: MakeTown, length: int) -> None:
    place = town()
    bob = place.user("bob")
    long = b"x" * length
    for count, (number, body) in enumerate(
        [
            (2, long + b' pw 6699 "test" 9'),
            (2, b"alice " + long + b' 6699 "test" 9'),
            (2, b'alice pw 6699 "' + long + b'" 9'),
            (6, b'alice pw 6699 "test" 9 ' + long),
            (7, long),
            (11, long + b" " + long),
        ]
    ):
        place.raw().send(packet(number, body[:2048].replace(b"alice", b"a%d" % count)))
    alice = place.user("alice")
    for cls in from_clients():
        for body in (long, b'"' + long + b'"', b"bob " + long, b'bob "' + long + b'"', b"#c " + long):
            alice.send(packet(cls.wire_type, body[:2048]))
    assert_serves(place, bob)


def test_a_stream_may_be_cut_anywhere(town: MakeTown) -> None:
    alice = town(motd=("x",)).raw()
    for byte in Packet.of(Login("alice", "pw", 6699, "test v1", 9)).encode() + Packet.of(StatsRequest()).encode():
        alice.send(bytes([byte]))
    assert alice.read() == [LoginAck("anon@localhost"), MotdLine("x"), Stats(1, 0, 0), Stats(1, 0, 0)]


def test_messages_of_one_segment_are_answered_in_their_order(town: MakeTown) -> None:
    alice = town(motd=("x",)).user("alice")
    answers = alice.ask(ServerPing(text="1"), StatsRequest(), MotdRequest(), packet(850, b""), ServerPing(text="2"))
    assert list(map(type, answers)) == [ServerPing, Stats, MotdLine, ErrorText, ServerPing]


def test_a_body_of_2048_bytes_is_taken_and_a_longer_one_ends_the_session(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    assert alice.ask(packet(750, b"x" * 2048)) == [ServerPing(text="x" * 2048)]
    assert alice.is_open()
    alice.send(packet(214, b""), b"\xff\xff\x02\x00a")
    assert Stats in map(type, alice.read())
    assert not alice.is_open()
    assert bob.is_open()


def test_a_connection_that_stops_halfway_holds_up_nobody(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice")
    alice.send(b"\x00\x08\xc8\x00F")
    place.raw().send(b"\x10")
    place.raw().send(b"\x00\x08\x02\x00a")
    assert_serves(place, place.user("bob"))
    assert alice.is_open()


# Turns


def served(user: User) -> Iterator[str]:
    for answer in user.read():
        if isinstance(answer, ServerPing):
            yield answer.text


def test_a_flood_is_served_by_turns(town: MakeTown) -> None:
    """What one user sends at once is cut by the turns of others, and comes to its end."""
    place = town(turn=10)
    alice, bob = place.user("alice"), place.user("bob")
    place.network.trace = []
    alice.send(*[ServerPing(text=str(number)) for number in range(95)])
    bob.send(ServerPing(text="bob"))
    assert list(served(alice)) == [str(number) for number in range(95)]
    assert list(served(bob)) == ["bob"]
    answers = [data for _, source, _, data in place.network.trace if source == place.server.address]
    assert answers.index(Packet.of(ServerPing(text="bob")).encode()) == 10


def test_searches_are_served_two_at_a_time(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    place.network.trace = []
    alice.send(*[Search((FilenameClause("CONTAINS", "needle"),))] * 35)
    bob.send(ServerPing(text="bob"))
    assert [type(each) for each in alice.read()] == [SearchEnd] * 35
    answers = [data for _, source, _, data in place.network.trace if source == place.server.address]
    assert answers.index(Packet.of(ServerPing(text="bob")).encode()) == 2


def test_a_user_who_goes_on_sending_waits_for_the_next_turn(town: MakeTown) -> None:
    place = town(turn=10)
    alice, bob = place.user("alice"), place.user("bob")
    place.network.trace = []
    alice.send(*[ServerPing(text=str(number)) for number in range(15)])
    alice.send(*[ServerPing(text=str(number)) for number in range(15, 20)])
    bob.send(ServerPing(text="bob"))
    assert list(served(alice)) == [str(number) for number in range(20)]
    answers = [data for _, source, _, data in place.network.trace if source == place.server.address]
    assert answers.index(Packet.of(ServerPing(text="bob")).encode()) == 10


def test_an_inbox_that_overflows_ends_the_session(town: MakeTown) -> None:
    place = town(turn=10, max_inbox=4_000)
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(*[ServerPing(text="x" * 96) for _ in range(39)])
    assert len(list(served(alice))) == 39
    alice.send(*[ServerPing(text="x" * 96) for _ in range(41)])
    assert not alice.is_open()
    assert_serves(place, bob)


def test_one_who_does_not_read_is_served_no_further(town: MakeTown) -> None:
    place = town(max_unread=10_000, max_inbox=200_000)
    alice, bob = place.user("alice"), place.user("bob")
    alice.read()
    alice.stream.pause()
    alice.send(*[ServerPing(text="x" * 1_000) for _ in range(100)])
    place.wait(1)
    session = place.server.user("alice")
    assert session is not None
    assert 10_000 < session.queued < 12_000
    assert_serves(place, bob)
    alice.stream.resume()
    assert len(list(served(alice))) == 100


def test_one_who_never_reads_is_dropped_at_the_limit(town: MakeTown) -> None:
    place = town(max_backlog=50_000, max_unread=100_000)
    alice, bob = place.user("alice"), place.user("bob")
    alice.read()
    alice.stream.pause()
    alice.send(*[ServerPing(text="x" * 1_000) for _ in range(60)])
    assert not alice.is_open()
    assert place.server.user("alice") is None
    assert_serves(place, bob)


def test_a_session_that_is_dropped_is_dropped_after_what_was_done(town: MakeTown) -> None:
    """Whoever walks over sessions and speaks to each does not see one vanish."""
    place = town(max_backlog=5_000)
    place.user("alice").stream.pause()

    def speak(server: Server, now: float) -> bool:
        for session in server.sessions():
            server.say(session, *[ServerPing(text="x" * 1_000)] * 6)
        return server.user("alice") is not None

    assert place.network.call(place.server, speak)
    place.wait(1)
    assert place.server.user("alice") is None


# Connections


def test_connections_without_a_login_have_a_limit_of_each_address_and_one_in_all(town: MakeTown) -> None:
    place = town(max_waiting=5, max_waiting_of_address=3)
    mine = [place.raw("10.7.0.1") for _ in range(4)]
    assert [each.is_open() for each in mine] == [True, True, True, False]
    others = [place.raw() for _ in range(3)]
    assert [each.is_open() for each in others] == [True, True, False]
    mine[0].send(Login("alice", "pw", 6699, "test v1", 9))
    assert mine[0].got(LoginAck)
    mine[1].stream.abort()
    place.wait(1)
    assert [place.raw("10.7.0.1").is_open() for _ in range(3)] == [True, True, False]


def test_connections_have_a_limit_in_all(town: MakeTown) -> None:
    place = town(max_connections=3)
    users = [place.user(f"u{number}") for number in range(3)]
    assert not place.raw().is_open()
    users[0].stream.close()
    assert place.raw().is_open()


def test_resets_take_nothing_away(town: MakeTown) -> None:
    place = town(max_waiting=20, max_waiting_of_address=10)
    bob = place.user("bob")
    login = Packet.of(Login("alice", "pw", 6699, "test v1", 9)).encode()
    for number in range(300):
        each = User(place.network, "10.7.0.1", place.server)
        each.send(login[: number % len(login)] if number % 2 else login)
        place.network.run_for(0.001)
        each.stream.abort()
    assert bob.ask(StatsRequest()) == [Stats(1, 0, 0)]
    assert len(place.server.links) == 1
    assert place.user("alice", source="10.7.0.1").is_open()


# Linked servers


@pytest.mark.parametrize("number", [10_000, 10_012, 10_013, 10_014, 10_016, 10_018, 10_020, 10_021])
def test_a_user_is_no_linked_server(town: MakeTown, number: int) -> None:
    place = town()
    bob, mallory = place.user("bob"), place.user("mallory")
    for body in (b"bob", b":bob bob", b"bob 100 100", b"bob 1 1 x", b":bob 603 mallory", b"bob x Elite x 1 1"):
        assert list(map(type, mallory.ask(packet(number, body)))) == [ErrorText]
    assert bob.is_open()
    assert bob.read() == []
    session = place.server.user("bob")
    assert session is not None
    assert (session.level, session.data_port, session.shared) == ("User", 6699, 0)


@pytest.mark.parametrize("number", [203, 218, 400, 402, 410, 626, 751])
def test_a_colon_makes_nobody_else_the_sender(town: MakeTown, number: int) -> None:
    place = town()
    bob, carol, mallory = place.user("bob"), place.user("carol"), place.user("mallory")
    mallory.send(packet(number, b":bob carol"), packet(number, b":bob #c"), packet(number, b":bob #c text"))
    mallory.read()
    assert bob.read() == []
    assert carol.read() == []
    session = place.server.user("bob")
    assert session is not None
    assert (session.downloads, session.channels) == (0, {})


def test_nobody_is_taken_for_a_linked_server(town: MakeTown) -> None:
    place = town()
    bob = place.user("bob")
    stranger = place.raw()
    stranger.send(packet(10_010, b"other 123 1"), packet(10_011, b"0" * 32), packet(10_000, b"bob"))
    assert list(map(type, stranger.read())) == [LoginError]
    assert not stranger.is_open()
    assert bob.is_open()


def test_no_body_ends_with_a_mark(town: MakeTown) -> None:
    alice = town(motd=("x",)).raw()
    alice.send(Login("alice", "pw", 0, "test v1", 0), StatsRequest(), NickCheck("bob"), packet(850, b"x\r\n\0"))
    packets = alice.packets()
    assert len(packets) == 6
    assert [each.type for each in packets] == [3, 621, 214, 214, NickFree.wire_type, 404]
    assert not [each for each in packets if each.body[-1:] in (b"\r", b"\n", b"\0")]
