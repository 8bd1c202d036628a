"""What operators say to all users (628) and to one another (627)."""

from ....codecs.napster import GlobalMessage, GlobalNotice, OperatorMessage, OperatorNotice
from .handlers import handles
from .operators import Operators
from .session import Session


class Announcements(Operators):
    """627 and 628."""

    @handles(GlobalMessage)
    def on_global_message(self, session: Session, message: GlobalMessage) -> None:
        """Say a line to all users."""
        if self.commands(session):
            self.announce(session, message.text)

    def announce(self, session: Session, text: str) -> None:
        """Send an operator's text to every session, the operator's own included (NAP-OPR-11)."""
        self.say_all(self.sessions(), GlobalNotice(session.nick, text))

    @handles(OperatorMessage)
    def on_operator_message(self, session: Session, message: OperatorMessage) -> None:
        """Say a line to the operators."""
        if self.commands(session):
            self.say_all(self.confidants(), OperatorNotice(session.nick, message.text))

    def confidants(self) -> list[Session]:
        """Return to whom a line for operators goes: to them, and to nobody else (NAP-OPR-12)."""
        return [user for user in self.sessions() if user.has_level("Moderator")]
