"""Firewalled owners: how a peer fetches a file from one that it cannot reach, and whose offers it takes."""

from __future__ import annotations

from ...codecs.napster import FirewalledRequest, SendFile
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import Connection
from .offers import Offer, new_offer
from .probe import Session


def _owner_is_firewalled(bench: Bench, session: Session, offer: Offer) -> None:
    """Have the peer ask for a file, and answer that its owner has no data port."""
    bench.requested(session, offer)
    session.say(bench.acknowledgement(offer, ("127.0.0.2", 0)))


def _awaited(bench: Bench, session: Session, offer: Offer) -> None:
    """The same; the peer has asked with 500 for the owner to connect (Inconclusive)."""
    _owner_is_firewalled(bench, session, offer)
    with assuming("the peer asks with 500"):
        session.expect(FirewalledRequest, nick=offer.nick, file=offer.file)


def _offered(bench: Bench, session: Session, offer: Offer, nick: str) -> Connection:
    """A connection to the peer on which a file was offered under a nick."""
    caller = bench.caller(session.data_port)
    caller.send(SendFile(nick, offer.file, offer.size).encode())
    return caller


@checks("NAP-TRF-20")
def test_a_204_with_port_0_is_answered_by_500(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    _owner_is_firewalled(bench, session, offer)
    session.expect(FirewalledRequest, nick=offer.nick, file=offer.file)


@checks("NAP-TRF-21")
def test_an_offer_that_was_asked_for_is_answered_by_the_offset_and_taken(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    _awaited(bench, session, offer)
    caller = _offered(bench, session, offer, offer.nick)
    offset = caller.expect_offset()
    assert offset == 0, f"offset {offset} of a file of which the peer has nothing"
    caller.send(offer.content)
    caller.close()
    bench.expect_downloaded(session, offer)


@checks("NAP-TRF-21")
def test_an_offer_of_a_file_that_broke_off_is_answered_by_the_bytes_that_are_there(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.serve(bench.fetching(session, offer), offer, stop_at=offer.size // 2)
    with assuming("another file is fetched"):
        bench.fetched(session, new_offer(bench))
    _awaited(bench, session, offer)
    caller = _offered(bench, session, offer, offer.nick)
    offset = caller.expect_offset()
    caller.send(offer.content[offset:])
    caller.close()
    bench.expect_downloaded(session, offer)


@checks("NAP-TRF-22")
def test_an_offer_of_a_file_that_was_not_asked_for_is_refused(bench: Bench) -> None:
    with assuming("the data port is served"):
        bench.assert_serves()
    caller = bench.caller()
    caller.send(SendFile(bench.new_nick(), bench.unshared(), 1000).encode())
    caller.expect_refusal()


@checks("NAP-TRF-22", feature="download")
def test_an_offer_under_another_nick_than_that_of_the_owner_is_refused(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    _awaited(bench, session, offer)
    caller = _offered(bench, session, offer, bench.new_nick())
    answer = caller.expect_close()
    if answer[:1].isdigit():
        raise Failure(expected="no offset for somebody else", actual=caller.said())
    with assuming("the owner's offer is taken"):
        caller = _offered(bench, session, offer, offer.nick)
        offset = caller.expect_offset()
        caller.send(offer.content[offset:])
        bench.expect_downloaded(session, offer)
