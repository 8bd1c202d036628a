"""Links between servers: what a user can't do in the name of one, or of another user."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ...codecs.message import Message
from ...codecs.napster import (
    AccountSync,
    DataPortError,
    Encapsulated,
    Join,
    JoinAck,
    LinkedUser,
    LinkLogin,
    LinkLoginAck,
    ModeratorNotice,
    Packet,
    PrivateMessage,
    PublicNotice,
    Relayed,
    RemoteHit,
    SearchResult,
    ServerQuit,
    Topic,
    UploadRequest,
    UserAddress,
    UserPing,
    UserQuit,
    UserTotals,
)
from ..checks import checks
from ..outcomes import Inconclusive, assuming
from .bench import EMAIL, PASSWORD, Bench, SharedFile
from .connection import RawUser
from .probe import User

MakeMessage = Callable[[User], Message]

_ELSEWHERE = "10.9.8.7"
_SERVER = "else.example"


def _quit(alice: User) -> Message:
    return UserQuit(alice.nick)


def _totals(alice: User) -> Message:
    return UserTotals(alice.nick, 77, 770_000)


def _address(alice: User) -> Message:
    return UserAddress(alice.nick, _ELSEWHERE, 7, _SERVER)


def _hit(alice: User) -> Message:
    return RemoteHit("1", alice.nick, "C:\\x.mp3", "0" * 32, 1, 128, 44_100, 1)


def _encapsulated(alice: User) -> Message:
    return Encapsulated(_SERVER, alice.nick, Packet.of(PrivateMessage(_SERVER, "hello")).encode())


def _server_quit(alice: User) -> Message:
    return ServerQuit(_SERVER, alice.nick)


def _notice(alice: User) -> Message:
    return ModeratorNotice(_SERVER, 1, f"{alice.nick} is here")


@checks("NAP-LNK-01")
@pytest.mark.parametrize(
    "message",
    [_quit, _totals, _address, _hit, _encapsulated, _server_quit, _notice],
    ids=["10000", "10012", "10013", "10016", "10018", "10020", "10021"],
)
def test_a_message_of_a_linked_server_has_no_effect_when_a_user_sends_it(bench: Bench, message: MakeMessage) -> None:
    alice, bob, mallory = bench.users(3)
    shared = bench.share(alice)
    with assuming("a user who shares a file is told of, and the file is found"):
        _assert_as_before(bob, alice, shared)
    alice.forget()
    mallory.send(message(alice))
    mallory.sync()
    _assert_as_before(bob, alice, shared)
    alice.expect_none(PrivateMessage, SearchResult, where=lambda _: True)


@checks("NAP-LNK-01", feature="registration")
def test_an_account_of_a_linked_server_has_no_effect_when_a_user_sends_it(bench: Bench) -> None:
    alice, mallory = bench.user(email=EMAIL), bench.user()
    mallory.send(AccountSync(_SERVER, alice.nick, "stolen", "Elite", "x@example.org", 1, 1))
    mallory.sync()
    found = mallory.whois(alice.nick)
    assert found is None or found.level == "User", "the level of an account has changed"
    alice.close()
    with assuming("the session of one who has left ends"):
        bench.await_gone(alice.nick, bench.user())
    again = bench.attempt(alice.nick)
    assert again.accepted, f"the password of an account has changed: {again.came()}"
    assert again.email == alice.email, "the address of an account has changed"


def _assert_as_before(bob: User, alice: User, shared: SharedFile) -> None:
    """Failure unless bob sees alice as she logged in, with the file that she shares."""
    found = bob.whois(alice.nick)
    assert found is not None, "she is no longer logged in"
    assert (found.level, found.shared, found.link) == ("User", 1, alice.link), f"the whois is {found}"
    results = bob.find(shared.word)
    assert [(each.file, each.nick, each.ip) for each in results] == [(shared.name, alice.nick, alice.local[0])]


@checks("NAP-LNK-02")
@pytest.mark.parametrize("number", [203, 218, 400, 402, 410, 626, 751])
def test_a_nick_behind_a_colon_is_not_taken_for_the_sender(bench: Bench, number: int) -> None:
    alice, bob, mallory = bench.users(3)
    shared = bench.share(bob)
    channel, other = f"#{bench.unique()}", f"#{bench.unique()}"
    bob.send(Join(channel))
    with assuming("a user can join a channel"):
        bob.expect(JoinAck)
    alice.send(Join(channel))
    with assuming("another user can join it"):
        alice.expect(JoinAck)
    bodies = {
        203: f'{bob.nick} "{shared.name}"',
        218: None,
        400: other,
        402: f"{channel} hello",
        410: f"{channel} stolen",
        626: bob.nick,
        751: bob.nick,
    }
    alice.sync()
    bob.sync()
    mallory.send_raw(number, Relayed(alice.nick, body=bodies[number]).encode())
    mallory.sync()
    _assert_nothing_done_by(alice, bob)
    alice.expect_none(JoinAck)
    found = bob.whois(alice.nick)
    assert found is None or found.downloads == 0, "her downloads are counted"


def _assert_nothing_done_by(alice: User, bob: User) -> None:
    """Failure when bob has been told of something that alice has done."""
    bob.expect_none(UploadRequest, where=lambda got: got.nick == alice.nick)
    bob.expect_none(PublicNotice, where=lambda got: got.nick == alice.nick)
    bob.expect_none(DataPortError, where=lambda got: got.nick == alice.nick)
    bob.expect_none(UserPing, where=lambda got: got.nick == alice.nick)
    bob.expect_none(Topic, where=lambda got: got.topic == "stolen")


@checks("NAP-LNK-03")
@pytest.mark.parametrize("proof", ["wrong", "none"])
def test_a_link_that_is_not_proved_is_not_believed(bench: Bench, proof: str) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    with assuming("a user who shares a file is told of, and the file is found"):
        _assert_as_before(bob, alice, shared)
    alice.forget()
    ghost = bench.new_nick()
    stranger = bench.raw()
    stranger.send(
        LinkLogin(_SERVER, "abcdefgh", 0),
        *([LinkLoginAck("0123456789abcdef" * 2)] if proof == "wrong" else []),
        UserQuit(alice.nick),
        Encapsulated(_SERVER, alice.nick, Packet.of(PrivateMessage(ghost, "hello")).encode()),
        LinkedUser(ghost, PASSWORD, 6699, "ghost", 9, EMAIL, 1, _ELSEWHERE, _SERVER, 7777),
    )
    heard = _is_over(stranger)
    assert bob.link_of(ghost) is None, "a user of the server that is not linked is there"
    _assert_as_before(bob, alice, shared)
    alice.expect_none(PrivateMessage)
    if not heard:
        raise Inconclusive("it can't be seen whether the connection has been heard")


def _is_over(stranger: RawUser) -> bool:
    """Whether the server has handled all that was sent on this connection, or closed it."""
    try:
        stranger.sync()
    except Inconclusive:
        return False
    return True
