"""Searching: what a query asks for, and what is said of the files that are found.

Rules of this file:

- The clauses of a query are all true of each result (NAP-SRC-16), in whatever order they stand (NAP-SRC-03).
- Results are followed by one 202, and so are errors. All of it is said before anything else is read (NAP-SRC-02).
- A search has at most `MAX_WORDS` words that a path must have and `MAX_EXCLUDED` that it must not have. With more it is
  refused, as each costs a walk through the index.
"""

from collections.abc import Collection, Sequence

from ....codecs.constructs import from_text
from ....codecs.errors import DecodeError
from ....codecs.napster import (
    Clause,
    FilenameClause,
    FlagClause,
    LimitClause,
    QualityClause,
    Search,
    SearchEnd,
    SearchResult,
    SpeedClause,
    TypeClause,
)
from .handlers import SEARCH_COST, handles, refuses
from .index import Entry
from .postings import Wanted
from .session import Session
from .sharing import Sharing
from .tags import ANY, Span, words_of

MAX_WORDS, MAX_EXCLUDED = 64, 16

HARD_SEARCH = 25 * SEARCH_COST
"""What a search costs of a turn: as much as the hardest, since how hard one is shows only afterwards."""

USUAL_KIND = "mp3"
ANY_KIND = "any"
"""What a TYPE clause says for all kinds."""


