"""A Kaitai Struct specification of all messages of a network, for readers in a dozen languages.

    peerspec export ksy gnutella > gnutella.ksy
    kaitai-struct-compiler -t python gnutella.ksy

Rules:

- Each message and record is a type of its own, its name in small letters with underscores; that of a record of another
  network, such as a header line, has that network's name before it. The specification as a whole is a stream of frames,
  which is how a connection goes on once the text is over; a text message is read as its type.
- A field has its own name. What stands beside it is `<name>_size` (the length of a region) and `<name>_stop` (what is
  left of a terminator of several bytes). A decimal number is read as `<name>_digits`; the number itself is an instance.
- Text is bytes, since peers send what is no UTF-8; hexadecimal digits are left as they are. An IPv4 address is 4 bytes.
- Where the first byte of a terminator may stand inside the text, the text is `octets`, the terminator included. A
  folded line is `parts` that each end with a CRLF. A block of lines is `items`: each has a `line`, the last a `stop`
  instead.
- A word is bytes without the blank before it, which is `<name>_lead`; so is the text between quotes, the first of which
  belongs to the lead. An address among words is a number, its lowest byte the first octet. A list of words or records
  to the end has `items`; each but the first has a `between`, where something stands there. Of several records that may
  stand in one place the first word decides. Where one of a few words must stand, it must be in the case in which it is
  built. Where quotes are optional they are read with what is between them, as `<name>_word`.
- The payload of a frame whose type number means one thing from one side and another from the other stays bytes.
- What is neither a record nor a list's own type, but stands in a region or a list, is the `value` of a type around it.

The readers accept every valid message and give the same values as the decoder. They refuse messages that are cut short
and wrong constants, but not all that the decoder refuses: not bytes left over in a region, not characters that are not
allowed in a text, not one line too many. Never judge a peer by them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

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
from ..message import Message, meanings, messages
from ..pieces import quoted
from ..streams import frame_class
from ..subset import counting_field, derived_integer, fixed_length
from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, opening

__all__ = ["kaitai_struct", "type_name"]

#: one attribute or type of the specification
_Node: TypeAlias = dict[str, Any]


def kaitai_struct(network: str) -> str:
    """The specification as one .ksy file. Raises `ValueError` when no codecs of this network have been imported."""
    if not messages(network):
        raise ValueError(f"no codecs of a network {network!r} have been imported")
    walk = _Walk(network)
    for cls in messages(network):
        walk.record(cls)
    title = network.capitalize()
    specification: _Node = {
        "meta": {"id": network, "title": f"{title} messages", "ks-version": "0.10"},
        "doc": f"Written by `peerspec export ksy {network}`: change the codecs, not this.",
    }
    frame = frame_class(network)
    if frame is not None:
        typed = {
            cls.wire_type: meanings(network, cls.wire_type) for cls in messages(network) if cls.wire_type is not None
        }
        cases = {
            f"0x{number:02x}": type_name(found[0], network)
            for number, found in sorted(typed.items())
            if len(found) == 1
        }
        payload = {
            "id": "payload",
            "size": f"header.{frame.length_field}",
            "type": {"switch-on": f"header.{frame.type_field}", "cases": cases},
        }
        specification["seq"] = [{"id": "frames", "type": "framed_message", "repeat": "eos"}]
        walk.types["framed_message"] = {
            "doc": "A header and the payload that it announces; bytes if its type is not known.",
            "seq": [{"id": "header", "type": type_name(frame.header_class, network)}, payload],
        }
    specification["types"] = walk.types
    return "\n".join(_yaml(specification)) + "\n"


def type_name(cls: type[Message], network: str) -> str:
    """The name of a message's type in the specification of `network`: `QueryHit` is `query_hit`."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__).lower()
    return name if cls.network == network else f"{cls.network}_{name}"


