"""Music for peers to share: MP3 files of constant bitrate, made and read frame by frame.

An MP3 file is a row of frames. Each begins with a header of four bytes that says bitrate and frequency and, with them,
the length of the frame; a frame holds 1152 samples (ISO 11172-3, MPEG-1 Layer III). In front there may be an ID3v2 tag
(id3.org, 2.3.0): `ID3`, version, flags, and the length as four bytes of seven bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_FREQUENCIES = (44100, 48000, 32000)
_SAMPLES = 1152
_SYNC = b"\xff\xfb"
_TAG = b"ID3"
_TAG_HEAD = 10
_FRAME_HEAD = 4


@dataclass(frozen=True, slots=True)
class Music:
    """What the frames of a file say: bitrate in kbit/s, frequency in Hz, length in seconds."""

    bitrate: int
    frequency: int
    seconds: float


def mp3(random: Random, *, frames: int, bitrate: int, frequency: int, tag: int = 0) -> bytes:
    """That many frames of noise, after an ID3v2 tag of `tag` bytes (0: none, otherwise at least 10)."""
    lengths = list(_lengths(frames, bitrate, frequency))
    # no byte of the noise is 0xFF: nothing in it looks like the beginning of a frame
    data = bytearray(random.randbytes(sum(lengths)).replace(b"\xff", b"\xfe"))
    first = _BITRATES.index(bitrate) << 4 | _FREQUENCIES.index(frequency) << 2
    shortest, place = min(lengths), 0
    for length in lengths:
        data[place : place + _FRAME_HEAD] = _SYNC + bytes((first | (length > shortest) << 1, 0))
        place += length
    return (_id3(tag) if tag else b"") + bytes(data)


def tag_length(content: bytes) -> int:
    """How many bytes of a file are its ID3v2 tag; 0 when it has none."""
    if not content.startswith(_TAG) or len(content) < _TAG_HEAD:
        return 0
    a, b, c, d = content[6:_TAG_HEAD]
    return _TAG_HEAD + (a << 21 | b << 14 | c << 7 | d)


def music_of(content: bytes) -> Music | None:
    """What the frames of a file say; None unless it is made of frames of one bitrate."""
    place, frames, found = tag_length(content), 0, set()
    while place + _FRAME_HEAD <= len(content) and content[place : place + 2] == _SYNC:
        bitrate, frequency = content[place + 2] >> 4, content[place + 2] >> 2 & 3
        if not 0 < bitrate < len(_BITRATES) or frequency >= len(_FREQUENCIES):
            return None
        found.add((_BITRATES[bitrate], _FREQUENCIES[frequency]))
        place += _plain_length(_BITRATES[bitrate], _FREQUENCIES[frequency]) + (content[place + 2] >> 1 & 1)
        frames += 1
    if len(found) != 1:
        return None
    bitrate, frequency = found.pop()
    return Music(bitrate, frequency, frames * _SAMPLES / frequency)


def _plain_length(bitrate: int, frequency: int) -> int:
    """Bytes of a frame that is not padded."""
    return _SAMPLES // 8 * bitrate * 1000 // frequency


def _lengths(frames: int, bitrate: int, frequency: int) -> Iterator[int]:
    """The lengths of the frames: one is a byte longer whenever the rest has come to a whole byte."""
    exact, given = 0, 0
    for _ in range(frames):
        exact += _SAMPLES // 8 * bitrate * 1000
        length = exact // frequency - given
        given += length
        yield length


def _id3(length: int) -> bytes:
    """An ID3v2.3 tag with nothing but padding in it."""
    inner = length - _TAG_HEAD
    size = bytes(inner >> shift & 0x7F for shift in (21, 14, 7, 0))
    return _TAG + b"\x03\x00\x00" + size + bytes(inner)
