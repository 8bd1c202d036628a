"""Framing: where messages begin and end."""

from __future__ import annotations

from ...codecs.message import Message, meanings
from ...codecs.napster import (
    SERVER,
    BigEndianHeader,
    Capability,
    DirectoryFile,
    FilenameClause,
    Header,
    Login,
    LoginAck,
    NickCheck,
    NickFree,
    Packet,
    Search,
    SearchEnd,
    ShareDirectory,
    Stats,
    StatsRequest,
    UserSpeed,
    UserSpeedRequest,
    Whois,
    WhoisRequest,
)
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import RawUser

_EMPTY = (214, 617, 621, 750)
"""Questions without a body, each answered by its own number."""
_FULL = 2048
_ANNOUNCED = 65_535


@checks("NAP-FRM-01")
def test_all_that_the_server_sends_is_cut_by_its_headers(bench: Bench) -> None:
    alice = bench.raw()
    login = bench.login()
    _ask(alice, login, LoginAck)
    _ask(alice, Search((FilenameClause("CONTAINS", bench.unique()),)), SearchEnd)
    _ask(alice, StatsRequest(), Stats)
    _ask(alice, UserSpeedRequest(login.nick), UserSpeed)
    assert not alice.broken, f"its bytes can't be cut: {alice.broken}"
    assert not alice.unread, f"{len(alice.unread)} bytes at the end belong to no whole message"
    strange = [packet.type for packet in alice.log if not meanings("napster", packet.type, SERVER)]
    assert not strange, f"numbers that no server sends: {strange}"
    with assuming("a login and questions are answered"):
        numbers = {packet.type for packet in alice.log}
        assert {LoginAck.wire_type, UserSpeed.wire_type} <= numbers, alice.came()


def _ask(user: RawUser, question: Message, answer: type[Message]) -> None:
    """Ask, and take in what comes up to the answer, or up to the timeout."""
    user.send(question)
    user.wait_for_packet(answer.wire_type or 0)


@checks("NAP-FRM-02")
def test_a_login_and_a_search_in_single_bytes_are_understood(bench: Bench) -> None:
    bob = bench.user()
    with assuming("a search in one piece is answered"):
        bob.find(bench.unique())
    alice = bench.raw()
    alice.send_bytewise(bench.login())
    alice.expect(LoginAck)
    alice.send_bytewise(Search((FilenameClause("CONTAINS", bench.unique()),)))
    alice.expect(SearchEnd)


@checks("NAP-FRM-02")
def test_a_message_divided_within_its_header_is_understood(bench: Bench) -> None:
    alice = bench.user()
    whole = Packet.of(UserSpeedRequest(alice.nick)).encode()
    for first in range(1, 6):
        alice.send(whole[:first])
        alice.send(whole[first:])
        alice.expect(UserSpeed)


@checks("NAP-FRM-03")
def test_messages_of_one_segment_are_all_handled_in_their_order(bench: Bench) -> None:
    alice = bench.user()
    bob = bench.user()
    with assuming("each of the questions is answered"):
        assert alice.whois(bob.nick) is not None
        assert alice.whois(alice.nick) is not None
        assert alice.link_of(bob.nick) is not None
        alice.find(bench.unique())
    alice.send(
        WhoisRequest(bob.nick),
        UserSpeedRequest(bob.nick),
        Search((FilenameClause("CONTAINS", bench.unique()),)),
        WhoisRequest(alice.nick),
    )
    order = [604, 601, 202, 604]
    for number in order:
        alice.expect_packet(number)
    came = [packet.type for packet in alice.log if packet.type in order]
    assert came[-len(order) :] == order, f"the answers came in the order {came}"


@checks("NAP-FRM-04")
def test_a_message_without_a_body_is_answered_before_anything_follows_it(bench: Bench) -> None:
    alice = bench.user()
    for number in _EMPTY:
        alice.send_raw(number)
        if alice.wait_for_packet(number) is not None:
            return
    raise Failure(expected=[f"a message {number}" for number in _EMPTY], actual=alice.came())


@checks("NAP-FRM-05")
def test_no_body_ends_with_a_line_end_or_nul(bench: Bench) -> None:
    alice = bench.raw()
    login = bench.login()
    _ask(alice, login, LoginAck)
    _ask(alice, WhoisRequest(login.nick), Whois)
    _ask(alice, StatsRequest(), Stats)
    _ask(alice, UserSpeedRequest(login.nick), UserSpeed)
    with assuming("a login and questions are answered"):
        numbers = {packet.type for packet in alice.log}
        assert {LoginAck.wire_type, UserSpeed.wire_type} <= numbers, alice.came()
    ended = [packet for packet in alice.log if packet.body.endswith((b"\r", b"\n", b"\0"))]
    assert not ended, f"{ended[0].type} has the body {ended[0].body!r}"


@checks("NAP-FRM-06")
def test_a_body_of_2048_bytes_is_accepted(bench: Bench) -> None:
    alice, bob = bench.users(2)
    with assuming("a short 870 is accepted"):
        alice.send(_directory(bench, 120))
        alice.sync()
        assert bob.browse(alice.nick), "a directory with one file was not entered"
    carol = bench.user()
    directory = _directory(bench, _FULL)
    carol.send(directory)
    carol.sync()
    found = [entry.file for entry in bob.browse(carol.nick)]
    missing = [each.file for each in directory.files if not any(name.endswith(each.file) for name in found)]
    assert not missing, f"{len(missing)} of {len(directory.files)} files are missing from the browse"


def _directory(bench: Bench, size: int) -> ShareDirectory:
    """A share of a directory whose body has exactly `size` bytes."""
    files: list[DirectoryFile] = []
    while True:
        new = DirectoryFile(f"{bench.unique()}.mp3", bench.fresh.randbytes(16).hex(), 4_000_000, 128, 44_100, 215)
        message = ShareDirectory("C:\\Music", (*files, new))
        if len(message.encode()) > size:
            break
        files.append(new)
    missing = size - len(ShareDirectory("C:\\Music", tuple(files)).encode())
    files[-1] = files[-1].replace(file="x" * missing + files[-1].file)
    return ShareDirectory("C:\\Music", tuple(files))


@checks("NAP-FRM-07")
def test_a_body_of_65535_bytes_is_not_waited_for(bench: Bench) -> None:
    alice, bob = bench.users(2)
    assert bob.link_of(alice.nick) is not None
    alice.send(Header(_ANNOUNCED, Search.wire_type or 0).encode() + b"F")
    alice.expect_close()
    bob.sync()
    assert not bob.closed, "another session is closed"


@checks("NAP-FRM-09")
def test_a_session_with_big_endian_headers_is_accepted(bench: Bench) -> None:
    bench.user()
    alice = bench.raw()
    said = _big_endian(Capability("1")) + _big_endian(bench.login())
    # to a little-endian server the first length is 256: what is left of that body, and then a question to show it
    fence = Packet.of(NickCheck(bench.new_nick())).encode()
    alice.send(said + b" " * (256 - (len(said) - 4)) + fence)
    alice.wait_for(NickFree, LoginAck)
    answered = [(LoginAck.wire_type or 0).to_bytes(2, order) for order in ("little", "big")]
    starts = [packet.encode()[2:4] for packet in alice.log] + [alice.unread[2:4]]
    assert any(start in answered for start in starts), f"no 3 comes: {alice.came()}"


def _big_endian(message: Capability | Login) -> bytes:
    body = message.encode()
    return BigEndianHeader(len(body), message.wire_type or 0).encode() + body
