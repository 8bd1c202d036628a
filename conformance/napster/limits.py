"""Limits: what one user sends, or does not read, is no harm to the others."""

from __future__ import annotations

import pytest

from ...codecs.message import Message
from ...codecs.napster import (
    Browse,
    FilenameClause,
    Header,
    Join,
    Packet,
    PrivateMessage,
    Search,
    SearchEnd,
)
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import CLIENT, PASSWORD, Bench
from .connection import RawUser
from .probe import User
from .storm import GROUPS, Shot, crowded, many_fields, near_valid_shots

_FIELD = "a" * 2000
_STOPPED = 4
_SEARCHES, _BROWSES, _FILES = 300, 80, 50
_RESETS, _LOGINS = 120, 30
_POLL = 0.02


@checks("NAP-LIM-01")
@pytest.mark.parametrize("group", GROUPS)
def test_near_valid_messages_of_a_user_leave_the_server_serving(bench: Bench, group: str) -> None:
    bob, carol = _served(bench)
    mallory: RawUser = bench.user()
    for shots in near_valid_shots(group, bench.random.getrandbits(32)):
        left = _fire(mallory, shots)
        _assert_served(bob, shots)
        mallory = left or bench.user()
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-01")
@pytest.mark.parametrize("group", GROUPS)
def test_near_valid_messages_before_a_login_leave_the_server_serving(bench: Bench, group: str) -> None:
    bob, carol = _served(bench)
    for shots in near_valid_shots(group, bench.random.getrandbits(32)):
        for shot in shots[::2]:
            stranger = bench.raw()
            stranger.send_raw(shot.number, shot.body)
            stranger.close()
        _assert_served(bob, shots)
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-02")
@pytest.mark.parametrize("number", [2, 100, 102, 200, 203, 400, 608, 823, 829, 870, 10203])
def test_a_message_with_a_thousand_fields_leaves_the_server_serving(bench: Bench, number: int) -> None:
    (bob, carol), mallory = _served(bench), bench.user()
    shots = (crowded(number),)
    _fire(mallory, shots)
    _assert_served(bob, shots)
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-02")
@pytest.mark.parametrize("group", GROUPS)
def test_messages_with_a_thousand_fields_leave_the_server_serving(bench: Bench, group: str) -> None:
    bob, carol = _served(bench)
    mallory: RawUser = bench.user()
    for shots in many_fields(group):
        left = _fire(mallory, shots)
        _assert_served(bob, shots)
        mallory = left or bench.user()
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-02")
def test_a_login_with_a_thousand_fields_leaves_the_server_serving(bench: Bench) -> None:
    bob, carol = _served(bench)
    for number in (2, 6, 7, 11):
        stranger = bench.raw()
        stranger.send_raw(number, crowded(number).body)
        stranger.close()
        _assert_served(bob, (crowded(number),))
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-03")
@pytest.mark.parametrize("field", ["nick", "password"])
def test_a_long_field_of_a_login_leaves_the_server_serving(bench: Bench, field: str) -> None:
    bob, carol = _served(bench)
    nick, password = (_FIELD, PASSWORD) if field == "nick" else (bench.new_nick(), _FIELD)
    stranger = bench.raw()
    shot = Shot(2, f'{nick} {password} 6699 "{CLIENT}" 8'.encode(), f"a long {field}")
    stranger.send_raw(shot.number, shot.body)
    _assert_served(bob, (shot,))
    stranger.close()
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-03")
@pytest.mark.parametrize("field", ["file", "checksum", "channel", "topic", "nick", "word"])
def test_a_long_field_of_a_message_leaves_the_server_serving(bench: Bench, field: str) -> None:
    (bob, carol), mallory = _served(bench), bench.user()
    channel = f"#{bench.unique()}"
    mallory.send(Join(channel))
    mallory.sync()
    shot = {
        "file": Shot(100, f'"{_FIELD}" 0123 1000 128 44100 60'.encode(), "a long file"),
        "checksum": Shot(100, f'"C:\\a.mp3" {_FIELD} 1000 128 44100 60'.encode(), "a long checksum"),
        "channel": Shot(400, f"#{_FIELD}".encode(), "a long channel"),
        "topic": Shot(410, f"{channel} {_FIELD}".encode(), "a long topic"),
        "nick": Shot(603, _FIELD.encode(), "a long nick"),
        "word": Shot(200, f'FILENAME CONTAINS "{_FIELD}"'.encode(), "a long word"),
    }[field]
    _fire(mallory, (shot,))
    _assert_served(bob, (shot,))
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-04")
def test_connections_that_stop_within_a_message_do_not_stop_service_to_others(bench: Bench) -> None:
    bob, carol = _served(bench)
    users = bench.users(_STOPPED)
    strangers = [bench.raw() for _ in range(3 * _STOPPED)]
    for number, user in enumerate(users):
        user.send(Header(1000, 200).encode() + b"F")
        strangers[3 * number].send(Header(1000, 2).encode() + b"a")
        strangers[3 * number + 1].send(Header(1000, 2).encode()[:2])
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-05")
def test_a_user_who_floods_does_not_stop_service_to_others(bench: Bench) -> None:
    (bob, carol), flooder = _served(bench), bench.user()
    _send_much(bench, flooder, carol, Search((FilenameClause("CONTAINS", "flood"),)), _SEARCHES)
    _assert_serving(bench, bob, carol)


