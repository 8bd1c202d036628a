"""Searches gone wrong: their answers, their words, their limits, their errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ....codecs.constructs import from_text, to_text
from ....codecs.errors import DecodeError
from ....codecs.napster import Clause, FilenameClause, LimitClause, Search
from ....reference.napster import Server
from ....reference.napster.server.index import Entry
from ....reference.napster.server.postings import Wanted
from ....reference.napster.server.session import Session
from ...mutants import mutant

# --- the answer


@mutant(breaks="NAP-SRC-01", also=("NAP-SRC-20",))
class ForgetsTheEndAfterAnError(Server):
    """Answers a query that it cannot read with 404 alone."""

    def on_bad_search(self, session: Session, body: bytes, error: DecodeError) -> None:
        self.refuse_search(session, error.reason)


@mutant(breaks="NAP-SRC-01")
class EndsWhatItHasFound(Server):
    """Says nothing at all when there is no result."""

    def on_search(self, session: Session, message: Search) -> None:
        if self.found(self.wanted(session, message.clauses)):
            super().on_search(session, message)


@mutant(breaks="NAP-SRC-02")
class EndsSearchesTogether(Server):
    """Ends a search with the next one when that has come already."""

    owed = 0

    def end_search(self, session: Session) -> None:
        self.owed += 1
        if not any(packet.type == Search.wire_type for packet in session.inbox):
            for _ in range(self.owed):
                super().end_search(session)
            self.owed = 0


@mutant(breaks="NAP-SRC-03")
class WantsTheWordsFirst(Server):
    """Refuses queries that begin with something else than FILENAME."""

    def on_search(self, session: Session, message: Search) -> None:
        if message.clauses and not isinstance(message.clauses[0], FilenameClause):
            self.refuse_search(session, "FILENAME comes first")
            self.end_search(session)
        else:
            super().on_search(session, message)


@mutant(breaks="NAP-SRC-03")
class WantsTheMaximumBehind(Server):
    """Refuses queries in which something comes after MAX_RESULTS, except for one comparison."""

    def on_search(self, session: Session, message: Search) -> None:
        if any(isinstance(clause, LimitClause) for clause in message.clauses[:-2]):
            self.refuse_search(session, "MAX_RESULTS comes last")
            self.end_search(session)
        else:
            super().on_search(session, message)


# --- words


@mutant(breaks="NAP-SRC-06")
class SearchesForTheFirstWord(Server):
    """Looks at the first word of a clause only."""

    def wanted_words(self, text: str) -> list[bytes]:
        return super().wanted_words(text)[:1]


@mutant(breaks="NAP-SRC-07")
class TakesTheLastClause(Server):
    """Lets a later FILENAME CONTAINS take the place of an earlier one."""

    def required_words(self, clauses: Sequence[Clause]) -> list[bytes]:
        texts = [each for each in clauses if isinstance(each, FilenameClause) and each.relation == "CONTAINS"]
        return super().required_words(texts[-1:])


@mutant(breaks="NAP-SRC-08")
class KnowsNoCapitals(Server):
    """Keeps words in small letters, and does not lower those of a query."""

    def words(self, text: str) -> list[bytes]:
        return [b"'" + word if text != text.lower() else word for word in super().words(text)]


@mutant(breaks="NAP-SRC-09")
class LeavesOutTheFolders(Server):
    """Finds files by their names without the folder."""

    def found(self, wanted: Wanted) -> list[Entry]:
        found = [(each, from_text(each.file.name).lower().rpartition(b"\\")[2]) for each in super().found(wanted)]
        return [each for each, name in found if all(word in name for word in wanted.words)]


@mutant(breaks="NAP-SRC-09")
class TakesHyphensForLetters(Server):
    """Parts the words of a path at blanks, points and backslashes alone."""

    def found(self, wanted: Wanted) -> list[Entry]:
        found = [(each, re.split(rb"[ .\\]", from_text(each.file.name).lower())) for each in super().found(wanted)]
        return [each for each, words in found if all(word in words for word in wanted.words)]


# --- who finds what


@mutant(breaks="NAP-SRC-11")
class FindsOnesOwnFiles(Server):
    """Gives users their own files."""

    def left_out(self, session: Session) -> int | None:
        return None


@mutant(breaks="NAP-SRC-12")
class IgnoresFirewalls(Server):
    """Gives firewalled users files of firewalled users."""

    def must_be_reachable(self, session: Session) -> bool:
        return False


# --- how many


@mutant(breaks="NAP-SRC-17")
class IgnoresTheMaximum(Server):
    """Gives as many results as it likes."""

    def asked_results(self, clauses: Sequence[Clause]) -> list[int]:
        return []


@mutant(breaks="NAP-SRC-17")
class GivesOneMore(Server):
    """Gives one result more than MAX_RESULTS says."""

    def asked_results(self, clauses: Sequence[Clause]) -> list[int]:
        return [number + 1 for number in super().asked_results(clauses)]


@mutant(breaks="NAP-SRC-18")
class HasNoLimitOfItsOwn(Server):
    """Gives as many results as there are."""

    def most_results(self) -> int:
        return 1_000_000


@mutant(breaks="NAP-SRC-19")
class TakesZeroForAll(Server):
    """Gives all results when MAX_RESULTS is 0."""

    def limit(self, clauses: Sequence[Clause]) -> int:
        return super().limit(clauses) or 1_000_000


# --- queries that mean nothing


@mutant(breaks="NAP-SRC-20")
class FindsNothingInSilence(Server):
    """Answers a query that it cannot read as one that finds nothing."""

    def refuse_search(self, session: Session, text: str) -> None:
        pass


@mutant(breaks="NAP-SRC-20")
class ReadsAsFarAsItCan(Server):
    """Passes over clauses that it cannot read."""

    def on_bad_search(self, session: Session, body: bytes, error: DecodeError) -> None:
        words = re.match(rb'FILENAME CONTAINS "([^"]*)"', body)
        self.on_search(session, Search((FilenameClause("CONTAINS", to_text(words[1] if words else b"")),)))


@mutant(breaks="NAP-SRC-21")
class LosesItsPlaceAtQuotes(Server):
    """Throws away what has come behind a query that it cannot read."""

    def on_bad_search(self, session: Session, body: bytes, error: DecodeError) -> None:
        super().on_bad_search(session, body, error)
        session.inbox.clear()
        session.inbox_size = 0
