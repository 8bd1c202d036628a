"""Hotlists, ignore lists, whois, pings and private messages."""

import pytest

from peerspec.codecs.napster import (
    AlreadyIgnored,
    ClearIgnores,
    DownloadRequest,
    ErrorText,
    FirewalledRequest,
    HotlistAck,
    HotlistAdd,
    HotlistError,
    HotlistInitial,
    HotlistRemove,
    IgnoreEntry,
    IgnoreListEnd,
    IgnoreListRequest,
    IgnoresCleared,
    IgnoreUser,
    Join,
    NotIgnored,
    Packet,
    PrivateMessage,
    ShareFile,
    SignOff,
    SignOn,
    StaffDetails,
    UnignoreUser,
    UploadRequest,
    UserPing,
    UserPong,
    UserSpeed,
    UserSpeedRequest,
    Whois,
    WhoisRequest,
    WhoWas,
    WhoWasRequest,
)
from peerspec.codecs.napster.people import HotlistAdd as Listing

from .conftest import MakeTown

# Hotlist


@pytest.mark.parametrize("listing", [HotlistAdd, HotlistInitial])
def test_a_hotlist_tells_who_comes_and_goes(town: MakeTown, listing: type[Listing]) -> None:
    place = town()
    bob, carol = place.user("bob"), place.user("carol")
    assert bob.ask(listing("Alice")) == [HotlistAck("Alice")]
    alice = place.user("alice", link=7)
    assert bob.read() == [SignOn("alice", 7)]
    alice.stream.close()
    assert bob.read() == [SignOff("alice")]
    alice = place.user("alice", link=3)
    alice.stream.abort()
    assert bob.read() == [SignOn("alice", 3), SignOff("alice")]
    assert carol.read() == []


def test_who_is_there_already_is_told_at_once(town: MakeTown) -> None:
    place = town()
    bob = place.user("bob")
    place.user("alice", link=7)
    assert bob.ask(HotlistAdd("ALICE")) == [HotlistAck("ALICE"), SignOn("alice", 7)]
    # listing twice is harmless, and still tells once
    bob.ask(HotlistAdd("alice"))
    assert place.server.watchers["alice"] == {place.server.users["bob"]: None}


def test_who_is_off_the_hotlist_is_told_no_more(town: MakeTown) -> None:
    place = town()
    bob, carol = place.user("bob"), place.user("carol")
    for user in (bob, carol):
        user.ask(HotlistAdd("alice"))
    assert bob.ask(HotlistRemove("ALICE"), HotlistRemove("nobody")) == []
    place.user("alice").stream.close()
    assert bob.read() == []
    assert carol.read() == [SignOn("alice", 9), SignOff("alice")]


def test_a_hotlist_is_forgotten_with_its_session(town: MakeTown) -> None:
    place = town()
    bob = place.user("bob")
    bob.ask(HotlistAdd("alice"), HotlistAdd("bob"))
    bob.stream.close()
    place.wait(1)
    assert place.server.watchers == {}


def test_a_hotlist_is_bounded(town: MakeTown) -> None:
    bob = town(max_hotlist=2).user("bob")
    bob.ask(HotlistAdd("a"), HotlistAdd("b"))
    assert bob.ask(HotlistAdd("c")) == [HotlistError("c")]
    assert bob.ask(HotlistAdd("a")) == [HotlistAck("a")]
    bob.ask(HotlistRemove("a"))
    assert bob.ask(HotlistAdd("c")) == [HotlistAck("c")]


# Ignoring


def test_an_ignore_list_is_kept(town: MakeTown) -> None:
    bob = town().user("bob")
    assert bob.ask(IgnoreListRequest()) == [IgnoreListEnd(0)]
    assert bob.ask(IgnoreUser("Alice"), IgnoreUser("alice")) == [IgnoreUser("Alice"), AlreadyIgnored("alice")]
    assert bob.ask(IgnoreUser("carol")) == [IgnoreUser("carol")]
    assert bob.ask(IgnoreListRequest()) == [IgnoreEntry("Alice"), IgnoreEntry("carol"), IgnoreListEnd(2)]
    assert bob.ask(UnignoreUser("ALICE"), UnignoreUser("alice")) == [UnignoreUser("ALICE"), NotIgnored("alice")]
    bob.ask(IgnoreUser("dave"))
    assert bob.ask(ClearIgnores(), IgnoreListRequest()) == [IgnoresCleared(2), IgnoreListEnd(0)]


def test_an_ignore_list_is_bounded(town: MakeTown) -> None:
    bob = town(max_ignored=1).user("bob")
    bob.ask(IgnoreUser("alice"))
    assert bob.ask(IgnoreUser("carol")) == [ErrorText("you can ignore 1 users")]
    assert bob.ask(IgnoreListRequest()) == [IgnoreEntry("alice"), IgnoreListEnd(1)]


def test_an_ignored_user_is_not_heard(town: MakeTown) -> None:
    place = town()
    alice, bob, carol = place.user("alice"), place.user("bob"), place.user("carol")
    alice.ask(IgnoreUser("BOB"))
    bob.send(PrivateMessage("alice", "hello"), UserPing("alice"))
    assert alice.read() == []
    carol.send(PrivateMessage("alice", "hello"), UserPing("alice"))
    assert alice.read() == [PrivateMessage("carol", "hello"), UserPing("carol")]
    alice.ask(UnignoreUser("bob"))
    bob.send(PrivateMessage("alice", "again"))
    assert alice.read() == [PrivateMessage("bob", "again")]


