"""What emitted code calls off its fast path: conversions of unusual input, and where exactly a fault lies.

Emitted code finds out *that* a rule is broken by the cheapest test there is, and then asks here for the first byte
that breaks it. Functions for parsing return `(path, offset, reason)` or `(offset, reason)`; those for building raise
through the `unencodable` that they are given, or return the value in the form in which it can be built.
"""

from __future__ import annotations

import re
import struct
from binascii import hexlify, unhexlify
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from socket import AF_INET, inet_ntoa, inet_pton
from typing import Any

from ..constructs import to_text
from ..errors import EncodeError

__all__ = ["NAMES"]

_HEX = b"0123456789abcdefABCDEF"
_DIGITS = b"0123456789"
_Unencodable = Callable[[str, str], EncodeError]

#: one line with its folds; possessive, so that it takes linear time and no stack
FOLDED = re.compile(rb"[^\r\n]*+(?:\r\n[ \t][^\r\n]*+)*+")


def octets(data: Any) -> bytes:
    """Any bytes-like object as bytes. Raises `TypeError` on what is none, where `bytes(5)` would not."""
    return memoryview(data).tobytes()


def plural(count: int) -> str:
    """`1 byte`, `2 bytes`."""
    return f"{count} byte" if count == 1 else f"{count} bytes"


def short(pos: int, end: int, fields: tuple[tuple[str, int], ...]) -> tuple[str, int, str]:
    """Fixed fields that do not fit before `end`: the field in which the bytes end is at fault."""
    stops = list(accumulate((size for _, size in fields), initial=pos))[1:]
    path = next(path for (path, _), stop in zip(fields, stops, strict=True) if stop > end)
    return path, end, f"{plural(stops[-1] - end)} missing"


def differs(data: bytes, pos: int, end: int, value: bytes) -> tuple[int, str]:
    """A constant that is not there."""
    there = data[pos : min(end, pos + len(value))]
    same = next((i for i, (one, other) in enumerate(zip(there, value, strict=False)) if one != other), len(there))
    return pos + same, f"{value!r} wanted"


def left(pos: int, end: int) -> tuple[int, str]:
    """Bytes after the last field of a region."""
    return pos, f"{plural(end - pos)} left over"


def long(pos: int, end: int, maximum: int) -> tuple[int, str]:
    """A value of more than `maximum` bytes."""
    return pos + maximum, f"{plural(end - pos)} where at most {maximum} are allowed"


def outside(pos: int, end: int, size: int) -> tuple[int, str]:
    """A region that its surroundings are too short for."""
    return end, f"{plural(size)} announced, {end - pos} follow"


def unkept(end: int, keep: int) -> tuple[int, str]:
    """Fewer than `keep` bytes left."""
    return end, f"fewer than {keep} bytes to the end"


def unended(
    data: bytes, pos: int, end: int, stop: bytes, minimum: int, maximum: int, allowed: bytes | None
) -> tuple[int, str]:
    """A text that is not `minimum` to `maximum` bytes from `allowed`, then `stop`."""
    stopped = data.find(stop, pos, end)
    until = end if stopped < 0 else stopped
    within = min(until, pos + maximum)
    for offset in range(pos, within) if allowed is not None and data[pos:within].translate(None, allowed) else ():
        if data[offset] not in (allowed or b""):
            return offset, f"a byte that is not allowed here: {data[offset : offset + 1]!r}"
    if until - pos > maximum:
        return pos + maximum, f"no {stop!r} within {plural(maximum)}"
    if stopped < 0:
        return end, f"no {stop!r} before the end"
    return stopped, f"{plural(until - pos)} where at least {minimum} are wanted"


def no_number(data: bytes, pos: int, end: int, stop: bytes, digits: tuple[int, int], highest: int) -> tuple[int, str]:
    """A text that is no decimal number of so many digits up to `highest`, then `stop`."""
    stopped = data.find(stop, pos, end)
    raw = data[pos:stopped] if stopped >= 0 else b""
    if not raw.isdigit() or not digits[0] <= len(raw) <= digits[1]:
        return unended(data, pos, end, stop, *digits, _DIGITS)
    if int(raw) > highest:
        return pos, f"{raw.decode()} is above {highest}"
    return pos, "a leading zero"


def scarce(pos: int, end: int, minimum: int) -> tuple[int, str]:
    """A value of fewer than `minimum` bytes."""
    return end, f"{plural(end - pos)} where at least {minimum} are wanted"


def no_word(data: bytes, pos: int, stop: int, minimum: int, maximum: int, allowed: bytes) -> tuple[int, str]:
    """A bare word that is too short, too long or not of the bytes allowed."""
    for offset in range(pos, min(stop, pos + maximum)) if data[pos:stop].translate(None, allowed) else ():
        if data[offset] not in allowed:
            return offset, f"a byte that is not allowed here: {data[offset : offset + 1]!r}"
    return long(pos, stop, maximum) if stop - pos > maximum else scarce(pos, stop, minimum)


