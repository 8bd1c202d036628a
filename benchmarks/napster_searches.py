"""Searches of every kind that an index finds hard or easy, made from a seed: what `napster_index` asks.

Rules of this file:

- Words are drawn as they occur: from names that are shared, or from the most frequent of all.
- Whoever searches is one of the users; three in ten are firewalled, and get nothing of other firewalled users.
- Every search wants 100 results, the most that a server gives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from peerspec.codecs.constructs import from_text
from peerspec.reference.napster.server.index import SharedFile
from peerspec.reference.napster.server.postings import Wanted
from peerspec.reference.napster.server.tags import Span, words_of

from .napster_files import FIREWALLED, Sharer, word

MUSIC = frozenset({"mp3"})
FREQUENT = ("mp3", "c", "music", "my", "d", *(word(rank) for rank in range(6)))
ALL = Wanted()
APART = (
    ("napster", "desktop"),
    ("napster", "documents"),
    ("windows", "music"),
    ("program", "mp3s"),
    ("napster", "d"),
)
NOTHING = (
    Wanted(bitrate=Span(321)),
    Wanted(bitrate=Span(0, 55)),
    Wanted(frequency=Span(48_001)),
    Wanted(size=Span(10**9)),
    Wanted(seconds=Span(3_600)),
    Wanted(link=Span(11)),
    Wanted(bitrate=Span(129, 159)),
)
HARDLY = (
    Wanted(bitrate=Span(56, 56), frequency=Span(22_050, 22_050)),
    Wanted(bitrate=Span(320), link=Span(1, 1)),
    Wanted(size=Span(3_840_000, 3_840_000)),
    Wanted(seconds=Span(480)),
    Wanted(frequency=Span(32_000, 32_000), link=Span(0, 0), bitrate=Span(160)),
    Wanted(size=Span(0, 1_000_000), seconds=Span(200)),
    Wanted(seconds=Span(241, 241), size=Span(4_000_000, 4_500_000)),
)
NEARLY = (
    Wanted(bitrate=Span(57)),
    Wanted(link=Span(2)),
    Wanted(size=Span(600_000)),
    Wanted(frequency=Span(0, 44_100)),
    Wanted(seconds=Span(60, 420), bitrate=Span(64)),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Searches of one kind; `make` draws one."""

    name: str
    make: Callable[[Random, Sequence[Sharer]], Wanted]


def wanted(text: str, without: str = "", like: Wanted = ALL) -> Wanted:
    """Return a search for the words of a text, its spans of numbers as in another."""
    return replace(like, words=words_of(from_text(text)), without=words_of(from_text(without)), kinds=MUSIC)


def some_file(random: Random, sharers: Sequence[Sharer]) -> SharedFile:
    """Return one of the files that are shared."""
    return random.choice(random.choice(sharers).files)


def title(random: Random, sharers: Sequence[Sharer]) -> list[str]:
    """Return the words of some file's name, without its folder and the end."""
    return some_file(random, sharers).name.rpartition("\\")[2].removesuffix(".mp3").replace("-", " ").split()


def one_word(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(random.choice(title(random, sharers)))


def two_words(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    words = title(random, sharers)
    return wanted(" ".join(random.sample(words, min(2, len(words)))))


def whole_path(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(some_file(random, sharers).name)


def as_clients_ask(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(
        " ".join(title(random, sharers)[:2]), like=Wanted(bitrate=Span(128), link=Span(random.choice((4, 6, 7))))
    )


def frequent_words(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(" ".join(random.sample(FREQUENT, 2)))


def words_apart(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(" ".join(random.choice(APART)))


def nothing_satisfies(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(random.choice(FREQUENT), like=random.choice(NOTHING))


def hardly_satisfied(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(random.choice(FREQUENT), like=random.choice(HARDLY))


def nearly_satisfied(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(random.choice(FREQUENT), like=random.choice(NEARLY))


def many_words(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(" ".join(word(rank) for rank in random.sample(range(100), 20)))


def unknown_word(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(f"{random.choice(FREQUENT)} qu{random.randrange(10**6)}")


def excluded_words(random: Random, sharers: Sequence[Sharer]) -> Wanted:
    return wanted(random.choice(title(random, sharers)), " ".join(random.sample(FREQUENT[1:], 2)))


KINDS = (
    Kind("one word of a name", one_word),
    Kind("two words of a name", two_words),
    Kind("all words of a path", whole_path),
    Kind("two words, bitrate and link type", as_clients_ask),
    Kind("two very frequent words", frequent_words),
    Kind("two frequent words that hardly meet", words_apart),
    Kind("a frequent word, what nothing satisfies", nothing_satisfies),
    Kind("a frequent word, what hardly anything satisfies", hardly_satisfied),
    Kind("a frequent word, what nearly all satisfies", nearly_satisfied),
    Kind("twenty frequent words", many_words),
    Kind("a frequent word and an unknown one", unknown_word),
    Kind("a word, and two frequent ones excluded", excluded_words),
)


def searches(kind: Kind, random: Random, sharers: Sequence[Sharer], count: int) -> list[Wanted]:
    """Return so many searches of a kind, each by some user."""
    return [
        replace(
            kind.make(random, sharers),
            reachable=random.random() < FIREWALLED,
            not_of=random.randrange(len(sharers)),
        )
        for _ in range(count)
    ]
