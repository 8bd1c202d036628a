"""Transfers (203 to 221, 300, 500, 501, 607 to 626): how the server brings two peers together. No file passes it."""

from __future__ import annotations

from ..message import Message, field
from .grammar import COUNT, FILE, FIRST_COUNT, FIRST_NICK, IP, LINK_TYPE, MD5, MORE, PORT, SIZE
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "AcceptFailed",
    "DataPortError",
    "DownloadAck",
    "DownloadEnd",
    "DownloadRequest",
    "DownloadStart",
    "FirewalledRequest",
    "GetError",
    "OptionalPort",
    "PushOrder",
    "QueueLimit",
    "QueueLimited",
    "SetDataPort",
    "SetUserDataPort",
    "UploadAccept",
    "UploadEnd",
    "UploadRequest",
    "UploadStart",
]


class DownloadRequest(Message, network="napster", wire_type=203, sender=CLIENT, since="A"):
    """Asks for a file of a user who can be connected to."""

    nick: str = field(FIRST_NICK, "who shares it")
    file: str = field(FILE, "path as it was shared")


class DownloadAck(Message, network="napster", wire_type=204, sender=SERVER, since="A"):
    """The user is willing: where to fetch the file."""

    nick: str = field(FIRST_NICK, "who shares it")
    ip: str = field(IP, "his address")
    port: int = field(PORT, "his data port", legal="1 to 65535; 0 says that he is firewalled and must be asked by 500")
    file: str = field(FILE, "path as it was shared")
    md5: str = field(MD5, "as it was shared; `firewallerror` when both are firewalled (OpenNap)")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class GetError(Message, network="napster", wire_type=206, sender=SERVER, since="A"):
    """The user does not have the file, or is not there."""

    nick: str = field(FIRST_NICK, "who was asked")
    file: str = field(FILE, "the path that was asked for")


class DownloadStart(Message, network="napster", wire_type=218, sender=CLIENT, since="A"):
    """The client has one download more."""


class DownloadEnd(Message, network="napster", wire_type=219, sender=CLIENT, since="A"):
    """The client has one download less."""


class UploadStart(Message, network="napster", wire_type=220, sender=CLIENT, since="A"):
    """The client has one upload more."""


class UploadEnd(Message, network="napster", wire_type=221, sender=CLIENT, since="A"):
    """The client has one upload less."""


class OptionalPort(Message, network="napster", wire_type=300, sender=CLIENT, since="A"):
    """Names a port that the server might try. Servers ignore it."""

    port: int = field(FIRST_COUNT, "the port")


class FirewalledRequest(Message, network="napster", wire_type=500, sender=CLIENT, since="A"):
    """Asks for a file of a user who can't be connected to, and who shall connect himself."""

    nick: str = field(FIRST_NICK, "who shares it")
    file: str = field(FILE, "path as it was shared")


class PushOrder(Message, network="napster", wire_type=501, sender=SERVER, since="A"):
    """Tells a firewalled uploader, who has accepted the request, where to connect to."""

    nick: str = field(FIRST_NICK, "who wants the file")
    ip: str = field(IP, "his address")
    port: int = field(PORT, "his data port")
    file: str = field(FILE, "path as it was shared")
    md5: str = field(MD5, "as it was shared")
    link: int = field(LINK_TYPE, "kind of link", legal="0 to 10")


class UploadRequest(Message, network="napster", wire_type=607, sender=SERVER, since="A"):
    """Tells a user that another wants a file of his."""

    nick: str = field(FIRST_NICK, "who wants it")
    file: str = field(FILE, "path as it was shared")
    more: str | None = field(MORE, "his kind of link (D)", default=None, kw_only=True)


class UploadAccept(Message, network="napster", wire_type=608, sender=CLIENT, since="A"):
    """The user will give the file."""

    nick: str = field(FIRST_NICK, "who wants it")
    file: str = field(FILE, "path as it was shared")
    more: str | None = field(
        MORE, "his kind of link, where the 607 had it and is sent back", default=None, kw_only=True
    )


class AcceptFailed(Message, network="napster", wire_type=609, sender=BOTH, since="A"):
    """The user will not give the file. The client's direction is N's."""

    nick: str = field(FIRST_NICK, "who wants it; to him, whose it is")
    file: str = field(FILE, "path as it was shared")


class SetUserDataPort(Message, network="napster", wire_type=613, sender=CLIENT, since="A"):
    """An operator asks that a user take another data port."""

    nick: str = field(FIRST_NICK, "the user")
    port: int = field(PORT, "the port")


class SetDataPort(Message, network="napster", wire_type=613, sender=SERVER, since="A"):
    """Asks the client to take another data port."""

    port: int = field(FIRST_COUNT, "the port")


class QueueLimit(Message, network="napster", wire_type=619, sender=CLIENT, since="A"):
    """The uploader tells a downloader, by the server, that he has as many downloads as he may have."""

    nick: str = field(FIRST_NICK, "the downloader")
    file: str = field(FILE, "path as it was shared")
    limit: int = field(COUNT, "how many downloads at a time he may have")


class QueueLimited(Message, network="napster", wire_type=620, sender=SERVER, since="A"):
    """Tells a downloader that he has as many downloads as he may have."""

    nick: str = field(FIRST_NICK, "the uploader")
    file: str = field(FILE, "path as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")
    limit: int = field(COUNT, "how many downloads at a time he may have")


class DataPortError(Message, network="napster", wire_type=626, sender=BOTH, since="A"):
    """The data port of a user could not be reached."""

    nick: str = field(FIRST_NICK, "whose port it is; to him, who tried")
