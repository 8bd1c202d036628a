"""The benchmark messages of Gnutella in the form that Kaitai Struct's compiler gives Python, on its runtime.

Written by hand after that form: a class a type, a `_read` that asks the stream for each attribute, `_write__seq` and
`_check` where the compiler is told to make read-write classes. Those are slower to read with, so both kinds are here.
Addresses stay bytes and texts are decoded, as a `.ksy` of these messages would say.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from kaitaistruct import ConsistencyError, KaitaiStream, KaitaiStruct, ReadWriteKaitaiStruct


class Header(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.guid = self._io.read_bytes(16)
        self.type = self._io.read_u1()
        self.ttl = self._io.read_u1()
        self.hops = self._io.read_u1()
        self.length = self._io.read_u4le()


class Pong(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.port = self._io.read_u2le()
        self.ip = self._io.read_bytes(4)
        self.files = self._io.read_u4le()
        self.kib = self._io.read_u4le()
        self.extension = self._io.read_bytes_full()


class Query(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.min_speed = self._io.read_u2le()
        self.text = self._io.read_bytes_term(0, False, True, True).decode("UTF-8")
        self.extension = self._io.read_bytes_full()


class Result(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.index = self._io.read_u4le()
        self.size = self._io.read_u4le()
        self.name = self._io.read_bytes_term(0, False, True, True).decode("UTF-8")
        self.extension = self._io.read_bytes_term(0, False, True, True)


class OpenData(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.flags = self._io.read_u1()
        self.mask = self._io.read_u1()
        self.more = self._io.read_bytes_full()


class Trailer(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.vendor = self._io.read_bytes(4)
        self.open_size = self._io.read_u1()
        self._raw_open_data = self._io.read_bytes(self.open_size)
        self.open_data = OpenData(KaitaiStream(BytesIO(self._raw_open_data)), self, self._root)
        self.private = self._io.read_bytes_full()


class QueryHit(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        self._io = _io
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        self.count = self._io.read_u1()
        self.port = self._io.read_u2le()
        self.ip = self._io.read_bytes(4)
        self.speed = self._io.read_u4le()
        self.results = []
        for _ in range(self.count):
            self.results.append(Result(self._io, self, self._root))
        self.trailer = None
        if self._io.pos() < self._io.size() - 16:
            self._raw_trailer = self._io.read_bytes(self._io.size() - self._io.pos() - 16)
            self.trailer = Trailer(KaitaiStream(BytesIO(self._raw_trailer)), self, self._root)
        self.servent_id = self._io.read_bytes(16)


class _Writable(ReadWriteKaitaiStruct):  # type: ignore[misc]
    """What all read-write classes begin with: attributes given by hand instead of read."""

    def __init__(self, **values: Any) -> None:
        super().__init__(None)
        for name, value in values.items():
            setattr(self, name, value)

    def _fetch_instances(self) -> None:
        pass

    def _text(self, name: str, value: bytes) -> None:
        if KaitaiStream.byte_array_index_of(value, 0) != -1:
            raise ConsistencyError(name, KaitaiStream.byte_array_index_of(value, 0), -1)

    def _sized(self, name: str, value: bytes, size: int) -> None:
        if len(value) != size:
            raise ConsistencyError(name, len(value), size)


class WritableHeader(_Writable):
    def _check(self) -> None:
        self._sized("guid", self.guid, 16)
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_bytes(self.guid)
        self._io.write_u1(self.type)
        self._io.write_u1(self.ttl)
        self._io.write_u1(self.hops)
        self._io.write_u4le(self.length)


class WritablePong(_Writable):
    def _check(self) -> None:
        self._sized("ip", self.ip, 4)
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_u2le(self.port)
        self._io.write_bytes(self.ip)
        self._io.write_u4le(self.files)
        self._io.write_u4le(self.kib)
        self._io.write_bytes(self.extension)


class WritableQuery(_Writable):
    def _check(self) -> None:
        self._text("text", self.text.encode("UTF-8"))
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_u2le(self.min_speed)
        self._io.write_bytes(self.text.encode("UTF-8"))
        self._io.write_u1(0)
        self._io.write_bytes(self.extension)


class WritableResult(_Writable):
    def _check(self) -> None:
        self._text("name", self.name.encode("UTF-8"))
        self._text("extension", self.extension)
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_u4le(self.index)
        self._io.write_u4le(self.size)
        self._io.write_bytes(self.name.encode("UTF-8"))
        self._io.write_u1(0)
        self._io.write_bytes(self.extension)
        self._io.write_u1(0)


class WritableTrailer(_Writable):
    def _check(self) -> None:
        self._sized("vendor", self.vendor, 4)
        self._sized("open_data", self.more, self.open_size - 2)
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_bytes(self.vendor)
        self._io.write_u1(self.open_size)
        self._io.write_u1(self.flags)
        self._io.write_u1(self.mask)
        self._io.write_bytes(self.more)
        self._io.write_bytes(self.private)


class WritableQueryHit(_Writable):
    def _check(self) -> None:
        self._sized("ip", self.ip, 4)
        self._sized("servent_id", self.servent_id, 16)
        if len(self.results) != self.count:
            raise ConsistencyError("results", len(self.results), self.count)
        for result in self.results:
            result._check()  # noqa: SLF001 (the form of the compiler's code)
        if self.trailer is not None:
            self.trailer._check()  # noqa: SLF001
        self._dirty = False

    def _write__seq(self, io: Any = None) -> None:
        super()._write__seq(io)
        self._io.write_u1(self.count)
        self._io.write_u2le(self.port)
        self._io.write_bytes(self.ip)
        self._io.write_u4le(self.speed)
        for result in self.results:
            result._write__seq(self._io)  # noqa: SLF001
        if self.trailer is not None:
            self.trailer._write__seq(self._io)  # noqa: SLF001
        self._io.write_bytes(self.servent_id)


def build(value: Any, size: int) -> bytes:
    """Check and write an object of a read-write class: its stream must be as large as the message."""
    io = KaitaiStream(BytesIO(bytearray(size)))
    value._check()  # noqa: SLF001
    value._write(io)  # noqa: SLF001
    return bytes(io.to_byte_array())
