"""What users share, and how it is found and fetched, put together."""

from .browsing import Browsing
from .counting import Counting
from .queueing import Queueing
from .resume import Resuming
from .signalling import Signalling


class Library(Resuming, Browsing, Signalling, Queueing, Counting):
    """The index and all that goes through it; search by checksum extends search."""
