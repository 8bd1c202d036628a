"""What OpenNap and its successors add for operators (9998 to 10050, 10100 to 10214)."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Number, Series, Word
from .grammar import (
    COUNT,
    FIRST_CHANNEL,
    FIRST_FILE,
    FIRST_NICK,
    FIRST_WORD,
    NICK,
    OPTIONAL_LEVEL,
    OPTIONAL_TEXT,
    OPTIONAL_WORD,
    PORT,
    REASON,
    TEXT,
    WORD,
)
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "AddServer",
    "ChannelDeop",
    "ChannelDrop",
    "ChannelInvite",
    "ChannelMode",
    "ChannelMuzzle",
    "ChannelOp",
    "ChannelOps",
    "ChannelUnmuzzle",
    "ChannelUnvoice",
    "ChannelVoice",
    "ChannelWallop",
    "Histogram",
    "HistogramEnd",
    "HistogramRequest",
    "KillServer",
    "LinkDetails",
    "LinkEntry",
    "LinkServer",
    "ListServers",
    "MassKill",
    "OldChannelKick",
    "OldChannelLevel",
    "OutgoingHistogram",
    "OutgoingHistogramEnd",
    "OutgoingHistogramRequest",
    "PingAllServers",
    "RegisterUser",
    "Rehash",
    "RemoveServer",
    "ServerLink",
    "ServerLinks",
    "UnlinkServer",
    "UsageStats",
    "UsageStatsRequest",
    "UserFlags",
    "UserMode",
    "VersionCount",
    "VersionStats",
    "VersionStatsRequest",
    "WhichServer",
]

_WORDS = Series(Word(255, lead=b""), 64, between=b" ")
_MORE_WORDS = Series(Word(255), 64)


class AddServer(Message, network="napster", wire_type=9998, sender=CLIENT, since="CNG"):
    """Adds a server to those that may be linked."""

    server: str = field(FIRST_WORD, "its name")
    password: str = field(WORD, "what it must show")
    own_password: str = field(WORD, "what it is shown")
    port: int = field(PORT, "its port")
    alias: str | None = field(OPTIONAL_WORD, "another name for it", default=None, kw_only=True)


class ListServers(Message, network="napster", wire_type=9999, sender=CLIENT, since="CNG"):
    """Asks for the servers that may be linked."""


class UserFlags(Message, network="napster", wire_type=10050, sender=CLIENT, since="CNG"):
    """Shows or changes the marks of a user's account."""

    nick: str = field(FIRST_NICK, "the user")
    flag: str | None = field(OPTIONAL_WORD, "the mark to change", default=None, kw_only=True)


class LinkDetails(Message, network="napster"):
    """Where a server to be linked listens, and who shall link it; all its fields begin with a blank."""

    port: int = field(PORT, "its port")
    remote: str | None = field(OPTIONAL_WORD, "the server that shall do it", default=None, kw_only=True)


class LinkServer(Message, network="napster", wire_type=10100, sender=CLIENT, since="O36"):
    """Links the server with another."""

    server: str = field(FIRST_WORD, "the other")
    details: LinkDetails | None = field(UpTo(0, LinkDetails.layout), "where it listens", default=None, kw_only=True)


class UnlinkServer(Message, network="napster", wire_type=10101, sender=CLIENT, since="O36"):
    """Ends the link with another server."""

    server: str = field(FIRST_WORD, "the other")
    reason: str | None = field(OPTIONAL_TEXT, "why", default=None, kw_only=True)


class KillServer(Message, network="napster", wire_type=10110, sender=CLIENT, since="O36"):
    """Ends a server."""

    server: str = field(FIRST_WORD, "the server")
    reason: str | None = field(OPTIONAL_TEXT, "why", default=None, kw_only=True)


class RemoveServer(Message, network="napster", wire_type=10111, sender=CLIENT, since="O36"):
    """Takes a server from those that may be linked."""

    server: str = field(FIRST_WORD, "the server")
    reason: str | None = field(OPTIONAL_TEXT, "why", default=None, kw_only=True)


class ServerLinks(Message, network="napster", wire_type=10112, sender=CLIENT, since="O36"):
    """Asks how servers are linked."""


class LinkEntry(Message, network="napster"):
    """Two servers that are linked. O36 leaves the ports out in its text, and not in its code."""

    host: str = field(FIRST_WORD, "one of them")
    port: int = field(PORT, "its port")
    other_host: str = field(WORD, "the other")
    other_port: int = field(PORT, "its port")
    hops: int = field(COUNT, "how far away they are")


class ServerLink(Message, network="napster", wire_type=10112, sender=SERVER, since="O36"):
    """One link; without one it ends the list."""

    link: LinkEntry | None = field(UpTo(0, LinkEntry.layout), "the link", default=None, kw_only=True)


class UsageStatsRequest(Message, network="napster", wire_type=10115, sender=CLIENT, since="O36"):
    """Asks how the server is used."""


class UsageStats(Message, network="napster", wire_type=10115, sender=SERVER, since="O36"):
    """How the server is used."""

    values: tuple[str, ...] = field(
        _WORDS,
        "clients, servers, users, files, gigabytes, channels, start (s since 1970), uptime (s), memory or -1, "
        "registered users; later versions add more",
    )


class Rehash(Message, network="napster", wire_type=10117, sender=CLIENT, since="O36"):
    """Asks the server to read its configuration anew."""

    server: str | None = field(UpTo(0, Word(255, lead=b"")), "which, if another", default=None, kw_only=True)


class VersionStatsRequest(Message, network="napster", wire_type=10118, sender=CLIENT, since="O44"):
    """Asks which clients there have been."""


