"""Direct browsing: lists of files from peer to peer, of which the server only hears that they are wanted.

Rules of this file:

- A list is the owner's nick, a line for each file with the body of a 100, and an empty line; then the connection ends.
- A firewalled owner connects, and brings the list behind `SENDLIST` and its nick.
- A list is fetched only from, or taken only of, a user who was asked for one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ....codecs.errors import DecodeError
from ....codecs.napster import (
    DirectBrowse,
    DirectBrowseAccept,
    DirectBrowseAccepted,
    DirectBrowseError,
    DirectBrowseRequest,
    FileList,
    GetList,
    Greeting,
    ListedFile,
    SendList,
    ShareFile,
)
from .config import PeerConfig
from .handlers import handles
from .link import PeerLink
from .searching import Found
from .sending import Sending
from .sharing import Sharing
from .states import LIST_CALL

PIECE = 16_384
"""Bytes of a list sent at a time, or a line more."""

MAX_CALLS = 8
"""Connections for lists at one time."""


@dataclass(slots=True, eq=False)
class Listing:
    """A direct browse of the user `nick`: what was found, whether it has come to its end, and what went wrong."""

    nick: str
    found: tuple[Found, ...] = ()
    over: bool = False
    reason: str = ""


class Listings(Sharing, Sending):
    """Lists of files, given and taken."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.listings: dict[str, Listing] = {}

    # Giving

    @handles(DirectBrowse)
    def on_direct_browse(self, message: DirectBrowse) -> None:
        """Accept that another user lists the files here; bring the list, if it can't be fetched."""
        self.accept_browse(message)
        address = message.address
        if address is not None and self.config.firewalled and address.port and self.may_call():
            self.call(self.address_of(address.ip, address.port), LIST_CALL, self.reached_lister, self.bring_list)

    def accept_browse(self, message: DirectBrowse) -> None:
        """Accept a direct browse by 641 and the same nick (NAP-BRW-13)."""
        self.say(DirectBrowseAccept(message.nick))

    def may_call(self) -> bool:
        """Return whether one more connection for a list may be made."""
        return sum(1 for link in self.links.values() if link.machine is LIST_CALL) < MAX_CALLS

    def reached_lister(self, link: PeerLink) -> None:
        """Wait for the `1`, and say nothing before it."""
        link.step("connected")
        self.set_alarm(link, self.config.connect_patience, self.give_up)

    def bring_list(self, link: PeerLink, data: bytes) -> None:
        """Bring the list once the other side has said `1`."""
        if link.outgoing is not None:
            return
        if not data.startswith(Greeting().encode()):
            self.end(link, "not a 1", abort=True)
            return
        link.step("1, to bring a list")
        self.send(link, SendList(self.config.nick).encode())
        self.begin_sending(link, self.list_lines(), self.sent_all)

    def send_list(self, link: PeerLink) -> None:
        """Send the list of the files that are shared, and close (NAP-BRW-11)."""
        link.reads = self.ignore_list_bytes
        self.send(link, self.list_head())
        self.begin_sending(link, self.list_lines(), self.sent_all)

    def ignore_list_bytes(self, link: PeerLink, data: bytes) -> None:
        """Take no notice of what comes on a connection that sends."""

    def list_head(self) -> bytes:
        """Return the first line of a list: the nick and LF (NAP-BRW-11)."""
        return self.head_of(self.config.nick)

    def head_of(self, nick: str) -> bytes:
        """Return a nick and LF, with which a list begins."""
        return FileList(nick, ()).encode().removesuffix(b"\n")

    def list_lines(self) -> Iterator[bytes]:
        """Yield the lines of the shared files and the last LF, some at a time (NAP-BRW-11)."""
        piece = b""
        for entry in self.entries(self.shares):
            piece += self.list_line(entry)
            if len(piece) >= PIECE:
                yield piece
                piece = b""
        yield piece + b"\n"

    def list_line(self, entry: ShareFile) -> bytes:
        """Return the line of a file: the body of its 100, and LF (NAP-BRW-11)."""
        return ListedFile(entry.file, entry.md5, entry.size, entry.bitrate, entry.frequency, entry.seconds).encode()

    # Taking

    def browse_directly(self, now: float, nick: str) -> Listing:
        """Ask a user for the list of its files, by way of the server; needs a session.

        Raises EncodeError for a nick that no message can hold.
        """
        self.now = now
        listing = self.listings[self.folded(nick)] = Listing(nick)
        while len(self.listings) > self.config.max_searches:
            del self.listings[next(iter(self.listings))]
        if not self.say(DirectBrowseRequest(nick)):
            self.fail_listing(listing, "there is no session")
        return listing

    def awaited_listing(self, nick: str) -> Listing | None:
        """Return the listing of a user that was asked for and has not come."""
        listing = self.listings.get(self.folded(nick))
        return listing if listing is not None and not listing.over else None

    def fail_listing(self, listing: Listing, reason: str) -> None:
        """End a listing without a list."""
        listing.over, listing.reason = True, reason

    @handles(DirectBrowseAccepted)
    def on_direct_browse_accepted(self, message: DirectBrowseAccepted) -> None:
        """Fetch a list that was asked for; from an owner that is firewalled it comes by itself."""
        listing = self.awaited_listing(message.nick)
        if listing is None or not message.port or not self.may_call():
            return
        address = self.address_of(message.ip, message.port)
        self.call(address, LIST_CALL, self.reached_lister, self.ask_for_list).listing = listing

    @handles(DirectBrowseError)
    def on_direct_browse_error(self, message: DirectBrowseError) -> None:
        """End a direct browse that can't take place."""
        listing = self.awaited_listing(message.nick)
        if listing is not None:
            self.fail_listing(listing, message.text)

    def ask_for_list(self, link: PeerLink, data: bytes) -> None:
        """Ask for the list once the owner has said `1`."""
        greeting = Greeting().encode()
        if link.listing is None or not data.startswith(greeting):
            self.end(link, "not a 1", abort=True)
            return
        link.step("1, to ask for a list")
        self.send(link, GetList().encode())
        self.begin_list(link, link.listing, data[len(greeting) :])

    def begin_list(self, link: PeerLink, listing: Listing, data: bytes) -> None:
        """Take what follows as a list."""
        link.listing = listing
        link.buffer.clear()
        link.reads = self.read_list
        self.read_list(link, data)

    def read_list(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of a list, within bounds (NAP-LIM-11)."""
        link.buffer += data
        if len(link.buffer) > self.config.max_list:
            self.end(link, "too long", abort=True)
        elif link.buffer.endswith(b"\n\n"):
            self.end(link, "all sent")
        else:
            self.set_alarm(link, self.config.transfer_patience, self.give_up)

    def gone(self, link: PeerLink) -> None:
        """Read a list whose connection has ended."""
        super().gone(link)
        listing, link.listing = link.listing, None
        if listing is not None and not listing.over:
            self.take_list(listing, bytes(link.buffer))

    def take_list(self, listing: Listing, data: bytes) -> None:
        """Read a list; behind SENDLIST the first line, with the nick, may be missing."""
        if data.startswith((b'"', b"\n")):
            data = self.head_of(listing.nick) + data
        try:
            listed = FileList.decode(data)
        except DecodeError:
            self.fail_listing(listing, "no list has come")
            return
        listing.found = tuple(self.found_in(listing.nick, file) for file in listed.files[: self.config.max_found])
        listing.over = True

    def found_in(self, nick: str, file: ListedFile) -> Found:
        """Return a line of a list as what a browse finds."""
        return Found(nick, file.file, file.md5, file.size, file.bitrate, file.frequency, file.seconds)
