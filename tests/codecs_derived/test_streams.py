"""Streams: text and frames are told apart by their first bytes, however few come at a time."""

import random
from time import thread_time

import pytest
from construct import Int8ul

from peerspec.codecs.constructs import TextUntil
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.framing import Frame
from peerspec.codecs.gnutella import (
    ConnectRequest,
    ConnectResponse,
    Descriptor,
    GetRequest,
    Giv,
    HeaderLine,
    LegacyConnect,
    LegacyOk,
    Ping,
    Query,
    new_guid,
)
from peerspec.codecs.message import Message, constant, field
from peerspec.codecs.streams import Lost, StreamReader, Unit, frame_class, next_unit

GUID = new_guid(random.Random(1))
HEADERS = (HeaderLine.of("X-Test", "folded\r\n value"), HeaderLine.of("x-test", "2"))
TEXTS: list[Message] = [
    LegacyConnect(),
    LegacyOk(),
    ConnectRequest(headers=HEADERS),
    ConnectRequest(version="0.4"),
    ConnectResponse(200, "OK", headers=HEADERS),
    GetRequest("GET", 4294967295, "free%20software.ogg", headers=HEADERS),
    GetRequest("HEAD", 0, "", version="1.0"),
    Giv(7, GUID, "file"),
]
FRAMES = [Descriptor.of(Ping(), guid=GUID, ttl=1), Descriptor.of(Query("GNUTELLA OK"), guid=GUID, ttl=7)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: type(text).__name__)
def test_each_text_message_is_known_by_its_opening(text: Message) -> None:
    raw = text.encode()
    assert next_unit("gnutella", raw + b"more") == Unit(type(text), len(raw))
    assert list(StreamReader("gnutella").feed(raw)) == [text]


def test_the_frame_of_a_network_is_found() -> None:
    assert frame_class("gnutella") is Descriptor
    assert frame_class("nosuch") is None


def test_frames_are_cut_by_their_length() -> None:
    raw = FRAMES[1].encode()
    assert next_unit("gnutella", raw + b"\0" * 40) == Unit(Descriptor, len(raw))
    assert next_unit("gnutella", raw[:-1]) is None
    assert next_unit("gnutella", raw[:22]) is None


@pytest.mark.parametrize("size", [1, 2, 5, 22, 23, 24, 1000])
def test_a_stream_may_come_in_any_pieces(size: int) -> None:
    wanted: list[Message | Descriptor] = [TEXTS[2], TEXTS[4], *FRAMES, TEXTS[5], *FRAMES]
    raw = b"".join(item.encode() for item in wanted)
    reader = StreamReader("gnutella")
    found = [item for at in range(0, len(raw), size) for item in reader.feed(raw[at : at + size])]
    assert found == wanted
    assert (reader.pending, reader.lost) == (b"", False)


def test_offsets_of_errors_count_from_the_first_byte_of_the_stream() -> None:
    reader = StreamReader("gnutella")
    start = FRAMES[0].encode() + TEXTS[4].encode()
    items = list(reader.feed(start + b"GIV x:" + b"0" * 32 + b"/f\n\n" + FRAMES[0].encode()))
    assert [type(item) for item in items] == [Descriptor, ConnectResponse, DecodeError, Descriptor]
    assert isinstance(items[2], DecodeError)
    assert items[2].offset == len(start) + len("GIV ")


def test_a_header_that_announces_too_much_loses_the_stream_for_good() -> None:
    reader = StreamReader("gnutella", limit=100)
    big = Descriptor.of_raw(0x80, b"\0" * 101, guid=GUID, ttl=1)
    assert list(reader.feed(Descriptor.of_raw(0x80, b"\0" * 100, guid=GUID, ttl=1).encode()))
    (error,) = reader.feed(big.encode())
    assert isinstance(error, DecodeError)
    assert (error.offset, reader.lost, reader.pending) == (123, True, b"")
    assert list(reader.feed(FRAMES[0].encode())) == []
    with pytest.raises(Lost, match="101 bytes announced where at most 100"):
        next_unit("gnutella", big.encode(), 100)


