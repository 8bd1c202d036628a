"""Packets: cut out of a stream however it comes, and read by who has sent them."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from peerspec.codecs import napster
from peerspec.codecs.defects import near_valid_frames
from peerspec.codecs.errors import DecodeError, EncodeError
from peerspec.codecs.framing import Opaque
from peerspec.codecs.generate import values
from peerspec.codecs.json_form import from_json, to_json
from peerspec.codecs.message import Message, messages
from peerspec.codecs.napster import Header, Packet, PacketReader
from peerspec.codecs.streams import Lost, StreamReader, next_unit

NUMBERED = [cls for cls in messages("napster") if cls.wire_type is not None]
#: two users at a real server: the hexadecimal digits are what was on the wire
SEEN = {
    "1a000200616c696365207077203636393920226e61702076302e38222039": napster.Login("alice", "pw", 6699, "nap v0.8", 9),
    "0e000300616e6f6e406c6f63616c686f7374": napster.LoginAck("anon@localhost"),
    "14006d0256455253494f4e206f70656e6e617020302e3336": napster.MotdLine("VERSION opennap 0.36"),
    "0500d6003020302030": napster.Stats(0, 0, 0),
    "2f00c80046494c454e414d4520434f4e5441494e53202267656e6572696320736f6e6722204d41585f524553554c5453203130": (
        napster.Search((napster.FilenameClause("CONTAINS", "generic song"), napster.LimitClause(10)))
    ),
    "0000ca00": napster.SearchEnd(),
}


@pytest.mark.parametrize(("digits", "message"), SEEN.items(), ids=lambda each: type(each).__name__)
def test_what_a_real_server_was_seen_to_exchange_is_read_and_written(digits: str, message: Message) -> None:
    raw = bytes.fromhex(digits)
    assert Packet.of(message).encode() == raw
    assert PacketReader().feed(raw) == [Packet.of(message)]
    assert Packet.decode(raw).payload(message.senders[0]) == message


@pytest.mark.parametrize("cls", NUMBERED, ids=lambda cls: cls.__name__)
def test_packets_come_out_of_single_bytes_and_of_one_piece(cls: type[Message]) -> None:
    found = (message for message in values(cls, random.Random("feed")) if len(message.encode()) <= 600)
    packets = [Packet.of(message) for message in islice(found, 4)]
    stream = b"".join(packet.encode() for packet in packets)
    reader = PacketReader()
    fed = [packet for byte in stream for packet in reader.feed(bytes([byte]))]
    assert fed == packets == PacketReader().feed(stream)
    assert (reader.pending, reader.error) == (b"", None)
    for sender in cls.senders:
        for packet in fed:
            payload = packet.payload(sender)
            assert type(payload) is cls
            assert payload.encode() == packet.body


def test_a_packet_is_as_long_as_its_limit_and_no_longer() -> None:
    whole = Packet.of_raw(100, bytes(2048)).encode()
    assert [packet.body for packet in PacketReader().feed(whole)] == [bytes(2048)]
    with pytest.raises(DecodeError, match="2049 bytes announced where at most 2048 are accepted"):
        PacketReader().feed(Packet.of_raw(100, bytes(2049)).encode())
    with pytest.raises(EncodeError):
        Packet.of_raw(100, bytes(65536)).encode()


def test_without_a_sender_the_first_meaning_that_fits_is_taken() -> None:
    assert Packet.of(napster.StatsRequest()).payload() == napster.StatsRequest()
    assert Packet.of(napster.Stats(1, 2, 3)).payload() == napster.Stats(1, 2, 3)
    notice = napster.GlobalNotice("boss", "hello")
    assert Packet.of(notice).payload() == napster.GlobalMessage("boss hello")
    assert Packet.of(notice).payload("server") == notice
    broken = Packet.of_raw(214, b"1 2")
    with pytest.raises(DecodeError, match=r"Stats\.gigabytes"):
        broken.payload()
    with pytest.raises(DecodeError, match=r"StatsRequest.*3 bytes left over"):
        broken.payload("client")


def test_a_number_that_is_not_known_is_opaque() -> None:
    packet = Packet.of_raw(60000, b"anything")
    assert packet.payload() == Opaque(60000, b"anything")
    assert Packet.of(Opaque(60000, b"anything")) == packet
    assert Packet.of_raw(2, b"x").payload("server") == Opaque(2, b"x")
    with pytest.raises(TypeError, match="Greeting has no message number"):
        Packet.of(napster.Greeting())


def test_packets_survive_json() -> None:
    for cls in NUMBERED:
        for message in islice(values(cls, random.Random(9)), 2):
            packet = Packet.of(message)
            assert from_json("napster", "Packet", to_json(packet)) == packet
    assert to_json(Packet.of(napster.SearchEnd())) == {
        "header": {"length": 0, "type": 202},
        "message": "SearchEnd",
        "payload": {},
    }


def test_a_stream_of_packets_is_one_and_plain_text_is_none() -> None:
    raw = Packet.of(napster.Stats(1, 2, 3)).encode() + Packet.of(napster.SearchEnd()).encode()
    assert [packet.payload() for packet in StreamReader("napster").feed(raw)] == [  # type: ignore[union-attr]
        napster.Stats(1, 2, 3),
        napster.SearchEnd(),
    ]
    for text in (b'GETme "a" 0', b'SENDme "a" 0', b"GNUTELLA CONNECT/0.6\r\n", b"127.0.0.1:8888\n"):
        with pytest.raises(Lost, match="where at most 8191 are believed"):
            next_unit("napster", text)


def test_near_valid_packets_are_refused_and_fit_their_header() -> None:
    for made in islice(near_valid_frames(Packet, random.Random(1)), 600):
        with pytest.raises(DecodeError):
            Packet.decode(made.data).payload()
        assert len(made.data) <= 4 + 2 * 65535


def test_the_late_header_is_the_other_way_round() -> None:
    assert napster.BigEndianHeader(1, 920).encode() == b"\x00\x01\x03\x98"
    assert Header(1, 920).encode() == b"\x01\x00\x98\x03"
