"""What the codec benchmark measures: messages of each network, and who else can read and build them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from socket import inet_aton
from types import ModuleType
from typing import Any

from peerspec.codecs import gnutella, napster
from peerspec.codecs.gnutella import OpenData, QueryHit, Trailer
from peerspec.codecs.message import Message

from . import gnutella_by_hand, gnutella_kaitai, napster_by_hand, napster_kaitai

__all__ = ["SUBJECTS", "Subject"]


@dataclass(frozen=True)
class Subject:
    """Messages of one network. The modules have a class for each of them, under its name.

    `floor` is how many times as fast as interpreted Construct the emitted code must be at everything.
    """

    network: str
    messages: Mapping[str, Message]
    by_hand: ModuleType
    kaitai: ModuleType
    floor: float
    #: makes a message an object that Kaitai's runtime can write; none where there is nothing to write with
    writable: Callable[[Message], Any] | None = None


def _named(*messages: Message) -> dict[str, Message]:
    return {type(message).__name__: message for message in messages}


def _writable(message: Message) -> Any:
    """A message of Gnutella as object of a read-write Kaitai class."""
    values = {name: getattr(message, name) for name in message.__struct_fields__}
    if "ip" in values:
        values["ip"] = inet_aton(values["ip"])
    if isinstance(message, QueryHit):
        values["results"] = [_writable(result) for result in message.results]
        values["count"] = len(message.results)
        values["trailer"] = _writable(message.trailer) if message.trailer else None
    if isinstance(message, Trailer):
        open_data = values.pop("open_data")
        values |= {"flags": open_data.flags, "mask": open_data.mask, "more": open_data.more}
        values["open_size"] = 2 + len(open_data.more)
    return getattr(gnutella_kaitai, f"Writable{type(message).__name__}")(**values)


_GUID = bytes.fromhex("c0ffee00c0ffee00ffc0ffee00c0ff00")
_GNUTELLA = _named(
    gnutella.Header(_GUID, 0x81, 4, 3, 435),
    gnutella.Pong(6346, "127.1.2.3", 17, 40_960),
    gnutella.Query("free software songs"),
    QueryHit(
        6346,
        "127.1.2.3",
        1000,
        tuple(
            gnutella.Result(
                number, 4_000_000 + number, f"Free Software Song, take {number}.ogg", extension=b"urn:sha1:" + b"A" * 32
            )
            for number in range(5)
        ),
        _GUID,
        trailer=Trailer(b"PEER", OpenData(0x1C, 0x10), private=b""),
    ),
)

_PATH = "C:\\My Music\\Free Software Band - Free Software Song.mp3"
_MD5 = "9e107d9d372bb6826bd81d3542a419d6"
_NAPSTER = _named(
    napster.Login("listener", "pass1234", 6699, "peerspec 1.0", 8),
    napster.ShareFile(_PATH, _MD5, 4_123_456, 128, 44_100, 257),
    napster.Search(
        (
            napster.FilenameClause("CONTAINS", "free software song"),
            napster.LimitClause(100),
            napster.SpeedClause("LINESPEED", "AT LEAST", 7),
            napster.QualityClause("BITRATE", "EQUAL TO", 128),
        )
    ),
    napster.SearchResult(_PATH, _MD5, 4_123_456, 128, 44_100, 257, "sharer", "127.1.2.3", 8),
    napster.DownloadAck("sharer", "127.1.2.3", 6699, _PATH, _MD5, 8),
    napster.PrivateMessage("listener", "do you have the second take of it as well?"),
)

SUBJECTS: dict[str, Subject] = {
    "gnutella": Subject("gnutella", _GNUTELLA, gnutella_by_hand, gnutella_kaitai, 15.0, _writable),
    "napster": Subject("napster", _NAPSTER, napster_by_hand, napster_kaitai, 6.0),
}
