"""Giving up: what a peer does about a file that it cannot have, and how soon it asks again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ...codecs.napster import REFUSALS, DownloadRequest, FirewalledRequest, GetError, QueueLimited
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import KEPT, Bench
from .connection import GREETING
from .messages import Received
from .offers import Offer, new_offer
from .probe import Session

_SOON = 10
_QUEUE_PAUSE = 30
_LIMIT = 1
_FIREWALLED = "firewallerror"


def _asks(offer: Offer, *messages: type[DownloadRequest | FirewalledRequest]) -> Callable[[Received], bool]:
    """What tells a request for a file, by one of these messages."""

    def accepts(got: Received) -> bool:
        return any((read := got.read(message)) and read.file == offer.file for message in messages)

    return accepts


def _expect_given_up(bench: Bench, session: Session, offer: Offer) -> None:
    """Failure when the peer asks for a file again soon, or has it."""
    bench.elapse(_SOON, keep=[session])
    session.expect_none("no further request for the file", _asks(offer, DownloadRequest, FirewalledRequest))
    if offer.content in session.instance.downloaded().values():
        raise Failure(expected="no file", actual="the file", symptom=KEPT)
    with assuming("another file is fetched"):
        bench.fetched(session, new_offer(bench))


@checks("NAP-TRF-27")
def test_a_download_that_is_answered_by_206_is_given_up(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.requested(session, offer)
    session.say(GetError(offer.nick, offer.file))
    _expect_given_up(bench, session, offer)


@checks("NAP-TRF-27")
def test_a_download_that_is_refused_is_given_up(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    connection = bench.fetching(session, offer)
    with assuming("a request comes"):
        connection.send(GREETING)
        connection.expect_get()
    connection.send(REFUSALS[2].encode())
    connection.close()
    _expect_given_up(bench, session, offer)


@checks("NAP-TRF-28")
@pytest.mark.parametrize("reachable", [True, False], ids=["with a port", "with port 0"])
def test_a_download_with_both_sides_firewalled_is_given_up(bench: Bench, reachable: bool) -> None:
    session, offer, listener = bench.session(), new_offer(bench), bench.listen()
    bench.requested(session, offer)
    session.say(bench.acknowledgement(offer, (listener.ip, 0)))
    with assuming("the peer asks with 500"):
        session.expect(FirewalledRequest, file=offer.file)
    port = listener.port if reachable else 0
    session.say(bench.acknowledgement(offer, (listener.ip, port)).replace(md5=_FIREWALLED))
    _expect_given_up(bench, session, offer)
    listener.expect_none("since both sides are firewalled")


@checks("NAP-QUE-05")
def test_a_file_whose_owner_has_reached_his_limit_is_not_asked_for_again_at_once(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.requested(session, offer)
    again = 0

    def put_off() -> None:
        nonlocal again
        while session.take(DownloadRequest, file=offer.file):
            again += 1
            session.say(refusal)

    refusal = QueueLimited(offer.nick, offer.file, offer.size, _LIMIT)
    session.say(refusal)
    bench.attend_for(_QUEUE_PAUSE, put_off)
    assert again <= 1, f"{again} further requests within {_QUEUE_PAUSE} seconds"
    with assuming("another file is fetched"):
        bench.fetched(session, new_offer(bench))
