"""Scapy layers agree with the codec byte for byte, both ways, and put streams together."""

import contextlib
import random
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import construct as cs
import pytest
from scapy.fields import ByteField
from scapy.layers.inet import TCP, UDP
from scapy.packet import Packet, Padding, Raw, fuzz, split_layers
from scapy.sendrecv import sniff
from scapy.sessions import TCPSession
from scapy.utils import rdpcap

from peerspec.codecs import generate, napster
from peerspec.codecs.constructs import Bounded, IPv4, Repeat, RestBytes, UpTo, from_text
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.gnutella import (
    ConnectRequest,
    ConnectResponse,
    Descriptor,
    GetRequest,
    HeaderLine,
    LegacyConnect,
    Ping,
    Pong,
    Query,
    QueryHit,
    Result,
    new_guid,
)
from peerspec.codecs.message import FieldSpec, Message, derived, field, messages
from peerspec.codecs.scapy_fields import fields_of, scapy_name
from peerspec.codecs.scapy_layers import bind, layers, to_message, to_packet
from peerspec.codecs.streams import Lost, next_unit
from peerspec.codecs.words import Address, Series

LAYERS = layers("gnutella")
ALL = (*messages("gnutella"), *messages("napster"))
PAYLOADS = [cls for cls in messages("gnutella") if cls.wire_type is not None]
GUID = new_guid(random.Random(1))
CLIENT, SERVER = ("127.0.1.1", 40000), ("127.0.2.2", 6346)


