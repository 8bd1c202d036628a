"""Registration gone wrong."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import LoginAck, NickFree, NickInvalid, NickTaken, Register
from ....reference.napster import Server
from ....reference.napster.server.accounts import Accounts
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-REG-01")
class CallsFreeNicksTaken(Server):
    """Calls every nick taken that is valid."""

    def nick_answer(self, nick: str) -> Message:
        return NickTaken() if self.nick_is_valid(nick) else NickInvalid()


@mutant(breaks="NAP-REG-02")
class CallsTakenNicksFree(Server):
    """Calls every nick free that is valid."""

    def nick_answer(self, nick: str) -> Message:
        return NickFree() if self.nick_is_valid(nick) else NickInvalid()


@mutant(breaks="NAP-REG-02")
class ChecksNicksByCase(Server):
    """Calls a registered nick free when a letter is in the other case."""

    def nick_answer(self, nick: str) -> Message:
        account = self.accounts.account(self.folded(nick))
        return NickFree() if account is not None and account.nick != nick else super().nick_answer(nick)


@mutant(breaks="NAP-REG-03")
class CallsInvalidNicksFree(Server):
    """Calls every nick free that nobody has registered, whatever is in it."""

    def nick_answer(self, nick: str) -> Message:
        return NickTaken() if self.is_registered(nick) else NickFree()


@mutant(breaks="NAP-REG-04")
class RegistersNothing(Server):
    """Takes a registration for a login."""

    def register(self, message: Register) -> None:
        """Do nothing."""


@mutant(breaks="NAP-REG-04")
class RegistersOnly(Server):
    """Registers a nick and has its user log in on another connection."""

    def on_register(self, session: Session, message: Register) -> None:
        if self.login_is_fit(session, message) and self.may_register(session, message.nick):
            self.register(message)
            self.refuse(session, "now log in")


@mutant(breaks="NAP-REG-05")
class TellsNoAddress(Server):
    """Tells everybody the dummy in place of the e-mail address."""

    def login_ack(self, session: Session) -> Message:
        return LoginAck("anon@localhost")


@mutant(breaks="NAP-REG-06")
class OverwritesAccounts(Server):
    """Gives a registered nick to whoever registers it last."""

    def may_register(self, session: Session, nick: str) -> bool:
        self.accounts.nuke(self.folded(nick))
        return super().may_register(session, nick)


@mutant(breaks="NAP-REG-07")
class TakesAnyPassword(Server):
    """Lets everybody in with a registered nick."""

    def password_is_right(self, nick: str, password: str) -> bool:
        return True


@mutant(breaks="NAP-REG-07")
class ComparesPasswordsToTheirEnd(Server):
    """Takes a password that begins with the right one."""

    def password_is_right(self, nick: str, password: str) -> bool:
        is_right = super().password_is_right
        return any(is_right(nick, password[:end]) for end in range(len(password) + 1))


@mutant(breaks="NAP-REG-08")
class KeepsAccountsInMemory(Server):
    """Keeps accounts in memory until it is shut down in good order."""

    def prepare_accounts(self) -> None:
        self.accounts.release()
        self.accounts = Accounts(None)
        super().prepare_accounts()


@mutant(breaks="NAP-REG-10")
class ConfirmsAnyPassword(Server):
    """Answers a password check with 12 for every nick that is registered."""

    def check_succeeds(self, nick: str, password: str) -> bool:
        return self.is_registered(nick)


@mutant(breaks="NAP-REG-10")
class ConfirmsPasswordsOfNobody(Server):
    """Answers a password check with 12 when nobody has registered the nick."""

    def check_succeeds(self, nick: str, password: str) -> bool:
        return not self.is_registered(nick) or super().check_succeeds(nick, password)
