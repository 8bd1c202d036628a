"""The index: which user shares which files, and which files a search finds.

Rules of this file:

- An entry is one file of one user. Equal files are never made one (NAP-SHR-16); who wants a name only once of a user
  asks `file` first.
- SQLite keeps it, in a table of files and a full-text index of their words and properties (`postings`). The full-text
  index proposes, the table decides: it has the numbers themselves.
- A search gives the entries that were shared first, and ends when it has as many as are wanted. It leaves out none.
- A file that is taken back leaves the table at once, and with that all searches. What stands for it in the full-text
  index is struck out later, together with others, since that is dear. How much waits is bounded, and so is how much of
  it one call strikes out: `SLICE` files or, if that is more, one in `SHARE` of those that wait.
- When a user's link type changes, or whether it is firewalled, what stands in the full-text index for its files becomes
  wrong and is left so: searches are told which users these are.
- Nothing outlives the index. It is in memory or, `on_disk`, in a temporary file of SQLite's own that has no name, so
  that a server which is killed leaves nothing behind. (Some builds of SQLite keep such files in memory.) It needs no
  journal: one transaction lasts as long as it does.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from ....codecs.constructs import from_text, to_text
from .postings import SCHEMA as POSTINGS
from .postings import Postings, Row, Wanted
from .tags import ANY

SLICE, SHARE = 256, 8

CACHE = 65_536
"""KiB of a temporary file that are kept in memory."""

_FILE = """
    id INTEGER PRIMARY KEY, user INTEGER NOT NULL, name BLOB NOT NULL, md5 BLOB NOT NULL, size INTEGER NOT NULL,
    bitrate INTEGER NOT NULL, frequency INTEGER NOT NULL, seconds INTEGER NOT NULL, kind TEXT NOT NULL,
    link INTEGER NOT NULL, firewalled INTEGER NOT NULL
"""
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -{CACHE};
CREATE TABLE users (user INTEGER PRIMARY KEY, link INTEGER NOT NULL, firewalled INTEGER NOT NULL);
CREATE TABLE files ({_FILE});
CREATE INDEX names ON files (user, name);
CREATE INDEX contents ON files (md5, size);
CREATE TABLE gone ({_FILE});
{POSTINGS}
BEGIN;
"""

