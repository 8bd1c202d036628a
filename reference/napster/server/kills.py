"""Ending the sessions of others: one user's (610), or all from an address (10122)."""

from ....codecs.napster import Kill, MassKill
from .handlers import handles
from .operators import Operators
from .session import Session


class Kills(Operators):
    """610 and 10122."""

    @handles(Kill)
    def on_kill(self, session: Session, message: Kill) -> None:
        """End the session of a user."""
        user = self.target(session, message.nick) if self.commands(session) else None
        if user is not None:
            self.report(session, "KILL", f"{session.nick} killed {user.nick}: {message.reason or ''}")
            self.kill(user, f"you were killed by {session.nick}: {message.reason or ''}")

    @handles(MassKill)
    def on_mass_kill(self, session: Session, message: MassKill) -> None:
        """End the sessions of all users at an address, or at those that begin like it, who may be acted against."""
        if not self.commands(session):
            return
        there = [
            user for user in self.sessions() if self.is_at(user, message.ip) and self.outranks(session, user.level)
        ]
        for user in there:
            if user is not session:
                self.kill(user, f"you were killed by {session.nick}: {message.reason or ''}")
        self.report(session, "KILL", f"{session.nick} killed {len(there)} users from {message.ip}")

    def is_at(self, user: Session, address: str) -> bool:
        """Return whether a user comes from an address; one that ends with a dot is the beginning of many."""
        return user.ip == address or (address.endswith(".") and user.ip.startswith(address))

    def kill(self, user: Session, text: str) -> None:
        """Say why to a user, and end its session (NAP-OPR-04)."""
        self.error(user, text)
        self.end(user)
