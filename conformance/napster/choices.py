"""What somebody chooses, and others repeat: addresses, the data port of a peer, and the time of day.

Rules of this file:

- A number is the same whoever says it, and so is a nick; what users make up is the tester's, and sent again as it was.
- What the node's clock shows is the node's.
- A port of 0 says that there is none: nobody has chosen it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...codecs.errors import DecodeError
from ...codecs.message import Message
from ...codecs.napster import (
    ChangeDataPort,
    DirectBrowseAccepted,
    DownloadAck,
    Login,
    Packet,
    PushOrder,
    Register,
    ResumeHit,
    SearchResult,
    Whois,
)
from ..networks import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...codecs.spans import Subject

ADDRESS, PORT, TIME = "address", "port", "time"
_CLOCK = "s since 1970"
_MADE_UP = 10
"""Letters of the shortest nick that is taken for one made up: it stands in no word of a message by chance."""


def choices(subject: Subject, *, sent: bool) -> Iterator[Choice]:
    """The chosen fields of a message. A data port is the node's own where the node says it of itself."""
    if not isinstance(subject, Packet):
        return
    try:
        payload = subject.payload()
    except DecodeError:
        return
    if isinstance(payload, DirectBrowseAccepted | DownloadAck | PushOrder | ResumeHit):
        yield Choice(ADDRESS, "payload.ip", "payload.port")
    elif isinstance(payload, SearchResult):
        yield Choice(ADDRESS, "payload.ip")
    elif isinstance(payload, Whois):
        yield Choice(ADDRESS, "payload.staff.ip", "payload.staff.connection_port")
    elif isinstance(payload, Login | Register | ChangeDataPort) and payload.port and not sent:
        yield Choice(PORT, "payload.port")
    elif isinstance(payload, Message) and not sent:
        for name, spec in type(payload).specs.items():
            if spec.unit == _CLOCK:
                yield Choice(TIME, f"payload.{name}")


def remembered(subject: Subject) -> Iterator[str]:
    """The nick in a registration, if it is one that the bench made up."""
    if isinstance(subject, Packet):
        try:
            payload = subject.payload()
        except DecodeError:
            return
        if isinstance(payload, Register) and len(payload.nick) >= _MADE_UP:
            yield payload.nick
