"""Messages as JSON, for people and other languages.

A message is an object with its fields by name: an integer is a number, bytes are a string of hexadecimal digits, text
is a string if its bytes are UTF-8 and otherwise `{"hex": "..."}`, a list is a list, a record an object (where several
can stand, the word in their first field says which), what is absent null. Fields with a default may be left
out. Counts, lengths and constants are not written: they follow from the rest.

A frame is `{"header": {...}, "message": "Query", "payload": {...}}`. A payload of unknown type, or one that can't be
decoded, is `{"hex": "..."}` with `"message": null`. The header's type and length may be left out; where they stand,
they are taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import construct as cs
import msgspec

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
    from_text,
    to_text,
)
from .errors import DecodeError
from .framing import Frame, Opaque
from .message import Message, message_named
from .spans import Subject
from .streams import frame_class
from .words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word

__all__ = ["from_json", "to_json"]


_TEXTS = (NulText, TextUntil, FoldedText, IPv4, Word, Quoted, RestText, Address, Enumerated)


def to_json(subject: Subject) -> dict[str, Any]:
    """A message or frame as an object of JSON."""
    if isinstance(subject, Message):
        return {name: _shown(getattr(subject, name)) for name in type(subject).__struct_fields__}
    try:
        payload = subject.payload()
    except DecodeError:
        payload = Opaque(subject.type, subject.body)
    known = isinstance(payload, Message)
    return {
        "header": to_json(subject.header),
        "message": type(payload).__name__ if known else None,
        "payload": to_json(payload) if isinstance(payload, Message) else {"hex": subject.body.hex()},
    }


def from_json(network: str, name: str, found: Any) -> Subject:
    """The message or frame of this class name that an object of JSON describes; it is known to have an encoding.

    Raises `ValueError` on a name that the network does not have and on JSON that is not of its form, and `EncodeError`
    on a value that the layout has no bytes for.
    """
    frame = frame_class(network)
    if frame is not None and name == frame.__name__:
        return _frame(frame, found)
    message = _message(_named(network, name), found, "")
    message.encode()
    return message


def _named(network: str, name: str) -> type[Message]:
    try:
        return message_named(network, name)
    except KeyError:
        raise ValueError(f"{network} has no message {name!r}") from None


def _frame(cls: type[Frame[Any]], found: Any) -> Frame[Any]:
    network = cls.header_class.network
    parts = _object(found, "")
    unknown = parts.keys() - {"header", "message", "payload"}
    if unknown or "payload" not in parts:
        raise ValueError(f"a frame has header, message and payload, not {', '.join(parts) or 'nothing'}")
    defaults: dict[str, Any] = {}
    if parts.get("message") is None:
        payload = _object(parts["payload"], "payload")
        if payload.keys() != {"hex"}:
            raise ValueError("payload: without a message's name it must be hex")
        body = _bytes(payload["hex"], "payload.hex")
    else:
        message = _message(_named(network, parts["message"]), parts["payload"], "payload")
        body = message.encode()
        if message.wire_type is None:
            raise ValueError(f"{parts['message']} does not travel in a {cls.__name__}")
        defaults[cls.type_field] = message.wire_type
    defaults[cls.length_field] = len(body)
    header = _message(cls.header_class, {**defaults, **_object(parts.get("header", {}), "header")}, "header")
    header.encode()
    return cls(header, body)


def _shown(value: Any) -> Any:
    if isinstance(value, Message):
        return to_json(value)
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return {"hex": from_text(value).hex()}
    return value


def _message(cls: type[Message], found: Any, path: str) -> Message:
    parts = _object(found, path)
    values = {}
    for name, spec in cls.specs.items():
        inner = f"{path}.{name}" if path else name
        if name in parts and spec.is_value:
            values[name] = _value(spec.construct, parts[name], inner)
        elif spec.is_value and spec.default is msgspec.NODEFAULT:
            raise ValueError(f"{inner}: missing")
    unknown = parts.keys() - values.keys()
    if unknown:
        raise ValueError(f"{cls.__name__} has no field {min(unknown)!r} to be set")
    return cls(**values)


def _value(construct: Any, found: Any, path: str) -> Any:
    match construct:
        case cs.FormatField() | Decimal() | Number():
            if type(found) is int:
                return found
            raise ValueError(f"{path}: a whole number is wanted, not {found!r}")
        case _ if isinstance(construct, _TEXTS):
            if isinstance(found, str):
                return found
            if isinstance(found, Mapping) and found.keys() == {"hex"}:
                return to_text(_bytes(found["hex"], path))
            raise ValueError(f"{path}: a string is wanted, not {found!r}")
        case cs.Bytes() | RestBytes() | NulBytes() | HexBytes():
            return _bytes(found, path)
        case Record():
            return _message(construct.cls, found, path)
        case Choice():
            return _chosen(construct, found, path)
        case UpTo() if found is None:
            return None
        case UpTo() | Bounded():
            return _value(construct.subcon, found, path)
        case Repeat() | Lines() | Series() if isinstance(found, list):
            return tuple(_value(construct.subcon, item, f"{path}[{number}]") for number, item in enumerate(found))
    raise ValueError(f"{path}: a list is wanted, not {found!r}")


def _chosen(choice: Choice, found: Any, path: str) -> Message:
    word = _object(found, path).get(choice.common)
    record = choice.named(word)
    if record is None:
        raise ValueError(f"{path}.{choice.common}: one of the words that can stand here is wanted, not {word!r}")
    return _message(record.cls, found, path)


def _bytes(found: Any, path: str) -> bytes:
    try:
        return bytes.fromhex(found)
    except (TypeError, ValueError):
        raise ValueError(f"{path}: a string of hexadecimal digits is wanted, not {found!r}") from None


def _object(found: Any, path: str) -> Mapping[str, Any]:
    if isinstance(found, Mapping):
        return found
    raise ValueError(f"{path or 'message'}: an object is wanted, not {found!r}")
