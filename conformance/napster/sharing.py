"""Sharing: what enters the index and leaves it."""

from __future__ import annotations

import pytest

from ...codecs.errors import DecodeError
from ...codecs.napster import (
    DownloadRequest,
    ErrorText,
    GetError,
    Packet,
    SearchEnd,
    SearchResult,
    ShareDirectory,
    ShareFile,
    Stats,
    StatsRequest,
    UnshareAll,
    UnsharedAll,
    UnshareFile,
)
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench, SharedFile
from .files import (
    FOLDER,
    assume_found,
    find,
    found,
    in_directory,
    introduce,
    listing,
    names,
    offer,
    path,
    properties,
    query,
    see_off,
)
from .probe import User

_MD5 = "7d733c1e7419674744768db71bff8bcd"
_CHECKSUMS = (_MD5, "58dc354f81bf37b050799ead7ca8d3bc-5333975", "WMA-FILE")
_FIELDS = ("file", "checksum", "size", "bitrate", "frequency", "time")


def _gone(user: User, word: str, nick: str, *left: SharedFile) -> None:
    """Failure unless just these files are left to be found by the word, and in a browse."""
    wanted = sorted(file.name for file in left)
    for where, entries in (("search", found(user, query(word))), ("browse", names(listing(user, nick)))):
        if entries != wanted:
            raise Failure(expected=f"{wanted or 'nothing'} in a {where}", actual=repr(entries))


# --- adding a file


@checks("NAP-SHR-01")
def test_a_shared_file_is_found_with_its_properties(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, size=4_321_987, bitrate=160, frequency=48_000, seconds=217)
    results = [properties(result) for result in find(bob, query(file.word))]
    if results != [properties(file.message)]:
        raise Failure(expected=f"one result with {properties(file.message)}", actual=repr(results))


@checks("NAP-SHR-02")
@pytest.mark.parametrize("message", ["search result", "browse entry", "download ack"])
def test_a_checksum_is_given_as_it_was_sent(bench: Bench, message: str) -> None:
    alice, bob = bench.users(2)
    for checksum in _CHECKSUMS:
        file = bench.share(alice, md5=checksum)
        if message == "search result":
            given = [result.md5 for result in find(bob, query(file.word))]
        elif message == "browse entry":
            given = [entry.md5 for entry in listing(bob, alice.nick) if entry.file == file.name]
        else:
            given = [introduce(bob, alice, file.name).md5]
        if not given:
            raise Inconclusive(f"the file is in no {message}")
        if given != [checksum]:
            raise Failure(expected=checksum, actual=", ".join(given))


@checks("NAP-SHR-03")
def test_an_accepted_share_is_not_answered(bench: Bench) -> None:
    alice = bench.user()
    file = bench.file()
    before = len(alice.log)
    alice.send(file.message, StatsRequest())
    with assuming("214 is answered"):
        alice.expect(Stats)
    first = alice.log[before]
    if first.type != Stats.wire_type:
        raise Failure(expected="no answer to the share before 214", actual=f"{first.type} {first.body!r}")
    with assuming("the share is accepted"):
        assert names(listing(alice, alice.nick)) == [file.name]


@checks("NAP-SHR-04")
@pytest.mark.parametrize("field", _FIELDS)
def test_a_share_that_lacks_a_field_enters_nothing(bench: Bench, field: str) -> None:
    alice = bench.user()
    whole = bench.share(alice)
    alice.send(_lacking(path(bench.unique()), field))
    entries = names(listing(alice, alice.nick))
    with assuming("a whole share is accepted"):
        assert whole.name in entries
    if entries != [whole.name]:
        raise Failure(expected="the whole share alone", actual=repr(entries))


def _lacking(name: str, *fields: str) -> Packet:
    """A share without these fields."""
    values = dict(zip(_FIELDS, (f'"{name}"', _MD5, "4000000", "128", "44100", "250"), strict=True))
    body = " ".join(value for field, value in values.items() if field not in fields)
    return Packet.of_raw(ShareFile.wire_type or 0, body.encode())


@checks("NAP-SHR-05")
def test_a_share_of_four_fields_is_answered_with_404(bench: Bench) -> None:
    alice = bench.user()
    alice.send(_lacking(path(bench.unique()), "frequency", "time"))
    alice.expect(ErrorText)


