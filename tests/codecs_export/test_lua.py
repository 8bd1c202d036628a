"""Wireshark, with the generated dissector, sees what our decoder sees: the same fields, bytes, values and faults."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import construct as cs
import pytest

from peerspec.codecs import defects, gnutella, napster
from peerspec.codecs.constructs import Decimal, HexBytes, IPv4, Lines, Record, Repeat, UpTo, from_text
from peerspec.codecs.defects import NearValid
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.export import lua_dissector
from peerspec.codecs.export.lua import abbreviation, filter_names
from peerspec.codecs.framing import Frame, Opaque
from peerspec.codecs.gnutella import Descriptor, Ping, Pong
from peerspec.codecs.message import Message, messages
from peerspec.codecs.pieces import is_text
from peerspec.codecs.scapy_capture import read_capture
from peerspec.codecs.spans import Span, offsets, spans
from peerspec.codecs.streams import Unit as StreamUnit
from peerspec.codecs.streams import frame_class, next_unit
from peerspec.codecs.words import Address, Choice, Number, Series

from . import toy
from .wireshark import Row, Traffic, Unit, cut, dissect

CLIENT, SERVER = ("127.0.1.1", 40000), ("127.0.2.2", 6346)
NAME = abbreviation("gnutella")
GUID = bytes(range(16))
LONGEST = 8192
PING = Descriptor.of(Ping(), guid=GUID, ttl=3).encode()
FIRST = {
    "gnutella": PING,
    "napster": napster.Packet.of(napster.SearchEnd()).encode(),
    toy.NETWORK: toy.Crate(toy.Head(0, 2), b"").encode(),
}


def rows_of(message: Message, skip: str | None = None) -> list[Row]:
    """The rows that our decoder's values ask for; `skip` is a field whose value is shown in another way."""
    found = [Row(type(message).__name__.lower(), message.encode().hex(), "")]
    for span in spans(message):
        unshown = isinstance(span.construct, Repeat | Lines | Series | UpTo)  # lists are shown by their items
        if unshown or span.path.endswith(("#stop", "#lead")):
            continue
        path = re.sub(r"\[\d+\]", "", span.path).replace("#size", "-size")
        raw = message.encode()[span.start : span.end]
        found.append(Row(f"{found[0].name}.{path}", raw.hex(), "" if span.path == skip else shown(span, raw)))
    return found


def shown(span: Span, raw: bytes) -> str:
    """A value as Wireshark prints it."""
    construct = span.construct
    if isinstance(construct, Record | Choice):
        return ""
    if isinstance(construct, Number) and construct.highest >= 2**32:
        return str(span.value)
    if isinstance(construct, cs.FormatField | IPv4 | Number | Address):
        return str(span.value)
    if isinstance(construct, Decimal):
        return str(span.value).zfill(construct.width or 0) if construct.highest >= 2**32 else str(span.value)
    if isinstance(construct, HexBytes):
        return raw.decode()
    value = from_text(span.value) if isinstance(span.value, str) else span.value
    is_text = isinstance(span.value, str) or (isinstance(construct, cs.Const) and value.isascii() and 0 not in value)
    return value.partition(b"\0")[0].decode("utf-8", "replace") if is_text else value.hex(":")


def rows_of_unit(unit: Message | Frame[Any]) -> list[Row]:
    if isinstance(unit, Message):
        return rows_of(unit)
    payload = unit.payload()
    digits = 2 * offsets(unit)[f"header.{unit.type_field}"][1]
    of_type = f"0x{unit.type:0{digits}x}"
    header = [
        row._replace(shown=of_type) if row.name.endswith(f".{unit.type_field}") else row
        for row in rows_of(unit.header, skip=unit.type_field)
    ]
    if isinstance(payload, Opaque):
        return header + ([Row("unknown-payload", payload.data.hex(), payload.data.hex(":"))] if payload.data else [])
    return header + rows_of(payload)


def streamable(network: str, message: Message) -> bool:
    """Whether a text is found whole in a stream: generated ones may have an empty line inside."""
    found = next_unit(network, message.encode())
    return isinstance(found, StreamUnit) and found == (type(message), len(message.encode()))


