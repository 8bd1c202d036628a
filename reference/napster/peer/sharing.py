"""Telling the server what this peer shares.

Rules of this file:

- The files of a folder go out in messages 870 as long as the server takes them, a single file in a 100.
- A peer with many files tells of some at a time, and of more when the server has taken those.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from random import Random

from ....codecs.message import Message
from ....codecs.napster import DirectoryFile, ShareDirectory, ShareFile
from .config import PeerConfig
from .music import Music
from .session import Session
from .shares import Share


class Sharing(Session):
    """The shares of a peer."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.untold: Iterator[Message] = iter(())

    def connected(self) -> None:
        """Begin to tell of the shares; nothing goes out before it may."""
        super().connected()
        self.untold = self.share_messages()
        self.tell_shares()

    def arrived(self) -> None:
        """Tell of the shares, now that the session has begun."""
        super().arrived()
        self.tell_shares()

    def tell_shares(self) -> None:
        """Send messages about shares, as many as may wait (NAP-PER-07)."""
        while self.session is not None and self.may_speak(self.session):
            if self.session.queued >= self.config.share_batch:
                return
            message = next(self.untold, None)
            if message is None:
                return
            self.say(message)

    def drained(self, now: float, link: int) -> None:
        """Go on to tell of the shares when the server has taken what was sent."""
        super().drained(now, link)
        if self.session is not None and self.session.id == link:
            self.tell_shares()

    def share_messages(self) -> Iterator[Message]:
        """Yield the messages that name all shared files (NAP-PER-07)."""
        for folder, shares in groupby(self.shares, key=lambda share: share.folder):
            waiting: list[ShareFile] = []
            for entry in self.entries(shares):
                if waiting and not self.fits(self.directory(folder, [*waiting, entry])):
                    yield from self.messages_for(folder, waiting)
                    waiting = []
                waiting.append(entry)
            yield from self.messages_for(folder, waiting)

    def messages_for(self, folder: str, entries: list[ShareFile]) -> list[Message]:
        """Return what tells of some files of one folder: an 870, or a 100 for one alone (NAP-PER-07)."""
        return [self.directory(folder, entries)] if folder and len(entries) > 1 else [*entries]

    def directory(self, folder: str, entries: list[ShareFile]) -> ShareDirectory:
        """Return the 870 for some files of one folder."""
        return ShareDirectory(
            folder,
            tuple(
                DirectoryFile(
                    entry.file.removeprefix(folder),
                    entry.md5,
                    entry.size,
                    entry.bitrate,
                    entry.frequency,
                    entry.seconds,
                )
                for entry in entries
            ),
        )

    def entries(self, shares: Iterable[Share]) -> Iterator[ShareFile]:
        """Yield what is told of some files; one that can't be read any more is left out."""
        for share in shares:
            with suppress(OSError):
                yield self.entry(share)

    def entry(self, share: Share) -> ShareFile:
        """Return what is told of a file. Raises OSError when it can't be read."""
        music = self.music_of(share)
        return ShareFile(share.name, share.checksum, share.size, music.bitrate, music.frequency, music.seconds)

    def music_of(self, share: Share) -> Music:
        """Return bitrate, frequency and time of a file, as its frames have them (NAP-PER-09). Raises OSError."""
        return share.music
