"""Channels (400 to 432, 617, 618, 820 to 832): where users talk."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Word
from .grammar import (
    CHANNEL,
    COUNT,
    FILE,
    FIRST_CHANNEL,
    FIRST_NICK,
    FIRST_WORD,
    LEVEL,
    LINK_TYPE,
    NICK,
    OPTIONAL_TEXT,
    OPTIONAL_WORD,
    REASON,
    TEXT,
    TEXT_ONLY,
    TIME,
    WORD,
)
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "AcceptInvitation",
    "ChannelBan",
    "ChannelBanEntry",
    "ChannelBans",
    "ChannelBansEnd",
    "ChannelEntry",
    "ChannelJoined",
    "ChannelKick",
    "ChannelLevel",
    "ChannelLimit",
    "ChannelList",
    "ChannelMember",
    "ChannelMembers",
    "ChannelMembersEnd",
    "ChannelMotd",
    "ChannelParted",
    "ChannelUnban",
    "ClearChannel",
    "ClearChannelBans",
    "DeclineInvitation",
    "Emote",
    "EmoteNotice",
    "FullChannelEntry",
    "FullChannelList",
    "GlobalUser",
    "GlobalUsers",
    "Invitation",
    "Invite",
    "Join",
    "JoinAck",
    "MemberEntry",
    "MemberListEnd",
    "Part",
    "PublicMessage",
    "PublicNotice",
    "ServerSelection",
    "Topic",
]

_OPTIONAL_CHANNEL = UpTo(0, Word(255, lead=b""))


class Join(Message, network="napster", wire_type=400, sender=CLIENT, since="A"):
    """Asks to be let into a channel, which is made if there is none of this name."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class Part(Message, network="napster", wire_type=401, sender=BOTH, since="A"):
    """Leaves a channel; the server sends it back, and unasked to a user who was put out."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class PublicMessage(Message, network="napster", wire_type=402, sender=CLIENT, since="A"):
    """Says a line to all in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    text: str = field(TEXT, "the line")


class PublicNotice(Message, network="napster", wire_type=403, sender=SERVER, since="A"):
    """Somebody, perhaps the user, has said a line to all in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    text: str = field(TEXT, "the line")


class JoinAck(Message, network="napster", wire_type=405, sender=SERVER, since="A"):
    """The user is in a channel, which may have another name than he asked for."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelJoined(Message, network="napster", wire_type=406, sender=SERVER, since="A"):
    """Somebody has come into a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    shared: int = field(COUNT, "files that he shares", unit="files")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class ChannelParted(Message, network="napster", wire_type=407, sender=SERVER, since="A"):
    """Somebody has left a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    shared: int = field(COUNT, "files that he shares", unit="files")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class ChannelMember(Message, network="napster", wire_type=408, sender=SERVER, since="A"):
    """Somebody who is in the channel that the user has just come into."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    shared: int = field(COUNT, "files that he shares", unit="files")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class MemberListEnd(Message, network="napster", wire_type=409, sender=SERVER, since="A"):
    """There is nobody else in the channel that the user has just come into."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class Topic(Message, network="napster", wire_type=410, sender=BOTH, since="A"):
    """What a channel is about, asked, set or told."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    topic: str | None = field(
        OPTIONAL_TEXT, "what it is about; a client that leaves it out asks", default=None, kw_only=True
    )


class ChannelBans(Message, network="napster", wire_type=420, sender=CLIENT, since="A"):
    """Asks who may not come into a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelBansEnd(Message, network="napster", wire_type=420, sender=SERVER, since="A"):
    """There is nobody else who may not come into the channel."""

    channel: str | None = field(_OPTIONAL_CHANNEL, "the channel; OpenNap leaves it out", default=None, kw_only=True)


class ChannelBanEntry(Message, network="napster", wire_type=421, sender=SERVER, since="A"):
    """One who may not come into the channel."""

    mask: str = field(FIRST_WORD, "nick or address")
    nick: str = field(NICK, "who has put the ban")
    reason: str = field(FILE, "why")
    time: int = field(TIME, "when", unit="s since 1970")
    number: int = field(COUNT, "0 or 1; its meaning is not known")


class ChannelBan(Message, network="napster", wire_type=422, sender=CLIENT, since="A"):
    """Keeps somebody out of a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    target: str = field(WORD, "nick or address")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ChannelUnban(Message, network="napster", wire_type=423, sender=CLIENT, since="A"):
    """Takes a ban back."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    target: str = field(WORD, "nick or address")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ClearChannelBans(Message, network="napster", wire_type=424, sender=CLIENT, since="A"):
    """Takes all bans of a channel back."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelMotd(Message, network="napster", wire_type=425, sender=SERVER, since="A"):
    """A word of welcome in a channel of Napster's own server."""

    text: str = field(TEXT_ONLY, "the line")


