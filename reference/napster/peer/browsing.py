"""Looking at all files of a user, through the server.

Rules of this file:

- Entries belong to the browse of the nick in them.
- A browse that is asked for before the login goes out after it; one whose session ends is over.
"""

from random import Random

from ....codecs.napster import Browse, BrowseEnd, BrowseEntry
from .config import PeerConfig
from .handlers import handles
from .searching import Found, Question, Searching


class Browsing(Searching):
    """Own browses."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.browses: dict[str, Question] = {}

    def browse(self, now: float, nick: str) -> None:
        """Ask for all files of a user. Raises EncodeError for a nick that no message can hold."""
        self.now = now
        self.browses[self.folded(nick)] = question = self.question(Browse(nick))
        while len(self.browses) > self.config.max_searches:
            del self.browses[next(iter(self.browses))]
        if self.logged_in:
            self.say(question.message)

    def browsed(self, nick: str) -> tuple[Found, ...]:
        """Return what the last browse of a user has shown so far."""
        question = self.browses.get(self.folded(nick))
        return tuple(question.found) if question is not None else ()

    def arrived(self) -> None:
        """Send what was asked for before the login."""
        super().arrived()
        for question in self.browses.values():
            if not question.over:
                self.say(question.message)

    def left(self) -> None:
        """End the browses that wait for an answer of the session that has ended."""
        super().left()
        for question in self.browses.values():
            question.over = True

    @handles(BrowseEntry)
    def on_browse_entry(self, message: BrowseEntry) -> None:
        """Keep an entry."""
        question = self.browses.get(self.folded(message.nick))
        if question is not None and not question.over:
            self.keep(
                question,
                Found(
                    message.nick,
                    message.file,
                    message.md5,
                    message.size,
                    message.bitrate,
                    message.frequency,
                    message.seconds,
                ),
            )

    @handles(BrowseEnd)
    def on_browse_end(self, message: BrowseEnd) -> None:
        """End a browse."""
        question = self.browses.get(self.folded(message.nick))
        if question is not None:
            question.over = True
