"""Files in the index of a server, for the sections about it: sharing, finding, listing and asking for them.

That a search or a browse is answered at all is a precondition here; the cases about that ask for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...codecs.napster import (
    BrowseEntry,
    Clause,
    DirectoryFile,
    DownloadAck,
    DownloadRequest,
    FilenameClause,
    HotlistAck,
    HotlistAdd,
    Packet,
    Search,
    SearchEnd,
    SearchResult,
    ShareFile,
    SignOff,
    UploadAccept,
    UploadRequest,
)
from ..outcomes import assuming
from .bench import Bench, SharedFile
from .probe import User

FOLDER = "C:\\shared\\"
"""Where the testers' files lie. Its word is none that a case searches for."""

Properties = tuple[str, int, int, int, int]


def path(*words: str) -> str:
    """The path of a file with these words in its name."""
    return f"{FOLDER}{' '.join(words)}.mp3"


def offer(owner: User, *files: SharedFile) -> None:
    """Share files, and return when the server has taken notice."""
    owner.send(*(file.message for file in files))
    owner.sync()


def offer_many(bench: Bench, owner: User, word: str, number: int) -> None:
    """Share that many files with a word in their names."""
    offer(owner, *(bench.file(path(word, f"{count:03d}")) for count in range(number)))


def in_directory(file: SharedFile) -> DirectoryFile:
    """The same file as 870 names it: without its folder."""
    name = file.name.rpartition("\\")[2]
    return DirectoryFile(name, file.md5, file.size, file.bitrate, file.frequency, file.seconds)


def properties(entry: ShareFile | SearchResult | BrowseEntry) -> Properties:
    """Name, size, bitrate, frequency and time. Not the checksum, which not every server keeps."""
    return (entry.file, entry.size, entry.bitrate, entry.frequency, entry.seconds)


def names(entries: Iterable[SearchResult | BrowseEntry]) -> list[str]:
    """The names of the files, sorted: no order is promised."""
    return sorted(entry.file for entry in entries)


# --- searching and browsing


def query(words: str, *clauses: Clause) -> Search:
    """A search for words, and for what else the clauses say."""
    return Search((FilenameClause("CONTAINS", words), *clauses))


def raw_query(*clauses: str) -> Packet:
    """A query of these words as they stand, for what the codec would not write."""
    return Packet.of_raw(Search.wire_type or 0, " ".join(clauses).encode())


def containing(word: str) -> str:
    """The first clause of most queries, as it stands."""
    return FilenameClause("CONTAINS", word).encode().decode("ascii")


def find(user: User, search: Search | Packet) -> list[SearchResult]:
    """The results of a search."""
    with assuming("a search is ended by 202"):
        user.send(search)
        return user.answers(SearchResult, until=SearchEnd)


def found(user: User, search: Search | Packet) -> list[str]:
    """The names of the files that a search finds, sorted."""
    return names(find(user, search))


def assume_found(user: User, search: Search | Packet, files: Sequence[SharedFile]) -> None:
    """Inconclusive unless the search finds just these files."""
    with assuming("the files are found"):
        assert found(user, search) == sorted(file.name for file in files)


def listing(user: User, nick: str) -> list[BrowseEntry]:
    """The entries of a browse."""
    with assuming("a browse is ended by 213"):
        return user.browse(nick)


# --- between users


def introduce(requester: User, owner: User, file: str) -> DownloadAck:
    """The 204 that the requester gets once the owner has accepted."""
    with assuming("a download is arranged"):
        requester.send(DownloadRequest(owner.nick, file))
        owner.expect(UploadRequest)
        owner.send(UploadAccept(requester.nick, file))
        return requester.expect(DownloadAck)


def see_off(leaving: User, watcher: User, *, reset: bool = False) -> None:
    """Close or reset a connection, and return when the server has told the watcher, whose hotlist says so."""
    with assuming("a hotlist tells who has gone"):
        watcher.send(HotlistAdd(leaving.nick))
        watcher.expect(HotlistAck)
        if reset:
            leaving.abort()
        else:
            leaving.close()
        watcher.expect(SignOff)
