"""Arranging a download with the server: asking for a file until somebody has sent it.

Rules of this file:

- A download is asked for with 203; by the answer the peer connects, asks with 500 to be connected to, waits, or
  gives up.
- Only an answer to a download that was asked for is followed: a server can't send this peer anywhere else.
- A download that breaks off is asked for again after a pause, a bounded number of times, and goes on where it stopped.
"""

import hashlib
from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from ....codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadEnd,
    DownloadRequest,
    DownloadStart,
    FirewalledRequest,
    GetError,
    QueueLimited,
)
from .config import PeerConfig
from .handlers import handles
from .names import local_name, numbered
from .searching import Searching
from .states import DOWNLOAD
from .storing import FolderStore, MemoryStore, Store

FIREWALL_ERROR = "firewallerror"
"""What stands for the checksum in a 204 when both sides are firewalled."""


@dataclass(slots=True, eq=False)
class Download:
    """One file on its way here: `file` of the user `nick`, of `size` bytes (None: not known yet).

    `wanted` is the name in the 204, by which the owner is asked. It is whole when `state` is "done", and then kept as
    `name`; `reason` says what went wrong last. `part` is the name of what there is of it.
    """

    number: int
    nick: str
    file: str
    size: int | None
    md5: str
    part: str
    wanted: str = ""
    name: str = ""
    state: str = DOWNLOAD.initial
    attempts: int = 0
    reason: str = ""

    def step(self, event: str) -> None:
        """Move to the state that `event` leads to."""
        self.state = DOWNLOAD.next(self.state, event)

    @property
    def finished(self) -> bool:
        """Whether the download has come to its end, good or bad."""
        return self.state in ("done", "failed")


