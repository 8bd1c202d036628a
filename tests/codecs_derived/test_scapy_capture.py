"""Captures: streams are put together again whatever happened to their segments, and damage has a clear end."""

import gzip
import logging
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scapy.utils import PcapNgWriter, PcapReader

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.framing import Opaque
from peerspec.codecs.gnutella import (
    ConnectRequest,
    ConnectResponse,
    Descriptor,
    GetRequest,
    HeaderLine,
    Ping,
    Pong,
    Query,
    new_guid,
)
from peerspec.codecs.scapy_capture import PENDING, SEGMENTS, Captured, read_capture

CLIENT, SERVER = ("127.0.1.1", 40000), ("127.0.2.2", 6346)
GUID = new_guid(random.Random(1))
REQUEST = ConnectRequest(headers=(HeaderLine.of("User-Agent", "probe"),))
FRAMES = [Descriptor.of(payload, guid=GUID, ttl=3) for payload in (Ping(), Query("one"), Pong(1, "127.0.0.1", 2, 3))]
STREAM = REQUEST.encode() + b"".join(frame.encode() for frame in FRAMES)


def found(path: Path, source: Any = CLIENT) -> list[Any]:
    return [item.message for item in read_capture(path, "gnutella") if item.source == source]


def test_a_connection_is_decoded_with_its_addresses_and_times(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, REQUEST.encode())
    capture.send(SERVER, CLIENT, ConnectResponse(200, "OK").encode())
    capture.send(CLIENT, SERVER, FRAMES[0].encode() + FRAMES[1].encode()[:10], FRAMES[1].encode()[10:])
    items = list(read_capture(capture.write(tmp_path / "c.pcap"), "gnutella"))
    start = 1_700_000_000
    assert [item.message for item in items] == [REQUEST, ConnectResponse(200, "OK"), FRAMES[0], FRAMES[1]]
    assert [round(item.time - start, 2) for item in items] == [0.02, 0.03, 0.04, 0.05]
    assert items[0] == Captured(items[0].time, CLIENT, SERVER, "tcp", REQUEST)
    assert (items[1].source, items[1].destination) == (SERVER, CLIENT)


def test_segments_may_be_cut_anywhere(capture: Any, cut: Callable[[bytes, int], list[bytes]], tmp_path: Path) -> None:
    for seed in range(20):
        client = (f"127.0.1.{seed + 1}", 40000)
        capture.open(client, SERVER)
        capture.send(client, SERVER, *cut(STREAM, seed))
    path = capture.write(tmp_path / "c.pcap")
    for seed in range(20):
        assert found(path, (f"127.0.1.{seed + 1}", 40000)) == [REQUEST, *FRAMES]


@pytest.mark.parametrize("first", [1000, 2**32 - 40], ids=["small", "wraps around"])
def test_segments_may_come_twice_and_in_any_order(first: int, capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER, first)
    capture.send(CLIENT, SERVER, *(STREAM[at : at + 9] for at in range(0, len(STREAM), 9)))
    opening, data = capture.packets[:2], capture.packets[2:]
    overlapping = data[3].copy()
    overlapping["Raw"].load = STREAM[27:50]  # a retransmission that holds more than the first try
    shuffled = [*data, *data[2:5], overlapping]
    random.Random(4).shuffle(shuffled)
    capture.packets = [*opening, *shuffled]
    assert found(capture.write(tmp_path / "c.pcap")) == [REQUEST, *FRAMES]


def test_of_two_tries_behind_a_gap_the_longer_one_counts(capture: Any, tmp_path: Path) -> None:
    for longer_first in (False, True):
        client = ("127.0.1.9" if longer_first else "127.0.1.8", 40000)
        capture.open(client, SERVER)
        start = capture.next[client, SERVER]
        tries = [STREAM[10:12], STREAM[10:]]
        for data in reversed(tries) if longer_first else tries:
            capture.next[client, SERVER] = start + 10
            capture.send(client, SERVER, data)
        capture.next[client, SERVER] = start
        capture.send(client, SERVER, STREAM[:10])
    path = capture.write(tmp_path / "c.pcap")
    assert found(path, ("127.0.1.8", 40000)) == found(path, ("127.0.1.9", 40000)) == [REQUEST, *FRAMES]


