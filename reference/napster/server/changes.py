"""What a user may change during its session: link type, data port, password, e-mail address.

Rules of this file:

- A change is not answered. A value that cannot be taken is answered by 404, and what was stays.
- Password and address belong to the account: of a user without one they can't be changed.
"""

from ....codecs.napster import ChangeDataPort, ChangeEmail, ChangePassword, ChangeSpeed
from .handlers import SEARCH_COST, handles
from .registration import Registering
from .session import Session


class Changing(Registering):
    """Takes changes of what the login said."""

    @handles(ChangeSpeed)
    def on_change_speed(self, session: Session, message: ChangeSpeed) -> None:
        """Take a new link type, if there is such a type."""
        if self.may_change_link_type(message.link):
            self.change_link_type(session, message.link)
        else:
            self.error(session, "no such link type")

    def may_change_link_type(self, link: int) -> bool:
        """Return whether a link type may take the place of the old one (NAP-LOG-25)."""
        return self.link_type_is_known(link)

    def change_link_type(self, session: Session, link: int) -> None:
        """Use a link type from now on, for old and new shares (NAP-LOG-23)."""
        session.link_type = link
        self.changed(session)

    @handles(ChangeDataPort)
    def on_change_data_port(self, session: Session, message: ChangeDataPort) -> None:
        """Take a new data port, if it can be one."""
        if self.may_change_data_port(message.port):
            self.change_data_port(session, message.port)
        else:
            self.error(session, "no such port")

    def may_change_data_port(self, port: int) -> bool:
        """Return whether a data port may take the place of the old one (NAP-LOG-25)."""
        return self.port_is_possible(port)

    def change_data_port(self, session: Session, port: int) -> None:
        """Use a data port from now on (NAP-LOG-24)."""
        session.data_port = port
        self.changed(session)

    @handles(ChangePassword, cost=SEARCH_COST)
    def on_change_password(self, session: Session, message: ChangePassword) -> None:
        """Take a new password of a registered user."""
        if session.registered:
            self.change_password(session.nick, message.password)
        else:
            self.error(session, "your nick is not registered")

    def change_password(self, nick: str, password: str) -> None:
        """Store a password; the old one opens nothing any more (NAP-LOG-26)."""
        self.accounts.set_password(self.folded(nick), password, self.salt())

    @handles(ChangeEmail, cost=SEARCH_COST)
    def on_change_email(self, session: Session, message: ChangeEmail) -> None:
        """Take a new e-mail address of a registered user."""
        if session.registered:
            self.change_email(session, message.email)
        else:
            self.error(session, "your nick is not registered")

    def change_email(self, session: Session, email: str) -> None:
        """Store an e-mail address (NAP-LOG-27)."""
        session.email = email
        self.accounts.set_email(self.folded(session.nick), email)