def sent_by(network: str, each: int) -> list[Message | Frame[Any]]:
    """Generated messages of every kind that a stream of the network consists of, shuffled, and not too long."""
    frame = frame_class(network)
    assert frame is not None
    units: list[Message | Frame[Any]] = []
    for message in toy.valid(network, each):
        if len(message.encode()) > LONGEST:
            continue
        if message.wire_type is not None:
            units.append(toy.framed(frame, message))
        elif re.match(rb"GNUTELLA|GIV|[A-Z]+ /get/|SAY ", message.encode()) and streamable(network, message):
            units.append(message)
    random.Random(2).shuffle(units)
    return units


#: what another message of the same number is always taken for, where nobody says who sends it
SHADOWED = {"newbrowseend", "channelbansend.channel", "channelmembersend.channel", "globalnotice", "operatornotice"}


@pytest.mark.parametrize("network", ["gnutella", "napster", toy.NETWORK])
def test_wireshark_names_the_fields_and_values_of_every_message(network: str, tmp_path: Path) -> None:
    sent = sent_by(network, 12 if network == "napster" else 25)
    traffic = Traffic()
    traffic.send(CLIENT, SERVER, *cut(b"".join(unit.encode() for unit in sent), 1))
    seen = dissect(lua_dissector(network, [6346]), traffic.write(tmp_path), abbreviation(network))
    assert len(seen) == len(sent)
    for unit, dissected in zip(sent, seen, strict=True):
        assert dissected.rows == rows_of_unit(unit), unit
        # a NUL in a text is the one thing that Wireshark itself remarks on
        assert all(complaint.kind.startswith("_ws.string") for complaint in dissected.complaints)
    named = {f"{abbreviation(network)}.{row.name}" for dissected in seen for row in dissected.rows}
    never = {name for name in filter_names(network) if re.match(rf"[a-z_]+\.({'|'.join(SHADOWED)})($|\.)", name)}
    assert named == set(filter_names(network)) - never
    assert bool(never) == (network == "napster")


def damaged_by(network: str) -> Iterator[NearValid]:
    """Near-valid frames of every payload, and near-valid text."""
    frame = frame_class(network)
    assert frame is not None
    yield from islice(defects.near_valid_frames(frame, random.Random(3)), 480 if network == "napster" else 240)
    for cls in messages(network):
        if (
            network != "napster"
            and cls.wire_type is None
            and cls not in {frame.header_class, gnutella.LegacyConnect}
            and is_text(cls)
        ):
            yield from islice(defects.near_valid(cls, random.Random(4)), 30)


@pytest.mark.parametrize("network", ["gnutella", "napster", toy.NETWORK])
def test_a_damaged_message_is_found_where_our_decoder_finds_it(network: str, tmp_path: Path) -> None:
    first = FIRST[network]
    traffic = Traffic()
    for number, near in enumerate(near for near in damaged_by(network) if len(near.data) <= LONGEST):
        # each on a connection of its own, after a whole message: a stream may be lost by it
        traffic.send(("127.0.1.1", 20000 + number), SERVER, *cut(first + near.data, number))
    path, name = traffic.write(tmp_path), abbreviation(network)
    # what follows where a stream was lost is shown as bytes, and our decoder says nothing more
    seen = [unit for unit in dissect(lua_dissector(network, [6346]), path, name) if not is_unread(unit)]
    ours = [captured.message for captured in read_capture(path, network)]
    kinds: Counter[str] = Counter()
    assert len(seen) == len(ours)
    for unit, message in zip(seen, ours, strict=True):
        own = [complaint for complaint in unit.complaints if complaint.kind.startswith(name)]
        error = fault_of(message)
        if error is None:
            assert not isinstance(message, DecodeError)
            assert unit.rows == rows_of_unit(message)
            assert own == []
            continue
        (complaint,) = own
        kind = complaint.kind.removeprefix(f"{name}.")
        kinds[kind] += 1
        if error.message == "stream":
            assert kind == "lost"
            continue
        # a text is found in the stream, where offsets count from its start
        offset = error.offset - (len(first) if isinstance(message, DecodeError) else 0)
        assert complaint.text.startswith(f"{error.path or error.message} at byte {offset}: "), error
        assert (kind == "left_over") == error.reason.endswith("left over")
    # no region of Gnutella's can have bytes left over
    assert set(kinds) == {"outside", "malformed", "lost"} | (set() if network == "gnutella" else {"left_over"})
    assert sum(kinds.values()) > 150


