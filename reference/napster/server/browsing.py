"""Browsing: all files of one user, from the index, or from the user itself by the server's introduction.

Rules of this file:

- An answer ends with 213, or 10301, and the nick, also when there is nothing to list.
- Entries come in the order of their names, so that the files of one directory stand together.
- A user who is cloaked is not there for those who may not see it.
"""

from collections.abc import Iterator
from itertools import groupby

from ....codecs.napster import (
    Browse,
    BrowseDirectory,
    BrowseEnd,
    BrowseEntry,
    DirectBrowse,
    DirectBrowseAccept,
    DirectBrowseAccepted,
    DirectBrowseError,
    DirectBrowseRequest,
    DirectoryFile,
    NewBrowse,
    NewBrowseEnd,
    PeerAddress,
    SignOff,
)
from .handlers import SEARCH_COST, handles
from .index import SharedFile
from .session import Session
from .sharing import SEPARATOR, Sharing
from .visibility import Visibility

MAX_DIRECTORY = 2_048
"""Bytes that the files of one 10302 may take, unless it is a single file; peers refuse much longer bodies."""


class Browsing(Sharing, Visibility):
    """Answers 211 and 10301, and introduces peers to one another by 640 to 642."""

    @handles(Browse, cost=10 * SEARCH_COST)
    def on_browse(self, session: Session, message: Browse) -> None:
        """List the files of a user, and the end of them."""
        owner = self.visible_user(session, message.nick)
        if owner is None:
            self.say_absent(session, message.nick)
        else:
            self.say(session, *(self.browse_entry(owner, file) for file in self.listed(owner, message.maximum)))
        self.end_browse(session, message.nick)

    def listed(self, owner: Session, maximum: int | None) -> list[SharedFile]:
        """Return the files to list: all of the user's and no others (NAP-BRW-01), or as many as asked (NAP-BRW-06)."""
        return self.index.files(owner.id, -1 if maximum is None else maximum)

    def browse_entry(self, owner: Session, file: SharedFile) -> BrowseEntry:
        """Return an entry: the nick, and the properties of the file as in its share (NAP-BRW-02)."""
        return BrowseEntry(owner.nick, file.name, file.md5, file.size, file.bitrate, file.frequency, file.seconds)

    def say_absent(self, session: Session, nick: str) -> None:
        """Say that a user who is to be browsed is not logged in (NAP-BRW-05)."""
        self.say(session, SignOff(nick))

    def end_browse(self, session: Session, nick: str) -> None:
        """Say that there are no more entries, once for each request, and of whom they were (NAP-BRW-03)."""
        self.say(session, BrowseEnd(nick))

    # By directories

    @handles(NewBrowse, cost=10 * SEARCH_COST)
    def on_new_browse(self, session: Session, message: NewBrowse) -> None:
        """List the files of a user by directories."""
        owner = self.visible_user(session, message.nick)
        if owner is None:
            self.say_absent(session, message.nick)
        else:
            self.say(session, *self.directories(owner, self.listed(owner, message.maximum)))
        self.say(session, NewBrowseEnd(message.nick))

    def directories(self, owner: Session, files: list[SharedFile]) -> Iterator[BrowseDirectory]:
        """Yield the files by directories, a long one in several parts. Its name ends with its backslash, if any."""
        for directory, together in groupby(files, lambda file: self.divided(file)[0]):
            part: list[DirectoryFile] = []
            size = 0
            for file in together:
                entry = DirectoryFile(
                    self.divided(file)[1], file.md5, file.size, file.bitrate, file.frequency, file.seconds
                )
                size += len(entry.encode())
                if part and size > MAX_DIRECTORY:
                    yield BrowseDirectory(owner.nick, directory, tuple(part))
                    part, size = [], len(entry.encode())
                part.append(entry)
            yield BrowseDirectory(owner.nick, directory, tuple(part))

    def divided(self, file: SharedFile) -> tuple[str, str]:
        """Return the directory and the name in it."""
        directory, separator, name = file.name.rpartition(SEPARATOR)
        return directory + separator, name

    # From peer to peer

    @handles(DirectBrowseRequest)
    def on_direct_browse(self, session: Session, message: DirectBrowseRequest) -> None:
        """Ask a user to give its list to another, if that can be done."""
        owner = self.visible_user(session, message.nick)
        if owner is None:
            self.refuse_direct_browse(session, message.nick, "not logged in")
        elif not owner.shared:
            self.refuse_direct_browse(session, message.nick, "shares nothing")
        elif owner.firewalled and session.firewalled:
            self.refuse_direct_browse(session, message.nick, "firewalled, as you are")
        else:
            self.ask_for_list(session, owner)

    def ask_for_list(self, session: Session, owner: Session) -> None:
        """Tell a user who wants its list (NAP-BRW-07)."""
        self.say(owner, DirectBrowse(session.nick, address=self.address_to_browse(session, owner)))

    def address_to_browse(self, session: Session, owner: Session) -> PeerAddress | None:
        """Return where a firewalled user is to bring its list; None for others, who are called on (NAP-BRW-09)."""
        return PeerAddress(*self.place(session)) if owner.firewalled else None

    def refuse_direct_browse(self, session: Session, nick: str, reason: str) -> None:
        """Say why a list can't be had (NAP-BRW-10)."""
        self.say(session, DirectBrowseError(nick, reason))

    @handles(DirectBrowseAccept)
    def on_direct_browse_accept(self, session: Session, message: DirectBrowseAccept) -> None:
        """Tell the one that asked."""
        asker = self.user(message.nick)
        if asker is None:
            self.error(session, f"{message.nick} is not logged in")
        else:
            self.introduce(session, asker)

    def introduce(self, session: Session, asker: Session) -> None:
        """Tell who wants a list where to fetch it: nick, address and data port (NAP-BRW-08)."""
        self.say(asker, DirectBrowseAccepted(session.nick, *self.place(session)))
