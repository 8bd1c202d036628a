"""Hypothesis strategies for every message: valid values, and near-valid bytes with the name of their defect.

    from hypothesis import given
    from peerspec.codecs import strategies
    from peerspec.codecs.gnutella import QueryHit

    @given(strategies.values(QueryHit))
    def test_my_parser_reads_what_peerspec_writes(hit): ...

The messages are those of `generate` and `defects`; here only the choices are Hypothesis's, so that it can shrink them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from .defects import NearValid, draw_frame, draw_near_valid
from .framing import Frame
from .generate import draw_value
from .message import Message, messages

__all__ = ["frames", "near_valid", "near_valid_frames", "values"]

M = TypeVar("M", bound=Message)
F = TypeVar("F", bound="Frame[Any]")
T = TypeVar("T")


class _HypothesisDraw:
    """Choices that Hypothesis makes and can make simpler."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        bounds = sorted({low, min(low + 1, high), max(low, high - 1), high})
        return self._draw(st.sampled_from(bounds) | st.integers(low, high))

    def size(self, low: int, high: int) -> int:
        # the largest size may be 64 KiB: once in many draws is enough
        if self._draw(st.integers(0, 255)) == 77:
            return high
        return self._draw(st.integers(low, min(low + 16, high)))

    def raw(self, size: int, allowed: bytes) -> bytes:
        drawn = self._draw(st.binary(min_size=size, max_size=size))
        return bytes(allowed[byte % len(allowed)] for byte in drawn)

    def choose(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))


def values(cls: type[M]) -> st.SearchStrategy[M]:
    """Valid messages of a class."""
    return _values(cls)


def near_valid(cls: type[Message]) -> st.SearchStrategy[NearValid]:
    """Messages of a class with one defect, which `decode` rejects."""
    return _near_valid(cls)


def frames(frame_class: type[F]) -> st.SearchStrategy[F]:
    """Valid frames around every payload of the network that the frame belongs to."""
    return _frames(frame_class)


def near_valid_frames(frame_class: type[Frame[Any]]) -> st.SearchStrategy[NearValid]:
    """Frames with one defect in the header or the payload."""
    return _near_valid_frames(frame_class)


@st.composite
def _values(draw: st.DrawFn, cls: type[M]) -> M:
    return draw_value(cls, _HypothesisDraw(draw))


@st.composite
def _near_valid(draw: st.DrawFn, cls: type[Message]) -> NearValid:
    return _damaged(draw, draw_value(cls, _HypothesisDraw(draw)))


@st.composite
def _frames(draw: st.DrawFn, frame_class: type[F]) -> F:
    payloads = [cls for cls in messages(frame_class.header_class.network) if cls.wire_type is not None]
    return draw_frame(frame_class, draw(st.sampled_from(payloads)), _HypothesisDraw(draw))


@st.composite
def _near_valid_frames(draw: st.DrawFn, frame_class: type[Frame[Any]]) -> NearValid:
    return _damaged(draw, draw(_frames(frame_class)))


def _damaged(draw: st.DrawFn, subject: Message | Frame[Any]) -> NearValid:
    found = draw_near_valid(subject, _HypothesisDraw(draw))
    assume(found is not None)
    assert found is not None
    return found
