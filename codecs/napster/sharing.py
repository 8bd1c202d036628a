"""Sharing (100 to 110, 870, 931, 932, 995, 10300): how a client tells the server what it has."""

from __future__ import annotations

from construct import Bytes, Int32sl

from ..constructs import RestBytes
from ..message import Message, field
from ..words import Enumerated, Series
from .grammar import COUNT, FILE, FIRST_COUNT, FIRST_FILE, FIRST_WORD, MD5, SIZE, TEXT_ONLY
from .header import CLIENT, SERVER

__all__ = [
    "BinaryBlocked",
    "BinaryShare",
    "DirectoryFile",
    "FileBlocked",
    "ShareDirectory",
    "ShareFile",
    "ShareMedia",
    "UnshareAll",
    "UnshareFile",
    "UnsharedAll",
]


class ShareFile(Message, network="napster", wire_type=100, sender=CLIENT, since="A"):
    """Adds a file to the index."""

    file: str = field(FIRST_FILE, "path of the file, as the client will know it again")
    md5: str = field(MD5, "identifies the content; kept as it is")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    seconds: int = field(COUNT, "length of the music", unit="s")


class UnshareFile(Message, network="napster", wire_type=102, sender=CLIENT, since="A"):
    """Takes a file out of the index."""

    file: str = field(TEXT_ONLY, "path as it was shared, without quotes, to the end of the body")


class UnshareAll(Message, network="napster", wire_type=110, sender=CLIENT, since="D"):
    """Takes all of the user's files out of the index."""


class UnsharedAll(Message, network="napster", wire_type=110, sender=SERVER, since="N"):
    """All files of the user are out of the index."""

    count: int = field(FIRST_COUNT, "how many they were", unit="files")


class DirectoryFile(Message, network="napster"):
    """One file of a directory; all its fields begin with a blank."""

    file: str = field(FILE, "name without the directory")
    md5: str = field(MD5, "identifies the content; kept as it is")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    seconds: int = field(COUNT, "length of the music", unit="s")


class ShareDirectory(Message, network="napster", wire_type=870, sender=CLIENT, since="A"):
    r"""Adds several files of one directory to the index. Their paths are directory, `\` and name."""

    directory: str = field(FIRST_FILE, "path of the directory")
    files: tuple[DirectoryFile, ...] = field(Series(DirectoryFile.layout, 4096), "the files")


class FileBlocked(Message, network="napster", wire_type=931, sender=SERVER, since="N"):
    """The server will not have a file in its index."""

    md5: str = field(FIRST_WORD, "of the file")


class BinaryShare(Message, network="napster", wire_type=932, sender=CLIENT, since="N"):
    """How Napster's client shared files with ID3v2 tags from 10.2 on. No other is known to send or read it."""

    size: int = field(Int32sl, "length of the file without its tags", unit="bytes")
    unknown: bytes = field(Bytes(16), "not known")
    bitrate: int = field(Int32sl, "of the music", unit="kbit/s")
    frequency: int = field(Int32sl, "samples of the music", unit="Hz")
    unknown_too: bytes = field(Bytes(8), "not known")
    md5: bytes = field(Bytes(32), "hexadecimal digits")
    unknown_last: bytes = field(Bytes(4), "not known")


class BinaryBlocked(Message, network="napster", wire_type=995, sender=SERVER, since="N"):
    """The server will not have a file that was shared by 932."""

    data: bytes = field(RestBytes(2048), "not known, of varying length")


class ShareMedia(Message, network="napster", wire_type=10300, sender=CLIENT, since="O36"):
    """Adds a file that is no music to the index. Size and content id stand the other way round than in 100."""

    file: str = field(FIRST_FILE, "path of the file")
    size: int = field(SIZE, "length of the file", unit="bytes")
    md5: str = field(MD5, "identifies the content; kept as it is")
    type: str = field(Enumerated("audio", "video", "application", "image", "text"), "kind of the content")
