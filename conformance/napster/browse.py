"""Browse: the files of one user, through the server and directly."""

from __future__ import annotations

from socket import inet_aton

import pytest

from ...codecs.napster import (
    Browse,
    BrowseEnd,
    BrowseEntry,
    DirectBrowse,
    DirectBrowseAccept,
    DirectBrowseAccepted,
    DirectBrowseError,
    DirectBrowseRequest,
    ErrorText,
    PeerAddress,
    SignOff,
)
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .files import listing, names, properties
from .probe import User, folded

# --- through the server


@checks("NAP-BRW-01")
def test_a_browse_gives_the_files_of_the_user_and_no_others(bench: Bench) -> None:
    alice, bob, carol = bench.users(3)
    files = [bench.share(alice) for _ in range(5)]
    bench.share(carol)
    entries = names(listing(bob, alice.nick))
    if entries != sorted(file.name for file in files):
        raise Failure(expected="an entry for each of the five files", actual=repr(entries))


@checks("NAP-BRW-02")
def test_an_entry_has_the_nick_and_the_properties_as_shared(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, size=4_321_987, bitrate=160, frequency=48_000, seconds=217)
    entries = [(entry.nick, *properties(entry)) for entry in listing(bob, alice.nick)]
    with assuming("the file is browsed"):
        assert len(entries) == 1
    wanted = (alice.nick, *properties(file.message))
    if entries != [wanted]:
        raise Failure(expected=repr(wanted), actual=repr(entries[0]))


@checks("NAP-BRW-03")
@pytest.mark.parametrize("number", [0, 2])
def test_a_browse_is_ended_once_with_the_nick(bench: Bench, number: int) -> None:
    alice, bob = bench.users(2)
    for _ in range(number):
        bench.share(alice)
    bob.send(Browse(alice.nick))
    bob.sync()
    came = [packet for packet in bob.log if packet.type in (BrowseEntry.wire_type, BrowseEnd.wire_type)]
    if [packet.type for packet in came].count(BrowseEnd.wire_type or 0) != 1 or came[-1].type != BrowseEnd.wire_type:
        raise Failure(expected="one 213 after the entries", actual=f"{[packet.type for packet in came] or 'none'}")
    nick = came[-1].body.partition(b" ")[0].decode("latin-1")
    assert folded(nick) == folded(alice.nick), f"it names {nick!r}"
    with assuming("the files are browsed"):
        assert len(came) == number + 1


@checks("NAP-BRW-04")
def test_the_end_of_a_browse_has_the_address(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bench.share(alice)
    with assuming("213 comes"):
        bob.send(Browse(alice.nick))
        end = bob.expect(BrowseEnd)
    address = str(int.from_bytes(inet_aton(alice.local[0]), "little"))
    assert end.more == address, f"{end.more or 'nothing'} stands after the nick"


@checks("NAP-BRW-05")
def test_a_browse_of_one_who_is_not_there_is_answered_with_210_and_213(bench: Bench) -> None:
    bob = bench.user()
    nick = bench.new_nick()
    bob.send(Browse(nick))
    bob.expect(SignOff, where=lambda got: folded(got.nick) == folded(nick))
    bob.expect(BrowseEnd)
    came = [packet.type for packet in bob.log if packet.type in (SignOff.wire_type, BrowseEnd.wire_type)]
    assert came == [SignOff.wire_type, BrowseEnd.wire_type], f"{came} came"


@checks("NAP-BRW-06")
def test_a_browse_gives_no_more_entries_than_wanted(bench: Bench) -> None:
    alice, bob = bench.users(2)
    for _ in range(5):
        bench.share(alice)
    with assuming("all files are browsed without a maximum"):
        assert len(listing(bob, alice.nick)) == 5
    bob.send(Browse(alice.nick, maximum=2))
    with assuming("a browse is ended by 213"):
        number = len(bob.answers(BrowseEntry, until=BrowseEnd))
    assert 0 < number <= 2, f"{number} entries"


# --- directly


def _request(requester: User, owner: User) -> DirectBrowse:
    requester.send(DirectBrowseRequest(owner.nick))
    return owner.expect(DirectBrowse)


@checks("NAP-BRW-07")
def test_a_direct_browse_is_relayed_with_the_nick_of_its_sender(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bench.share(alice)
    request = _request(bob, alice)
    assert folded(request.nick) == folded(bob.nick), f"it names {request.nick}"


@checks("NAP-BRW-08")
def test_an_accepted_direct_browse_says_where_the_list_is(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bench.share(alice)
    with assuming("640 is relayed"):
        _request(bob, alice)
    alice.send(DirectBrowseAccept(bob.nick))
    accepted = bob.expect(DirectBrowseAccepted)
    given = (folded(accepted.nick), accepted.ip, accepted.port)
    wanted = (folded(alice.nick), alice.local[0], alice.port)
    if given != wanted:
        raise Failure(expected=repr(wanted), actual=repr(given))


@checks("NAP-BRW-09")
def test_a_firewalled_user_learns_where_to_send_the_list(bench: Bench) -> None:
    alice, bob = bench.user(port=0), bench.user()
    bench.share(alice)
    with assuming("640 is relayed"):
        request = _request(bob, alice)
    wanted = PeerAddress(bob.local[0], bob.port)
    if request.address != wanted:
        raise Failure(expected=repr(wanted), actual=repr(request.address))


@checks("NAP-BRW-10")
@pytest.mark.parametrize("why", ["nothing is shared", "both are firewalled"])
def test_a_direct_browse_that_cannot_take_place_is_refused(bench: Bench, why: str) -> None:
    port = 0 if why == "both are firewalled" else None
    alice, bob = bench.user(port=port), bench.user(port=port)
    if why == "both are firewalled":
        bench.share(alice)
    bob.send(DirectBrowseRequest(alice.nick))
    bob.expect(DirectBrowseError, ErrorText)
    alice.expect_none(DirectBrowse, fence=bob)


@checks("NAP-BRW-10")
def test_a_direct_browse_of_one_who_is_not_there_is_refused(bench: Bench) -> None:
    bob = bench.user()
    bob.send(DirectBrowseRequest(bench.new_nick()))
    bob.expect(DirectBrowseError, ErrorText)
