"""Arranging transfers: who asks whom, and who connects to whom. No byte of a file passes here (NAP-SIG-09).

    owner reachable      203 -> 607, 608 -> 204 to the requester
    owner firewalled     203 -> 204 with port 0; 500 -> 607, 608 -> 501 to the owner
    both firewalled      203 -> 204 with port 0; 500 -> 204 with `firewallerror`

Rules of this file:

- A request is remembered with its owner, so that nobody gets an address by an answer to nothing. All else is judged by
  what a message says and by who is there now.
- Names are compared byte by byte, as they were shared.
- A request to a user who ignores the requester is dropped: the owner may always stay silent (NAP-IGN-05).
"""

from ....codecs.errors import DecodeError
from ....codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadRequest,
    FirewalledRequest,
    GetError,
    PushOrder,
    UploadAccept,
    UploadRequest,
)
from .handlers import handles, refuses
from .ignoring import Ignoring
from .index import SharedFile
from .session import Session
from .sharing import Sharing

FIREWALL_ERROR = "firewallerror"
"""Stands for the checksum when neither side can connect to the other."""


class Signalling(Sharing, Ignoring):
    """Answers 203, 500, 608, 609 and 626."""

    # The request

    @handles(DownloadRequest)
    def on_download_request(self, session: Session, message: DownloadRequest) -> None:
        """Ask the owner, or say that it is firewalled."""
        owner = self.owner(message.nick)
        file = self.offered(owner, message.file)
        if owner is None or file is None:
            self.refuse_download(session, message.nick, message.file)
        elif self.must_push(owner):
            self.say_firewalled(session, owner, file)
        else:
            self.ask_owner(session, owner, file)

    @handles(FirewalledRequest)
    def on_firewalled_request(self, session: Session, message: FirewalledRequest) -> None:
        """Ask the owner to connect."""
        owner = self.owner(message.nick)
        file = self.offered(owner, message.file)
        if owner is None or file is None:
            self.refuse_download(session, message.nick, message.file)
        elif not self.needs_push(owner):
            self.refuse_push(session, owner)
        elif self.both_firewalled(session, owner):
            self.say_both_firewalled(session, owner, file)
        else:
            self.ask_owner(session, owner, file)

    @refuses(DownloadRequest)
    def on_bad_download_request(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Refuse a request that lacks a field."""
        self.refuse_incomplete(session, error)

    @refuses(FirewalledRequest)
    def on_bad_firewalled_request(self, session: Session, body: bytes, error: DecodeError) -> None:
        """Refuse a request that lacks a field, in the form for firewalled owners too."""
        self.refuse_incomplete(session, error)

    def refuse_incomplete(self, session: Session, error: DecodeError) -> None:
        """Say that a request for a file can't be read (NAP-SIG-06)."""
        self.error(session, f"your request can't be read: {error.path}: {error.reason}")

    def owner(self, nick: str) -> Session | None:
        """Return the user of whom a file is wanted; None when it is not logged in (NAP-SIG-04)."""
        return self.user(nick)

    def offered(self, owner: Session | None, name: str) -> SharedFile | None:
        """Return the file that is wanted; None when its owner does not share it (NAP-SIG-05)."""
        return None if owner is None else self.file_of(owner, name)

    def refuse_download(self, session: Session, nick: str, name: str) -> None:
        """Say that a file can't be had, with the nick and the name that were asked for (NAP-SIG-04, NAP-SIG-05)."""
        self.say(session, GetError(nick, name))

    def must_push(self, owner: Session) -> bool:
        """Return whether a 203 is answered at once, since the owner is firewalled; it is not asked (NAP-SIG-11)."""
        return owner.firewalled

    def needs_push(self, owner: Session) -> bool:
        """Return whether a 500 makes sense: for others than firewalled owners it does not (NAP-SIG-15)."""
        return owner.firewalled

    def refuse_push(self, session: Session, owner: Session) -> None:
        """Say that an owner can be reached and need not connect itself (NAP-SIG-15)."""
        self.error(session, f"{owner.nick} is not firewalled")

    def both_firewalled(self, session: Session, owner: Session) -> bool:
        """Return whether neither side can connect to the other, so that the owner need not be asked (NAP-SIG-16)."""
        return session.firewalled and owner.firewalled

    def say_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        """Tell the requester by port 0 that it must send 500 (NAP-SIG-11)."""
        self.say(session, self.download_ack(owner, file))

    def say_both_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        """Tell the requester that there is no way between the two (NAP-SIG-17)."""
        self.say(session, self.download_ack(owner, file).replace(md5=FIREWALL_ERROR))

    def ask_owner(self, session: Session, owner: Session, file: SharedFile) -> None:
        """Put a request to the owner, unless it ignores the requester (NAP-IGN-05)."""
        if not self.is_ignored(session, owner):
            self.send_request(session, owner, file)

    def send_request(self, session: Session, owner: Session, file: SharedFile) -> None:
        """Tell an owner who wants what: once for each 203 or 500 that is accepted (NAP-SIG-01, NAP-SIG-12)."""
        owner.requests.put(self.now, (session.id, file.name), None)
        self.say(owner, self.upload_request(session, file))

    def upload_request(self, session: Session, file: SharedFile) -> UploadRequest:
        """Return a 607: the requester's nick, the name, and its link type as revision D has it (NAP-SIG-07)."""
        return UploadRequest(session.nick, file.name, more=str(session.link_type))

    # The answer

    @handles(UploadAccept)
    def on_upload_accept(self, session: Session, message: UploadAccept) -> None:
        """Tell the one that is to connect where to."""
        requester = self.user(message.nick)
        file = self.accepted(session, message.file)
        if file is None:
            self.refuse_accept(session, f"you don't share this: {message.file}")
        elif requester is None:
            self.refuse_accept(session, f"{message.nick} is not logged in")
        elif not self.was_asked(session, requester, file):
            self.refuse_accept(session, f"{message.nick} has not asked for this: {message.file}")
        else:
            self.arrange(session, requester, file)

    def accepted(self, session: Session, name: str) -> SharedFile | None:
        """Return the file that an owner gives; None if it does not share it, and nothing is arranged (NAP-SIG-08)."""
        return self.file_of(session, name)

    def was_asked(self, session: Session, requester: Session, file: SharedFile) -> bool:
        """Return whether an acceptance answers a request: any other would give an address away (NAP-SIG-19)."""
        return session.requests.has(self.now, (requester.id, file.name))

    def refuse_accept(self, session: Session, text: str) -> None:
        """Say that nothing is arranged (NAP-SIG-08, NAP-SIG-19)."""
        self.error(session, text)

    def arrange(self, session: Session, requester: Session, file: SharedFile) -> None:
        """Send a firewalled owner to the requester, else the requester to the owner (NAP-SIG-13, NAP-SIG-14)."""
        if session.firewalled:
            self.order_push(session, requester, file)
        else:
            self.acknowledge(session, requester, file)

    def acknowledge(self, session: Session, requester: Session, file: SharedFile) -> None:
        """Tell the requester where to fetch the file, once the owner has accepted and not before (NAP-SIG-02)."""
        self.say(requester, self.download_ack(session, file))

    def order_push(self, session: Session, requester: Session, file: SharedFile) -> None:
        """Tell a firewalled owner where to bring the file (NAP-SIG-13), and the requester nothing (NAP-SIG-14)."""
        self.say(session, self.push_order(requester, file))

    def download_ack(self, owner: Session, file: SharedFile) -> DownloadAck:
        """Return a 204: the owner's nick and place, name and checksum of the file, its link type (NAP-SIG-03)."""
        return DownloadAck(owner.nick, *self.place(owner), file.name, file.md5, owner.link_type)

    def push_order(self, requester: Session, file: SharedFile) -> PushOrder:
        """Return a 501: the requester's nick, place and link type, the name and checksum of the file (NAP-SIG-13)."""
        return PushOrder(requester.nick, *self.place(requester), file.name, file.md5, requester.link_type)

    @handles(AcceptFailed)
    def on_accept_failed(self, session: Session, message: AcceptFailed) -> None:
        """Pass on that an owner declines."""
        requester = self.user(message.nick)
        if requester is None:
            self.error(session, f"{message.nick} is not logged in")
        else:
            self.pass_decline(session, requester, message)

    def pass_decline(self, session: Session, requester: Session, message: AcceptFailed) -> None:
        """Tell the requester which owner declines to give which file (NAP-SIG-10)."""
        self.say(requester, message.replace(nick=session.nick))

    # Ports that can't be reached

    @handles(DataPortError)
    def on_data_port_error(self, session: Session, message: DataPortError) -> None:
        """Pass on that a data port could not be reached."""
        owner = self.user(message.nick)
        if owner is None:
            self.error(session, f"{message.nick} is not logged in")
        else:
            self.pass_port_error(session, owner)

    def pass_port_error(self, session: Session, owner: Session) -> None:
        """Tell a user who could not connect to its data port (NAP-SIG-18)."""
        self.say(owner, DataPortError(session.nick))