def fault_of(message: Message | Frame[Any] | DecodeError) -> DecodeError | None:
    """What our decoder has against a message of a capture."""
    try:
        if isinstance(message, Frame):
            message.payload()
    except DecodeError as error:
        return error
    return message if isinstance(message, DecodeError) else None


def is_ping(rows: list[Row]) -> bool:
    return "".join(row.raw for row in rows if row.name in {"header", "ping"}) == PING.hex()


def is_unread(unit: Unit) -> bool:
    return unit.rows[0].name == "unread-bytes" and not unit.complaints


def test_a_fault_is_named_where_it_is(tmp_path: Path) -> None:
    short = Descriptor.of_raw(0x01, Pong(1, "1.2.3.4", 5, 6).encode()[:9], guid=GUID, ttl=1)
    trailer = b"LIME\x02\0\0" + bytes(10)
    hit = gnutella.QueryHit(1, "1.2.3.4", 5, (), GUID).encode()
    bounded = Descriptor.of_raw(0x81, hit[:-16] + trailer.replace(b"\x02", b"\x30") + GUID, guid=GUID, ttl=1)
    traffic = Traffic()
    traffic.send(CLIENT, SERVER, short.encode() + bounded.encode() + PING)
    seen = dissect(lua_dissector("gnutella", [6346]), traffic.write(tmp_path), NAME)
    assert [unit.complaints for unit in seen] == [
        [(f"{NAME}.outside", "files at byte 9: 1 byte missing")],
        [(f"{NAME}.outside", "trailer.open_data at byte 28: 48 bytes announced, 12 follow")],
        [],
    ]
    # what stands before the fault is shown
    assert [row.name for row in seen[0].rows][-2:] == ["pong.port", "pong.ip"]


def test_bytes_left_over_and_wrong_bytes_are_named(tmp_path: Path) -> None:
    raw = toy.Regions(toy.Pair(1), "abc", bytes(6)).encode()
    surplus = raw[:4] + b"\x06" + raw[5:9] + b"!!" + raw[9:]
    wrong = raw.replace(b"RG", b"Rg")
    traffic = Traffic()
    for body in (surplus, wrong):
        traffic.send(CLIENT, SERVER, toy.Crate(toy.Head(len(body), 5), body).encode())
    name = abbreviation(toy.NETWORK)
    seen = dissect(lua_dissector(toy.NETWORK, [6346]), traffic.write(tmp_path), name)
    assert [unit.complaints for unit in seen] == [
        [(f"{name}.left_over", "pair at byte 9: 2 bytes left over")],
        [(f"{name}.malformed", 'magic at byte 2: "\\x89RG\\x00" wanted')],
    ]


def test_a_lost_stream_is_read_no_further(tmp_path: Path) -> None:
    huge = Descriptor.of_raw(0x00, b"", guid=GUID, ttl=1).encode()[:-4] + b"\xff\xff\xff\xff"
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n"
    traffic = Traffic()
    traffic.send(CLIENT, SERVER, PING, huge + PING, PING, gnutella.ConnectRequest().encode())
    traffic.send(SERVER, CLIENT, page, PING, PING)  # never readable: not this network's
    traffic.send(("127.0.1.1", 40001), SERVER, PING)
    seen = dissect(lua_dissector("gnutella", [6346]), traffic.write(tmp_path), NAME)
    assert [[row.name for row in unit.rows if "." not in row.name] for unit in seen] == [
        ["header", "ping"],
        ["unread-bytes"],
        ["unread-bytes"],
        ["unread-bytes"],
        ["header", "ping"],
    ]
    assert [complaint for unit in seen for complaint in unit.complaints] == [
        (f"{NAME}.lost", "neither text nor a frame")
    ]
    assert bytes.fromhex(seen[1].rows[0].raw) == huge + PING


