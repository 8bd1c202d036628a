r"""Scapy layers for a network's messages, generated from their layouts.

    from scapy.all import *
    from peerspec.codecs import gnutella
    from peerspec.codecs.scapy_layers import bind, layers

    g = layers("gnutella")
    g["Header"](guid=b"\x01" * 16, ttl=3) / g["Query"](text=b"needle")
    bind("gnutella", 6346)
    sniff(offline="some.pcap", session=TCPSession)

A message is a layer, a record inside a message a layer in a field. The header's layer chooses its payload by the type
number, fills in type and length when they are left out, and reassembles TCP streams: frames glued in one segment or
split over several, and text blocks before or between them. Glued messages follow each other as further layers.

Scapy is a tool to make and look at packets, also damaged ones. It accepts what the codec rejects: never judge by it.
Scapy is licensed under GPL-2.0-only; nothing else in the codecs imports it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from scapy.fields import Field
from scapy.layers.inet import TCP, UDP
from scapy.packet import Packet, Padding, Raw, bind_layers

from .constructs import Bounded, IPv4, Lines, Record, Repeat, UpTo, from_text
from .errors import DecodeError
from .framing import Frame
from .message import Message, meanings, messages
from .pieces import extent
from .scapy_capture import Captured, read_capture
from .scapy_fields import fields_of, scapy_name
from .streams import Lost, frame_class, next_unit
from .words import Address, Choice, Series

__all__ = ["Captured", "bind", "layers", "read_capture", "to_message", "to_packet"]


class MessageLayer(Packet):
    """What the layers of all messages have in common. `message` is the codec's class."""

    message: ClassVar[type[Message]]


class RecordLayer(MessageLayer):
    """A message without a type number, such as a record or a text block: what follows it is not its payload."""

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        """Nothing is payload."""
        return b"", s


class HeaderLayer(MessageLayer):
    """The header of a frame: type and length follow from the payload unless they are given."""

    frame: ClassVar[type[Frame[Any]]]

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        """As many bytes as the length says are the payload."""
        length = self.getfieldval(self.frame.length_field)
        return s[:length], s[length:]

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """The layer of the type number; of several that it may mean, the first that the payload fits."""
        found = meanings(self.message.network, self.getfieldval(self.frame.type_field) or 0)
        for cls in found if len(found) > 1 else ():
            with suppress(DecodeError):
                cls.decode(payload)
                return _layer(cls)
        return super().guess_payload_class(payload)

    def do_dissect_payload(self, s: bytes) -> None:
        """The payload's layer, also where it has no bytes: scapy would leave an empty Ping out."""
        if not s and _is_empty(cls := self.guess_payload_class(s)):
            self.add_payload(cls())
        super().do_dissect_payload(s)

    def post_build(self, pkt: bytes, pay: bytes) -> bytes:
        """Fill in the length, which counts up to the next header."""
        if self.getfieldval(self.frame.length_field) is None:
            following = self.payload.getlayer(type(self))
            length = len(pay) - (len(following) if following else 0)
            start, layout = _length_place(self.frame)
            pkt = pkt[:start] + struct.pack(layout, length) + pkt[start + struct.calcsize(layout) :]
        return pkt + pay


class StreamLayer(Packet):
    """What a port is bound to: becomes the layer of whatever the bytes begin with."""

    network: ClassVar[str]

    @classmethod
    def dispatch_hook(cls, _pkt: bytes | None = None, *args: Any, **kargs: Any) -> type[Packet]:
        """The layer for these bytes, which may be less than a message; `Raw` if they are none."""
        if not _pkt:
            return cls
        try:
            unit = next_unit(cls.network, _pkt)
        except Lost:
            return Raw
        return Raw if unit is None else _layer_of_unit(cls.network, unit.cls)

    @classmethod
    def tcp_reassemble(cls, data: bytes, metadata: dict[str, Any], session: dict[str, Any]) -> Packet | None:
        """All messages that are complete, one stacked on the other, and the rest as `Padding`; None if there is none.

        Once a connection is lost, its bytes come as they are, except for text blocks.
        """
        # all at once: where scapy (2.8) takes them one by one, it misplaces what comes after the second
        first: Packet | None = None
        while data:
            message, data = cls._split(data, session)
            if message is None:
                break
            if first is None:
                first = message
            else:
                first.add_payload(message)
        if first is not None and data:
            first.add_payload(Padding(data))
        return first

    @classmethod
    def _split(cls, data: bytes, session: dict[str, Any]) -> tuple[Packet | None, bytes]:
        """The first message and what follows it."""
        try:
            unit = next_unit(cls.network, data)
        except Lost:
            session["lost"] = True
            return Raw(data), b""
        if session.get("lost") and (unit is None or issubclass(unit.cls, Frame)):
            return Raw(data), b""
        if unit is None:
            return None, data
        return _layer_of_unit(cls.network, unit.cls)(data[: unit.size]), data[unit.size :]


