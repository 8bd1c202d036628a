"""Fetching what a search found.

Rules of this file:

- A file is asked for at the address of its hit, or, when its servent is firewalled or can't be reached, with a Push:
  then the servent connects, says GIV, and is asked on that connection.
- A download that breaks off goes on where it stopped, with Range, a bounded number of times.
- No more is taken than the hit announced.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

import h11

from ...codecs.errors import DecodeError
from ...codecs.gnutella import Descriptor, Giv, Push
from .config import ServentConfig
from .link import Link
from .push import Pushing
from .requests import target_for
from .searching import Found
from .shares import Shares
from .states import CALL

State = Literal["waiting", "connecting", "awaiting callback", "transferring", "done", "failed"]


@dataclass(slots=True, eq=False)
class Download:
    """One file on its way here.

    `data` holds what has come; it is whole when `state` is "done". `reason` says why when `state` is "failed".
    """

    found: Found
    number: int
    data: bytearray = field(default_factory=bytearray)
    state: State = "waiting"
    attempts: int = 0
    push: bool = False
    reason: str = ""
    http: h11.Connection | None = None

    @property
    def finished(self) -> bool:
        """Whether the download has come to its end, good or bad."""
        return self.state in ("done", "failed")


class Downloads(Pushing):
    """The HTTP client."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.downloads: list[Download] = []

    def download(self, now: float, found: Found, *, part: bytes = b"") -> Download:
        """Begin to fetch a file; `part` is what is there of it already, from its beginning."""
        self.now = now
        download = Download(found, len(self.downloads), bytearray(part), push=found.push)
        self.downloads.append(download)
        self.attempt(download)
        return download

    def attempt(self, download: Download) -> None:
        """Try once more to get the rest of a file."""
        if download.data and len(download.data) == download.found.size:
            download.state = "done"
        elif download.attempts >= self.config.download_attempts:
            download.state = "failed"
        else:
            download.attempts += 1
            if download.push:
                self.ask_for_callback(download)
            else:
                self.connect_download(download)

    def try_again(self, download: Download, reason: str) -> None:
        """Go on after a pause; `reason` is told when that was the last attempt."""
        download.state = "waiting"
        download.reason = reason
        self.set_timer(("download", download.number), self.config.download_pause, lambda: self.attempt(download))

    def fail(self, link: Link, download: Download, reason: str) -> None:
        """End a download that can't succeed."""
        download.state = "failed"
        download.reason = reason
        link.download = None
        link.step("broken answer")
        self.close(link, abort=True)

    # The way to the file

    def connect_download(self, download: Download) -> None:
        """Connect to the servent that has the file."""
        download.state = "connecting"
        link = self.new_link(download.found.address, self.address, CALL, self.ignore_early_bytes, self.give_up_call)
        link.download = download
        self.set_alarm(link, self.config.handshake_patience, self.give_up_call)
        self.open(link)

    def ask_for_callback(self, download: Download) -> None:
        """Send a Push towards the servent that has the file, and wait for its call."""
        found = download.found
        peer = self.peer(self.push_route(found.servent_id))
        if peer is None:
            self.try_again(download, "no way to the servent")
            return
        download.state = "awaiting callback"
        ip, port = self.own_address(peer)
        push = Descriptor.of(
            Push(found.servent_id, found.index, ip, port), guid=self.new_guid(), ttl=self.own_query_ttl()
        )
        self.remember_push(push, found.servent_id)
        self.relay([peer], push)
        self.set_timer(
            ("download", download.number),
            self.config.handshake_patience,
            lambda: self.try_again(download, "the servent did not call back"),
        )

    def take_giv(self, link: Link, block: bytes, rest: bytes) -> None:
        """Fetch on a connection that a servent made on a Push, whatever file its GIV names (GNU-PSH-10)."""
        try:
            servent_id = Giv.decode(block).servent_id
        except DecodeError:
            self.close(link)
            return
        waiting = self.expected_callback(servent_id)
        if waiting is None:
            self.close(link)
            return
        link.download = waiting
        self.cancel_timer(("download", waiting.number))
        self.begin_transfer(link, waiting)
        if rest:
            self.read_answer(link, rest)

    def expected_callback(self, servent_id: bytes) -> Download | None:
        """Return the download that waits for a call of this servent, the oldest first (GNU-PSH-10)."""
        for download in self.downloads:
            if download.state == "awaiting callback" and download.found.servent_id == servent_id:
                return download
        return None

    # The transfer

    def begin_transfer(self, link: Link, download: Download) -> None:
        """Ask for the file, or for what is missing of it."""
        download.state = "transferring"
        download.http = h11.Connection(h11.CLIENT)
        headers = [
            ("Host", "{}:{}".format(*link.remote)),
            ("User-Agent", self.config.user_agent),
            ("Connection", "close"),
        ]
        if download.data:
            headers.append(("Range", f"bytes={len(download.data)}-"))
        target = target_for(download.found.index, download.found.name)
        request = download.http.send(h11.Request(method="GET", target=target, headers=headers)) or b""
        request += download.http.send(h11.EndOfMessage()) or b""
        if link.machine is not CALL:
            self.enter(link, CALL, self.read_answer)
        link.step("connected")
        link.reads = self.read_answer
        self.send(link, request)
        self.set_alarm(link, self.config.http_patience, self.give_up_call)

    def read_answer(self, link: Link, data: bytes) -> None:
        """Take bytes of the answer."""
        download = link.download
        if download is None or download.http is None:
            return
        self.set_alarm(link, self.config.http_patience, self.give_up_call)
        download.http.receive_data(data)
        try:
            while link.download is download:
                event = download.http.next_event()
                if isinstance(event, h11.InformationalResponse):
                    continue
                handle = self._handlers.get(type(event))
                if handle is None:
                    break
                handle(self, link, download, event)
        except h11.RemoteProtocolError as error:
            self.fail(link, download, f"not HTTP: {error}")

    def _take_response(self, link: Link, download: Download, event: h11.Response) -> None:
        if event.status_code == 503:
            self.close(link)
        elif event.status_code not in (200, 206):
            self.fail(link, download, f"answered {event.status_code}")
        elif event.status_code == 200:
            download.data.clear()
        else:
            said = dict(event.headers).get(b"content-range", b"").decode("latin-1")
            if not said.replace("bytes=", "bytes ").startswith(f"bytes {len(download.data)}-"):
                self.fail(link, download, f"another part than asked for: {said[:80]}")

    def _take_data(self, link: Link, download: Download, event: h11.Data) -> None:
        download.data += event.data
        if len(download.data) > download.found.size:
            self.fail(link, download, "more bytes than the hit announced")

    def _take_end(self, link: Link, download: Download, event: h11.EndOfMessage) -> None:
        del event
        if len(download.data) == download.found.size:
            download.state = "done"
            link.download = None
        link.step("answer ended")
        self.close(link)

    _handlers: dict[type, Callable[..., None]] = {  # noqa: RUF012 - a table, not state
        h11.Response: _take_response,
        h11.Data: _take_data,
        h11.EndOfMessage: _take_end,
    }

    def gone(self, link: Link) -> None:
        """Go on with a download whose connection has ended, by way of a Push when it never came about."""
        super().gone(link)
        download = link.download
        if download is not None and not download.finished:
            link.download = None
            if download.state == "connecting":
                download.push = True
            self.try_again(download, "the connection ended")
