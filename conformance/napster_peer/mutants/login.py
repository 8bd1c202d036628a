"""Logins gone wrong."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import Login, LoginAck, Packet
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant


@mutant(breaks="NAP-FRM-08")
class WritesHeadersBigEndian(Peer):
    """Writes the high byte of length and number first."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        return data[1::-1] + data[3:1:-1] + data[4:]


@mutant(breaks="NAP-FRM-08")
class CountsTheHeader(Peer):
    """Counts the header in the length of a message."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        return Packet.of_raw(Packet.decode(data).type, data).encode()[:4] + data[4:]


@mutant(breaks="NAP-FRM-08")
class EndsMessagesWithLf(Peer):
    """Ends each message with a LF that the length does not count."""

    def framed(self, message: Message) -> bytes:
        return super().framed(message) + b"\n"


@mutant(breaks="NAP-FRM-10")
class ReadsOneMessageASegment(Peer):
    """Takes one message of each segment and forgets the rest."""

    def packets_in(self, link: PeerLink, data: bytes) -> list[Packet]:
        return super().packets_in(link, data)[:1]


@mutant(breaks="NAP-FRM-10")
class ReadsWholeMessagesOnly(Peer):
    """Takes a segment for nothing that does not begin with a header, or end with a message."""

    def packets_in(self, link: PeerLink, data: bytes) -> list[Packet]:
        whole = len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[:2], "little")
        return super().packets_in(link, data) if whole else []


@mutant(breaks="NAP-PER-01")
class HasALineOfItsOwn(Peer):
    """Gives a link type that does not exist."""

    def login_message(self) -> Message:
        config = self.config
        return Login(config.nick, config.password, self.told_port(), config.client, 56)


@mutant(breaks="NAP-TXT-09")
class LogsInWithoutQuotes(Peer):
    """Does not enclose the name of its program in quotes."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        if not isinstance(message, Login):
            return data
        return Packet.of_raw(2, data[4:].replace(b'"', b"")).encode()


@mutant(breaks="NAP-PER-02")
class NamesAnotherPort(Peer):
    """Gives a port at which it does not listen."""

    def data_port(self) -> int:
        return super().data_port() ^ 1


@mutant(breaks="NAP-PER-02")
class HidesItsPort(Peer):
    """Says that it cannot be reached, and can."""

    def told_port(self) -> int:
        return 0


@mutant(breaks="NAP-PER-04", also=("NAP-PER-05",))
class SpeaksBeforeItIsLetIn(Peer):
    """Shares its files right after its login."""

    def may_speak(self, link: PeerLink) -> bool:
        return super().may_speak(link) or link.state == "logging in"


@mutant(breaks="NAP-PER-05")
class TakesARefusalForAWelcome(Peer):
    """Goes on as if a login that is answered by 0 were accepted."""

    def take_refusal_of_login(self) -> None:
        self.on_login_ack(LoginAck("anon@peerspec"))


@mutant(breaks="NAP-PER-05")
class KnocksAtOnce(Peer):
    """Repeats a login that was refused without a pause."""

    def refusal_pause(self) -> float:
        return 0.0


@mutant(breaks="NAP-PER-06")
class KnocksEverySecond(Peer):
    """Logs in again a second after each session that ended, however short it was."""

    def ended_pause(self) -> float:
        return 1.0