def test_a_capture_that_begins_within_a_connection_is_read_if_it_begins_with_a_message(
    capture: Any, tmp_path: Path
) -> None:
    capture.send(CLIENT, SERVER, FRAMES[1].encode(), FRAMES[2].encode())
    assert found(capture.write(tmp_path / "c.pcap")) == FRAMES[1:]


def test_a_gap_ends_a_direction_and_says_so(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, REQUEST.encode(), FRAMES[0].encode(), FRAMES[1].encode())
    del capture.packets[3]
    request, error = found(capture.write(tmp_path / "c.pcap"))
    assert request == REQUEST
    assert isinstance(error, DecodeError)
    assert (error.offset, error.reason) == (len(REQUEST.encode()), "bytes are missing from the capture")


@pytest.mark.parametrize(
    ("size", "count"), [(60_000, PENDING // 60_000 + 3), (1, SEGMENTS + 3)], ids=["bytes", "segments"]
)
def test_what_is_kept_behind_a_gap_is_bounded(size: int, count: int, capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, REQUEST.encode())
    capture.next[CLIENT, SERVER] += 100
    capture.send(CLIENT, SERVER, *[b"\0" * size] * count)
    items = list(read_capture(capture.write(tmp_path / "c.pcap"), "gnutella"))
    assert items[0].message == REQUEST
    assert isinstance(items[1].message, DecodeError)
    assert len(items) == 2
    assert items[1].time < float(capture.packets[-1].time)  # it was given up before the end


def test_a_port_used_again_is_a_new_connection(capture: Any, tmp_path: Path) -> None:
    for first in (1000, 5_000_000):
        capture.open(CLIENT, SERVER, first)
        capture.send(CLIENT, SERVER, REQUEST.encode() + FRAMES[0].encode())
    assert found(capture.write(tmp_path / "c.pcap")) == [REQUEST, FRAMES[0]] * 2


def test_a_stream_that_stops_being_readable_says_so_once(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, REQUEST.encode(), b"\xff" * 50, FRAMES[0].encode())
    request, error = found(capture.write(tmp_path / "c.pcap"))
    assert request == REQUEST
    assert isinstance(error, DecodeError)
    assert error.offset == len(REQUEST.encode())
    assert "4294967295 bytes announced" in error.reason


def test_a_malformed_block_is_an_error_in_its_place(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, REQUEST.encode() + b"GNUTELLA/0.6 abc What\r\n\r\n" + FRAMES[0].encode())
    request, error, frame = found(capture.write(tmp_path / "c.pcap"))
    assert (request, frame) == (REQUEST, FRAMES[0])
    assert isinstance(error, DecodeError)
    assert (error.message, error.path) == ("ConnectResponse", "code")
    assert error.offset == len(REQUEST.encode()) + len("GNUTELLA/0.6 ")


def test_other_peoples_traffic_is_left_out(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, GetRequest("GET", 3, "a.txt").encode())
    capture.send(SERVER, CLIENT, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")
    capture.datagram(CLIENT, ("127.0.0.53", 53), b"\x12\x34\x01\x00\x00\x01" + bytes(30))
    items = list(read_capture(capture.write(tmp_path / "c.pcap"), "gnutella"))
    assert [item.message for item in items] == [GetRequest("GET", 3, "a.txt")]


def test_a_datagram_is_one_frame(capture: Any, tmp_path: Path) -> None:
    capture.datagram(CLIENT, SERVER, FRAMES[0].encode())
    strange = Descriptor.of_raw(0x41, b"\x01\x02", guid=GUID, ttl=1)
    capture.datagram(CLIENT, SERVER, strange.encode())
    items = list(read_capture(capture.write(tmp_path / "c.pcap"), "gnutella"))
    assert [(item.transport, item.message) for item in items] == [("udp", FRAMES[0]), ("udp", strange)]
    assert items[1].message.payload() == Opaque(0x41, b"\x01\x02")  # type: ignore[union-attr]


def test_bare_line_feeds_are_understood(capture: Any, tmp_path: Path) -> None:
    capture.send(CLIENT, SERVER, REQUEST.encode().replace(b"\r\n", b"\n") + FRAMES[0].encode())
    assert found(capture.write(tmp_path / "c.pcap")) == [REQUEST, FRAMES[0]]


def test_padding_of_short_ethernet_frames_is_no_data(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, b"G", REQUEST.encode()[1:])
    capture.packets = [type(packet)(bytes(packet).ljust(60, b"\0")) for packet in capture.packets]
    assert found(capture.write(tmp_path / "c.pcap")) == [REQUEST]


def test_pcapng_and_gzip_are_read(capture: Any, tmp_path: Path) -> None:
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, STREAM)
    plain = capture.write(tmp_path / "c.pcap")
    packed = tmp_path / "c.pcap.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    newer = tmp_path / "c.pcapng"
    with PcapNgWriter(str(newer)) as writer:
        writer.write(capture.packets)
    assert newer.read_bytes()[:4] == bytes.fromhex("0a0d0d0a")
    for path in (plain, packed, newer):
        assert found(path) == [REQUEST, *FRAMES], path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd4",
        b"hello, I am a text file",
        b"\x1f\x8bnot gzip at all",
        bytes.fromhex("d4c3b2a1") + b"short",
        bytes.fromhex("0a0d0d0a") + b"\xff" * 40,
        gzip.compress(b"no capture"),
        gzip.compress(b"")[:10] + b"\xff" * 20,
    ],
    ids=[
        "empty",
        "one byte",
        "text",
        "false gzip",
        "cut pcap",
        "false pcapng",
        "gzip of something else",
        "damaged gzip",
    ],
)
def test_a_file_that_is_no_capture_is_named_as_such(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DecodeError, match=r"gnutella\.capture at byte 0: (neither pcap nor|not a readable)"):
        list(read_capture(path, "gnutella"))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_capture(tmp_path / "nothing", "gnutella"))
    with pytest.raises(IsADirectoryError):
        list(read_capture(tmp_path, "gnutella"))


