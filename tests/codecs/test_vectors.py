"""Test vectors and JSON: the committed ones agree with the codec, and JSON of a wrong form says what is wrong."""

from __future__ import annotations

import dataclasses
import json
import random
from itertools import islice
from typing import Any

import pytest

import peerspec.codecs.gnutella
import peerspec.codecs.napster  # noqa: F401 - registers
from peerspec.codecs import oracle, vectors
from peerspec.codecs.constructs import RestBytes
from peerspec.codecs.errors import DecodeError, EncodeError
from peerspec.codecs.generate import values
from peerspec.codecs.gnutella import Descriptor, DescriptorReader, Header, OpenData, Pong, Query, QueryHit, Trailer
from peerspec.codecs.message import Message, Tolerance, message_named, messages
from peerspec.codecs.vectors import Vector, committed, disagreement, from_json, to_json
from peerspec.codecs.words import RestText

ALL = [*messages("gnutella"), *messages("napster"), *messages("text"), *messages("specimen")]
NETWORKS = {"gnutella": committed("gnutella"), "napster": committed("napster")}
COMMITTED = [vector for vectors in NETWORKS.values() for vector in vectors]
#: messages that any bytes of their length are
ANYTHING = {
    "Ping",
    *(
        cls.__name__
        for cls in messages("napster")
        if [type(spec.construct) for spec in cls.specs.values()] in ([RestText], [RestBytes])
    ),
}
GUID = bytes(range(16))


@pytest.mark.parametrize("vector", COMMITTED, ids=lambda vector: vector.name)
def test_the_codec_agrees_with_a_committed_vector(vector: Vector) -> None:
    assert disagreement(vector) is None


@pytest.mark.parametrize("vector", COMMITTED, ids=lambda vector: vector.name)
def test_the_oracle_agrees_with_a_committed_vector(vector: Vector) -> None:
    cls = message_named(vector.network, vector.message)
    if vector.verdict == "valid":
        assert to_json(oracle.decode(cls, vector.data)) == vector.value
    else:
        with pytest.raises(DecodeError):
            oracle.decode(cls, vector.data)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_committed_vectors_are_worth_having(network: str) -> None:
    names = [vector.name for vector in NETWORKS[network]]
    assert len(set(names)) == len(names) >= 200
    for cls in messages(network):
        mine = [vector for vector in NETWORKS[network] if vector.message == cls.__name__]
        assert {vector.verdict for vector in mine} == {"valid", "invalid"} or cls.__name__ in ANYTHING
    for vector in NETWORKS[network]:
        assert vector.verdict in {"valid", "invalid"}
        assert (vector.defect is None) == (vector.tolerance is None) == (vector.verdict == "valid")
        assert vector.tolerance in {None, *(tolerance.value for tolerance in Tolerance)}
        assert vector.verdict == "invalid" or vector.value is not None


def changed(name: str, **changes: Any) -> Vector:
    return dataclasses.replace(next(vector for vector in COMMITTED if vector.name == name), **changes)


@pytest.mark.parametrize(
    ("vector", "words"),
    [
        (changed("Query of 0.4: speed 0", hex="0000"), "its value is built as"),
        (changed("Query of 0.4: speed 0", value=None), "its bytes are read as"),
        (changed("Query of 0.4: speed 0", hex="0000", value=None), "its bytes are refused"),
        (changed("Query of 0.4: speed 0", verdict="invalid"), "its bytes are accepted as"),
        (changed("Query of 0.4: speed 0", value={"text": 5}), "its value has no bytes"),
        (changed("Query of 0.4: speed 0", patches=[{"operation": "cut"}]), "its value has no bytes"),
        (changed("Query of 0.4: speed 0", message="Nosuch"), "gnutella has no message 'Nosuch'"),
        (changed("Giv: verb: wrong constant", patches=[]), "its value is built as"),
    ],
)
def test_a_vector_that_is_wrong_is_told_apart(vector: Vector, words: str) -> None:
    assert words in str(disagreement(vector))


