"""Streams: however the bytes are split, the same messages come out, and none before a fault is lost."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from construct import Int8ul

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.framing import Frame, FrameReader, Opaque
from peerspec.codecs.generate import values
from peerspec.codecs.gnutella import (
    ConnectResponse,
    Descriptor,
    DescriptorReader,
    Header,
    HeaderLine,
    Ping,
    Pong,
    Query,
    TextReader,
    header_value,
    new_guid,
    with_crlf,
)
from peerspec.codecs.message import Message, constant, field, message_named, messages

GUID = bytes(range(16))
PAYLOADS = [cls for cls in messages("gnutella") if cls.wire_type is not None]
BLOCKS = [
    message_named("gnutella", name)
    for name in ("LegacyConnect", "LegacyOk", "ConnectRequest", "ConnectResponse", "GetRequest", "Giv")
]


def descriptor(payload: Message, ttl: int = 4) -> Descriptor:
    return Descriptor.of(payload, guid=GUID, ttl=ttl)  # type: ignore[arg-type]


def some(cls: type[Message], count: int, longest: int) -> list[Message]:
    found = (message for message in values(cls, random.Random("feed")) if len(message.encode()) <= longest)
    return list(islice(found, count))


def test_every_message_is_fed_below() -> None:
    inside = {"Header", "Result", "OpenData", "Trailer"}
    assert {cls.__name__ for cls in (*PAYLOADS, *BLOCKS)} | inside == {cls.__name__ for cls in messages("gnutella")}


@pytest.mark.parametrize("cls", PAYLOADS, ids=lambda cls: cls.__name__)
def test_frames_come_out_of_single_bytes_and_of_one_piece(cls: type[Message]) -> None:
    frames = [descriptor(message) for message in some(cls, 8, 600)]
    stream = b"".join(frame.encode() for frame in frames)
    reader = DescriptorReader()
    fed = [frame for byte in stream for frame in reader.feed(bytes([byte]))]
    assert fed == frames == DescriptorReader().feed(stream)
    assert [frame.payload() for frame in fed] == [frame.payload() for frame in frames]
    assert (reader.pending, reader.error) == (b"", None)


def test_frames_come_out_of_random_pieces() -> None:
    chance = random.Random(3)
    frames = [descriptor(message) for cls in PAYLOADS for message in some(cls, 20, 4000)]
    stream = b"".join(frame.encode() for frame in frames)
    reader, fed = DescriptorReader(), []
    while stream:
        size = chance.choice((0, 1, 2, 22, 23, 24, 500, 5000))
        fed += reader.feed(stream[:size])
        stream = stream[size:]
    assert fed == frames


@pytest.mark.parametrize("cls", BLOCKS, ids=lambda cls: cls.__name__)
def test_text_blocks_come_out_of_single_bytes_with_the_rest_kept(cls: type[Message]) -> None:
    for message in some(cls, 8, 900):
        raw = message.encode()
        reader = TextReader("gnutella")
        blocks = [reader.feed(bytes([byte])) for byte in raw]
        assert blocks[:-1] == [None] * (len(raw) - 1)
        assert blocks[-1] == raw
        assert cls.decode(raw) == message
        reader = TextReader("gnutella")
        assert reader.feed(raw + b"binary\n\n") == raw
        assert reader.rest == b"binary\n\n"


def test_a_frame_is_due_with_its_last_byte_and_not_before() -> None:
    reader = DescriptorReader()
    stream = descriptor(Query("needle")).encode()
    assert reader.feed(stream[:-1]) == []
    assert reader.pending == stream[:-1]
    assert reader.feed(stream[-1:]) == [descriptor(Query("needle"))]


def test_frames_before_a_bad_header_are_not_lost() -> None:
    good = descriptor(Query("needle"))
    bad = Header(GUID, 0x80, 4, 0, 1001).encode()
    reader = DescriptorReader(limit=1000)
    assert reader.feed(good.encode() + good.encode() + bad + b"more") == [good, good]
    assert reader.error is not None
    for _ in range(2):
        with pytest.raises(DecodeError) as caught:
            reader.feed(good.encode())
        assert caught.value is reader.error
    assert (reader.error.path, reader.error.offset) == ("length", 2 * len(good.encode()))


def test_a_bad_header_alone_is_raised_at_once_with_its_offset_in_the_stream() -> None:
    reader = DescriptorReader(limit=1000)
    good = descriptor(Ping()).encode()
    assert len(reader.feed(good)) == 1
    with pytest.raises(DecodeError, match="1001 bytes announced where at most 1000") as caught:
        reader.feed(Header(GUID, 0x80, 4, 0, 1001).encode())
    assert caught.value.offset == len(good)


def test_a_header_that_is_malformed_itself_ends_the_stream() -> None:
    class Marked(Message, network="marked"):
        """A header with bytes that must be there."""

        mark = constant(b"MK", "the mark")
        type: int = field(Int8ul, "type")
        length: int = field(Int8ul, "length")

    class MarkedFrame(Frame[Marked]):
        """A frame with such a header."""

        __slots__ = ()
        header_class = Marked
        header_size = 4

    reader = FrameReader(MarkedFrame, 100)
    assert [frame.body for frame in reader.feed(b"MK\x01\x02abMK\x01\x00XX\x01\x00")] == [b"ab", b""]
    assert reader.error is not None
    assert (reader.error.path, reader.error.offset) == ("mark", 10)


def test_the_whole_frame_is_decoded_only_if_its_length_is_right() -> None:
    raw = descriptor(Pong(1, "1.2.3.4", 5, 6)).encode()
    assert Descriptor.decode(memoryview(raw)) == descriptor(Pong(1, "1.2.3.4", 5, 6))
    for wrong in (raw[:-1], raw + b"\0", raw[:10]):
        with pytest.raises(DecodeError):
            Descriptor.decode(wrong)


def test_a_payload_of_unknown_type_is_opaque_and_a_bad_one_an_error_of_its_own() -> None:
    unknown = Descriptor.of_raw(0x77, b"abc", guid=GUID, ttl=1)
    assert unknown.payload() == Opaque(0x77, b"abc")
    assert hash(unknown.payload()) == hash(Opaque(0x77, b"abc"))
    assert Descriptor.of(Opaque(0x77, b"abc"), guid=GUID, ttl=1) == unknown
    bad = Descriptor.of_raw(0x01, b"abc", guid=GUID, ttl=1)
    assert DescriptorReader().feed(bad.encode()) == [bad]
    with pytest.raises(DecodeError):
        bad.payload()
    assert "b'abc'" in repr(bad)
    assert "Opaque(0x77" in repr(unknown)
    with pytest.raises(TypeError, match="no descriptor payload"):
        Descriptor.of(Header(GUID, 0, 0, 0, 0), guid=GUID, ttl=1)  # type: ignore[arg-type]


def test_frames_compare_by_content() -> None:
    one, same, other = descriptor(Ping()), descriptor(Ping()), descriptor(Ping(), ttl=3)
    assert (one, hash(one)) == (same, hash(same))
    assert one != other
    assert one != object()
    assert (one.guid, one.type, one.ttl, one.hops, one.body) == (GUID, 0, 4, 0, b"")


def test_a_new_guid_has_the_marks_of_a_modern_servent() -> None:
    chance = random.Random(1)
    found = {new_guid(chance) for _ in range(50)}
    assert len(found) == 50
    assert {(guid[8], guid[15], len(guid)) for guid in found} == {(0xFF, 0, 16)}


def test_header_lines_mean_what_they_say_and_stay_as_they_are() -> None:
    raw = b"GNUTELLA/0.6 200 OK\r\nx-TRY: a,\r\n\t b \r\nOther:\r\nX-Try:c\r\n\r\n"
    response = ConnectResponse.decode(raw)
    assert response.encode() == raw
    assert [line.value for line in response.headers] == ["a, b", "", "c"]
    assert header_value(response.headers, "X-Try") == "a, b, c"
    assert header_value(response.headers, "Missing") is None
    assert HeaderLine.of("A", "b").encode() == b"A: b\r\n"


def test_lone_line_feeds_become_line_ends() -> None:
    assert with_crlf(b"a\nb\r\nc\n\n") == b"a\r\nb\r\nc\r\n\r\n"


def test_a_text_reader_takes_either_empty_line_and_keeps_the_rest() -> None:
    for block in (b"a\n\n", b"a\r\n\r\n", b"a\n\r\n"):
        reader = TextReader("gnutella")
        assert reader.feed(block[:-1]) is None
        assert reader.pending == block[:-1]
        assert reader.feed(block[-1:] + b"rest") == block
        assert (reader.rest, reader.pending) == (b"rest", b"")