class Searching(Sharing):
    """Answers 200."""

    @handles(Search, cost=HARD_SEARCH)
    def on_search(self, session: Session, message: Search) -> None:
        """Give what a query finds, and the end of it."""
        wanted = self.wanted(session, message.clauses)
        if len(wanted.words) > MAX_WORDS or len(wanted.without) > MAX_EXCLUDED:
            self.refuse_search(session, f"search for {MAX_WORDS} words at most, and exclude {MAX_EXCLUDED}")
        else:
            flags = {clause.subject for clause in message.clauses if isinstance(clause, FlagClause)}
            self.say(session, *(self.result(entry, flags) for entry in self.found(wanted)))
        self.end_search(session)

    @refuses(Search)
    def on_bad_search(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Say that a query can't be read, give no results, and the end of them (NAP-SRC-20, NAP-SRC-21)."""
        if (query := self.without_last_blanks(body)) is not None:
            self.on_search(session, query)
            return
        self.refuse_search(session, f"invalid search request: {error.path}: {error.reason}")
        self.end_search(session)

    def without_last_blanks(self, body: bytes) -> Search | None:
        """Return the query before the blanks that a body ends with (NAP-TXT-04), or None. MP3-Napster sends one."""
        if not body.endswith(b" "):
            return None
        try:
            return Search.decode(body.rstrip(b" "))
        except DecodeError:
            return None

    def refuse_search(self, session: Session, text: str) -> None:
        """Say why nothing is searched for (NAP-SRC-20)."""
        self.error(session, text)

    def end_search(self, session: Session) -> None:
        """Say that there are no more results, once for each query (NAP-SRC-01)."""
        self.say(session, SearchEnd())

    def found(self, wanted: Wanted) -> list[Entry]:
        """Return the entries that satisfy all that is asked, and no others (NAP-SRC-16)."""
        return self.index.search(wanted)

    # What is asked

    def wanted(self, session: Session, clauses: Sequence[Clause]) -> Wanted:
        """Return what a query asks for, whatever the order of its clauses (NAP-SRC-03)."""
        return Wanted(
            words=self.required_words(clauses),
            without=self.excluded_words(clauses),
            kinds=self.kinds(clauses),
            bitrate=self.bitrates(clauses),
            link=self.link_types(clauses),
            frequency=self.frequencies(clauses),
            size=self.sizes(clauses),
            seconds=self.durations(clauses),
            reachable=self.must_be_reachable(session),
            not_of=self.left_out(session),
            limit=self.limit(clauses),
        )

    def required_words(self, clauses: Sequence[Clause]) -> list[bytes]:
        """Return the words that a path must have: those of every FILENAME CONTAINS (NAP-SRC-07), each once."""
        texts = self.texts(clauses, "CONTAINS")
        return list(dict.fromkeys(word for text in texts for word in self.wanted_words(text)))

    def excluded_words(self, clauses: Sequence[Clause]) -> list[bytes]:
        """Return the words that no path may have: those of FILENAME EXCLUDES (NAP-SRC-23), and those with a hyphen."""
        excluded = [word for text in self.texts(clauses, "EXCLUDES") for word in self.words(text)]
        excluded += [word for text in self.texts(clauses, "CONTAINS") for word in self.unwanted_words(text)]
        return list(dict.fromkeys(excluded))

    def texts(self, clauses: Sequence[Clause], relation: str) -> list[str]:
        """Return the texts of the FILENAME clauses of one sort."""
        return [
            clause.words for clause in clauses if isinstance(clause, FilenameClause) and clause.relation == relation
        ]

    def wanted_words(self, text: str) -> list[bytes]:
        """Return the words of a FILENAME CONTAINS that a path must have: all of them (NAP-SRC-06)."""
        return [word for part in text.split(" ") if not self.is_excluded(part) for word in self.words(part)]

    def unwanted_words(self, text: str) -> list[bytes]:
        """Return the words of a FILENAME CONTAINS that no path may have (NAP-SRC-24)."""
        return [word for part in text.split(" ") if self.is_excluded(part) for word in self.words(part)]

    def is_excluded(self, part: str) -> bool:
        """Return whether a part of a text, between blanks, is one that is not wanted: it has a hyphen before it."""
        return part.startswith("-")

    def words(self, text: str) -> list[bytes]:
        """Return the words of a text, as the words of paths are compared (NAP-SRC-08)."""
        return words_of(from_text(text))

    def bitrates(self, clauses: Sequence[Clause]) -> Span:
        """Return the bitrates for which every BITRATE comparison holds (NAP-SRC-13)."""
        return self.span_of("BITRATE", clauses)

    def link_types(self, clauses: Sequence[Clause]) -> Span:
        """Return the link types, the sharers', for which every LINESPEED comparison holds (NAP-SRC-14)."""
        return self.span_of("LINESPEED", clauses)

    def frequencies(self, clauses: Sequence[Clause]) -> Span:
        """Return the frequencies for which every FREQ comparison holds (NAP-SRC-15)."""
        return self.span_of("FREQ", clauses)

    def sizes(self, clauses: Sequence[Clause]) -> Span:
        """Return the sizes for which every SIZE comparison holds (NAP-SRC-25)."""
        return self.span_of("SIZE", clauses)

    def durations(self, clauses: Sequence[Clause]) -> Span:
        """Return the lengths in seconds for which every DURATION comparison holds (NAP-SRC-26)."""
        return self.span_of("DURATION", clauses)

    def span_of(self, subject: str, clauses: Sequence[Clause]) -> Span:
        """Return the numbers for which every comparison of one property holds."""
        span = ANY
        for clause in clauses:
            if isinstance(clause, SpeedClause | QualityClause) and clause.subject == subject:
                span = span.both(self.span(clause.comparison, clause.number))
        return span

    def span(self, comparison: str, number: int) -> Span:
        """Return the numbers for which one comparison holds; the number itself is always among them."""
        return {"AT LEAST": Span(number), "AT BEST": Span(0, number), "EQUAL TO": Span(number, number)}[comparison]

    def kinds(self, clauses: Sequence[Clause]) -> frozenset[str] | None:
        """Return the kinds of file that are asked for, None for all of them (NAP-SHR-22, NAP-SRC-27)."""
        asked = {clause.type for clause in clauses if isinstance(clause, TypeClause)}
        if ANY_KIND in asked:
            return None
        return frozenset(asked) or self.usual_kinds()

    def usual_kinds(self) -> frozenset[str] | None:
        """Return the kinds that a query finds which asks for none: music (NAP-SHR-23)."""
        return frozenset({USUAL_KIND})

    def must_be_reachable(self, session: Session) -> bool:
        """Return whether files of firewalled users are left out: if the searcher is firewalled as well (NAP-SRC-12)."""
        return session.firewalled

    def left_out(self, session: Session) -> int | None:
        """Return the user whose files are left out: the searcher (NAP-SRC-11)."""
        return session.id

    # How many

    def limit(self, clauses: Sequence[Clause]) -> int:
        """Return how many results are given at most."""
        return min([self.most_results(), *self.asked_results(clauses)])

    def asked_results(self, clauses: Sequence[Clause]) -> list[int]:
        """Return the numbers in MAX_RESULTS clauses (NAP-SRC-17); 0 asks for none, and not for all (NAP-SRC-19)."""
        return [clause.maximum for clause in clauses if isinstance(clause, LimitClause)]

    def most_results(self) -> int:
        """Return how many results any search has at most (NAP-SRC-18)."""
        return self.config.max_results

    # What is said

    def result(self, entry: Entry, flags: Collection[str]) -> SearchResult:
        """Return a result: the file as it was shared (NAP-SHR-01, NAP-SHR-02), and the user who shares it."""
        file = entry.file
        nick, ip, link = self.sharer(entry.user)
        return SearchResult(
            file.name,
            file.md5,
            file.size,
            file.bitrate,
            file.frequency,
            file.seconds,
            nick,
            ip,
            link,
            more=self.more(entry.user, flags),
        )

    def sharer(self, user: int) -> tuple[str, str, int]:
        """Return nick, address and link type of the session that shares a file (NAP-SHR-18)."""
        session = self.sharers[user]
        return session.nick, self.place(session)[0], session.link_type

    def more(self, user: int, flags: Collection[str]) -> str | None:
        """Return what SHOW_QUEUE adds, the number of uploads that wait, which is not known here, and SHOW_SOFTWARE."""
        program = f'"{self.sharers[user].client}"'
        return (
            " ".join(text for flag, text in (("SHOW_QUEUE", "n/a"), ("SHOW_SOFTWARE", program)) if flag in flags)
            or None
        )
