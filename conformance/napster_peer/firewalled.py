"""Firewalled: a peer that cannot be reached, and brings its files to those who ask for them."""

from __future__ import annotations

import pytest

from ...codecs.errors import DecodeError
from ...codecs.napster import PushOrder, SendFile, UploadAccept
from ..checks import checks
from ..networks import Share
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import GREETING, Connection, Listener
from .offers import LINK
from .probe import Session

_OFFSET = 1000
_COMPARED = 64
_REFUSAL = b"INVALID REQUEST"


def _share(bench: Bench) -> Share:
    """The smallest share that has room for an offset."""
    return min((each for each in bench.shares if each.size > 2 * _OFFSET), key=lambda share: share.size)


def _accepted(bench: Bench, session: Session, share: Share) -> UploadAccept:
    """An upload that the peer has accepted."""
    file = session.share(share).file
    with assuming("the peer accepts an upload"):
        return session.ask_for(file)


def _order(session: Session, upload: UploadAccept, listener: Listener, share: Share) -> None:
    """Send the peer to a listener with a file."""
    md5 = session.share(share).md5
    session.say(PushOrder(upload.nick, listener.ip, listener.port, upload.file, md5, LINK))


def _brought(bench: Bench, session: Session, share: Share) -> Connection:
    """A connection that the peer has made to bring a file, its offer of the form that it must have (Inconclusive)."""
    listener = bench.listen()
    _order(session, _accepted(bench, session, share), listener, share)
    with assuming("the peer connects and offers the file"):
        caller = listener.expect()
        caller.send(GREETING)
        offer = caller.expect_send()
        assert offer.size == share.size
    caller.came.clear()
    return caller


@checks("NAP-PER-03")
def test_a_peer_that_cannot_be_reached_logs_in_with_the_port_0(bench: Bench) -> None:
    session = bench.session(firewalled=True)
    assert session.port() == 0, f"port {session.port()}"


@checks("NAP-TRF-15")
def test_a_peer_that_cannot_be_reached_connects_as_a_501_says(bench: Bench) -> None:
    session, listener = bench.session(firewalled=True), bench.listen()
    _order(session, _accepted(bench, session, _share(bench)), listener, _share(bench))
    listener.expect()


@checks("NAP-TRF-16")
def test_the_offer_comes_after_the_1_in_its_form(bench: Bench) -> None:
    session, listener, share = bench.session(firewalled=True), bench.listen(), _share(bench)
    upload = _accepted(bench, session, share)
    _order(session, upload, listener, share)
    with assuming("the peer connects"):
        caller = listener.expect()
    session.sync()
    caller.expect_nothing("no byte before the 1")
    caller.send(GREETING)
    raw = caller.expect_request()
    expected = SendFile(session.nick, upload.file, share.size)
    try:
        came = SendFile.decode(raw)
    except DecodeError as error:
        raise Failure(expected=repr(expected.encode()), actual=repr(raw)) from error
    assert came == expected, f"{came}, not {expected}"


@checks("NAP-TRF-17")
@pytest.mark.parametrize("way", ["0", "1000", "1000 in single bytes"])
def test_the_file_comes_from_the_offset_of_the_answer(bench: Bench, way: str) -> None:
    session, share = bench.session(firewalled=True), _share(bench)
    caller = _brought(bench, session, share)
    offset = way.partition(" ")[0].encode()
    (caller.send_bytewise if "single" in way else caller.send)(offset)
    size = share.size - int(offset)
    came = caller.until(lambda came: len(came) >= size)
    start = share.content[int(offset) :][:_COMPARED]
    if len(came) != size or not came.startswith(start):
        raise Failure(expected=f"the {size} bytes of the file from byte {offset.decode()} on", actual=caller.said())


@checks("NAP-TRF-18")
def test_the_file_is_not_sent_to_who_refuses_it(bench: Bench) -> None:
    session, share = bench.session(firewalled=True), _share(bench)
    caller = _brought(bench, session, share)
    caller.send(_REFUSAL)
    caller.expect_close()
    caller.expect_nothing("no byte of the file after a refusal")


@checks("NAP-TRF-19")
def test_a_501_for_an_upload_that_was_not_accepted_is_not_obeyed(bench: Bench) -> None:
    session, share = bench.session(firewalled=True), _share(bench)
    stray, wanted = bench.listen(), bench.listen()
    file = session.share(share)
    session.say(PushOrder(bench.new_nick(), stray.ip, stray.port, file.file, file.md5, LINK))
    session.sync()
    _order(session, _accepted(bench, session, share), wanted, share)
    with assuming("the peer obeys a 501 for an upload that it has accepted"):
        wanted.expect()
    stray.expect_none("for an upload that the peer has not accepted")
