"""The metaserver, and the statistics port: whoever connects says nothing and is told one line."""

from __future__ import annotations

from ..constructs import Decimal, TextUntil
from ..message import Message, field

__all__ = ["Redirection", "StatsLine"]


class Redirection(Message, network="napster", since="A"):
    """The metaserver's word: which server to go to. 127.0.0.1 stands for none, when all are full."""

    host: str = field(TextUntil(b":", 255, minimum=1), "address of a server")
    port: int = field(Decimal(b"\n", 65535), "its port")


class StatsLine(Message, network="napster", since="O36"):
    """What OpenNap tells on its statistics port."""

    users: int = field(Decimal(b" ", 2**32 - 1), "users who are logged in", unit="users")
    files: int = field(Decimal(b" ", 2**32 - 1), "files that they share", unit="files")
    load: str = field(TextUntil(b" ", 32, minimum=1, allowed=b"0123456789.-"), "load of the machine")
    kilobytes: int = field(Decimal(b" ", 2**63 - 1), "size of the files", unit="KiB")
    zero: int = field(Decimal(b"\n", 2**32 - 1), "always 0")
