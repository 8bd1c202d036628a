"""Login: who is let in, under which nick, and what greets them.

Rules of this file:

- A login is judged in one order: fields, nick, bans, older session, password. The first that fails is answered.
- A nick that is not registered is anybody's for the length of a session; its password does not matter.
- Nothing of a refused login is kept.
"""

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import (
    LINK_TYPES,
    Capability,
    Login,
    LoginAck,
    LoginAttempt,
    NickInvalid,
    Register,
    RegistrationData,
    RegistrationInfo,
    VersionCheck,
)
from .accounts import Stored, StoredBan
from .dispatch import Dispatch
from .handlers import handles, refuses
from .session import Session
from .welcome import Welcome

MAX_NICK = 19
NICK_BYTES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_[]{}-@^!$")

NO_EMAIL = "anon@localhost"
"""Stands in the 3 for a nick that is not registered."""


class LoggingIn(Welcome, Dispatch):
    """Lets users in."""

    @handles(Login, early=True)
    def on_login(self, session: Session, message: Login) -> None:
        """Let a user in, or say why not."""
        if session.logged_in:
            self.take_second_login(session, message.nick)
            return
        if self.login_is_fit(session, message) and self.may_have_nick(session, message.nick, message.password):
            self.let_in(session, message)

    @refuses(Login)
    def on_bad_login(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Refuse a login that lacks a field or has a bad one (NAP-LOG-03)."""
        del body
        if session.logged_in:
            self.take_second_login(session, "")
        else:
            self.refuse(session, f"the login can't be read: {error.path}")

    def take_second_login(self, session: Session, nick: str) -> None:
        """Refuse a login in a session, which keeps its nick (NAP-LOG-14)."""
        del nick
        self.error(session, "you are logged in")

    # What is judged

    def login_is_fit(self, session: Session, message: Login | Register) -> bool:
        """Return whether the fields of a login can be accepted; otherwise the login is refused."""
        if not self.nick_is_valid(message.nick):
            self.refuse_nick(session)
        elif not self.port_is_possible(message.port):
            self.refuse(session, "no such port")
        elif not self.link_type_is_known(message.link):
            self.refuse(session, "no such link type")
        elif self.is_banned(session, message.nick):
            self.refuse(session, "you are banned")
        else:
            return True
        return False

    def nick_is_valid(self, nick: str) -> bool:
        """Return whether a nick may be had (NAP-LOG-08, NAP-LOG-09, NAP-LOG-10)."""
        return 0 < len(nick) <= MAX_NICK and NICK_BYTES.issuperset(nick)

    def port_is_possible(self, port: int) -> bool:
        """Return whether a data port can be one (NAP-LOG-06)."""
        return 0 <= port <= 65_535

    def link_type_is_known(self, link: int) -> bool:
        """Return whether a link type is one of the eleven (NAP-LOG-05)."""
        return 0 <= link < len(LINK_TYPES)

    def is_banned(self, session: Session, nick: str) -> bool:
        """Return whether a nick or the address that it comes from is banned."""
        of_nick, of_address = self.accounts.banned(self.folded(nick)), self.accounts.banned(session.ip)
        return (of_nick is not None and self.keeps_nick_out(of_nick, nick)) or (
            of_address is not None and self.keeps_address_out(of_address)
        )

    def keeps_nick_out(self, ban: StoredBan, nick: str) -> bool:
        """Return whether the ban of a nick keeps it out, however it is spelt (NAP-OPR-05)."""
        del nick
        return self.is_in_force(ban)

    def keeps_address_out(self, ban: StoredBan) -> bool:
        """Return whether the ban of an address keeps those out who come from there (NAP-OPR-06)."""
        return self.is_in_force(ban)

    def is_in_force(self, ban: StoredBan) -> bool:
        """Return whether a ban is not over yet (NAP-OPR-09)."""
        return ban.seconds is None or self.unix_time() < ban.since + ban.seconds

    def refuse_nick(self, session: Session) -> None:
        """Refuse a login because of its nick, by 10, and close (NAP-LOG-07)."""
        self.say(session, NickInvalid())
        self.after_refusal(session)

    # One nick, one session

    def may_have_nick(self, session: Session, nick: str, password: str) -> bool:
        """Return whether the nick is free for this user, having ended an older session if it has to."""
        older = self.user(nick)
        if older is not None:
            self.warn_of_login(older)
        account = self.accounts.account(self.folded(nick))
        if account is not None and not self.password_is_right(nick, password):
            self.refuse(session, "wrong password")
            return False
        if older is not None:
            return self.clear_nick(older, session, account)
        return True

    def warn_of_login(self, older: Session) -> None:
        """Tell a user that somebody logs in under its nick (NAP-LOG-13)."""
        self.say(older, LoginAttempt())

    def password_is_right(self, nick: str, password: str) -> bool:
        """Return whether this is the password of a registered nick (NAP-REG-07)."""
        return self.accounts.opens(self.folded(nick), password)

    def clear_nick(self, older: Session, session: Session, account: Stored | None) -> bool:
        """End the older session of a nick if the new one is the same user's, or else refuse the new one (NAP-LOG-12).

        The same user is who knows the password of the account or, without an account, comes from the same address.
        """
        if account is None and older.ip != session.ip:
            self.refuse(session, "somebody is logged in under that nick")
            return False
        self.end(older)
        return True

    # What follows

    def let_in(self, session: Session, message: Login | Register) -> None:
        """Begin the session of a login that was accepted, and greet its user."""
        account = self.accounts.account(self.folded(message.nick))
        session.nick = message.nick
        session.client = message.info
        session.data_port = message.port
        session.link_type = message.link
        session.logged_in_at = self.now
        if account is not None:
            session.registered = True
            session.level = account.level
            session.email = account.email
        session.step("login accepted")
        self.users[self.folded(message.nick)] = session
        self.say(session, self.login_ack(session))
        self.greet(session)
        self.arrived(session)

    def login_ack(self, session: Session) -> Message:
        """Return the 3, with the address of the account or a word in its place (NAP-LOG-01, NAP-REG-05)."""
        return LoginAck(session.email if session.registered else NO_EMAIL)

    # What may come before

    @handles(Capability, early=True)
    def on_capability(self, session: Session, message: Capability) -> None:
        """Let a socket test pass (NAP-LOG-17)."""

    @handles(VersionCheck, early=True)
    def on_version_check(self, session: Session, message: VersionCheck) -> None:
        """Let a version check pass: every version is recent enough (NAP-LOG-17)."""

    @handles(RegistrationInfo, early=True)
    def on_registration_info(self, session: Session, message: RegistrationInfo) -> None:
        """Let particulars of a user pass, and keep none of them (NAP-LOG-17)."""

    @handles(RegistrationData, early=True)
    def on_registration_data(self, session: Session, message: RegistrationData) -> None:
        """Let them pass in the form of 15, too (NAP-LOG-17)."""
