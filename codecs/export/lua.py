"""A Wireshark dissector in Lua for all messages of a network.

    peerspec export lua gnutella > gnutella.lua
    wireshark -X lua_script:gnutella.lua some.pcap

The text is one table, which is written here from the layouts, and behind it `reading.lua` and `dissecting.lua`, which
are the same for every network and do as that table says. Rules:

- The protocol is called `ps_` and the network, so that it does not take the place of a dissector that Wireshark brings.
- A filter name is the path of the field after the message's name, all in small letters and without indices:
  `ps_gnutella.queryhit.results.name`. The length before a bounded region is `-size` after the region's name; a
  terminator has no name. A frame's header is a message like the others.
- A whole message is a name as well, and so is a record: `ps_gnutella.queryhit` finds every QueryHit.
- What the decoder refuses is shown as far as it can be read, with an expert item that says path, byte and reason:
  `ps_gnutella.outside` where a field runs past its container, `ps_gnutella.left_over` where a container is not used
  up, `ps_gnutella.malformed` for all else; `ps_gnutella.lost` where a stream is no stream of messages any more.
- Wireshark ends a text at its first NUL and shows what is no UTF-8 as a replacement character. The bytes are all there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import Any

import construct as cs

from ..constructs import (
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
from ..message import FieldSpec, Message, meanings, messages
from ..streams import frame_class, opening_parts
from ..subset import counting_field, derived_integer, fixed_length
from ..text import MAXIMUM_BLOCK
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

#: columns of the Lua source, where nothing forces a longer line
_WIDTH = 112

__all__ = ["abbreviation", "filter_names", "lua_dissector"]


def lua_dissector(network: str, ports: Iterable[int] = ()) -> str:
    """The dissector as one Lua file; `ports` are the TCP and UDP ports on which it is used without being asked to.

    Raises `ValueError` when no codecs of this network have been imported.
    """
    if not messages(network):
        raise ValueError(f"no codecs of a network {network!r} have been imported")
    title = network.capitalize()
    table = {
        "name": abbreviation(network),
        "title": title,
        "ports": ",".join(str(port) for port in sorted(set(ports))),
        "frame": _frame(network),
        "texts": [cls.__name__ for cls in _texts(network)],
        "block": MAXIMUM_BLOCK,
        "layouts": {cls.__name__: _layout(cls.layout) for cls in _wholes(network)},
        "fields": list(_fields(network)),
    }
    opening = [
        f"-- Wireshark dissector of {title}, written by `peerspec export lua {network}`: change the codecs, not this.",
        "--",
        "-- Use: wireshark -X lua_script:FILE capture.pcap, or put the file into Wireshark's folder of Lua plugins.",
        f"-- Filters begin with {abbreviation(network)}. `fields` lists them all: name, type, label, meaning and, of",
        "-- a type number, the names of its values.",
    ]
    parts = [
        files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("reading.lua", "dissecting.lua")
    ]
    return "\n".join([*opening, "", f"local network = {_literal(table)}", "", *parts])


def abbreviation(network: str) -> str:
    """What the filter names of a network begin with."""
    return f"ps_{network.lower()}"


def filter_names(network: str) -> list[str]:
    """Every filter name of a network's fields, in the order of declaration."""
    return [f"{abbreviation(network)}.{row[0]}" for row in _fields(network)]


def _frame(network: str) -> dict[str, Any] | None:
    frame = frame_class(network)
    if frame is None:
        return None
    return {
        "header": frame.header_class.__name__,
        "size": frame.header_size,
        "type": frame.type_field,
        "length": frame.length_field,
        "limit": frame.believed,
        "payloads": {
            cls.wire_type: [each.__name__ for each in meanings(network, cls.wire_type)]
            for cls in messages(network)
            if cls.wire_type is not None
        },
    }


def _texts(network: str) -> list[type[Message]]:
    """The messages that a stream can open with: those known by a literal word, with at most text before it."""
    return [cls for cls in messages(network) if opening_parts(cls)]


