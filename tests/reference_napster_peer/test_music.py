"""What is told of a file: bitrate, frequency, time, checksum."""

from hashlib import md5
from pathlib import Path

import pytest

from peerspec.reference.napster.peer.checksum import checksum_of
from peerspec.reference.napster.peer.music import NO_MUSIC, Music, music_of
from peerspec.reference.shares import FileContent, MemoryContent

from . import mp3

# 44,100 Hz and 1152 samples: 1000 frames are 26.12 s
CONSTANT = mp3.constant(1000, 128, 44100)


@pytest.mark.parametrize(
    ("content", "music"),
    [
        (CONSTANT, Music(128, 44100, 26)),
        (mp3.constant(500, 320, 48000), Music(320, 48000, 12)),
        (mp3.constant(100, 32, 32000), Music(32, 32000, 4)),
        (mp3.tag(5000) + CONSTANT, Music(128, 44100, 26)),
        (CONSTANT + b"TAG" + bytes(125), Music(128, 44100, 26)),
        # as many bytes of 64 as of 192 kbit/s: 128 in the mean, whatever the first frame says
        (mp3.variable([64, 192] * 500, 44100), Music(128, 44100, 26)),
    ],
    ids=["constant", "of 48 kHz", "of 32 kHz", "tag before", "tag behind", "variable"],
)
def test_the_frames_of_an_mp3_file_are_read(content: bytes, music: Music) -> None:
    assert music_of("C:\\A Song.MP3", MemoryContent(content)) == music


@pytest.mark.parametrize(
    ("name", "content"),
    [("song.mp3", b""), ("song.mp3", b"no frames at all" * 100), ("song.ogg", CONSTANT), ("mp3", CONSTANT)],
)
def test_what_is_no_mp3_file_has_the_usual_numbers(name: str, content: bytes) -> None:
    assert music_of(name, MemoryContent(content)) == NO_MUSIC


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(mp3.tag(300) + CONSTANT)
    content = FileContent(path, path.stat().st_size)
    assert music_of(path.name, content) == Music(128, 44100, 26)
    assert checksum_of(content) == f"{md5(CONSTANT[:299_008]).hexdigest()}-{len(CONSTANT)}"


@pytest.mark.parametrize(
    ("content", "counted", "size"),
    [
        (b"", b"", 0),
        (b"short", b"short", 5),
        (CONSTANT, CONSTANT[:299_008], len(CONSTANT)),
        (mp3.tag(1000) + CONSTANT, CONSTANT[:299_008], len(CONSTANT)),
        (CONSTANT + b"TAG" + bytes(125), CONSTANT[:299_008], len(CONSTANT)),
        (b"ID3\x03\x00\x00\x7f\x7f\x7f\x7frest", b"", 0),
        (b"ID3\x03\x00\x00\xff\x00\x00\x01rest", b"ID3\x03\x00\x00\xff\x00\x00\x01rest", 14),
        (b"TAG" + bytes(125), b"TAG" + bytes(125), 0),
    ],
    ids=["empty", "short", "long", "tag before", "tag behind", "tag beyond the end", "no tag", "nothing but a tag"],
)
def test_the_checksum_leaves_the_tags_out(content: bytes, counted: bytes, size: int) -> None:
    assert checksum_of(MemoryContent(content)) == f"{md5(counted).hexdigest()}-{size}"