@checks("NAP-SHR-06")
@pytest.mark.parametrize("size", [3_000_000_000, 4_294_967_295])
def test_a_size_above_2_gib_is_kept(bench: Bench, size: int) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, size=size)
    bob.send(query(file.word))
    with assuming("a search is ended by 202"):
        bob.expect(SearchEnd)
    given = [_size(packet.body) for packet in bob.log if packet.type == SearchResult.wire_type]
    if given != [str(size)]:
        raise Failure(expected=f"one result of {size} bytes", actual=repr(given))


def _size(body: bytes) -> str:
    """The size in a result; all of it where it can't be read, as with a sign."""
    try:
        return str(SearchResult.decode(body).size)
    except DecodeError:
        return repr(body)


@checks("NAP-SHR-07")
def test_a_size_above_4_gib_is_kept_or_refused(bench: Bench) -> None:
    alice, bob = bench.users(2)
    small, large = bench.share(alice), bench.share(alice, size=5_000_000_000)
    sizes = {entry.file: entry.size for entry in listing(bob, alice.nick)}
    with assuming("a share is in a browse with its size"):
        assert sizes.get(small.name) == small.size
    if sizes.get(large.name, large.size) != large.size:
        raise Failure(expected=["5000000000 bytes", "no such entry"], actual=f"{sizes[large.name]} bytes")


# --- taking files back


@checks("NAP-SHR-08")
def test_a_file_that_is_taken_back_is_gone(bench: Bench) -> None:
    alice, bob = bench.users(2)
    word = bench.unique()
    back, kept = (bench.share(alice, path(word, "of several words", bench.unique())) for _ in range(2))
    assume_found(bob, query(word), [back, kept])
    alice.send(UnshareFile(back.name))
    alice.sync()
    _gone(bob, word, alice.nick, kept)


