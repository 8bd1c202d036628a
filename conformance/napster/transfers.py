"""Transfers in progress, which the server counts; and the limits of uploaders, of which it tells the downloader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...codecs.napster import (
    DownloadEnd,
    DownloadStart,
    ErrorText,
    QueueLimit,
    QueueLimited,
    UploadEnd,
    UploadStart,
    Whois,
    WhoisRequest,
)
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User


def _counts(user: User) -> tuple[int, int]:
    """The downloads and uploads that the server has counted."""
    user.send(WhoisRequest(user.nick))
    with assuming("a whois is answered"):
        whois = user.expect(Whois)
    return whois.downloads, whois.uploads


@checks("NAP-CNT-01")
def test_downloads_are_counted(bench: Bench) -> None:
    bob = bench.user()
    for notice in (DownloadStart(), DownloadStart(), DownloadEnd()):
        bob.send(notice)
    assert _counts(bob) == (1, 0)


@checks("NAP-CNT-02")
def test_uploads_are_counted(bench: Bench) -> None:
    bob = bench.user()
    for notice in (UploadStart(), UploadStart(), UploadEnd()):
        bob.send(notice)
    assert _counts(bob) == (0, 1)


@checks("NAP-CNT-03")
def test_no_count_falls_below_0(bench: Bench) -> None:
    bob = bench.user()
    for end in (DownloadEnd(), UploadEnd()):
        bob.send(end)
    assert _counts(bob) == (0, 0)
    for start in (DownloadStart(), UploadStart()):
        bob.send(start)
    assert _counts(bob) == (1, 1)


@checks("NAP-QUE-01")
def test_a_limit_reaches_the_downloader(bench: Bench) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    alice.send(QueueLimit(bob.nick, file.name, 3))
    told = bob.expect(QueueLimited)
    assert (told.nick, told.file, told.size, told.limit) == (alice.nick, file.name, file.size, 3)


@checks("NAP-QUE-02")
@pytest.mark.parametrize("fault", ["file", "nick", "fields"])
def test_a_limit_that_cannot_be_passed_on_is_answered_by_404(bench: Bench, fault: str) -> None:
    alice, bob = bench.users(2)
    file = bench.share(alice)
    bodies = {
        "file": QueueLimit(bob.nick, f"{file.name}.{bench.unique()}", 3).encode(),
        "nick": QueueLimit(bench.new_nick(), file.name, 3).encode(),
        "fields": f'{bob.nick} "{file.name}"'.encode(),
    }
    alice.send_raw(QueueLimit.wire_type or 0, bodies[fault])
    alice.expect(ErrorText)
    bob.expect_none(QueueLimited, fence=alice)
