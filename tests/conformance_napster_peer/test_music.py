"""The music that peers share: tinytag, which knows nothing of how it was made, reads the same of it."""

from __future__ import annotations

import io
from random import Random

import pytest
from tinytag import TinyTag

from peerspec.conformance.napster_peer.music import Music, mp3, music_of, tag_length


@pytest.mark.parametrize("tag", [0, 10, 2048])
@pytest.mark.parametrize(("bitrate", "frequency"), [(128, 44100), (160, 48000), (320, 32000), (32, 44100)])
def test_made_music_is_what_others_read(bitrate: int, frequency: int, tag: int) -> None:
    content = mp3(Random(1), frames=700, bitrate=bitrate, frequency=frequency, tag=tag)
    found = TinyTag.get("made.mp3", file_obj=io.BytesIO(content[tag:]), tags=False)
    assert found.bitrate == pytest.approx(bitrate, abs=0.5)
    assert found.samplerate == frequency
    seconds = 700 * 1152 / frequency
    assert found.duration == pytest.approx(seconds, abs=0.1)
    assert music_of(content) == Music(bitrate, frequency, seconds)
    assert tag_length(content) == tag


def test_frames_fill_the_bitrate_exactly() -> None:
    content = mp3(Random(1), frames=4410, bitrate=128, frequency=44100)
    assert len(content) == 4410 * 1152 // 8 * 128_000 // 44100


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3",
        b"conformance test file body\n",
        b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\xa0\x00" + bytes(518),
        b"\xff\xfb\xf0\x00" + bytes(400),
    ],
    ids=["nothing", "half a tag", "text", "two bitrates", "no bitrate"],
)
def test_what_is_no_music_of_one_bitrate_is_none(content: bytes) -> None:
    assert music_of(content) is None
