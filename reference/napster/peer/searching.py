"""The peer's own searches, and what they found.

Rules of this file:

- There is no number in a result: results belong to the search that has waited longest for its 202.
- A search that is asked for before the login goes out after it; one whose session ends is over.
- The number of searches kept, and of results of each, is bounded.
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random

from ....codecs.message import Message
from ....codecs.napster import FilenameClause, LimitClause, Search, SearchEnd, SearchResult
from .config import PeerConfig
from .handlers import handles
from .session import Session

MAXIMUM = 100
"""Results that a search asks for; servers give no more."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file of one user, as a search or a browse gave it. `ip` is empty and `link` 0 where that did not say."""

    nick: str
    file: str
    md5: str
    size: int
    bitrate: int
    frequency: int
    seconds: int
    ip: str = ""
    link: int = 0


@dataclass(slots=True, eq=False)
class Question:
    """A search or a browse: what is asked, what was found, and whether the answer has come to its end."""

    message: Message
    number: int
    found: list[Found] = field(default_factory=list)
    over: bool = False


class Searching(Session):
    """Own searches."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.searches: dict[int, Question] = {}
        self.unsent: deque[Question] = deque()
        self.unanswered: deque[Question] = deque()
        self._last_question = 0

    def search(self, now: float, words: str, *, maximum: int = MAXIMUM) -> int:
        """Search for files in whose paths all of `words` occur; returns the number of the search.

        Raises EncodeError for words that no message can hold.
        """
        self.now = now
        question = self.question(self.query(words, maximum))
        self.searches[question.number] = question
        while len(self.searches) > self.config.max_searches:
            del self.searches[next(iter(self.searches))]
        self.unsent.append(question)
        self.send_searches()
        return question.number

    def question(self, message: Message) -> Question:
        """Return a new question that is put by `message`. Raises EncodeError when that can't be sent."""
        self.framed(message)
        self._last_question += 1
        return Question(message, self._last_question)

    def results(self, search: int) -> tuple[Found, ...]:
        """Return what the search with this number has found so far, in order of arrival."""
        question = self.searches.get(search)
        return tuple(question.found) if question is not None else ()

    def query(self, words: str, maximum: int) -> Message:
        """Return the query for some words, in a quoted `FILENAME CONTAINS` (NAP-PER-15)."""
        return Search((FilenameClause("CONTAINS", self.quotable(words)), LimitClause(maximum)))

    def quotable(self, words: str) -> str:
        """Return words without what no quoted field can hold: quotes and control characters (NAP-TXT-10)."""
        return "".join(" " if character == '"' or character < " " else character for character in words)

    def send_searches(self) -> None:
        """Send the searches that wait, once there is a session."""
        while self.unsent and self.logged_in:
            question = self.unsent.popleft()
            if self.say(question.message):
                self.unanswered.append(question)
            else:
                question.over = True

    def arrived(self) -> None:
        """Send what was asked for before the login."""
        super().arrived()
        self.send_searches()

    def left(self) -> None:
        """End the searches that wait for an answer of the session that has ended."""
        super().left()
        for question in self.unanswered:
            question.over = True
        self.unanswered.clear()

    @handles(SearchResult)
    def on_search_result(self, message: SearchResult) -> None:
        """Keep a result."""
        if self.unanswered:
            self.keep(
                self.unanswered[0],
                Found(
                    message.nick,
                    message.file,
                    message.md5,
                    message.size,
                    message.bitrate,
                    message.frequency,
                    message.seconds,
                    message.ip,
                    message.link,
                ),
            )

    def keep(self, question: Question, found: Found) -> None:
        """Add to what a question has found, within bounds (NAP-LIM-11)."""
        if len(question.found) < self.config.max_found:
            question.found.append(found)

    @handles(SearchEnd)
    def on_search_end(self, message: SearchEnd) -> None:
        """End the search that has waited longest."""
        del message
        if self.unanswered:
            self.unanswered.popleft().over = True