@checks("NAP-LIM-05")
def test_a_user_who_never_reads_does_not_stop_service_to_others(bench: Bench) -> None:
    (bob, carol), deaf = _served(bench), bench.user()
    bob.send(*(bench.file(f"C:\\{'x' * 180}{bench.unique()}.mp3").message for _ in range(_FILES)))
    bob.sync()
    deaf.wire.pause()
    _send_much(bench, deaf, carol, Browse(bob.nick), _BROWSES)
    _assert_serving(bench, bob, carol)


def _send_much(bench: Bench, user: User, witness: User, question: Message, times: int) -> None:
    """Have a user ask a question very often, and return when the server is at it."""
    text = bench.unique()
    user.send(PrivateMessage(witness.nick, text), *[question] * times)
    with assuming("a private message that comes first is passed on"):
        witness.expect(PrivateMessage, where=lambda got: got.text == text)


@checks("NAP-LIM-07")
def test_nothing_is_lost_to_connections_that_are_reset(bench: Bench) -> None:
    bob, carol = _served(bench)
    with assuming("a user who leaves is no longer counted"):
        before = bob.stats().users
        bench.user().close()
        _await_users(bench, bob, before)
    source = bench.source()
    for _ in range(_RESETS):
        stranger = bench.raw(source=source)
        stranger.send(Packet.of(bench.login()).encode()[:20])
        stranger.abort()
    for _ in range(_LOGINS):
        stranger = bench.raw(source=source)
        stranger.send(bench.login())
        stranger.abort()
    _assert_serving(bench, bob, carol)
    last = bench.attempt(source=source)
    assert last.accepted, f"a login from the same address is refused: {last.came()}"
    last.close()
    _await_users(bench, bob, before)


def _await_users(bench: Bench, bob: User, most: int) -> None:
    """Failure unless the server comes to count no more users than this."""
    deadline, pause = bench.deadline(), _POLL
    while (now := bob.stats().users) > most and bench.world.now() < deadline:
        bench.world.wait((), bench.world.now() + pause)
        pause *= 2
    assert now <= most, f"it counts {now} users, and {most} before"


def _served(bench: Bench) -> tuple[User, User]:
    """Two users whose searches and messages are answered; Inconclusive when they are not."""
    bob, carol = bench.users(2)
    with assuming("searches and messages are answered, and new users let in"):
        _assert_serving(bench, bob, carol)
    return bob, carol


def _fire(user: RawUser, shots: tuple[Shot, ...]) -> RawUser | None:
    """Send messages one by one, and see that they are handled; None when the server ends the connection or hangs it."""
    for shot in shots:
        user.send_raw(shot.number, shot.body)
    try:
        user.sync()
    except Inconclusive:
        user.close()
    return None if user.wire.closed or user.closed else user


def _assert_served(bob: User, shots: tuple[Shot, ...]) -> None:
    """Failure unless a session that has done nothing wrong is still answered."""
    last = "; ".join(map(str, shots))
    try:
        bob.sync()
    except Inconclusive as error:
        raise Failure(expected="other sessions are served", actual=f"no answer after {last}") from error
    if bob.closed:
        raise Failure(expected="other sessions are served", actual=f"they are closed after {last}")


def _assert_serving(bench: Bench, bob: User, carol: User) -> None:
    """Failure unless searches and messages of other sessions are answered, and a new user is let in."""
    bob.send(Search((FilenameClause("CONTAINS", bench.unique()),)))
    bob.expect(SearchEnd)
    text = bench.unique()
    carol.send(PrivateMessage(bob.nick, text))
    bob.expect(PrivateMessage, where=lambda got: got.text == text, what="a private message between others")
    bench.assert_alive()
