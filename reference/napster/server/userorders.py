"""What operators order of a user's program, and of what the server holds of it.

Rules of this file:

- 613, 821 and 822 are handed on without the nick: the user's program obeys them, or does not.
- 625 changes what the server says of the user, and tells the program nothing.
"""

from ....codecs.napster import (
    LINK_TYPES,
    Cycle,
    CycleUser,
    Redirect,
    RedirectUser,
    SetDataPort,
    SetUserDataPort,
    SetUserSpeed,
)
from .handlers import handles
from .operators import Operators
from .session import Session


class UserOrders(Operators):
    """613, 625, 821 and 822."""

    @handles(SetUserDataPort)
    def on_set_data_port(self, session: Session, message: SetUserDataPort) -> None:
        """Ask a user's program to take another data port."""
        user = self.target(session, message.nick) if self.commands(session) else None
        if user is not None and self.in_range(session, "a data port", message.port, 65_535):
            self.pass_order(user, SetDataPort(message.port))
            self.report(session, "CHANGE", f"{session.nick} asked {user.nick} for data port {message.port}")

    @handles(RedirectUser)
    def on_redirect_user(self, session: Session, message: RedirectUser) -> None:
        """Send a user to another server."""
        user = self.target(session, message.nick) if self.commands(session) else None
        if user is not None and self.in_range(session, "a port", message.port, 65_535):
            self.pass_order(user, Redirect(message.server, message.port))
            self.report(session, "CHANGE", f"{session.nick} sent {user.nick} to {message.server}:{message.port}")

    @handles(CycleUser)
    def on_cycle_user(self, session: Session, message: CycleUser) -> None:
        """Send a user to a metaserver."""
        user = self.target(session, message.nick) if self.commands(session) else None
        if user is not None:
            self.pass_order(user, Cycle(message.metaserver))
            self.report(session, "CHANGE", f"{session.nick} sent {user.nick} to metaserver {message.metaserver}")

    def pass_order(self, user: Session, order: SetDataPort | Redirect | Cycle) -> None:
        """Hand an order on to the user that it is for (NAP-OPR-16)."""
        self.say(user, order)

    @handles(SetUserSpeed)
    def on_set_link_type(self, session: Session, message: SetUserSpeed) -> None:
        """Correct the link type of a user."""
        user = self.target(session, message.nick) if self.commands(session) else None
        if user is not None and self.in_range(session, "a link type", message.link, len(LINK_TYPES) - 1):
            self.set_link_type(user, message.link)
            self.report(session, "CHANGE", f"{session.nick} set the link type of {user.nick} to {message.link}")

    def set_link_type(self, user: Session, link: int) -> None:
        """Use another link type for a user from now on (NAP-OPR-17)."""
        user.link_type = link
        self.changed(user)

    def in_range(self, session: Session, what: str, value: int, highest: int) -> bool:
        """Return whether a number is one that such a thing can have; when not, say so."""
        if value > highest:
            self.error(session, f"{what} is a number from 0 to {highest}")
        return value <= highest
