"""Shares as they come and go, and what a server then says of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from peerspec.codecs.napster import (
    Browse,
    BrowseEnd,
    BrowseEntry,
    ChangeDataPort,
    ChangeSpeed,
    DirectoryFile,
    DownloadRequest,
    ErrorText,
    FilenameClause,
    GetError,
    Packet,
    Search,
    SearchEnd,
    SearchResult,
    ShareDirectory,
    ShareFile,
    ShareMedia,
    Stats,
    StatsRequest,
    TypeClause,
    UnshareAll,
    UnsharedAll,
    UnshareFile,
    Whois,
    WhoisRequest,
)
from peerspec.reference.napster.server import sharing

from .conftest import MakeTown, User

SONG = ShareFile("C:\\mp3\\Band - Song.mp3", "b92870e0d41bc8e698cf2f0a1ddfeac7-443008", 443_332, 128, 44_100, 60)


def found(user: User, words: str, *clauses: TypeClause) -> list[SearchResult]:
    answers = user.ask(Search((FilenameClause("CONTAINS", words), *clauses)))
    assert isinstance(answers[-1], SearchEnd)
    results = [answer for answer in answers[:-1] if isinstance(answer, SearchResult)]
    assert len(results) == len(answers) - 1
    return results


def listed(user: User, nick: str) -> list[str]:
    answers = user.ask(Browse(nick))
    assert answers[-1] == BrowseEnd(nick)
    return [answer.file for answer in answers[:-1] if isinstance(answer, BrowseEntry)]


def test_a_share_is_not_answered_and_is_found_with_all_its_properties(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("Alice", link=7), place.user("bob")
    assert alice.ask(SONG) == []
    assert found(bob, "song band") == [
        SearchResult(SONG.file, SONG.md5, 443_332, 128, 44_100, 60, "Alice", alice.ip, 7)
    ]


@pytest.mark.parametrize("md5", ["B92870E0D41BC8E698CF2F0A1DDFEAC7", "a" * 32 + "-1", "WMA-FILE", "\udcff"])
@pytest.mark.parametrize("size", [0, 2**32 - 1, 5_000_000_000, 2**63 - 1])
def test_checksums_and_sizes_come_back_as_they_were_sent(town: MakeTown, md5: str, size: int) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(SONG.replace(md5=md5, size=size))
    assert [(result.md5, result.size) for result in found(bob, "song")] == [(md5, size)]


@pytest.mark.parametrize("body", [b'"a.mp3" f00 1 128 44100', b'"a.mp3" f00 x 128 44100 60', b"a.mp3 f00 1 1 1 1", b""])
def test_a_share_that_cannot_be_read_is_refused(town: MakeTown, body: bytes) -> None:
    place = town()
    alice = place.user("alice")
    (answer,) = alice.ask(Packet.of_raw(100, body).encode())
    assert isinstance(answer, ErrorText)
    assert listed(alice, "alice") == []


def test_equal_files_of_two_users_are_two_results_and_of_one_user_one(town: MakeTown) -> None:
    place = town()
    alice, carol, bob = place.user("alice"), place.user("carol", link=3), place.user("bob")
    assert alice.ask(SONG) == []
    assert carol.ask(SONG) == []
    (answer,) = alice.ask(SONG.replace(size=5))
    assert isinstance(answer, ErrorText)
    assert [(result.nick, result.ip, result.link, result.size) for result in found(bob, "song")] == [
        ("alice", alice.ip, 9, 443_332),
        ("carol", carol.ip, 3, 443_332),
    ]


def test_a_file_is_taken_back_by_its_bare_name(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(SONG, SONG.replace(file="C:\\other song.mp3"), SONG.replace(file="third song"))
    assert alice.ask(UnshareFile(SONG.file)) == []
    assert alice.ask(UnshareFile('"third song"')) == []
    assert listed(bob, "alice") == ["C:\\other song.mp3"]
    assert [result.file for result in found(bob, "song")] == ["C:\\other song.mp3"]
    for name in (SONG.file, "C:\\OTHER song.mp3", '"', ""):
        (answer,) = alice.ask(UnshareFile(name))
        assert isinstance(answer, ErrorText)
    (answer,) = bob.ask(UnshareFile("C:\\other song.mp3"))
    assert isinstance(answer, ErrorText)
    assert listed(bob, "alice") == ["C:\\other song.mp3"]


def test_all_files_are_taken_back_at_once(town: MakeTown) -> None:
    place = town()
    alice, carol, bob = place.user("alice"), place.user("carol"), place.user("bob")
    carol.send(SONG)
    alice.send(*(SONG.replace(file=f"song {number}") for number in range(3)))
    assert alice.ask(UnshareAll()) == [UnsharedAll(3)]
    assert [result.nick for result in found(bob, "song")] == ["carol"]
    assert alice.ask(UnshareAll()) == [UnsharedAll(0)]
    assert bob.ask(UnshareAll()) == [UnsharedAll(0)]


@pytest.mark.parametrize("directory", ["C:\\mp3", "C:\\mp3\\"])
def test_each_file_of_a_directory_is_shared_under_the_directorys_name(town: MakeTown, directory: str) -> None:
    place = town()
    alice = place.user("alice")
    files = tuple(DirectoryFile(f"{number}.mp3", f"f{number}", number, 128, 44_100, 60) for number in range(3))
    assert alice.ask(ShareDirectory(directory, files)) == []
    assert alice.ask(Browse("alice"))[:-1] == [
        BrowseEntry("alice", f"C:\\mp3\\{number}.mp3", f"f{number}", number, 128, 44_100, 60) for number in range(3)
    ]


def test_of_a_directory_that_breaks_off_nothing_is_shared(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice")
    body = ShareDirectory("C:", (DirectoryFile("a", "f00", 1, 1, 1, 1),)).encode()
    (answer,) = alice.ask(Packet.of_raw(870, body + b' "b" f00 1').encode())
    assert isinstance(answer, ErrorText)
    assert listed(alice, "alice") == []


def test_names_longer_than_a_result_can_carry_are_refused(town: MakeTown) -> None:
    place = town(max_body=10_000)
    alice, bob = place.user("alice"), place.user("bob")
    long = "x " * 600
    answers = alice.ask(
        ShareDirectory(long, (DirectoryFile(long, "f00", 1, 1, 1, 1), DirectoryFile("y", "f", 1, 1, 1, 1)))
    )
    assert [type(answer) for answer in answers] == [ErrorText]
    assert [result.file for result in found(bob, "x y")] == [long + "\\y"]


def test_other_media_are_found_only_when_they_are_asked_for(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(SONG, ShareMedia("Band - Song.jpg", 777, "f00", "image"))
    assert [result.file for result in found(bob, "song")] == [SONG.file]
    assert [(result.file, result.size, result.md5) for result in found(bob, "song", TypeClause("image"))] == [
        ("Band - Song.jpg", 777, "f00")
    ]
    assert len(found(bob, "song", TypeClause("any"))) == 2
    assert len(found(bob, "song", TypeClause("image"), TypeClause("mp3"))) == 2
    assert found(bob, "song", TypeClause("video")) == []


@pytest.mark.parametrize("way", ["close", "abort"])
def test_what_a_user_shared_goes_with_its_session(town: MakeTown, way: str) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    alice.send(SONG)
    assert len(found(bob, "song")) == 1
    getattr(alice.stream, way)()
    assert found(bob, "song") == []
    assert bob.ask(DownloadRequest("alice", SONG.file)) == [GetError("alice", SONG.file)]
    again = place.user("alice")
    assert found(bob, "song") == []
    again.send(SONG)
    assert len(found(bob, "song")) == 1
    assert place.server.sharers.keys() == {place.server.users["alice"].id}


def test_the_files_of_a_user_are_counted_as_they_come_and_go(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    gigabyte = 2**30

    def counts() -> tuple[int, int, int]:
        whois, stats = bob.ask(WhoisRequest("alice"), StatsRequest())
        assert isinstance(whois, Whois)
        assert isinstance(stats, Stats)
        return whois.shared, stats.files, stats.gigabytes

    alice.send(SONG.replace(size=2 * gigabyte), ShareDirectory("d", (DirectoryFile("e", "f", gigabyte, 1, 1, 1),) * 2))
    alice.send(SONG.replace(file="third", size=gigabyte))
    bob.send(SONG.replace(size=gigabyte))
    assert counts() == (3, 4, 5)
    alice.send(UnshareFile(SONG.file), UnshareFile("unknown"))
    assert counts() == (2, 3, 3)
    alice.send(UnshareAll())
    assert counts() == (0, 1, 1)


def test_a_user_may_share_a_bounded_number_of_files(town: MakeTown) -> None:
    place = town(max_shares=3)
    alice = place.user("alice")
    answers = alice.ask(*(SONG.replace(file=f"song {number}") for number in range(5)))
    assert [type(answer) for answer in answers] == [ErrorText, ErrorText]
    assert len(listed(alice, "alice")) == 3
    assert alice.ask(UnshareFile("song 0"), SONG) == []


def test_a_link_type_that_changes_holds_for_old_and_new_shares(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice", link=3), place.user("bob", port=0)
    alice.send(SONG, ChangeSpeed(8), SONG.replace(file="new song"))
    assert [result.link for result in found(bob, "song")] == [8, 8]
    alice.send(ChangeDataPort(0))
    assert found(bob, "song") == []
    alice.send(ChangeDataPort(7))
    assert len(found(bob, "song")) == 2


def test_nothing_of_the_index_outlives_the_server(town: MakeTown, tmp_path: Path) -> None:
    place = town(database=tmp_path / "accounts")
    place.user("alice").send(SONG)
    assert len(found(place.user("bob"), "song")) == 1
    place.server.release()
    assert SONG.file.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    later = town(database=tmp_path / "accounts")
    assert found(later.user("bob"), "song") == []


def test_a_server_in_which_nobody_shares_makes_no_index(town: MakeTown, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(**_: object) -> None:
        raise AssertionError("an index was made")

    monkeypatch.setattr(sharing, "Index", forbidden)
    place = town()
    alice = place.user("alice")
    alice.ask(WhoisRequest("alice"), StatsRequest(), ChangeSpeed(3), ChangeDataPort(0))
    alice.stream.close()
    place.wait(1)


OPEN_FILES = Path("/proc/self/fd")


def deleted_files() -> set[str]:
    """Files that this process has open and that have no name any more."""
    links = [path.readlink() for path in OPEN_FILES.iterdir() if path.is_symlink()]
    return {str(path) for path in links if path.name.endswith("(deleted)")}


def has_temporary_files() -> bool:
    """Whether this SQLite was not built to keep in memory what is to lie in a temporary file."""
    with closing(sqlite3.connect("")) as store:
        options = store.execute("PRAGMA compile_options").fetchall()
    return ("TEMP_STORE=3",) not in options


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="needs Linux to see a file that has no name")
@pytest.mark.skipif(not has_temporary_files(), reason="this SQLite keeps temporary files in memory")
@pytest.mark.parametrize("in_file", [True, False])
def test_a_server_with_a_file_for_its_accounts_keeps_the_index_in_another_that_has_no_name(
    town: MakeTown, tmp_path: Path, in_file: bool
) -> None:
    place = town(database=tmp_path / "accounts" if in_file else None)
    alice = place.user("alice")
    place.server.index._store.execute("PRAGMA cache_size = 10")
    before = deleted_files()
    alice.send(*(SONG.replace(file=f"{number} {'x' * 1000}") for number in range(300)))
    assert len(listed(alice, "alice")) == 300
    assert len(deleted_files() - before) == in_file
