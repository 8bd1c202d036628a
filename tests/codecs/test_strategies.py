"""The strategies: properties of every message under Hypothesis, and examples that shrink to the simplest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import peerspec.codecs.gnutella  # noqa: F401 - registers
from peerspec.codecs import oracle, strategies
from peerspec.codecs.defects import NearValid
from peerspec.codecs.errors import CodecError, DecodeError
from peerspec.codecs.gnutella import Descriptor, DescriptorReader, Giv, OpenData, QueryHit, Result, Trailer
from peerspec.codecs.message import Message, messages

ALL = [*messages("gnutella"), *messages("text"), *messages("specimen")]
every_message = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
few = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
some = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
searching = settings(max_examples=2000, deadline=None, derandomize=True, database=None)


@every_message
@few
@given(data=st.data())
def test_values_make_the_round_trip(cls: type[Message], data: st.DataObject) -> None:
    message = data.draw(strategies.values(cls))
    raw = message.encode()
    assert cls.decode(raw) == message
    assert oracle.encode(message) == raw


@every_message
@few
@given(data=st.data())
def test_near_valid_bytes_are_refused(cls: type[Message], data: st.DataObject) -> None:
    made = data.draw(strategies.near_valid(cls))
    with pytest.raises(DecodeError):
        cls.decode(made.data)


@every_message
@few
@given(raw=st.binary(max_size=200))
def test_any_bytes_give_a_message_or_a_decode_error(cls: type[Message], raw: bytes) -> None:
    outcomes: list[Any] = []
    for decode in (cls.decode, lambda raw: oracle.decode(cls, raw)):
        try:
            outcomes.append(decode(raw))
        except CodecError as error:
            outcomes.append((type(error), error.path))
    assert outcomes[0] == outcomes[1]
    if isinstance(outcomes[0], cls):
        assert outcomes[0].encode() == raw or cls is Giv  # hexadecimal comes in either case


@some
@given(strategies.frames(Descriptor), st.integers(1, 40))
def test_frames_come_out_of_pieces(frame: Descriptor, size: int) -> None:
    raw = frame.encode()
    reader = DescriptorReader()
    if len(raw) < 2000:
        assert [out for at in range(0, len(raw), size) for out in reader.feed(raw[at : at + size])] == [frame]
    assert frame.payload().encode() == frame.body


@some
@given(strategies.near_valid_frames(Descriptor))
def test_near_valid_frames_are_refused_as_a_whole(made: NearValid) -> None:
    with pytest.raises(DecodeError):
        Descriptor.decode(made.data).payload()


def test_a_value_shrinks_to_the_simplest_that_will_do() -> None:
    found = find(strategies.values(QueryHit), lambda hit: bool(hit.trailer and hit.results), settings=searching)
    assert found == QueryHit(
        0,
        "127.0.0.1",
        0,
        (Result(0, 0, ""),),
        bytes(16),
        trailer=Trailer(bytes(4), OpenData(0, 0)),
    )


def test_a_defect_shrinks_to_the_simplest_message_that_has_it() -> None:
    found = find(strategies.near_valid(Giv), lambda made: made.defect == "leading zero", settings=searching)
    assert found.subject == Giv(0, bytes(16), "")
    assert found.data == b"GIV 00:" + b"0" * 32 + b"/\n\n"
