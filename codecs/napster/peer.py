"""From peer to peer, on the data port: plain text without frames, then the bytes of the file.

Who accepts a connection writes `1` and nothing else. Then who has connected asks: `GET` if he wants a file, `SEND` if
he was told to bring one. There is no separator after these words, and no end of line after the request.
"""

from __future__ import annotations

from ..constructs import Decimal, Lines, TextUntil
from ..message import Message, constant, field
from ..words import Number, RestText, Word
from .grammar import COUNT, FILE, FIRST_FILE, MD5, SIZE

__all__ = [
    "REFUSALS",
    "FileList",
    "FileSize",
    "GetFile",
    "GetList",
    "Greeting",
    "ListedFile",
    "Offset",
    "Refusal",
    "SendFile",
    "SendList",
    "leading_number",
]

#: the texts by which a request is refused
REFUSALS = ("INVALID REQUEST", "FILE NOT FOUND", "FILE NOT SHARED", "FILE NOT REQUESTED")

_NICK = Word(255, lead=b"")


class Greeting(Message, network="napster", since="A"):
    """What the accepting side writes first."""

    text = constant(b"1", "the whole of it")


class GetFile(Message, network="napster", since="A"):
    """Asks the accepting side for a file."""

    verb = constant(b"GET", "what is wanted")
    nick: str = field(_NICK, "who asks")
    file: str = field(FILE, "path as it was shared")
    offset: int = field(SIZE, "bytes that he has already", unit="bytes")


class SendFile(Message, network="napster", since="A"):
    """Offers the accepting side the file that it has asked for by way of the server."""

    verb = constant(b"SEND", "what is offered")
    nick: str = field(_NICK, "who offers")
    file: str = field(FILE, "path as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")


class FileSize(Message, network="napster", since="A"):
    """Answers GET: the length of the whole file. The data from the offset on follow at once; see `leading_number`."""

    size: int = field(Number(2**63 - 1, lead=b""), "length of the file", unit="bytes")


class Offset(Message, network="napster", since="A"):
    """Answers SEND: where to begin. Then the data come."""

    offset: int = field(Number(2**63 - 1, lead=b""), "bytes that the downloader has already", unit="bytes")


class Refusal(Message, network="napster", since="A"):
    """Answers GET or SEND when there will be no transfer; the connection is closed after it."""

    text: str = field(RestText(255, lead=b"", minimum=1), "why", legal=", ".join(REFUSALS))


class GetList(Message, network="napster", since="D"):
    """Asks the accepting side for a list of its files. Some clients send a LF after it."""

    verb = constant(b"GETLIST", "the whole of it")


class SendList(Message, network="napster", since="D"):
    """Offers the accepting side a list of files, which follows."""

    verb = constant(b"SENDLIST ", "what is offered")
    nick: str = field(TextUntil(b"\n", 255, minimum=1), "who offers")


class ListedFile(Message, network="napster", since="D"):
    """One line of a list: the body of a 100."""

    file: str = field(FIRST_FILE, "path of the file")
    md5: str = field(MD5, "identifies the content")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    blank = constant(b" ", "before the last field")
    seconds: int = field(Decimal(b"\n", 2**32 - 1), "length of the music", unit="s")


class FileList(Message, network="napster", since="D"):
    """A list of files; the connection is closed after it."""

    nick: str = field(TextUntil(b"\n", 255, minimum=1), "whose they are")
    files: tuple[ListedFile, ...] = field(Lines(ListedFile.layout, 65536, b"\n"), "the files, then an empty line")


def leading_number(data: bytes, known: int | None = None) -> int | None:
    """How many bytes of `data` are the number that stands before a file; None while that can't be told.

    `known` is the number that is expected: the data of the file may begin with a digit. Without it the number ends
    where the digits do. 0 if there is no number, as before a refusal.
    """
    if known is not None:
        wanted = b"%d" % known
        if data.startswith(wanted):
            return len(wanted)
        if wanted.startswith(data):
            return None
    digits = len(data) - len(data.lstrip(b"0123456789"))
    return digits if digits < len(data) else None
