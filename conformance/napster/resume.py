"""Search by checksum: who else shares a file."""

from __future__ import annotations

import pytest

from ...codecs.napster import ErrorText, ResumeEnd, ResumeHit, ResumeSearch
from ..checks import checks
from ..outcomes import Failure, Unsupported, assuming
from .bench import Bench, SharedFile
from .files import path
from .probe import User


def _hits(user: User, file: SharedFile) -> list[ResumeHit]:
    """The users who share a file with this checksum and size."""
    with assuming("a search by checksum is ended by 217"):
        user.send(ResumeSearch(file.md5, file.size))
        return user.answers(ResumeHit, until=ResumeEnd)


@checks("NAP-RSM-01")
def test_a_file_is_found_by_checksum_and_size_together(bench: Bench) -> None:
    owners, bob = bench.users(4), bench.user()
    file = bench.share(owners[0])
    bench.share(owners[1], md5=file.md5)
    bench.share(owners[2], md5=file.md5, size=file.size + 1)
    bench.share(owners[3], size=file.size)
    nicks = sorted(hit.nick for hit in _hits(bob, file))
    if nicks != sorted(owner.nick for owner in owners[:2]):
        raise Failure(expected="the two who share a file with both", actual=repr(nicks))


@checks("NAP-RSM-02")
@pytest.mark.parametrize("owners", [0, 3])
def test_a_search_by_checksum_is_ended_once(bench: Bench, owners: int) -> None:
    bob = bench.user()
    file = bench.file()
    for owner in bench.users(owners):
        bench.share(owner, md5=file.md5, size=file.size)
    bob.send(ResumeSearch(file.md5, file.size))
    bob.sync()
    came = [packet.type for packet in bob.log if packet.type in (ResumeHit.wire_type, ResumeEnd.wire_type)]
    if not came and bob.take(ErrorText):
        raise Unsupported("checksums", "215 is answered with 404")
    if came.count(ResumeEnd.wire_type or 0) != 1 or came[-1] != ResumeEnd.wire_type:
        raise Failure(expected="one 217 at the end", actual=f"{came or 'none'}")


@checks("NAP-RSM-03")
def test_a_hit_says_who_has_the_file_where(bench: Bench) -> None:
    alice, bob = bench.user(link=9), bench.user(link=5)
    file = bench.share(alice)
    hits = _hits(bob, file)
    with assuming("the file is found"):
        assert len(hits) == 1
    hit = hits[0]
    given = (hit.nick, hit.ip, hit.port, hit.file, hit.md5, hit.size, hit.link)
    wanted = (alice.nick, alice.local[0], alice.port, file.name, file.md5, file.size, alice.link)
    if given != wanted:
        raise Failure(expected=repr(wanted), actual=repr(given))


@checks("NAP-RSM-04")
def test_the_name_in_a_hit_stands_in_quotes(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice, path(bench.unique(), "of several words"))
    bob.send(ResumeSearch(file.md5, file.size))
    with assuming("the file is found"):
        body = bob.expect_packet(ResumeHit.wire_type or 0).body
    if f'"{file.name}"'.encode() not in body:
        raise Failure(expected=f'"{file.name}" in double quotes', actual=repr(body))


@checks("NAP-RSM-05")
@pytest.mark.parametrize("size", ["0", "-1", "x", ""], ids=["zero", "negative", "letters", "none"])
def test_a_search_without_a_size_is_answered_with_404(bench: Bench, size: str) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    with assuming("the file is found by its size"):
        assert _hits(bob, file)
    bob.send_raw(ResumeSearch.wire_type or 0, f"{file.md5} {size}".strip().encode())
    bob.expect(ErrorText)
    bob.expect_none(ResumeHit)
