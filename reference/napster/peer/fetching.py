"""Fetching a file on a connection to its owner, whichever side has made it.

Rules of this file:

- The peer that connects waits for the `1`, asks, and reads a size and at once the file; the peer that is connected to
  by SEND answers with an offset and reads the file.
- No more is taken than the size, and nothing is whole that is shorter.
- What goes wrong ends the connection, never the peer; whether it is tried again is `downloading`'s.
"""

from ....codecs.errors import DecodeError
from ....codecs.napster import DownloadAck, FileSize, GetFile, Greeting, Offset, SendFile, leading_number
from .downloading import Download, Downloading
from .link import PeerLink
from .names import last_part
from .states import DOWNLOAD_CALL

MAX_DIGITS = 20
"""Digits of a size; a number of more fits nothing."""

MAX_REASON = 100
"""Bytes of a refusal that are kept."""


class Fetching(Downloading):
    """The downloader's side of a transfer."""

    # Connecting to the owner

    def fetch(self, download: Download, message: DownloadAck) -> None:
        """Connect to the owner of a file, at the address of its 204."""
        address = self.address_of(message.ip, message.port)
        link = self.call(address, DOWNLOAD_CALL, self.reached_owner, self.read_owners_greeting)
        link.download = download

    def reached_owner(self, link: PeerLink) -> None:
        """Wait for the `1`, and say nothing before it (NAP-TRF-03)."""
        link.step("connected")
        link.reached = True
        self.set_alarm(link, self.config.connect_patience, self.give_up)

    def read_owners_greeting(self, link: PeerLink, data: bytes) -> None:
        """Ask for the file once the owner has said `1`."""
        greeting = Greeting().encode()
        if link.download is None or not data.startswith(greeting):
            self.end(link, "refusal", abort=True)
            return
        link.step("1")
        link.reads = self.read_size
        self.send(link, self.get_request(link.download))
        self.set_alarm(link, self.config.transfer_patience, self.give_up)
        if rest := data[len(greeting) :]:
            self.read_size(link, rest)

    def get_request(self, download: Download) -> bytes:
        """Return `GET`, nick, name in quotes and offset, and nothing more (NAP-TRF-04)."""
        return GetFile(self.config.nick, self.wanted_name(download), self.resume_offset(download)).encode()

    def wanted_name(self, download: Download) -> str:
        """Return the name by which a file is asked for: that of the 204 (NAP-TRF-05)."""
        return download.wanted

    def read_size(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of the size, or of a refusal in its place."""
        download = link.download
        if download is None:
            return
        link.buffer += data
        held = bytes(link.buffer)
        length = self.size_length(held, download.size)
        if length is None and len(held) <= MAX_DIGITS:
            return
        size = self.size_said(held[:length]) if length else None
        if size is None:
            self.take_refusal(link, download, held)
        elif not self.size_fits(download, size):
            self.refuse_answer(link, download, "the file has another size than was announced")
        else:
            link.buffer.clear()
            self.begin_receiving(link, download, size, "size")
            self.take_data(link, held[length:])

    def size_length(self, data: bytes, known: int | None) -> int | None:
        """Return how many bytes are the size: no more digits than a known one has (NAP-TRF-23).

        None while that can't be told, 0 when there is no size.
        """
        return leading_number(data, known)

    def size_said(self, digits: bytes) -> int | None:
        """Return the number that digits say; None for none that a size can be (NAP-LIM-10)."""
        try:
            return FileSize.decode(digits).size
        except DecodeError:
            return None

    def size_fits(self, download: Download, size: int) -> bool:
        """Return whether a size is the one that was announced, and not beyond all measure (NAP-LIM-10)."""
        return size <= self.config.max_file and download.size in (None, size)

    def take_refusal(self, link: PeerLink, download: Download, text: bytes) -> None:
        """Give up a file that the other side refuses to send (NAP-TRF-27)."""
        self.refuse_answer(link, download, f"refused: {text[:MAX_REASON].decode('ascii', 'replace')}")

    def refuse_answer(self, link: PeerLink, download: Download, reason: str) -> None:
        """End a connection, and a download, on which nothing useful can come."""
        link.download = None
        self.give_up_download(download, "refusal", reason)
        self.end(link, "refusal", abort=True)

    # Being connected to

    def awaited_download(self, request: SendFile) -> Download | None:
        """Return the download that a SEND is for: one that was asked for by 500, of that nick (NAP-TRF-22).

        MP3-Napster names no folders in its SEND: the last part of a name will do where nothing has the whole name.
        """
        awaited = [
            download
            for download in self.downloads
            if download.state == "awaiting a call"
            and self.folded(download.nick) == self.folded(request.nick)
            and self.size_fits(download, request.size)
        ]
        named = [download for download in awaited if download.file == request.file]
        named += [download for download in awaited if last_part(download.file) == request.file]
        return named[0] if named else None

    def take_call(self, link: PeerLink, download: Download, request: SendFile) -> None:
        """Answer a SEND that is waited for with the offset, and read the file from there (NAP-TRF-21)."""
        link.download = download
        link.buffer.clear()
        download.step("SEND")
        self.begin_receiving(link, download, request.size, "SEND for a download that waits for it")
        self.send(link, self.offset_answer(download))
        self.take_data(link, b"")

    def offset_answer(self, download: Download) -> bytes:
        """Return the offset in decimal (NAP-TRF-21)."""
        return Offset(self.resume_offset(download)).encode()

    # Receiving

    def begin_receiving(self, link: PeerLink, download: Download, size: int, event: str) -> None:
        """Take what follows as the file."""
        if download.state == "connecting":
            download.step("size")
        link.step(event)
        link.reads = self.take_data
        link.receives = True
        download.size = size
        self.cancel_timer(self.key(download))
        self.tell_download_began()

    def take_data(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of the file."""
        download = link.download
        if download is None:
            return
        wanted = self.wanted_of(download, data)
        try:
            if wanted:
                self.store.add(download.part, wanted)
            if self.is_complete(download):
                self.finish(link, download)
                return
        except OSError as error:
            link.download = None
            self.give_up_download(download, "refusal", f"it can't be kept: {error}")
            self.end(link, "file lost", abort=True)
            return
        link.step("bytes of the file")
        self.set_alarm(link, self.config.transfer_patience, self.give_up)

    def wanted_of(self, download: Download, data: bytes) -> bytes:
        """Return of what has come that which belongs to the file: nothing beyond its size (NAP-TRF-25)."""
        return data[: (download.size or 0) - self.store.length(download.part)]

    def finish(self, link: PeerLink, download: Download) -> None:
        """Keep a whole file, and end the connection. Raises OSError."""
        self.keep_file(download)
        self.end(link, "all received")

    # The end

    def gone(self, link: PeerLink) -> None:
        """Tell the server of the end of a download, and try again when it broke off."""
        super().gone(link)
        if link.receives:
            self.tell_download_ended()
        download, link.download = link.download, None
        if download is None or download.finished:
            return
        if link.machine is DOWNLOAD_CALL and not link.reached:
            self.report_unreachable(download)
            self.try_again(download, "not connected", "the owner's data port can't be reached")
        else:
            self.try_again(download, "broken off", "the connection ended too soon")
