"""Ignoring: the list that a user keeps at the server, and what it keeps away."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from ...codecs.message import Message
from ...codecs.napster import (
    AlreadyIgnored,
    ClearIgnores,
    DownloadRequest,
    IgnoreEntry,
    IgnoreListEnd,
    IgnoreListRequest,
    IgnoresCleared,
    IgnoreUser,
    NotIgnored,
    PrivateMessage,
    UnignoreUser,
    UploadRequest,
    UserPing,
)
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User

Arriving: TypeAlias = type[PrivateMessage] | type[UserPing] | type[UploadRequest]


def _ignore(bench: Bench, user: User, number: int) -> list[str]:
    """Put that many nicks on the user's list; the nicks."""
    nicks = [bench.new_nick() for _ in range(number)]
    for nick in nicks:
        user.send(IgnoreUser(nick))
        with assuming("a 322 is acknowledged"):
            user.expect(IgnoreUser)
    return nicks


def _listed(user: User) -> tuple[list[str], int]:
    """The nicks on the user's list, and the number at its end."""
    user.send(IgnoreListRequest())
    entries = user.answers(IgnoreEntry, until=IgnoreListEnd)
    return [entry.nick for entry in entries], user.seen(IgnoreListEnd)[-1].count


@checks("NAP-IGN-01")
def test_ignoring_is_acknowledged(bench: Bench) -> None:
    alice, nick = bench.user(), bench.new_nick()
    alice.send(IgnoreUser(nick))
    assert alice.expect(IgnoreUser).nick == nick
    alice.send(IgnoreUser(nick))
    assert alice.expect(AlreadyIgnored).nick == nick


@checks("NAP-IGN-02")
def test_the_end_of_ignoring_is_acknowledged(bench: Bench) -> None:
    alice = bench.user()
    [nick] = _ignore(bench, alice, 1)
    alice.send(UnignoreUser(nick))
    assert alice.expect(UnignoreUser).nick == nick
    alice.send(UnignoreUser(nick))
    assert alice.expect(NotIgnored).nick == nick


@checks("NAP-IGN-03")
@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_list_of_the_ignored_is_told(bench: Bench, number: int) -> None:
    alice = bench.user()
    nicks = _ignore(bench, alice, number)
    listed, count = _listed(alice)
    assert sorted(listed) == sorted(nicks)
    assert count == number, f"the list of {number} ends with {count}"


@checks("NAP-IGN-04")
def test_the_list_of_the_ignored_can_be_emptied(bench: Bench) -> None:
    alice = bench.user()
    _ignore(bench, alice, 2)
    alice.send(ClearIgnores())
    assert alice.expect(IgnoresCleared).count == 2
    assert _listed(alice)[0] == []


@checks("NAP-IGN-05")
@pytest.mark.parametrize("what", ["message", "ping", "request"])
def test_what_an_ignored_user_sends_does_not_arrive(bench: Bench, what: str) -> None:
    alice, bob, carol = bench.users(3)
    file = bench.share(alice)
    alice.send(IgnoreUser(bob.nick))
    alice.sync()
    known: dict[str, tuple[Message, Arriving]] = {
        "message": (PrivateMessage(alice.nick, "hello"), PrivateMessage),
        "ping": (UserPing(alice.nick), UserPing),
        "request": (DownloadRequest(alice.nick, file.name), UploadRequest),
    }
    message, arrives = known[what]
    bob.send(message)
    bob.sync()
    carol.send(message)
    with assuming("what others send arrives"):
        alice.expect(arrives, where=lambda got: got.nick == carol.nick)
    alice.expect_none(arrives, where=lambda got: got.nick == bob.nick, fence=bob)
