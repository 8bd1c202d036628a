"""Answers to Queries gone wrong."""

from __future__ import annotations

from ....reference.gnutella import Servent, Share
from ....reference.gnutella.link import Link
from ...mutants import mutant


@mutant(breaks="GNU-QRY-01")
class SearchesByCase(Servent):
    """Takes upper case and lower case in a Query for different words."""

    def query_words(self, text: str) -> frozenset[str]:
        return frozenset(text.split())


@mutant(breaks="GNU-QRY-01")
class SearchesForThePhrase(Servent):
    """Answers when the name holds the text as it stands, words in order."""

    def query_words(self, text: str) -> frozenset[str]:
        found = super().query_words(text)
        return found if any(text.casefold() in share.name.casefold() for share in self.shares) else frozenset()


@mutant(breaks="GNU-QRY-02")
class AnswersForAnyWord(Servent):
    """Answers when one of the words matches."""

    def matching(self, words: frozenset[str]) -> list[Share]:
        return [share for share in self.shares if share.words & words]


@mutant(breaks="GNU-QRY-03")
class AnswersOneLetter(Servent):
    """Answers a Query of one letter."""

    def worth_answering(self, text: str) -> bool:
        return True


@mutant(breaks="GNU-QRY-05")
class HitsUnderANewGuid(Servent):
    """Answers under a GUID of its own."""

    def hit_guid(self, guid: bytes) -> bytes:
        return self.new_guid()


@mutant(breaks="GNU-QRY-05")
class HitsWithOneHop(Servent):
    """Sends its own hits with Hops 1."""

    def hit_hops(self) -> int:
        return 1


@mutant(breaks="GNU-QRY-05")
class AnswersElsewhere(Servent):
    """Answers on the connection made last instead of the one that the Query came on."""

    def hit_link(self, link: Link) -> Link:
        return self.peers()[-1]


@mutant(breaks="GNU-QRY-06")
class HitsForOneHop(Servent):
    """Sends its hits with TTL 1, however far the Query has come."""

    def hit_ttl(self, hops: int) -> int:
        return 1


@mutant(breaks="GNU-QRY-07")
class WantsTheFlagMark(Servent):
    """Ignores Queries whose minimum speed is not marked as flags."""

    def speed_suffices(self, min_speed: int) -> bool:
        return bool(min_speed & 0x0080)


@mutant(breaks="GNU-QRY-08")
class TakesQueriesOfAnyLength(Servent):
    """Forwards Queries above 4 kB."""

    def query_too_long(self, size: int) -> bool:
        return False


@mutant(breaks="GNU-QRY-09", also=("GNU-LIM-01",))
class NeedsTheNul(Servent):
    """Dies of a Query whose text does not end in NUL."""

    def mended_query(self, body: bytes) -> bytes:
        if len(body) > 2:
            body.index(b"\0", 2)
        return super().mended_query(body)


@mutant(breaks="GNU-QRY-10")
class SendsHugeHits(Servent):
    """Puts as many results in a hit as one byte can count, whatever their size."""

    def hit_size_limit(self) -> int:
        return 1 << 30
