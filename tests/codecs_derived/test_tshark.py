"""Wireshark's own Gnutella dissector as an independent oracle: it must see in every field what our decoder sees.

One run of tshark reads a capture of generated messages, several in a segment and some over several segments. It knows
Ping, Pong, Push, Query and QueryHit; of other types it shows the header. It reads 0.4: what stands behind a Pong or in
a QueryHit's trailer it shows as bytes, and all of a Query after the minimum speed as one string. A payload of more than
4096 bytes it takes for something else and gives the stream up, so none is sent.
"""

import json
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from construct import Int16ub, Int32ul

from peerspec.codecs import generate, message
from peerspec.codecs.constructs import IPv4, RestBytes, from_text
from peerspec.codecs.framing import Opaque
from peerspec.codecs.gnutella import (
    Bye,
    ConnectRequest,
    ConnectResponse,
    Descriptor,
    Header,
    Ping,
    Pong,
    Push,
    Query,
    QueryHit,
)
from peerspec.codecs.message import Message, field

TSHARK = shutil.which("tshark")
EACH = 120
LONGEST = 4096
CLIENT, SERVER = ("127.0.1.1", 40000), ("127.0.2.2", 6346)
Fields = dict[str, list[str]]

pytestmark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed: Wireshark's word is not asked")