class _Walk:
    """Collects the types that the messages of a network ask for."""

    def __init__(self, network: str) -> None:
        self.network = network
        self.types: dict[str, _Node] = {}
        self._owner = ""

    def record(self, cls: type[Message]) -> str:
        """The name of the type of a message or record, which is made if there is none yet."""
        name = type_name(cls, self.network)
        if name not in self.types:
            made = self._new(name, {"doc": _prose(cls.summary())})
            for spec in cls.specs.values():
                self._field(name, spec.name, spec.construct)
                notes = [f"in {spec.unit}" if spec.unit else "", f"legal: {spec.legal}" if spec.legal else ""]
                attribute = made.get("instances", {}).get(spec.name) or _named(made["seq"], spec.name)
                attribute["doc"] = _prose("; ".join(part for part in (spec.doc, *notes) if part))
        return name

    def _field(self, owner: str, name: str, construct: Any) -> None:
        outer, self._owner = self._owner, owner
        for attribute in _ATTRIBUTES[type(construct)](self, name, construct):
            if "value" in attribute:
                self.types[owner].setdefault("instances", {})[attribute["id"]] = {"value": attribute["value"]}
            else:
                self.types[owner].setdefault("seq", []).append(attribute)
        self._owner = outer

    def _new(self, name: str, made: _Node) -> _Node:
        self.types[name] = made
        return made

    def content(self, name: str, construct: Any) -> str:
        """The type of what stands in a region or list: a record's own, or one with the field `value`."""
        if isinstance(construct, Record):
            return self.record(construct.cls)
        if isinstance(construct, Choice):
            return str(next(self.choice(name, construct))["type"])
        wrapper = f"{self._owner}_{name}_content"
        self._new(wrapper, {"doc": f"What stands in `{name}`."})
        self._field(wrapper, "value", construct)
        return wrapper

    # Each method below gives the attributes of one kind of construct; one with a `value` is an instance.

    def integer(self, name: str, integer: cs.FormatField[Any, Any]) -> Iterator[_Node]:
        yield {"id": name, "type": _integer(integer)}

    def derived(self, name: str, derived: cs.Rebuild[Any, Any]) -> Iterator[_Node]:
        return self.integer(name, derived_integer(derived))

    def fixed_bytes(self, name: str, construct: cs.Bytes) -> Iterator[_Node]:
        yield {"id": name, "size": fixed_length(construct)}

    def constant(self, name: str, construct: cs.Const[Any, Any]) -> Iterator[_Node]:
        yield {"id": name, "contents": list(construct.value)}

    def ipv4(self, name: str, _: IPv4) -> Iterator[_Node]:
        yield {"id": name, "size": 4}

    def rest(self, name: str, construct: RestBytes) -> Iterator[_Node]:
        yield {"id": name, "size-eos": True, **_sized(0, construct.maximum)}

    def until_nul(self, name: str, construct: NulBytes | NulText) -> Iterator[_Node]:
        yield {"id": name, "terminator": 0, **_sized(0, construct.maximum)}

    def text_until(self, name: str, text: TextUntil) -> Iterator[_Node]:
        if len(text.stop) > 1 and (text.allowed is None or text.stop[0] in text.allowed):
            least, most = text.minimum + len(text.stop), text.maximum + len(text.stop)
            yield {"id": name, "type": self._ended_by(text.stop), **_sized(least, most, "_.octets.size")}
            return
        yield {"id": name, "terminator": text.stop[0], **_sized(text.minimum, text.maximum)}
        yield from _stop(name, text.stop[1:])

    def decimal(self, name: str, decimal: Decimal) -> Iterator[_Node]:
        least, most = decimal.width or 1, decimal.width or len(str(decimal.highest))
        digits = {"id": f"{name}_digits", "type": "str", "encoding": "ASCII", "terminator": decimal.stop[0]}
        yield {**digits, **_sized(least, most)}
        yield from _stop(name, decimal.stop[1:])
        yield {"id": name, "value": f"{name}_digits.to_i"}

    def hexadecimal(self, name: str, digits: HexBytes) -> Iterator[_Node]:
        yield {"id": name, "type": "str", "encoding": "ASCII", "size": 2 * digits.size}
        yield from _stop(name, digits.stop)

    def folded(self, name: str, folded: FoldedText) -> Iterator[_Node]:
        self._new(
            "folded_part",
            {
                "doc": "A line of a text that may be folded, its CRLF included.",
                "seq": [
                    {
                        "id": "octets",
                        "terminator": 10,
                        "include": True,
                        "valid": {"expr": "_.length > 1 and _[_.length - 2] == 13"},
                    }
                ],
                "instances": {
                    # asked for right after the part, and so of the byte after it
                    "following": {"pos": "_io.pos", "type": "u1", "if": "not _io.eof"},
                    "is_last": {"value": "_io.eof or (following != 32 and following != 9)"},
                },
            },
        )
        repeat = {"repeat": "until", "repeat-until": "_.is_last"}
        part = {"id": "parts", "type": "folded_part", **repeat}
        self._new("folded_text", {"doc": "A text that goes on while lines begin with a blank.", "seq": [part]})
        yield {"id": name, "type": "folded_text", "doc": f"at most {folded.maximum} bytes without the last CRLF"}

    def nested(self, name: str, record: Record) -> Iterator[_Node]:
        yield {"id": name, "type": self.content(name, record)}

    def bounded(self, name: str, region: Bounded) -> Iterator[_Node]:
        yield {"id": f"{name}_size", "type": _integer(region.length), "doc": f"bytes of `{name}`"}
        yield {"id": name, "size": f"{name}_size", "type": self.content(name, region.subcon)}

    def up_to(self, name: str, region: UpTo) -> Iterator[_Node]:
        left = "_io.size - _io.pos"
        content = self.content(name, region.subcon)
        yield {"id": name, "size": f"{left} - {region.keep}", "type": content, "if": f"{left} > {region.keep}"}

    def repeat(self, name: str, repeat: Repeat) -> Iterator[_Node]:
        count = str(counting_field(repeat))
        yield {"id": name, "type": self.content(name, repeat.subcon), "repeat": "expr", "repeat-expr": count}

    def lines(self, name: str, lines: Lines) -> Iterator[_Node]:
        block, item = f"{self._owner}_{name}", f"{self._owner}_{name}_item"
        content = self.content(name, lines.subcon)
        stop = list(lines.stop)
        self._new(
            item,
            {
                "doc": "A line, or the stop after the last.",
                "seq": [
                    {"id": "line", "type": content, "if": "not is_stop"},
                    {"id": "stop", "contents": stop, "if": "is_stop"},
                ],
                "instances": {
                    # asked for before the item is read, and so of the bytes that it begins with
                    "head": {"pos": "_io.pos", "size": len(stop)},
                    "is_stop": {"value": f"head == {stop}"},
                },
            },
        )
        until = {"id": "items", "type": item, "repeat": "until", "repeat-until": "_.is_stop"}
        self._new(block, {"doc": f"At most {lines.maximum} lines, then an item that is the stop.", "seq": [until]})
        yield {"id": name, "type": block}

    # A bare word ends before a blank, which is left for what follows, or at the end.

    def word(self, name: str, word: Word) -> Iterator[_Node]:
        yield from _literal(f"{name}_lead", word.lead)
        yield {"id": name, **_UP_TO_BLANK, **_sized(word.minimum, word.maximum)}

    def quoted(self, name: str, text: Quoted) -> Iterator[_Node]:
        yield from _literal(f"{name}_lead", opening(text))
        yield {"id": name, "terminator": ord('"'), **_sized(0, text.maximum)}

    def rest_text(self, name: str, rest: RestText) -> Iterator[_Node]:
        yield from _literal(f"{name}_lead", rest.lead)
        yield {"id": name, "size-eos": True, **_sized(rest.minimum, rest.maximum)}

    def number(self, name: str, number: Number | Address) -> Iterator[_Node]:
        yield from _literal(f"{name}_lead", number.lead)
        ascii_text = {"type": "str", "encoding": "ASCII"}
        if isinstance(number, Number) and number.either:
            # the quotes, where they are, are the first and the last character
            least, most = "_.length >= 1", f"_.length <= {len(str(number.highest)) + 2}"
            closed = "(_.length > 2 and _.substring(_.length - 1, _.length) == '\"')"
            whole = f"{least} and {most} and (_.substring(0, 1) != '\"' or {closed})"
            yield {"id": f"{name}_word", **ascii_text, **_UP_TO_BLANK, "valid": {"expr": whole}}
            bare = f"{name}_word.substring(1, {name}_word.length - 1).to_i"
            yield {"id": name, "value": f"{name}_word.substring(0, 1) == '\"' ? {bare} : {name}_word.to_i"}
            return
        yield {"id": f"{name}_digits", **ascii_text, **_UP_TO_BLANK, **_sized(1, len(str(number.highest)))}
        yield {"id": name, "value": f"{name}_digits.to_i"}

    def enumerated(self, name: str, word: Enumerated) -> Iterator[_Node]:
        yield from _literal(f"{name}_lead", opening(word))
        end = {"terminator": ord('"')} if word.quoted else _UP_TO_BLANK
        options = [json.dumps(option) for option in word.options]
        yield {"id": name, "type": "str", "encoding": "ASCII", **end, "valid": {"any-of": options}}

    def choice(self, name: str, choice: Choice) -> Iterator[_Node]:
        cases = {
            json.dumps(word): self.record(record.cls)
            for record in choice.records
            for word in choice.words(record).values()
        }
        owner = f"{self._owner}_{name}_choice"
        valid = {"any-of": list(cases)}
        head = {"pos": "_io.pos", "type": "str", "encoding": "ASCII", **_UP_TO_BLANK, "valid": valid}
        chosen = {"id": "chosen", "type": {"switch-on": "head", "cases": cases}}
        self._new(owner, {"doc": "What its first word says.", "seq": [chosen], "instances": {"head": head}})
        yield {"id": name, "type": owner}

    def series(self, name: str, series: Series) -> Iterator[_Node]:
        item = f"{self._owner}_{name}_item"
        content = self.content(name, series.subcon)
        between = [{"id": "between", "contents": list(series.between), "if": "_io.pos != 0"}] if series.between else []
        self._new(item, {"doc": "An item.", "seq": [*between, {"id": "item", "type": content}]})
        block = f"{self._owner}_{name}"
        items = {"id": "items", "type": item, "repeat": "eos"}
        self._new(block, {"doc": f"At most {series.maximum} items to the end.", "seq": [items]})
        yield {"id": name, "size-eos": True, "type": block}

    def _ended_by(self, stop: bytes) -> str:
        last = [f"octets[octets.size - {len(stop) - number}] == {byte}" for number, byte in enumerate(stop)]
        ended = " and ".join([f"octets.size >= {len(stop)}", *last])
        octets = {"id": "octets", "type": "u1", "repeat": "until", "repeat-until": ended}
        name = f"ended_by_{stop.hex()}"
        self._new(name, {"doc": f"Bytes up to {quoted(stop)}, which is among them.", "seq": [octets]})
        return name


