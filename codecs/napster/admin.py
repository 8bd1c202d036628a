"""Operators (606 to 629, 652, 753, 800 to 810): what moderators and above may do on every server."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Number, Quoted
from .grammar import (
    COUNT,
    FILE,
    FIRST_NICK,
    FIRST_WORD,
    LEVEL,
    LINK_TYPE,
    NICK,
    OPTIONAL_TEXT,
    REASON,
    TEXT,
    TEXT_ONLY,
    TIME,
    WORD,
)
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "Ban",
    "BanDetails",
    "BanList",
    "BannedIp",
    "BannedNick",
    "Cloak",
    "GlobalMessage",
    "GlobalNotice",
    "Kill",
    "Muzzle",
    "Nuke",
    "OperatorMessage",
    "OperatorNotice",
    "ResetConfig",
    "ServerVersion",
    "SetConfig",
    "SetUserLevel",
    "SetUserPassword",
    "SetUserSpeed",
    "Unban",
    "Unmuzzle",
    "Unnuke",
]


class SetUserLevel(Message, network="napster", wire_type=606, sender=CLIENT, since="A"):
    """Says what a user may do."""

    nick: str = field(FIRST_NICK, "the user")
    level: str = field(LEVEL, "his level")


class Kill(Message, network="napster", wire_type=610, sender=CLIENT, since="A"):
    """Ends a user's connection."""

    nick: str = field(FIRST_NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class Nuke(Message, network="napster", wire_type=611, sender=CLIENT, since="A"):
    """Deletes a user's account."""

    nick: str = field(FIRST_NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class BanDetails(Message, network="napster"):
    """Why somebody is banned and for how long; all its fields begin with a blank."""

    reason: str = field(Quoted(2048), "why; may be empty")
    seconds: int | None = field(
        UpTo(0, Number(2**32 - 1)), "how long (O36); for ever if it is left out", unit="s", default=None, kw_only=True
    )


class Ban(Message, network="napster", wire_type=612, sender=CLIENT, since="A"):
    """Keeps a user or an address off the server."""

    target: str = field(FIRST_WORD, "nick or address")
    details: BanDetails | None = field(UpTo(0, BanDetails.layout), "why and how long", default=None, kw_only=True)


class Unban(Message, network="napster", wire_type=614, sender=CLIENT, since="A"):
    """Takes a ban back."""

    target: str = field(FIRST_WORD, "nick or address")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class BanList(Message, network="napster", wire_type=615, sender=BOTH, since="A"):
    """Asks who is banned; the server ends the list with it."""


class BannedIp(Message, network="napster", wire_type=616, sender=SERVER, since="A"):
    """One address that is banned."""

    ip: str = field(FIRST_WORD, "the address, or how it begins")
    nick: str = field(NICK, "who has put the ban")
    reason: str = field(FILE, "why")
    time: int = field(TIME, "when", unit="s since 1970")
    number: int = field(COUNT, "0 or 1; its meaning is not known")


class Muzzle(Message, network="napster", wire_type=622, sender=CLIENT, since="A"):
    """Forbids a user to talk in channels."""

    nick: str = field(FIRST_NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class Unmuzzle(Message, network="napster", wire_type=623, sender=CLIENT, since="A"):
    """Lets a user talk again."""

    nick: str = field(FIRST_NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class Unnuke(Message, network="napster", wire_type=624, sender=CLIENT, since="A"):
    """Brings a deleted account back."""

    nick: str = field(FIRST_NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class SetUserSpeed(Message, network="napster", wire_type=625, sender=CLIENT, since="A"):
    """Corrects a user's kind of link."""

    nick: str = field(FIRST_NICK, "the user")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class OperatorMessage(Message, network="napster", wire_type=627, sender=CLIENT, since="A"):
    """Says a line to all operators."""

    text: str = field(TEXT_ONLY, "the line")


class OperatorNotice(Message, network="napster", wire_type=627, sender=SERVER, since="A"):
    """An operator has said a line to all operators."""

    nick: str = field(FIRST_NICK, "who")
    text: str = field(TEXT, "the line")


class GlobalMessage(Message, network="napster", wire_type=628, sender=CLIENT, since="A"):
    """Says a line to all users."""

    text: str = field(TEXT_ONLY, "the line")


class GlobalNotice(Message, network="napster", wire_type=628, sender=SERVER, since="A"):
    """An operator has said a line to all users."""

    nick: str = field(FIRST_NICK, "who")
    text: str = field(TEXT, "the line")


class BannedNick(Message, network="napster", wire_type=629, sender=SERVER, since="A"):
    """One nick that is banned."""

    nick: str = field(FIRST_NICK, "the nick")


class Cloak(Message, network="napster", wire_type=652, sender=CLIENT, since="A"):
    """Hides the operator from other users, or shows him again."""


class SetUserPassword(Message, network="napster", wire_type=753, sender=CLIENT, since="A"):
    """Changes the password of a user's account."""

    nick: str = field(FIRST_NICK, "the user")
    password: str = field(WORD, "the new one, in plain text")
    reason: str = field(FILE, "why")


class ResetConfig(Message, network="napster", wire_type=800, sender=CLIENT, since="A"):
    """Gives a variable of the server's configuration its default again."""

    variable: str = field(FIRST_WORD, "its name")


class ServerVersion(Message, network="napster", wire_type=801, sender=CLIENT, since="A"):
    """Asks for the server's version, which comes as 404."""


class SetConfig(Message, network="napster", wire_type=810, sender=CLIENT, since="A"):
    """Sets a variable of the server's configuration, or asks for it."""

    variable: str = field(FIRST_WORD, "its name")
    value: str | None = field(OPTIONAL_TEXT, "its value; asked for if it is left out", default=None, kw_only=True)