def _wholes(network: str) -> list[type[Message]]:
    """What a stream consists of: header, payloads and text messages, but no records, which only occur inside these."""
    frame, texts = frame_class(network), _texts(network)
    header = None if frame is None else frame.header_class
    return [cls for cls in messages(network) if cls is header or cls.wire_type is not None or cls in texts]


def _fields(network: str) -> Iterator[tuple[Any, ...]]:
    """Filter name, type, label, meaning and names of values of each field."""
    frame = frame_class(network)
    for cls in _wholes(network):
        path = cls.__name__.lower()
        yield path, "none", cls.__name__, cls.summary()
        for row in _fields_of(cls, path):
            if frame is not None and cls is frame.header_class and row[0] == f"{path}.{frame.type_field}":
                names = {
                    other.wire_type: " or ".join(each.__name__ for each in meanings(network, other.wire_type))
                    for other in messages(network)
                    if other.wire_type is not None
                }
                row = (*row, names)
            yield row


def _fields_of(cls: type[Message], path: str) -> Iterator[tuple[Any, ...]]:
    for spec in cls.specs.values():
        construct: Any = spec.construct
        inner = f"{path}.{spec.name}"
        while isinstance(construct, Bounded | UpTo | Repeat | Lines | Series):
            if isinstance(construct, Bounded):
                yield f"{inner}-size", _integer(construct.length), f"{spec.name} size", f"bytes of {spec.name}"
            construct = construct.subcon
        yield inner, _type(construct), spec.name, _meaning(spec)
        records = construct.records if isinstance(construct, Choice) else [construct]
        seen = set()
        for record in records:
            for row in _fields_of(record.cls, inner) if isinstance(record, Record) else ():
                # records of a choice may have fields of one name
                if row[0] not in seen:
                    seen.add(row[0])
                    yield row


def _meaning(spec: FieldSpec) -> str:
    return spec.doc + (f" ({spec.unit})" if spec.unit else "")


def _type(construct: Any) -> str:
    """Wireshark's type of field for a construct that is no region or list."""
    if isinstance(construct, cs.FormatField):
        return _integer(construct)
    if isinstance(construct, cs.Rebuild):
        return _integer(derived_integer(construct))
    if isinstance(construct, Decimal | Number):
        # a number that Lua might round is left as its digits
        return "uint32" if construct.highest < 2**32 else "string"
    if isinstance(construct, cs.Const):
        return "string" if construct.value.isascii() and b"\0" not in construct.value else "bytes"
    return _TYPES[type(construct)]


def _integer(integer: cs.FormatField[Any, Any]) -> str:
    sign = "int" if integer.fmtstr[1:].islower() else "uint"
    return f"{sign}{8 * integer.length}"


_TYPES = {
    cs.Bytes: "bytes",
    RestBytes: "bytes",
    NulBytes: "bytes",
    NulText: "string",
    TextUntil: "string",
    FoldedText: "string",
    HexBytes: "string",
    IPv4: "ipv4",
    Record: "none",
    Word: "string",
    Quoted: "string",
    RestText: "string",
    Enumerated: "string",
    Address: "ipv4",
    Choice: "none",
}


def _layout(construct: Any) -> dict[str, Any]:
    """The arguments of a construct, as `reading.lua` asks for them."""
    return _LAYOUTS[type(construct)](construct)


def _number(integer: cs.FormatField[Any, Any]) -> dict[str, Any]:
    return {"kind": "integer", "size": integer.length, "little": integer.fmtstr[0] == "<" or None}


def _digits(decimal: Decimal) -> dict[str, Any]:
    least, most = decimal.width or 1, decimal.width or len(str(decimal.highest))
    limits = {"minimum": least, "maximum": most, "highest": decimal.highest, "fixed": decimal.width is not None or None}
    return {"kind": "decimal", "stop": decimal.stop, **limits, "allowed": _ranges(b"0123456789")}


def _text(text: TextUntil) -> dict[str, Any]:
    allowed = None if text.allowed is None else _ranges(text.allowed)
    return {"kind": "text", "stop": text.stop, "minimum": text.minimum, "maximum": text.maximum, "allowed": allowed}


def _until_nul(construct: NulBytes | NulText) -> dict[str, Any]:
    return {"kind": "text", "stop": b"\0", "minimum": 0, "maximum": construct.maximum}