@checks("NAP-SHR-09")
def test_a_quoted_name_is_taken_back(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    alice.send(UnshareFile(f'"{file.name}"'))
    alice.sync()
    assert not found(bob, query(file.word)), "the file is still found"


@checks("NAP-SHR-10")
def test_taking_back_what_is_not_shared_is_answered_with_404(bench: Bench) -> None:
    alice = bench.user()
    bench.share(alice)
    alice.send(UnshareFile(path(bench.unique())))
    alice.expect(ErrorText)


@checks("NAP-SHR-11")
def test_all_files_are_taken_back_at_once(bench: Bench) -> None:
    alice, bob = bench.users(2)
    word = bench.unique()
    assume_found(bob, query(word), [bench.share(alice, path(word, bench.unique())) for _ in range(3)])
    alice.send(UnshareAll())
    alice.sync()
    _gone(bob, word, alice.nick)


@checks("NAP-SHR-12")
def test_taking_all_back_is_answered_with_their_number(bench: Bench) -> None:
    alice = bench.user()
    for _ in range(3):
        bench.share(alice)
    alice.send(UnshareAll())
    count = alice.expect(UnsharedAll).count
    assert count == 3, f"the number is {count}"


# --- a directory at once


@checks("NAP-SHR-13")
def test_each_file_of_a_directory_is_entered(bench: Bench) -> None:
    alice, bob = bench.users(2)
    files = [
        in_directory(bench.file(path(bench.unique(), "of several words"), size=size, bitrate=bitrate, seconds=seconds))
        for size, bitrate, seconds in ((3_000_001, 96, 101), (4_000_002, 128, 202), (5_000_003, 160, 303))
    ]
    alice.send(ShareDirectory("C:\\shared", tuple(files)))
    alice.sync()
    entries = listing(bob, alice.nick)
    for file in files:
        given = [properties(entry)[1:] for entry in entries if entry.file.endswith(file.file)]
        if given != [(file.size, file.bitrate, file.frequency, file.seconds)]:
            raise Failure(expected=f"{file.file} as it was shared", actual=repr(given))
    assert len(entries) == len(files), f"{len(entries)} entries"


@checks("NAP-SHR-14")
@pytest.mark.parametrize("directory", ["C:\\mp3", "C:\\mp3\\"], ids=["without a backslash", "with a backslash"])
def test_directory_and_file_are_joined_by_one_backslash(bench: Bench, directory: str) -> None:
    alice, bob = bench.users(2)
    file = in_directory(bench.file())
    alice.send(ShareDirectory(directory, (file,)))
    alice.sync()
    entries = names(listing(bob, alice.nick))
    if not entries:
        raise Inconclusive("the file is not entered")
    if entries != [f"C:\\mp3\\{file.file}"]:
        raise Failure(expected=f"C:\\mp3\\{file.file}", actual=", ".join(entries))


@checks("NAP-SHR-15")
def test_the_whole_files_of_a_directory_that_breaks_off_are_entered(bench: Bench) -> None:
    alice, bob = bench.users(2)
    files = tuple(in_directory(bench.file()) for _ in range(3))
    whole = ShareDirectory("C:\\shared", files).encode()
    alice.send_raw(ShareDirectory.wire_type or 0, whole.rpartition(files[2].md5.encode())[0].rstrip())
    alice.sync()
    count = len(listing(bob, alice.nick))
    assert count == 2, f"{count} of the two whole files are entered"


# --- the index


@checks("NAP-SHR-16")
def test_equal_files_of_two_users_are_a_result_each(bench: Bench) -> None:
    alice, bob, carol = bench.users(3)
    file = bench.file()
    offer(alice, file)
    offer(bob, file)
    owners = sorted(result.nick for result in find(carol, query(file.word)))
    if owners != sorted([alice.nick, bob.nick]):
        raise Failure(expected="a result for each of the two", actual=repr(owners))


@checks("NAP-SHR-17")
def test_a_file_that_is_shared_twice_has_one_entry(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.file()
    offer(alice, file, file)
    entries = listing(bob, alice.nick)
    if not entries:
        raise Inconclusive("the file is not entered")
    assert len(entries) == 1, f"{len(entries)} entries"


@checks("NAP-SHR-18")
def test_a_result_has_nick_address_and_link_type_of_its_user(bench: Bench) -> None:
    owners = [bench.user(link=3), bench.user(link=9)]
    searcher = bench.user(link=7)
    word = bench.unique()
    assume_found(searcher, query(word), [bench.share(owner, path(word, bench.unique())) for owner in owners])
    given = sorted((result.nick, result.ip, result.link) for result in find(searcher, query(word)))
    wanted = sorted((owner.nick, owner.local[0], owner.link) for owner in owners)
    if given != wanted:
        raise Failure(expected=repr(wanted), actual=repr(given))


@checks("NAP-SHR-19")
def test_a_file_lies_where_its_session_comes_from(bench: Bench) -> None:
    alice, bob = bench.users(2)
    ack = introduce(bob, alice, bench.share(alice).name)
    if (ack.ip, ack.port) != (alice.local[0], alice.port):
        raise Failure(expected=f"{alice.local[0]}:{alice.port}", actual=f"{ack.ip}:{ack.port}")


@checks("NAP-SHR-20")
@pytest.mark.parametrize("end", ["closed", "reset"])
def test_the_files_of_a_session_go_with_it(bench: Bench, end: str) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    assume_found(bob, query(file.word), [file])
    see_off(alice, bob, reset=end == "reset")
    _gone(bob, file.word, alice.nick)


@checks("NAP-SHR-20", "NAP-SIG-04")
def test_the_files_of_a_session_that_has_ended_cannot_be_asked_for(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    see_off(alice, bob)
    bob.send(DownloadRequest(alice.nick, file.name))
    bob.expect(GetError)


@checks("NAP-SHR-21")
def test_the_shared_files_of_a_user_are_counted(bench: Bench) -> None:
    alice, bob = bench.users(2)
    first, _, third = bench.share(alice), bench.share(alice), bench.file()
    alice.send(ShareDirectory(FOLDER, (in_directory(third),)), UnshareFile(first.name))
    alice.sync()
    with assuming("two files are left"):
        assert len(listing(bob, alice.nick)) == 2
    known = bob.whois(alice.nick)
    if known is None:
        raise Inconclusive("the node does not answer 603")
    assert known.shared == 2, f"{known.shared} files"