class Downloading(Searching):
    """The downloads of a peer, as the server sees them."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.downloads: list[Download] = []
        self.store: Store = MemoryStore() if config.downloads is None else FolderStore(config.downloads)

    @property
    def downloaded(self) -> dict[str, bytes]:
        """The files that are here in full, by the names under which they are kept."""
        return dict(self.store.whole())

    def download(self, now: float, nick: str, file: str, *, size: int | None = None, md5: str = "") -> Download:
        """Begin to fetch a file of a user, or go on with a download of it that is not under way.

        `size` in bytes is that of the search's result. Raises EncodeError for names that no message can hold.
        """
        self.now = now
        self.framed(DownloadRequest(nick, file))
        download = self.same_download(nick, file)
        if download is None:
            part = f"{local_name(file)}.{self.digest(nick, file, size, md5)}"
            download = Download(len(self.downloads), nick, file, size, md5, part)
            self.downloads.append(download)
        if download.state in ("waiting", "failed"):
            download.attempts = 0
            self.ask(download)
        return download

    def same_download(self, nick: str, file: str) -> Download | None:
        """Return the latest download of a file of a user that is not done."""
        for download in reversed(self.downloads):
            if download.file == file and self.folded(download.nick) == self.folded(nick) and download.state != "done":
                return download
        return None

    def digest(self, nick: str, file: str, size: int | None, md5: str) -> str:
        """Return what tells the part of one file from that of another with the same name."""
        words = f"{self.folded(nick)}\0{file}\0{size}\0{md5}".encode(errors="surrogateescape")
        return hashlib.sha256(words).hexdigest()[:8]

    # Asking

    def ask(self, download: Download) -> None:
        """Ask for a file; without a session, once there is one."""
        if self.is_here(download):
            return
        if not self.logged_in:
            download.step("no session")
            return
        download.attempts += 1
        download.step("asked by 203")
        self.say(DownloadRequest(download.nick, download.file))
        self.await_answer(download)

    def is_here(self, download: Download) -> bool:
        """Keep a file all of whose bytes are here already; returns whether they are."""
        if download.size is None or not self.is_complete(download):
            return False
        with suppress(OSError):
            self.keep_file(download)
        return True

    def await_answer(self, download: Download) -> None:
        """Give the server its time to bring the two sides together."""
        self.set_timer(
            self.key(download), self.config.answer_patience, lambda: self.try_again(download, "no answer", "no answer")
        )

    def key(self, download: Download) -> tuple[str, int]:
        """Return the key of a download's timer."""
        return ("download", download.number)

    def try_again(self, download: Download, event: str, reason: str) -> None:
        """Ask for a file again after a pause; `reason` is told when that was the last attempt."""
        download.step(event)
        download.reason = reason
        if download.attempts >= self.config.download_attempts:
            download.step("tried too often")
            self.cancel_timer(self.key(download))
        else:
            self.set_timer(self.key(download), self.config.download_pause, lambda: self.ask(download))

    def give_up_download(self, download: Download, event: str, reason: str) -> None:
        """End a download that can't succeed."""
        download.step(event)
        download.reason = reason
        self.cancel_timer(self.key(download))

    def arrived(self) -> None:
        """Ask for what waits for a session."""
        super().arrived()
        for download in self.downloads:
            if download.state == "waiting":
                self.ask(download)

    def left(self) -> None:
        """Ask again, in the next session, for what the server was asked for in the one that has ended."""
        super().left()
        for download in self.downloads:
            if download.state in ("asked", "awaiting a call"):
                download.step("no answer")
                self.cancel_timer(self.key(download))

    # Answers

    def asked_download(self, nick: str, file: str) -> Download | None:
        """Return the download that an answer of the server is about."""
        for download in self.downloads:
            if (
                download.state in ("asked", "awaiting a call")
                and download.file == file
                and self.folded(download.nick) == self.folded(nick)
            ):
                return download
        return None

    @handles(DownloadAck)
    def on_download_ack(self, message: DownloadAck) -> None:
        """Connect to an owner that is willing, or have one that is firewalled asked to connect."""
        download = self.asked_download(message.nick, message.file)
        if download is None:
            return
        download.wanted = message.file
        if self.both_firewalled(message):
            self.give_up_download(download, "204 that says both are firewalled", "both sides are firewalled")
        elif self.owner_is_firewalled(message):
            self.ask_to_be_called(download)
        else:
            self.cancel_timer(self.key(download))
            download.step("204 with a port")
            self.fetch(download, message)

    def both_firewalled(self, message: DownloadAck) -> bool:
        """Return whether a 204 says that neither side can connect to the other (NAP-TRF-28)."""
        return message.md5 == FIREWALL_ERROR

    def owner_is_firewalled(self, message: DownloadAck) -> bool:
        """Return whether the owner of a file can't be connected to, and must be asked by 500 (NAP-TRF-20)."""
        return message.port == 0

    def ask_to_be_called(self, download: Download) -> None:
        """Ask with 500 that the owner connects, once (NAP-TRF-20)."""
        asked = download.state == "awaiting a call"
        download.step("204 with port 0")
        if not asked:
            self.say(FirewalledRequest(download.nick, download.file))
            self.await_answer(download)

    @abstractmethod
    def fetch(self, download: Download, message: DownloadAck) -> None:
        """Connect to the owner of a file."""

    @handles(GetError)
    def on_get_error(self, message: GetError) -> None:
        """Give up a file that its owner does not have (NAP-TRF-27)."""
        download = self.asked_download(message.nick, message.file)
        if download is not None:
            self.give_up_download(download, "206 or 609", "the user or the file is not there")

    @handles(AcceptFailed)
    def on_accept_failed(self, message: AcceptFailed) -> None:
        """Give up a file that its owner will not give."""
        download = self.asked_download(message.nick, message.file)
        if download is not None:
            self.give_up_download(download, "206 or 609", "the owner declines")

    @handles(QueueLimited)
    def on_queue_limited(self, message: QueueLimited) -> None:
        """Ask an owner that has too many uploads again later, however often (NAP-QUE-05)."""
        download = self.asked_download(message.nick, message.file)
        if download is not None:
            download.step("620")
            download.reason = f"the owner sends {message.limit} at a time"
            download.attempts -= 1
            self.set_timer(self.key(download), self.queue_pause(), lambda: self.ask(download))

    def queue_pause(self) -> float:
        """Return the seconds before an owner that has too many uploads is asked again, 30 at least (NAP-QUE-05)."""
        return self.config.queue_pause

    # Telling the server

    def report_unreachable(self, download: Download) -> None:
        """Tell the server that the owner's data port can't be reached, by 626 and the nick (NAP-TRF-29)."""
        self.say(DataPortError(download.nick))

    def tell_download_began(self) -> None:
        """Tell the server that a download begins, by 218 (NAP-TRF-31)."""
        self.say(DownloadStart())

    def tell_download_ended(self) -> None:
        """Tell the server that a download has ended, however it has, by 219 (NAP-TRF-31)."""
        self.say(DownloadEnd())

    # Keeping

    def local_name(self, file: str) -> str:
        """Return the name under which a file is kept: no path, whatever a stranger called it (NAP-TRF-30)."""
        return local_name(file)

    def free_name(self, file: str) -> str:
        """Return a name for a file that no other file here has."""
        name, number = self.local_name(file), 2
        while self.store.has(name):
            name, number = numbered(self.local_name(file), number), number + 1
        return name

    def is_complete(self, download: Download) -> bool:
        """Return whether all bytes of a file are here (NAP-TRF-24)."""
        return self.store.length(download.part) >= (download.size or 0)

    def keep_file(self, download: Download) -> None:
        """Keep a whole file under a name of its own. Raises OSError."""
        download.name = self.free_name(download.file)
        self.store.finish(download.part, download.name)
        download.step("complete")

    def resume_offset(self, download: Download) -> int:
        """Return how many bytes of a file are here, where a download of it goes on (NAP-TRF-26)."""
        return self.store.length(download.part)
