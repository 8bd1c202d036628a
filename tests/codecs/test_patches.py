"""Places and patches: each field is where the map says, and a patch changes that and nothing else."""

from __future__ import annotations

import json
import random
from itertools import islice
from typing import Any

import pytest

import peerspec.codecs.gnutella  # noqa: F401 - registers
from peerspec.codecs.defects import near_valid
from peerspec.codecs.errors import DecodeError, EncodeError
from peerspec.codecs.generate import values
from peerspec.codecs.gnutella import Descriptor, Giv, HeaderLine, OpenData, Ping, Query, QueryHit, Result, Trailer
from peerspec.codecs.message import Message, message_named, messages
from peerspec.codecs.patches import Patch, append, cut, insert, overwrite, patched, set_, truncate
from peerspec.codecs.spans import offsets, spans, stop_of

GUID = bytes(range(16))
HIT = QueryHit(6346, "10.0.0.1", 9, (Result(7, 5, "ab"), Result(8, 1, "", extension=b"x")), GUID)
FULL = HIT.replace(trailer=Trailer(b"LIME", OpenData(1, 2), private=b"p"))
ALL = [*messages("gnutella"), *messages("text"), *messages("specimen")]


def test_the_places_of_a_query_hit() -> None:
    assert offsets(FULL) == {
        "count": (0, 1),
        "port": (1, 2),
        "ip": (3, 4),
        "speed": (7, 4),
        "results": (11, 23),
        "results[0]": (11, 12),
        "results[0].index": (11, 4),
        "results[0].size": (15, 4),
        "results[0].name": (19, 2),
        "results[0].name#stop": (21, 1),
        "results[0].extension": (22, 0),
        "results[0].extension#stop": (22, 1),
        "results[1]": (23, 11),
        "results[1].index": (23, 4),
        "results[1].size": (27, 4),
        "results[1].name": (31, 0),
        "results[1].name#stop": (31, 1),
        "results[1].extension": (32, 1),
        "results[1].extension#stop": (33, 1),
        "trailer": (34, 8),
        "trailer.vendor": (34, 4),
        "trailer.open_data#size": (38, 1),
        "trailer.open_data": (39, 2),
        "trailer.open_data.flags": (39, 1),
        "trailer.open_data.mask": (40, 1),
        "trailer.open_data.more": (41, 0),
        "trailer.private": (41, 1),
        "servent_id": (42, 16),
    }
    assert offsets(HIT)["trailer"] == (34, 0)


def test_the_places_of_a_frame() -> None:
    frame = Descriptor.of(Query("ab"), guid=GUID, ttl=3)
    found = offsets(frame)
    assert (found["header.length"], found["payload"], found["payload.text"]) == ((19, 4), (23, 5), (25, 2))
    opaque = Descriptor.of_raw(0x77, b"abc", guid=GUID, ttl=3)
    broken = Descriptor.of_raw(0x01, b"abc", guid=GUID, ttl=3)
    for other in (opaque, broken):
        assert [path for path in offsets(other) if path.startswith("payload")] == ["payload"]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_places_follow_each_other_and_cover_the_message(cls: type[Message]) -> None:
    for message in islice(values(cls, random.Random(1)), 20):
        raw = message.encode()
        covered = 0
        for span in spans(message):
            assert 0 <= span.start <= covered <= len(raw)
            covered = max(covered, span.end + len(stop_of(span.construct)) * (span.construct is None))
            if span.path.endswith("#stop"):
                assert raw[span.start : span.end] == span.value
        assert max((span.end for span in spans(message)), default=0) == len(raw)


def test_a_value_without_bytes_has_no_places() -> None:
    with pytest.raises(EncodeError):
        offsets(Query("a\0b"))