def test_generating_is_repeatable_and_the_file_reads_back() -> None:
    one, other = vectors.generate("specimen", 1), vectors.generate("specimen", 1)
    assert one == other != vectors.generate("specimen", 2)
    assert {vector.message for vector in one} == {cls.__name__ for cls in messages("specimen")}
    assert [disagreement(vector) for vector in one] == [None] * len(one)
    assert vectors.loads(vectors.dumps("specimen", "for a test", one)) == one
    assert len({vector.name for vector in one}) == len(one)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"format": 2, "network": "gnutella", "vectors": []}',
        '{"format": 1, "network": "gnutella", "vectors": 5}',
        '{"format": 1, "network": "gnutella", "vectors": [{"name": "a"}]}',
        '{"format": 1, "network": "gnutella", "vectors": [{"nonsense": "a"}]}',
        '{"format": 1, "network": "gnutella", "vectors": [5]}',
        '{"format": 1, "vectors": [{"name": "a"}]}',
        '{"format": 1, "network": "g", "vectors": [{"name": "a", "message": "b", "verdict": "valid", "hex": "0"}]}',
        "not json",
    ],
)
def test_a_file_of_a_wrong_form_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"vector|hexadecimal|Expecting"):
        vectors.loads(text)


def test_a_network_without_vectors_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="nosuch has no vectors"):
        committed("nosuch")


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_messages_survive_json(cls: type[Message]) -> None:
    for message in islice(values(cls, random.Random(9)), 10 if cls.network == "napster" else 40):
        shown = json.loads(json.dumps(to_json(message)))
        assert from_json(cls.network, cls.__name__, shown) == message


def test_the_form_of_a_message() -> None:
    hit = QueryHit(1, "1.2.3.4", 2, (), GUID, trailer=Trailer(b"LIME", OpenData(1, 2)))
    assert to_json(hit) == {
        "port": 1,
        "ip": "1.2.3.4",
        "speed": 2,
        "results": [],
        "servent_id": GUID.hex(),
        "trailer": {"vendor": "4c494d45", "open_data": {"flags": 1, "mask": 2, "more": ""}, "private": ""},
    }
    assert to_json(Query("a\udcff")) == {"text": {"hex": "61ff"}, "min_speed": 0x80, "extension": ""}
    assert from_json("gnutella", "Query", {"text": "a"}) == Query("a")


def test_frames_survive_json() -> None:
    for cls in (cls for cls in messages("gnutella") if cls.wire_type is not None):
        for message in islice(values(cls, random.Random(9)), 10):
            frame = Descriptor.of(message, guid=GUID, ttl=3)  # type: ignore[arg-type]
            shown = json.loads(json.dumps(to_json(frame)))
            assert shown["message"] == cls.__name__
            assert from_json("gnutella", "Descriptor", shown) == frame


def test_the_form_of_a_frame() -> None:
    unknown = Descriptor.of_raw(0x77, b"\1\2", guid=GUID, ttl=3)
    broken = Descriptor.of_raw(0x01, b"\1\2", guid=GUID, ttl=3)
    for frame in (unknown, broken):
        shown = to_json(frame)
        assert (shown["message"], shown["payload"]) == (None, {"hex": "0102"})
        assert from_json("gnutella", "Descriptor", shown) == frame
    short = {"header": {"guid": GUID.hex(), "ttl": 1, "hops": 0}, "message": "Query", "payload": {"text": "a"}}
    made = from_json("gnutella", "Descriptor", short)
    assert DescriptorReader().feed(made.encode()) == [Descriptor.of(Query("a"), guid=GUID, ttl=1)]
    wrong = {**short, "header": {**short["header"], "length": 99}}  # type: ignore[dict-item]
    made = from_json("gnutella", "Descriptor", wrong)
    assert isinstance(made, Descriptor)
    assert made.header == Header(GUID, 0x80, 1, 0, 99)


