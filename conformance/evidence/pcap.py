"""The transcript as a capture file that Wireshark and its like read: Ethernet, IPv4, TCP.

The packets are put together from what the tester saw, so a capture can be had of sockets without any privilege, and of
the virtual network too. Rules of this file:

- Addresses, ports and times are those of the transcript; a connection begins with the three segments of TCP's
  handshake, and ends as it ended: FIN or RST, by whom it was.
- Sequence numbers count the bytes, each segment is acknowledged, and checksums are right: "follow stream" gives exactly
  the bytes that passed. Where the transcript was cut, the stream is cut there.
- Times never run backwards; what happened at one moment is told apart by microseconds.
- Captures of the same transcript are equal byte by byte.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ..worlds import Address, Event, Kind, Transcript

_MAGIC, _ETHERNET, _SNAP = 0xA1B2C3D4, 1, 65535
_SEGMENT = 1460
_WINDOW = 65535
_FIN, _SYN, _RST, _PSH, _ACK = 0x01, 0x02, 0x04, 0x08, 0x10
_MSS = struct.pack(">BBH", 2, 4, _SEGMENT)
_FIRST_SEQUENCE = 1000
_TICK = 1e-6


def capture(transcript: Transcript) -> bytes:
    """The capture file's bytes, up to the verdict."""
    writer = _Writer(transcript.epoch)
    connections: dict[int, _Connection] = {}
    for event in transcript.events[: transcript.end]:
        if event.kind in (Kind.OPEN, Kind.ACCEPT):
            connections[event.wire] = connection = _Connection(writer, event)
            connection.shake_hands(event.time)
        elif event.wire in connections:
            connections[event.wire].take(event)
    return writer.file()


class _Writer:
    """The packets in the order of time."""

    def __init__(self, epoch: float) -> None:
        self._epoch = epoch
        self._last = 0.0
        self._parts = [struct.pack("<IHHiIII", _MAGIC, 2, 4, 0, 0, _SNAP, _ETHERNET)]
        self._identification = 0

    def packet(self, time: float, source: Address, target: Address, tcp: bytes, payload: bytes) -> None:
        """One frame; `tcp` is the header, its checksum still zero."""
        self._identification = (self._identification + 1) & 0xFFFF
        addresses = socket.inet_aton(source[0]) + socket.inet_aton(target[0])
        size = 20 + len(tcp) + len(payload)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, size, self._identification, 0x4000, 64, 6, 0) + addresses
        ip = ip[:10] + struct.pack(">H", _checksum(ip)) + ip[12:]
        pseudo = addresses + struct.pack(">BBH", 0, 6, len(tcp) + len(payload))
        tcp = tcp[:16] + struct.pack(">H", _checksum(pseudo + tcp + payload)) + tcp[18:]
        frame = _mac(target) + _mac(source) + b"\x08\x00" + ip + tcp + payload
        self._last = time = max(time + self._epoch, self._last + _TICK)
        seconds, rest = divmod(round(time * 1e6), 1_000_000)
        self._parts.append(struct.pack("<IIII", seconds & 0xFFFFFFFF, rest, len(frame), len(frame)) + frame)

    def file(self) -> bytes:
        return b"".join(self._parts)


@dataclass(slots=True)
class _End:
    """One end of a connection: its address and the next sequence number."""

    address: Address
    sequence: int
    open: bool = True


class _Connection:
    """One TCP connection as it would have looked on the wire."""

    def __init__(self, writer: _Writer, event: Event) -> None:
        self._writer = writer
        # the sequence numbers of different connections differ, so that they can't be mistaken for each other
        first = _FIRST_SEQUENCE * event.wire
        self._tester = _End(event.local, first)
        self._node = _End(event.remote, first + 500)
        self._accepted = event.kind is Kind.ACCEPT

    def shake_hands(self, time: float) -> None:
        caller, called = (self._node, self._tester) if self._accepted else (self._tester, self._node)
        self._segment(time, caller, called, _SYN, options=_MSS)
        self._segment(time, called, caller, _SYN | _ACK, options=_MSS)
        self._segment(time, caller, called, _ACK)

    def take(self, event: Event) -> None:
        """The segments of one event. What comes after the sender's own end can't be, and is left out."""
        tester, node = self._tester, self._node
        match event.kind:
            case Kind.SENT:
                self._data(event.time, tester, node, event.data)
            case Kind.RECEIVED:
                self._data(event.time, node, tester, event.data)
            case Kind.EOF:
                self._end(event.time, node, tester)
            case Kind.FINISH | Kind.CLOSE:
                self._end(event.time, tester, node)
            case Kind.RESET:
                self._reset(event.time, node, tester)
            case Kind.ABORT:
                self._reset(event.time, tester, node)

    def _data(self, time: float, sender: _End, receiver: _End, data: bytes) -> None:
        if not sender.open:
            return
        for chunk, last in _chunks(data):
            self._segment(time, sender, receiver, _ACK | (_PSH if last else 0), chunk)
            self._segment(time, receiver, sender, _ACK)

    def _end(self, time: float, sender: _End, receiver: _End) -> None:
        if sender.open:
            self._segment(time, sender, receiver, _FIN | _ACK)
            sender.open = False
            self._segment(time, receiver, sender, _ACK)

    def _reset(self, time: float, sender: _End, receiver: _End) -> None:
        if sender.open or receiver.open:
            self._segment(time, sender, receiver, _RST | _ACK)
            sender.open = receiver.open = False

    def _segment(
        self, time: float, sender: _End, receiver: _End, flags: int, payload: bytes = b"", options: bytes = b""
    ) -> None:
        header = struct.pack(
            ">HHIIBBHHH",
            sender.address[1],
            receiver.address[1],
            sender.sequence & 0xFFFFFFFF,
            receiver.sequence & 0xFFFFFFFF if flags & _ACK else 0,
            (20 + len(options)) // 4 << 4,
            flags,
            _WINDOW,
            0,
            0,
        )
        self._writer.packet(time, sender.address, receiver.address, header + options, payload)
        sender.sequence += len(payload) + bool(flags & (_SYN | _FIN))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """`data` in segments, and whether each is the last."""
    for start in range(0, len(data), _SEGMENT):
        yield data[start : start + _SEGMENT], start + _SEGMENT >= len(data)


def _mac(address: Address) -> bytes:
    """An Ethernet address of those given out locally, made of the IPv4 address."""
    return b"\x02\x00" + socket.inet_aton(address[0])


def _checksum(data: bytes) -> int:
    """The checksum of IPv4 and TCP."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
