"""Captures, and what tshark sees in them with our dissector."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw
from scapy.utils import wrpcap

Address = tuple[str, int]


class Row(NamedTuple):
    """One field: its filter name, its bytes in hexadecimal (empty if it has none), and what is shown of it."""

    name: str
    raw: str
    shown: str


class Complaint(NamedTuple):
    """One expert item: the filter name of its kind, and its text."""

    kind: str
    text: str


class Unit(NamedTuple):
    """One message as Wireshark shows it: the packet in which it was completed, its fields, and what was found wrong."""

    packet: int
    rows: list[Row]
    complaints: list[Complaint]


class Traffic:
    """Packets a hundredth of a second apart; each connection is opened when it is first used."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._next: dict[tuple[Address, Address], int] = {}

    def send(self, source: Address, destination: Address, *segments: bytes) -> None:
        """Segments of one direction, as many bytes each as are given."""
        if (source, destination) not in self._next:
            for one, other, flags in ((source, destination, "S"), (destination, source, "SA")):
                self._add(IP(src=one[0], dst=other[0]) / TCP(sport=one[1], dport=other[1], seq=999, flags=flags))
                self._next[one, other] = 1000
        for data in segments:
            sequence = self._next[source, destination]
            tcp = TCP(sport=source[1], dport=destination[1], seq=sequence, ack=1, flags="PA")
            self._add(IP(src=source[0], dst=destination[0]) / tcp / Raw(data))
            self._next[source, destination] = sequence + len(data)

    def datagram(self, source: Address, destination: Address, data: bytes) -> None:
        udp = UDP(sport=source[1], dport=destination[1])
        self._add(IP(src=source[0], dst=destination[0]) / udp / Raw(data))

    def _add(self, packet: Packet) -> None:
        whole = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / packet
        whole.time = 1_700_000_000 + len(self.packets) / 100
        self.packets.append(whole)

    def write(self, folder: Path) -> Path:
        path = folder / "traffic.pcap"
        wrpcap(str(path), self.packets)
        return path


def cut(data: bytes, seed: int) -> Iterator[bytes]:
    """The bytes in segments of random sizes, some of one byte and some of several messages."""
    generator = random.Random(seed)
    while data:
        size = generator.choice((1, 7, 23, 60, 400, 1400))
        yield data[:size]
        data = data[size:]


def dissect(dissector: str, capture: Path, protocol: str, *options: str) -> list[Unit]:
    """The messages that tshark finds in a capture with a dissector, in order. Skips the test without tshark.

    tshark must load the dissector without a word, and no dissector may stop at an error of its own.
    """
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed: Wireshark is not asked")
    script = capture.with_suffix(".lua")
    script.write_text(dissector, encoding="utf-8")
    command = [tshark, "-r", str(capture), "-X", f"lua_script:{script}", "-T", "json", "-x", "-J", protocol, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    # the only thing that it may say is that it is run by root
    words = re.sub(r"Running as user .* could be dangerous\.", "", done.stderr).strip()
    assert (done.returncode, words) == (0, "")
    assert "_ws.lua.error" not in done.stdout
    assert "Lua Error" not in done.stdout
    return list(_units(json.loads(done.stdout, object_pairs_hook=list), protocol))


def _units(packets: Any, protocol: str) -> Iterator[Unit]:
    for number, packet in enumerate(packets, 1):
        for name, content in dict(dict(packet)["_source"])["layers"]:
            if name == protocol:
                unit = Unit(number, [], [])
                _collect(content if isinstance(content, list) else [], protocol, unit)
                yield unit


def _collect(pairs: Any, protocol: str, unit: Unit) -> None:
    raw: dict[str, str] = {}
    for name, value in pairs:
        if name.endswith("_raw") and isinstance(value, list) and value and isinstance(value[0], str):
            raw[name.removesuffix("_raw")] = value[0]
        elif name == "_ws.expert":
            found = dict(value)
            kind = next(key for key in found if not key.startswith("_ws.expert"))
            unit.complaints.append(Complaint(kind, found["_ws.expert.message"]))
        elif name.endswith("_tree"):
            _collect(value, protocol, unit)
        elif name.startswith(f"{protocol}."):
            inner = isinstance(value, list)
            unit.rows.append(Row(name.removeprefix(f"{protocol}."), raw.pop(name, ""), "" if inner else value))
            if inner:
                _collect(value, protocol, unit)
