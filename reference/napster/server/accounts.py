"""What survives the server: accounts and bans, in SQLite.

Rules of this file:

- Every change is a transaction of its own, on disk before the method returns (NAP-REG-08): a process that is killed
  afterwards, or a machine that loses its power, has lost nothing that was told to anybody. Only `set_seen` does not
  wait for the disk.
- Nicks are looked up by a folded name that the caller gives; how names are folded is the server's rule.
- Passwords are kept as salted hashes. They cross the network in plain text all the same: the hash protects the file.
- Text is stored as the bytes that it came in, since those need not be UTF-8.
- Times are Unix times in seconds.
"""

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....codecs.constructs import from_text, to_text

ROUNDS = 100
"""Rounds of PBKDF2. Few, because a login must not hold up the other users (NAP-LIM-05), and because whoever wants the
passwords has only to listen."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    name BLOB PRIMARY KEY, nick BLOB NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL, email BLOB NOT NULL,
    level TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL, nuked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bans (
    mask BLOB PRIMARY KEY, shown BLOB NOT NULL, is_address INTEGER NOT NULL, operator BLOB NOT NULL,
    reason BLOB NOT NULL, since INTEGER NOT NULL, seconds INTEGER
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An account as it is stored; the password is asked about with `Accounts.opens`."""

    nick: str
    email: str
    level: str
    created: int
    seen: int


@dataclass(frozen=True, slots=True)
class StoredBan:
    """A ban of an address or of a nick, by `operator`; with `seconds` it ends that long after `since`."""

    shown: str
    is_address: bool
    operator: str
    reason: str
    since: int
    seconds: int | None


class Accounts:
    """The store, in the file `database` or, with None, in memory. Raises sqlite3.Error for a file that is no database.

    Salts are given by the caller, since a node has no randomness of its own.
    """

    def __init__(self, database: Path | None = None) -> None:
        self._store = sqlite3.connect(database or ":memory:", isolation_level=None, check_same_thread=False)
        self._store.execute("PRAGMA journal_mode = WAL")
        self._store.execute("PRAGMA synchronous = FULL")
        self._store.executescript(_SCHEMA)

    def release(self) -> None:
        """Let go of the file. Nothing is left to be written."""
        self._store.close()

    # Accounts

    def register(self, name: str, nick: str, password: str, email: str, level: str, at: int, salt: bytes) -> None:
        """Make an account, in the place of one that was deleted.

        Raises sqlite3.IntegrityError for a name that is taken.
        """
        self._store.execute("BEGIN IMMEDIATE")
        try:
            self._change("DELETE FROM accounts WHERE name = ? AND nuked", name)
            self._change(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, 0)",
                name,
                nick,
                salt,
                _hash(password, salt),
                email,
                level,
                at,
                at,
            )
        except sqlite3.Error:
            self._store.execute("ROLLBACK")
            raise
        self._store.execute("COMMIT")

    def account(self, name: str) -> Stored | None:
        """Return the account of a name, None when there is none."""
        row = self._row("SELECT nick, email, level, created, seen FROM accounts WHERE name = ? AND NOT nuked", name)
        if row is None:
            return None
        nick, email, *others = row
        return Stored(to_text(nick), to_text(email), *others)

    def opens(self, name: str, password: str) -> bool:
        """Return whether there is an account of this name and the password is its own."""
        row = self._row("SELECT salt, hash FROM accounts WHERE name = ? AND NOT nuked", name)
        return row is not None and hmac.compare_digest(_hash(password, row[0]), row[1])

    def set_password(self, name: str, password: str, salt: bytes) -> bool:
        """Change a password; False when there is no such account."""
        hashed = _hash(password, salt)
        return self._change("UPDATE accounts SET salt = ?, hash = ? WHERE name = ? AND NOT nuked", salt, hashed, name)

    def set_email(self, name: str, email: str) -> bool:
        """Change an e-mail address; False when there is no such account."""
        return self._change("UPDATE accounts SET email = ? WHERE name = ? AND NOT nuked", email, name)

    def set_level(self, name: str, level: str) -> bool:
        """Change a level; False when there is no such account."""
        return self._change("UPDATE accounts SET level = CAST(? AS TEXT) WHERE name = ? AND NOT nuked", level, name)

    def set_seen(self, name: str, at: int) -> bool:
        """Note when the user was last seen; False when there is no such account.

        Users leave by the thousand when a network fails, and the disk would hold up those who stay.
        """
        self._store.execute("PRAGMA synchronous = NORMAL")
        try:
            return self._change("UPDATE accounts SET seen = ? WHERE name = ? AND NOT nuked", at, name)
        finally:
            self._store.execute("PRAGMA synchronous = FULL")

    def nuke(self, name: str) -> bool:
        """Delete an account so that `restore` can bring it back; False when there is no such account."""
        return self._change("UPDATE accounts SET nuked = 1 WHERE name = ? AND NOT nuked", name)

    def restore(self, name: str) -> bool:
        """Bring back a deleted account; False when there is none, or its nick has been registered anew."""
        return self._change("UPDATE accounts SET nuked = 0 WHERE name = ? AND nuked", name)

    def count(self) -> int:
        """Return how many accounts there are."""
        return int(self._store.execute("SELECT count(*) FROM accounts WHERE NOT nuked").fetchone()[0])

    # Bans

    def ban(self, mask: str, ban: StoredBan) -> None:
        """Ban an address or a folded name, in the place of an older ban of it."""
        self._change(
            "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?, ?, ?)",
            mask,
            ban.shown,
            ban.is_address,
            ban.operator,
            ban.reason,
            ban.since,
            ban.seconds,
        )

    def unban(self, mask: str) -> bool:
        """Lift a ban; False when there is none."""
        return self._change("DELETE FROM bans WHERE mask = ?", mask)

    def banned(self, mask: str) -> StoredBan | None:
        """Return the ban of an address or a folded name, None when there is none. Whether it is over is for others."""
        row = self._row(f"{_BANS} WHERE mask = ?", mask)
        return _ban(*row) if row else None

    def bans(self) -> Iterator[StoredBan]:
        """Yield all bans, oldest first."""
        for row in self._store.execute(f"{_BANS} ORDER BY since, mask").fetchall():
            yield _ban(*row)

    def _row(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._store.execute(statement, _stored(values)).fetchone()
        return row

    def _change(self, statement: str, *values: object) -> bool:
        return self._store.execute(statement, _stored(values)).rowcount > 0


_BANS = "SELECT shown, is_address, operator, reason, since, seconds FROM bans"


def _ban(shown: bytes, is_address: int, operator: bytes, reason: bytes, since: int, seconds: int | None) -> StoredBan:
    return StoredBan(to_text(shown), bool(is_address), to_text(operator), to_text(reason), since, seconds)


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", from_text(password), salt, ROUNDS)


def _stored(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(from_text(value) if isinstance(value, str) else value for value in values)
