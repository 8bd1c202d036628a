"""The data port: what others who connect are told, and which of their requests are served.

Rules of this file:

- Who connects is told `1`, and nothing else until a request has come. A request is one of `GET`, `SEND`, `GETLIST` and
  `SENDLIST`; the end of most shows when nothing more comes for a short while.
- What is not understood, not shared, not accepted or not awaited is refused by a text, and the connection closed.
- Nobody can hold a connection, or memory, for long without making a request.
"""

from typing import ClassVar

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from ....codecs.napster import (
    FileSize,
    GetFile,
    GetList,
    Greeting,
    Refusal,
    SendFile,
    SendList,
    may_be_whole,
    request_kind,
)
from ...node import Address
from .fetching import Fetching
from .link import PeerLink
from .listing import Listings
from .shares import Share
from .states import DATA_PORT
from .uploading import Upload, Uploading

INVALID, NOT_SHARED, NOT_REQUESTED = "INVALID REQUEST", "FILE NOT SHARED", "FILE NOT REQUESTED"


class DataPort(Fetching, Uploading, Listings):
    """Connections that others make."""

    _takes: ClassVar[dict[type[Message], str]] = {
        GetFile: "take_get",
        SendFile: "take_send",
        GetList: "take_getlist",
        SendList: "take_sendlist",
    }

    # Taking connections

    def accept(self, now: float, remote: Address, local: Address) -> int:
        """Take a connection and greet it; a firewalled peer takes none."""
        self.now = now
        link = self.new_link(remote, local, DATA_PORT, self.read_request)
        if self.leaving or not self.takes_connections() or len(self.links) > self.config.max_connections:
            self.close(link, abort=True)
        else:
            self.set_alarm(link, self.request_patience(), self.give_up)
            self.greet(link)
        return link.id

    def takes_connections(self) -> bool:
        """Return whether others can connect to this peer (NAP-PER-02, NAP-PER-03)."""
        return not self.config.firewalled

    def greet(self, link: PeerLink) -> None:
        """Say `1` (NAP-TRF-01), and nothing more before a request (NAP-TRF-02)."""
        self.send(link, Greeting().encode())

    def request_patience(self) -> float:
        """Return the seconds that a connection has to make a request (NAP-PER-27)."""
        return self.config.request_patience

    # Reading a request

    def read_request(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of a request, however they are divided (NAP-TRF-06)."""
        link.buffer += data
        if len(link.buffer) > self.request_limit():
            self.end(link, "too long", abort=True)
            return
        held = bytes(link.buffer)
        try:
            kind = request_kind(held)
        except DecodeError:
            self.refuse(link, INVALID)
            return
        if kind is SendList:
            self.take_request(link)  # it has an end of its own, and the list may follow at once
        elif kind is not None and may_be_whole(held):
            self.when_settled(link, self.settle_time(), self.take_request)
        else:
            self.unsettle(link)

    def request_limit(self) -> int:
        """Return how many bytes may come without making a request (NAP-PER-26)."""
        return self.config.max_request

    def settle_time(self) -> float:
        """Return the seconds without a further byte after which a request is taken as whole (NAP-TRF-06)."""
        return self.config.settle

    def take_request(self, link: PeerLink) -> None:
        """Serve the request that has come, or refuse what is none (NAP-LIM-09)."""
        held = bytes(link.buffer)
        kind = request_kind(held)
        if kind is SendList:
            held = held[: held.index(b"\n") + 1]
        elif kind is GetList:
            held = held.removesuffix(b"\n")
        try:
            request = kind.decode(held) if kind is not None else None
        except DecodeError:
            request = None
        if request is None:
            self.refuse(link, INVALID)
        else:
            getattr(self, self._takes[type(request)])(link, request)

    def refuse(self, link: PeerLink, text: str) -> None:
        """Answer a request by a text that does not begin with a digit, and close (NAP-TRF-12)."""
        self.send(link, Refusal(text).encode())
        self.end(link, "other request")

    # GET

    def take_get(self, link: PeerLink, request: GetFile) -> None:
        """Send a file that was accepted for the nick that asks, from the offset that it asks for."""
        share = self.shared_as(request.file)
        if share is None:
            self.refuse(link, NOT_SHARED)
        elif not self.get_allowed(request):
            self.refuse(link, NOT_REQUESTED)
        elif not self.offset_in_file(share, request.offset):
            self.refuse(link, INVALID)
        else:
            self.start_or_wait(link, request, share)

    def start_or_wait(self, link: PeerLink, request: GetFile, share: Share) -> None:
        """Begin an upload, or let it wait for its place: more may have been accepted than can be sent at a time."""
        if self.has_place():
            link.step("GET for an accepted upload")
            upload = Upload(request.nick, share, request.file)
            self.begin_upload(link, upload, self.start_of(request), self.size_told(share))
        else:
            link.step("GET that must wait")
            link.reads = self.ignore_bytes
            link.waiting = lambda: self.start_or_wait(link, request, share)
            self.set_alarm(link, self.config.transfer_patience, self.give_up)

    def gone(self, link: PeerLink) -> None:
        """Give the place of an upload that has ended to the one that has waited longest."""
        super().gone(link)
        for other in [] if self.leaving else list(self.links.values()):
            if other.waiting is not None and self.has_place():
                waiting, other.waiting = other.waiting, None
                waiting()

    def get_allowed(self, request: GetFile) -> bool:
        """Return whether a request was accepted from its server, for the same nick and file (NAP-TRF-13)."""
        return self.was_accepted(request.nick, request.file)

    def offset_in_file(self, share: Share, offset: int) -> bool:
        """Return whether an offset is less than the size of the file (NAP-TRF-11)."""
        return offset < share.size

    def start_of(self, request: GetFile) -> int:
        """Return the first byte to send: the offset of the request (NAP-TRF-09)."""
        return request.offset

    def size_told(self, share: Share) -> bytes:
        """Return what stands before the file: the size of all of it, in decimal (NAP-TRF-07)."""
        return FileSize(share.size).encode()

    # SEND

    def take_send(self, link: PeerLink, request: SendFile) -> None:
        """Take a file that was asked for with 500 (NAP-TRF-21), and no other (NAP-TRF-22)."""
        download = self.awaited_download(request)
        if download is None:
            self.refuse(link, NOT_REQUESTED)
        else:
            self.take_call(link, download, request)

    # Lists

    def take_getlist(self, link: PeerLink, request: GetList) -> None:
        """Send the list of shared files (NAP-BRW-11), whether a LF followed or not (NAP-BRW-12)."""
        del request
        link.step("GETLIST")
        self.send_list(link)

    def take_sendlist(self, link: PeerLink, request: SendList) -> None:
        """Take a list that was asked for by way of the server."""
        listing = self.awaited_listing(request.nick)
        if listing is None:
            self.refuse(link, NOT_REQUESTED)
        else:
            link.step("SENDLIST that is waited for")
            self.begin_list(link, listing, bytes(link.buffer).partition(b"\n")[2])
