"""Requests: how a peer answers GET, for files that it has accepted to give and for all others."""

from __future__ import annotations

import pytest

from ...codecs.napster import GetFile, UploadRequest
from ..checks import checks
from ..networks import Share
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .connection import Connection
from .probe import Session, last_part

_OFFSET = 1000
_WAYS = ("one segment", "GET and the rest", "single bytes")
_ESCAPES = (
    "..\\..\\..\\..\\..\\..\\..\\..\\etc\\passwd",
    "../../../../../../../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
)
"""Names of files that many systems have, and no peer shares."""


def _plain(bench: Bench) -> Share:
    """The share that most cases fetch: the smallest of those that have room for their offsets."""
    return min((each for each in bench.shares if each.size > 2 * _OFFSET), key=lambda share: share.size)


def _answer(caller: Connection, share: Share, offset: int = 0) -> bytes:
    """The answer to a request, as long as it should be; shorter when the peer closes before."""
    size = len(str(share.size)) + share.size - offset
    caller.until(lambda came: len(came) >= size)
    return caller.pending()


def _expect_file(answer: bytes, share: Share, offset: int = 0) -> None:
    """Failure unless the answer is the size of the file and the file from the offset on."""
    expected = str(share.size).encode() + share.content[offset:]
    if answer != expected:
        raise Failure(expected=f"{share.size} and the file from byte {offset}", actual=_compared(answer, expected))


def _compared(answer: bytes, expected: bytes) -> str:
    """What came, and where it is another thing."""
    length = min(len(answer), len(expected))
    differs = next((at for at in range(length) if answer[at] != expected[at]), length)
    return f"{len(answer)} bytes, which begin with {answer[:20]!r} and differ from byte {differs} on"


@checks("NAP-TRF-06")
def test_a_request_is_understood_however_it_is_divided(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    answers = {way: _answer(_asked(bench, session, share, way), share, _OFFSET) for way in _WAYS}
    expected = str(share.size).encode() + share.content[_OFFSET:]
    if expected not in answers.values():
        raise Inconclusive("no request is answered by the file")
    for way, answer in answers.items():
        if answer != expected:
            raise Failure(expected=f"the file also upon a request in {way}", actual=_compared(answer, expected))


def _asked(bench: Bench, session: Session, share: Share, way: str) -> Connection:
    """A connection on which a file was asked for in one of the ways."""
    request = bench.accepted(session, share).replace(offset=_OFFSET).encode()
    caller = bench.caller(session.data_port)
    if way == "single bytes":
        caller.send_bytewise(request)
    elif way == "GET and the rest":
        caller.send(request[:3])
        with assuming("another connection is served meanwhile"):
            bench.assert_serves(session.data_port)
        caller.send(request[3:])
    else:
        caller.send(request)
    return caller


@checks("NAP-TRF-07")
def test_the_answer_is_the_size_and_at_once_the_file(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    expected = str(share.size).encode() + share.content[:8]
    came = bench.upload(session, share).expect_size(len(expected))
    if not came.startswith(expected):
        raise Failure(expected=f"{expected!r}", actual=repr(came[: len(expected)]))


@checks("NAP-TRF-08")
def test_the_file_comes_unchanged_and_in_order(bench: Bench) -> None:
    session = bench.session()
    for share in bench.shares:
        answer = _answer(bench.upload(session, share), share)
        with assuming("the answer begins with the size, and the first byte of the file"):
            assert answer.startswith(str(share.size).encode() + share.content[:8])
        _expect_file(answer, share)


@checks("NAP-TRF-09")
def test_the_file_comes_from_the_offset_on(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    with assuming("the file comes from byte 0"):
        _expect_file(_answer(bench.upload(session, share), share), share)
    for offset in (1, _OFFSET, share.size - 1):
        _expect_file(_answer(bench.upload(session, share, offset), share, offset), share, offset)


@checks("NAP-TRF-10")
def test_the_connection_is_closed_after_the_file(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    caller = bench.upload(session, share)
    with assuming("the file comes"):
        _expect_file(_answer(caller, share), share)
    caller.expect_close()


@checks("NAP-TRF-11")
@pytest.mark.parametrize("offset", ["size", "beyond", "-1", "abc"])
def test_a_request_for_no_byte_of_the_file_is_refused(bench: Bench, offset: str) -> None:
    session, share = bench.session(), _plain(bench)
    with assuming("the file comes from byte 0"):
        _expect_file(_answer(bench.upload(session, share), share), share)
    request = bench.accepted(session, share)
    asked = {"size": str(share.size), "beyond": str(share.size + _OFFSET)}.get(offset, offset)
    caller = bench.caller(session.data_port)
    caller.send(request.encode().removesuffix(b"0") + asked.encode())
    caller.expect_refusal()


# --- what it has not agreed to give


@checks("NAP-TRF-12")
def test_a_request_for_a_file_that_is_not_shared_is_answered_by_a_text(bench: Bench) -> None:
    caller = bench.caller()
    caller.send(GetFile(bench.new_nick(), bench.unshared(), 0).encode())
    if not caller.expect_refusal():
        expected = "a text, and then the end of the connection"
        raise Failure(expected=expected, actual=caller.said(), symptom=caller.silent())


@checks("NAP-TRF-13")
def test_a_file_that_was_not_asked_for_before_is_not_given(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    with assuming("the file comes to who asked for it before"):
        _expect_file(_answer(bench.upload(session, share), share), share)
    caller = bench.caller(session.data_port)
    caller.send(GetFile(bench.new_nick(), session.share(share).file, 0).encode())
    caller.expect_refusal()


@checks("NAP-TRF-13")
def test_a_file_that_another_has_asked_for_is_not_given(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    request = bench.accepted(session, share)
    caller = bench.caller(session.data_port)
    caller.send(request.replace(nick=bench.new_nick()).encode())
    caller.expect_refusal()
    with assuming("the file comes to who asked for it"):
        caller = bench.caller(session.data_port)
        caller.send(request.encode())
        _expect_file(_answer(caller, share), share)


@checks("NAP-TRF-14")
def test_nothing_outside_the_shared_files_is_given(bench: Bench) -> None:
    session, share = bench.session(), _plain(bench)
    shared = session.share(share).file
    with assuming("a shared file comes"):
        _expect_file(_answer(bench.upload(session, share), share), share)
    base = last_part(shared)
    folder = shared.removesuffix(base)
    parent = last_part(folder[:-1]) + folder[-1:]
    for name in (*_ESCAPES, *(folder + escape for escape in _ESCAPES), f"{folder}..\\{parent}{base}"):
        answer = _ask_regardless(bench, session, name).expect_close()
        if answer[:1].isdigit():
            raise Failure(expected=f"no file for {name}", actual=repr(answer[:60]))


def _ask_regardless(bench: Bench, session: Session, file: str) -> Connection:
    """A connection on which a file was asked for that the peer was told of by 607, whatever it said to that."""
    request = GetFile(bench.new_nick(), file, 0)
    session.say(UploadRequest(request.nick, file))
    session.sync()
    caller = bench.caller(session.data_port)
    caller.send(request.encode())
    return caller
