"""Peers that do not know when to stop."""

from __future__ import annotations

from ....codecs.napster import DownloadAck, FirewalledRequest, GetError
from ....reference.napster import Peer
from ....reference.napster.peer.downloading import Download
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant


@mutant(breaks="NAP-TRF-27")
class AsksAgainAfterAnError(Peer):
    """Asks for a file again that is not there."""

    def on_get_error(self, message: GetError) -> None:
        if (download := self.asked_download(message.nick, message.file)) is not None:
            super().on_get_error(message)
            self.ask(download)


@mutant(breaks="NAP-TRF-27")
class AsksAgainAfterARefusal(Peer):
    """Asks for a file again that its owner has refused."""

    def take_refusal(self, link: PeerLink, download: Download, text: bytes) -> None:
        super().take_refusal(link, download, text)
        self.ask(download)


@mutant(breaks="NAP-TRF-28")
class KnowsNoFirewalls(Peer):
    """Takes a 204 that says that both sides are firewalled for any other."""

    def both_firewalled(self, message: DownloadAck) -> bool:
        return False


@mutant(breaks="NAP-TRF-28")
class Insists(Peer):
    """Asks with 500 again when it is told that both sides are firewalled."""

    def give_up_download(self, download: Download, event: str, reason: str) -> None:
        super().give_up_download(download, event, reason)
        if event == "204 that says both are firewalled":
            self.say(FirewalledRequest(download.nick, download.file))


@mutant(breaks="NAP-QUE-05")
class Pesters(Peer):
    """Asks an owner who has reached his limit again each second."""

    def queue_pause(self) -> float:
        return 1.0
