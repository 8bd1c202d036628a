"""Reads captures: the messages of a network in a pcap or pcapng file, with who sent them when.

Rules:

- TCP segments are put in order by sequence number, each direction for itself; what comes twice is taken once. A gap
  that stays open to the end of the file, or behind which more than `PENDING` bytes or `SEGMENTS` segments have come,
  ends the direction with an error.
- A direction of which nothing at all could be read is not the network's and is left out, as is a datagram that is no
  frame. A direction that was readable and then is not any more says so, once.
- Nothing is judged here: a frame's payload is not decoded until somebody asks.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scapy.error import Scapy_Exception
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.packet import Packet
from scapy.utils import PcapReader

from .errors import DecodeError
from .framing import Frame
from .message import Message
from .streams import StreamReader, frame_class

__all__ = ["Address", "Captured", "read_capture"]

Address = tuple[str, int]

#: bytes behind a gap that are kept for one direction of a connection
PENDING = 1 << 20
#: segments behind a gap that are kept for one direction
SEGMENTS = 2048
#: a packet of a capture may hold a whole IP datagram and what stands before it
_LARGEST = 1 << 17
_MAGIC = {bytes.fromhex(digits) for digits in ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "0a0d0d0a")}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Captured:
    """One message of a capture.

    `time` is that of the packet that completed it, in seconds since 1970; `message` a frame, a text message, or the
    `DecodeError` that stands where a message should.
    """

    time: float
    source: Address
    destination: Address
    transport: str
    message: Message | Frame[Any] | DecodeError


@dataclass
class _Direction:
    """One direction of a TCP connection."""

    source: Address
    destination: Address
    stream: StreamReader
    expected: int
    waiting: dict[int, bytes] = field(default_factory=dict)
    readable: bool = False
    time: float = 0.0

    def segment(self, sequence: int, data: bytes) -> Iterator[Message | Frame[Any] | DecodeError]:
        """The messages that this segment completes, and those waiting behind it."""
        if self.stream.lost:
            return
        if len(data) > len(self.waiting.get(sequence, b"")):
            self.waiting[sequence] = data
        while (found := self._next()) is not None:
            yield from self.stream.feed(found)
        if len(self.waiting) > SEGMENTS or sum(map(len, self.waiting.values())) > PENDING:
            yield self.gap()

    def _next(self) -> bytes | None:
        """The data that continues the stream, less what has been seen of it."""
        for sequence, data in self.waiting.items():
            seen = (self.expected - sequence) & 0xFFFFFFFF
            if seen < 0x80000000:  # begins at or before what is expected
                del self.waiting[sequence]
                new = data[seen:]
                self.expected = (self.expected + len(new)) & 0xFFFFFFFF
                return new
        return None

    def gap(self) -> DecodeError:
        """End the direction."""
        self.waiting.clear()
        return self.stream.lose("bytes are missing from the capture")


def read_capture(path: str | Path, network: str) -> Iterator[Captured]:
    """The messages of `network` in a capture, in the order in which they were completed.

    Raises `OSError` when the file cannot be read, and `DecodeError` when it is neither pcap nor pcapng; both at the
    first step of the iteration. A capture that is cut off gives what it holds.
    """
    with Path(path).open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        # PcapReader would leave a file open that it does not like, so it is not trusted with opening it
        stream: Any = gzip.GzipFile(fileobj=file) if magic.startswith(_GZIP) else file
        if magic not in _MAGIC and stream is file:
            raise DecodeError(network, "capture", "", 0, "neither pcap nor pcapng")
        with stream:
            try:
                reader = PcapReader(stream)
            except (Scapy_Exception, struct.error, EOFError, OSError, zlib.error) as error:
                raise DecodeError(network, "capture", "", 0, f"not a readable capture: {error}") from error
            yield from _Reading(network).messages(reader)


class _Reading:
    """The connections of one capture."""

    def __init__(self, network: str) -> None:
        self.network = network
        self.directions: dict[tuple[Address, Address], _Direction] = {}

    def messages(self, reader: Any) -> Iterator[Captured]:
        for packet in _packets(reader, self.network):
            if TCP in packet:
                yield from self._tcp(packet)
            elif UDP in packet:
                yield from self._udp(packet)
        for direction in self.directions.values():
            if direction.waiting:
                yield from self._found(direction, [direction.gap()])

    def _tcp(self, packet: Packet) -> Iterator[Captured]:
        tcp = packet[TCP]
        source, destination = _addresses(packet, tcp)
        data = tcp.original[4 * max(tcp.dataofs or 5, 5) :]
        syn = bool(tcp.flags.S)
        direction = self.directions.get((source, destination))
        if direction is None or syn:
            if not syn and not data:
                return
            direction = _Direction(source, destination, StreamReader(self.network), (tcp.seq + syn) & 0xFFFFFFFF)
            self.directions[source, destination] = direction
        if data:
            direction.time = float(packet.time)
            yield from self._found(direction, direction.segment((tcp.seq + syn) & 0xFFFFFFFF, data))

    def _found(self, direction: _Direction, messages: Any) -> Iterator[Captured]:
        for message in messages:
            direction.readable = direction.readable or not isinstance(message, DecodeError)
            if direction.readable:
                yield Captured(direction.time, direction.source, direction.destination, "tcp", message)

    def _udp(self, packet: Packet) -> Iterator[Captured]:
        frames = frame_class(self.network)
        if frames is None:
            return
        source, destination = _addresses(packet, packet[UDP])
        try:
            frame = frames.decode(packet[UDP].original[8:])
        except DecodeError:
            return
        yield Captured(float(packet.time), source, destination, "udp", frame)


def _packets(reader: Any, network: str) -> Iterator[Packet]:
    """The packets of a capture, dissected no further than TCP."""
    number = 0
    while True:
        try:
            packet = reader.recv(_LARGEST, stop_dissection_after=(TCP, UDP))
        except EOFError:
            return
        except Exception as error:  # scapy raises what it happens to raise on a damaged file
            reason = f"damaged after packet {number}: {type(error).__name__}"
            raise DecodeError(network, "capture", "", 0, reason) from error
        number += 1
        if packet is not None:
            yield packet


def _addresses(packet: Packet, transport: Packet) -> tuple[Address, Address]:
    below = packet.getlayer(IP) or packet.getlayer(IPv6)
    source, destination = (str(below.src), str(below.dst)) if below else ("?", "?")
    return (source, int(transport.sport)), (destination, int(transport.dport))