@pytest.mark.parametrize(("port", "kind"), [(6699, DownloadRequest), (0, FirewalledRequest)])
def test_an_ignored_user_is_not_asked_for(
    town: MakeTown, port: int, kind: type[DownloadRequest] | type[FirewalledRequest]
) -> None:
    place = town()
    alice, bob, carol = place.user("alice", port=port), place.user("bob"), place.user("carol")
    alice.ask(ShareFile("a song.mp3", "0" * 32, 1_000, 128, 44_100, 60), IgnoreUser("BOB"))
    bob.send(kind("alice", "a song.mp3"))
    assert alice.read() == []
    carol.send(kind("alice", "a song.mp3"))
    (request,) = alice.read()
    assert isinstance(request, UploadRequest)
    assert (request.nick, request.file) == ("carol", "a song.mp3")


# Pings


def test_pings_and_pongs_are_passed_on(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    assert bob.ask(UserPing("Alice"), UserPing("alice", text=' 1  "2" ')) == []
    assert alice.read() == [UserPing("bob"), UserPing("bob", text=' 1  "2" ')]
    alice.send(UserPong("bob", text="x"), UserPong("nobody"))
    assert bob.read() == [UserPong("alice", text="x")]
    assert alice.read() == []


def test_a_ping_for_nobody_is_refused(town: MakeTown) -> None:
    assert town().user("bob").ask(UserPing("nobody")) == [ErrorText("ping failed: nobody is not logged in")]


# Private messages


def test_a_private_message_reaches_its_receiver_byte_by_byte(town: MakeTown) -> None:
    place = town()
    alice, bob, carol = place.user("alice"), place.user("bob"), place.user("carol")
    body = b' two  blanks, "quotes", \xe4\xff and a blank at the end '
    bob.send(Packet.of_raw(205, b"ALICE" + b" " + body).encode())
    assert [packet.body for packet in alice.packets()] == [b"bob " + body]
    assert bob.read() == carol.read() == []


def test_a_private_message_for_nobody_is_refused(town: MakeTown) -> None:
    bob = town().user("bob")
    assert bob.ask(PrivateMessage("nobody", "x")) == [ErrorText("message not delivered: nobody is not logged in")]


def test_nobody_chooses_the_nick_of_a_private_message(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    place.user("carol")
    bob.send(PrivateMessage("alice", "carol x"), Packet.of_raw(205, b":carol alice x").encode())
    assert alice.read() == [PrivateMessage("bob", "carol x")]


# Whois


def test_whois_tells_ten_fields(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice", link=7), place.user("bob")
    alice.ask(Join("#b"), Join("#a"))
    place.wait(30)
    (answer,) = bob.ask(WhoisRequest("ALICE"))
    assert isinstance(answer, Whois)
    assert 30 <= answer.seconds <= 40
    assert answer.replace(seconds=0) == Whois("alice", "User", 0, "#b #a ", "Active", 0, 0, 0, 7, "test v1")
    (answer,) = bob.ask(WhoisRequest("bob"))
    assert isinstance(answer, Whois)
    assert answer.staff is None


def test_operators_are_told_more(town: MakeTown) -> None:
    place = town(name="here")
    root = place.user("root", password="secret")
    alice = place.user("alice", port=5000, email="a@b.c")
    (answer,) = root.ask(WhoisRequest("alice"))
    assert isinstance(answer, Whois)
    port = alice.stream.local[1]
    assert answer.staff == StaffDetails(0, 0, alice.ip, port, 5000, "a@b.c", server="here")
    place.user("carol")
    (answer,) = root.ask(WhoisRequest("carol"))
    assert isinstance(answer, Whois)
    assert answer.staff is not None
    assert answer.staff.email == "unavailable"


def test_the_channels_of_a_whois_fit_into_it(town: MakeTown) -> None:
    place = town(max_joined=100)
    alice = place.user("alice")
    for number in range(60):
        alice.send(Join(f"#{number:02}{'x' * 40}"))
    (answer,) = alice.ask(WhoisRequest("alice"))
    assert isinstance(answer, Whois)
    assert answer.channels.startswith("#00x")
    assert answer.channels.endswith("x ")
    assert len(answer.channels) <= 500


def test_whois_of_a_registered_user_who_has_left(town: MakeTown) -> None:
    place = town(epoch=1_000_000)
    bob = place.user("bob")
    alice = place.user("Alice", email="a@b.c")
    place.wait(100)
    left = place.server.unix_time()
    alice.stream.close()
    place.wait(100)
    for request in (WhoisRequest("alice"), WhoWasRequest("ALICE")):
        (answer,) = [each for each in bob.ask(request) if isinstance(each, WhoWas)]
        assert (answer.nick, answer.level) == ("Alice", "User")
        assert left <= answer.seen <= left + 101


def test_who_is_not_known_is_said(town: MakeTown) -> None:
    bob = town().user("bob")
    for request in (WhoisRequest("nobody"), WhoWasRequest("nobody"), UserSpeedRequest("nobody")):
        assert bob.ask(request) == [ErrorText("nobody of the nick nobody is here")]


def test_the_link_type_is_told(town: MakeTown) -> None:
    place = town()
    place.user("alice", link=7)
    assert place.user("bob").ask(UserSpeedRequest("Alice")) == [UserSpeed("alice", 7)]