class VersionCount(Message, network="napster"):
    """A client, and how often it was seen."""

    version: str = field(FIRST_FILE, "its name and version")
    count: int = field(COUNT, "logins")


class VersionStats(Message, network="napster", wire_type=10118, sender=SERVER, since="O44"):
    """One client; without one it ends the list."""

    entry: VersionCount | None = field(UpTo(0, VersionCount.layout), "the client", default=None, kw_only=True)


class WhichServer(Message, network="napster", wire_type=10119, sender=CLIENT, since="O44"):
    """Asks which server a user is on."""

    nick: str = field(FIRST_NICK, "the user")


class PingAllServers(Message, network="napster", wire_type=10120, sender=CLIENT, since="O44"):
    """Asks all linked servers for a sign of life."""


class MassKill(Message, network="napster", wire_type=10122, sender=CLIENT, since="O44"):
    """Ends all connections from an address."""

    ip: str = field(FIRST_WORD, "the address, or how it begins")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class HistogramRequest(Message, network="napster", wire_type=10123, sender=CLIENT, since="O44"):
    """Asks how often each message has come."""


class Histogram(Message, network="napster", wire_type=10123, sender=SERVER, since="O44"):
    """How often one message has come."""

    number: int = field(Number(2**32 - 1, lead=b""), "message number")
    count: int = field(COUNT, "how often")
    size: int = field(Number(2**63 - 1), "of all of them", unit="bytes")


class HistogramEnd(Message, network="napster", wire_type=10124, sender=SERVER, since="O44"):
    """There are no more messages that have come."""

    totals: tuple[str, ...] = field(_WORDS, "sums")


class OutgoingHistogramRequest(Message, network="napster", wire_type=10125, sender=CLIENT, since="CNG"):
    """Asks how often each message was sent."""


class OutgoingHistogram(Message, network="napster", wire_type=10125, sender=SERVER, since="CNG"):
    """How often one message was sent."""

    number: int = field(Number(2**32 - 1, lead=b""), "message number")
    count: int = field(COUNT, "how often")
    size: int = field(Number(2**63 - 1), "of all of them", unit="bytes")


class OutgoingHistogramEnd(Message, network="napster", wire_type=10126, sender=SERVER, since="CNG"):
    """There are no more messages that were sent."""

    totals: tuple[str, ...] = field(_WORDS, "sums")


class RegisterUser(Message, network="napster", wire_type=10200, sender=CLIENT, since="O36"):
    """Makes an account for somebody."""

    nick: str = field(FIRST_NICK, "the user")
    password: str = field(WORD, "in plain text")
    email: str = field(WORD, "his address")
    level: str | None = field(OPTIONAL_LEVEL, "his level", default=None, kw_only=True)


class OldChannelLevel(Message, network="napster", wire_type=10201, sender=CLIENT, since="O36"):
    """As 823, before that was known; without a level it asks."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    level: str | None = field(OPTIONAL_LEVEL, "the lowest level", default=None, kw_only=True)


class OldChannelKick(Message, network="napster", wire_type=10202, sender=CLIENT, since="O36"):
    """As 829, before that was known."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class UserMode(Message, network="napster", wire_type=10203, sender=BOTH, since="O36"):
    """Which notices an operator wants; the server answers with those that he has."""

    words: tuple[str, ...] = field(
        _WORDS, "kinds of notice, such as `ALL`, `MUZZLE`, `BAN`; `-` before one takes it back"
    )


class ChannelOp(Message, network="napster", wire_type=10204, sender=CLIENT, since="O36"):
    """Lets users kick and ban in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nicks: tuple[str, ...] = field(_MORE_WORDS, "the users")


class ChannelDeop(Message, network="napster", wire_type=10205, sender=CLIENT, since="O36"):
    """Takes from users the right to kick and ban in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nicks: tuple[str, ...] = field(_MORE_WORDS, "the users")


class ChannelOps(Message, network="napster", wire_type=10206, sender=CLIENT, since="O36"):
    """Asks who may kick and ban in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelDrop(Message, network="napster", wire_type=10207, sender=CLIENT, since="O36"):
    """Lets a channel end when the last user leaves it."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ChannelWallop(Message, network="napster", wire_type=10208, sender=CLIENT, since="O36"):
    """Says a line to those who may kick and ban in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    text: str = field(TEXT, "the line")


class ChannelMode(Message, network="napster", wire_type=10209, sender=BOTH, since="O36"):
    """Shows or changes the marks of a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    modes: tuple[str, ...] = field(_MORE_WORDS, "`+` or `-` and one of PRIVATE, MODERATED, INVITE, TOPIC, REGISTERED")


class ChannelInvite(Message, network="napster", wire_type=10210, sender=BOTH, since="O36"):
    """Asks a user into a channel that is for those who were asked."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "the user; to him, who asks")


class ChannelVoice(Message, network="napster", wire_type=10211, sender=CLIENT, since="O36"):
    """Lets users talk in a moderated channel; without users it asks who may."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nicks: tuple[str, ...] = field(_MORE_WORDS, "the users")


class ChannelUnvoice(Message, network="napster", wire_type=10212, sender=CLIENT, since="O36"):
    """Takes from users the right to talk in a moderated channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nicks: tuple[str, ...] = field(_MORE_WORDS, "the users")


class ChannelMuzzle(Message, network="napster", wire_type=10213, sender=CLIENT, since="O36"):
    """Forbids a user to talk in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ChannelUnmuzzle(Message, network="napster", wire_type=10214, sender=CLIENT, since="O36"):
    """Lets a user talk in a channel again."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)