def drawn(cls: type[Message], count: int = 60) -> Iterator[Message]:
    count = max(1, count // 6) if cls.network == "napster" else count
    return islice(generate.values(cls, random.Random(f"{cls.__name__} scapy")), count)


def assert_fields_agree(packet: Packet, message: Message) -> None:
    """Each field of the message stands in the packet, down to the last record."""
    for name, spec in message.specs.items():
        if not spec.is_value:
            continue
        there, here = packet.getfieldval(scapy_name(name)), getattr(message, name)
        if isinstance(here, Message):
            assert_fields_agree(there, here)
        elif isinstance(here, tuple):
            assert len(there) == len(here)
            for one, other in zip(there, here, strict=True):
                if isinstance(other, Message):
                    assert_fields_agree(one, other)
                else:
                    assert one == from_text(other)
        elif isinstance(here, str) and not isinstance(spec.construct, IPv4 | Address):
            assert there == from_text(here)
        else:
            assert there == here


def rebuilt(packet: Packet) -> bytes:
    """The bytes of a packet made from its fields, and not from what it was read from."""
    packet.clear_cache()
    return bytes(packet)


@pytest.fixture
def bound() -> Iterator[None]:
    bind("gnutella", SERVER[1])
    yield
    for transport in (TCP, UDP):
        split_layers(transport, LAYERS["Stream"], sport=SERVER[1])
        split_layers(transport, LAYERS["Stream"], dport=SERVER[1])


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_codec_to_scapy_and_scapy_to_codec_agree_byte_for_byte(cls: type[Message]) -> None:
    for message in drawn(cls):
        raw = message.encode()
        read = layers(cls.network)[cls.__name__](raw)
        assert_fields_agree(read, message)
        assert not read.haslayer(Raw)
        assert rebuilt(read) == raw
        made = to_packet(message)
        assert bytes(made) == raw
        assert to_message(made) == to_message(read) == message


@pytest.mark.parametrize("cls", PAYLOADS, ids=lambda cls: cls.__name__)
def test_frames_agree_and_type_and_length_are_filled_in(cls: type[Message]) -> None:
    header = LAYERS["Header"]
    for message in drawn(cls, 20):
        frame = Descriptor.of(message, guid=GUID, ttl=3, hops=1)  # type: ignore[arg-type]
        made = header(guid=GUID, ttl=3, hops=1) / to_packet(message)
        assert bytes(made) == frame.encode() == bytes(to_packet(frame))
        read = header(frame.encode())
        assert isinstance(read.payload, LAYERS[cls.__name__])
        assert_fields_agree(read.payload, message)
        assert rebuilt(read) == frame.encode()
        assert to_message(made) == to_message(read) == frame.header


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_layers_can_be_shown_and_fuzzed(cls: type[Message]) -> None:
    random.seed(5)  # scapy draws from the global generator
    layer = layers(cls.network)[cls.__name__]
    shown = str(layer(next(drawn(cls)).encode()).show(dump=True))
    assert f"{cls.network.capitalize()} {cls.__name__}" in shown
    assert all(scapy_name(name) in shown for name in cls.specs)
    seen = {bytes(fuzz(layer())) for _ in range(20)}
    # scapy varies neither what is absent by default nor lists
    fixed = all(not spec.is_value or isinstance(spec.construct, UpTo | Series) for spec in cls.specs.values())
    assert len(seen) > 1 or fixed


def test_fuzzing_leaves_constants_alone() -> None:
    assert {bytes(fuzz(LAYERS["LegacyConnect"]())) for _ in range(5)} == {LegacyConnect().encode()}
    assert all(bytes(fuzz(LAYERS["Giv"]())).startswith(b"GIV ") for _ in range(5))


def test_fuzzed_payloads_keep_a_right_frame_around_them() -> None:
    random.seed(6)
    for cls in PAYLOADS:
        for _ in range(20):
            packet = LAYERS["Header"](guid=GUID, ttl=1) / fuzz(LAYERS[cls.__name__]())
            frame = Descriptor.decode(bytes(packet))
            assert frame.type == cls.wire_type


def test_lengths_and_types_can_be_forged() -> None:
    header, pong = LAYERS["Header"], LAYERS["Pong"]
    forged = bytes(header(guid=GUID, type=0x99, length=3) / pong())
    assert (forged[16], forged[19]) == (0x99, 3)
    hit = LAYERS["QueryHit"](count=9, results=[LAYERS["Result"](name_=b"a")])
    assert bytes(hit)[0] == 9


def test_stacked_messages_each_get_their_own_length() -> None:
    header = LAYERS["Header"]
    both = header() / LAYERS["Query"](text=b"a") / header() / LAYERS["Pong"]() / header() / LAYERS["Ping"]()
    raw = bytes(both)
    found = [Descriptor.decode(part) for part in (raw[:27], raw[27:64], raw[64:])]
    assert [frame.payload() for frame in found] == [Query("a"), Pong(0, "127.0.0.1", 0, 0), Ping()]


def test_more_results_than_scapy_expects() -> None:
    hit = QueryHit(1, "127.0.0.1", 0, tuple(Result(number, 0, str(number)) for number in range(255)), GUID)
    read = LAYERS["QueryHit"](hit.encode())
    assert [result.index for result in read.results] == list(range(255))
    assert rebuilt(read) == hit.encode()


def test_a_number_with_two_meanings_is_read_as_the_first_that_fits() -> None:
    header = layers("napster")["Header"]
    both = napster.Packet.of(napster.StatsRequest()).encode() + napster.Packet.of(napster.Stats(1, 2, 3)).encode()
    asked, told = header(both[:4]), header(both[4:])
    assert isinstance(asked.payload, layers("napster")["StatsRequest"])
    assert (told[layers("napster")["Stats"]].files, rebuilt(told)) == (2, both[4:])
    assert isinstance(header(napster.Packet.of_raw(214, b"x").encode()).payload, layers("napster")["StatsRequest"])


def test_words_that_are_damaged_are_kept_as_bytes() -> None:
    login = layers("napster")["Login"](b'me  x "a b" 07')
    assert (login.nick, login.password, login.port, login.info, login.link) == (b"me", b"", b"x", b"a b", b"07")
    found = layers("napster")["Search"](b'MAX_RESULTS 5 FILENAME CONTAINS "a" nonsense')
    assert [type(clause).__name__ for clause in found.clauses][:2] == ["NapsterLimitClause", "NapsterFilenameClause"]
    assert layers("napster")["PeerAddress"](b" 1.2.3.4 5").ip == b"1.2.3.4"


def test_unknown_types_are_raw_and_an_empty_ping_is_there() -> None:
    header = LAYERS["Header"]
    assert bytes(header(Descriptor.of_raw(0x31, b"vendor", guid=GUID, ttl=1).encode())[Raw]) == b"vendor"
    ping = header(Descriptor.of(Ping(), guid=GUID, ttl=1).encode())
    assert isinstance(ping.payload, LAYERS["Ping"])
    cut_pong = header(Descriptor.of_raw(0x01, b"", guid=GUID, ttl=1).encode())
    assert rebuilt(cut_pong) == bytes(cut_pong) == Descriptor.of_raw(0x01, b"", guid=GUID, ttl=1).encode()


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_damaged_messages_are_read_as_far_as_they_go(cls: type[Message]) -> None:
    layer = layers(cls.network)[cls.__name__]
    generator = random.Random(2)
    for message in drawn(cls, 20):
        raw = bytearray(message.encode())
        if raw:
            raw[generator.randrange(len(raw))] = generator.randrange(256)
        del raw[generator.randrange(len(raw) + 1) :]
        with contextlib.suppress(struct.error):  # what scapy raises when a number is cut
            layer(bytes(raw)).show(dump=True)


def test_a_hit_too_short_for_its_servent_id_has_no_trailer() -> None:
    read = LAYERS["QueryHit"](bytes(11) + b"short")
    assert (read.trailer, read.servent_id) == (None, b"short")


def test_decimals_and_hex_that_are_none_are_kept_as_bytes() -> None:
    read = LAYERS["Giv"](b"GIV 007:zz/name\n\n")
    assert (read.index, read.servent_id, read.name_) == (b"007", b"zz", b"name")
    assert LAYERS["ConnectResponse"](b"GNUTELLA/0.6 200 OK\r\n\r\n").code == 200


def drive(capture: Any, path: Path, segments: list[bytes]) -> list[Packet]:
    """What scapy's own reassembly makes of these segments, message by message."""
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, *segments)
    found: list[Packet] = []
    for packet in sniff(offline=str(capture.write(path)), session=TCPSession):
        layer = packet[TCP].payload
        while layer:
            if isinstance(layer, Padding):
                break
            found.append(layer)
            layer = layer.payload
    return found


