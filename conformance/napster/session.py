"""A session: its errors, what can change in it, and its end."""

from __future__ import annotations

import pytest

from ...codecs.napster import (
    ChangeDataPort,
    ChangeEmail,
    ChangePassword,
    ChangeSpeed,
    Disconnecting,
    DownloadAck,
    DownloadRequest,
    ErrorText,
    FilenameClause,
    Join,
    Kill,
    LoginError,
    Search,
    SearchEnd,
    UploadAccept,
    UploadRequest,
    UserPing,
)
from ..checks import checks
from ..outcomes import assuming
from .bench import EMAIL, Bench, SharedFile
from .probe import User

_ANOTHER = "anotherone"


# --- errors in a session


@checks("NAP-LOG-19")
@pytest.mark.parametrize("mistake", ["a ping for nobody", "a share with two fields", "a second join"])
def test_what_fails_in_a_session_is_not_answered_with_0(bench: Bench, mistake: str) -> None:
    alice = bench.user()
    channel = f"#{bench.unique()}"
    if mistake == "a ping for nobody":
        alice.send(UserPing(bench.new_nick()))
    elif mistake == "a share with two fields":
        alice.send_raw(100, b'"C:\\a.mp3" 0123456789abcdef0123456789abcdef')
    else:
        alice.send(Join(channel), Join(channel))
    alice.expect_none(LoginError)


@checks("NAP-LOG-20")
@pytest.mark.parametrize("number", [299, 850])
@pytest.mark.parametrize("body", [b"", b'1 two "three" \xff'], ids=["empty", "full"])
def test_a_session_goes_on_after_a_number_that_is_not_known(bench: Bench, number: int, body: bytes) -> None:
    alice = bench.user()
    with assuming("a search is answered"):
        alice.find(bench.unique())
    alice.send_raw(number, body)
    alice.send(Search((FilenameClause("CONTAINS", bench.unique()),)))
    alice.expect(SearchEnd)


@checks("NAP-LOG-21")
def test_a_number_that_is_not_known_is_answered_with_404(bench: Bench) -> None:
    alice = bench.user()
    alice.send_raw(850, b"what is this")
    alice.expect(ErrorText)


@checks("NAP-LOG-22")
def test_who_is_disconnected_is_told_so_first(bench: Bench) -> None:
    operator, alice = bench.operator(), bench.user()
    operator.send(Kill(alice.nick, reason="a test"))
    with assuming("an operator can end a session"):
        alice.expect_close()
    assert alice.expect(Disconnecting).text == "0"


# --- changes during a session


@checks("NAP-LOG-23")
def test_the_link_type_is_that_of_the_latest_change(bench: Bench) -> None:
    alice, bob = bench.user(link=3), bench.user()
    with assuming("a link type is told as it was at the login"):
        assert bob.link_of(alice.nick) == 3
    alice.send(ChangeSpeed(9))
    alice.sync()
    assert bob.link_of(alice.nick) == 9
    with assuming("a file that is shared is found"):
        results = bob.find(bench.share(alice).word)
        assert len(results) == 1
    assert results[0].link == 9, "a new share has another link type"


@checks("NAP-LOG-24")
def test_the_data_port_is_that_of_the_latest_change(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    with assuming("the data port is told as it was at the login"):
        assert _data_port(alice, bob, shared) == alice.port
    other = bench.new_port()
    alice.send(ChangeDataPort(other))
    alice.sync()
    assert _data_port(alice, bob, shared) == other


@checks("NAP-LOG-25")
@pytest.mark.parametrize("port", ["65536", "-1", "x"])
def test_a_data_port_that_is_none_changes_nothing(bench: Bench, port: str) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    with assuming("the data port is told as it was at the login"):
        assert _data_port(alice, bob, shared) == alice.port
    alice.send_raw(703, port.encode())
    alice.sync()
    assert _data_port(alice, bob, shared) == alice.port


@checks("NAP-LOG-25")
def test_a_link_type_that_is_none_changes_nothing(bench: Bench) -> None:
    alice, bob = bench.user(link=3), bench.user()
    with assuming("a link type is told as it was at the login"):
        assert bob.link_of(alice.nick) == 3
    alice.send_raw(700, b"11")
    alice.sync()
    assert bob.link_of(alice.nick) == 3


def _data_port(owner: User, asker: User, shared: SharedFile) -> int:
    """The port that the server tells for a download from `owner`."""
    asker.send(DownloadRequest(owner.nick, shared.name))
    asker.sync()
    owner.sync()
    if owner.take(UploadRequest):
        owner.send(UploadAccept(asker.nick, shared.name))
    with assuming("a download is acknowledged"):
        return asker.expect(DownloadAck).port


@checks("NAP-LOG-26")
def test_the_password_is_that_of_the_latest_change(bench: Bench) -> None:
    nick, bob = bench.account(), bench.user()
    with assuming("a wrong password does not open the account"):
        assert not bench.attempt(nick, password=_ANOTHER).accepted
    alice = bench.user(nick)
    alice.send(ChangePassword(_ANOTHER))
    alice.sync()
    _leave(bench, alice, bob)
    assert not bench.attempt(nick).accepted, "the old password is still right"
    again = bench.attempt(nick, password=_ANOTHER)
    assert again.accepted, f"the new password is not right: {again.came()}"


@checks("NAP-LOG-27")
def test_the_address_is_that_of_the_latest_change(bench: Bench) -> None:
    alice, bob = bench.user(bench.account()), bench.user()
    with assuming("the address of an account is told at a login"):
        assert alice.email == EMAIL
    alice.send(ChangeEmail("elsewhere@example.com"))
    alice.sync()
    _leave(bench, alice, bob)
    email = bench.user(alice.nick).email
    assert email == "elsewhere@example.com", f"the next 3 says {email}"


def _leave(bench: Bench, user: User, watcher: User) -> None:
    with assuming("the session of one who leaves ends"):
        user.close()
        bench.await_gone(user.nick, watcher)


# --- the end


@checks("NAP-LOG-28")
@pytest.mark.parametrize("end", ["closed", "reset"])
def test_a_session_ends_with_its_connection(bench: Bench, end: str) -> None:
    alice, bob = bench.users(2)
    with assuming("a whois is answered"):
        assert bob.whois(alice.nick) is not None
    if end == "closed":
        alice.close()
    else:
        alice.abort()
    bench.await_gone(alice.nick, bob)
    assert bob.whois(alice.nick) is None, "a whois still gives 604"
    assert bench.attempt(alice.nick).accepted, "the nick can't log in again"
