"""Searches and results gone wrong."""

from __future__ import annotations

from typing import cast

from ....codecs.errors import DecodeError
from ....codecs.framing import Opaque
from ....codecs.message import Message
from ....codecs.napster import BrowseEnd, FilenameClause, LoginAck, Packet, Search, SearchResult, Stats
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ...mutants import mutant


@mutant(breaks="NAP-PER-15")
class SearchesWithoutQuotes(Peer):
    """Writes the words of a search without quotes around them."""

    def query(self, words: str, maximum: int) -> Message:
        return cast(Message, Opaque(200, f"FILENAME CONTAINS {words} MAX_RESULTS {maximum}".encode()))


@mutant(breaks="NAP-PER-15")
class SearchesForOneWord(Peer):
    """Searches for the first word only."""

    def query(self, words: str, maximum: int) -> Message:
        return Search((FilenameClause("CONTAINS", self.quotable(words).split()[0]),))


@mutant(breaks="NAP-TXT-10")
class QuotesQuotes(Peer):
    """Writes the quotes of its user inside the quotes of the query."""

    def query(self, words: str, maximum: int) -> Message:
        if '"' not in words:
            return super().query(words, maximum)
        return cast(Message, Opaque(200, f'FILENAME CONTAINS "{words}" MAX_RESULTS {maximum}'.encode()))


@mutant(breaks="NAP-PER-16")
class CountsTheFields(Peer):
    """Takes no message that has a field more than it knows."""

    def decoded(self, packet: Packet) -> object:
        message = super().decoded(packet)
        if isinstance(message, LoginAck | SearchResult | BrowseEnd | Stats) and message.more:
            raise DecodeError("napster", type(message).__name__, "more", 0, "a field too many")
        return message


@mutant(breaks="NAP-PER-16")
class DropsResultsWithAWeight(Peer):
    """Takes no result that has a field more than the text's."""

    def on_search_result(self, message: SearchResult) -> None:
        if message.more is None:
            super().on_search_result(message)


@mutant(breaks="NAP-PER-17")
class LeavesOnABadResult(Peer):
    """Ends the session when a result cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        if packet.type == SearchResult.wire_type:
            self.end(link, "stream broken", abort=True)


@mutant(breaks="NAP-PER-17")
class DropsAllForABadResult(Peer):
    """Drops what it has found when a further result cannot be read."""

    def take_unreadable(self, link: PeerLink, packet: Packet) -> None:
        for question in self.unanswered:
            question.found.clear()
