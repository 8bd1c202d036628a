"""Captures are read by tshark: it must find nothing wrong, and give back exactly the bytes that passed."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from peerspec.conformance.evidence.pcap import capture
from peerspec.conformance.worlds import Kind, Transcript

from .conftest import Failing, transcript

TSHARK = shutil.which("tshark")
needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed: Wireshark's word is not asked")
CHECKED = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]


def tshark(path: Path, *words: str) -> str:
    assert TSHARK is not None
    return subprocess.run([TSHARK, "-r", str(path), *words], capture_output=True, text=True, check=True).stdout


def dissected(path: Path, port: int) -> int:
    """How many descriptors Wireshark sees, the node's port taken for Gnutella's."""
    out = tshark(path, *CHECKED, "-d", f"tcp.port=={port},gnutella", "-T", "json")
    assert len(json.loads(out)) == len(packets(path.read_bytes()))
    return out.count('"gnutella.header.payload":')


def written(tmp_path: Path, found: Transcript) -> Path:
    path = tmp_path / "capture.pcap"
    path.write_bytes(capture(found))
    return path


def faults(path: Path) -> str:
    """The packets with which Wireshark finds something wrong."""
    wrong = "tcp.analysis.flags || _ws.malformed || tcp.checksum.status != 1 || ip.checksum.status != 1"
    return tshark(path, *CHECKED, "-Y", wrong)


def streams(found: Transcript) -> dict[int, tuple[bytes, bytes]]:
    """What was sent and received on each wire, up to the verdict."""
    both: dict[int, tuple[bytes, bytes]] = {}
    for event in found.events[: found.end]:
        if event.wire:
            sent, received = both.get(event.wire, (b"", b""))
            sent += event.data if event.kind is Kind.SENT else b""
            received += event.data if event.kind is Kind.RECEIVED else b""
            both[event.wire] = sent, received
    return both


def followed(path: Path, number: int) -> tuple[bytes, bytes]:
    """What "follow stream" gives: the bytes of who connected, and those of the other side."""
    lines = tshark(path, "-q", "-z", f"follow,tcp,raw,{number}").splitlines()
    body = [line for line in lines if line and all(each in "0123456789abcdef\t" for each in line)]
    called = b"".join(bytes.fromhex(line.strip()) for line in body if line.startswith("\t"))
    return b"".join(bytes.fromhex(line) for line in body if not line.startswith("\t")), called


@needs_tshark
@pytest.mark.parametrize("name", ["KeepsTheTtl", "SpeaksHttp11Only", "DiesOfACutDescriptor", "ChangesItsServentId"])
def test_wireshark_dissects_a_failing_case_and_finds_nothing_wrong(tmp_path: Path, failing: Failing, name: str) -> None:
    result, target = failing(name)
    assert result.transcript is not None
    path = written(tmp_path, result.transcript)
    assert faults(path) == ""
    units = target.network.dissector().units(result.transcript.events[: result.transcript.end])
    assert dissected(path, target.address[1]) == sum(unit.is_frame for unit in units) > 0


@needs_tshark
@pytest.mark.parametrize("name", ["KeepsTheTtl", "ObeysForeignPushes"])
def test_follow_stream_gives_the_bytes_that_passed(
    tmp_path: Path, failing: Failing, failing_over_sockets: Failing, name: str
) -> None:
    for find in (failing, failing_over_sockets):
        result, _ = find(name)
        assert result.transcript is not None
        path = written(tmp_path, result.transcript)
        assert faults(path) == ""
        opened = [event for event in result.transcript.events if event.kind in (Kind.OPEN, Kind.ACCEPT)]
        then = streams(result.transcript)
        for number, event in enumerate(opened):
            sent, received = then[event.wire]
            caller, called = (received, sent) if event.kind is Kind.ACCEPT else (sent, received)
            assert followed(path, number) == (caller, called)


@needs_tshark
def test_large_pieces_and_every_ending_are_as_tcp_has_them(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    endings = [
        [(Kind.EOF, b""), (Kind.CLOSE, b"")],
        [(Kind.CLOSE, b"")],
        [(Kind.RESET, b"")],
        [(Kind.ABORT, b"")],
        [(Kind.FINISH, b""), (Kind.RECEIVED, data), (Kind.EOF, b""), (Kind.CLOSE, b"")],
        [(Kind.EOF, b""), (Kind.SENT, data), (Kind.RESET, b"")],
    ]
    for ending in endings:
        found = transcript((Kind.OPEN, b""), (Kind.SENT, data), (Kind.RECEIVED, data, 0.1), *ending)
        path = written(tmp_path, found)
        assert faults(path) == ""
        assert followed(path, 0) == streams(found)[1]


def packets(file: bytes) -> list[tuple[float, bytes]]:
    """Time and frame of each packet, read by hand."""
    found, position = [], 24
    while position < len(file):
        seconds, micro, size, _ = struct.unpack_from("<IIII", file, position)
        found.append((seconds + micro / 1e6, file[position + 16 : position + 16 + size]))
        position += 16 + size
    return found


def test_a_connection_begins_with_three_segments_and_times_never_run_backwards() -> None:
    found = packets(capture(transcript((Kind.ACCEPT, b""), (Kind.SENT, b"a"), (Kind.SENT, b"b", 2.0), (Kind.EOF, b""))))
    assert [frame[47] for _, frame in found] == [0x02, 0x12, 0x10, 0x18, 0x10, 0x18, 0x10, 0x11, 0x10]
    assert found[0][1][26:30] == bytes([127, 0, 0, 1])  # the node called
    times = [time for time, _ in found]
    assert times == sorted(set(times))
    assert times[5] == pytest.approx(2.0)


def test_the_clock_of_a_capture_over_sockets_is_the_wall_clock(failing_over_sockets: Failing) -> None:
    result, _ = failing_over_sockets("KeepsTheTtl")
    assert result.transcript is not None
    assert packets(capture(result.transcript))[0][0] > 1_700_000_000
