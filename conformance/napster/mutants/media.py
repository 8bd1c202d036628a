"""Sharing and finding of other media gone wrong."""

from __future__ import annotations

from ....codecs.napster import ShareMedia
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-SHR-22")
class ReadsTheChecksumFirst(Server):
    """Reads the fields of a 10300 in the order of those of a 100."""

    def on_share_media(self, session: Session, message: ShareMedia) -> None:
        super().on_share_media(session, ShareMedia(message.file, 0, str(message.size), message.type))


@mutant(breaks="NAP-SHR-22")
class TakesAllForText(Server):
    """Enters every file of a 10300 as text."""

    def on_share_media(self, session: Session, message: ShareMedia) -> None:
        super().on_share_media(session, ShareMedia(message.file, message.size, message.md5, "text"))


@mutant(breaks="NAP-SHR-23")
class FindsFilesOfAllTypes(Server):
    """Finds images and texts by a query that asks for no type."""

    def usual_kinds(self) -> frozenset[str] | None:
        return None
