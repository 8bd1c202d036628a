"""A user of the server: a connection with a nick, and the questions that many cases ask on it."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...codecs.framing import Opaque
from ...codecs.message import Message
from ...codecs.napster import (
    Browse,
    BrowseEnd,
    BrowseEntry,
    Clause,
    FilenameClause,
    LoginAck,
    Packet,
    Search,
    SearchEnd,
    SearchResult,
    Stats,
    StatsRequest,
    UserSpeed,
    UserSpeedRequest,
    Whois,
    WhoisRequest,
)
from .connection import M, RawUser, decoded

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench

_LOWER = {ord(letter): ord(letter.lower()) for letter in string.ascii_uppercase}


def folded(nick: str) -> str:
    """A nick as it is compared: without regard to the case of ASCII letters."""
    return nick.translate(_LOWER)


class User(RawUser):
    """A user with a nick. The bench logs it in (`bench.user`)."""

    def __init__(self, bench: Bench, wire: Wire, nick: str, *, password: str, port: int, link: int) -> None:
        super().__init__(bench, wire)
        self.nick = nick
        self.password = password
        self.port = port
        """The data port of its login; 0 when it is firewalled."""
        self.link = link
        """The link type of its login."""
        self.email = ""
        """What the acknowledgement of its login said; empty when there is none."""
        self.accepted = False
        """Whether the login was acknowledged."""
        self._own_requests = 0
        self._own_answers: list[int] = []
        """Where in the log these requests are answered."""

    def enter(self, login: Message | Packet) -> LoginAck | None:
        answer = super().enter(login)
        if answer is not None:
            self.accepted, self.email = True, answer.email
        return answer

    def send(self, *what: Message | Packet | Opaque | bytes) -> None:
        for each in what:
            if isinstance(each, UserSpeedRequest) and self._is_me(each.nick):
                self._own_requests += 1
        super().send(*what)

    def _is_me(self, nick: str) -> bool:
        return folded(nick) == folded(self.nick)

    def _sync(self, unwanted: Callable[[], M | None]) -> M | None:
        self.send(UserSpeedRequest(self.nick))
        return self._passed(self._all_answered, unwanted)

    def _note(self, packet: Packet) -> None:
        if packet.type == UserSpeed.wire_type:
            message = decoded(packet, UserSpeed)
            if message is not None and self._is_me(message.nick):
                self._own_answers.append(len(self.log) - 1)

    def _all_answered(self) -> bool:
        """Whether each request for one's own link type is answered. The last answer is the fence's, and is consumed."""
        if len(self._own_answers) < self._own_requests:
            return False
        self._left.pop(self._own_answers[self._own_requests - 1], None)
        return True

    # --- what many cases ask

    def link_of(self, nick: str) -> int | None:
        """The link type that the server gives for a nick; None when it gives none, as for who is not there."""
        self.send(UserSpeedRequest(nick))
        self.sync()
        found = self.take(UserSpeed, lambda got: folded(got.nick) == folded(nick))
        return found[-1].link if found else None

    def whois(self, nick: str) -> Whois | None:
        """What the server says of a user; None when it says nothing, as of who is not there."""
        self.send(WhoisRequest(nick))
        self.sync()
        found = self.take(Whois, lambda got: folded(got.nick) == folded(nick))
        self._assert_readable(Whois)
        return found[-1] if found else None

    def stats(self) -> Stats:
        """The numbers of a 214, asked for now."""
        self.sync()
        self.take(Stats)
        self.send(StatsRequest())
        return self.expect(Stats)

    def find(self, words: str, *clauses: Clause) -> list[SearchResult]:
        """The results of a search for words in the path, and for what else the clauses say."""
        return self.ask(FilenameClause("CONTAINS", words), *clauses)

    def ask(self, *clauses: Clause) -> list[SearchResult]:
        """The results of a search of these clauses, in this order."""
        self.send(Search(clauses))
        return self.answers(SearchResult, until=SearchEnd)

    def browse(self, nick: str) -> list[BrowseEntry]:
        """The files of a user."""
        self.send(Browse(nick))
        return self.answers(BrowseEntry, until=BrowseEnd)
