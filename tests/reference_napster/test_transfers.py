"""Arranging transfers, passing on queue limits, and counting."""

import pytest

from peerspec.codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadEnd,
    DownloadRequest,
    DownloadStart,
    ErrorText,
    FirewalledRequest,
    GetError,
    IgnoreUser,
    Packet,
    PushOrder,
    QueueLimit,
    QueueLimited,
    ShareFile,
    UnshareFile,
    UploadAccept,
    UploadEnd,
    UploadRequest,
    UploadStart,
    Whois,
    WhoisRequest,
)

from .conftest import MakeTown, Town, User

FILE = 'C:\\Ä \udcff\\a "song.mp3'.replace('"', "")
Pair = tuple[User, User]


def pair(place: Town, owner_port: int, requester_port: int) -> Pair:
    """Alice, who shares a file, and bob, who wants it."""
    alice, bob = place.user("alice", port=owner_port, link=3), place.user("bob", port=requester_port, link=7)
    alice.send(ShareFile(FILE, "f00-1", 443_332, 128, 44_100, 60))
    return alice, bob


def test_an_owner_that_can_be_reached_is_asked_first(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    assert bob.ask(DownloadRequest("ALICE", FILE)) == []
    assert alice.read() == [UploadRequest("bob", FILE, more="7")]
    assert bob.read() == []
    assert alice.ask(UploadAccept("BOB", FILE)) == []
    assert bob.read() == [DownloadAck("alice", alice.ip, 1234, FILE, "f00-1", 3)]
    assert alice.read() == []


def test_an_owner_may_accept_by_a_copy_of_the_request(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    assert bob.ask(DownloadRequest("alice", FILE)) == []
    (asked,) = alice.read()
    assert isinstance(asked, UploadRequest)
    assert asked.more == "7"
    assert alice.ask(UploadAccept(asked.nick, asked.file, more=asked.more)) == []
    assert bob.read() == [DownloadAck("alice", alice.ip, 1234, FILE, "f00-1", 3)]


def test_a_firewalled_requester_fetches_as_others_do(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 0)
    assert bob.ask(DownloadRequest("alice", FILE)) == []
    assert alice.read() == [UploadRequest("bob", FILE, more="7")]
    assert alice.ask(UploadAccept("bob", FILE)) == []
    assert bob.read() == [DownloadAck("alice", alice.ip, 1234, FILE, "f00-1", 3)]


def test_a_firewalled_owner_is_sent_to_the_requester(town: MakeTown) -> None:
    alice, bob = pair(town(), 0, 4321)
    assert bob.ask(DownloadRequest("alice", FILE)) == [DownloadAck("alice", alice.ip, 0, FILE, "f00-1", 3)]
    assert alice.read() == []
    assert bob.ask(FirewalledRequest("alice", FILE)) == []
    assert alice.read() == [UploadRequest("bob", FILE, more="7")]
    assert alice.ask(UploadAccept("bob", FILE)) == [PushOrder("bob", bob.ip, 4321, FILE, "f00-1", 7)]
    assert bob.read() == []


def test_between_two_firewalled_users_there_is_no_way(town: MakeTown) -> None:
    alice, bob = pair(town(), 0, 0)
    assert bob.ask(DownloadRequest("alice", FILE)) == [DownloadAck("alice", alice.ip, 0, FILE, "f00-1", 3)]
    assert bob.ask(FirewalledRequest("alice", FILE)) == [DownloadAck("alice", alice.ip, 0, FILE, "firewallerror", 3)]
    assert alice.read() == []


def test_an_owner_that_can_be_reached_is_not_asked_to_connect(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    (answer,) = bob.ask(FirewalledRequest("alice", FILE))
    assert isinstance(answer, ErrorText)
    assert alice.read() == []


@pytest.mark.parametrize("request_class", [DownloadRequest, FirewalledRequest])
@pytest.mark.parametrize("port", [0, 1234])
def test_what_is_not_there_cannot_be_had(
    town: MakeTown, request_class: type[DownloadRequest] | type[FirewalledRequest], port: int
) -> None:
    alice, bob = pair(town(), port, 4321)
    assert bob.ask(request_class("Nobody", FILE)) == [GetError("Nobody", FILE)]
    assert bob.ask(request_class("Alice", FILE.lower())) == [GetError("Alice", FILE.lower())]
    alice.send(UnshareFile(FILE))
    assert bob.ask(request_class("alice", FILE)) == [GetError("alice", FILE)]
    assert alice.read() == []
    (answer,) = bob.ask(Packet.of_raw(request_class.wire_type or 0, b"alice").encode())
    assert isinstance(answer, ErrorText)


def test_who_ignores_a_requester_is_not_asked(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    alice.ask(IgnoreUser("bob"))
    assert bob.ask(DownloadRequest("alice", FILE)) == []
    assert alice.read() == []


def test_only_what_one_shares_can_be_accepted(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    for accept in (UploadAccept("bob", "other"), UploadAccept("nobody", FILE)):
        (answer,) = alice.ask(accept)
        assert isinstance(answer, ErrorText)
    (answer,) = bob.ask(UploadAccept("alice", FILE))
    assert isinstance(answer, ErrorText)
    assert bob.read() == alice.read() == []


@pytest.mark.parametrize("port", [0, 1234])
def test_what_nobody_asked_for_is_not_arranged(town: MakeTown, port: int) -> None:
    alice, bob = pair(town(), port, 4321)
    (answer,) = alice.ask(UploadAccept("bob", FILE))
    assert isinstance(answer, ErrorText)
    assert bob.read() == []


def test_a_decline_and_an_unreachable_port_are_passed_on(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    assert alice.ask(AcceptFailed("bob", FILE)) == []
    assert bob.read() == [AcceptFailed("alice", FILE)]
    assert bob.ask(DataPortError("Alice")) == []
    assert alice.read() == [DataPortError("bob")]
    for message in (AcceptFailed("nobody", FILE), DataPortError("nobody")):
        (answer,) = alice.ask(message)
        assert isinstance(answer, ErrorText)


def test_a_queue_limit_is_passed_on_with_the_size(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)
    assert alice.ask(QueueLimit("BOB", FILE, 3)) == []
    assert bob.read() == [QueueLimited("alice", FILE, 443_332, 3)]


@pytest.mark.parametrize(
    "body", [b'bob "other" 3', f'nobody "{FILE}" 3'.encode("utf-8", "surrogateescape"), b'bob "x"']
)
def test_a_queue_limit_that_cannot_be_passed_on_is_refused(town: MakeTown, body: bytes) -> None:
    alice, bob = pair(town(), 1234, 4321)
    (answer,) = alice.ask(Packet.of_raw(619, body).encode())
    assert isinstance(answer, ErrorText)
    assert bob.read() == []


def test_transfers_are_counted_and_never_below_nothing(town: MakeTown) -> None:
    alice, bob = pair(town(), 1234, 4321)

    def counts() -> tuple[int, int]:
        (whois,) = bob.ask(WhoisRequest("alice"))
        assert isinstance(whois, Whois)
        return whois.downloads, whois.uploads

    alice.send(DownloadEnd(), UploadEnd())
    assert counts() == (0, 0)
    alice.send(DownloadStart(), DownloadStart(), UploadStart())
    assert counts() == (2, 1)
    alice.send(DownloadEnd(), UploadEnd(), UploadEnd())
    assert counts() == (1, 0)
    alice.send(UploadStart())
    assert counts() == (1, 1)
