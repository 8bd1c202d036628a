"""Files and searches as a Napster server sees them, made from a seed: the data of `napster_index`.

Rules of this file:

- Words have the frequencies of a language: the word of rank r stands in proportion to 1/(r + 2.7). Artists are made of
  words, songs of an artist and more words, and a few songs are shared by very many users.
- The folders are those of the time, so some words (`mp3`, `c`, `music`) stand in nearly every path, and others in many
  paths that hardly have a word in common (`napster` and `desktop`).
- Users share as many files as in a Pareto distribution, 5,000 at most. What a user shares lies in one folder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from peerspec.reference.napster.server.index import SharedFile

VOCABULARY, ARTISTS, SONGS = 80_000, 20_000, 200_000
MOST = 5_000

FOLDERS = {
    "C:\\Program Files\\Napster\\Music\\": 30,
    "C:\\mp3\\": 20,
    "C:\\My Documents\\My Music\\": 15,
    "D:\\mp3\\": 12,
    "C:\\WINDOWS\\Desktop\\": 8,
    "D:\\Music\\": 8,
    "E:\\MP3s\\": 7,
}
BITRATES = {128: 80, 160: 6, 192: 6, 112: 2, 96: 2, 64: 2, 256: 1, 320: 0.8, 56: 0.2}
FREQUENCIES = {44_100: 96, 48_000: 2, 22_050: 1.5, 32_000: 0.5}
LINKS = {0: 5, 1: 0.5, 2: 2, 3: 3, 4: 30, 5: 3, 6: 5, 7: 25, 8: 15, 9: 8, 10: 3.5}
FIREWALLED = 0.3


@dataclass(frozen=True, slots=True)
class Sharer:
    """A user: link type, whether others can't connect to it, and its files."""

    link: int
    firewalled: bool
    files: list[SharedFile]


@dataclass(frozen=True, slots=True)
class Song:
    """A song: its words as they stand in a name, and its length in seconds."""

    name: str
    seconds: int


class Weighted:
    """Draws of numbers below `count`, number n in proportion to 1/(n + 2.7)^steepness."""

    def __init__(self, count: int, steepness: float) -> None:
        self._numbers = range(count)
        self._weights = list(accumulate((number + 2.7) ** -steepness for number in self._numbers))

    def draw(self, random: Random, count: int) -> list[int]:
        return random.choices(self._numbers, cum_weights=self._weights, k=count)


def word(rank: int) -> str:
    """Return the word of a rank, frequent words being short: "ba", "be", ... "zuzuzu"."""
    syllables = []
    rank += 1
    while rank:
        rank, syllable = divmod(rank - 1, 95)
        syllables.append("bcdfghjklmnprstvwxz"[syllable // 5] + "aeiou"[syllable % 5])
    return "".join(syllables)


def songs(random: Random) -> list[Song]:
    """Return all songs there are, the most popular first."""
    words = Weighted(VOCABULARY, 1.0)

    def some(counts: Sequence[int]) -> str:
        return " ".join(word(rank).title() for rank in words.draw(random, random.choice(counts)))

    artists = [some((1, 2, 2, 2, 3)) for _ in range(ARTISTS)]
    return [
        Song(f"{artists[artist]} - {some((1, 2, 2, 3, 3, 3, 4, 4, 5, 6))}", max(20, int(random.gauss(240, 60))))
        for artist in Weighted(ARTISTS, 0.8).draw(random, SONGS)
    ]


def sharers(random: Random, users: int, files: int) -> Iterator[Sharer]:
    """Yield so many users who share so many files in all; each has one at least, and `MOST` at most."""
    known = songs(random)
    popular = Weighted(SONGS, 0.7)
    links = random.choices(list(LINKS), list(LINKS.values()), k=users)
    folders = random.choices(list(FOLDERS), list(FOLDERS.values()), k=users)
    for count, link, folder in zip(counts(random, users, files), links, folders, strict=True):
        numbers: dict[int, None] = {}
        while len(numbers) < count:
            numbers |= dict.fromkeys(popular.draw(random, count))
        chosen = list(numbers)[:count]
        bitrates = random.choices(list(BITRATES), list(BITRATES.values()), k=count)
        frequencies = random.choices(list(FREQUENCIES), list(FREQUENCIES.values()), k=count)
        yield Sharer(
            link,
            random.random() < FIREWALLED,
            [
                shared(folder, number, known[number], bitrate, frequency)
                for number, bitrate, frequency in zip(chosen, bitrates, frequencies, strict=True)
            ],
        )


def counts(random: Random, users: int, files: int) -> list[int]:
    """Return how many files each user shares, in all as many as wanted."""
    if not users <= files <= users * MOST:
        raise ValueError(f"{users} users can share {users} to {users * MOST} files")
    parts = [random.paretovariate(1.2) for _ in range(users)]
    scale = files / sum(parts)
    found = [1]
    while sum(found) < files:
        found = [min(MOST, max(1, round(part * scale))) for part in parts]
        scale *= 1.02
    for user in random.sample(range(users), users):
        surplus = sum(found) - files
        if not surplus:
            break
        found[user] -= min(surplus, found[user] - 1)
    return found


def shared(folder: str, number: int, song: Song, bitrate: int, frequency: int) -> SharedFile:
    """Return a song as a user shares it. Copies of one bitrate have the same checksum and size."""
    size = song.seconds * bitrate * 125
    checksum = f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}{bitrate:016x}-{size}"
    return SharedFile(f"{folder}{song.name}.mp3", checksum, size, bitrate, frequency, song.seconds)
