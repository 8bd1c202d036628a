"""How long the Napster server's index takes for a search, beside what a plain scan costs, and what changes cost.

    python -m benchmarks.napster_index [--files N] [--users N] [--queries N] [--scans N] [--disk] [--seed N] [--check]

Fills an index with files that `napster_files` makes up, and asks it what `napster_searches` does, each kind of search
equally often. Prints two Markdown tables: milliseconds of a search, and microseconds of changes. For a few searches of
each kind the same is asked of two plain scans, and what the index gives is compared with what the first of them gives:

- `scan`: Python goes through a list of all files and stops at the 100th result;
- `LIKE`: SQLite goes through a table of all names. (It finds parts of words as well; only its time is of interest.)

Times are of the processor; in memory nothing else is waited for. With `--check` the exit code is 1 when the 99th
percentile of all searches is above 20 ms.
"""

import argparse
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from time import perf_counter, thread_time

from peerspec.codecs.constructs import from_text
from peerspec.reference.napster.server.index import Entry, Index
from peerspec.reference.napster.server.postings import Wanted
from peerspec.reference.napster.server.tags import words_of

from .napster_files import MOST, Sharer, sharers
from .napster_searches import KINDS, searches

CEILING = 0.020
LARGE = 4_000
NUMBERS = ("size", "bitrate", "frequency", "seconds")


@dataclass
class Times:
    """How long something took, each time, in seconds of the processor; `passed` are seconds of the clock."""

    used: list[float] = field(default_factory=list)
    passed: list[float] = field(default_factory=list)

    def measure(self, call: Callable[[], object]) -> None:
        clock, processor = perf_counter(), thread_time()
        call()
        self.used.append(thread_time() - processor)
        self.passed.append(perf_counter() - clock)

    def add(self, other: "Times") -> None:
        self.used += other.used
        self.passed += other.passed


def percentile(times: Sequence[float], part: float) -> float:
    """Return the time that so many of a hundred do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part / 100))]


# What is compared


class PlainScan:
    """All files in a list, in the order in which they were shared."""

    def __init__(self, users: Sequence[Sharer]) -> None:
        self._users = users
        self._files = [
            (number, from_text(file.name).lower(), file) for number, user in enumerate(users) for file in user.files
        ]

    def search(self, wanted: Wanted) -> list[Entry]:
        found = []
        words, without = set(wanted.words), set(wanted.without)
        for user, name, file in self._files:
            if all(word in name for word in words) and user != wanted.not_of:
                path = set(words_of(name))
                sharer = self._users[user]
                if (
                    words <= path
                    and without.isdisjoint(path)
                    and all(between(getattr(file, number), getattr(wanted, number)) for number in NUMBERS)
                    and between(sharer.link, wanted.link)
                    and not (wanted.reachable and sharer.firewalled)
                ):
                    found.append(Entry(user, file))
                    if len(found) == wanted.limit:
                        break
        return found


def between(number: int, span: tuple[int, int]) -> bool:
    return span[0] <= number <= span[1]


class PlainTable:
    """All files in a table of SQLite's without any index."""

    def __init__(self, users: Sequence[Sharer]) -> None:
        self._store = sqlite3.connect(":memory:")
        self._store.execute("CREATE TABLE files (user, name, size, bitrate, frequency, seconds, link, firewalled)")
        self._store.executemany(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, file.name, file.size, file.bitrate, file.frequency, file.seconds, user.link, user.firewalled)
                for number, user in enumerate(users)
                for file in user.files
            ),
        )

    def search(self, wanted: Wanted) -> list[tuple[object, ...]]:
        conditions = ["user <> ?", *("name LIKE ?" for _ in wanted.words), *("name NOT LIKE ?" for _ in wanted.without)]
        conditions += [f"{number} BETWEEN ? AND ?" for number in (*NUMBERS, "link")]
        values: list[object] = [wanted.not_of, *(f"%{word.decode()}%" for word in (*wanted.words, *wanted.without))]
        for number in (*NUMBERS, "link"):
            values += getattr(wanted, number)
        if wanted.reachable:
            conditions.append("NOT firewalled")
        statement = f"SELECT * FROM files WHERE {' AND '.join(conditions)} LIMIT ?"
        return self._store.execute(statement, (*values, wanted.limit)).fetchall()


# What is measured


@dataclass
class Row:
    """What was measured of one kind of search."""

    name: str
    times: Times = field(default_factory=Times)
    scan: Times = field(default_factory=Times)
    like: Times = field(default_factory=Times)

    def cells(self) -> list[str]:
        used, passed = self.times.used, self.times.passed
        cells = [milliseconds(percentile(used, part)) for part in (50, 99)] + [milliseconds(max(used))]
        cells += [milliseconds(percentile(passed, 99)) if passed else ""]
        return [
            *cells,
            *(milliseconds(percentile(times.used, 50)) if times.used else "" for times in (self.scan, self.like)),
        ]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.2f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"


def fill(index: Index, users: Sequence[Sharer]) -> Times:
    """Let all users share their files; return how long each share took."""
    times = Times()
    for number, user in enumerate(users):
        share_all(index, number, user, times)
    return times