def frames() -> list[Descriptor]:
    """Generated descriptors of all types, shuffled."""
    made = []
    for cls in (Ping, Pong, Push, Query, QueryHit, Bye):
        headers = generate.values(Header, random.Random(f"{cls.__name__} header"))
        bodies = (value.encode() for value in generate.values(cls, random.Random(f"{cls.__name__} tshark")))
        short = (body for body in bodies if len(body) <= LONGEST)
        for header, body in islice(zip(headers, short, strict=False), EACH):
            made.append(Descriptor.of_raw(cls.wire_type or 0, body, guid=header.guid, ttl=header.ttl, hops=header.hops))
    random.Random(1).shuffle(made)
    return made


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, new_capture: Callable[[], Any], cut: Callable[[bytes, int], list[bytes]]
) -> list[tuple[Descriptor, Fields]]:
    """Each descriptor as it was sent, and Wireshark's fields of it: raw bytes in hexadecimal, by name."""
    sent = frames()
    capture = new_capture()
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, ConnectRequest().encode())
    capture.send(SERVER, CLIENT, ConnectResponse(200, "OK").encode())
    capture.send(CLIENT, SERVER, ConnectResponse(200, "OK").encode())
    capture.send(CLIENT, SERVER, *cut(b"".join(frame.encode() for frame in sent), 1))
    path = capture.write(tmp_path_factory.mktemp("tshark") / "c.pcap")
    command = [str(TSHARK), "-r", str(path), "-T", "json", "-x", "--no-duplicate-keys", "-J", "gnutella"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    layers: list[Any] = []
    for packet in json.loads(done.stdout):
        found = packet["_source"]["layers"].get("gnutella", [])
        layers += found if isinstance(found, list) else [found]
    dissected = [flattened(layer) for layer in layers if "gnutella.header" in layer]
    assert len(dissected) == len(sent)
    return list(zip(sent, dissected, strict=True))


def flattened(layer: Any, into: Fields | None = None) -> Fields:
    """All fields of a layer: under `name` their texts, under `name_raw` their bytes in hexadecimal."""
    found: Fields = {} if into is None else into
    for name, value in layer.items():
        if name.endswith("_raw"):
            # one field is [hex, position, length, mask, type]; a field that occurs more than once, a list of those
            occurrences = value if isinstance(value[0], list) else [value]
            found.setdefault(name, []).extend(item[0] for item in occurrences)
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                flattened(item, found)
            else:
                found.setdefault(name, []).append(item)
    return found


def colons(raw: bytes) -> str:
    return raw.hex(":")


def expected(frame: Descriptor) -> Fields:
    """What Wireshark must show of a descriptor, from our decoder's values."""
    header, payload = frame.header, frame.payload()
    values: Fields = {
        "header.id": [colons(header.guid)],
        "header.payload": [str(header.type)],
        "header.ttl": [str(header.ttl)],
        "header.hops": [str(header.hops)],
        "header.size": [str(header.length)],
    }
    match payload:
        case Query():
            text = from_text(payload.text)
            values["query.min_speed"] = [str(payload.min_speed)]
            values["query.search_raw"] = [(text + b"\0" + payload.extension).hex()]
            if text.isascii() and text.decode().isprintable() and text:
                values["query.search"] = [payload.text]
        case Push():
            values["push.servent_id"] = [colons(payload.servent_id)]
            values["push.index"] = [str(payload.index)]
            values["push.ip"] = [payload.ip]
            values["push.port"] = [str(payload.port)]
        case QueryHit():
            values |= expected_hit(payload)
        case Message() if payload.wire_type == Pong.wire_type:  # whichever class stands for it
            for ours, theirs in {"port": "port", "ip": "ip", "files": "files", "kib": "kbytes"}.items():
                values[f"pong.{theirs}"] = [str(getattr(payload, ours))]
    return values


def expected_hit(hit: QueryHit) -> Fields:
    values = {
        "queryhit.count": [str(len(hit.results))],
        "queryhit.port": [str(hit.port)],
        "queryhit.ip": [hit.ip],
        "queryhit.speed": [str(hit.speed)],
        "queryhit.servent_id": [colons(hit.servent_id)],
        "queryhit.hit.index": [str(result.index) for result in hit.results],
        "queryhit.hit.size": [str(result.size) for result in hit.results],
        "queryhit.hit.name_raw": [from_text(result.name).hex() for result in hit.results if result.name],
        "queryhit.hit.extra": [colons(result.extension) for result in hit.results if result.extension],
        "queryhit.extra": [colons(hit.trailer.encode())] if hit.trailer else [],
    }
    return {name: value for name, value in values.items() if value}


def differences(frame: Descriptor, fields: Fields) -> dict[str, tuple[list[str], list[str] | None]]:
    """The fields in which the two disagree: ours and Wireshark's."""
    ours = {f"gnutella.{name}": value for name, value in expected(frame).items()}
    return {name: (value, fields.get(name)) for name, value in ours.items() if fields.get(name) != value}


@pytest.mark.parametrize("cls", [Ping, Pong, Push, Query, QueryHit, Bye], ids=lambda cls: cls.__name__)
def test_wireshark_sees_the_same_in_every_field(cls: type[Message], seen: list[tuple[Descriptor, Fields]]) -> None:
    mine = [(frame, fields) for frame, fields in seen if frame.type == cls.wire_type]
    assert len(mine) == EACH
    for frame, fields in mine:
        assert differences(frame, fields) == {}, frame


def test_enough_messages_of_all_types_were_compared(seen: list[tuple[Descriptor, Fields]]) -> None:
    counted = Counter(frame.type for frame, fields in seen if len(expected(frame)) > 5 or frame.type == Ping.wire_type)
    assert sum(counted.values()) >= 500
    assert set(counted) == {0x00, 0x01, 0x40, 0x80, 0x81}


def test_every_field_that_wireshark_has_is_compared(seen: list[tuple[Descriptor, Fields]]) -> None:
    shown = {name for _, fields in seen for name in fields if not name.endswith("_raw")}
    compared = {f"gnutella.{name.removesuffix('_raw')}" for frame, _ in seen for name in expected(frame)}
    assert shown == compared


def test_bytes_of_payloads_are_those_that_we_build_again(seen: list[tuple[Descriptor, Fields]]) -> None:
    names = {0x01: "pong", 0x40: "push", 0x80: "query", 0x81: "queryhit"}
    for frame, fields in seen:
        payload = frame.payload()
        assert not isinstance(payload, Opaque)
        if frame.type in names:
            assert fields[f"gnutella.{names[frame.type]}.payload_raw"] == [payload.encode().hex()]


def test_a_swapped_byte_order_is_found(seen: list[tuple[Descriptor, Fields]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_by_name", {})
    monkeypatch.setattr(message, "_by_type", {})

    class Pong(Message, network="gnutella", wire_type=0x01):
        """A Pong with its port the wrong way round."""

        port: int = field(Int16ub, "wrong")
        ip: str = field(IPv4(), "right")
        files: int = field(Int32ul, "right")
        kib: int = field(Int32ul, "right")
        extension: bytes = field(RestBytes(65536), "right", default=b"", kw_only=True)

    pongs = [(frame, fields) for frame, fields in seen if frame.type == Pong.wire_type]
    found = [differences(frame, fields) for frame, fields in pongs]
    assert all(set(one) <= {"gnutella.pong.port"} for one in found)
    assert sum(map(bool, found)) > EACH / 2  # the others read the same both ways, as 0 and 65535 do