_LINK = "(SELECT users.link FROM users WHERE users.user = files.user)"
_FIREWALLED = "(SELECT users.firewalled FROM users WHERE users.user = files.user)"
_COMPARED = {"size": "size", "bitrate": "bitrate", "frequency": "frequency", "seconds": "seconds", "link": _LINK}
_ENTRY = "user, name, md5, size, bitrate, frequency, seconds, kind"
_SEARCH = (
    f"SELECT {_ENTRY} FROM postings CROSS JOIN files ON files.id = postings.rowid"  # noqa: S608 - all of it is ours
    " WHERE postings MATCH CAST(? AS TEXT)"
)
_FILES = f"SELECT {_ENTRY} FROM files WHERE"  # noqa: S608
_INSERT = f"INSERT INTO files VALUES ({', '.join('?' * len(Row._fields))})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file as it was shared: `size` in bytes, `bitrate` in kbit/s, `frequency` in Hz, `kind` a word of a TYPE clause.

    Name and checksum are text in which every byte that is no UTF-8 is a lone surrogate, as codecs give it.
    """

    name: str
    md5: str
    size: int
    bitrate: int = 0
    frequency: int = 0
    seconds: int = 0
    kind: str = "mp3"


class Entry(NamedTuple):
    """A file and the user who shares it."""

    user: int
    file: SharedFile


class Index:
    """The files of the users who are there. A user is a number that the caller chooses.

    Raises sqlite3.OperationalError when SQLite was built without FTS5.
    """

    def __init__(self, *, on_disk: bool = False) -> None:
        self._store = sqlite3.connect("" if on_disk else ":memory:", isolation_level=None, check_same_thread=False)
        self._store.executescript(_SCHEMA)
        self._postings = Postings(self._store)
        self._users: dict[int, tuple[int, bool]] = {}
        self._moved: set[int] = set()
        self._last = 0
        self._waiting = 0

    def release(self) -> None:
        """Let go of memory and file. There is no index any more."""
        self._store.close()

    def size(self) -> int:
        """Return how many bytes the tables take, in memory or in the file."""
        pages, each = (self._store.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages * each)

    # Users

    def __contains__(self, user: int) -> bool:
        return user in self._users

    def join(self, user: int, *, link: int, firewalled: bool) -> None:
        """Begin with a user, who shares nothing yet. `link` is a link type, `firewalled` that no one can connect."""
        self._users[user] = link, firewalled
        self._store.execute("INSERT INTO users VALUES (?, ?, ?)", (user, link, firewalled))

    def move(self, user: int, *, link: int, firewalled: bool) -> None:
        """Note what has changed of a user who has joined. It holds for all of the user's files."""
        if self._users[user] == (link, firewalled):
            return
        self._users[user] = link, firewalled
        self._store.execute("UPDATE users SET link = ?, firewalled = ? WHERE user = ?", (link, firewalled, user))
        if self.files(user, 1):
            self._moved.add(user)

    def leave(self, user: int) -> None:
        """Forget a user who has joined, and all of its files."""
        self.clear(user)
        del self._users[user]
        self._store.execute("DELETE FROM users WHERE user = ?", (user,))

    # Files

    def share(self, user: int, file: SharedFile) -> None:
        """Enter a file of a user who has joined."""
        self._last += 1
        row = _row(self._last, user, file, *self._users[user])
        self._store.execute(_INSERT, row)
        self._postings.post(row)

    def unshare(self, user: int, name: str) -> int:
        """Take back what a user shares under this name; return how many files that were."""
        return self._take("user = ? AND name = ?", user, from_text(name))

    def clear(self, user: int) -> int:
        """Take back all files of a user; return how many they were."""
        self._moved.discard(user)
        return self._take("user = ?", user)

    def file(self, user: int, name: str) -> SharedFile | None:
        """Return the file that a user shares under this name, None when there is none."""
        row = self._store.execute(f"{_FILES} user = ? AND name = ?", (user, from_text(name))).fetchone()
        return _entry(*row).file if row else None

    def files(self, user: int, limit: int = -1) -> list[SharedFile]:
        """Return the files of a user in the order of their names, `limit` at most, or all."""
        rows = self._store.execute(f"{_FILES} user = ? ORDER BY name LIMIT ?", (user, limit))
        return [_entry(*row).file for row in rows]

    def copies(self, md5: str, size: int, limit: int = -1) -> list[Entry]:
        """Return the entries with a checksum and a size, `limit` at most, or all."""
        rows = self._store.execute(f"{_FILES} md5 = ? AND size = ? LIMIT ?", (from_text(md5), size, limit))
        return [_entry(*row) for row in rows]

    # Searching

    def search(self, wanted: Wanted) -> list[Entry]:
        """Return the entries that a search asks for, in the order in which they were shared."""
        proposed = self._postings.expression(wanted, self._moved)
        if proposed is None or wanted.limit <= 0:
            return []
        conditions, values = _compared(wanted)
        statement = " AND ".join([_SEARCH, *conditions])
        rows = self._store.execute(f"{statement} LIMIT ?", (proposed, *values, wanted.limit))
        return [_entry(*row) for row in rows]

    # Striking out

    def _take(self, which: str, *values: object) -> int:
        """Take files out of the table and let them wait to be struck out; return how many they were."""
        self._store.execute(f"INSERT INTO gone SELECT * FROM files WHERE {which}", values)  # noqa: S608
        taken = self._store.execute(f"DELETE FROM files WHERE {which}", values).rowcount  # noqa: S608
        self._waiting += taken
        if self._waiting >= SLICE:
            self._strike(max(SLICE, self._waiting // SHARE))
        return taken

    def _strike(self, count: int) -> None:
        """Strike out the first of those that wait, in the order of their numbers."""
        rows = self._store.execute("SELECT * FROM gone ORDER BY id LIMIT ?", (count,)).fetchall()
        self._postings.strike(Row(*row) for row in rows)
        self._waiting -= self._store.execute("DELETE FROM gone WHERE id <= ?", rows[-1][:1]).rowcount


def _row(number: int, user: int, file: SharedFile, link: int, firewalled: bool) -> Row:
    return Row(
        number,
        user,
        from_text(file.name),
        from_text(file.md5),
        file.size,
        file.bitrate,
        file.frequency,
        file.seconds,
        file.kind,
        link,
        firewalled,
    )


def _entry(user: int, name: bytes, md5: bytes, size: int, *others: Any) -> Entry:
    return Entry(user, SharedFile(to_text(name), to_text(md5), size, *others))


def _compared(wanted: Wanted) -> tuple[list[str], list[int]]:
    """Return the conditions that the table decides, and the values in them."""
    spans = {_COMPARED[name]: getattr(wanted, name) for name in _COMPARED}
    limited = {column: span for column, span in spans.items() if span != ANY}
    conditions = [f"{column} BETWEEN ? AND ?" for column in limited]
    if wanted.reachable:
        conditions.append(f"NOT {_FIREWALLED}")
    return conditions, [number for span in limited.values() for number in span]
