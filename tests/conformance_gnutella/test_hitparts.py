"""Taking a QueryHit apart by hand, against the codec."""

from __future__ import annotations

import pytest
from hypothesis import given

from peerspec.codecs import strategies
from peerspec.codecs.gnutella import OpenData, QueryHit, Result, Trailer
from peerspec.conformance.gnutella.hitparts import take_apart, words_of
from peerspec.conformance.networks import Share
from peerspec.conformance.outcomes import Failure, Inconclusive

HIT = QueryHit(
    6346,
    "1.2.3.4",
    1000,
    (Result(7, 8, "a name.txt", extension=b"urn:x"), Result(9, 10, "other")),
    b"i" * 16,
    trailer=Trailer(b"TEST", OpenData(1, 2), private=b"private"),
)


def test_the_parts_are_those_that_were_put_in() -> None:
    parts = take_apart(HIT.encode())
    assert (parts.count, parts.port, parts.ip, parts.servent_id) == (2, 6346, "1.2.3.4", b"i" * 16)
    assert [(each.index, each.size, each.name, each.extension) for each in parts.records] == [
        (7, 8, b"a name.txt", b"urn:x"),
        (9, 10, b"other", b""),
    ]
    assert parts.trailer == b"TEST\x02\x01\x02private"


@given(strategies.values(QueryHit))
def test_the_parts_agree_with_the_codec(hit: QueryHit) -> None:
    parts = take_apart(hit.encode())
    assert (parts.port, parts.ip, parts.servent_id) == (hit.port, hit.ip, hit.servent_id)
    assert [(each.index, each.size) for each in parts.records] == [(each.index, each.size) for each in hit.results]
    assert parts.trailer == (b"" if hit.trailer is None else hit.trailer.encode())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"\x03" + HIT.encode()[1:], "result 3 does not end before the servent id"),
        (HIT.encode()[:26], "got 26 bytes"),
        (bytes([1]) + bytes(26), "result 1 does not end"),
    ],
    ids=["count too high", "too short", "no result"],
)
def test_a_count_that_does_not_fit_fails(body: bytes, why: str) -> None:
    with pytest.raises(Failure, match=why):
        take_apart(body)


def test_a_share_is_found_by_its_name() -> None:
    parts = take_apart(HIT.encode())
    assert parts.record_of(Share(name="other", content=b"")).index == 9
    with pytest.raises(Inconclusive):
        parts.record_of(Share(name="absent", content=b""))


def test_words_are_those_given_or_those_of_the_name() -> None:
    assert words_of(Share(name="a b.txt", content=b"", words=("x", "y"))) == ["x", "y"]
    assert words_of(Share(name="alpha-b (gamma).txt", content=b"")) == ["alpha", "gamma", "txt"]
