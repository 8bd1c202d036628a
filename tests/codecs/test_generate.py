"""Generated messages: valid, the same for the same seed, with boundary values; near-valid ones refused, and fast."""

from __future__ import annotations

import random
import time
from collections import Counter
from itertools import islice

import pytest

from peerspec.codecs import defects, generate, oracle
from peerspec.codecs.defects import near_valid, near_valid_frames, near_valid_of
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.generate import LARGEST, RandomDraw, value, values
from peerspec.codecs.gnutella import (
    Bye,
    Descriptor,
    DescriptorReader,
    Giv,
    HeaderLine,
    OpenData,
    Pong,
    Query,
    QueryHit,
    Result,
    Trailer,
)
from peerspec.codecs.message import Message, Tolerance, message_named, messages
from peerspec.codecs.patches import patched

ALL = [*messages("gnutella"), *messages("text"), *messages("specimen")]
every_message = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)


@every_message
def test_generated_messages_are_valid_and_fit_a_frame(cls: type[Message]) -> None:
    for message in islice(values(cls, random.Random(1)), 300):
        raw = message.encode()
        assert cls.decode(raw) == message
        assert len(raw) <= LARGEST


@every_message
def test_the_same_seed_gives_the_same_messages(cls: type[Message]) -> None:
    one, other = (list(islice(near_valid(cls, random.Random(5)), 20)) for _ in range(2))
    assert one == other
    assert value(cls, random.Random(5)) == value(cls, random.Random(5))


def test_boundary_values_are_likely() -> None:
    pongs = list(islice(values(Pong, random.Random(1)), 400))
    assert {0, 65535} <= {pong.port for pong in pongs}
    assert {0, 2**32 - 1} <= {pong.kib for pong in pongs}
    assert {"0.0.0.0", "127.0.0.1", "255.255.255.255"} <= {pong.ip for pong in pongs}
    assert len({pong.ip for pong in pongs}) > 50
    bodies = list(islice(values(message_named("gnutella", "OpenData"), random.Random(1)), 400))
    assert {0, 253} <= {len(body.more) for body in bodies}  # type: ignore[attr-defined]
    hits = list(islice(values(QueryHit, random.Random(1)), 400))
    assert {0, 1, 255} <= {len(hit.results) for hit in hits}
    assert 100 < sum(hit.trailer is None for hit in hits) < 300


def test_text_is_plain_foreign_and_no_utf8_at_all() -> None:
    texts = [query.text for query in islice(values(Query, random.Random(1)), 1500)]
    broken = [text for text in texts if any("\udc80" <= letter <= "\udcff" for letter in text)]
    foreign = [text for text in texts if not text.isascii() and text not in broken]
    plain = [text for text in texts if text.isascii() and len(text) > 5]
    assert min(len(broken), len(foreign), len(plain)) > 100
    assert max(map(len, texts)) > 60000


def test_lines_are_folded_now_and_then() -> None:
    lines = [line.raw for line in islice(values(HeaderLine, random.Random(1)), 100)]
    assert any("\r\n " in line or "\r\n\t" in line for line in lines)
    assert any(line and "\r\n" not in line for line in lines)


@every_message
def test_near_valid_messages_are_refused_by_parser_and_oracle(cls: type[Message]) -> None:
    for made in islice(near_valid(cls, random.Random(2)), 150):
        assert made.data == patched(made.subject, *made.patches)
        assert cls.decode(made.subject.encode()) == made.subject
        with pytest.raises(DecodeError):
            cls.decode(made.data)
        if len(made.data) < 1000:
            with pytest.raises(DecodeError):
                oracle.decode(cls, made.data)


def test_the_defects_of_a_query_hit_are_these() -> None:
    hit = QueryHit(1, "1.2.3.4", 2, (Result(3, 4, "a"),), bytes(16), trailer=Trailer(b"LIME", OpenData(1, 2)))
    found = {(made.path, made.defect) for made in near_valid_of(hit, RandomDraw(random.Random(3)))}
    assert {
        ("count", "truncated"),
        ("count", "too high by one"),
        ("count", "highest"),
        ("results[0].name", "no terminator"),
        ("results[0].name", "terminator inside"),
        ("results[0].extension", "no terminator"),
        ("results[0].size", "truncated"),
        ("trailer.open_data#size", "too high by one"),
        ("trailer.open_data#size", "too low by one"),
        ("trailer.open_data#size", "zero"),
    } <= found
    # one result less would leave a trailer with other content, which is a valid message
    assert ("trailer.private", "terminator inside") not in found


