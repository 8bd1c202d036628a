"""What the servent knows of one connection."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...codecs.gnutella import DescriptorReader, HeaderLine, TextReader
from ..ageing import Bucket
from ..links import Link as AnyLink
from ..node import Address

if TYPE_CHECKING:
    from .download import Download
    from .upload import Upload


@dataclass(slots=True, eq=False, kw_only=True)
class Link(AnyLink):
    """One connection of the servent.

    `bye` says that the other side announced that it understands Bye; `listen` is the listening address that it
    announced; `heard` is when it last sent a descriptor.
    """

    text: TextReader
    heard: float
    bucket: Bucket
    frames: DescriptorReader | None = None
    headers: tuple[HeaderLine, ...] = ()
    bye: bool = False
    listen: Address | None = None
    ping: bytes | None = None
    misses: int = 0
    malformed: int = 0
    opening: bytes = b""
    upload: "Upload | None" = None
    download: "Download | None" = field(default=None, repr=False)

    @property
    def up(self) -> bool:
        """Whether descriptors may be sent here."""
        return self.state == "up"