_ATTRIBUTES: dict[type, Callable[[_Walk, str, Any], Iterator[_Node]]] = {
    cs.FormatField: _Walk.integer,
    cs.Rebuild: _Walk.derived,
    cs.Bytes: _Walk.fixed_bytes,
    cs.Const: _Walk.constant,
    IPv4: _Walk.ipv4,
    RestBytes: _Walk.rest,
    NulBytes: _Walk.until_nul,
    NulText: _Walk.until_nul,
    TextUntil: _Walk.text_until,
    Decimal: _Walk.decimal,
    HexBytes: _Walk.hexadecimal,
    FoldedText: _Walk.folded,
    Record: _Walk.nested,
    Bounded: _Walk.bounded,
    UpTo: _Walk.up_to,
    Repeat: _Walk.repeat,
    Lines: _Walk.lines,
    Word: _Walk.word,
    Quoted: _Walk.quoted,
    RestText: _Walk.rest_text,
    Number: _Walk.number,
    Address: _Walk.number,
    Enumerated: _Walk.enumerated,
    Choice: _Walk.choice,
    Series: _Walk.series,
}

_UP_TO_BLANK: _Node = {"terminator": 0x20, "consume": False, "eos-error": False}


def _integer(integer: cs.FormatField[Any, Any]) -> str:
    sign = "s" if integer.fmtstr[1:].islower() else "u"
    order = "" if integer.length == 1 else "le" if integer.fmtstr[0] == "<" else "be"
    return f"{sign}{integer.length}{order}"