def no_bare_number(data: bytes, pos: int, stop: int, highest: int) -> tuple[int, str]:
    """A bare word that is no decimal number up to `highest`."""
    most = len(str(highest))
    if not data[pos:stop].isdigit() or stop - pos > most:
        return no_word(data, pos, stop, 1, most, _DIGITS)
    if int(data[pos:stop]) > highest:
        return pos, f"{data[pos:stop].decode()} is above {highest}"
    return pos, "a leading zero"


def no_hexadecimal(data: bytes, pos: int, end: int, size: int, stop: bytes) -> tuple[int, str]:
    """`size` bytes in hexadecimal, then `stop`, that are not there."""
    after = pos + 2 * size
    for offset in range(pos, min(after, end)):
        if data[offset] not in _HEX:
            return offset, f"not hexadecimal: {data[offset : offset + 1]!r}"
    if after > end:
        return end, f"{plural(after - end)} missing"
    return differs(data, after, end, stop)


def unfolded(data: bytes, pos: int, end: int, found: int, maximum: int) -> tuple[int, str]:
    """A folded text that is too long, or after which there is no CRLF at `found`."""
    if found - pos > maximum:
        return long(pos, found, maximum)
    offset, _ = differs(data, found, end, b"\r\n")
    return offset, "no CRLF at the end of the line"


def integer(value: Any, path: str, unencodable: _Unencodable) -> int:
    """An instance of a subclass of `int` as `int`, but no `bool`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise unencodable(path, f"int wanted, not {type(value).__name__}")
    return int(value)


def raw(value: Any, path: str, unencodable: _Unencodable) -> bytes:
    """An instance of a subclass of `bytes` as `bytes`."""
    if not isinstance(value, bytes):
        raise unencodable(path, f"bytes wanted, not {type(value).__name__}")
    return bytes(value)


def exactly(value: Any, size: int, path: str, unencodable: _Unencodable) -> bytes:
    """As `raw`, of `size` bytes."""
    found = raw(value, path, unencodable)
    if len(found) != size:
        raise unencodable(path, f"{plural(len(found))} where {size} are wanted")
    return found


def text(value: Any, path: str, unencodable: _Unencodable) -> bytes:
    """The bytes of a `str` that could not be encoded at once, or the error that says why."""
    if not isinstance(value, str):
        raise unencodable(path, f"str wanted, not {type(value).__name__}")
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise unencodable(path, "a surrogate that no byte stands for") from None


def no_address(value: Any, path: str, unencodable: _Unencodable) -> EncodeError:
    """Why a value is no IPv4 address."""
    if not isinstance(value, str):
        return unencodable(path, f"dotted decimal address wanted, not {type(value).__name__}")
    return unencodable(path, f"{value!r} is no dotted decimal IPv4 address")


def misfit(*integers: tuple[str, str, int]) -> tuple[str, str]:
    """The path of the first integer that does not fit its format, and why; one of them does not."""
    return next((path, fault) for path, layout, value in integers if (fault := _misfit(layout, value)))


def _misfit(layout: str, value: int) -> str:
    bits = 8 * struct.calcsize(layout)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if layout[1:].islower() else (0, 2**bits - 1)
    return "" if low <= value <= high else f"{value} is not in {low}..{high}"


def unbuildable(
    found: bytes, stop: bytes, minimum: int, maximum: int, allowed: bytes | None, path: str, unencodable: _Unencodable
) -> EncodeError:
    """Why a text can't stand before `stop`."""
    # the stop may also arise across the seam: text ending in "\n" before a stop of "\n\n"
    if (found + stop).find(stop) != len(found):
        return unencodable(path, f"{stop!r} inside")
    if not minimum <= len(found) <= maximum:
        limits = f"{minimum} to {maximum}" if minimum else f"at most {maximum}"
        return unencodable(path, f"{plural(len(found))} where {limits} are allowed")
    return unencodable(path, f"a byte that is not allowed here: {found.translate(None, allowed or b'')[:1]!r}")


#: what emitted code may name
NAMES: dict[str, Any] = {
    "AF_INET": int(AF_INET),
    "FOLDED": FOLDED,
    "Struct": struct.Struct,
    "StructError": struct.error,
    "differs": differs,
    "exactly": exactly,
    "hexlify": hexlify,
    "inet_ntoa": inet_ntoa,
    "inet_pton": inet_pton,
    "integer": integer,
    "left": left,
    "long": long,
    "misfit": misfit,
    "no_hexadecimal": no_hexadecimal,
    "no_bare_number": no_bare_number,
    "no_number": no_number,
    "no_word": no_word,
    "no_address": no_address,
    "octets": octets,
    "outside": outside,
    "pattern": partial(re.compile, flags=re.DOTALL),
    "raw": raw,
    "scarce": scarce,
    "short": short,
    "text": text,
    "to_text": to_text,
    "unbuildable": unbuildable,
    "unended": unended,
    "unfolded": unfolded,
    "unhexlify": unhexlify,
    "unkept": unkept,
}
