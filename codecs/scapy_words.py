"""Scapy fields for words: what stands between blanks, and series of it.

As all fields of our layers they take damage: a lead that is missing is not missed, and a word ends where the bytes do.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from socket import inet_aton, inet_ntoa
from typing import Any

from scapy.fields import Field, FieldListField, PacketListField, StrField
from scapy.packet import Packet, Padding
from scapy.volatile import RandIP, RandNum, RandString

from .words import Series, closing

__all__ = ["AddressField", "MaybeField", "NumberWordField", "RestField", "SeriesField", "WordField", "WordsField"]


class WordField(StrField):
    """A word after its lead, up to the next blank or the end; or text in quotes."""

    __slots__ = ("lead", "quoted")

    def __init__(self, name: str, default: Any, construct: Any) -> None:
        super().__init__(name, default)
        self.lead: bytes = construct.lead
        self.quoted = bool(closing(construct))

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        """Append the word with what is around it."""
        quote = b'"' if self.quoted else b""
        return s + self.lead + quote + self.i2m(pkt, val) + quote

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off the word."""
        s = s.removeprefix(self.lead)
        if s.startswith(b'"'):
            raw, _, rest = s[1:].partition(b'"')
            return rest, self.m2i(pkt, raw)
        end = s.find(b" ")
        return (b"", self.m2i(pkt, s)) if end < 0 else (s[end:], self.m2i(pkt, s[:end]))

    def randval(self) -> Any:
        """Up to 20 letters and digits."""
        return RandString(RandNum(1, 20))


class RestField(WordField):
    """All text to the end, after its lead."""

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Take everything."""
        return b"", self.m2i(pkt, s.removeprefix(self.lead))


class NumberWordField(WordField):
    """A decimal number among words; the value is an `int`, or `bytes` when what stood there was no number."""

    __slots__ = ("highest",)

    def __init__(self, name: str, default: Any, construct: Any) -> None:
        super().__init__(name, default, construct)
        self.highest = construct.highest

    def i2m(self, pkt: Packet | None, x: Any) -> bytes:
        """Digits."""
        return x if isinstance(x, bytes) else b"%d" % int(x or 0)

    def m2i(self, pkt: Packet | None, x: bytes) -> Any:
        """The number, if it reads and builds as the same digits."""
        return int(x) if x.isdigit() and b"%d" % int(x) == x else x

    def randval(self) -> Any:
        """Any number in range."""
        return RandNum(0, self.highest)


class AddressField(WordField):
    """An address as the decimal of an integer, first octet lowest; the value is dotted, or `bytes` if it was none."""

    def any2i(self, pkt: Packet | None, x: Any) -> Any:
        """Dotted text stays text."""
        return x

    def i2m(self, pkt: Packet | None, x: Any) -> bytes:
        """Digits."""
        return x if isinstance(x, bytes) else b"%d" % int.from_bytes(inet_aton(str(x)), "little")

    def m2i(self, pkt: Packet | None, x: bytes) -> Any:
        """Dotted, if it reads and builds as the same digits."""
        whole = x.isdigit() and int(x) < 2**32 and b"%d" % int(x) == x
        return inet_ntoa(int(x).to_bytes(4, "little")) if whole else x

    def randval(self) -> Any:
        """Any address."""
        return RandIP()


class MaybeField(StrField):
    """A field that is there if there are bytes left; its value is None if it is not."""

    __slots__ = ("inner",)

    def __init__(self, inner: Field[Any, Any]) -> None:
        super().__init__(inner.name, None)
        self.inner = inner

    def i2h(self, pkt: Packet | None, x: Any) -> Any:
        """As the field itself."""
        return None if x is None else self.inner.i2h(pkt, x)

    def any2i(self, pkt: Packet | None, x: Any) -> Any:
        """As the field itself."""
        return None if x is None else self.inner.any2i(pkt, x)

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        """Append the field if it has a value."""
        return s if val is None else self.inner.addfield(pkt, s, val)

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off the field if there is anything."""
        return self.inner.getfield(pkt, s) if s else (s, None)

    def randval(self) -> Any:
        """As the field itself."""
        return self.inner.randval()


class WordsField(FieldListField):
    """Words to the end, something between each two."""

    __slots__ = ("between",)

    def __init__(self, name: str, item: Field[Any, Any], between: bytes) -> None:
        super().__init__(name, [], item)
        self.between = between

    def addfield(self, pkt: Packet, s: bytes, val: Any) -> bytes:
        """Append the words."""
        return s + self.between.join(self.field.addfield(pkt, b"", each) for each in val)

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off words as long as there are any."""
        found: list[Any] = []
        while s:
            rest, each = self.field.getfield(pkt, s.removeprefix(self.between) if found else s)
            found.append(each)
            if len(rest) >= len(s):
                return rest, found
            s = rest
        return s, found


class SeriesField(PacketListField):
    """Records to the end, something between each two; of several the one that knows the word that it begins with."""

    __slots__ = ("between", "chosen")

    def __init__(self, name: str, chosen: Sequence[tuple[Container[bytes], type[Packet]]], series: Series) -> None:
        self.chosen = chosen
        super().__init__(name, [], chosen[0][1], max_count=series.maximum)
        self.between = series.between

    def addfield(self, pkt: Packet, s: bytes, val: Any) -> bytes:
        """Append the records."""
        return s + self.between.join(bytes(each) for each in val)

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, Any]:
        """Split off records as long as there are any."""
        found: list[Packet] = []
        while s and len(found) < (self.max_count or 0):
            s = s.removeprefix(self.between) if found else s
            layer = self._layer(s)(s, _internal=1, _underlayer=pkt)
            left = layer.payload.original if isinstance(layer.payload, Padding) else b""
            if isinstance(layer.payload, Padding):
                layer.remove_payload()
            found.append(layer)
            if len(left) >= len(s):
                return left, found
            s = left
        return s, found

    def _layer(self, s: bytes) -> type[Packet]:
        word = s.partition(b" ")[0].upper()
        return next((layer for known, layer in self.chosen if word in known), self.chosen[0][1])
