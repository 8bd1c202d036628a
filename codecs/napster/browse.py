"""Browse and resume (211 to 217, 640 to 642, 10301, 10302): the files of one user, and the users of one file."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Number, Series
from .grammar import COUNT, FILE, FIRST_NICK, FIRST_WORD, IP, LINK_TYPE, MD5, MORE, PORT, SIZE
from .header import CLIENT, SERVER
from .sharing import DirectoryFile

__all__ = [
    "Browse",
    "BrowseDirectory",
    "BrowseEnd",
    "BrowseEntry",
    "DirectBrowse",
    "DirectBrowseAccept",
    "DirectBrowseAccepted",
    "DirectBrowseError",
    "DirectBrowseRequest",
    "NewBrowse",
    "NewBrowseEnd",
    "PeerAddress",
    "ResumeEnd",
    "ResumeHit",
    "ResumeSearch",
]

_OPTIONAL_COUNT = UpTo(0, Number(2**32 - 1))


class Browse(Message, network="napster", wire_type=211, sender=CLIENT, since="A"):
    """Asks for all files that a user shares."""

    nick: str = field(FIRST_NICK, "the user")
    maximum: int | None = field(_OPTIONAL_COUNT, "how many entries at most (OpenNap)", default=None, kw_only=True)


class BrowseEntry(Message, network="napster", wire_type=212, sender=SERVER, since="A"):
    """One file of the user who is browsed."""

    nick: str = field(FIRST_NICK, "the user")
    file: str = field(FILE, "path as it was shared")
    md5: str = field(MD5, "as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    seconds: int = field(COUNT, "length of the music", unit="s")


class BrowseEnd(Message, network="napster", wire_type=213, sender=SERVER, since="A"):
    """There are no more entries."""

    nick: str = field(FIRST_NICK, "the user")
    more: str | None = field(MORE, "his address (D), as in 201", default=None, kw_only=True)


class ResumeSearch(Message, network="napster", wire_type=215, sender=CLIENT, since="A"):
    """Asks who else shares a file, to go on with a transfer that was broken off."""

    md5: str = field(FIRST_WORD, "in the form in which the server showed it")
    size: int = field(SIZE, "length of the file", unit="bytes")


class ResumeHit(Message, network="napster", wire_type=216, sender=SERVER, since="A"):
    """One user who shares the file."""

    nick: str = field(FIRST_NICK, "the user")
    ip: str = field(IP, "his address")
    port: int = field(PORT, "his data port", legal="0 (firewalled) to 65535")
    file: str = field(FILE, "his path of the file")
    md5: str = field(MD5, "as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class ResumeEnd(Message, network="napster", wire_type=217, sender=SERVER, since="A"):
    """There are no more users who share the file."""


class PeerAddress(Message, network="napster"):
    """Where a peer listens."""

    ip: str = field(IP, "its address")
    port: int = field(PORT, "its data port")


class DirectBrowseRequest(Message, network="napster", wire_type=640, sender=CLIENT, since="D"):
    """Asks to be told where a user's files can be listed without the server."""

    nick: str = field(FIRST_NICK, "the user")


class DirectBrowse(Message, network="napster", wire_type=640, sender=SERVER, since="D"):
    """Tells a user that another wants a list of his files."""

    nick: str = field(FIRST_NICK, "who wants it")
    address: PeerAddress | None = field(
        UpTo(0, PeerAddress.layout),
        "where he listens, if the user who is told is firewalled",
        default=None,
        kw_only=True,
    )


class DirectBrowseAccept(Message, network="napster", wire_type=641, sender=CLIENT, since="D"):
    """The user will give the list."""

    nick: str = field(FIRST_NICK, "who wants it")


class DirectBrowseAccepted(Message, network="napster", wire_type=641, sender=SERVER, since="D"):
    """Tells who wants the list where to fetch it."""

    nick: str = field(FIRST_NICK, "whose files they are")
    ip: str = field(IP, "his address")
    port: int = field(PORT, "his data port")


class DirectBrowseError(Message, network="napster", wire_type=642, sender=SERVER, since="D"):
    """There will be no list."""

    nick: str = field(FIRST_NICK, "whose files were wanted")
    text: str = field(FILE, "why, for a person")


class NewBrowse(Message, network="napster", wire_type=10301, sender=CLIENT, since="O36"):
    """As 211; the entries come by directory."""

    nick: str = field(FIRST_NICK, "the user")
    maximum: int | None = field(_OPTIONAL_COUNT, "how many entries at most", default=None, kw_only=True)


class NewBrowseEnd(Message, network="napster", wire_type=10301, sender=SERVER, since="O36"):
    """There are no more directories."""

    nick: str = field(FIRST_NICK, "the user")


class BrowseDirectory(Message, network="napster", wire_type=10302, sender=SERVER, since="O36"):
    """Some files of one directory of the user who is browsed."""

    nick: str = field(FIRST_NICK, "the user")
    directory: str = field(FILE, "path of the directory")
    files: tuple[DirectoryFile, ...] = field(Series(DirectoryFile.layout, 4096), "the files")
