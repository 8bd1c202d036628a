"""The ways to read and to build the benchmark messages, and the comparison of what they give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from socket import inet_aton
from typing import Any

from peerspec.codecs import oracle
from peerspec.codecs.message import Message
from peerspec.codecs.scapy_layers import layers, to_packet

from . import gnutella_by_hand, gnutella_kaitai
from .subjects import Subject

__all__ = ["EMITTED", "Contender", "builders", "parsers", "verify"]

EMITTED = "**emitted**"


@dataclass(frozen=True)
class Contender:
    """A way to parse or build: one function a message, each called without arguments."""

    name: str
    calls: dict[str, Callable[[], Any]]


def parsers(subject: Subject) -> list[Contender]:
    """Who reads: interpreted Construct first."""
    raw = {name: message.encode() for name, message in subject.messages.items()}
    scapy = layers(subject.network)

    def each(make: Callable[[str, bytes], Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
        return {name: make(name, data) for name, data in raw.items()}

    def construct(name: str, data: bytes) -> Callable[[], Any]:
        cls = type(subject.messages[name])
        return lambda: oracle.decode(cls, data)

    def emitted(name: str, data: bytes) -> Callable[[], Any]:
        cls = type(subject.messages[name])
        cls.decode(data)  # from the first call on, `decode` is the emitted function
        return lambda: cls.decode(data)

    def hand(name: str, data: bytes) -> Callable[[], Any]:
        parse = getattr(subject.by_hand, name).parse
        return lambda: parse(data)

    def with_kaitai(name: str, data: bytes) -> Callable[[], Any]:
        from_bytes = getattr(subject.kaitai, name).from_bytes
        return lambda: from_bytes(data)

    def with_scapy(name: str, data: bytes) -> Callable[[], Any]:
        layer = scapy[name]
        return lambda: layer(data)

    return [
        Contender("Construct, interpreted", each(construct)),
        Contender(EMITTED, each(emitted)),
        Contender("by hand", each(hand)),
        Contender("kaitai, read-only", each(with_kaitai)),
        Contender("scapy", each(with_scapy)),
    ]


def builders(subject: Subject) -> list[Contender]:
    """Who builds: interpreted Construct first."""
    raw = {name: message.encode() for name, message in subject.messages.items()}

    def each(make: Callable[[str, Message], Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
        return {name: make(name, message) for name, message in subject.messages.items()}

    def construct(name: str, message: Message) -> Callable[[], Any]:
        return lambda: oracle.encode(message)

    def emitted(name: str, message: Message) -> Callable[[], Any]:
        return lambda: message.encode()  # noqa: PLW0108 (a call of the method is what is measured)

    def hand(name: str, message: Message) -> Callable[[], Any]:
        encode: Callable[[], bytes] = getattr(subject.by_hand, name).parse(raw[name]).encode
        return lambda: encode()  # noqa: PLW0108

    def with_scapy(name: str, message: Message) -> Callable[[], Any]:
        packet = to_packet(message)
        return lambda: bytes(packet)

    found = [
        Contender("Construct, interpreted", each(construct)),
        Contender(EMITTED, each(emitted)),
        Contender("by hand", each(hand)),
    ]
    writable = subject.writable
    if writable is not None:

        def with_kaitai(name: str, message: Message) -> Callable[[], Any]:
            value, size = writable(message), len(raw[name])
            return lambda: gnutella_kaitai.build(value, size)

        found.append(Contender("kaitai, read-write", each(with_kaitai)))
    return [*found, Contender("scapy", each(with_scapy))]


def verify(subject: Subject, parsing: list[Contender], building: list[Contender]) -> None:
    """Raise `AssertionError` unless all contenders give the same."""
    for name, message in subject.messages.items():
        expected = plain(message)
        for contender in parsing:
            found = contender.calls[name]()
            found = plain(found) if isinstance(found, Message) or hasattr(found, "__dataclass_fields__") else found
            same = found == expected if isinstance(found, dict) else agree(found, expected)
            assert same, f"{contender.name} reads {name} otherwise: {found!r}"
        for contender in building:
            built = contender.calls[name]()
            assert built == message.encode(), f"{contender.name} builds {name} otherwise: {built!r}"


def plain(value: Any) -> Any:
    """A parsed message of any contender as nested plain values, so that they can be compared."""
    if isinstance(value, Message):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        found = {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, gnutella_by_hand.Trailer):
            found["open_data"] = {name: found.pop(name) for name in ("flags", "mask", "more")}
        return found
    return value


def agree(value: Any, like: Any) -> bool:
    """Whether a parsed object of another library holds what `like` holds, names and address forms aside."""
    if isinstance(like, dict):
        return all(agree(attribute(value, name), item) for name, item in like.items())
    if isinstance(like, list):
        return len(value) == len(like) and all(agree(one, other) for one, other in zip(value, like, strict=True))
    if isinstance(like, str) and isinstance(value, bytes):
        return value in (like.encode("utf-8", "surrogateescape"), inet_aton(like) if like.count(".") == 3 else None)
    if isinstance(like, str) and isinstance(value, int):
        return value == int.from_bytes(inet_aton(like), "little")
    return bool(value == like)


def attribute(value: Any, name: str) -> Any:
    """A field of a parsed object of another library."""
    fields = getattr(value, "fields", None)
    if fields is not None:
        return fields[name if name in fields else f"{name}_"]
    return getattr(value, name)
