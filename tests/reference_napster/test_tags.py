"""Words of paths, and tags that cover spans of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerspec.reference.napster.server.tags import HIGHEST, Kinds, Numbers, Span, words_of

NUMBERS = st.one_of(
    st.integers(0, HIGHEST),
    st.integers(0, 70_000),
    st.sampled_from([0, 1, 511, 512, 65_535, 65_536, 44_100, 48_000, 2**32, HIGHEST]),
)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (rb"C:\mp3\Some Band-Don't_Stop.mp3", [b"c", b"mp3", b"some", b"band", b"don't", b"stop"]),
        ("D:\\Música\\Ä.ogg".encode(), [b"d", "música".encode(), "Ä".encode(), b"ogg"]),
        (b"one\xff\xfetwo\tthree", [b"one\xff\xfetwo", b"three"]),
        (b'=a="b" (c)[d]{e}*', [b"a", b"b", b"c", b"d", b"e"]),
        (b"Same same SAME", [b"same"]),
        (b" - \\ : ", []),
        (b"", []),
    ],
)
def test_words_are_runs_of_letters_digits_and_apostrophes(path: bytes, words: list[bytes]) -> None:
    assert words_of(path) == words


def test_only_ascii_letters_have_two_cases() -> None:
    assert words_of("ÀB".encode()) == ["Àb".encode()]


@given(st.lists(NUMBERS, min_size=1), NUMBERS, NUMBERS)
def test_tags_divide_numbers_into_those_that_may_be_in_a_span_and_those_that_are_not(
    values: list[int], one: int, other: int
) -> None:
    span = Span(min(one, other), max(one, other))
    numbers = Numbers("size")
    for value in values:
        numbers.place(value).count(1)
    inside, outside = numbers.halves(span)
    assert inside.files + outside.files == len(values)
    for value in values:
        tags = set(numbers.place(value).tags.split())
        assert bool(tags & set(inside.terms)) != bool(tags & set(outside.terms))
        if span.low <= value <= span.high:
            assert tags & set(inside.terms)
        elif value < 65_536 or value >> 9 > span.high or value * 2 < span.low:
            assert tags & set(outside.terms), "far outside, or short"


@given(st.lists(NUMBERS, min_size=1, max_size=300), NUMBERS)
def test_few_tags_cover_a_span(values: list[int], low: int) -> None:
    numbers = Numbers("size")
    for value in values:
        numbers.place(value).count(1)
    for half in numbers.halves(Span(low)):
        assert len(half.terms) <= 64 + 7 + 3 + 7 + 127


def test_numbers_that_no_file_has_any_more_leave_nothing() -> None:
    numbers = Numbers("size")
    for value in range(0, 100_000, 7):
        numbers.place(value).count(1)
    for value in range(0, 100_000, 7):
        numbers.place(value).count(-1)
    assert numbers.halves(Span(100, 200)) == (([], 0), ([], 0))
    assert not any(numbers._within.values())


def test_kinds_are_divided_by_what_is_wanted() -> None:
    kinds = Kinds("kind")
    for kind, files in (("mp3", 3), ("image", 2), ("text", 1)):
        kinds.count(kind, files)
    kinds.count("text", -1)
    assert kinds.halves(["image", "video"]) == (([b"kind=image"], 2), ([b"kind=mp3"], 3))
