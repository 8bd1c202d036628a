"""Sharing: what a peer tells the server of its files."""

from __future__ import annotations

import hashlib

import pytest

from ...codecs.napster import ShareDirectory, ShareFile
from ..checks import checks
from ..outcomes import Unsupported, assuming
from .bench import Bench
from .messages import Received
from .music import Music, music_of, tag_length
from .probe import Session

_LONGEST_BODY = 2048


@checks("NAP-PER-07")
def test_the_files_are_shared_in_the_form_of_the_layout_with_their_sizes(bench: Bench) -> None:
    session = bench.session()
    for share in bench.shares:
        file = session.expect_share(share)
        assert file.size == share.size, f"{file.file} is shared with the size {file.size}, not {share.size}"
    session.expect_unseen("100 and 870 in the form of their layouts", _cannot_be_read)


def _cannot_be_read(got: Received) -> bool:
    if got.number == ShareDirectory.wire_type:
        return got.read(ShareDirectory) is None
    return got.number == ShareFile.wire_type and got.read(ShareFile) is None


@checks("NAP-PER-08")
def test_no_body_is_longer_than_2048_bytes(bench: Bench) -> None:
    session = bench.session()
    with assuming("the peer accepts an upload, and says so"):
        session.ask_for(session.share(bench.shares[0]).file)
    _expect_short_bodies(session)


@checks("NAP-PER-08")
@pytest.mark.parametrize(("count", "length"), [(60, 60), (2, 2030)], ids=["many", "long"])
def test_many_files_and_long_names_are_shared_in_short_bodies(bench: Bench, count: int, length: int) -> None:
    files = {f"{bench.unique('f').ljust(length, 'x')}.mp3": b"\xff\xfb\x90\x00" * 10 for _ in range(count)}
    files |= {share.name: share.content for share in bench.shares}
    session = bench.session(shares=files)
    for share in bench.shares:
        session.share(share)
    _expect_short_bodies(session)


def _expect_short_bodies(session: Session) -> None:
    session.expect_none(f"no body above {_LONGEST_BODY} bytes", lambda got: len(got.body) > _LONGEST_BODY)


@checks("NAP-PER-09")
def test_bitrate_frequency_and_time_of_a_file_are_those_of_its_frames(bench: Bench) -> None:
    music = {share: found for share in bench.shares if (found := music_of(share.content))}
    if not music:
        raise Unsupported("shares", "none of the shared files is an MP3 of constant bitrate")
    session = bench.session()
    for share, expected in music.items():
        file = session.share(share)
        said = Music(file.bitrate, file.frequency, file.seconds)
        assert (said.bitrate, said.frequency) == (expected.bitrate, expected.frequency), f"{share.name}: {said}"
        assert abs(said.seconds - expected.seconds) <= 1, f"{share.name}: {said}, not {expected}"


@checks("NAP-PER-10")
@pytest.mark.parametrize("tagged", [False, True], ids=["after the tag", "with the tag"])
@pytest.mark.parametrize("length", [299_008, 300_000, 300_032])
def test_the_checksum_is_the_md5_of_the_first_bytes(bench: Bench, length: int, tagged: bool) -> None:
    share = max(bench.shares, key=lambda share: share.size)
    start = 0 if tagged else tag_length(share.content)
    expected = hashlib.md5(share.content[start : start + length], usedforsecurity=False).hexdigest()
    said = bench.session().share(share).md5.partition("-")[0].lower()
    assert said == expected, f"the checksum is {said}"
