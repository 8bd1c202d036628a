"""Arranging a transfer: who is asked, who is told where to connect to, and who hears nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from ...codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadRequest,
    ErrorText,
    FirewalledRequest,
    GetError,
    PushOrder,
    UnshareFile,
    UploadAccept,
    UploadRequest,
)
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench, SharedFile
    from .probe import User

Request: TypeAlias = type[DownloadRequest] | type[FirewalledRequest]

_FIREWALLED = 0
_OWNERS_PORT, _REQUESTERS_PORT = 6699, 7700
_NO_CHECKSUM = "0" * 32
_BOTH = pytest.mark.parametrize("request_class", [DownloadRequest, FirewalledRequest], ids=["203", "500"])


def _owner(bench: Bench, port: int = _OWNERS_PORT) -> tuple[User, SharedFile]:
    """A user who shares one file."""
    owner = bench.user(port=port, link=9)
    return owner, bench.share(owner)


def _requester(bench: Bench, port: int = _REQUESTERS_PORT) -> User:
    return bench.user(port=port, link=3)


def _asked(owner: User, requester: User) -> UploadRequest:
    """The 607 that `owner` gets on account of `requester`."""
    return owner.expect(UploadRequest, where=lambda got: got.nick == requester.nick)


# --- an owner that can be reached


@checks("NAP-SIG-01")
def test_each_request_reaches_the_owner(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    for _ in range(2):
        bob.send(DownloadRequest(alice.nick, file.name))
        asked = alice.expect(UploadRequest)
        assert (asked.nick, asked.file) == (bob.nick, file.name)


@checks("NAP-SIG-02")
def test_nothing_is_told_before_the_owner_accepts(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        _asked(alice, bob)
    bob.expect_none(DownloadAck, fence=alice)
    alice.send(UploadAccept(bob.nick, file.name))
    bob.expect(DownloadAck)


@checks("NAP-SIG-02")
def test_nothing_is_told_when_the_owner_declines(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        _asked(alice, bob)
    alice.send(AcceptFailed(bob.nick, file.name))
    bob.expect_none(DownloadAck, fence=alice)
    alice.send(UploadAccept(bob.nick, file.name))
    with assuming("the requester is told when the owner accepts"):
        bob.expect(DownloadAck)


@checks("NAP-SIG-03")
def test_the_requester_learns_all_of_the_owner(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        _asked(alice, bob)
    alice.send(UploadAccept(bob.nick, file.name))
    told = bob.expect(DownloadAck)
    assert (told.nick, told.file) == (alice.nick, file.name)
    assert (told.ip, told.port) == (alice.local[0], _OWNERS_PORT)
    assert told.md5 in (file.md5, _NO_CHECKSUM), f"checksum {told.md5}"
    assert told.link == 9, f"link type {told.link}"


@checks("NAP-SIG-04")
@_BOTH
def test_a_request_for_nobody_is_answered_by_206(bench: Bench, request_class: Request) -> None:
    bob, nobody, name = _requester(bench), bench.new_nick(), r"C:\mp3\Some One - Some Song.mp3"
    bob.send(request_class(nobody, name))
    said = bob.expect(GetError)
    assert (said.nick, said.file) == (nobody, name)


@checks("NAP-SIG-05")
@pytest.mark.parametrize(
    ("request_class", "port"),
    [(DownloadRequest, _OWNERS_PORT), (FirewalledRequest, _FIREWALLED)],
    ids=["203", "500"],
)
def test_a_request_for_what_is_not_shared_asks_nobody(bench: Bench, request_class: Request, port: int) -> None:
    alice, file = _owner(bench, port)
    bob = _requester(bench)
    wanted = f"{file.name}.{bench.unique()}"
    bob.send(request_class(alice.nick, wanted))
    said = bob.expect(GetError)
    assert (said.nick, said.file) == (alice.nick, wanted)
    alice.expect_none(UploadRequest, fence=bob)


@checks("NAP-SIG-05")
def test_a_request_for_what_was_taken_back_asks_nobody(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    alice.send(UnshareFile(file.name))
    alice.sync()
    bob.send(DownloadRequest(alice.nick, file.name))
    bob.expect(GetError)
    alice.expect_none(UploadRequest, fence=bob)


@checks("NAP-SIG-06")
@_BOTH
def test_a_request_without_a_name_is_answered_by_404(bench: Bench, request_class: Request) -> None:
    alice, _ = _owner(bench)
    bob = _requester(bench)
    bob.send_raw(request_class.wire_type or 0, alice.nick.encode())
    bob.expect(ErrorText)


@checks("NAP-SIG-07")
def test_the_owner_learns_the_link_type_of_the_requester(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        asked = _asked(alice, bob)
    assert asked.more == "3", "no link type" if asked.more is None else f"a third field {asked.more!r}"


@checks("NAP-SIG-08")
def test_an_acceptance_of_what_is_not_shared_is_answered_by_404(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    alice.send(UploadAccept(bob.nick, f"{file.name}.{bench.unique()}"))
    alice.expect(ErrorText)
    bob.expect_none(DownloadAck, fence=alice)


@checks("NAP-SIG-10")
def test_a_refusal_reaches_the_requester(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        _asked(alice, bob)
    alice.send(AcceptFailed(bob.nick, file.name))
    refused = bob.expect(AcceptFailed)
    assert (refused.nick, refused.file) == (alice.nick, file.name)


@checks("NAP-SIG-19")
@pytest.mark.parametrize("port", [_OWNERS_PORT, _FIREWALLED], ids=["reachable", "firewalled"])
def test_an_acceptance_of_what_nobody_asked_for_gives_no_address(bench: Bench, port: int) -> None:
    alice, file = _owner(bench, port)
    bob, carol = _requester(bench), _requester(bench)
    bob.send((DownloadRequest if port else FirewalledRequest)(alice.nick, file.name))
    with assuming("who accepts what was asked for hears, or lets hear, where to connect"):
        _asked(alice, bob)
        alice.send(UploadAccept(bob.nick, file.name))
        (bob.expect(DownloadAck) if port else alice.expect(PushOrder))
    alice.send(UploadAccept(carol.nick, file.name))
    alice.expect_none(PushOrder, fence=carol)
    carol.expect_none(DownloadAck, fence=alice)


# --- an owner behind a firewall


@checks("NAP-SIG-11")
def test_a_firewalled_owner_is_told_of_at_once(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob = _requester(bench)
    bob.send(DownloadRequest(alice.nick, file.name))
    told = bob.expect(DownloadAck)
    assert (told.nick, told.port, told.file) == (alice.nick, 0, file.name)
    alice.expect_none(UploadRequest, fence=bob)


@checks("NAP-SIG-12")
def test_a_firewalled_owner_is_asked_by_500(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob = _requester(bench)
    for _ in range(2):
        bob.send(FirewalledRequest(alice.nick, file.name))
        asked = alice.expect(UploadRequest)
        assert (asked.nick, asked.file) == (bob.nick, file.name)


@checks("NAP-SIG-13")
def test_a_firewalled_owner_is_told_where_to_connect(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob = _requester(bench)
    bob.send(FirewalledRequest(alice.nick, file.name))
    with assuming("the owner is asked"):
        _asked(alice, bob)
    alice.send(UploadAccept(bob.nick, file.name))
    told = alice.expect(PushOrder)
    assert (told.nick, told.file) == (bob.nick, file.name)
    assert (told.ip, told.port) == (bob.local[0], _REQUESTERS_PORT)
    assert told.link == 3, f"link type {told.link}"


@checks("NAP-SIG-14")
def test_one_side_only_is_told_to_connect(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob = _requester(bench)
    bob.send(FirewalledRequest(alice.nick, file.name))
    with assuming("the owner is asked, and told where to connect"):
        _asked(alice, bob)
        alice.send(UploadAccept(bob.nick, file.name))
        alice.expect(PushOrder)
    bob.expect_none(DownloadAck, fence=alice)


@checks("NAP-SIG-15")
def test_a_500_for_an_owner_that_can_be_reached_is_answered_by_404(bench: Bench) -> None:
    alice, file = _owner(bench)
    bob = _requester(bench)
    bob.send(FirewalledRequest(alice.nick, file.name))
    bob.expect(ErrorText)
    alice.expect_none(UploadRequest, fence=bob)


@checks("NAP-SIG-16")
def test_nobody_is_asked_when_both_sides_are_firewalled(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob, carol = _requester(bench, _FIREWALLED), _requester(bench)
    bob.send(FirewalledRequest(alice.nick, file.name))
    bob.sync()
    carol.send(FirewalledRequest(alice.nick, file.name))
    with assuming("one who can be reached has the owner asked"):
        _asked(alice, carol)
    alice.expect_none(UploadRequest, fence=bob)


@checks("NAP-SIG-17")
def test_both_firewalled_is_an_error(bench: Bench) -> None:
    alice, file = _owner(bench, _FIREWALLED)
    bob = _requester(bench, _FIREWALLED)
    bob.send(FirewalledRequest(alice.nick, file.name))
    said = bob.expect(DownloadAck, GetError, ErrorText)
    assert not isinstance(said, DownloadAck) or said.md5 == "firewallerror", f"204 with checksum {said.md5}"


# --- a port that cannot be reached


@checks("NAP-SIG-18")
def test_the_owner_learns_that_its_port_cannot_be_reached(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bob.send(DataPortError(alice.nick))
    told = alice.expect(DataPortError)
    assert told.nick == bob.nick
