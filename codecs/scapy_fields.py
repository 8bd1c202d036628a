"""Scapy fields for the constructs that scapy has no field of its own for, and the choice of a field for each construct.

Scapy accepts damage by design: a field whose terminator is missing takes what is there. Text is `bytes`, as everywhere
in scapy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import construct as cs
from scapy.fields import (
    ByteField,
    Field,
    FieldLenField,
    IPField,
    PacketField,
    PacketLenField,
    PacketListField,
    SignedByteField,
    StrField,
    StrFixedLenField,
    StrLenField,
    XStrFixedLenField,
)
from scapy.packet import Packet, fuzz
from scapy.volatile import RandBin, RandNum, RandString

from .constructs import (
    Bounded,
    Decimal,
    FoldedText,
    HexBytes,
    IPv4,
    Lines,
    NulBytes,
    NulText,
    Record,
    Repeat,
    RestBytes,
    TextUntil,
    UpTo,
)
from .message import FieldSpec, Message
from .pieces import extent
from .scapy_words import (
    AddressField,
    MaybeField,
    NumberWordField,
    RestField,
    SeriesField,
    WordField,
    WordsField,
)
from .words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

__all__ = ["LayerOf", "fields_of", "scapy_name"]

#: gives the scapy class of a message class
LayerOf = Callable[[type[Message]], type[Packet]]


def scapy_name(name: str) -> str:
    """The name of a field in its scapy layer: `name_` where scapy's packets have an attribute of that name."""
    return f"{name}_" if hasattr(Packet, name) else name


