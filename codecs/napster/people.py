"""People (205 to 210, 301 to 333, 600 to 605, 10121): messages, hotlist, ignore list, who somebody is."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Quoted
from .grammar import (
    COUNT,
    FILE,
    FIRST_COUNT,
    FIRST_NICK,
    FIRST_WORD,
    LINK_TYPE,
    OPTIONAL_TEXT,
    OPTIONAL_WORD,
    PORT,
    QUOTED_LEVEL,
    TEXT,
    TEXT_ONLY,
    TIME,
    WORD,
)
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "AlreadyIgnored",
    "BlockIp",
    "BlockListRequest",
    "ClearIgnores",
    "HotlistAck",
    "HotlistAdd",
    "HotlistError",
    "HotlistInitial",
    "HotlistRemove",
    "IgnoreEntry",
    "IgnoreListEnd",
    "IgnoreListRequest",
    "IgnoreUser",
    "IgnoresCleared",
    "MilkJoke",
    "NotIgnored",
    "PrivateMessage",
    "SignOff",
    "SignOn",
    "StaffDetails",
    "UnblockIp",
    "UnignoreUser",
    "UserSpeed",
    "UserSpeedRequest",
    "WhoWas",
    "WhoWasRequest",
    "Whois",
    "WhoisRequest",
]


class PrivateMessage(Message, network="napster", wire_type=205, sender=BOTH, since="A"):
    """A line from one user to another, passed on by the server under the nick of the sender."""

    nick: str = field(FIRST_NICK, "to whom; to him, from whom")
    text: str = field(TEXT, "the line, byte for byte")


class HotlistAdd(Message, network="napster", wire_type=207, sender=CLIENT, since="A"):
    """Asks to be told when a user comes and goes."""

    nick: str = field(FIRST_NICK, "the user")


class HotlistInitial(Message, network="napster", wire_type=208, sender=CLIENT, since="A"):
    """As 207, for each nick of the list that the client has kept, after the login."""

    nick: str = field(FIRST_NICK, "the user")


class SignOn(Message, network="napster", wire_type=209, sender=SERVER, since="A"):
    """A user of the hotlist is there."""

    nick: str = field(FIRST_NICK, "the user")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class SignOff(Message, network="napster", wire_type=210, sender=SERVER, since="A"):
    """A user of the hotlist has gone; also the answer to a browse of a user who is not there."""

    nick: str = field(FIRST_NICK, "the user")


class HotlistAck(Message, network="napster", wire_type=301, sender=SERVER, since="A"):
    """The user is in the hotlist."""

    nick: str = field(FIRST_NICK, "the user")


class HotlistError(Message, network="napster", wire_type=302, sender=SERVER, since="A"):
    """The user can't be in the hotlist."""

    nick: str = field(FIRST_NICK, "the user")


class HotlistRemove(Message, network="napster", wire_type=303, sender=CLIENT, since="A"):
    """Asks to be told no more of a user."""

    nick: str = field(FIRST_NICK, "the user")


class IgnoreListRequest(Message, network="napster", wire_type=320, sender=CLIENT, since="A"):
    """Asks whom the user ignores."""


class IgnoreListEnd(Message, network="napster", wire_type=320, sender=SERVER, since="A"):
    """Ends the list of those whom the user ignores."""

    count: int = field(FIRST_COUNT, "how many they are")


class IgnoreEntry(Message, network="napster", wire_type=321, sender=SERVER, since="A"):
    """One whom the user ignores."""

    nick: str = field(FIRST_NICK, "the other")


class IgnoreUser(Message, network="napster", wire_type=322, sender=BOTH, since="A"):
    """Asks to hear nothing from a user; the server sends it back when that is so."""

    nick: str = field(FIRST_NICK, "the other")


class UnignoreUser(Message, network="napster", wire_type=323, sender=BOTH, since="A"):
    """Takes an ignore back; the server sends it back when that is so."""

    nick: str = field(FIRST_NICK, "the other")


class NotIgnored(Message, network="napster", wire_type=324, sender=SERVER, since="A"):
    """The user was not ignored."""

    nick: str = field(FIRST_NICK, "the other")


