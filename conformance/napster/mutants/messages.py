"""Private messages gone wrong."""

from __future__ import annotations

from ....codecs.napster import PrivateMessage
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-MSG-01")
class DropsMessages(Server):
    """Delivers no private message."""

    def message_receivers(self, receiver: Session) -> list[Session]:
        return []


# the receiver's nick is not the sender's, so what forbids any other falls with it
@mutant(breaks="NAP-MSG-01", also=("NAP-MSG-05",))
class KeepsTheReceiversNick(Server):
    """Passes a private message on with the nick of the one whom it is for."""

    def message_sender(self, session: Session, message: PrivateMessage) -> str:
        return message.nick


@mutant(breaks="NAP-MSG-02")
class SquashesBlanks(Server):
    """Makes one blank of several in a private message."""

    def message_text(self, message: PrivateMessage) -> str:
        return " ".join(part for part in message.text.split(" ") if part)


@mutant(breaks="NAP-MSG-02")
class TrimsMessages(Server):
    """Takes the blanks off the end of a private message."""

    def message_text(self, message: PrivateMessage) -> str:
        return message.text.rstrip(" ")


@mutant(breaks="NAP-MSG-02")
class DropsQuotes(Server):
    """Takes the double quotes out of a private message."""

    def message_text(self, message: PrivateMessage) -> str:
        return message.text.replace('"', "")


# letters that are not ASCII are bytes above 127
@mutant(breaks="NAP-MSG-02", also=("NAP-TXT-05",))
class SpeaksAsciiOnly(Server):
    """Puts question marks for letters that are not ASCII into a private message."""

    def message_text(self, message: PrivateMessage) -> str:
        return message.text.encode("ascii", "replace").decode("ascii")


@mutant(breaks="NAP-MSG-03")
class GivesMessagesToAll(Server):
    """Gives a private message to everybody."""

    def message_receivers(self, receiver: Session) -> list[Session]:
        return list(self.sessions())


@mutant(breaks="NAP-MSG-03")
class ShowsMessagesToTheNewcomer(Server):
    """Gives a private message also to the user who logged in last."""

    def message_receivers(self, receiver: Session) -> list[Session]:
        newcomer = list(self.sessions())[-1]
        return [receiver] if receiver is newcomer else [receiver, newcomer]


@mutant(breaks="NAP-MSG-04")
class LosesMessagesSilently(Server):
    """Does not say that a private message was for a user who is not there."""

    def refuse_message(self, session: Session, nick: str) -> None:
        return


@mutant(breaks="NAP-MSG-05")
class TakesTheSenderFromTheText(Server):
    """Takes a nick at the beginning of a private message for the nick of its sender."""

    def message_sender(self, session: Session, message: PrivateMessage) -> str:
        other = self.user(message.text.partition(" ")[0])
        return session.nick if other is None else other.nick


@mutant(breaks="NAP-MSG-05")
class BelievesInColons(Server):
    """Takes what a user sends with a colon before it for what a linked server passes on."""

    def on_private_message(self, session: Session, message: PrivateMessage) -> None:
        nick, _, text = message.text.partition(" ")
        receiver = self.user(nick)
        if message.nick.startswith(":") and receiver is not None:
            self.say(receiver, PrivateMessage(message.nick[1:], text))
        else:
            super().on_private_message(session, message)