HEADER = to_json(Header(GUID, 1, 1, 0, 2))
PONG = to_json(Pong(1, "1.2.3.4", 5, 6))


@pytest.mark.parametrize(
    ("name", "found", "words"),
    [
        ("Nosuch", {}, "gnutella has no message 'Nosuch'"),
        ("Pong", [], r"message: an object is wanted, not \[\]"),
        ("Pong", {}, "port: missing"),
        ("Pong", {**PONG, "prot": 1}, "Pong has no field 'prot' to be set"),
        (
            "QueryHit",
            {"count": 1, "port": 1, "ip": "0.0.0.0", "speed": 1, "results": [], "servent_id": "00"},
            "'count'",
        ),
        ("Pong", {**PONG, "port": "1"}, "port: a whole number is wanted, not '1'"),
        ("Pong", {**PONG, "port": 1.0}, "port: a whole number is wanted, not 1.0"),
        ("Pong", {**PONG, "port": True}, "port: a whole number is wanted, not True"),
        ("Pong", {**PONG, "extension": "0g"}, "extension: a string of hexadecimal digits is wanted, not '0g'"),
        ("Pong", {**PONG, "extension": 5}, "extension: a string of hexadecimal digits"),
        ("Pong", {**PONG, "ip": 5}, "ip: a string is wanted, not 5"),
        ("Query", {"text": {"hex": "zz"}}, "text: a string of hexadecimal digits"),
        ("Query", {"text": {"hax": "00"}}, "text: a string is wanted"),
        ("QueryHit", {**HEADER}, "port: missing"),
        ("ConnectRequest", {"headers": "a"}, "headers: a list is wanted, not 'a'"),
        ("ConnectRequest", {"headers": [5]}, r"headers\[0\]: an object is wanted, not 5"),
        ("ConnectRequest", {"headers": [{"name": "a"}]}, r"headers\[0\].raw: missing"),
        ("Trailer", {"vendor": "00" * 4, "open_data": None}, "open_data: an object is wanted, not None"),
        ("Descriptor", 5, "message: an object is wanted, not 5"),
        ("Descriptor", {"header": HEADER}, "a frame has header, message and payload, not header"),
        ("Descriptor", {"header": HEADER, "payload": PONG, "more": 1}, "a frame has header, message and payload"),
        ("Descriptor", {"header": HEADER, "payload": PONG}, "without a message's name it must be hex"),
        ("Descriptor", {"header": HEADER, "payload": {"hex": "0"}}, "payload.hex: a string of hexadecimal digits"),
        ("Descriptor", {"header": HEADER, "message": "Nosuch", "payload": {}}, "has no message 'Nosuch'"),
        ("Descriptor", {"header": HEADER, "message": "Giv", "payload": to_json(Query("a"))}, "payload.index: missing"),
        ("Descriptor", {"header": HEADER, "message": "Header", "payload": HEADER}, "does not travel in a Descriptor"),
        ("Descriptor", {"header": {}, "message": "Pong", "payload": PONG}, "header.guid: missing"),
        ("Descriptor", {"header": [], "message": "Pong", "payload": PONG}, "header: an object is wanted"),
    ],
)
def test_json_of_a_wrong_form_says_where(name: str, found: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_json("gnutella", name, found)


def test_a_value_that_has_no_bytes_is_an_encode_error() -> None:
    for name, found in (
        ("Pong", {**PONG, "port": 65536}),
        ("Pong", {**PONG, "ip": "1.2.3"}),
        ("Query", {"text": "\ud800"}),
        ("Descriptor", {"header": {**HEADER, "ttl": 256}, "message": "Pong", "payload": PONG}),
        ("Descriptor", {"header": HEADER, "message": "Pong", "payload": {**PONG, "files": -1}}),
    ):
        with pytest.raises(EncodeError):
            from_json("gnutella", name, found)
