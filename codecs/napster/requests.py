"""What stands at the beginning of a connection to a data port: which request it is, and whether it may be whole.

Rules of this file:

- A request has no end of its own. It may be whole when a quoted name is followed by a blank and something; whether
  more digits come only time tells.
- After `GETLIST` a nick may follow as well: `GETLISTbob "song.mp3" 0` is bob's request, and so with `SENDLIST`.
"""

from __future__ import annotations

import re

from ..message import Message, malformed
from .peer import GetFile, GetList, SendFile, SendList

__all__ = ["may_be_whole", "request_kind"]

_VERBS = (b"GET", b"SEND")
_WITH_A_NAME = re.compile(rb'[^"]*"[^"]*" .', re.DOTALL)
_LIST_OFFERED = re.compile(rb'SENDLIST [^"\n]*\n')


def request_kind(data: bytes) -> type[Message] | None:
    """The kind of request that `data` begins; None while that can't be told.

    Raises `DecodeError` for bytes that no request begins with.
    """
    if not any(data.startswith(verb) or verb.startswith(data) for verb in _VERBS):
        raise malformed(GetFile, "verb", 0, "neither GET nor SEND")
    if data.startswith((b"GET ", b'GET"', b"SEND ", b'SEND"')):
        raise malformed(GetFile, "nick", 3, "no nick")
    if data in (b"GETLIST", b"GETLIST\n"):
        return GetList
    if _LIST_OFFERED.match(data):
        return SendList
    if data.startswith(b"GET"):
        return GetFile
    return SendFile if data.startswith(b"SEND") else None


def may_be_whole(data: bytes) -> bool:
    """Whether `data`, which begins a request, may be all of it."""
    if data.startswith((b"GETLIST\n", b"SENDLIST ")) and b"\n" in data:
        return True
    return data == b"GETLIST" or _WITH_A_NAME.match(data) is not None
