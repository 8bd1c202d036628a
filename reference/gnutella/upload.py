"""Serving downloads by HTTP.

Rules of this file:

- h11 reads the requests and writes the heads of the answers, a fresh machine for each.
- A file goes out in pieces, the next when the last has left, so that a slow reader costs one piece of memory.
- Requests on one connection are answered one after the other; those that come early wait, within bounds.
"""

from dataclasses import dataclass
from http import HTTPStatus

import h11

from ...codecs.errors import DecodeError
from ...codecs.gnutella import TextReader
from .core import Core
from .link import Link
from .requests import Answer, Part, decoded_name, encoded_request_line, parse_range, parse_target, refusal, with_host
from .shares import Share
from .states import UPLOAD

Headers = dict[str, str]
"""The headers of a request: names in lower case, repeated ones joined by a comma."""


@dataclass(slots=True, eq=False)
class Upload:
    """What a connection that serves downloads is doing."""

    http: h11.Connection
    answer: Answer | None = None
    position: int = 0
    closes: bool = False
    waiting: bytes = b""


class Uploads(Core):
    """The HTTP server."""

    # The connection

    def begin_upload(self, link: Link, data: bytes) -> None:
        """Serve downloads on `link`, beginning with `data`."""
        self.enter(link, UPLOAD, self.read_requests)
        link.upload = Upload(h11.Connection(h11.SERVER))
        link.text = TextReader("gnutella", self.block_limit())
        self.await_request(link)
        if data:
            self.read_requests(link, data)

    def await_request(self, link: Link) -> None:
        """Give the other side its time to ask or to read."""
        self.set_alarm(link, self.config.http_patience, self.end_of_http_patience)

    def end_of_http_patience(self, link: Link) -> None:
        """Close a connection on which nothing moves."""
        link.step("time over")
        self.close(link)

    def read_requests(self, link: Link, data: bytes) -> None:
        """Take bytes of requests; while one is being answered they wait, within bounds (GNU-LIM-03)."""
        if link.upload is None:
            return
        link.upload.waiting += data
        if link.state == "answering" and len(link.upload.waiting) > self.config.max_block:
            link.step("block too long")
            self.close(link, abort=True)
        else:
            self.serve_waiting(link, link.upload)

    def serve_waiting(self, link: Link, upload: Upload) -> None:
        """Answer the requests that have come, one after the other (GNU-DWN-07)."""
        while link.state == "awaiting a request" and upload.waiting:
            data, upload.waiting = upload.waiting, b""
            try:
                block = link.text.feed(data)
            except DecodeError:
                link.step("block too long")
                self.close(link, abort=True)
                return
            if block is not None:
                upload.waiting = link.text.rest
                link.text = TextReader("gnutella", self.block_limit())
                self.take_request(link, upload, block)

    def take_request(self, link: Link, upload: Upload, block: bytes) -> None:
        """Read one request and begin to answer it; what is no request, or has a body, is answered 400."""
        upload.http = h11.Connection(h11.SERVER)
        link.step("request")
        try:
            upload.http.receive_data(self.mended_request(block))
            request = upload.http.next_event()
            whole = isinstance(upload.http.next_event(), h11.EndOfMessage)
        except h11.RemoteProtocolError:
            whole = False
        if not whole or not isinstance(request, h11.Request):
            upload.closes = True
            self.begin_answer(link, upload, b"GET", refusal(HTTPStatus.BAD_REQUEST))
            return
        headers = self.request_headers(request)
        upload.closes = self.closes_after(request, headers)
        self.begin_answer(link, upload, request.method, self.answer_to(request, headers))

    def mended_request(self, block: bytes) -> bytes:
        """Return a request block with a raw name encoded (GNU-DWN-15), and the Host that some servents leave out."""
        return with_host(encoded_request_line(block))

    def request_headers(self, request: h11.Request) -> Headers:
        """Return the headers of a request; those that are not known are simply not asked for (GNU-DWN-13)."""
        headers: Headers = {}
        for raw_name, raw_value in request.headers:
            name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    # What is answered

    def answer_to(self, request: h11.Request, headers: Headers) -> Answer:
        """Return the answer to a request."""
        if not self.speaks(request.http_version.decode("ascii")):
            return refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        if request.method not in (b"GET", b"HEAD"):
            return refusal(HTTPStatus.NOT_IMPLEMENTED)
        if self.uploads_in_progress() >= self.config.max_uploads:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, ("Retry-After", "30"))
        share = self.wanted_share(request.target.decode("ascii"))
        if share is None:
            return self.answer_not_found()
        return self.answer_with(share, headers.get("range"))

    def speaks(self, version: str) -> bool:
        """Return whether a version of HTTP is served: 1.0 (GNU-DWN-02) and 1.1."""
        return version.startswith("1.")

    def uploads_in_progress(self) -> int:
        """Return how many files are being sent."""
        return sum(1 for link in self.links.values() if link.upload is not None and link.upload.answer is not None)

    def wanted_share(self, target: str) -> Share | None:
        """Return the file that a target names; only what is shared can be named (GNU-DWN-12)."""
        wanted = parse_target(target)
        if wanted is None:
            return None
        index, name = wanted
        share = self.share_at(index)
        return share if share is not None and self.name_fits(share, name) else None

    def share_at(self, index: int) -> Share | None:
        """Return the file with an index; there need be none (GNU-DWN-09, GNU-HIT-07)."""
        return self.shares.get(index)

    def name_fits(self, share: Share, name: str) -> bool:
        """Return whether a name in a request is the file's (GNU-DWN-10); 0.4 adds a slash (GNU-DWN-04)."""
        plain = self.plain_name(name)
        return share.name in (plain, plain.removesuffix("/"))

    def plain_name(self, name: str) -> str:
        """Return a name of a request without its percent-encoding (GNU-DWN-03)."""
        return decoded_name(name)

    def answer_not_found(self) -> Answer:
        """Return the answer for a file that is not shared: 404 (GNU-DWN-09, GNU-DWN-10)."""
        return refusal(HTTPStatus.NOT_FOUND)

    def answer_with(self, share: Share, wanted: str | None) -> Answer:
        """Return the answer that sends a file, or the part of it that Range asks for (GNU-DWN-01, GNU-DWN-05)."""
        part = self.wanted_part(wanted, share.size)
        if part is None:
            return Answer(HTTPStatus.OK, (("Content-Type", "application/binary"),), share, Part(0, share.size))
        if self.is_unsatisfiable(part, share.size):
            return refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, ("Content-Range", f"bytes */{share.size}"))
        headers = (("Content-Type", "application/binary"), ("Content-Range", self.content_range(part, share.size)))
        return Answer(HTTPStatus.PARTIAL_CONTENT, headers, share, part)

    def wanted_part(self, wanted: str | None, size: int) -> Part | None:
        """Return the part that a Range header asks for: a-b, a- or -n (GNU-DWN-05)."""
        return parse_range(wanted, size)

    def is_unsatisfiable(self, part: Part, size: int) -> bool:
        """Return whether a part holds no byte of the file (GNU-DWN-06)."""
        return part.start >= size or part.stop <= part.start

    def content_range(self, part: Part, size: int) -> str:
        """Return the Content-Range of a part (GNU-DWN-05)."""
        return f"bytes {part.start}-{part.stop - 1}/{size}"

    # Whether the connection stays

    def closes_after(self, request: h11.Request, headers: Headers) -> bool:
        """Return whether the connection ends with this answer; one of HTTP/1.1 commonly does not (GNU-DWN-07)."""
        return self.asks_to_close(headers) or self.is_of_one_answer(request.http_version.decode("ascii"))

    def asks_to_close(self, headers: Headers) -> bool:
        """Return whether the other side wants the connection closed after the answer (GNU-DWN-08)."""
        return "close" in headers.get("connection", "").lower()

    def is_of_one_answer(self, version: str) -> bool:
        """Return whether the version gives a connection one answer only: 1.0 does (GNU-DWN-14)."""
        return version == "1.0"

    # Sending

    def begin_answer(self, link: Link, upload: Upload, method: bytes, answer: Answer) -> None:
        """Send the head of an answer, and the first of its body."""
        headers = [
            ("Server", self.config.user_agent),
            *answer.headers,
            ("Content-Length", str(self.content_length(answer))),
        ]
        if upload.closes:
            headers.append(("Connection", "close"))
        response = h11.Response(status_code=answer.status.value, headers=headers, reason=answer.status.phrase.encode())
        head = upload.http.send(response) or b""
        if not self.has_body(method):
            answer = Answer(answer.status)
        upload.answer, upload.position = answer, answer.part.start
        self.send(link, head + (b"" if answer.share is not None else answer.text))
        self.send_piece(link, upload)

    def content_length(self, answer: Answer) -> int:
        """Return the length told of a body, which is exact (GNU-DWN-01), also where HEAD leaves it out (GNU-DWN-11)."""
        return answer.length

    def has_body(self, method: bytes) -> bool:
        """Return whether the answer to a method has a body: not that to HEAD (GNU-DWN-11)."""
        return method != b"HEAD"

    def drained(self, now: float, link: int) -> None:
        """Send the next piece of a file once the last has left."""
        self.now = now
        there = self.links.get(link)
        if there is not None:
            there.queued = 0
            if there.upload is not None and there.upload.answer is not None:
                self.send_piece(there, there.upload)
                self.serve_waiting(there, there.upload)

    def send_piece(self, link: Link, upload: Upload) -> None:
        """Send the next piece of the body, or end the answer when there is none."""
        answer = upload.answer
        if answer is None:
            return
        if answer.share is None or upload.position >= answer.part.stop:
            self.end_answer(link, upload)
            return
        try:
            piece = self.body_piece(
                answer.share, upload.position, min(self.config.piece, answer.part.stop - upload.position)
            )
        except OSError:
            link.step("file lost")
            self.close(link, abort=True)
            return
        upload.position += len(piece)
        link.step("piece sent")
        self.await_request(link)
        self.send(link, piece)

    def body_piece(self, share: Share, offset: int, count: int) -> bytes:
        """Return bytes of a file, as they are (GNU-DWN-01, GNU-DWN-05)."""
        return share.read(offset, count)

    def end_answer(self, link: Link, upload: Upload) -> None:
        """Close, or go on with the next request (GNU-DWN-07, GNU-DWN-08, GNU-DWN-14)."""
        upload.answer = None
        if upload.closes:
            link.step("answer sent, closes")
            self.close(link)
            return
        link.step("answer sent, stays open")
