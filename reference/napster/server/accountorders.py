"""What operators do with the accounts of others: making, deleting and restoring them, and setting passwords.

Rules of this file:

- Deleting an account does not end the session of its user, who goes on as an unregistered User.
- A deleted account can be restored until somebody registers its nick anew.
"""

from ....codecs.napster import Nuke, RegisterUser, SetUserPassword, Unnuke
from .handlers import handles
from .login import LoggingIn
from .operators import Operators
from .session import Session


class AccountOrders(LoggingIn, Operators):
    """611, 624, 753 and 10200."""

    @handles(Nuke)
    def on_nuke(self, session: Session, message: Nuke) -> None:
        """Delete the account of a nick."""
        if not self.commands(session) or not self.may_act_against(session, message.nick):
            return
        if self.nuke(message.nick):
            self.report(session, "CHANGE", f"{session.nick} deleted the account of {message.nick}")
        else:
            self.refuse_unregistered(session, message.nick)

    def nuke(self, nick: str) -> bool:
        """Delete an account; False when there is none (NAP-OPR-15)."""
        nuked = self.accounts.nuke(self.folded(nick))
        user = self.user(nick)
        if nuked and user is not None:
            user.registered = False
            user.level = "User"
            self.level_changed(user)
        return nuked

    def refuse_unregistered(self, session: Session, nick: str) -> None:
        """Say that there is no such account."""
        self.error(session, f"{nick} is not registered")

    @handles(Unnuke)
    def on_unnuke(self, session: Session, message: Unnuke) -> None:
        """Bring a deleted account back."""
        if not self.commands(session):
            return
        if self.accounts.restore(self.folded(message.nick)):
            self.report(session, "CHANGE", f"{session.nick} restored the account of {message.nick}")
        else:
            self.error(session, f"{message.nick} has no deleted account")

    @handles(SetUserPassword)
    def on_set_password(self, session: Session, message: SetUserPassword) -> None:
        """Change the password of an account."""
        if not self.commands(session) or not self.may_act_against(session, message.nick):
            return
        if self.set_password(message.nick, message.password):
            self.report(session, "CHANGE", f"{session.nick} set the password of {message.nick}: {message.reason}")
        else:
            self.refuse_unregistered(session, message.nick)

    def set_password(self, nick: str, password: str) -> bool:
        """Use another password for an account from now on; False when there is no such account (NAP-OPR-18)."""
        return self.accounts.set_password(self.folded(nick), password, self.salt())

    @handles(RegisterUser)
    def on_register_user(self, session: Session, message: RegisterUser) -> None:
        """Make an account for somebody, of a level below the operator's own."""
        level = message.level or "User"
        if not self.commands(session):
            return
        if not self.outranks(session, level):
            self.refuse_command(session)
        elif not self.nick_is_valid(message.nick):
            self.error(session, "nobody can have that nick")
        elif self.accounts.account(self.folded(message.nick)) is not None:
            self.error(session, f"{message.nick} is registered already")
        else:
            name, at = self.folded(message.nick), self.unix_time()
            self.accounts.register(name, message.nick, message.password, message.email, level, at, self.salt())
            self.report(session, "CHANGE", f"{session.nick} registered {message.nick} with level {level}")
