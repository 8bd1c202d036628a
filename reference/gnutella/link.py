"""What the servent knows of one connection."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...codecs.gnutella import DescriptorReader, HeaderLine, TextReader
from ..node import Address
from ..statemachine import StateMachine
from .ageing import Bucket

if TYPE_CHECKING:
    from .download import Download
    from .upload import Upload


@dataclass(slots=True, eq=False)
class Link:
    """One connection: where it stands in which state machine, who reads its bytes and what rings its alarm.

    `bye` says that the other side announced that it understands Bye; `listen` is the listening address that it
    announced; `queued` counts the bytes sent and not yet known to be taken; `heard` is when it last sent a descriptor.
    """

    id: int
    remote: Address
    local: Address
    machine: StateMachine
    state: str
    reads: "Callable[[Link, bytes], None]"
    alarm: "Callable[[Link], None]"
    text: TextReader
    heard: float
    bucket: Bucket
    frames: DescriptorReader | None = None
    headers: tuple[HeaderLine, ...] = ()
    bye: bool = False
    listen: Address | None = None
    ping: bytes | None = None
    misses: int = 0
    queued: int = 0
    malformed: int = 0
    opening: bytes = b""
    upload: "Upload | None" = None
    download: "Download | None" = field(default=None, repr=False)

    def step(self, event: str) -> None:
        """Move to the state that `event` leads to."""
        self.state = self.machine.next(self.state, event)

    @property
    def up(self) -> bool:
        """Whether descriptors may be sent here."""
        return self.state == "up"