def test_a_block_without_end_loses_the_stream() -> None:
    reader = StreamReader("gnutella")
    assert list(reader.feed(b"GNUTELLA CONNECT/0.6\r\n" + b"a" * 65000)) == []
    (error,) = reader.feed(b"a" * 600)
    assert isinstance(error, DecodeError)
    assert "ConnectRequest without an empty line within 65536 bytes" in error.reason
    assert reader.lost


def test_a_long_stream_fed_at_once_takes_time_in_proportion() -> None:
    raw = Descriptor.of(Ping(extension=bytes(500)), guid=GUID, ttl=1).encode()
    fed = []
    for count in (4_000, 16_000):
        start = thread_time()
        assert len(StreamReader("gnutella").feed(raw * count)) == count
        fed.append(thread_time() - start)
    assert fed[1] < 10 * fed[0]  # four times, if nothing is copied twice; sixteen if all is


class TerseHeader(Message, network="terse"):
    """Two bytes, which is less than any text of the network begins with."""

    type: int = field(Int8ul, "type")
    length: int = field(Int8ul, "length")


class TerseFrame(Frame[TerseHeader]):
    __slots__ = ()
    header_class = TerseHeader
    header_size = 2
    believed = 0x40


class TerseGreeting(Message, network="terse"):
    """Known by its first word."""

    verb = constant(b"HELLO ", "its opening")
    name: str = field(TextUntil(b"\n\n", 20), "ends with an empty line")


class TerseRequest(Message, network="terse"):
    """Known by its second word."""

    verb: str = field(TextUntil(b": ", 5, minimum=2, allowed=b"ABC"), "any verb")
    mark = constant(b"please", "its opening ends here")
    name: str = field(TextUntil(b"\n\n", 20), "ends with an empty line")


class TerseLine(Message, network="terse"):
    """Ends with no empty line, so that no stream is cut into such."""

    verb = constant(b"\x01", "how many frames begin")
    name: str = field(TextUntil(b"\n", 20), "ends with a line feed")


@pytest.mark.parametrize("text", [TerseGreeting("me"), TerseRequest("ABC", "a"), TerseRequest("AB", "")])
def test_an_opening_is_waited_for_that_is_longer_than_a_header(text: Message) -> None:
    raw = text.encode()
    reader = StreamReader("terse")
    found = [item for byte in raw for item in reader.feed(bytes([byte]))]
    assert found == [text]
    assert not reader.lost
    for size in range(1, len(raw)):
        assert next_unit("terse", raw[:size]) is None


def test_what_can_not_become_an_opening_any_more_is_a_frame() -> None:
    assert next_unit("terse", b"H\x01E") == Unit(TerseFrame, 3)
    assert next_unit("terse", b"H\x00") == Unit(TerseFrame, 2)
    assert next_unit("terse", b"\x01\x02\n\n") == Unit(TerseFrame, 4)
    assert next_unit("terse", b"H") is None
    for lost in (b"HA", b"HELP", b"AX", b"ABC:p", b"AB: pleas!"):
        with pytest.raises(Lost, match="where at most 64 are believed"):
            next_unit("terse", lost)
    assert next_unit("terse", b"HA", limit=0x41) is None


def test_a_network_without_frames_has_text_only() -> None:
    with pytest.raises(Lost):
        next_unit("nosuch", b"x")


def test_any_bytes_give_messages_or_errors() -> None:
    generator = random.Random(3)
    samples = [*(text.encode() for text in TEXTS), *(frame.encode() for frame in FRAMES)]
    for _ in range(500):
        raw = bytearray(b"".join(generator.choices(samples, k=3)))
        for _ in range(generator.randrange(5)):
            raw[generator.randrange(len(raw))] = generator.randrange(256)
        for item in StreamReader("gnutella").feed(bytes(raw)):
            assert isinstance(item, Message | Frame | DecodeError)