@cache
def layers(network: str) -> Mapping[str, type[Packet]]:
    """The layers of a network by the names of its messages, and as `Stream` what a port is bound to.

    Raises `ValueError` when no codecs of this network have been imported.
    """
    if not messages(network):
        raise ValueError(f"no codecs of a network {network!r} have been imported")
    made: dict[str, type[Packet]] = {cls.__name__: _layer(cls) for cls in messages(network)}
    frame = frame_class(network)
    if frame is not None:
        header = made[frame.header_class.__name__]
        for cls in messages(network):
            if cls.wire_type is not None:
                bind_layers(header, made[cls.__name__], {frame.type_field: cls.wire_type})
    title = network.capitalize()
    # scapy looks for the hook in the class itself and not in its bases
    namespace = {"name": f"{title} stream", "network": network, "dispatch_hook": vars(StreamLayer)["dispatch_hook"]}
    made["Stream"] = type(f"{title}Stream", (StreamLayer,), namespace)
    return MappingProxyType(made)


def bind(network: str, *ports: int) -> None:
    """Let scapy read these TCP ports as the network's streams and these UDP ports as single messages."""
    stream = layers(network)["Stream"]
    for port in ports:
        for transport in (TCP, UDP):
            bind_layers(transport, stream, sport=port)
            bind_layers(transport, stream, dport=port)


@cache
def _layer(cls: type[Message]) -> type[Packet]:
    frame = frame_class(cls.network)
    is_header = frame is not None and frame.header_class is cls
    base = HeaderLayer if is_header else RecordLayer if cls.wire_type is None else MessageLayer
    fields: list[Field[Any, Any]] = [part for spec in cls.specs.values() for part in fields_of(spec, _layer)]
    namespace: dict[str, Any] = {"message": cls, "__doc__": cls.__doc__, "__module__": __name__}
    if frame is not None and is_header:
        namespace["frame"] = frame
        for part in fields:
            if part.name == frame.length_field:
                part.default = None
    title = cls.network.capitalize()
    namespace |= {"name": f"{title} {cls.__name__}", "fields_desc": fields}
    return type(f"{title}{cls.__name__}", (base,), namespace)


@cache
def _is_empty(layer: type[Packet]) -> bool:
    """Whether a layer may consist of no bytes at all."""
    return issubclass(layer, MessageLayer) and not bytes(layer())


def _layer_of_unit(network: str, cls: type[Message | Frame[Any]]) -> type[Packet]:
    message: type[Message] = cls.header_class if issubclass(cls, Frame) else cls
    return layers(network)[message.__name__]


def _length_place(frame: type[Frame[Any]]) -> tuple[int, str]:
    """Offset and `struct` format of the length in a header."""
    start = 0
    for spec in frame.header_class.specs.values():
        if spec.name == frame.length_field:
            return start, spec.construct.fmtstr
        start += extent(spec.construct)[0]
    raise TypeError(f"{frame.header_class.__name__} has no field {frame.length_field}")


def to_packet(value: Message | Frame[Any]) -> Packet:
    """A message or frame as scapy packet, field by field. A frame whose payload is not decoded keeps it as `Raw`.

    Raises `DecodeError` when a frame's payload is of a known type and malformed.
    """
    if isinstance(value, Frame):
        payload = value.payload()
        return to_packet(value.header) / (to_packet(payload) if isinstance(payload, Message) else Raw(value.body))
    values = {
        scapy_name(spec.name): _to_scapy(getattr(value, spec.name), spec.construct)
        for spec in value.specs.values()
        if spec.is_value
    }
    return _layer(type(value))(**values)


def _to_scapy(value: Any, construct: Any) -> Any:
    if isinstance(construct, Record | Choice):
        return to_packet(value)
    if isinstance(construct, Bounded | UpTo):
        return None if value is None else _to_scapy(value, construct.subcon)
    if isinstance(construct, Repeat | Lines | Series):
        return [_to_scapy(item, construct.subcon) for item in value]
    if isinstance(value, str) and not isinstance(construct, IPv4 | Address):
        return from_text(value)
    return value


def to_message(packet: Packet) -> Message:
    """The message that one of our layers holds, without what is stacked on it.

    Raises `DecodeError` when it is malformed, and `TypeError` on a layer of somebody else's.
    """
    if not isinstance(packet, MessageLayer):
        raise TypeError(f"{packet.name} is no layer of a message")
    alone = packet.copy()
    alone.remove_payload()
    if isinstance(packet, HeaderLayer):
        # a length left open is that of the payload, which must be there to be counted
        return packet.message.decode(bytes(packet)[: packet.frame.header_size])
    return packet.message.decode(bytes(alone))