def share_all(index: Index, number: int, user: Sharer, times: Times) -> None:
    index.join(number, link=user.link, firewalled=user.firewalled)
    for file in user.files:
        times.measure(partial(index.share, number, file))


def ask(index: Index, users: Sequence[Sharer], queries: int, seed: int) -> list[Row]:
    """Return how long the searches of each kind took, and at the end all of them together."""
    rows = []
    for kind in KINDS:
        rows.append(Row(kind.name))
        for wanted in searches(kind, Random(f"{seed} {kind.name}"), users, queries):
            rows[-1].times.measure(partial(index.search, wanted))
    every = Row("**all of these**")
    for row in rows:
        every.times.add(row.times)
    return [*rows, every]


def compare(rows: Sequence[Row], index: Index, users: Sequence[Sharer], scans: int, seed: int) -> None:
    """Add how long the plain scans take. Raises AssertionError when the index gives something else."""
    scan, like = PlainScan(users), PlainTable(users)
    for kind, row in zip(KINDS, rows, strict=False):
        for wanted in searches(kind, Random(f"{seed} {kind.name}"), users, scans):
            row.scan.measure(partial(scan.search, wanted))
            row.like.measure(partial(like.search, wanted))
            assert index.search(wanted) == scan.search(wanted), f"the index gives something else for {wanted}"


def change(index: Index, users: Sequence[Sharer], draw: Random) -> dict[str, Times]:
    """Return how long it takes that files are taken back, users leave, come back and change their link types."""
    times = {
        name: Times()
        for name in (
            "unshare",
            f"leave with {LARGE:,} files or more",
            "leave with 80 to 125 files",
            "change of link type",
        )
    }
    unshare, leave_large, leave_middle, move = times.values()
    large = [number for number, user in enumerate(users) if len(user.files) >= LARGE][:20]
    middle = [number for number, user in enumerate(users) if 80 <= len(user.files) <= 125][:200]
    for number in middle:
        for file in users[number].files[:10]:
            unshare.measure(partial(index.unshare, number, file.name))
            index.share(number, file)
        move.measure(partial(index.move, number, link=draw.randrange(11), firewalled=False))
        index.move(number, link=users[number].link, firewalled=users[number].firewalled)
    for leave, numbers in ((leave_middle, middle), (leave_large, large)):
        for number in numbers:
            leave.measure(partial(index.leave, number))
    for number in (*middle, *large):
        share_all(index, number, users[number], Times())
    return {name: each for name, each in times.items() if each.used}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="benchmarks.napster_index", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--files", type=int, default=1_000_000, help="files in the index (default: 1,000,000)")
    options.add_argument("--users", type=int, default=10_000, help="users who share them (default: 10,000)")
    options.add_argument("--queries", type=int, default=100, help="searches of each kind (default: 100)")
    options.add_argument("--scans", type=int, default=2, help="of these, how many are asked of the scans (default: 2)")
    options.add_argument("--disk", action="store_true", help="keep the index in a temporary file")
    options.add_argument("--seed", type=int, default=1, help="of files and searches (default: 1)")
    options.add_argument("--check", action="store_true", help=f"exit 1 if p99 is above {CEILING * 1000:g} ms")
    chosen = options.parse_args(arguments)
    if chosen.queries < 1 or chosen.scans < 0 or not chosen.users <= chosen.files <= chosen.users * MOST:
        options.error(f"at least one search of each kind, and 1 to {MOST:,} files a user are needed")

    users = list(sharers(Random(chosen.seed), chosen.users, chosen.files))
    index = Index(on_disk=chosen.disk)
    shares = fill(index, users)
    where = "on disk" if chosen.disk else "in memory"
    print(f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {where}")
    print(f"{chosen.files:,} files of {chosen.users:,} users, {index.size() / chosen.files:.0f} bytes a file\n")

    rows = ask(index, users, chosen.queries, chosen.seed)
    if chosen.scans:
        compare(rows, index, users, min(chosen.scans, chosen.queries), chosen.seed)
    changes = {"share": shares} | change(index, users, Random(chosen.seed))
    again = ask(index, users, chosen.queries, chosen.seed)[-1]
    again.name = "**all of these**, after the changes below"
    print(
        table(
            ("search, ms", "p50", "p99", "max", "p99, clock", "scan", "LIKE"),
            ([row.name, *row.cells()] for row in (*rows, again)),
        ),
        end="\n\n",
    )
    print(
        table(
            ("change, ms", "times", "mean", "p99", "max"), ([name, *summary(times)] for name, times in changes.items())
        )
    )

    worst = max(percentile(row.times.used, 99) for row in (rows[-1], again))
    if chosen.check and worst > CEILING:
        print(f"p99 of all searches is {worst * 1000:.1f} ms, above {CEILING * 1000:g}", file=sys.stderr)
        return 1
    return 0


def summary(times: Times) -> list[str]:
    used = times.used
    return [
        f"{len(used):,}",
        f"{sum(used) / len(used) * 1000:,.3f}",
        f"{percentile(used, 99) * 1000:,.3f}",
        milliseconds(max(used)),
    ]


if __name__ == "__main__":
    sys.exit(main())
