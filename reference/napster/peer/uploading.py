"""Arranging an upload with the server: accepting requests, within the limit, and calling a downloader as a 501 says.

Rules of this file:

- Only files that are shared are accepted, and only what was accepted is sent, to the same nick.
- What was accepted is remembered for some time: a downloader whose connection broke may come again.
- An order to connect somewhere is obeyed for an accepted upload, and for nothing else.
"""

from dataclasses import dataclass
from random import Random

from ....codecs.errors import DecodeError
from ....codecs.napster import (
    AcceptFailed,
    Greeting,
    Offset,
    PushOrder,
    QueueLimit,
    SendFile,
    UploadAccept,
    UploadEnd,
    UploadRequest,
    UploadStart,
)
from ...ageing import AgeingTable
from .config import PeerConfig
from .handlers import handles
from .link import PeerLink
from .sending import Sending
from .session import Session
from .shares import Share
from .states import UPLOAD_CALL

MAX_DIGITS = 20
"""Digits of an offset; a number of more is in no file."""


@dataclass(slots=True, eq=False)
class Upload:
    """One file on its way to the user `nick`; `name` is the file's in what was accepted."""

    nick: str
    share: Share
    name: str


class Uploading(Session, Sending):
    """The uploads of a peer, as the server sees them."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.accepted: AgeingTable[tuple[str, str], None] = AgeingTable(config.max_accepted, config.accepted_lifetime)

    # Requests

    @handles(UploadRequest)
    def on_upload_request(self, message: UploadRequest) -> None:
        """Accept a request, put it off, or decline it; a third field makes no difference (NAP-PER-14)."""
        share = self.shared_as(message.file)
        if share is None:
            self.decline(message)
        elif self.at_limit():
            self.put_off(message)
        else:
            self.remember_accepted(message)
            self.accept_upload(message)

    def shared_as(self, name: str) -> Share | None:
        """Return the shared file of this name; no other is accepted or sent (NAP-PER-12, NAP-TRF-14)."""
        return self.shares.get(name)

    def accept_upload(self, message: UploadRequest) -> None:
        """Accept a request by 608 with its nick and name (NAP-PER-11)."""
        self.say(UploadAccept(message.nick, message.file))

    def remember_accepted(self, message: UploadRequest) -> None:
        """Remember what was accepted, within bounds."""
        self.accepted.put(self.now, (self.folded(message.nick), message.file), None)

    def was_accepted(self, nick: str, name: str) -> bool:
        """Return whether a file was accepted for this nick, not long ago."""
        return self.accepted.has(self.now, (self.folded(nick), name))

    def decline(self, message: UploadRequest) -> None:
        """Decline a request by 609 (NAP-PER-13)."""
        self.say(AcceptFailed(message.nick, message.file))

    # The limit

    def at_limit(self) -> bool:
        """Return whether as many files are being sent as may be, so that no more are accepted (NAP-QUE-03)."""
        return not self.has_place()

    def has_place(self) -> bool:
        """Return whether one more file can be sent (NAP-PER-25)."""
        return self.uploads_running() < self.config.uploads

    def uploads_running(self) -> int:
        """Return how many files are being sent; one that has ended is not counted (NAP-QUE-04)."""
        return sum(1 for link in self.links.values() if link.upload is not None)

    def put_off(self, message: UploadRequest) -> None:
        """Answer a request beyond the limit by 619 (NAP-QUE-03)."""
        self.say(QueueLimit(message.nick, message.file, self.config.uploads))

    # Calling the downloader

    @handles(PushOrder)
    def on_push_order(self, message: PushOrder) -> None:
        """Connect to the downloader of an accepted upload (NAP-TRF-15)."""
        share = self.shared_as(message.file)
        if share is None or not message.port or not self.has_place() or not self.push_allowed(message):
            return
        link = self.call(
            self.address_of(message.ip, message.port), UPLOAD_CALL, self.reached_downloader, self.read_greeting
        )
        link.upload = Upload(message.nick, share, message.file)

    def push_allowed(self, message: PushOrder) -> bool:
        """Return whether an order to connect is about an upload that was accepted (NAP-TRF-19)."""
        return self.was_accepted(message.nick, message.file)

    def reached_downloader(self, link: PeerLink) -> None:
        """Wait for the `1`, and say nothing before it (NAP-TRF-16)."""
        link.step("connected")
        link.reached = True
        self.set_alarm(link, self.config.connect_patience, self.give_up)

    def read_greeting(self, link: PeerLink, data: bytes) -> None:
        """Offer the file once the downloader has said `1`."""
        greeting = Greeting().encode()
        if link.upload is None or not data.startswith(greeting):
            self.end(link, "no offset", abort=True)
            return
        link.step("1")
        link.reads = self.read_offset
        self.send(link, self.send_request(link.upload))
        self.set_alarm(link, self.config.request_patience, self.give_up)
        if rest := data[len(greeting) :]:
            self.read_offset(link, rest)

    def send_request(self, upload: Upload) -> bytes:
        """Return `SEND`, nick, name in quotes and size (NAP-TRF-16)."""
        return SendFile(self.config.nick, upload.name, upload.share.size).encode()

    def read_offset(self, link: PeerLink, data: bytes) -> None:
        """Take bytes of the offset, which ends when nothing more comes for a short while."""
        link.buffer += data
        if not bytes(link.buffer).isdigit() or len(link.buffer) > MAX_DIGITS:
            self.take_no_offset(link)
        else:
            self.when_settled(link, self.config.settle, self.take_offset)

    def take_no_offset(self, link: PeerLink) -> None:
        """Send nothing to a downloader that answers with anything but a number (NAP-TRF-18)."""
        self.end(link, "no offset", abort=True)

    def take_offset(self, link: PeerLink) -> None:
        """Send the file from the offset that has come."""
        upload = link.upload
        if upload is None:
            return
        offset = self.offset_in(bytes(link.buffer))
        if offset is None or offset > upload.share.size:
            self.take_no_offset(link)
            return
        link.step("offset")
        self.begin_upload(link, upload, offset, b"")

    def offset_in(self, digits: bytes) -> int | None:
        """Return the offset that a downloader's answer says, in decimal (NAP-TRF-17)."""
        try:
            return Offset.decode(digits).offset
        except DecodeError:
            return None

    # Sending

    def begin_upload(self, link: PeerLink, upload: Upload, offset: int, size: bytes) -> None:
        """Send what stands before a file, and the file from an offset."""
        link.upload = upload
        link.sends = True
        link.reads = self.ignore_bytes
        self.tell_upload_began()
        if size:
            self.send(link, size)
        self.begin_sending(link, self.pieces_of(upload.share, offset), self.sent_all)

    def ignore_bytes(self, link: PeerLink, data: bytes) -> None:
        """Take no notice of what comes on a connection that sends."""

    def tell_upload_began(self) -> None:
        """Tell the server that an upload begins, by 220 (NAP-TRF-32)."""
        self.say(UploadStart())

    def tell_upload_ended(self) -> None:
        """Tell the server that an upload has ended, however it has, by 221 (NAP-TRF-32)."""
        self.say(UploadEnd())

    def gone(self, link: PeerLink) -> None:
        """Tell the server of the end of an upload."""
        super().gone(link)
        link.upload = None
        if link.sends:
            self.tell_upload_ended()
