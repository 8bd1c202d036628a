"""The emitted code against interpreted Construct: the same verdict, value and path on any bytes and any value."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

import peerspec.codecs.gnutella
import peerspec.codecs.napster  # noqa: F401 - registers
from peerspec.codecs import oracle
from peerspec.codecs.defects import near_valid
from peerspec.codecs.errors import CodecError, DecodeError, EncodeError
from peerspec.codecs.generate import values
from peerspec.codecs.message import Message, messages

ALL = [*messages("gnutella"), *messages("napster"), *messages("text"), *messages("specimen")]
every_message = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)


class Port(enum.IntEnum):
    """An integer that is no plain one."""

    GNUTELLA = 200


class Raw(bytes):
    """Bytes that are no plain ones."""

    __slots__ = ()


class Word(str):
    """Text that is no plain one."""

    __slots__ = ()


def outcome(parse: Any, *arguments: Any) -> tuple[Any, str]:
    """What a parser or builder gives: its result, or the kind and path of its error."""
    try:
        return parse(*arguments), ""
    except CodecError as error:
        return type(error), error.path


def small(cls: type[Message], seed: str, count: int) -> Iterator[Message]:
    """Messages of a size that the interpreter can take many of."""
    found = (message for message in values(cls, random.Random(seed)) if len(message.encode()) < 2000)
    return islice(found, share(cls, count))


def share(cls: type[Message], count: int) -> int:
    """Of a network with hundreds of messages of a few kinds each is tried less often."""
    return max(1, count // 6) if cls.network == "napster" else count


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three random changes."""
    found = bytearray(raw)
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(found))
        match chance.randrange(4):
            case 0:
                del found[at : at + chance.randint(1, 4)]
            case 1:
                found[at:at] = bytes(chance.choices(b"\0\r\n :/0aG\xff", k=chance.randint(1, 2)))
            case 2 if at < len(found):
                found[at] = chance.choice((0, 1, 10, 13, 32, 127, 128, 255, chance.randrange(256)))
            case _:
                del found[at:]
    return bytes(found)


@every_message
def test_valid_messages_make_the_round_trip_both_ways(cls: type[Message]) -> None:
    for message in small(cls, "valid", 60):
        raw = message.encode()
        assert raw == oracle.encode(message)
        assert cls.decode(raw) == message == oracle.decode(cls, raw)


@every_message
def test_near_valid_messages_are_refused_by_both_at_the_same_field(cls: type[Message]) -> None:
    for made in islice(near_valid(cls, random.Random("near")), share(cls, 120)):
        if len(made.data) < 2000:
            assert outcome(cls.decode, made.data) == outcome(oracle.decode, cls, made.data)
            assert outcome(cls.decode, made.data)[0] is DecodeError


@every_message
def test_damaged_messages_have_the_same_outcome(cls: type[Message]) -> None:
    chance = random.Random("damage")
    for message in small(cls, "damage", 60):
        for _ in range(5):
            raw = damaged(message.encode(), chance)
            ours = outcome(cls.decode, raw)
            assert ours == outcome(oracle.decode, cls, raw)
            if isinstance(ours[0], cls):
                assert ours[0].encode() == oracle.encode(ours[0])


@every_message
def test_random_bytes_have_the_same_outcome(cls: type[Message]) -> None:
    chance = random.Random("bytes")
    for size in range(0, 120, 120 // share(cls, 120)):
        raw = chance.randbytes(size)
        assert outcome(cls.decode, raw) == outcome(oracle.decode, cls, raw)


@every_message
def test_every_truncation_has_the_same_outcome(cls: type[Message]) -> None:
    raw = max((message.encode() for message in small(cls, "cut", 20)), key=lambda raw: len(raw) * (len(raw) < 300))
    for size in range(len(raw)):
        ours = outcome(cls.decode, raw[:size])
        assert ours == outcome(oracle.decode, cls, raw[:size])
        if ours[0] is DecodeError:
            with pytest.raises(DecodeError) as caught:
                cls.decode(raw[:size])
            assert 0 <= caught.value.offset <= size


WRONG = [
    None,
    True,
    -1,
    2**64,
    1.5,
    Port.GNUTELLA,
    "",
    "1.2.3",
    "127.1",
    "1.2.3.4",
    "\ud800",
    "\udc80",
    "a\0b",
    "a\nb",
    "a\r\n",
    "a\r\n b",
    "abc--d",
    "x" * 70000,
    Word("abc"),
    b"",
    b"a\0b",
    b"a" * 16,
    b"a" * 70000,
    bytearray(16),
    memoryview(b"a" * 16),
    Raw(b"b" * 16),
    (),
    [],
    (1, 2),
    ("1.2.3.4",) * 300,
    (None,),
    object(),
]


@every_message
def test_any_value_in_any_field_has_the_same_outcome(cls: type[Message]) -> None:
    """Both build the same bytes, or both refuse, and the emitted builder raises nothing but `EncodeError`."""
    for message in small(cls, "wrong", 3):
        for name in cls.__struct_fields__:
            for value in WRONG:
                changed = message.replace(**{name: value})
                ours, theirs = outcome(changed.encode), outcome(oracle.encode, changed)
                assert ours[0] == theirs[0], (name, value)
                assert ours[0] is not EncodeError or ours[1].startswith(name)


@every_message
def test_a_message_of_another_class_in_the_place_of_a_record_is_refused(cls: type[Message]) -> None:
    for name in cls.__struct_fields__:
        for message in small(cls, "record", 1):
            stranger = messages("specimen")[1]()
            for value in (stranger, (stranger,)):
                with pytest.raises(EncodeError):
                    message.replace(**{name: value}).encode()