def test_the_defects_of_text_are_these() -> None:
    giv = Giv(5, bytes(16), "file")
    found = Counter((made.path, made.defect) for made in near_valid_of(giv, RandomDraw(random.Random(3))))
    assert set(found) == {
        ("", "bytes left over"),
        ("verb", "truncated"),
        ("verb", "wrong constant"),
        ("index", "no terminator"),
        ("index", "no digits"),
        ("index", "not a digit"),
        ("index", "above the highest"),
        ("index", "leading zero"),
        ("servent_id", "no terminator"),
        ("servent_id", "not hexadecimal"),
        ("servent_id", "a digit too few"),
        ("servent_id", "a digit too many"),
        ("name", "no terminator"),
        ("name", "terminator inside"),
        ("name", "byte not allowed"),
        ("name", "longer than allowed"),
    }


def test_every_name_of_a_defect_is_documented() -> None:
    names = {made.defect for cls in ALL for made in islice(near_valid(cls, random.Random(4)), 300)}
    documented = " ".join((defects.__doc__ or "").split())
    assert [name for name in names if f"`{name}`" not in documented] == []
    assert len(names) >= 21


def test_the_tolerance_is_that_of_the_field() -> None:
    found = {
        (made.defect, made.path, made.tolerance)
        for cls in (Query, message_named("specimen", "Regions"))
        for made in islice(near_valid(cls, random.Random(4)), 300)
    }
    assert ("no terminator", "text", Tolerance.MAY_ACCEPT) in found
    assert ("no terminator", "title", Tolerance.MUST_ACCEPT) in found
    assert ("truncated", "min_speed", Tolerance.MUST_REJECT) in found
    assert ("no terminator", "text", Tolerance.MUST_REJECT) not in found


def test_a_region_keeps_its_length_right_around_a_defect_inside() -> None:
    cls = message_named("specimen", "Regions")
    checked = 0
    for made in islice(near_valid(cls, random.Random(4)), 400):
        if made.path == "title" and made.defect == "terminator inside":
            title = made.data.index(b"\x89RG\0") + 4 + 1 + 4
            length = int.from_bytes(made.data[title : title + 2], "little")
            assert length == len(made.data) - title - 2 - 6 - (4 if made.subject.tail else 0)  # type: ignore[union-attr]
            checked += 1
    assert checked


def test_near_valid_frames_have_the_damaged_payload_in_a_frame_that_fits_it() -> None:
    made = list(islice(near_valid_frames(Descriptor, random.Random(1)), 600))
    inside = [frame for frame in made if frame.path.startswith("payload.")]
    assert len(inside) > 100
    for frame in inside:
        (descriptor,) = DescriptorReader(limit=1 << 20).feed(frame.data)
        assert descriptor.type == frame.subject.type  # type: ignore[union-attr]
        with pytest.raises(DecodeError):
            descriptor.payload()
    lengths = {frame.defect for frame in made if frame.path == "header.length"}
    assert lengths == {"truncated", "too high by one", "too low by one", "highest", "zero"}
    assert {frame.subject.type for frame in made} == {0x00, 0x01, 0x02, 0x40, 0x80, 0x81}  # type: ignore[union-attr]
    assert all(patched(frame.subject, *frame.patches) == frame.data for frame in made)


def test_ten_thousand_near_valid_frames_take_a_few_seconds() -> None:
    started = time.process_time()
    found = sum(1 for _ in islice(near_valid_frames(Descriptor, random.Random(1)), 10_000))
    assert found == 10_000
    assert time.process_time() - started < 10


def test_a_message_without_a_defect_is_said_to_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defects._Ground, "made", lambda *_: None)
    with pytest.raises(ValueError, match="no defect"):
        next(near_valid(Pong, random.Random(1)))
    assert defects.draw_near_valid(value(Pong, random.Random(1)), RandomDraw(random.Random(1))) is None


def test_sizes_stay_within_the_room_that_a_region_has() -> None:
    cls = message_named("specimen", "Inner")
    assert all(len(inner.note) <= 300 for inner in islice(values(cls, random.Random(1)), 300))  # type: ignore[attr-defined]
    assert generate.draw_value(Bye, RandomDraw(random.Random(2))).encode()