class NumberField(Field[int, int]):
    """An integer of any size and order, little-endian ones included."""

    def randval(self) -> Any:
        """Any number that fits."""
        bits = 8 * self.sz
        return RandNum(0, 2**bits - 1) if self.fmt[-1].isupper() else RandNum(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


class ConstantField(StrFixedLenField):
    """Bytes that are always the same; `fuzz` leaves them."""

    def __init__(self, name: str, raw: bytes) -> None:
        super().__init__(name, raw, length=len(raw))

    def randval(self) -> Any:
        """None: nothing to vary."""
        return None


class NoMoreBytesField(StrField):
    """All bytes to the end; `fuzz` draws few."""

    def randval(self) -> Any:
        """Up to 40 random bytes."""
        return RandBin(RandNum(0, 40))


class StoppedField(StrField):
    """Text up to a stop, which is taken off and put back."""

    __slots__ = ("stop",)

    def __init__(self, name: str, default: bytes, stop: bytes) -> None:
        super().__init__(name, default)
        self.stop = stop

    def end(self, data: bytes) -> int:
        """Where the text ends, negative if nowhere."""
        return data.find(self.stop)

    def addfield(self, pkt: Packet | None, s: bytes, val: Any) -> bytes:
        """Append text and stop."""
        return s + self.i2m(pkt, val) + self.stop

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off text and stop; all there is when the stop is missing."""
        end = self.end(s)
        if end < 0:
            return b"", self.m2i(pkt, s)
        return s[end + len(self.stop) :], self.m2i(pkt, s[:end])

    def randval(self) -> Any:
        """Up to 20 letters and digits."""
        return RandString(RandNum(1, 20))


class FoldedField(StoppedField):
    """A header's value: up to a CRLF that no blank follows."""

    def end(self, data: bytes) -> int:
        """Where the last folded line ends."""
        end = data.find(self.stop)
        while end >= 0 and data[end + 2 : end + 3] in (b" ", b"\t"):
            end = data.find(self.stop, end + 2)
        return end


class DecimalField(StoppedField):
    """A decimal number; the value is an `int`, or `bytes` when what stood there was no number."""

    __slots__ = ("highest", "width")

    def __init__(self, name: str, default: Any, construct: Decimal) -> None:
        super().__init__(name, default, construct.stop)
        self.width = construct.width or 0
        self.highest = construct.highest

    def i2m(self, pkt: Packet | None, x: Any) -> bytes:
        """Digits."""
        return x if isinstance(x, bytes) else b"%0*d" % (self.width, int(x or 0))

    def m2i(self, pkt: Packet | None, x: bytes) -> Any:
        """The number, if it reads and builds as the same digits."""
        return int(x) if x.isdigit() and self.i2m(pkt, int(x)) == x else x

    def randval(self) -> Any:
        """Any number in range."""
        return RandNum(0, self.highest)


class HexField(StoppedField):
    """Bytes written as hexadecimal digits."""

    __slots__ = ("size",)

    def __init__(self, name: str, default: bytes, construct: HexBytes) -> None:
        super().__init__(name, default, construct.stop)
        self.size = construct.size

    def i2m(self, pkt: Packet | None, x: Any) -> bytes:
        """Digits in lower case."""
        return bytes(x or b"").hex().encode("ascii")

    def m2i(self, pkt: Packet | None, x: bytes) -> bytes:
        """The bytes; what stood there when it is not hexadecimal."""
        try:
            return bytes.fromhex(x.decode("ascii"))
        except ValueError:
            return x

    def randval(self) -> Any:
        """Random bytes of the right number."""
        return RandBin(self.size)


class RegionField(PacketField):
    """A record in all but the last `keep` bytes; None when there are no others."""

    __slots__ = ("keep",)

    def __init__(self, name: str, cls: type[Packet], keep: int) -> None:
        super().__init__(name, None, cls)
        self.keep = keep

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off the region."""
        end = max(0, len(s) - self.keep)
        return s[end:], self.m2i(pkt, s[:end]) if end else None


class MeasuredField(PacketLenField):
    """A record in a region whose length stands before it."""

    def randval(self) -> Any:
        """The record with random fields."""
        return fuzz(self.cls(b""))


class RecordsField(PacketListField):
    """Records up to a stop."""

    __slots__ = ("layer", "stop")

    def __init__(self, name: str, cls: type[Packet], stop: bytes, maximum: int) -> None:
        super().__init__(name, [], cls, next_cls_cb=self._next, max_count=maximum)
        self.layer = cls
        self.stop = stop

    def _next(self, pkt: Packet, so_far: Any, last: Any, remain: bytes) -> type[Packet] | None:
        return None if not remain or remain.startswith(self.stop) else self.layer

    def addfield(self, pkt: Packet, s: bytes, val: Any) -> bytes:
        """Append the records and the stop."""
        return bytes(super().addfield(pkt, s, val)) + self.stop

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off records and stop."""
        rest, records = super().getfield(pkt, s)
        return rest.removeprefix(self.stop), records


def fields_of(spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    """The scapy fields of one field of a layout. Raises `TypeError` on a construct that no layout may use."""
    return _fields(spec.construct, scapy_name(spec.name), spec, layer_of)


def _default(spec: FieldSpec, other: Any) -> Any:
    """The field's own default, text as bytes."""
    if isinstance(spec.default, str):
        return spec.default.encode()
    return spec.default if isinstance(spec.default, int | bytes) else other


@singledispatch
def _fields(construct: Any, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    raise TypeError(f"{name}: no scapy field stands for {type(construct).__name__}")


@_fields.register(cs.FormatField)
def _(construct: cs.FormatField[Any, Any], name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    default = _default(spec, 0)
    if construct.length == 1:
        return [(ByteField if construct.fmtstr[-1].isupper() else SignedByteField)(name, default)]
    return [NumberField(name, default, construct.fmtstr)]


@_fields.register
def _(construct: cs.Bytes, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    size = extent(construct)[0]
    return [XStrFixedLenField(name, _default(spec, bytes(size)), length=size)]


@_fields.register(cs.Const)
def _(construct: cs.Const[Any, Any], name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [ConstantField(name, construct.value)]


@_fields.register(cs.Rebuild)
def _(construct: cs.Rebuild[Any, Any], name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    counted = str(construct.func).removeprefix("len_(this['").removesuffix("'])")
    if not counted.isidentifier() or not isinstance(construct.subcon, cs.FormatField):
        raise TypeError(f"{name}: no scapy field stands for {construct.func}")
    return [FieldLenField(name, None, count_of=scapy_name(counted), fmt=construct.subcon.fmtstr)]


@_fields.register
def _(construct: RestBytes, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [NoMoreBytesField(name, _default(spec, b""))]


@_fields.register(NulBytes)
@_fields.register(NulText)
def _(construct: Any, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [StoppedField(name, _default(spec, b""), b"\0")]


@_fields.register
def _(construct: IPv4, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [IPField(name, "127.0.0.1")]


@_fields.register
def _(construct: TextUntil, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [StoppedField(name, _default(spec, b""), construct.stop)]


@_fields.register
def _(construct: FoldedText, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [FoldedField(name, _default(spec, b""), b"\r\n")]


@_fields.register
def _(construct: Decimal, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [DecimalField(name, _default(spec, 0), construct)]


@_fields.register
def _(construct: HexBytes, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [HexField(name, _default(spec, bytes(construct.size)), construct)]


@_fields.register
def _(construct: Record, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    layer = layer_of(construct.cls)
    return [PacketField(name, layer(), layer)]


@_fields.register
def _(construct: Bounded, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    length = f"{name}_length"
    before = FieldLenField(length, None, length_of=name, fmt=construct.length.fmtstr)
    if isinstance(construct.subcon, RestBytes):
        return [before, StrLenField(name, _default(spec, b""), length_from=lambda pkt: pkt.getfieldval(length))]
    layer = layer_of(_record(construct.subcon, name))
    return [before, MeasuredField(name, layer(), layer, length_from=lambda pkt: pkt.getfieldval(length))]


@_fields.register(Word)
@_fields.register(Quoted)
@_fields.register(Enumerated)
def _(construct: Any, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    usual = construct.options[0].encode() if isinstance(construct, Enumerated) else b""
    return [WordField(name, _default(spec, usual), construct)]


@_fields.register
def _(construct: RestText, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [RestField(name, _default(spec, b""), construct)]


@_fields.register
def _(construct: Number, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [NumberWordField(name, _default(spec, 0), construct)]


@_fields.register
def _(construct: Address, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    return [AddressField(name, "127.0.0.1", construct)]


@_fields.register
def _(construct: Series, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    item: Any = construct.subcon
    if isinstance(item, Choice):
        chosen = [(item.words(record), layer_of(record.cls)) for record in item.records]
        return [SeriesField(name, chosen, construct)]
    if isinstance(item, Record):
        return [SeriesField(name, [((), layer_of(item.cls))], construct)]
    [each] = _fields(item, name, spec, layer_of)
    return [WordsField(name, each, construct.between)]


@_fields.register
def _(construct: UpTo, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    if not isinstance(construct.subcon, Record) and not construct.keep:
        [inner] = _fields(construct.subcon, name, spec, layer_of)
        return [MaybeField(inner)]
    return [RegionField(name, layer_of(_record(construct.subcon, name)), construct.keep)]


@_fields.register
def _(construct: Repeat, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    count = scapy_name(str(construct.count).removeprefix("this['").removesuffix("']"))
    layer = layer_of(_record(construct.subcon, name))
    # scapy's own maximum is 100
    return [PacketListField(name, [], layer, count_from=lambda pkt: pkt.getfieldval(count), max_count=1 << 16)]


@_fields.register
def _(construct: Lines, name: str, spec: FieldSpec, layer_of: LayerOf) -> list[Field[Any, Any]]:
    layer = layer_of(_record(construct.subcon, name))
    return [RecordsField(name, layer, construct.stop, construct.maximum)]


def _record(construct: Any, name: str) -> type[Message]:
    if not isinstance(construct, Record):
        raise TypeError(f"{name}: scapy layers hold records here, not {type(construct).__name__}")
    return construct.cls