@pytest.mark.parametrize(
    ("patches", "expected"),
    [
        ([set_("min_speed", 0x1234)], b"\x34\x12ab\0zz"),
        ([set_("text", b"longer")], b"\x80\0longer\0zz"),
        ([cut("text#stop")], b"\x80\0abzz"),
        ([cut("text", 1)], b"\x80\0a\0zz"),
        ([cut("text", 0, 1)], b"\x80\0b\0zz"),
        ([insert("text", b"-")], b"\x80\0ab-\0zz"),
        ([insert("text", b"-", 1)], b"\x80\0a-b\0zz"),
        ([overwrite("text", b"B", 1)], b"\x80\0aB\0zz"),
        ([truncate("text", 1)], b"\x80\0a"),
        ([truncate("", 3)], b"\x80\0a"),
        ([append(b"!")], b"\x80\0ab\0zz!"),
        ([append(b"!"), set_("min_speed", 0), cut("text#stop")], b"\0\0abzz!"),
        ([cut("text", 0, 1), insert("text", b"X", 0)], b"\x80\0Xb\0zz"),
        ([], b"\x80\0ab\0zz"),
    ],
)
def test_patches_change_the_bytes_that_they_name(patches: list[Patch], expected: bytes) -> None:
    assert patched(Query("ab", extension=b"zz"), *patches) == expected


def test_a_wrong_count_in_a_frame() -> None:
    raw = patched(Descriptor.of(HIT, guid=GUID, ttl=3), set_("payload.count", 7), cut("payload.results[0].name#stop"))
    assert raw[23] == 7
    with pytest.raises(DecodeError):
        QueryHit.decode(raw[23:])
    assert patched(Giv(5, GUID, "f"), set_("index", 12345678901)).startswith(b"GIV 12345678901:")


@pytest.mark.parametrize(
    ("patches", "words"),
    [
        ([set_("nowhere", 1)], "there is no place 'nowhere'"),
        ([set_("min_speed", 65536)], "'min_speed' can't hold 65536"),
        ([set_("min_speed", -1)], "can't hold -1"),
        ([set_("text", 5)], "can't be set to 5"),
        ([cut("text", 3)], "'text' has 2 bytes"),
        ([cut("text", 1, 2)], "'text' has 2 bytes"),
        ([cut("text", -1)], "'text' has 2 bytes"),
        ([insert("text", b"x", 3)], "'text' has 2 bytes"),
        ([cut("text"), overwrite("text", b"x")], "two patches touch byte 2"),
        ([truncate("text"), append(b"x"), cut("text#stop")], "two patches touch byte 4"),
        ([Patch("set", "text")], "can't be set to None"),
    ],
)
def test_a_patch_that_can_not_be_applied_says_why(patches: list[Patch], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        patched(Query("ab"), *patches)


def test_patches_survive_json() -> None:
    for made in islice(near_valid(QueryHit, random.Random(1)), 200):
        shown = json.loads(json.dumps([patch.to_json() for patch in made.patches]))
        assert tuple(map(Patch.from_json, shown)) == made.patches
    assert set_("count", 7).to_json() == {"operation": "set", "path": "count", "value": 7}
    assert insert("a", b"\0").to_json() == {"operation": "insert", "path": "a", "hex": "00"}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        {"operation": "burn", "path": "a"},
        {"operation": "cut"},
        {"operation": "cut", "path": 5},
        {"operation": "cut", "path": "a", "at": "0"},
        {"operation": "cut", "path": "a", "at": True},
        {"operation": "cut", "path": "a", "extra": 1},
        {"operation": "set", "path": "a", "hex": "0"},
        {"operation": "set", "path": "a", "hex": 5},
    ],
)
def test_json_that_is_no_patch_is_a_value_error(wrong: Any) -> None:
    with pytest.raises(ValueError, match="not a patch"):
        Patch.from_json(wrong)


def test_what_ends_a_value() -> None:
    assert stop_of(HeaderLine.specs["raw"].construct) == b"\r\n"
    assert stop_of(HeaderLine.specs["name"].construct) == b":"
    assert stop_of(Ping.specs["extension"].construct) == b""
    assert [span.path for span in spans(message_named("specimen", "Nothing")())] == []