class Invite(Message, network="napster", wire_type=430, sender=CLIENT, since="E"):
    """Asks somebody into a channel."""

    nick: str = field(FIRST_NICK, "who is asked")
    channel: str = field(CHANNEL, "the channel")


class Invitation(Message, network="napster", wire_type=430, sender=SERVER, since="E"):
    """Tells the user that he is asked into a channel."""

    nick: str = field(FIRST_NICK, "who asks")
    channel: str = field(CHANNEL, "the channel")
    topic: str = field(FILE, "what it is about")
    number: int = field(COUNT, "its meaning is not known")
    text: str = field(TEXT, "its meaning is not known")


class AcceptInvitation(Message, network="napster", wire_type=431, sender=CLIENT, since="E"):
    """The user will come."""

    nick: str = field(FIRST_NICK, "who asks")
    channel: str = field(CHANNEL, "the channel")


class DeclineInvitation(Message, network="napster", wire_type=432, sender=CLIENT, since="E"):
    """The user will not come: a copy of the 430."""

    nick: str = field(FIRST_NICK, "who asks")
    channel: str = field(CHANNEL, "the channel")
    topic: str = field(FILE, "what it is about")
    number: int = field(COUNT, "its meaning is not known")
    text: str = field(TEXT, "its meaning is not known")


class ChannelList(Message, network="napster", wire_type=617, sender=BOTH, since="A"):
    """Asks for the channels; the server ends the list with it."""


class ChannelEntry(Message, network="napster", wire_type=618, sender=SERVER, since="A"):
    """One channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    users: int = field(COUNT, "users who are in it", unit="users")
    topic: str = field(TEXT, "what it is about")


class ClearChannel(Message, network="napster", wire_type=820, sender=CLIENT, since="A"):
    """Puts all users out of a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelLevel(Message, network="napster", wire_type=823, sender=CLIENT, since="A"):
    """Says of which level a user must be to come into a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    level: str = field(LEVEL, "the lowest level")


class Emote(Message, network="napster", wire_type=824, sender=CLIENT, since="A"):
    """Tells all in a channel what the user does."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    text: str = field(FILE, "what he does")


class EmoteNotice(Message, network="napster", wire_type=824, sender=SERVER, since="A"):
    """Somebody, perhaps the user, tells all in a channel what he does."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    text: str = field(FILE, "what he does")


class MemberEntry(Message, network="napster", wire_type=825, sender=SERVER, since="A"):
    """Somebody who is in a channel that was asked about."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "who")
    shared: int = field(COUNT, "files that he shares", unit="files")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")


class ChannelLimit(Message, network="napster", wire_type=826, sender=CLIENT, since="A"):
    """Says how many users a channel may hold."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    limit: int = field(COUNT, "how many", unit="users", legal="0 to 999999999")


class FullChannelList(Message, network="napster", wire_type=827, sender=BOTH, since="A"):
    """Asks for all channels, hidden ones too; the server ends the list with it."""


class FullChannelEntry(Message, network="napster", wire_type=828, sender=SERVER, since="A"):
    """One channel of the full list."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    users: int = field(COUNT, "users who are in it", unit="users")
    made_by_user: int = field(COUNT, "1 if a user has made it, 0 if the server", legal="0 or 1")
    level: str = field(WORD, "of which level a user must be to come in, a number or a word")
    limit: str = field(WORD, "how many users it may hold, or `-1`")
    topic: str = field(FILE, "what it is about")


class ChannelKick(Message, network="napster", wire_type=829, sender=CLIENT, since="A"):
    """Puts a user out of a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")
    nick: str = field(NICK, "the user")
    reason: str | None = field(REASON, "why", default=None, kw_only=True)


class ChannelMembers(Message, network="napster", wire_type=830, sender=CLIENT, since="A"):
    """Asks who is in a channel."""

    channel: str = field(FIRST_CHANNEL, "the channel")


class ChannelMembersEnd(Message, network="napster", wire_type=830, sender=SERVER, since="A"):
    """There is nobody else in the channel that was asked about."""

    channel: str | None = field(_OPTIONAL_CHANNEL, "commonly left out", default=None, kw_only=True)


class ServerSelection(Message, network="napster"):
    """Of which users an operator wants a list."""

    server: str = field(FIRST_WORD, "the server that they are on; `*` for all")
    flags: str | None = field(OPTIONAL_WORD, "which of them", default=None, kw_only=True)


class GlobalUsers(Message, network="napster", wire_type=831, sender=BOTH, since="A"):
    """Asks for the users; the server ends the list with it."""

    selection: ServerSelection | None = field(
        UpTo(0, ServerSelection.layout), "which users (OpenNap)", default=None, kw_only=True
    )


class GlobalUser(Message, network="napster", wire_type=832, sender=SERVER, since="N"):
    """One user of the list."""

    nick: str = field(FIRST_NICK, "the user")
    ip: str = field(WORD, "his address, dotted")
