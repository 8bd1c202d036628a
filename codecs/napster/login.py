"""Login and registration (0 to 15): what a client may say before it is known, and the answers."""

from __future__ import annotations

from ..constructs import UpTo
from ..message import Message, field
from ..words import Number
from .grammar import FILE, FIRST_NICK, FIRST_WORD, LINK_TYPE, MORE, OPTIONAL_WORD, PORT, TEXT_ONLY, WORD
from .header import BOTH, CLIENT, SERVER

__all__ = [
    "AutoUpgrade",
    "Capability",
    "Echo",
    "Login",
    "LoginAck",
    "LoginError",
    "NickCheck",
    "NickFree",
    "NickInvalid",
    "NickTaken",
    "PasswordCheck",
    "PasswordOk",
    "Register",
    "RegistrationData",
    "RegistrationInfo",
    "VersionCheck",
]


class LoginError(Message, network="napster", wire_type=0, sender=SERVER, since="A"):
    """Refuses a login or what came in its place; the server closes the connection after it."""

    text: str = field(TEXT_ONLY, "why, for a person")


class Login(Message, network="napster", wire_type=2, sender=CLIENT, since="A"):
    """Asks to be let in under a nick."""

    nick: str = field(FIRST_NICK, "name that the user wants to be known by")
    password: str = field(WORD, "in plain text")
    port: int = field(PORT, "TCP port on which the client accepts transfers", legal="0 (firewalled) to 65535")
    info: str = field(FILE, "name and version of the client")
    link: int = field(LINK_TYPE, "kind of the user's link", legal="0 to 10")
    build: int | None = field(
        UpTo(0, Number(2**32 - 1)), "build number of Napster's own client", default=None, kw_only=True
    )


class LoginAck(Message, network="napster", wire_type=3, sender=SERVER, since="A"):
    """Lets the client in."""

    email: str = field(FIRST_WORD, "address given at registration, or a dummy for a nick that is not registered")
    more: str | None = field(MORE, "Napster's own server adds a number", default=None, kw_only=True)


class VersionCheck(Message, network="napster", wire_type=4, sender=BOTH, since="A"):
    """Asks whether the client is recent enough; the server sends it back if it is, and 5 if not."""

    version: str = field(TEXT_ONLY, "version of the client; may be empty in the answer")


class AutoUpgrade(Message, network="napster", wire_type=5, sender=SERVER, since="A"):
    """Tells the client to fetch a new version of itself. A client must not do so."""

    version: str = field(FIRST_WORD, "the new version")
    source: str | None = field(OPTIONAL_WORD, "`host:file`, for Beta 5 only", default=None, kw_only=True)


class Register(Message, network="napster", wire_type=6, sender=CLIENT, since="A"):
    """Registers a nick and logs in under it."""

    nick: str = field(FIRST_NICK, "name that the user wants to own")
    password: str = field(WORD, "in plain text")
    port: int = field(PORT, "TCP port on which the client accepts transfers", legal="0 (firewalled) to 65535")
    info: str = field(FILE, "name and version of the client")
    link: int = field(LINK_TYPE, "kind of the user's link", legal="0 to 10")
    email: str = field(WORD, "address of the user")


class NickCheck(Message, network="napster", wire_type=7, sender=CLIENT, since="A"):
    """Asks whether a nick can be registered."""

    nick: str = field(TEXT_ONLY, "any text: what is wrong with it is the answer's to say")


class NickFree(Message, network="napster", wire_type=8, sender=SERVER, since="A"):
    """The nick is valid and nobody has registered it."""


class NickTaken(Message, network="napster", wire_type=9, sender=SERVER, since="A"):
    """The nick is registered."""


class NickInvalid(Message, network="napster", wire_type=10, sender=SERVER, since="A"):
    """The nick has characters that no nick may have, or is too long."""

    text: str = field(TEXT_ONLY, "empty; OpenNap-ng says why", default="", kw_only=True)


class PasswordCheck(Message, network="napster", wire_type=11, sender=CLIENT, since="A"):
    """Asks whether a password is right, without logging in."""

    nick: str = field(FIRST_NICK, "whose it is")
    password: str = field(WORD, "in plain text")


class PasswordOk(Message, network="napster", wire_type=12, sender=SERVER, since="A"):
    """The password is right."""


class Echo(Message, network="napster", wire_type=13, sender=SERVER, since="A"):
    """What Napster's own server answered to a command that came before the login."""

    text: str = field(TEXT_ONLY, "the number of the command, a colon, and its body")


class RegistrationInfo(Message, network="napster", wire_type=14, sender=CLIENT, since="A"):
    """Particulars of the user, which are not answered."""

    text: str = field(TEXT_ONLY, "`NAME:%s ADDRESS:%s CITY:%s STATE:%s PHONE:%s AGE:%s INCOME:%s EDUCATION:%s`")


class RegistrationData(Message, network="napster", wire_type=15, sender=CLIENT, since="N"):
    """The same as 14, from Beta 7 on."""

    text: str = field(TEXT_ONLY, "as in 14")


class Capability(Message, network="napster", wire_type=920, sender=CLIENT, since="D"):
    """Sent before the login by Napster's client from Beta 8 on; servers ignore it, or learn the byte order from it."""

    text: str = field(TEXT_ONLY, "a digit, `1`")
