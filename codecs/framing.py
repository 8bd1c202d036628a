"""Frames: a header that names a payload's type and length, and the payload's bytes.

A frame keeps its body as the bytes that came, because a node that forwards must not change them; `payload` decodes
them when somebody asks. `FrameReader` cuts a stream of bytes into frames, however the bytes are split.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, Generic, Self, TypeVar

from .errors import DecodeError
from .message import Message, malformed, meanings

__all__ = ["Frame", "FrameReader", "Opaque"]

H = TypeVar("H", bound=Message)
F = TypeVar("F", bound="Frame[Any]")


class Opaque:
    """A payload of a type that the network's codecs do not register: its type number and its bytes."""

    __slots__ = ("data", "wire_type")

    def __init__(self, wire_type: int, data: bytes) -> None:
        self.wire_type = wire_type
        self.data = data

    def encode(self) -> bytes:
        """The bytes as they came."""
        return self.data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and (self.wire_type, self.data) == (other.wire_type, other.data)

    def __hash__(self) -> int:
        return hash((self.wire_type, self.data))

    def __repr__(self) -> str:
        return f"Opaque({self.wire_type:#04x}, {self.data!r})"


class Frame(Generic[H]):
    """A header and the body that it announces. Subclasses name the header class and its type and length fields."""

    __slots__ = ("body", "header", "sender")

    header_class: ClassVar[Any]  # type[Message], a name that the property `type` hides here
    header_size: ClassVar[int]
    type_field: ClassVar[str] = "type"
    length_field: ClassVar[str] = "length"
    #: the greatest length that whoever looks on from outside, and knows nothing of the peers, takes for one
    believed: ClassVar[int] = 65536

    def __init__(self, header: H, body: bytes, sender: str | None = None) -> None:
        self.header = header
        self.body = body
        self.sender = sender
        """The role of who sent it, where that is known: what a type means may depend on it."""

    def by(self, sender: str | None) -> Self:
        """The same frame, known to be sent by somebody of that role."""
        return type(self)(self.header, self.body, sender)

    @property
    def type(self) -> int:
        """The payload's type number."""
        return int(getattr(self.header, self.type_field))

    def payload(self, sender: str | None = None) -> Message | Opaque:
        """The body decoded; `Opaque` when its type is not registered. Raises `DecodeError`.

        `sender` is the role of who sent it, if the frame does not know. Without it a type number with several meanings
        has the first of them that the body fits.
        """
        found = meanings(self.header_class.network, self.type, self.sender if sender is None else sender)
        for cls in found[:-1]:
            try:
                return cls.decode(self.body)
            except DecodeError:
                continue
        return found[-1].decode(self.body) if found else Opaque(self.type, self.body)

    def encode(self) -> bytes:
        """Header and body as they stand; the header's length is not checked against the body."""
        return self.header.encode() + self.body

    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview) -> Self:
        """The frame that all of `data` is, its body still undecoded. Raises `DecodeError`."""
        raw = bytes(data)
        header = cls.header_class.decode(raw[: cls.header_size])
        length = getattr(header, cls.length_field)
        if len(raw) - cls.header_size != length:
            raise malformed(
                cls.header_class,
                cls.length_field,
                cls.header_size,
                f"{length} bytes announced, {len(raw) - cls.header_size} follow",
            )
        return cls(header, raw[cls.header_size :])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.header, self.body) == (other.header, other.body)

    def __hash__(self) -> int:
        return hash((self.header, self.body))

    def __repr__(self) -> str:
        try:
            return f"{type(self).__name__}({self.header!r}, {self.payload()!r})"
        except DecodeError:
            return f"{type(self).__name__}({self.header!r}, {self.body!r})"


class FrameReader(Generic[F]):
    """Cuts a stream into frames of one class.

    `limit` is the largest length in bytes that a header may announce. A header that is malformed or announces more
    ends the reader's use, since where the next frame begins is lost: `error` then holds the `DecodeError`, whose
    offset counts from the start of the stream. Frames before the bad header are not lost: the call of `feed` that
    meets it returns them, or raises the error if there are none, and every later call raises it.
    Between calls at most one header and `limit` bytes are kept.
    """

    def __init__(self, frame_class: type[F], limit: int) -> None:
        self.frame_class = frame_class
        self.limit = limit
        self.error: DecodeError | None = None
        self._buffer = bytearray()
        self._wanted = frame_class.header_size
        self._offset = 0

    @property
    def pending(self) -> bytes:
        """The bytes of a frame that is not complete yet."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[F]:
        """The frames that these bytes complete, in order. Raises `DecodeError` as the class says."""
        if self.error is not None:
            raise self.error
        self._buffer += data
        if len(self._buffer) < self._wanted:
            return []
        frames, self.error = self._cut(bytes(self._buffer))
        if self.error is not None and not frames:
            raise self.error
        return frames

    def _cut(self, data: bytes) -> tuple[list[F], DecodeError | None]:
        frames: list[F] = []
        fault: DecodeError | None = None
        cls, size, start = self.frame_class, self.frame_class.header_size, 0
        decode, length_of = cls.header_class.decode, attrgetter(cls.length_field)
        try:
            while len(data) - start >= size:
                header = decode(data[start : start + size])
                length = length_of(header)
                if length > self.limit:
                    reason = f"{length} bytes announced where at most {self.limit} are accepted"
                    raise malformed(cls.header_class, cls.length_field, 0, reason)
                self._wanted = size + length
                if len(data) - start < self._wanted:
                    break
                frames.append(cls(header, data[start + size : start + self._wanted]))
                start += self._wanted
                self._wanted = size
        except DecodeError as error:
            error.offset += self._offset + start
            fault = error
        del self._buffer[:start]
        self._offset += start
        return frames, fault
