"""Uploads: which requests that come by way of the server a peer accepts, and how many at a time."""

from __future__ import annotations

from ...codecs.napster import AcceptFailed, QueueLimit, UploadAccept, UploadEnd, UploadRequest, UploadStart
from ..checks import checks
from ..networks import Share
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .messages import Received
from .probe import Session

_LINK = 9
_POLL = 0.05


@checks("NAP-PER-11")
def test_a_request_for_a_shared_file_is_accepted_with_the_same_nick_and_name(bench: Bench) -> None:
    session = bench.session()
    for share in bench.shares:
        session.ask_for(session.share(share).file)


@checks("NAP-PER-12")
def test_a_request_for_a_file_that_is_not_shared_is_not_accepted(bench: Bench) -> None:
    session = bench.session()
    unshared = bench.unshared()
    session.say(UploadRequest(bench.new_nick(), unshared))
    with assuming("a request for a shared file is accepted"):
        session.ask_for(session.share(bench.shares[0]).file)
    session.expect_unseen("no 608 for a file that is not shared", lambda got: _accepts(got, unshared))


def _accepts(got: Received, file: str) -> bool:
    accepted = got.read(UploadAccept)
    return accepted is not None and accepted.file == file


@checks("NAP-PER-13")
def test_a_request_that_is_not_accepted_is_declined_with_609(bench: Bench) -> None:
    session = bench.session()
    asked = UploadRequest(bench.new_nick(), bench.unshared())
    session.say(asked)
    session.expect(AcceptFailed, nick=asked.nick, file=asked.file)


@checks("NAP-PER-14")
def test_a_request_with_the_link_type_of_who_asks_is_accepted(bench: Bench) -> None:
    session = bench.session()
    file = session.share(bench.shares[0]).file
    with assuming("a request without a link type is accepted"):
        session.ask_for(file)
    asked = UploadRequest(bench.new_nick(), file, more=str(_LINK))
    session.say(asked)
    # the 608 of MP3-Napster is a copy of the 607, the link type with it: that is how it accepts
    accepted = UploadAccept(asked.nick, file)
    if (
        session.wait_for(lambda got: got.number == accepted.wire_type and got.body.startswith(accepted.encode()))
        is None
    ):
        symptom = session.missing(UploadAccept, nick=asked.nick, file=file)
        raise Failure(expected=f"608 for {asked.nick} and {file}", actual=session.came(), symptom=symptom)


def _smallest(bench: Bench) -> Share:
    return min(bench.shares, key=lambda share: share.size)


def _largest(bench: Bench) -> Share:
    return max(bench.shares, key=lambda share: share.size)


# --- limits


def _limited(bench: Bench) -> Session:
    """A peer with a limit of one upload at a time. Its fences ask for no files: that would be uploads as well."""
    return bench.session(asks_for_files=False, uploads=1)


@checks("NAP-QUE-03")
def test_a_peer_at_its_limit_of_uploads_answers_with_619(bench: Bench) -> None:
    session = _limited(bench)
    other = session.share(_smallest(bench)).file
    caller = bench.upload(session, _largest(bench), stopped=True)
    _expect_put_off(session, other)
    session.expect_unseen("619 and no 608", lambda got: _accepts(got, other))
    caller.abort()


@checks("NAP-QUE-04")
def test_a_peer_that_falls_below_its_limit_accepts_uploads_again(bench: Bench) -> None:
    session = _limited(bench)
    other = session.share(_smallest(bench)).file
    caller = bench.upload(session, _largest(bench), stopped=True)
    session.say(UploadRequest(bench.new_nick(), other))
    session.sync()
    if session.seen(lambda got: _accepts(got, other)):
        raise Inconclusive("the peer accepts an upload beyond its limit")
    caller.abort()
    _expect_accepted_soon(session, other)


def _expect_put_off(session: Session, file: str) -> None:
    """Failure unless a request is answered by 619."""
    asked = UploadRequest(session.bench.new_nick(), file)
    session.say(asked)
    session.expect(QueueLimit, nick=asked.nick, file=file)


def _expect_accepted_soon(session: Session, file: str) -> None:
    """Failure unless a request is accepted within the timeout, asked again and again.

    When the peer notices the end of an upload cannot be seen from outside.
    """
    world, deadline = session.bench.world, session.bench.deadline()
    while world.now() < deadline:
        session.say(UploadRequest(session.bench.new_nick(), file))
        pause = min(deadline, world.now() + _POLL)
        if session.wait_until(lambda: bool(session.seen(lambda got: _accepts(got, file))), pause):
            return
    symptom = session.missing(UploadAccept, file=file)
    raise Failure(expected="608 when the upload has ended", actual=session.came(), symptom=symptom)


# --- telling the server


@checks("NAP-TRF-32")
def test_an_upload_is_announced_with_220_and_ended_with_221(bench: Bench) -> None:
    session = bench.session(asks_for_files=False)
    share = _smallest(bench)
    caller = bench.upload(session, share)
    with assuming("the file is sent"):
        caller.expect_size(len(str(share.size)) + share.size)
    caller.close()
    session.expect_notices(UploadStart, UploadEnd)


@checks("NAP-TRF-32")
def test_an_upload_that_breaks_off_is_announced_with_220_and_ended_with_221(bench: Bench) -> None:
    session = bench.session(asks_for_files=False)
    bench.upload(session, _largest(bench), stopped=True).abort()
    session.expect_notices(UploadStart, UploadEnd)
