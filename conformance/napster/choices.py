"""What somebody chooses, and others repeat: addresses, and the data port of a peer.

Rules of this file:

- A number is the same whoever says it, and so is a nick; what users make up is the tester's, and sent again as it was.
- A port of 0 says that there is none: nobody has chosen it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...codecs.errors import DecodeError
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
)
from ..networks import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...codecs.spans import Subject

ADDRESS, PORT = "address", "port"


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
    elif isinstance(payload, Login | Register | ChangeDataPort) and payload.port and not sent:
        yield Choice(PORT, "payload.port")
