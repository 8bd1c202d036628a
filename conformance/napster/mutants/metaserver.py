"""Metaservers gone wrong."""

from __future__ import annotations

from ....codecs.napster import Redirection
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-MET-01")
class WaitsForAQuestion(Server):
    """Writes nothing before the peer has."""

    def meet(self, session: Session) -> None:
        meet = super().meet
        session.reads = lambda asker, _: meet(asker)


@mutant(breaks="NAP-MET-02")
class SeparatesByABlank(Server):
    """Writes a blank between host and port."""

    def address_line(self, server: Redirection) -> bytes:
        return super().address_line(server).replace(b":", b" ")


@mutant(breaks="NAP-MET-02")
class GivesNoPort(Server):
    """Writes 0 in the place of the port."""

    def address_line(self, server: Redirection) -> bytes:
        return super().address_line(server.replace(port=0))


@mutant(breaks="NAP-MET-03")
class WritesNoLineEnd(Server):
    """Leaves the LF out."""

    def address_line(self, server: Redirection) -> bytes:
        return super().address_line(server).rstrip(b"\n")


@mutant(breaks="NAP-MET-04")
class StaysAfterTheLine(Server):
    """Leaves it to the peer to close the connection."""

    def after_address(self, session: Session) -> None:
        session.reads = lambda *_: None


@mutant(breaks="NAP-MET-05", also=("NAP-MET-04",))
class ServesOneAtATime(Server):
    """Serves a peer when the one before has closed its connection."""

    def meet(self, session: Session) -> None:
        if len(self.links) == 1:
            self.send_address(session)
