"""Registration: nicks that belong to somebody, and the passwords that prove it.

Rules of this file:

- Whoever comes first has the nick. An account is on disk before its user hears of it.
- A password check says something only when the password is right.
- One address may register a bounded number of nicks in a time.
"""

import random

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import NickCheck, NickFree, NickInvalid, NickTaken, PasswordCheck, PasswordOk, Register
from ...ageing import AgeingTable, Bucket
from .config import ServerConfig
from .handlers import SEARCH_COST, handles, refuses
from .login import LoggingIn
from .session import Session

ADDRESSES = 10_000
"""Addresses whose registrations are counted; beyond them the oldest are forgotten."""


class Registering(LoggingIn):
    """Registers nicks, and checks nicks and passwords."""

    def __init__(self, config: ServerConfig, random: random.Random) -> None:
        super().__init__(config, random)
        self._registrations: AgeingTable[str, Bucket] = AgeingTable(ADDRESSES, config.registration_period)

    # Checking a nick

    @handles(NickCheck, early=True)
    def on_nick_check(self, session: Session, message: NickCheck) -> None:
        """Say whether a nick can be registered."""
        self.say(session, self.nick_answer(message.nick))

    def nick_answer(self, nick: str) -> Message:
        """Return 10 for an invalid nick, 9 for a registered one, 8 for any other (NAP-REG-01, 02 and 03)."""
        if not self.nick_is_valid(nick):
            return NickInvalid()
        return NickTaken() if self.is_registered(nick) else NickFree()

    def is_registered(self, nick: str) -> bool:
        """Return whether a nick, in whatever case, has an account (NAP-REG-02)."""
        return self.accounts.account(self.folded(nick)) is not None

    # Registering

    @handles(Register, early=True, cost=SEARCH_COST)
    def on_register(self, session: Session, message: Register) -> None:
        """Register a nick and let its user in, or say why not."""
        if session.logged_in:
            self.take_second_login(session, message.nick)
        elif self.login_is_fit(session, message) and self.may_register(session, message.nick):
            self.register(message)
            self.let_in(session, message)

    @refuses(Register)
    def on_bad_register(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Refuse a registration that lacks a field or has a bad one, as a login."""
        self.on_bad_login(session, body, error)

    def may_register(self, session: Session, nick: str) -> bool:
        """Return whether a nick is free for this user to register; otherwise the registration is refused."""
        if self.is_owned(nick):
            self.refuse(session, "that nick is registered")
        elif not self.may_register_more(session.ip):
            self.refuse(session, "too many nicks are registered from your address")
        else:
            older = self.user(nick)
            if older is None:
                return True
            self.warn_of_login(older)
            return self.clear_nick(older, session, None)
        return False

    def is_owned(self, nick: str) -> bool:
        """Return whether a nick has an owner already, who keeps it (NAP-REG-06)."""
        return self.is_registered(nick)

    def may_register_more(self, ip: str) -> bool:
        """Count a registration from an address; False when that has had its share for now (NAP-LIM-06)."""
        bucket = self._registrations.get(self.now, ip)
        if bucket is None:
            most = self.config.max_registrations
            bucket = Bucket(most / self.config.registration_period, most, self.now)
            self._registrations.put(self.now, ip, bucket)
        return bucket.take(self.now)

    def register(self, message: Register) -> None:
        """Store an account, durably, before its user is told (NAP-REG-04, NAP-REG-08)."""
        self.accounts.register(
            self.folded(message.nick),
            message.nick,
            message.password,
            message.email,
            "User",
            self.unix_time(),
            self.salt(),
        )

    def left(self, session: Session) -> None:
        """Note when the user of an account was last seen."""
        if session.registered:
            self.accounts.set_seen(self.folded(session.nick), self.unix_time())
        super().left(session)

    # Checking a password

    @handles(PasswordCheck, early=True, cost=SEARCH_COST)
    def on_password_check(self, session: Session, message: PasswordCheck) -> None:
        """Answer a password check with 12 if the password is right, and not at all if not (NAP-REG-09)."""
        if self.check_succeeds(message.nick, message.password):
            self.say(session, PasswordOk())

    def check_succeeds(self, nick: str, password: str) -> bool:
        """Return whether a password check is answered with 12: for a registered nick's own password (NAP-REG-10)."""
        return self.accounts.opens(self.folded(nick), password)
