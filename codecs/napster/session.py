"""The session: errors, message of the day, statistics, pings, changes of the login, orders to go elsewhere."""

from __future__ import annotations

from ..message import Message, field
from .grammar import (
    COUNT,
    FIRST_COUNT,
    FIRST_NICK,
    FIRST_WORD,
    MORE,
    OPTIONAL_TEXT,
    PORT,
    TEXT,
    TEXT_ONLY,
    WORD,
)
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "ChangeDataPort",
    "ChangeEmail",
    "ChangePassword",
    "ChangeSpeed",
    "ConnectTest",
    "Cycle",
    "CycleUser",
    "Disconnecting",
    "ErrorText",
    "ListenTest",
    "LoginAttempt",
    "MotdLine",
    "MotdRequest",
    "Redirect",
    "RedirectUser",
    "ServerPing",
    "Stats",
    "StatsRequest",
    "UserPing",
    "UserPong",
]


class StatsRequest(Message, network="napster", wire_type=214, sender=CLIENT, since="A"):
    """Asks how much there is on the server."""


class Stats(Message, network="napster", wire_type=214, sender=SERVER, since="A"):
    """How much there is on the server; also unasked, after the login and from time to time."""

    users: int = field(FIRST_COUNT, "users who are logged in", unit="users")
    files: int = field(COUNT, "files that they share", unit="files")
    gigabytes: int = field(COUNT, "size of these files", unit="GB")
    more: str | None = field(
        MORE, "some servers add the sum once more and the user's own files", default=None, kw_only=True
    )


class Disconnecting(Message, network="napster", wire_type=316, sender=BOTH, since="A"):
    """The server is about to close the connection."""

    text: str = field(TEXT_ONLY, "`0` from a server, nothing from a client")


class ErrorText(Message, network="napster", wire_type=404, sender=SERVER, since="A"):
    """Any failure after the login, and what the server wants to tell an operator."""

    text: str = field(TEXT_ONLY, "for a person")


class MotdRequest(Message, network="napster", wire_type=621, sender=CLIENT, since="A"):
    """Asks for the message of the day."""


class MotdLine(Message, network="napster", wire_type=621, sender=SERVER, since="A"):
    """One line of the message of the day. The first of OpenNap and SlavaNap says `VERSION` and which server it is."""

    text: str = field(TEXT_ONLY, "the line")


class ChangeSpeed(Message, network="napster", wire_type=700, sender=CLIENT, since="A"):
    """Corrects the kind of link that the login said."""

    link: int = field(FIRST_COUNT, "kind of the user's link", legal="0 to 10")


class ChangePassword(Message, network="napster", wire_type=701, sender=CLIENT, since="A"):
    """Changes the password of the user's account."""

    password: str = field(FIRST_WORD, "the new one, in plain text")


class ChangeEmail(Message, network="napster", wire_type=702, sender=CLIENT, since="A"):
    """Changes the address of the user's account."""

    email: str = field(FIRST_WORD, "the new one")


class ChangeDataPort(Message, network="napster", wire_type=703, sender=CLIENT, since="A"):
    """Corrects the port that the login said."""

    port: int = field(FIRST_COUNT, "TCP port on which the client accepts transfers", legal="0 (firewalled) to 65535")


class LoginAttempt(Message, network="napster", wire_type=748, sender=SERVER, since="A"):
    """Somebody else has logged in under the user's nick."""


class ServerPing(Message, network="napster", wire_type=750, sender=BOTH, since="A"):
    """Asks whether the other side is there; it is answered by the same."""

    text: str = field(TEXT_ONLY, "nothing; a client may send its nick, a time or a server", default="", kw_only=True)


class UserPing(Message, network="napster", wire_type=751, sender=BOTH, since="A"):
    """Asks whether a user is there. The server passes it on under the nick of the sender."""

    nick: str = field(FIRST_NICK, "who is asked; to him, who asks")
    text: str | None = field(OPTIONAL_TEXT, "passed on as it is", default=None, kw_only=True)


class UserPong(Message, network="napster", wire_type=752, sender=BOTH, since="A"):
    """Answers a ping of a user, by the same way."""

    nick: str = field(FIRST_NICK, "who had asked; to him, who answers")
    text: str | None = field(OPTIONAL_TEXT, "passed on as it is", default=None, kw_only=True)


class RedirectUser(Message, network="napster", wire_type=821, sender=CLIENT, since="A"):
    """An operator sends a user to another server."""

    nick: str = field(FIRST_NICK, "the user")
    server: str = field(WORD, "name or address of the other server")
    port: int = field(PORT, "its port")


class Redirect(Message, network="napster", wire_type=821, sender=SERVER, since="A"):
    """Asks the client to go to another server."""

    server: str = field(FIRST_WORD, "name or address of the other server")
    port: int = field(PORT, "its port")


class CycleUser(Message, network="napster", wire_type=822, sender=CLIENT, since="A"):
    """An operator sends a user back to the metaserver."""

    nick: str = field(FIRST_NICK, "the user")
    metaserver: str = field(WORD, "name or address of the metaserver")


class Cycle(Message, network="napster", wire_type=822, sender=SERVER, since="A"):
    """Asks the client to log in anew, by way of a metaserver."""

    metaserver: str = field(FIRST_WORD, "name or address of the metaserver")


class ConnectTest(Message, network="napster", wire_type=900, sender=SERVER, since="A"):
    """Asks the client to connect to any address and to send data there. A client must not do so by default."""

    ip: str = field(FIRST_WORD, "address to connect to")
    port: int = field(PORT, "port to connect to")
    text: str = field(TEXT, "data to send")


class ListenTest(Message, network="napster", wire_type=901, sender=SERVER, since="A"):
    """Asks the client to listen and to send data to whoever connects. A client must not do so by default."""

    port: int = field(FIRST_COUNT, "port to listen on")
    timeout: int = field(COUNT, "how long", unit="s")
    text: str = field(TEXT, "data to send")
