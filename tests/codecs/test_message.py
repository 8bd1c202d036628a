"""The message base: what a class declares is what its values are, and registration refuses what is double."""

from __future__ import annotations

import pickle
import types

import pytest
from construct import Int8ul

import peerspec.codecs.gnutella as network
from peerspec.codecs import message, oracle
from peerspec.codecs.errors import CodecError, DecodeError, EncodeError
from peerspec.codecs.gnutella import Header, Ping, Pong, Query, QueryHit, Result
from peerspec.codecs.message import Message, field, lookup, meanings, message_named, messages, networks


def test_fields_are_positional_in_wire_order_and_optional_ones_by_name() -> None:
    pong = Pong(1, "1.2.3.4", 5, 6, extension=b"x")
    assert (pong.port, pong.ip, pong.files, pong.kib, pong.extension) == (1, "1.2.3.4", 5, 6, b"x")
    assert pong == Pong(port=1, ip="1.2.3.4", files=5, kib=6, extension=b"x")
    assert hash(pong) == hash(pong.replace())
    assert Query("a").min_speed == 0x80  # on the wire before the text


def test_values_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Query("a").text = "b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Query("a").replace(txet="b")
    assert Query("a").replace(text="b") == Query("b")


def test_classes_are_found_by_network_type_and_name() -> None:
    assert {"gnutella", "text"} <= set(networks())
    assert (lookup("gnutella", 0x81), lookup("gnutella", 0x77), lookup("nosuch", 1)) == (QueryHit, None, None)
    assert message_named("gnutella", "Result") is Result
    assert messages("nosuch") == ()
    with pytest.raises(KeyError):
        message_named("gnutella", "Nosuch")
    assert set(network.__all__) >= {cls.__name__ for cls in messages("gnutella")}


def test_a_second_class_of_one_name_or_type_is_refused() -> None:
    with pytest.raises(TypeError, match="gnutella already has a message Pong"):
        types.new_class("Pong", (Message,), {"network": "gnutella"})
    with pytest.raises(TypeError, match="gnutella type 0x1 is Pong already"):
        types.new_class("Pang", (Message,), {"network": "gnutella", "wire_type": 1})
    assert lookup("gnutella", 1) is Pong
    assert "Pang" not in {cls.__name__ for cls in messages("gnutella")}


def test_a_type_may_mean_one_thing_from_each_side() -> None:
    questions, answers = message_named("specimen", "Questions"), message_named("specimen", "Answers")
    assert (questions.senders, answers.senders, Pong.senders) == (("client",), ("server", "link"), ())
    assert meanings("specimen", 10) == (questions, answers)
    assert lookup("specimen", 10) is lookup("specimen", 10, "client") is questions
    assert lookup("specimen", 10, "link") is answers
    assert lookup("specimen", 10, "nobody") is None
    assert lookup("gnutella", 1, "client") is Pong
    for sender in ((), "link", ("peer", "client")):
        with pytest.raises(TypeError, match=r"specimen type 0xa is (Questions|Answers) already"):
            types.new_class("Both", (Message,), {"network": "specimen", "wire_type": 10, "sender": sender})
    with pytest.raises(TypeError, match="gnutella type 0x1 is Pong already"):
        types.new_class("Pang", (Message,), {"network": "gnutella", "wire_type": 1, "sender": "client"})


def test_a_class_says_what_it_is_for() -> None:
    assert Ping.summary() == "Asks the servents that it reaches to answer with a Pong."
    assert repr(Ping.specs["extension"]).startswith("FieldSpec('extension'")
    assert (Header.layout.sizeof(), field(Int8ul, "doc", unit="s").unit) == (23, "s")  # type: ignore[attr-defined]


def test_errors_say_where_and_survive_being_sent_to_another_process() -> None:
    error = DecodeError("gnutella", "Pong", "ip", 2, "2 bytes missing")
    assert str(error) == "gnutella.Pong.ip at byte 2: 2 bytes missing"
    assert str(EncodeError("gnutella", "Pong", "", "wrong")) == "gnutella.Pong: wrong"
    for each in (error, EncodeError("gnutella", "Pong", "ip", "wrong")):
        copy = pickle.loads(pickle.dumps(each))
        assert (str(copy), type(copy), vars(copy)) == (str(each), type(each), vars(each))
        assert isinstance(each, CodecError)
        assert isinstance(each, ValueError)


def test_a_region_that_its_length_can_not_announce_is_refused() -> None:
    for encode in (lambda value: value.encode(), oracle.encode):
        assert encode(message_named("specimen", "Narrow")(bytes(255))) == b"\xff" + bytes(255)
        with pytest.raises(EncodeError, match="note: 256 bytes where at most 255 are allowed"):
            encode(message_named("specimen", "Narrow")(bytes(256)))


def test_an_item_that_reads_as_the_end_of_its_list_is_refused() -> None:
    for encode in (lambda value: value.encode(), oracle.encode):
        assert encode(message_named("specimen", "Listing")(("a", ""))) == b"a\0\0."
        with pytest.raises(EncodeError, match=r"names.*begins with b'\.'"):
            encode(message_named("specimen", "Listing")(("a", ".b")))


def test_the_registry_is_not_changed_by_a_class_without_a_network() -> None:
    before = {name: messages(name) for name in networks()}

    class Bare(Message):
        """No network."""

    assert {name: messages(name) for name in networks()} == before
    assert message.Message.network == Bare.network == ""