TALK: list[Message | Descriptor] = [
    ConnectRequest(headers=(HeaderLine.of("User-Agent", "a"), HeaderLine.of("X-Long", "b\r\n c"))),
    ConnectResponse(200, "OK"),
    Descriptor.of(Ping(), guid=GUID, ttl=1),
    Descriptor.of(Query("GNUTELLA OK"), guid=GUID, ttl=5),
    Descriptor.of(QueryHit(1, "127.0.0.1", 0, (Result(1, 2, "name"),), GUID), guid=GUID, ttl=5),
    Descriptor.of_raw(0x31, b"vendor", guid=GUID, ttl=1),
    Descriptor.of(Pong(6346, "127.0.0.1", 1, 8), guid=GUID, ttl=2, hops=1),
]
WANTED = [
    *("ConnectRequest", "ConnectResponse", "Header", "Ping", "Header", "Query", "Header", "QueryHit"),
    *("Header", None, "Header", "Pong"),
]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.usefixtures("bound")
def test_streams_are_put_together_however_they_are_cut(
    seed: int, capture: Any, cut: Callable[[bytes, int], list[bytes]], tmp_path: Path
) -> None:
    raw = b"".join(item.encode() for item in TALK)
    found = drive(capture, tmp_path / "c.pcap", cut(raw, seed))
    expected = [Raw if name is None else LAYERS[name] for name in WANTED]
    assert [type(layer) for layer in found] == expected
    decoded = [to_message(layer) for layer in found if not isinstance(layer, LAYERS["Header"] | Raw)]
    assert decoded == [item if isinstance(item, Message) else item.payload() for item in TALK if item is not TALK[5]]


@pytest.mark.parametrize("size", [1, 22, 23, 24, 2000])
@pytest.mark.usefixtures("bound")
def test_streams_are_put_together_from_equal_segments(size: int, capture: Any, tmp_path: Path) -> None:
    raw = b"".join(item.encode() for item in TALK)
    found = drive(capture, tmp_path / "c.pcap", [raw[at : at + size] for at in range(0, len(raw), size)])
    assert [type(layer) for layer in found] == [Raw if name is None else LAYERS[name] for name in WANTED]


