"""A network that does not exist. Its messages use what Gnutella's leave unused, in a frame of another shape."""

from __future__ import annotations

import random
from itertools import islice
from typing import Any

from construct import Bytes, Int8sb, Int8ub, Int8ul, Int16sl, Int16ub, Int16ul, Int32ub, Int32ul, Int64sl, Int64ub, len_
from construct import this as this_

from peerspec.codecs import generate
from peerspec.codecs.constructs import (
    Bounded,
    Decimal,
    FoldedText,
    HexBytes,
    IPv4,
    Lines,
    NulBytes,
    NulText,
    Repeat,
    RestBytes,
    TextUntil,
    UpTo,
)
from peerspec.codecs.framing import Frame
from peerspec.codecs.message import Message, constant, derived, field, messages

NETWORK = "toyexport"


class Head(Message, network=NETWORK):
    """Five bytes before each payload; the length is not last, and its bytes are the other way round."""

    size: int = field(Int32ub, "bytes of payload")
    kind: int = field(Int8ub, "type of payload")


class Crate(Frame[Head]):
    """A head and a payload."""

    __slots__ = ()

    header_class = Head
    header_size = 5
    type_field = "kind"
    length_field = "size"


class Numbers(Message, network=NETWORK, wire_type=1):
    """Integers of every width, sign and byte order."""

    small: int = field(Int8sb, "-128 to 127")
    low: int = field(Int16ul, "low byte first")
    high: int = field(Int16ub, "high byte first")
    low_again: int = field(Int32ul, "low byte first")
    signed: int = field(Int16sl, "low byte first")
    long_signed: int = field(Int64sl, "low byte first")
    long: int = field(Int64ub, "high byte first", unit="grains", legal="any")


class Nothing(Message, network=NETWORK, wire_type=2):
    """No field at all."""


class Words(Message, network=NETWORK, wire_type=3):
    """Fields whose names are words of Lua, of Kaitai or of Python; \\ and " in a text that is quoted."""

    end: str = field(NulText(10), 'a word of Lua, with \\ and "')
    self: bytes = field(NulBytes(10), "a word of Python")
    size: int = field(Int8ul, "a word of Kaitai")
    function: bytes = field(RestBytes(10), "a word of Lua")


class Inner(Message, network=NETWORK):
    """A record with a list, a region and an address."""

    count = derived(Int8ul, "numbers that follow", len_(this_.numbers))
    numbers: tuple[int, ...] = field(Repeat(this_.count, Int16ub), "a list of integers")
    note: bytes = field(Bounded(Int16ub, RestBytes(300)), "a region without a record")
    address: str = field(IPv4(), "an address")


class Nested(Message, network=NETWORK, wire_type=4):
    """Two lists counted before either, one of records with lists."""

    inners = derived(Int8ul, "records", len_(this_.records))
    addresses = derived(Int16ul, "addresses", len_(this_.hosts))
    records: tuple[Inner, ...] = field(Repeat(this_.inners, Inner.layout), "records")
    hosts: tuple[str, ...] = field(Repeat(this_.addresses, IPv4()), "addresses")


class Pair(Message, network=NETWORK):
    """Four bytes."""

    left: int = field(Int16ub, "the first two")
    right: int = field(Int16ub, "the others", default=7, kw_only=True)


class Regions(Message, network=NETWORK, wire_type=5):
    """Regions that need not be used up, so that surplus bytes are a fault of their own."""

    magic = constant(b"\x89RG\x00", "not text")
    pair: Pair = field(Bounded(Int8ul, Pair.layout), "a region of fixed content")
    title: str = field(Bounded(Int16ul, NulText(40)), "a region of one text")
    tail: Pair | None = field(UpTo(6, Pair.layout), "there or not", default=None, kw_only=True)
    check: bytes = field(Bytes(6), "always there")


class Leaf(Message, network=NETWORK, wire_type=6):
    """An optional region without a record."""

    word: str | None = field(UpTo(1, NulText(20)), "there or not")
    flag: int = field(Int8ul, "always there")


class Speech(Message, network=NETWORK):
    """Text of every kind. It ends in an empty line, and no other is in it."""

    verb = constant(b"SAY ALOUD ", "what it is, in more bytes than a head has")
    octet: int = field(Decimal(b" ", 255), "three digits, but not all of them")
    large: int = field(Decimal(b" ", 2**70), "more than 64 bits")
    code: int = field(Decimal(b"; ", 599, width=3), "always three digits")
    key: bytes = field(HexBytes(2, b""), "digits that nothing follows")
    any: str = field(TextUntil(b"--", 20, allowed=bytes(range(0x20, 256))), "nearly any bytes")
    word: str = field(TextUntil(b"\n", 8, minimum=2, allowed=b"abcdefgh"), "some bytes")
    line: str = field(FoldedText(30), "a line that may be folded")
    numbers: tuple[int, ...] = field(Lines(Decimal(b"\n", 255), 3, b".\n"), "lines without records")
    last = constant(b"END\n\n", "the end")


def valid(network: str, each: int) -> list[Message]:
    """So many generated messages of every class of a network, records included."""
    return [
        message
        for cls in messages(network)
        for message in islice(generate.values(cls, random.Random(f"{cls.__name__} export")), each)
    ]


def framed(frame_class: type[Frame[Any]], payload: Message) -> Frame[Any]:
    """The payload in a frame of its network, whose header is generated but for type and length."""
    header = generate.value(frame_class.header_class, random.Random(repr(payload)))
    body = payload.encode()
    fields = {frame_class.type_field: payload.wire_type, frame_class.length_field: len(body)}
    return frame_class(header.replace(**fields), body)
