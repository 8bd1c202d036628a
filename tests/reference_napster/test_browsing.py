"""Browsing by the server, browsing from peer to peer, and search by checksum."""

import pytest

from peerspec.codecs.napster import (
    Browse,
    BrowseDirectory,
    BrowseEnd,
    BrowseEntry,
    Cloak,
    DirectBrowse,
    DirectBrowseAccept,
    DirectBrowseAccepted,
    DirectBrowseError,
    DirectBrowseRequest,
    ErrorText,
    NewBrowse,
    NewBrowseEnd,
    Packet,
    PeerAddress,
    ResumeEnd,
    ResumeHit,
    ResumeSearch,
    ShareFile,
    SignOff,
)
from peerspec.reference.napster.server import browsing, resume

from .conftest import MakeTown


def song(name: str, *, md5: str = "f00", size: int = 5) -> ShareFile:
    return ShareFile(name, md5, size, 128, 44_100, 60)


def test_a_browse_lists_the_files_of_one_user(town: MakeTown) -> None:
    place = town()
    alice, carol, bob = place.user("Alice"), place.user("carol"), place.user("bob")
    alice.send(ShareFile("C:\\\\a\\", "md5-1", 1, 2, 3, 4), song('\udcff x "'.strip('" ')), song("b"))
    carol.send(song("c"))
    assert bob.ask(Browse("alice")) == [
        BrowseEntry("Alice", "C:\\\\a\\", "md5-1", 1, 2, 3, 4),
        BrowseEntry("Alice", "b", "f00", 5, 128, 44_100, 60),
        BrowseEntry("Alice", "\udcff x", "f00", 5, 128, 44_100, 60),
        BrowseEnd("alice"),
    ]
    assert bob.ask(Browse("bob")) == [BrowseEnd("bob")]
    assert [type(answer) for answer in bob.ask(Browse("alice", maximum=2))] == [BrowseEntry, BrowseEntry, BrowseEnd]
    assert bob.ask(Browse("nobody")) == [SignOff("nobody"), BrowseEnd("nobody")]


def test_who_is_cloaked_is_not_browsed(town: MakeTown) -> None:
    place = town()
    root, bob = place.user("root", password="secret"), place.user("bob")
    root.send(song("a"), Cloak())
    assert bob.ask(Browse("root")) == [SignOff("root"), BrowseEnd("root")]
    assert len(root.ask(Browse("root"))) == 2
    assert bob.ask(NewBrowse("root")) == [SignOff("root"), NewBrowseEnd("root")]
    assert bob.ask(DirectBrowseRequest("root")) == [DirectBrowseError("root", "not logged in")]


def test_a_browse_by_directories_divides_names(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(*map(song, ("C:\\b\\2", "plain", "C:\\b\\1", "C:\\a\\3")))
    answers = bob.ask(NewBrowse("Alice"))
    assert answers.pop() == NewBrowseEnd("Alice")
    found = {
        part.directory: [file.file for file in part.files] for part in answers if isinstance(part, BrowseDirectory)
    }
    assert found == {"C:\\a\\": ["3"], "C:\\b\\": ["1", "2"], "": ["plain"]}
    assert {part.nick for part in answers if isinstance(part, BrowseDirectory)} == {"alice"}
    assert len(answers) == 3
    assert bob.ask(NewBrowse("alice", maximum=1))[-1] == NewBrowseEnd("alice")
    assert bob.ask(NewBrowse("nobody")) == [SignOff("nobody"), NewBrowseEnd("nobody")]


def test_a_long_directory_comes_in_parts(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(*(song(f"d\\{number:03}{'x' * 200}") for number in range(50)), song(f"d\\z{'y' * 1900}"))
    parts = [answer for answer in bob.ask(NewBrowse("alice")) if isinstance(answer, BrowseDirectory)]
    assert [file.file[:3] for part in parts for file in part.files] == [
        *(f"{number:03}" for number in range(50)),
        "zyy",
    ]
    for part in parts:
        assert sum(len(file.encode()) for file in part.files) <= browsing.MAX_DIRECTORY
    assert len(parts) < 10


# From peer to peer


def test_a_direct_browse_is_relayed_both_ways(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice", port=1234), place.user("Bob")
    alice.send(song("a"))
    assert bob.ask(DirectBrowseRequest("ALICE")) == []
    assert alice.read() == [DirectBrowse("Bob")]
    assert alice.ask(DirectBrowseAccept("bob")) == []
    assert bob.read() == [DirectBrowseAccepted("alice", alice.ip, 1234)]


def test_a_firewalled_user_is_told_where_to_bring_its_list(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice", port=0), place.user("bob", port=4321)
    alice.send(song("a"))
    assert bob.ask(DirectBrowseRequest("alice")) == []
    assert alice.read() == [DirectBrowse("bob", address=PeerAddress(bob.ip, 4321))]


@pytest.mark.parametrize(("port", "shares"), [(0, True), (6699, False)])
def test_a_direct_browse_that_cannot_be_is_refused(town: MakeTown, port: int, shares: bool) -> None:
    place = town()
    alice, bob = place.user("alice", port=port), place.user("bob", port=0)
    if shares:
        alice.send(song("a"))
    (answer,) = bob.ask(DirectBrowseRequest("alice"))
    assert isinstance(answer, DirectBrowseError)
    assert answer.nick == "alice"
    assert alice.read() == []
    (answer,) = bob.ask(DirectBrowseRequest("nobody"))
    assert isinstance(answer, DirectBrowseError)
    (answer,) = bob.ask(DirectBrowseAccept("nobody"))
    assert isinstance(answer, ErrorText)


# By checksum


def test_copies_have_both_the_checksum_and_the_size(town: MakeTown) -> None:
    place = town()
    alice, carol, bob = place.user("alice", port=1234, link=3), place.user("carol"), place.user("bob")
    alice.send(song("a b", md5="f00-1"), song("same", md5="f00-1"), song("size", md5="F00-1"), song("md5", size=6))
    carol.send(song("a b", md5="f00-1"), song("c", md5="f00"))
    hits = bob.ask(ResumeSearch("f00-1", 5))
    assert hits.pop() == ResumeEnd()
    assert hits == [
        ResumeHit("alice", alice.ip, 1234, "a b", "f00-1", 5, 3),
        ResumeHit("alice", alice.ip, 1234, "same", "f00-1", 5, 3),
        ResumeHit("carol", carol.ip, 6699, "a b", "f00-1", 5, 9),
    ]
    assert bob.ask(ResumeSearch("f00-1", 7)) == [ResumeEnd()]


def test_the_copies_in_one_answer_are_bounded(town: MakeTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "MAX_COPIES", 3)
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(*(song(f"{number}") for number in range(5)))
    assert len(bob.ask(ResumeSearch("f00", 5))) == 4


@pytest.mark.parametrize("body", [b"f00 0", b"f00 -1", b"f00 x", b"f00", b""])
def test_a_search_by_checksum_needs_a_size(town: MakeTown, body: bytes) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(song("a", size=0))
    (answer,) = bob.ask(Packet.of_raw(215, body).encode())
    assert isinstance(answer, ErrorText)
