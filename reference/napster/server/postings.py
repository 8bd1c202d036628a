"""The full-text half of the index: what stands there for a file, and the expression that proposes what a search wants.

Rules of this file:

- A file has the words of its path, and a tag for each property that can be asked for, its user's included. What was
  written for a file must be written again, to the letter, to strike it out.
- An expression proposes every file that a search wants and, at the ends of spans, some that it does not want. It never
  leaves out one that is wanted.
- Of a condition and its reverse the one that fewer files satisfy is asked for: `X AND few` or `X NOT few`. So no search
  walks through more than a part of the index for a condition that nearly all files satisfy, or nearly none.
- Files are written in the order of their numbers. SQLite gathers them in memory and writes them out in pieces; a file
  struck out is out of order and makes it write at once what it has gathered, so many are struck out together.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .tags import ANY, Kinds, Numbers, Span, Tags, words_of

SCHEMA = """
CREATE VIRTUAL TABLE postings USING fts5 (
    words, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '''=.'"
);
INSERT INTO postings (postings, rank) VALUES ('hashsize', 65536), ('pgsz', 1000);
"""

MAX_MOVED = 64
"""Users whose tags of link type and firewall are wrong; with more of them, the table alone decides about these."""


class Row(NamedTuple):
    """A row of the table of files. `link` and `firewalled` are those of the user when the file was posted."""

    id: int
    user: int
    name: bytes
    md5: bytes
    size: int
    bitrate: int
    frequency: int
    seconds: int
    kind: str
    link: int
    firewalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search asks for: files of which all of this is true, `limit` at most.

    A path must have all of `words` and none of `without`, each as `words_of` gives it. `kinds` is None for any kind,
    `reachable` leaves out the files of firewalled users, `not_of` those of one user.
    """

    words: Sequence[bytes] = ()
    without: Sequence[bytes] = ()
    kinds: frozenset[str] | None = None
    size: Span = ANY
    bitrate: Span = ANY
    frequency: Span = ANY
    seconds: Span = ANY
    link: Span = ANY
    reachable: bool = False
    not_of: int | None = None
    limit: int = 100


class Postings:
    """The full-text index in a database, whose schema has been made."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store
        self._kind = Kinds("kind")
        self._numbers = {name: Numbers(name) for name in ("size", "bitrate", "frequency", "seconds", "link")}
        self._firewalled = Kinds("firewalled")

    def post(self, file: Row) -> None:
        """Write what stands for a file; its number is the highest so far."""
        self._store.execute(
            "INSERT INTO postings (rowid, words) VALUES (?, CAST(? AS TEXT))", (file.id, self._counted(file, 1))
        )

    def strike(self, files: Iterable[Row]) -> None:
        """Strike out files, in the order of their numbers."""
        self._store.executemany(
            "INSERT INTO postings (postings, rowid, words) VALUES ('delete', ?, CAST(? AS TEXT))",
            [(file.id, self._counted(file, -1)) for file in files],
        )

    def _counted(self, file: Row, files: int) -> bytes:
        """Return the words and tags of a file, and count so many files more for each tag."""
        firewalled = _yes(file.firewalled)
        terms = words_of(file.name)
        terms += (_user(file.user), self._kind.tag(file.kind), self._firewalled.tag(firewalled))
        self._kind.count(file.kind, files)
        self._firewalled.count(firewalled, files)
        for name, numbers in self._numbers.items():
            place = numbers.place(getattr(file, name))
            place.count(files)
            terms.append(place.tags)
        return b" ".join(terms)

    def expression(self, wanted: Wanted, moved: Collection[int]) -> bytes | None:
        """Return the expression that proposes files for a search; None when there can be none.

        `moved` are the users whose tags of link type and firewall are wrong: theirs are proposed whatever these say.
        """
        asked = _Asked()
        for word in wanted.words:
            asked.all_of(word)
        for word in wanted.without:
            asked.none_of(word)
        if wanted.not_of is not None:
            asked.none_of(_user(wanted.not_of))
        for name in ("size", "bitrate", "frequency", "seconds"):
            asked.narrow(*self._numbers[name].halves(getattr(wanted, name)))
        if len(moved) <= MAX_MOVED:
            users = [_user(user) for user in moved]
            asked.narrow(*self._numbers["link"].halves(wanted.link), users)
            asked.narrow(
                *self._firewalled.halves([_yes(False)] if wanted.reachable else self._firewalled.values()), users
            )
        asked.found(*self._kind.halves(self._kind.values() if wanted.kinds is None else wanted.kinds))
        return asked.expression()


class _Asked:
    """An expression in the making: groups of terms of which a file must have one each, and terms it must not have."""

    def __init__(self) -> None:
        self._groups: list[bytes] = []
        self._never: list[bytes] = []
        self._impossible = False

    def all_of(self, term: bytes) -> None:
        self._groups.append(b'"%b"' % term)

    def none_of(self, term: bytes) -> None:
        self._never.append(b'"%b"' % term)

    def narrow(self, inside: Tags, outside: Tags, whatever: Sequence[bytes] = ()) -> None:
        """Ask for files with a tag of `inside`, or for those without one of `outside`, and for those of `whatever`."""
        if not outside.files:
            return
        if inside.files <= outside.files:
            self._one_of([*inside.terms, *whatever])
        elif whatever:
            self._never.append(b"((%b) NOT (%b))" % (_either(outside.terms), _either(whatever)))
        else:
            self._never.append(_either(outside.terms))

    def found(self, inside: Tags, outside: Tags) -> None:
        """The same, the last of all: something there must be that a file has, as a search can't begin with a NOT."""
        if self._groups:
            self.narrow(inside, outside)
        else:
            self._one_of(inside.terms)

    def _one_of(self, terms: Sequence[bytes]) -> None:
        self._impossible |= not terms
        self._groups.append(b"(%b)" % _either(terms))

    def expression(self) -> bytes | None:
        if self._impossible:
            return None
        groups = b" AND ".join(self._groups)
        return b"(%b) NOT (%b)" % (groups, b" OR ".join(self._never)) if self._never else groups


def _either(terms: Sequence[bytes]) -> bytes:
    return b" OR ".join(b'"%b"' % term for term in terms)


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _user(user: int) -> bytes:
    return b"user=%d" % user