def _sized(minimum: int, maximum: int, length: str = "_.length") -> _Node:
    """The check that a value has so many bytes."""
    least = f"{length} >= {minimum} and " if minimum else ""
    return {"valid": {"expr": f"{least}{length} <= {maximum}"}}


def _stop(name: str, stop: bytes) -> Iterator[_Node]:
    return _literal(f"{name}_stop", stop)


def _literal(name: str, raw: bytes) -> Iterator[_Node]:
    if raw:
        yield {"id": name, "contents": list(raw)}


def _prose(text: str) -> str:
    """A text as Kaitai's compiler can copy it: it escapes no backslash in what becomes a string or a comment."""
    return text.replace("\\", "\\\\")


def _named(attributes: list[_Node], name: str) -> _Node:
    return next(attribute for attribute in attributes if attribute["id"] == name)


def _yaml(value: Any) -> Iterator[str]:
    """The lines of a mapping or of a list of mappings as YAML, in block style; lists of numbers on one line."""
    if isinstance(value, list):
        for item in value:
            lines = _yaml(item)
            yield f"- {next(lines)}"
            yield from (f"  {line}" for line in lines)
        return
    for key, item in value.items():
        key = json.dumps(key) if '"' in key else key
        if isinstance(item, dict) or (isinstance(item, list) and isinstance(item[0], dict)):
            yield f"{key}:"
            yield from (f"  {line}" for line in _yaml(item))
        else:
            yield f"{key}: {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_.]*", value):
        return value
    return json.dumps(value)  # all JSON is YAML
