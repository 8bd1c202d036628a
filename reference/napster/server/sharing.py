"""Sharing: what users put into the index and take out of it.

Rules of this file:

- A share that is accepted is not answered; one that is not is answered by 404, and nothing of it is entered.
- The index is made when it is first asked for. It knows a user by the number of the session, from the first share on.
- The session counts its files and their bytes.
"""

import random
from functools import cached_property

from ....codecs.constructs import from_text
from ....codecs.errors import DecodeError
from ....codecs.napster import (
    DirectoryFile,
    ShareDirectory,
    ShareFile,
    ShareMedia,
    UnshareAll,
    UnsharedAll,
    UnshareFile,
)
from ...node import Address
from .config import ServerConfig
from .core import Core
from .handlers import SEARCH_COST, handles, refuses
from .index import Index, SharedFile
from .session import Session

MAX_NAME = 2_048
"""Bytes of a name, of which an 870 can make longer ones than a result can carry."""

SEPARATOR = "\\"


class Sharing(Core):
    """Keeps the index: 100, 102, 110, 870, 10300."""

    def __init__(self, config: ServerConfig, random: random.Random) -> None:
        super().__init__(config, random)
        self.sharers: dict[int, Session] = {}

    @cached_property
    def index(self) -> Index:
        """The index, in memory or, if the accounts are in a file, on disk. Made when it is first asked for."""
        return Index(on_disk=self.config.database is not None)

    def release(self) -> None:
        """Let go of the index."""
        super().release()
        if "index" in vars(self):
            self.index.release()

    # What is shared

    @handles(ShareFile)
    def on_share(self, session: Session, message: ShareFile) -> None:
        """Share a file."""
        self.share(session, self.shared_file(message.file, message))

    def shared_file(self, name: str, message: ShareFile | DirectoryFile) -> SharedFile:
        """Return a file as the index keeps it, each property in its place (NAP-SHR-01)."""
        return SharedFile(
            name,
            self.kept_checksum(message.md5),
            self.kept_size(message.size),
            message.bitrate,
            message.frequency,
            message.seconds,
        )

    def kept_checksum(self, md5: str) -> str:
        """Return the checksum to keep: the one that was sent, whatever it is (NAP-SHR-02)."""
        return md5

    def kept_size(self, size: int) -> int:
        """Return the size to keep: the one that was sent, however large (NAP-SHR-06, NAP-SHR-07)."""
        return size

    @handles(ShareMedia)
    def on_share_media(self, session: Session, message: ShareMedia) -> None:
        """Share a file that is no music, under its type (NAP-SHR-22)."""
        size, checksum = self.kept_size(message.size), self.kept_checksum(message.md5)
        self.share(session, SharedFile(message.file, checksum, size, kind=message.type))

    @handles(ShareDirectory, cost=SEARCH_COST)
    def on_share_directory(self, session: Session, message: ShareDirectory) -> None:
        """Share each file of a directory as if it came alone (NAP-SHR-13)."""
        for file in message.files:
            self.share(session, self.shared_file(self.path(message.directory, file.file), file))

    def path(self, directory: str, file: str) -> str:
        """Return the name of a file in a directory, with one backslash between the two (NAP-SHR-14)."""
        return directory + file if directory.endswith(SEPARATOR) else directory + SEPARATOR + file

    @refuses(ShareFile)
    def on_bad_share(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Enter nothing of a share that lacks a field or can't be read otherwise (NAP-SHR-04)."""
        self.refuse_share(session, f"a share can't be read: {error.path}: {error.reason}")

    def share(self, session: Session, file: SharedFile) -> None:
        """Enter a file, unless the user shares as many as it may (NAP-LIM-06), or one of this name already."""
        if session.shared >= self.config.max_shares:
            self.refuse_share(session, f"you share {session.shared} files, and that is the limit")
        elif len(from_text(file.name)) > MAX_NAME:
            self.refuse_share(session, "this name is too long")
        elif self.is_shared_already(session, file.name):
            self.refuse_share(session, f"you share this already: {file.name}")
        else:
            self.enter_file(session, file)
            self.count_shared(session, 1, file.size)
            self.acknowledge_share(session, file)

    def is_shared_already(self, session: Session, name: str) -> bool:
        """Return whether a user shares a file of this name; a second one is not entered (NAP-SHR-17)."""
        return self.file_of(session, name) is not None

    def enter_file(self, session: Session, file: SharedFile) -> None:
        """Put a file into the index, whoever else shares an equal one (NAP-SHR-16)."""
        if session.id not in self.sharers:
            self.sharers[session.id] = session
            self.index.join(session.id, link=session.link_type, firewalled=session.firewalled)
        self.index.share(session.id, file)

    def count_shared(self, session: Session, files: int, size: int) -> None:
        """Count files that have come, or have gone when the numbers are negative (NAP-SHR-21)."""
        session.shared += files
        session.shared_bytes += size
        self.files_shared += files
        self.bytes_shared += size

    def acknowledge_share(self, session: Session, file: SharedFile) -> None:
        """Say nothing: a peer that shares thousands of files wants no thousands of answers (NAP-SHR-03)."""

    def refuse_share(self, session: Session, text: str) -> None:
        """Say why a file is not shared (NAP-SHR-05)."""
        self.error(session, text)

    # What is taken back

    @handles(UnshareFile)
    def on_unshare(self, session: Session, message: UnshareFile) -> None:
        """Take a file back."""
        name = self.unshared_name(message.file)
        file = self.file_of(session, name)
        if file is None:
            self.refuse_unshare(session, name)
        else:
            self.unshare(session, file)

    def unshared_name(self, text: str) -> str:
        """Return the name in a 102: all of the body (NAP-SHR-08), without quotes if there are some (NAP-SHR-09)."""
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text

    def unshare(self, session: Session, file: SharedFile) -> None:
        """Take a file of a user out of the index, and no other (NAP-SHR-08)."""
        files = self.index.unshare(session.id, file.name)
        self.count_shared(session, -files, -files * file.size)

    def refuse_unshare(self, session: Session, name: str) -> None:
        """Say that a file which is to be taken back is not shared (NAP-SHR-10)."""
        self.error(session, f"you don't share this: {name}")

    @handles(UnshareAll, cost=SEARCH_COST)
    def on_unshare_all(self, session: Session, message: UnshareAll) -> None:
        """Take all files back, and say how many they were."""
        self.acknowledge_unshared(session, self.unshare_all(session))

    def unshare_all(self, session: Session) -> int:
        """Take all files of a user out of the index; return how many they were (NAP-SHR-11)."""
        files = self.index.clear(session.id)
        self.count_shared(session, -session.shared, -session.shared_bytes)
        return files

    def acknowledge_unshared(self, session: Session, files: int) -> None:
        """Say how many files have been taken back (NAP-SHR-12)."""
        self.say(session, UnsharedAll(files))

    # What users have

    def file_of(self, session: Session, name: str) -> SharedFile | None:
        """Return the file that a user shares under a name, None when there is none."""
        return self.index.file(session.id, name)

    def place(self, session: Session) -> Address:
        """Return where a user's files are: the address that it comes from, the port of its login (NAP-SHR-19)."""
        return session.ip, session.data_port

    def changed(self, session: Session) -> None:
        """Let searches go by the new link type and data port of a user (NAP-LOG-23, NAP-LOG-24)."""
        super().changed(session)
        if session.id in self.sharers:
            self.index.move(session.id, link=session.link_type, firewalled=session.firewalled)

    def left(self, session: Session) -> None:
        """Forget the files of a user whose session has ended."""
        super().left(session)
        if session.id in self.sharers:
            self.forget_shares(session)

    def forget_shares(self, session: Session) -> None:
        """Take the files of a user out of the index, however its session has ended (NAP-SHR-20)."""
        self.index.leave(session.id)
        del self.sharers[session.id]
