"""Listening: the data port before any file is sent, for whoever connects."""

from __future__ import annotations

from ...codecs.napster import GetFile, Greeting
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import Connection

_ENDLESS = 100_000
_PATIENCE = 120
_UPLOAD_PATIENCE = 300
_STEP_OVER = 1


@checks("NAP-TRF-01")
def test_the_character_1_comes_at_once_on_each_connection(bench: Bench) -> None:
    first, second = bench.call(), bench.call()
    for caller in (second, first):
        caller.expect_greeting()
    with assuming("a request is refused in words"):
        bench.assert_serves()


@checks("NAP-TRF-02")
def test_nothing_but_the_1_comes_before_a_request(bench: Bench) -> None:
    caller = bench.caller()
    with assuming("another connection is served meanwhile"):
        bench.assert_serves()
    caller.expect_nothing(f"nothing after {Greeting().encode()!r} before a request")
    with assuming("a request is answered"):
        caller.send(GetFile(bench.new_nick(), bench.unshared(), 0).encode())
        assert caller.expect_close()


@checks("NAP-PER-25")
def test_another_connection_is_served_while_an_upload_runs_slowly(bench: Bench) -> None:
    session = bench.session()
    slow = bench.upload(session, max(bench.shares, key=lambda share: share.size), stopped=True)
    share = min(bench.shares, key=lambda share: share.size)
    answer = _connected(bench, session.data_port)
    answer.send(bench.accepted(session, share).encode())
    answer.expect_size(len(str(share.size)) + share.size)
    slow.abort()


def _connected(bench: Bench, at: tuple[str, int]) -> Connection:
    """A connection that is greeted; Failure when it is not."""
    caller = bench.call(at)
    caller.expect_greeting()
    return caller


@checks("NAP-PER-26")
def test_a_connection_that_sends_100000_bytes_and_no_request_is_closed(bench: Bench) -> None:
    caller = bench.caller()
    with assuming("other connections are served"):
        bench.assert_serves()
    caller.send(b'GETsomebody "' + b"x" * _ENDLESS)
    caller.expect_close()
    bench.assert_serves()


@checks("NAP-PER-27")
def test_a_connection_without_a_request_is_closed_within_120_seconds(bench: Bench) -> None:
    silent, halted = bench.caller(), bench.caller()
    halted.send(b"GET")
    with assuming("other connections are served"):
        bench.assert_serves()
    bench.elapse(_PATIENCE + _STEP_OVER)
    silent.expect_close()
    halted.expect_close()
    with assuming("other connections are served"):
        bench.assert_serves()


@checks("NAP-PER-28")
def test_an_upload_of_which_nothing_is_taken_is_ended_within_300_seconds(bench: Bench) -> None:
    session = bench.session()
    share = max(bench.shares, key=lambda share: share.size)
    caller = bench.upload(session, share, stopped=True)
    with assuming("others are served, until the buffers of the connection are full"):
        bench.assert_serves(session.data_port)
    bench.elapse(_UPLOAD_PATIENCE + _STEP_OVER, keep=[session])
    caller.wire.resume()
    came = caller.expect_close()
    if len(came) >= share.size:
        raise Failure(expected="an upload that was given up", actual=f"the whole file, {share.size} bytes")