def _ranges(allowed: bytes) -> list[int]:
    """Bytes as pairs of the first and the last of each run."""
    found: list[int] = []
    for byte in sorted(set(allowed)):
        if found and found[-1] == byte - 1:
            found[-1] = byte
        else:
            found += [byte, byte]
    return found


_LAYOUTS: dict[type, Callable[[Any], dict[str, Any]]] = {
    cs.FormatField: _number,
    cs.Rebuild: lambda derived: _number(derived_integer(derived)),
    cs.Bytes: lambda construct: {"kind": "fixed", "size": fixed_length(construct)},
    cs.Const: lambda constant: {"kind": "constant", "value": constant.value},
    IPv4: lambda _: {"kind": "fixed", "size": 4},
    RestBytes: lambda rest: {"kind": "rest", "maximum": rest.maximum},
    NulBytes: _until_nul,
    NulText: _until_nul,
    TextUntil: _text,
    Decimal: _digits,
    HexBytes: lambda digits: {"kind": "hexadecimal", "size": 2 * digits.size, "stop": digits.stop},
    FoldedText: lambda folded: {"kind": "folded", "maximum": folded.maximum},
    Record: lambda record: {
        "kind": "record",
        "fields": [{"name": name, **_layout(spec.construct)} for name, spec in record.cls.specs.items()],
    },
    Bounded: lambda region: {
        "kind": "bounded",
        "length": _number(region.length),
        "content": _layout(region.subcon),
    },
    UpTo: lambda region: {"kind": "up_to", "keep": region.keep, "content": _layout(region.subcon)},
    Repeat: lambda repeat: {"kind": "repeat", "count": counting_field(repeat), "item": _layout(repeat.subcon)},
    Lines: lambda lines: {
        "kind": "lines",
        "maximum": lines.maximum,
        "stop": lines.stop,
        "item": _layout(lines.subcon),
    },
    Word: lambda word: {
        "kind": "word",
        "lead": word.lead,
        "minimum": word.minimum,
        "maximum": word.maximum,
        "allowed": _ranges(word.allowed),
    },
    Quoted: lambda text: {"kind": "quoted", "lead": text.lead, "maximum": text.maximum},
    RestText: lambda rest: {
        "kind": "rest_text",
        "lead": rest.lead,
        "minimum": rest.minimum,
        "maximum": rest.maximum,
    },
    Number: lambda number: {
        "kind": "number",
        "lead": number.lead,
        "highest": number.highest,
        "minimum": 1,
        "maximum": len(str(number.highest)),
        "either": number.either or None,
    },
    Address: lambda address: {
        "kind": "address",
        "lead": address.lead,
        "highest": address.highest,
        "minimum": 1,
        "maximum": 10,
    },
    Enumerated: lambda word: {
        "kind": "enumerated",
        "lead": word.lead,
        "quoted": word.quoted or None,
        "options": [option.upper() for option in word.options],
    },
    Choice: lambda choice: {
        "kind": "choice",
        "records": [{"words": sorted(choice.words(record)), "record": _layout(record)} for record in choice.records],
    },
    Series: lambda series: {
        "kind": "series",
        "maximum": series.maximum,
        "between": series.between,
        "item": _layout(series.subcon),
    },
}


def _literal(value: Any, indent: str = "") -> str:
    """A value as Lua source: on one line if it fits; keys are names or numbers, and one without a value is left out."""
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str | bytes):
        raw = value.encode() if isinstance(value, str) else value
        return '"' + "".join(_character(byte) for byte in raw) + '"'
    inner = indent + "  "
    if isinstance(value, dict):
        keys = {key: f"[{key}]" if isinstance(key, int) else key for key in value}
        parts = [f"{keys[key]} = {_literal(item, inner)}" for key, item in value.items() if item is not None]
    else:
        parts = [_literal(item, inner) for item in value]
    line = "{" + ", ".join(parts) + "}"
    if len(indent + line) <= _WIDTH and "\n" not in line:
        return line
    return "{\n" + "".join(f"{inner}{part},\n" for part in parts) + indent + "}"


def _character(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}"
