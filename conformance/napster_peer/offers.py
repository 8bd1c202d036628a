"""Offers: files that the tester, as another user, has for the peer to fetch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...codecs.napster import SearchResult

if TYPE_CHECKING:
    from .bench import Bench

LINK = 8
"""The link type of the tester's users."""
SIZE = 3000
"""Bytes of a file that is offered, where a case does not care."""

_BITRATE, _FREQUENCY, _SECONDS = 128, 44100, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A file, its owner's nick, and the name under which he shares it."""

    nick: str
    file: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def md5(self) -> str:
        """The checksum under which it is shared."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()

    def result(self, ip: str, *, more: str | None = None) -> SearchResult:
        """The file as a server finds it; `ip` is the owner's address."""
        return SearchResult(
            self.file, self.md5, self.size, _BITRATE, _FREQUENCY, _SECONDS, self.nick, ip, LINK, more=more
        )


def new_offer(bench: Bench, content: bytes | None = None, *, file: str | None = None) -> Offer:
    """A file of a fresh user under a fresh name, with noise for content, unless it is given. It begins like an MP3."""
    return Offer(
        nick=bench.new_nick(),
        file=f"C:\\mp3\\Some Band - {bench.unique('s')}.mp3" if file is None else file,
        content=b"\xff\xfb\x90\x00" + bench.random.randbytes(SIZE - 4) if content is None else content,
    )
