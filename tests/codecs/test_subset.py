"""The permitted subset: every registered layout keeps it, and each rule refuses a layout that breaks it."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, cast

import construct as cs
import pytest
from construct import Int8sl, Int8ul, Int16ul, Int32ul, len_, this

import peerspec.codecs.gnutella
from peerspec.codecs import generate, subset
from peerspec.codecs.constructs import (
    Bounded,
    Decimal,
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
from peerspec.codecs.emitter import builder, parser
from peerspec.codecs.message import FieldSpec, Message, constant, derived, field, messages, networks
from peerspec.codecs.words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

REGISTERED = [cls for network in networks() for cls in messages(network)]
assert peerspec.codecs.gnutella.QueryHit in REGISTERED


class Open(Message, network="specimen"):
    """A record that reaches to the end of its region."""

    rest: bytes = field(RestBytes(10), "all")


class Many(Message, network="specimen"):
    """A record whose list reaches to the end of its region."""

    first: int = field(Int8ul, "one byte")
    words: tuple[str, ...] = field(Series(Word(5), 4), "all")


class Lone(Message, network="specimen"):
    """A record of one bare word."""

    wish: str = field(Enumerated("MORE", lead=b""), "what it is")


class Other(Message, network="specimen"):
    """Another, by another name."""

    hope: str = field(Enumerated("LESS", lead=b""), "what it is")


class Mine(IPv4):
    """A subclass, which no derivation knows."""


def declare(**fields: Any) -> type[Message]:
    """Declare a message with these fields, in a network of its own so that what is wrongly accepted harms nobody."""
    constructs = {
        name: value if isinstance(value, FieldSpec) else field(value, "planted") for name, value in fields.items()
    }
    namespace = {
        "__module__": __name__,
        "__annotations__": {name: Any for name, spec in constructs.items() if spec.is_value},
        **constructs,
    }
    made: Any = types.new_class(
        f"Planted{id(fields)}", (Message,), {"network": "planted"}, lambda ns: ns.update(namespace)
    )
    return cast("type[Message]", made)


def count(construct: Any, source: Any) -> Any:
    return derived(construct, "planted", source)


@pytest.mark.parametrize("cls", REGISTERED, ids=lambda cls: cls.__name__)
def test_every_registered_layout_keeps_the_rules(cls: type[Message]) -> None:
    assert subset.violations(cls) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        # 1: known constructs only, by exact type
        ({"a": cs.GreedyBytes}, "GreedyBytes is not among"),
        ({"a": cs.GreedyRange(Int8ul)}, "GreedyRange is not among"),
        ({"a": cs.Switch(1, {1: Int8ul})}, "Switch is not among"),
        ({"a": cs.CString("ascii")}, "is not among"),
        ({"a": cs.VarInt}, "VarInt is not among"),
        ({"a": field(5, "planted")}, "int is not among"),  # type: ignore[call-overload]
        ({"a": Mine()}, "Mine is not among"),
        ({"a": Bounded(Int8ul, cs.GreedyBytes)}, "GreedyBytes is not among"),
        ({"a": Lines(cs.Optional(Int8ul), 3)}, "Select is not among"),
        ({"a": cs.Float32l}, "'<f' is no integer"),
        ({"a": cs.Int16un}, "is no integer of stated byte order"),
        ({"a": cs.Const(1, Int8ul)}, "only constant bytes"),
        ({"a": constant(b"", "planted")}, "only constant bytes"),
        # 2: expressions that can be read, and that agree
        ({"a": cs.Bytes(this.n)}, "is no maximum"),
        ({"a": cs.Bytes(lambda _: 4)}, "is no maximum"),
        ({"a": count(Int8ul, lambda _: 1)}, r"len_\(this.NAME\)"),
        ({"a": count(Int8ul, 1)}, r"len_\(this.NAME\)"),
        ({"a": count(Int8ul, len_(this._.b)), "b": Repeat(this.a, Int8ul)}, r"len_\(this.NAME\)"),
        ({"a": count(Int8ul, len_(this.b) + 1), "b": Repeat(this.a, Int8ul)}, r"len_\(this.NAME\)"),
        ({"a": count(NulText(3), len_(this.b)), "b": Repeat(this.a, Int8ul)}, "only an integer"),
        ({"a": count(Int8ul, len_(this.b)), "b": Repeat(lambda _: 3, Int8ul)}, "its count must be this.NAME"),
        ({"a": count(Int8ul, len_(this.b)), "b": Repeat(3, Int8ul)}, "its count must be this.NAME"),
        ({"a": count(Int8ul, len_(this.b)), "b": Repeat(this.a + 1, Int8ul)}, "its count must be this.NAME"),
        ({"a": count(Int8ul, len_(this.b)), "b": Repeat(this.a.b, Int8ul)}, "its count must be this.NAME"),
        ({"a": Int8ul, "b": Repeat(this.a, Int8ul)}, "a is not a field before it"),
        ({"b": Repeat(this.a, Int8ul), "a": count(Int8ul, len_(this.b))}, "a is not a field before it"),
        ({"a": count(Int8ul, len_(this.c)), "b": Repeat(this.a, Int8ul)}, "a is not a field before it"),
        ({"a": count(Int8ul, len_(this.b)), "b": NulText(3)}, "b is no list after it"),
        ({"a": count(Int8ul, len_(this.b)), "b": Bounded(Int8ul, Repeat(this.a, Int8ul))}, "a field of its own"),
        # 3: a maximum for everything
        ({"a": RestBytes(None)}, "None is no maximum"),  # type: ignore[arg-type]
        ({"a": RestBytes(2**32)}, "is no maximum up to"),
        ({"a": NulBytes(-1)}, "-1 is no maximum"),
        ({"a": NulText(True)}, "True is no maximum"),
        ({"a": TextUntil(b"\n", 2**40)}, "is no maximum"),
        ({"a": TextUntil(b"", 5)}, "its stop is empty"),
        ({"a": Decimal(b"", 5)}, "its stop is empty"),
        ({"a": Decimal(b" ", 1000, width=3)}, "1000 has more than 3 digits"),
        ({"a": HexBytes(2**25, b"")}, "is no maximum"),
        ({"a": Lines(NulText(5), 2**30)}, "is no maximum"),
        ({"a": UpTo(-1, NulText(5))}, "-1 is no maximum"),
        ({"a": Bounded(Int32ul, RestBytes(5))}, "4294967295 is no maximum"),
        ({"a": Bounded(Int8sl, RestBytes(5))}, "-128 is no maximum"),
        ({"a": Bounded(NulText(5), RestBytes(5))}, "its length must be an integer"),  # type: ignore[arg-type]
        ({"a": count(Int32ul, len_(this.b)), "b": Repeat(this.a, Int8ul)}, "4294967295 is no maximum"),
        ({"a": count(Int16ul, len_(this.b)), "b": Repeat(this.a, cs.Bytes(0))}, "its content may be empty"),
        ({"a": Lines(UpTo(0, Int8ul), 4)}, "its content may be empty"),
        ({"a": UpTo(0, RestBytes(4))}, "its content may be empty"),
        # 4: every region used up
        ({"a": RestBytes(5), "b": Int8ul}, "a: it leaves 0 bytes"),
        ({"a": RestBytes(5), "b": RestBytes(5)}, "a: it leaves 0 bytes"),
        ({"a": Open.layout, "b": Int8ul}, "a: it leaves 0 bytes"),
        ({"a": UpTo(4, NulText(5))}, "a: it leaves 4 bytes"),
        ({"a": UpTo(4, NulText(5)), "b": Int16ul}, "a: it leaves 4 bytes"),
        ({"a": UpTo(4, NulText(5)), "b": NulText(5)}, "a: it leaves 4 bytes"),
        ({"a": Bounded(Int8ul, UpTo(4, NulText(5)))}, "its region is not used up"),
        ({"a": UpTo(0, UpTo(4, NulText(5)))}, "its content may be empty"),
        ({"a": Lines(UpTo(0, NulText(5)), 4)}, "its content may be empty"),
        ({"a": RestText(5), "b": Int8ul}, "a: it leaves 0 bytes"),
        ({"a": Series(Word(5), 4), "b": Int8ul}, "a: it leaves 0 bytes"),
        # 5: words
        ({"a": Word(2**30)}, "is no maximum"),
        ({"a": Quoted(None)}, "None is no maximum"),  # type: ignore[arg-type]
        ({"a": Series(Word(5), -1)}, "-1 is no maximum"),
        ({"a": Series(RestBytes(5), 5)}, "its content may be empty"),
        ({"a": Series(Many.layout, 5)}, "a: an item can't reach to the end"),
        ({"a": Word(5, allowed=b"a b")}, "neither blank nor quote"),
        ({"a": Word(5, allowed=b"")}, "neither blank nor quote"),
        ({"a": Word(5, minimum=0)}, "it may be empty"),
        ({"a": Enumerated()}, "its options must be words of ASCII"),
        ({"a": Enumerated('"')}, "its options must be words of ASCII"),
        ({"a": Enumerated("\u00e4")}, "its options must be words of ASCII"),
        ({"a": Enumerated("yes", "YES")}, "two options differ in case only"),
        ({"a": Enumerated("AT LEAST")}, "an option with a blank must be quoted"),
        ({"a": Word(5), "b": Word(5, lead=b"")}, "b: it does not begin with a blank, and a before it is bare"),
        ({"a": Number(5), "b": Int8ul}, "b: it does not begin with a blank"),
        ({"a": Address(), "b": constant(b"-", "no blank")}, "b: it does not begin with a blank"),
        ({"a": Lone.layout, "b": Quoted(5, lead=b"")}, "b: it does not begin with a blank"),
        ({"a": Series(Word(5, lead=b""), 4)}, "a: no blank between items that are bare"),
        ({"a": Series(Word(5), 4, between=b",")}, "a: no blank between items that are bare"),
        ({"a": Lines(Word(5, lead=b""), 4)}, "a: an item that is bare would swallow the end"),
        ({"a": Choice()}, "it must be between records"),
        ({"a": Choice(Word(5))}, "it must be between records"),  # type: ignore[arg-type]
        ({"a": Choice(Open.layout)}, "must begin with a bare Enumerated"),
        ({"a": Choice(Lone.layout, Other.layout)}, "begin with fields of different names"),
        ({"a": Choice(Lone.layout, Lone.layout)}, "begin with the same word"),
    ],
)
def test_a_layout_that_breaks_a_rule_is_refused_at_its_declaration(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        declare(**fields)


def test_an_item_may_not_reach_to_the_end_of_its_region() -> None:
    class Rest(Message, network="specimen"):
        """A record of at least one byte that takes the rest."""

        first: int = field(Int8ul, "one byte")
        rest: bytes = field(RestBytes(10), "the others")

    for fields in (
        {"a": count(Int8ul, len_(this.b)), "b": Repeat(this.a, Rest.layout)},
        {"b": Lines(Rest.layout, 4)},
    ):
        with pytest.raises(TypeError, match="b: an item can't reach to the end"):
            declare(**fields)


def test_a_refused_message_is_not_registered() -> None:
    before = messages("planted")
    with pytest.raises(TypeError):
        declare(a=cs.GreedyBytes)
    assert messages("planted") == before


def test_every_fault_of_a_layout_is_named() -> None:
    with pytest.raises(TypeError, match=r"a: .*GreedyBytes.*; b: RestBytes: None is no maximum"):
        declare(a=cs.GreedyBytes, b=RestBytes(None))  # type: ignore[arg-type]


def test_a_message_does_not_extend_another() -> None:
    with pytest.raises(TypeError, match="can't extend another message"):

        class Longer(Open, network="specimen"):
            """More of it."""

            more: int = field(Int8ul, "one byte")


@pytest.mark.parametrize(
    "table",
    [parser._READERS, builder._BUILDERS, generate._MAKERS, subset._MINIMUM],
    ids=["parser", "builder", "generator", "sizes"],
)
def test_every_derivation_knows_every_permitted_construct(table: dict[type, Callable[..., Any]]) -> None:
    # lists with a count, constants and derived fields are dealt with where the record is
    by_record = {Repeat, cs.Const, cs.Rebuild}
    assert subset.PERMITTED - by_record <= table.keys() <= subset.PERMITTED