@pytest.mark.usefixtures("bound")
def test_what_is_no_gnutella_stays_raw(capture: Any, tmp_path: Path) -> None:
    request = GetRequest("GET", 1, "a").encode()
    capture.open(CLIENT, SERVER)
    capture.send(CLIENT, SERVER, request)
    capture.send(SERVER, CLIENT, b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n", b"\0" * 30)
    capture.send(CLIENT, SERVER, request)
    path = capture.write(tmp_path / "c.pcap")
    found = [
        type(packet[TCP].payload) for packet in sniff(offline=str(path), session=TCPSession) if packet[TCP].payload
    ]
    assert found == [LAYERS["GetRequest"], Raw, Raw, LAYERS["GetRequest"]]


@pytest.mark.usefixtures("bound")
def test_without_a_session_each_segment_is_read_for_itself(capture: Any, tmp_path: Path) -> None:
    capture.send(CLIENT, SERVER, LegacyConnect().encode(), TALK[3].encode(), b"GNUT", b"")
    capture.datagram(CLIENT, SERVER, TALK[2].encode())
    capture.send(CLIENT, SERVER, TALK[3].encode() + TALK[2].encode())
    packets = rdpcap(str(capture.write(tmp_path / "c.pcap")))
    assert LAYERS["LegacyConnect"] in packets[0]
    assert packets[1][LAYERS["Query"]].text == b"GNUTELLA OK"
    assert bytes(packets[2][Raw]) == b"GNUT"
    assert LAYERS["Ping"] in packets[4]
    assert bytes(packets[1][TCP].payload) == TALK[3].encode()
    assert packets[5][LAYERS["Query"]].extension == b""
    assert bytes(packets[5][Padding]) == TALK[2].encode()


def test_what_cannot_be_converted_is_refused() -> None:
    with pytest.raises(TypeError, match="no layer of a message"):
        to_message(Raw(b"x"))
    with pytest.raises(DecodeError):
        to_message(LAYERS["Query"](b"\0\0no end"))
    with pytest.raises(DecodeError):
        to_packet(Descriptor.of_raw(0x01, b"short", guid=GUID, ttl=1))
    with pytest.raises(ValueError, match="no codecs of a network 'nosuch'"):
        layers("nosuch")


def test_names_that_scapy_uses_itself_get_an_underscore() -> None:
    assert scapy_name("name") == "name_"
    assert scapy_name("port") == "port"
    assert LAYERS["Result"](name_=b"x").name == "Gnutella Result"


@pytest.mark.parametrize(
    "module", ["", ".gnutella", ".tables", ".diagram", ".streams", ".generate", ".oracle", ".framing"]
)
def test_the_codecs_are_imported_without_scapy(module: str) -> None:
    script = f"import sys, peerspec.codecs{module}; print(sorted(name for name in sys.modules if 'scapy' in name))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_byte_numbers_are_plain_scapy_fields() -> None:
    assert [type(part) for part in LAYERS["Header"].fields_desc][1:4] == [ByteField] * 3


@pytest.fixture
def no_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages declared in a test are met by no other test."""
    monkeypatch.setattr("peerspec.codecs.message._by_name", {})
    monkeypatch.setattr("peerspec.codecs.message._by_type", {})


@pytest.mark.usefixtures("no_messages")
def test_what_gnutella_does_not_use_has_layers_too() -> None:
    class Inner(Message, network="toy"):
        """A record."""

        low: int = field(cs.Int8sb, "signed")

    class Outer(Message, network="toy"):
        """Big-endian and signed numbers, a record without length, measured bytes."""

        number: int = field(cs.Int32sb, "signed")
        wide: int = field(cs.Int64ub, "unsigned")
        inner: Inner = field(Inner.layout, "a record")
        data: bytes = field(Bounded(cs.Int16ub, RestBytes(300)), "bytes of a length that stands before them")
        rest: bytes = field(RestBytes(9), "the rest")

    random.seed(7)
    layer = layers("toy")["Outer"]
    value = Outer(-2, 2**63, Inner(-1), b"abc", b"rest")
    assert value.encode() == bytes.fromhex("fffffffe 8000000000000000 ff 0003") + b"abcrest"
    read = layer(value.encode())
    assert_fields_agree(read, value)
    assert rebuilt(read) == value.encode() == bytes(to_packet(value))
    assert bytes(layer(data=b"12"))[13:17] == b"\x00\x0212"
    fuzzed = [fuzz(layer()) for _ in range(50)]
    assert {packet.number < 0 for packet in map(layer, map(bytes, fuzzed))} == {True, False}
    with pytest.raises(Lost):
        next_unit("toy", value.encode())


@pytest.mark.usefixtures("no_messages")
def test_what_scapy_has_no_field_for_is_refused() -> None:
    class Addresses(Message, network="toy2"):
        """Repeated addresses, which no layout has needed yet."""

        count = derived(cs.Int8ub, "addresses that follow", cs.len_(cs.this.all))
        all: tuple[str, ...] = field(Repeat(cs.this.count, IPv4()), "addresses")

    assert Addresses.decode(b"\x01\x7f\x00\x00\x01") == Addresses(("127.0.0.1",))
    with pytest.raises(TypeError, match="all: scapy layers hold records here, not IPv4"):
        layers("toy2")
    with pytest.raises(TypeError, match="x: no scapy field stands for GreedyRange"):
        fields_of(named("x", cs.GreedyRange(cs.Byte)), lambda cls: Packet)
    with pytest.raises(TypeError, match="no scapy field stands for this"):
        fields_of(named("x", cs.Rebuild(cs.Byte, cs.this.other)), lambda cls: Packet)


def named(name: str, construct: Any) -> FieldSpec:
    spec = FieldSpec(construct, "")
    spec.name = name
    return spec