@pytest.mark.parametrize("newer", [False, True], ids=["pcap", "pcapng"])
def test_damaged_captures_raise_nothing_but_decode_errors(
    newer: bool, capture: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, *(STREAM[at : at + 30] for at in range(0, len(STREAM), 30)))
    path = capture.write(tmp_path / "c.pcap")
    if newer:
        path = tmp_path / "c.pcapng"
        with PcapNgWriter(str(path)) as writer:
            writer.write(capture.packets)
    whole = path.read_bytes()
    generator = random.Random(7)
    read = 0
    for _ in range(300):
        damaged = bytearray(whole[: generator.randrange(4, len(whole) + 1)])
        for _ in range(generator.randrange(4)):
            damaged[generator.randrange(4, len(damaged)) if len(damaged) > 4 else 0] = generator.randrange(256)
        path.write_bytes(damaged)
        try:
            read += len(list(read_capture(path, "gnutella")))
        except DecodeError:
            continue
    assert read > 100  # most damage leaves most of a capture readable


def test_whatever_scapy_raises_is_a_decode_error(capture: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capture.send(CLIENT, SERVER, STREAM)
    path = capture.write(tmp_path / "c.pcap")

    def fail(*arguments: Any, **options: Any) -> None:
        raise struct.error("unpack requires a buffer of 4 bytes")

    monkeypatch.setattr(PcapReader, "recv", fail)
    with pytest.raises(DecodeError, match="damaged after packet 0: error"):
        list(read_capture(path, "gnutella"))


def test_a_packet_that_announces_4_gib_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.pcap"
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    path.write_bytes(head + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF) + b"x" * 10)
    assert list(read_capture(path, "gnutella")) == []