class AlreadyIgnored(Message, network="napster", wire_type=325, sender=SERVER, since="A"):
    """The user is ignored already."""

    nick: str = field(FIRST_NICK, "the other")


class ClearIgnores(Message, network="napster", wire_type=326, sender=CLIENT, since="A"):
    """Takes all ignores back."""


class IgnoresCleared(Message, network="napster", wire_type=326, sender=SERVER, since="A"):
    """All ignores are taken back."""

    count: int = field(FIRST_COUNT, "how many they were")


class BlockListRequest(Message, network="napster", wire_type=330, sender=CLIENT, since="A"):
    """Asks for the blocked addresses (Napster's own server only)."""


class BlockIp(Message, network="napster", wire_type=332, sender=CLIENT, since="A"):
    """Blocks an address (Napster's own server only)."""

    ip: str = field(FIRST_WORD, "the address")
    reason: str | None = field(OPTIONAL_TEXT, "why", default=None, kw_only=True)


class UnblockIp(Message, network="napster", wire_type=333, sender=CLIENT, since="A"):
    """Takes a block back (Napster's own server only)."""

    ip: str = field(FIRST_WORD, "the address")


class UserSpeedRequest(Message, network="napster", wire_type=600, sender=CLIENT, since="A"):
    """Asks for a user's kind of link."""

    nick: str = field(FIRST_NICK, "the user")


class UserSpeed(Message, network="napster", wire_type=601, sender=SERVER, since="A"):
    """A user's kind of link."""

    nick: str = field(FIRST_NICK, "the user")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class MilkJoke(Message, network="napster", wire_type=602, sender=CLIENT, since="A"):
    """What it was for is not known. Napster's own server answers by 404 with a sentence in praise of milk."""

    text: str = field(TEXT_ONLY, "anything", default="", kw_only=True)


class WhoisRequest(Message, network="napster", wire_type=603, sender=CLIENT, since="A"):
    """Asks who a user is."""

    nick: str = field(FIRST_NICK, "the user")


class StaffDetails(Message, network="napster"):
    """What of a user only moderators and above are told; all its fields begin with a blank."""

    downloads: int = field(COUNT, "downloads so far")
    uploads: int = field(COUNT, "uploads so far")
    ip: str = field(WORD, "his address, or `unavailable`")
    connection_port: int = field(PORT, "port of his connection with the server")
    data_port: int = field(PORT, "port on which he accepts transfers")
    email: str = field(WORD, "his address for mail, or `unavailable`")
    server: str | None = field(OPTIONAL_WORD, "the server that he is on", default=None, kw_only=True)


class Whois(Message, network="napster", wire_type=604, sender=SERVER, since="A"):
    """Who a user is."""

    nick: str = field(FIRST_NICK, "the user")
    level: str = field(QUOTED_LEVEL, "what he may do")
    seconds: int = field(COUNT, "since his login", unit="s")
    channels: str = field(FILE, "channels that he is in, each followed by a blank")
    status: str = field(Quoted(255), "state", legal="Active, Inactive or Remote; OpenNap also Muzzled, Cloaked")
    shared: int = field(COUNT, "files that he shares", unit="files")
    downloads: int = field(COUNT, "downloads that he has now")
    uploads: int = field(COUNT, "uploads that he has now")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")
    info: str = field(FILE, "name and version of his client")
    staff: StaffDetails | None = field(
        UpTo(0, StaffDetails.layout), "more, for moderators and above only", default=None, kw_only=True
    )


class WhoWas(Message, network="napster", wire_type=605, sender=SERVER, since="A"):
    """What is known of a registered user who is not there."""

    nick: str = field(FIRST_NICK, "the user")
    level: str = field(QUOTED_LEVEL, "what he may do")
    seen: int = field(TIME, "when he was seen last", unit="s since 1970")


class WhoWasRequest(Message, network="napster", wire_type=10121, sender=CLIENT, since="O44"):
    """Asks what is known of a user who has left."""

    nick: str = field(FIRST_NICK, "the user")
