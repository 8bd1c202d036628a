"""Login: who is let in, and what can be said before."""

from __future__ import annotations

import pytest

from ...codecs.message import Message
from ...codecs.napster import (
    Browse,
    BrowseEntry,
    Capability,
    ChannelEntry,
    ChannelList,
    DownloadAck,
    DownloadRequest,
    Echo,
    FilenameClause,
    GetError,
    Join,
    LoginAck,
    LoginError,
    MotdLine,
    NickInvalid,
    Packet,
    PrivateMessage,
    RegistrationInfo,
    Search,
    SearchResult,
    Stats,
    UploadRequest,
    UserSpeed,
    UserSpeedRequest,
    VersionCheck,
    Whois,
    WhoisRequest,
)
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import CLIENT, PASSWORD, Bench, SharedFile
from .connection import RawUser
from .probe import User

_LOGIN_TIME = 300.0


# --- the login message


@checks("NAP-LOG-01")
def test_a_login_is_answered_with_3_and_a_word(bench: Bench) -> None:
    alice = bench.raw()
    login = bench.login()
    alice.send(login)
    body = alice.expect_packet(LoginAck.wire_type or 0).body
    assert body.strip(b" \0"), f"3 has the body {body!r}"
    assert not body.startswith(b" "), f"3 has the body {body!r}"
    with assuming("the session is served"):
        alice.send(UserSpeedRequest(login.nick))
        alice.expect(UserSpeed)


@checks("NAP-LOG-02")
def test_the_acknowledgement_is_followed_by_the_message_of_the_day_and_statistics(bench: Bench) -> None:
    alice = bench.raw()
    with assuming("a login succeeds"):
        assert alice.enter(bench.login()), alice.came()
    alice.expect(MotdLine)
    alice.expect(Stats)
    numbers = [packet.type for packet in alice.log]
    first = min(numbers.index(MotdLine.wire_type or 0), numbers.index(Stats.wire_type or 0))
    assert numbers.index(LoginAck.wire_type or 0) < first, f"they came in the order {numbers}"


@checks("NAP-LOG-03")
@pytest.mark.parametrize("fields", [1, 2, 3, 4])
def test_a_login_with_fewer_than_five_fields_is_not_accepted(bench: Bench, fields: int) -> None:
    bench.user(client="peerspec")
    words = bench.login(client="peerspec").encode().split(b" ")
    _assert_refused(bench, b" ".join(words[:fields]))


@checks("NAP-LOG-04")
def test_a_login_with_a_build_number_is_accepted(bench: Bench) -> None:
    bench.user()
    alice = bench.raw()
    assert alice.enter(bench.login(build=2718)), f"it is refused: {alice.came()}"


@checks("NAP-LOG-05")
@pytest.mark.parametrize("link", ["11", "x"])
def test_a_login_with_a_link_type_that_is_none_is_refused(bench: Bench, link: str) -> None:
    bench.user()
    body = bench.login(link=8).encode()
    alice = bench.raw()
    alice.send_raw(2, body.removesuffix(b"8") + link.encode())
    _assert_says_0(alice)


@checks("NAP-LOG-06")
@pytest.mark.parametrize("port", ["65536", "-1", "x"])
def test_a_login_with_a_data_port_that_is_none_is_refused(bench: Bench, port: str) -> None:
    bench.user()
    nick = bench.new_nick()
    alice = bench.raw()
    alice.send_raw(2, f'{nick} {PASSWORD} {port} "{CLIENT}" 8'.encode())
    _assert_says_0(alice)


@checks("NAP-LOG-07")
def test_a_login_with_four_fields_is_refused_and_the_connection_closed(bench: Bench) -> None:
    bench.user(client="peerspec")
    alice = bench.raw()
    alice.send_raw(2, bench.login(client="peerspec").encode().rpartition(b" ")[0])
    alice.expect(LoginError, NickInvalid)
    alice.expect_close()


@checks("NAP-LOG-07")
@pytest.mark.parametrize("nick", ["\x01", "a,b", "#ab", "a" * 200], ids=["0x01", "comma", "number sign", "too long"])
def test_a_login_that_is_refused_for_its_nick_is_answered_and_the_connection_closed(bench: Bench, nick: str) -> None:
    bench.user()
    alice = bench.raw()
    if not alice.enter(Packet.of_raw(2, f'{nick} {PASSWORD} 6699 "{CLIENT}" 8'.encode())):
        refusals = {LoginError.wire_type, NickInvalid.wire_type}
        assert any(packet.type in refusals for packet in alice.log), f"neither 0 nor 10 comes: {alice.came()}"
        alice.expect_close()


def _assert_refused(bench: Bench, body: bytes) -> None:
    """Failure when a login with this body is acknowledged."""
    alice = bench.raw()
    if alice.enter(Packet.of_raw(2, body)):
        raise Failure(expected="the login is refused", actual=alice.came())


def _assert_says_0(user: RawUser) -> None:
    """Failure unless 0 comes, and no 3."""
    answer = user.expect(LoginError, LoginAck, what="0 in place of 3")
    assert isinstance(answer, LoginError), f"the login is accepted: {user.came()}"


# --- before the login

_DATA: tuple[type[Message], ...] = (SearchResult, BrowseEntry, Whois, DownloadAck, GetError, ChannelEntry)


@checks("NAP-LOG-15")
@pytest.mark.parametrize("question", ["search", "browse", "whois", "download", "channels", "message"])
def test_nothing_of_a_session_is_done_before_the_login(bench: Bench, question: str) -> None:
    alice, bob = bench.users(2)
    shared = bench.share(alice)
    alice.send(Join(f"#{bench.unique()}"))
    with assuming("a user who is logged in finds the file"):
        assert bob.find(shared.word)
    stranger = bench.raw()
    stranger.send(_questions(alice, shared)[question])
    stranger.expect_none(*_DATA)
    alice.expect_none(UploadRequest, PrivateMessage, where=lambda _: True)


def _questions(alice: User, shared: SharedFile) -> dict[str, Message]:
    """What a session could ask of a user who shares a file."""
    return {
        "search": Search((FilenameClause("CONTAINS", shared.word),)),
        "browse": Browse(alice.nick),
        "whois": WhoisRequest(alice.nick),
        "download": DownloadRequest(alice.nick, shared.name),
        "channels": ChannelList(),
        "message": PrivateMessage(alice.nick, "hello"),
    }


@checks("NAP-LOG-16")
def test_a_search_before_the_login_is_refused(bench: Bench) -> None:
    bench.user()
    stranger = bench.raw()
    stranger.send(Search((FilenameClause("CONTAINS", bench.unique()),)))
    if stranger.wait_for(LoginError, Echo) is None and not stranger.closed:
        raise Failure(expected=["0", "13", "the connection is closed"], actual=stranger.came())


@checks("NAP-LOG-17")
@pytest.mark.parametrize(
    "first",
    [Capability("1"), VersionCheck("2.0"), RegistrationInfo("NAME:%s ADDRESS:%s")],
    ids=["socket test", "version check", "registration details"],
)
def test_a_login_after_what_programs_open_with_is_accepted(bench: Bench, first: Message) -> None:
    bench.user()
    alice = bench.raw()
    alice.send(first)
    alice.send(bench.login())
    alice.expect(LoginAck)


@checks("NAP-LOG-18")
def test_a_connection_without_a_login_is_closed_within_300_seconds(bench: Bench) -> None:
    alice = bench.user()
    stranger = bench.raw()
    bench.elapse(_LOGIN_TIME, keep=[alice])
    stranger.expect_close()
    alice.sync()
    assert not alice.closed, "it has closed a session with a login, too"