def test_lines_that_end_with_a_bare_lf_are_understood(tmp_path: Path) -> None:
    block = b"GNUTELLA CONNECT/0.6\nA: b\n\r\nGNUTELLA OK\n\n"
    traffic = Traffic()
    traffic.send(CLIENT, SERVER, block)
    seen = dissect(lua_dissector("gnutella", [6346]), traffic.write(tmp_path), NAME)
    expected = gnutella.ConnectRequest(headers=(gnutella.HeaderLine.of("A", "b"),))
    assert [unit.rows for unit in seen] == [rows_of(expected), rows_of(gnutella.LegacyOk())]
    assert [unit.complaints for unit in seen] == [[], []]


def test_a_datagram_is_one_frame_or_none(tmp_path: Path) -> None:
    traffic = Traffic()
    for data in (PING, PING + b"x", PING[:-1], gnutella.LegacyOk().encode(), b"x"):
        traffic.datagram(CLIENT, SERVER, data)
    seen = dissect(lua_dissector("gnutella", [6346]), traffic.write(tmp_path), NAME)
    assert [(unit.packet, is_ping(unit.rows)) for unit in seen] == [(1, True)]


def test_a_connection_on_any_port_is_known_by_its_first_line(tmp_path: Path) -> None:
    traffic = Traffic()
    node = ("127.0.2.2", 50000)
    traffic.send(CLIENT, node, gnutella.ConnectRequest().encode())
    traffic.send(node, CLIENT, gnutella.ConnectResponse(200, "OK").encode())
    traffic.send(CLIENT, node, gnutella.ConnectResponse(200, "OK").encode() + PING[:5], PING[5:])
    traffic.send(("127.0.1.1", 40001), node, PING)
    seen = dissect(lua_dissector("gnutella"), traffic.write(tmp_path), NAME)
    assert [unit.rows[0].name for unit in seen] == ["connectrequest", "connectresponse", "connectresponse", "header"]
    assert is_ping(seen[-1].rows)


def test_a_text_is_waited_for_whose_opening_is_longer_than_a_header(tmp_path: Path) -> None:
    speech = next(message for message in toy.valid(toy.NETWORK, 1) if isinstance(message, toy.Speech))
    traffic = Traffic()
    traffic.send(CLIENT, SERVER, *(bytes([byte]) for byte in speech.encode()))
    seen = dissect(lua_dissector(toy.NETWORK, [6346]), traffic.write(tmp_path), abbreviation(toy.NETWORK))
    assert [unit.rows[0].name for unit in seen] == ["speech"]
    assert [unit.complaints for unit in seen] == [[]]


def test_the_ports_are_a_preference(tmp_path: Path) -> None:
    traffic = Traffic()
    for number, port in enumerate((6346, 7001, 7002, 7003)):
        traffic.send(("127.0.1.1", 40000 + number), ("127.0.2.2", port), PING)
    path = traffic.write(tmp_path)
    seen = dissect(lua_dissector("gnutella", [7003]), path, NAME, "-o", f"{NAME}.ports:7001-7002")
    assert [traffic.packets[unit.packet - 1].dport for unit in seen] == [7001, 7002]


def test_the_filter_names_are_what_they_were() -> None:
    frozen = (Path(__file__).parent / "gnutella_filters.txt").read_text().split()
    assert filter_names("gnutella") == frozen


def test_the_text_is_always_the_same() -> None:
    assert lua_dissector("gnutella", [6346, 80]) == lua_dissector("gnutella", (80, 6346, 80))


def test_a_network_without_codecs_is_refused() -> None:
    with pytest.raises(ValueError, match="no codecs of a network 'nosuch'"):
        lua_dissector("nosuch")
