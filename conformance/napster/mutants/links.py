"""Links between servers gone wrong."""

from __future__ import annotations

from typing import TypeVar

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import AccountSync, Encapsulated, Packet, UserAddress, UserQuit, UserTotals
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant

M = TypeVar("M", bound=Message)


def _read(packet: Packet, kind: type[M]) -> M | None:
    """The message that a packet is, None when it is another or none."""
    try:
        return kind.decode(packet.body) if packet.type == kind.wire_type else None
    except DecodeError:
        return None


@mutant(breaks="NAP-LNK-01")
class BelievesThatUsersQuit(Server):
    """Ends the session of a user whom another user says to have left."""

    def take_for_links(self, session: Session, packet: Packet) -> None:
        user = self.user(packet.body.decode("latin-1")) if packet.type == UserQuit.wire_type else None
        if user is not None:
            self.end(user)


@mutant(breaks="NAP-LNK-01")
class BelievesAddresses(Server):
    """Takes another address for a user because a user says so."""

    def take_for_links(self, session: Session, packet: Packet) -> None:
        said = _read(packet, UserAddress)
        user = self.user(said.nick) if said is not None else None
        if said is not None and user is not None:
            user.remote = (said.ip, said.port)


@mutant(breaks="NAP-LNK-01")
class BelievesTotals(Server):
    """Takes another number of files for a user because a user says so."""

    def take_for_links(self, session: Session, packet: Packet) -> None:
        said = _read(packet, UserTotals)
        user = self.user(said.nick) if said is not None else None
        if said is not None and user is not None:
            user.shared = said.files


@mutant(breaks="NAP-LNK-01")
class BelievesAccounts(Server):
    """Changes a level because a user says so."""

    def take_for_links(self, session: Session, packet: Packet) -> None:
        said = _read(packet, AccountSync)
        user = self.user(said.nick) if said is not None else None
        if said is not None and user is not None:
            user.level = said.level


@mutant(breaks="NAP-LNK-01")
class DeliversForUsers(Server):
    """Hands a user whatever message another has put into a 10018."""

    def take_for_links(self, session: Session, packet: Packet) -> None:
        said = _read(packet, Encapsulated)
        user = self.user(said.nick) if said is not None else None
        if said is not None and user is not None:
            self.send(user, said.packet)


@mutant(breaks="NAP-LNK-02", also=("NAP-MSG-05",))
class BelievesColons(Server):
    """Takes the nick behind a colon at the start of a body for the sender."""

    def author(self, session: Session, body: bytes) -> tuple[Session, bytes]:
        name, _, rest = body[1:].partition(b" ")
        user = self.user(name.decode("latin-1")) if body[:1] == b":" else None
        return super().author(session, body) if user is None else (user, rest)


@mutant(breaks="NAP-LNK-03")
class LinksWithEverybody(Server):
    """Believes a connection that says it is a server's."""

    def take_early_link(self, session: Session, packet: Packet) -> None:
        user = self.user(packet.body.decode("latin-1")) if packet.type == UserQuit.wire_type else None
        if user is not None:
            self.end(user)
