"""The link between two servers (2 and 10000 to 10024), as OpenNap speaks it.

Beside these, servers pass on what their users do: the body of the user's message behind `:` and his nick. After 10011
both directions may be compressed, so that nothing of the rest is seen on the wire as it stands here.
"""

from __future__ import annotations

from ..constructs import RestBytes, UpTo
from ..message import Message, constant, field
from ..words import Number, Word
from .grammar import (
    COUNT,
    FILE,
    FIRST_COUNT,
    FIRST_NICK,
    FIRST_WORD,
    IP,
    LEVEL,
    LINK_TYPE,
    MD5,
    MORE,
    NICK,
    OPTIONAL_TEXT,
    PORT,
    REASON,
    SIZE,
    TEXT,
    TIME,
    WORD,
)
from .header import LINK

__all__ = [
    "AccountSync",
    "Encapsulated",
    "LinkInfo",
    "LinkLogin",
    "LinkLoginAck",
    "LinkedUser",
    "ModeratorNotice",
    "Relayed",
    "RemoteHit",
    "RemoteSearch",
    "RemoteSearchEnd",
    "ServerPong",
    "ServerQuit",
    "TimeCheck",
    "UserAddress",
    "UserQuit",
    "UserTotals",
    "WhoisNotice",
]

_NAME = Word(255, lead=b"")


class LinkedUser(Message, network="napster", wire_type=2, sender=LINK, since="O36"):
    """A user of the other server: his login, and what only his server knows."""

    nick: str = field(FIRST_NICK, "the user")
    password: str = field(WORD, "his, in plain text")
    port: int = field(PORT, "TCP port on which his client accepts transfers")
    info: str = field(FILE, "name and version of his client")
    link: int = field(LINK_TYPE, "kind of his link", legal="0 to 10")
    email: str = field(WORD, "his address for mail")
    time: int = field(TIME, "when he logged in", unit="s since 1970")
    ip: str = field(IP, "his address")
    server: str = field(WORD, "his server")
    connection_port: int = field(PORT, "port of his connection with it")


class UserQuit(Message, network="napster", wire_type=10000, sender=LINK, since="O36"):
    """A user has left the other server."""

    nick: str = field(FIRST_NICK, "the user")


class LinkLogin(Message, network="napster", wire_type=10010, sender=LINK, since="O36"):
    """Asks to be linked; the other answers with its own."""

    server: str = field(FIRST_WORD, "name of the server")
    nonce: str = field(WORD, "random, to be proved with")
    compression: int = field(COUNT, "highest level of compression", legal="0 to 9")


class LinkLoginAck(Message, network="napster", wire_type=10011, sender=LINK, since="O36"):
    """Proves that the server knows the password."""

    proof: str = field(FIRST_WORD, "MD5, in hexadecimal, of the other's nonce, the own nonce and the password")


class UserTotals(Message, network="napster", wire_type=10012, sender=LINK, since="O36"):
    """How much a user shares."""

    nick: str = field(FIRST_NICK, "the user")
    files: int = field(COUNT, "how many", unit="files")
    kilobytes: int = field(SIZE, "how much", unit="KiB")


class UserAddress(Message, network="napster", wire_type=10013, sender=LINK, since="O36"):
    """Where a user is; since 0.36 that stands in his login."""

    nick: str = field(FIRST_NICK, "the user")
    ip: str = field(IP, "his address")
    port: int = field(PORT, "port of his connection")
    server: str = field(WORD, "his server")


class AccountSync(Message, network="napster", wire_type=10014, sender=LINK, since="O36"):
    """An account as the server knows it; the older one of two is right."""

    mark = constant(b":", "a server follows")
    server: str = field(_NAME, "who says so")
    nick: str = field(NICK, "whose account it is")
    password: str = field(WORD, "its password, as it is kept")
    level: str = field(LEVEL, "its level")
    email: str = field(WORD, "its address")
    created: int = field(TIME, "when it was made", unit="s since 1970")
    seen: int = field(TIME, "when the user was seen last", unit="s since 1970")


class RemoteSearch(Message, network="napster", wire_type=10015, sender=LINK, since="O36"):
    """A search of a user of the other server."""

    nick: str = field(FIRST_NICK, "the user")
    id: str = field(WORD, "by which the answers are known")
    query: str = field(TEXT, "body of his 200")


class RemoteHit(Message, network="napster", wire_type=10016, sender=LINK, since="O36"):
    """One file that a search of the other server's user finds."""

    id: str = field(FIRST_WORD, "of the search")
    nick: str = field(NICK, "who shares it")
    file: str = field(FILE, "path as it was shared")
    md5: str = field(MD5, "as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    seconds: int = field(COUNT, "length of the music", unit="s")


class RemoteSearchEnd(Message, network="napster", wire_type=10017, sender=LINK, since="O36"):
    """There are no more files that the search finds."""

    id: str = field(FIRST_WORD, "of the search")


class Encapsulated(Message, network="napster", wire_type=10018, sender=LINK, since="O36"):
    """A message for one user of the other server."""

    mark = constant(b":", "a sender follows")
    sender: str = field(_NAME, "who sends it")
    nick: str = field(NICK, "who shall have it")
    blank = constant(b" ", "ends the nick")
    packet: bytes = field(RestBytes(4096), "the message with its own header")


class LinkInfo(Message, network="napster", wire_type=10019, sender=LINK, since="O36"):
    """Two servers that are linked somewhere."""

    server: str = field(FIRST_WORD, "one of them")
    port: int = field(PORT, "its port")
    other: str = field(WORD, "the other")
    other_port: int = field(PORT, "its port")
    hops: int = field(COUNT, "how far away they are; one more each time it is passed on")
    more: str | None = field(MORE, "size of a buffer, according to O36's text", default=None, kw_only=True)


class ServerQuit(Message, network="napster", wire_type=10020, sender=LINK, since="O36"):
    """A link somewhere has ended."""

    mark = constant(b":", "a server follows")
    sender: str = field(_NAME, "who says so")
    server: str = field(WORD, "the server that is gone")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ModeratorNotice(Message, network="napster", wire_type=10021, sender=LINK, since="O36"):
    """A line for all moderators."""

    mark = constant(b":", "a server follows")
    server: str = field(_NAME, "who says so")
    level: int = field(Number(2**32 - 1), "kind of the notice")
    text: str = field(FILE, "the line")


class ServerPong(Message, network="napster", wire_type=10022, sender=LINK, since="CNG"):
    """Answers a ping between servers."""

    mark = constant(b":", "a server follows")
    server: str = field(_NAME, "who answers")
    nick: str = field(NICK, "who has asked")
    text: str | None = field(OPTIONAL_TEXT, "as it was asked", default=None, kw_only=True)


class TimeCheck(Message, network="napster", wire_type=10023, sender=LINK, since="CNG"):
    """What time it is on the server."""

    time: int = field(FIRST_COUNT, "now", unit="s since 1970")


class WhoisNotice(Message, network="napster", wire_type=10024, sender=LINK, since="CNG"):
    """Somebody has asked who a user of the other server is."""

    mark = constant(b":", "a sender follows")
    sender: str = field(_NAME, "who asks")
    nick: str = field(NICK, "the user")


class Relayed(Message, network="napster", since="O36"):
    """The body of a user's message as a link carries it, under the number of that message."""

    mark = constant(b":", "a sender follows")
    sender: str = field(_NAME, "the user, or a server")
    body: str | None = field(UpTo(0, TEXT), "the body of his message, if it has one", default=None, kw_only=True)
