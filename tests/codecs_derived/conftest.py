"""A capture to be written packet by packet, with right sequence numbers."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw
from scapy.utils import wrpcap

Address = tuple[str, int]


class Capture:
    """Packets between addresses of 127.0.0.0/8, a hundredth of a second apart."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.next: dict[tuple[Address, Address], int] = {}

    def add(self, packet: Packet) -> None:
        whole = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / packet
        whole.time = 1_700_000_000 + len(self.packets) / 100
        self.packets.append(whole)

    def open(self, source: Address, destination: Address, first: int = 1000) -> None:
        """Both SYN of a connection."""
        for one, other, flags in ((source, destination, "S"), (destination, source, "SA")):
            self.add(IP(src=one[0], dst=other[0]) / TCP(sport=one[1], dport=other[1], seq=first, flags=flags))
            self.next[one, other] = (first + 1) % 2**32

    def send(self, source: Address, destination: Address, *segments: bytes) -> None:
        """The segments of one direction."""
        for data in segments:
            sequence = self.next.setdefault((source, destination), 1)
            tcp = TCP(sport=source[1], dport=destination[1], seq=sequence, ack=1, flags="PA")
            self.add(IP(src=source[0], dst=destination[0]) / tcp / Raw(data))
            self.next[source, destination] = (sequence + len(data)) % 2**32

    def datagram(self, source: Address, destination: Address, data: bytes) -> None:
        udp = UDP(sport=source[1], dport=destination[1])
        self.add(IP(src=source[0], dst=destination[0]) / udp / Raw(data))

    def write(self, path: Path) -> Path:
        wrpcap(str(path), self.packets)
        return path


@pytest.fixture(scope="session")
def new_capture() -> Callable[[], Capture]:
    """Begins a capture."""
    return Capture


@pytest.fixture
def capture() -> Capture:
    """A capture without packets."""
    return Capture()


@pytest.fixture(scope="session")
def cut() -> Callable[[bytes, int], list[bytes]]:
    """Cuts bytes into segments of random sizes, some of one byte and some of several messages."""

    def cutter(data: bytes, seed: int) -> list[bytes]:
        generator = random.Random(seed)
        pieces = []
        at = 0
        while at < len(data):
            size = generator.choice((1, 7, 23, 60, 400, 1400))
            pieces.append(data[at : at + size])
            at += size
        return pieces

    return cutter
