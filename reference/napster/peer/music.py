"""Bitrate, frequency and time of a file, as its MP3 frames have them.

Rules of this file:

- A file is taken for an MP3 file by the end of its name; tinytag reads its frames.
- Any other file, and one whose frames can't be found, gets the numbers that many peers send for such files.
"""

import io
from typing import Any, NamedTuple

from tinytag import TinyTag, TinyTagException

from ...shares import Content


class Music(NamedTuple):
    """What is told of a file's music: `bitrate` in kbit/s, `frequency` in Hz, `seconds` of play."""

    bitrate: int
    frequency: int
    seconds: int


NO_MUSIC = Music(24, 16000, 600)
"""What many peers send for files that are no MP3 files."""


class _Stream(io.RawIOBase):
    """A content as a file that can be read and sought."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._content.size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning of the file")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        rest = max(0, self._content.size - self._at)
        data = self._content.read(self._at, min(len(buffer), rest))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def music_of(name: str, content: Content) -> Music:
    """Return what is to be told of a file. Raises OSError when it can't be read."""
    if not name.lower().endswith(".mp3"):
        return NO_MUSIC
    try:
        found = TinyTag.get(name, file_obj=io.BufferedReader(_Stream(content)), tags=False)
    except TinyTagException:
        return NO_MUSIC
    if not (found.bitrate and found.samplerate and found.duration):
        return NO_MUSIC
    return Music(round(found.bitrate), found.samplerate, round(found.duration))
