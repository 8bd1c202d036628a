"""Any bytes into any parser: only `DecodeError`, in time and memory in proportion to the input."""

from __future__ import annotations

import random
import time
import tracemalloc

import pytest

import peerspec.codecs.gnutella
import peerspec.codecs.napster  # noqa: F401 - registers
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.gnutella import ConnectRequest, DescriptorReader, HeaderLine, QueryHit, TextReader
from peerspec.codecs.message import Message, messages

ALL = [*messages("gnutella"), *messages("napster"), *messages("text"), *messages("specimen")]
MEGABYTE = 1 << 20

# what might make a parser run long: runs of one byte, of stops, of almost-stops, of folds, and noise
FILLERS = [
    b"\0",
    b"\xff",
    b"a",
    b"\r\n",
    b"\r\n ",
    b"\r",
    b"a:\r\n",
    b"0",
    b"1 ",
    b"\n\n",
    b"-",
    b"\0\0a",
    b"GET /get/",
    b' "a" x 1 2 3 4',
    b' "',
]


def openings(cls: type[Message]) -> list[bytes]:
    """Nothing, and what a message of this class begins with, so that its later fields are reached."""
    known = {
        "ConnectRequest": b"GNUTELLA CONNECT/0.6\r\n",
        "ConnectResponse": b"GNUTELLA/0.6 200 OK\r\n",
        "GetRequest": b"GET /get/1/a HTTP/1.1\r\n",
        "Giv": b"GIV 1:" + b"ab" * 16 + b"/",
        "HeaderLine": b"a:",
        "QueryHit": b"\xff" + bytes(10),
        "Query": b"\0\0",
        "Search": b'FILENAME CONTAINS "a" ',
        "ShareDirectory": b'"a"',
        "Words": b"WORDS 1 1 100; abcd",
    }
    return [b"", *([known[cls.__name__]] if cls.__name__ in known else [])]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_a_megabyte_of_anything_is_refused_soon_and_in_little_memory(cls: type[Message]) -> None:
    noise = random.Random(1).randbytes(MEGABYTE)
    inputs = [
        opening + (filler * (MEGABYTE // len(filler) + 1))[:MEGABYTE]
        for opening in openings(cls)
        for filler in (*FILLERS, noise)
    ]
    cls_decode = cls.decode
    for raw in inputs:
        started = time.process_time()
        with pytest.raises(DecodeError):
            cls_decode(raw)
        spent = time.process_time() - started
        # apart from the time, which counting the memory multiplies
        tracemalloc.start()
        with pytest.raises(DecodeError) as caught:
            cls_decode(raw)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert spent < 1, (raw[:40], spent)
        assert peak < 16 * MEGABYTE, (raw[:40], peak)
        assert 0 <= caught.value.offset <= len(raw)


def test_the_greatest_valid_messages_decode() -> None:
    lines = tuple(HeaderLine.of(f"Name-{number}", "v" * 200) for number in range(256))
    request = ConnectRequest(headers=lines)
    assert ConnectRequest.decode(request.encode()) == request
    folded = HeaderLine("a", "\r\n ".join(["b" * 10] * 5000))
    assert HeaderLine.decode(folded.encode()) == folded
    assert QueryHit.decode(b"\xff" + bytes(10) + bytes(10) * 255 + bytes(16)).results[254].name == ""


def test_a_frame_reader_keeps_no_more_than_one_frame() -> None:
    reader = DescriptorReader(limit=1000)
    with pytest.raises(DecodeError, match="4294967295 bytes announced where at most 1000 are accepted"):
        reader.feed(bytes(19) + b"\xff" * 4 + bytes(MEGABYTE))
    reader = DescriptorReader(limit=1000)
    reader.feed(bytes(19) + (1000).to_bytes(4, "little") + bytes(999))
    assert len(reader.pending) == 1022
    assert len(reader.feed(bytes(24))) == 2
    assert reader.pending == b""


def test_a_text_reader_keeps_no_more_than_its_limit() -> None:
    reader = TextReader("gnutella", limit=100)
    assert reader.feed(b"a" * 100) is None
    with pytest.raises(DecodeError, match="no empty line within 100 bytes"):
        reader.feed(b"a")
