"""The index, beside a plain list of all that is shared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerspec.codecs.constructs import from_text
from peerspec.reference.napster.server import index as index_module
from peerspec.reference.napster.server import postings as postings_module
from peerspec.reference.napster.server.index import Entry, Index, SharedFile
from peerspec.reference.napster.server.postings import MAX_MOVED, Wanted
from peerspec.reference.napster.server.tags import ANY, Span, words_of

WORDS = ["a", "b", "c", "it's", "mp3", "Ä", "\udcff"]
"""Few, so that files have words in common."""

texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
names = st.lists(st.sampled_from([*WORDS, *"AB", "\\", "-", "=", '"', "\0"]), max_size=6).map("_".join)
numbers = st.sampled_from([0, 1, 2, 64, 128, 129, 44_100, 70_000, 70_001, 2**32 - 1, 2**32, 2**63 - 1])
links = st.sampled_from([0, 3, 4, 10])
kinds = st.sampled_from(["mp3", "image"])
files = st.builds(
    SharedFile, names, st.sampled_from(["f00", "f00-1", "\udc80"]), numbers, numbers, numbers, numbers, kinds
)


def spans(values: st.SearchStrategy[int]) -> st.SearchStrategy[Span]:
    return st.one_of(values.map(Span), st.builds(Span, values, values), values.map(lambda value: Span(0, value)))


def wanted_with(chosen: dict[str, Any]) -> Wanted:
    return Wanted(**chosen)


words = texts.map(lambda text: words_of(from_text(text)))
conditions = {
    "words": words,
    "without": words,
    "kinds": st.sets(kinds).map(frozenset),
    "size": spans(numbers),
    "bitrate": spans(numbers),
    "frequency": spans(numbers),
    "seconds": spans(numbers),
    "link": spans(links),
    "reachable": st.booleans(),
    "not_of": st.integers(1, 3),
    "limit": st.sampled_from([0, 1, 3]),
}
searches = (
    st.lists(st.sampled_from(sorted(conditions)), max_size=3, unique=True)
    .flatmap(lambda chosen: st.fixed_dictionaries({name: conditions[name] for name in chosen}))
    .map(wanted_with)
)


@dataclass
class Model:
    """What an index holds, as plain lists. Three people use it, each under the number of the session it is in."""

    index: Index
    users: dict[int, tuple[int, bool]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for person in range(3):
            self.people.append(person)
            self.join(person, 3, firewalled=person == 0)

    def join(self, person: int, link: int, *, firewalled: bool) -> None:
        user = self.people[person] = max(self.people) + 1
        self.users[user] = link, firewalled
        self.index.join(user, link=link, firewalled=firewalled)

    def leave(self, person: int, link: int, firewalled: bool) -> None:
        """One session ends, and the next one begins."""
        user = self.people[person]
        self.index.leave(user)
        del self.users[user]
        self.entries = [entry for entry in self.entries if entry.user != user]
        self.join(person, link, firewalled=firewalled)

    def move(self, person: int, link: int, firewalled: bool) -> None:
        user = self.people[person]
        self.index.move(user, link=link, firewalled=firewalled)
        self.users[user] = link, firewalled

    def share(self, person: int, several: list[SharedFile]) -> None:
        for file in several:
            self.index.share(self.people[person], file)
            self.entries.append(Entry(self.people[person], file))

    def unshare(self, number: int) -> None:
        user, name = 0, "unknown"
        if self.entries:
            user, name = (
                self.entries[number % len(self.entries)].user,
                self.entries[number % len(self.entries)].file.name,
            )
        kept = [entry for entry in self.entries if (entry.user, entry.file.name) != (user, name)]
        assert self.index.unshare(user, name) == len(self.entries) - len(kept)
        self.entries = kept

    def clear(self, person: int) -> None:
        kept = [entry for entry in self.entries if entry.user != self.people[person]]
        assert self.index.clear(self.people[person]) == len(self.entries) - len(kept)
        self.entries = kept

    def search(self, wanted: Wanted) -> list[Entry]:
        return [entry for entry in self.entries if self.satisfies(entry, wanted)][: wanted.limit]

    def satisfies(self, entry: Entry, wanted: Wanted) -> bool:
        link, firewalled = self.users[entry.user]
        words, file = set(words_of(from_text(entry.file.name))), entry.file
        return (
            words.issuperset(wanted.words)
            and words.isdisjoint(wanted.without)
            and (wanted.kinds is None or file.kind in wanted.kinds)
            and wanted.size.low <= file.size <= wanted.size.high
            and wanted.bitrate.low <= file.bitrate <= wanted.bitrate.high
            and wanted.frequency.low <= file.frequency <= wanted.frequency.high
            and wanted.seconds.low <= file.seconds <= wanted.seconds.high
            and wanted.link.low <= link <= wanted.link.high
            and not (wanted.reachable and firewalled)
            and entry.user != wanted.not_of
        )

    def check_lists(self) -> None:
        """Everything that is shared is found by user, by name and by checksum."""
        for user in self.people:
            own = [entry.file for entry in self.entries if entry.user == user]
            found = self.index.files(user)
            assert [from_text(file.name) for file in found] == sorted(from_text(file.name) for file in own)
            assert set(found) == set(own)
            assert self.index.files(user, 1) == found[:1]
            assert all(self.index.file(user, file.name) in own for file in own)
            assert self.index.file(user, "unknown") is None
        for md5, size in {(entry.file.md5, entry.file.size) for entry in self.entries} | {("unknown", 0)}:
            same = [entry for entry in self.entries if (entry.file.md5, entry.file.size) == (md5, size)]
            assert sorted(self.index.copies(md5, size), key=repr) == sorted(same, key=repr)
            assert len(self.index.copies(md5, size, 1)) == min(1, len(same))

    def check_postings(self, most_waiting: int) -> None:
        """The full-text index has what is shared, and the little that waits to be struck out."""
        store, postings = self.index._store, self.index._postings
        posted = store.execute('SELECT rowid FROM postings WHERE postings MATCH \'"kind=mp3" OR "kind=image"\'')
        expected = store.execute("SELECT id FROM files UNION SELECT id FROM gone").fetchall()
        assert sorted(posted) == sorted(expected)
        assert len(expected) - len(self.entries) == self.index._waiting <= most_waiting
        kinds = [each.halves(each.values()) for each in (postings._kind, postings._firewalled)]
        numbers = [each.halves(ANY) for each in postings._numbers.values()]
        assert {inside.files for inside, _ in kinds + numbers} == {len(expected)}


people, numbers_of_files = st.integers(0, 2), st.integers(0, 50)
Step = tuple[Callable[..., None], tuple[object, ...]]
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just(Model.share), st.tuples(people, st.lists(files, min_size=1, max_size=4))),
    st.tuples(st.just(Model.share), st.tuples(people, st.lists(files, min_size=1, max_size=4))),
    st.tuples(st.just(Model.move), st.tuples(people, links, st.booleans())),
    st.tuples(st.just(Model.unshare), st.tuples(numbers_of_files)),
    st.tuples(st.just(Model.clear), st.tuples(people)),
    st.tuples(st.just(Model.leave), st.tuples(people, links, st.booleans())),
)


@contextmanager
def limits(slice_size: int, most_moved: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "SLICE", slice_size)
        patch.setattr(postings_module, "MAX_MOVED", most_moved)
        yield


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize("most_moved", [0, MAX_MOVED])
@given(history=st.lists(steps, max_size=20), slice_size=st.integers(1, 5), looks=st.lists(searches, max_size=30))
@settings(max_examples=150, deadline=None)
def test_after_any_history_the_index_gives_what_a_list_gives(
    history: list[Step], slice_size: int, looks: list[Wanted], most_moved: int, on_disk: bool
) -> None:
    index = Index(on_disk=on_disk)
    with limits(slice_size, most_moved):
        model = Model(index)
        for act, arguments in history:
            act(model, *arguments)
        for wanted in looks:
            assert index.search(wanted) == model.search(wanted)
        model.check_lists()
        model.check_postings(most_waiting=8 * len(history) * 4 + slice_size)
    index.release()


def song(number: int, name: str = "a b c.mp3") -> SharedFile:
    return SharedFile(f"C:\\mp3\\{number} {name}", "f00", 1000 + number, 128, 44_100, 60 + number)


@pytest.fixture
def index() -> Iterator[Index]:
    index = Index()
    yield index
    index.release()


@pytest.mark.parametrize("others", [1, 20])
def test_files_are_found_by_the_link_type_that_their_user_has_now(index: Index, others: int) -> None:
    for user in range(others):
        index.join(user, link=9, firewalled=False)
        index.share(user, song(user))
    index.join(100, link=3, firewalled=True)
    index.share(100, song(100))
    slow, fast = Wanted(link=Span(0, 5)), Wanted(link=Span(6))
    assert [[entry.user for entry in index.search(each)] for each in (slow, fast)] == [[100], [*range(others)]]
    index.move(100, link=7, firewalled=False)
    reachable = Wanted(reachable=True)
    assert [len(index.search(each)) for each in (slow, fast, reachable)] == [0, others + 1, others + 1]
    index.move(0, link=2, firewalled=True)
    assert [entry.user for entry in index.search(slow)] == [0]
    assert [len(index.search(each)) for each in (fast, reachable)] == [others, others]
    index.leave(100)
    assert [entry.user for entry in index.search(slow)] == [0]
    assert [len(index.search(each)) for each in (fast, reachable)] == [others - 1, others - 1]


def test_of_a_condition_and_its_reverse_the_rarer_is_asked_for(index: Index) -> None:
    index.join(1, link=9, firewalled=False)
    for number in range(10):
        index.share(1, replace(song(number), bitrate=320 if number == 0 else 128))

    def asked(wanted: Wanted) -> str:
        expression = index._postings.expression(wanted, ())
        assert expression is not None
        return expression.decode()

    assert asked(Wanted(words=[b"a"], bitrate=Span(320))) == '"a" AND ("bitrate=10.5")'
    assert asked(Wanted(words=[b"a"], bitrate=Span(0, 319))) == '("a") NOT ("bitrate=10.5")'
    assert asked(Wanted(words=[b"a"], bitrate=Span(1))) == '"a"'
    assert index._postings.expression(Wanted(words=[b"a"], bitrate=Span(321)), ()) is None


def test_searches_of_very_many_words_are_answered(index: Index) -> None:
    index.join(1, link=9, firewalled=False)
    words = [f"w{number}" for number in range(700)]
    index.share(1, SharedFile(" ".join(words), "f00", 1))
    encoded = [word.encode() for word in words]
    assert len(index.search(Wanted(words=encoded))) == 1
    assert index.search(Wanted(words=[*encoded, b"other"])) == []
    assert index.search(Wanted(words=[b"w1"], without=encoded[2:])) == []
    assert len(index.search(Wanted(words=[b"w1"], without=[word + b"x" for word in encoded]))) == 1


def test_one_call_strikes_out_a_part_of_what_a_large_user_leaves(index: Index) -> None:
    size = 16 * index_module.SLICE
    index.join(1, link=9, firewalled=False)
    index.join(2, link=9, firewalled=False)
    for number in range(size):
        index.share(1, song(number))
        index.share(2, song(number))
    index.leave(1)
    assert index._waiting == size - size // index_module.SHARE
    assert {entry.user for entry in index.search(Wanted(words=[b"a"]))} == {2}
    for number in range(100):
        index.unshare(2, song(number).name)
    assert index._waiting < index_module.SLICE


def test_a_user_that_never_joined_cannot_share(index: Index) -> None:
    with pytest.raises(KeyError):
        index.share(7, song(1))


def test_the_size_of_an_index_grows_with_its_files(index: Index) -> None:
    index.join(1, link=9, firewalled=False)
    before = index.size()
    for number in range(1000):
        index.share(1, song(number))
    assert 1000 * 100 < index.size() - before < 1000 * 1000


def test_results_come_in_the_order_of_sharing_and_keep_every_byte(index: Index) -> None:
    index.join(1, link=9, firewalled=True)
    odd = SharedFile('\udcff"\\\\ \0Ä.mp3', "WMA-FILE", 2**63 - 1, 2**32 - 1, 0, 1, "video")
    index.share(1, odd)
    index.share(1, song(1))
    assert index.search(Wanted()) == [Entry(1, odd), Entry(1, song(1))]
    assert index.search(Wanted(limit=1)) == [Entry(1, odd)]
    assert index.file(1, odd.name) == odd
