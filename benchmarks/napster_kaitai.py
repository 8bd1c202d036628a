"""The benchmark messages of Napster in the form that Kaitai Struct's compiler gives Python, on its runtime.

Written after what the compiler makes of the specification that `codecs/export` prints: what stands before a field is
read and compared, a field runs up to its terminator, and a number is text until it is asked for. A base class says once
what the compiler writes out at each field, and limits are left out.

There is nothing to build with here: a `.ksy` knows the digits of a number and the blank before it as fields of their
own, so whoever builds has to make the whole line by hand and gives it away in pieces.
"""

from __future__ import annotations

from typing import Any

from kaitaistruct import KaitaiStruct, ValidationNotEqualError


class _Line(KaitaiStruct):  # type: ignore[misc]
    def __init__(self, _io: Any, _parent: Any = None, _root: Any = None) -> None:
        super().__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._read()

    def _read(self) -> None:
        raise NotImplementedError

    def _lead(self, wanted: bytes) -> None:
        found = self._io.read_bytes(len(wanted))
        if found != wanted:
            raise ValidationNotEqualError(wanted, found, self._io, "/seq")

    def _word(self, lead: bytes = b" ") -> bytes:
        self._lead(lead)
        return bytes(self._io.read_bytes_term(0x20, False, False, False))

    def _digits(self) -> str:
        return self._word().decode("ASCII")

    def _quoted(self, lead: bytes = b' "') -> bytes:
        self._lead(lead)
        return bytes(self._io.read_bytes_term(0x22, False, True, True))

    def _more(self) -> bytes | None:
        if self._io.size() - self._io.pos() == 0:
            return None
        self._lead(b" ")
        return bytes(self._io.read_bytes_full())


def _number(name: str) -> Any:
    """A number made of its digits when it is first asked for, and kept."""
    kept, digits = f"_m_{name}", f"{name}_digits"

    def get(self: Any) -> Any:
        if not hasattr(self, kept):
            setattr(self, kept, int(getattr(self, digits)))
        return getattr(self, kept)

    return property(get)


class Login(_Line):
    port = _number("port")
    link = _number("link")

    def _read(self) -> None:
        self.nick = self._word(b"")
        self.password = self._word()
        self.port_digits = self._digits()
        self.info = self._quoted()
        self.link_digits = self._digits()
        more = self._more()
        self.build = None if more is None else int(more)


class ShareFile(_Line):
    size = _number("size")
    bitrate = _number("bitrate")
    frequency = _number("frequency")
    seconds = _number("seconds")

    def _read(self) -> None:
        self.file = self._quoted(b'"')
        self.md5 = self._word()
        self.size_digits = self._digits()
        self.bitrate_digits = self._digits()
        self.frequency_digits = self._digits()
        self.seconds_digits = self._digits()


class SearchResult(ShareFile):
    ip = _number("ip")
    link = _number("link")

    def _read(self) -> None:
        super()._read()
        self.nick = self._word()
        self.ip_digits = self._digits()
        self.link_digits = self._digits()
        self.more = self._more()


class DownloadAck(_Line):
    ip = _number("ip")
    port = _number("port")
    link = _number("link")

    def _read(self) -> None:
        self.nick = self._word(b"")
        self.ip_digits = self._digits()
        self.port_digits = self._digits()
        self.file = self._quoted()
        self.md5 = self._word()
        self.link_digits = self._digits()


class PrivateMessage(_Line):
    def _read(self) -> None:
        self.nick = self._word(b"")
        self._lead(b" ")
        self.text = self._io.read_bytes_full()


class FilenameClause(_Line):
    def _read(self) -> None:
        self.subject = self._word(b"").decode("ASCII")
        self.relation = self._digits()
        self.words = self._quoted()


class LimitClause(_Line):
    def _read(self) -> None:
        self.subject = self._word(b"").decode("ASCII")
        self.maximum_word = self._digits()

    @property
    def maximum(self) -> int:
        return int(self.maximum_word.strip('"'))


class NumberClause(_Line):
    def _read(self) -> None:
        self.subject = self._word(b"").decode("ASCII")
        self.comparison = self._quoted().decode("ASCII")
        self.number_word = self._digits()

    @property
    def number(self) -> int:
        return int(self.number_word.strip('"'))


class FlagClause(_Line):
    def _read(self) -> None:
        self.subject = self._word(b"").decode("ASCII")


_CLAUSES: dict[str, type[_Line]] = {
    "FILENAME": FilenameClause,
    "MAX_RESULTS": LimitClause,
    **dict.fromkeys(("LINESPEED", "SIZE", "DURATION", "BITRATE", "FREQ"), NumberClause),
    **dict.fromkeys(("LOCAL_ONLY", "LOCAL", "WMA-FILE"), FlagClause),
}


class Search(_Line):
    def _read(self) -> None:
        self.clauses: list[_Line] = []
        while not self._io.is_eof():
            if self.clauses:
                self._lead(b" ")
            start = self._io.pos()
            head = self._io.read_bytes_term(0x20, False, False, False).decode("ASCII")
            self._io.seek(start)
            self.clauses.append(_CLAUSES[head](self._io, self, self._root))
