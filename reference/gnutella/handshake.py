"""The handshake of the servent that was dialled, and the first words of any connection.

Rules of this file:

- The first block says what a connection is for: a 0.6 or 0.4 handshake, a download request, a GIV. Anything else ends
  it as soon as its first bytes can't become one of these.
- No descriptor is sent, and none is read, before the other side's final block says 200.
- Blocks are bounded in size and time. Header names are compared without regard to case, folds are undone, repeated
  headers are joined, unknown ones are ignored, and bare LF is taken for CRLF.
"""

from ...codecs.errors import DecodeError
from ...codecs.gnutella import ConnectRequest, ConnectResponse, HeaderLine, with_crlf
from .descriptors import Descriptors
from .hosts import parse_address
from .link import Link
from .states import LINK

FIRST_WORDS = (b"GNUTELLA CONNECT/", b"GET ", b"HEAD ", b"GIV ")
FINAL_WORDS = (b"GNUTELLA/",)
LEGACY_CONNECT = b"GNUTELLA CONNECT/0.4\n\n"
LEGACY_OK = b"GNUTELLA OK\n\n"
ACCEPTED, BAD_REQUEST, BUSY = 200, 400, 503


class Handshake(Descriptors):
    """Taking connections."""

    # Blocks

    def next_block(self, link: Link, data: bytes, words: tuple[bytes, ...]) -> bytes | None:
        """Return the next block once it is complete, however it is split; one that begins with none of `words` ends
        the link (GNU-HSK-10, GNU-HSK-16, GNU-HSK-17).
        """
        try:
            block = self.block_from(link, data)
        except DecodeError:
            link.step("block too long")
            self.close(link)
            return None
        begun = block if block is not None else link.text.pending
        if not any(begun.startswith(word[: len(begun)]) for word in words):
            self.take_unknown_words(link, begun + link.text.rest)
            return None
        return block

    def block_from(self, link: Link, data: bytes) -> bytes | None:
        """Return the block that these bytes and those before them make, None while it is not complete (GNU-HSK-10)."""
        return link.text.feed(data)

    def glued_bytes(self, link: Link) -> bytes:
        """Return the bytes that came in one segment with the end of a block (GNU-HSK-11)."""
        return link.text.rest

    def take_unknown_words(self, link: Link, data: bytes) -> None:
        """Close a connection that begins with no known protocol, be it a descriptor (GNU-HSK-16, GNU-FWD-13)."""
        del data
        link.step("unknown words")
        self.close(link)

    def handshake_time(self) -> float:
        """Return how many seconds a handshake may take (GNU-HSK-18)."""
        return self.config.handshake_patience

    def end_of_handshake_patience(self, link: Link) -> None:
        """Close a connection whose handshake takes too long (GNU-HSK-18)."""
        link.step("time over")
        self.close(link)

    # Headers

    def header(self, headers: tuple[HeaderLine, ...], name: str) -> str | None:
        """Return a header's value; repeated ones are joined by commas in order (GNU-HSK-09); None when absent."""
        values = [self.unfolded(line) for line in headers if self.same_name(line.name, name)]
        return ", ".join(values) if values else None

    def same_name(self, name: str, other: str) -> bool:
        """Return whether two header names are the same, whatever their case (GNU-HSK-07)."""
        return name.lower() == other.lower()

    def unfolded(self, line: HeaderLine) -> str:
        """Return a header's value with its continuation lines joined (GNU-HSK-08)."""
        return line.value

    def refuses_header(self, line: HeaderLine) -> bool:
        """Return whether a header stands in the way of a link: none does, unknown ones least of all (GNU-HSK-06)."""
        del line
        return False

    def own_headers(self, link: Link) -> tuple[HeaderLine, ...]:
        """Return the headers that tell of this servent."""
        agent = self.user_agent()
        headers = [] if agent is None else [HeaderLine.of("User-Agent", agent)]
        return (
            *headers,
            HeaderLine.of("X-Ultrapeer", "True"),
            HeaderLine.of("Listen-IP", "{}:{}".format(*self.own_address(link))),
            HeaderLine.of("Remote-IP", link.remote[0]),
            HeaderLine.of("GGEP", "0.5"),
            HeaderLine.of("Bye-Packet", "0.1"),
        )

    def user_agent(self) -> str | None:
        """Return what the servent calls itself (GNU-HSK-19)."""
        return self.config.user_agent

    def learn(self, link: Link, headers: tuple[HeaderLine, ...]) -> None:
        """Take from the other side's headers what the link depends on."""
        link.headers += headers
        link.bye = link.bye or bool(self.header(headers, "Bye-Packet"))
        for name in ("Listen-IP", "Node", "X-Node", "X-My-Address"):
            link.listen = link.listen or parse_address(self.header(headers, name))

    # The request

    def read_request(self, link: Link, data: bytes) -> None:
        """Take bytes of the first block, and do what it asks."""
        block = self.next_block(link, data, FIRST_WORDS)
        if block is None:
            return
        if block.startswith(b"GIV "):
            link.step("GIV")
            self.take_giv(link, block, self.glued_bytes(link))
        elif not block.startswith(b"GNUTELLA"):
            link.step("download request")
            self.begin_upload(link, block + self.glued_bytes(link))
        elif self.is_legacy(block):
            self.take_legacy(link)
        else:
            self.take_request_block(link, block)

    def is_legacy(self, block: bytes) -> bool:
        """Return whether a block is the request of 0.4, with LF or, as some write it, CRLF (GNU-HSK-05)."""
        return block.replace(b"\r", b"") == LEGACY_CONNECT

    def take_legacy(self, link: Link) -> None:
        """Accept a handshake of 0.4; descriptors follow at once (GNU-HSK-05)."""
        if self.is_full():
            self.refuse(link, self.refusal_code(), "Busy")
            return
        self.send(link, self.legacy_answer())
        link.step("0.4 request")
        self.establish(link)

    def legacy_answer(self) -> bytes:
        """Return the answer to a handshake of 0.4 (GNU-HSK-05)."""
        return LEGACY_OK

    def take_request_block(self, link: Link, block: bytes) -> None:
        """Answer a handshake of 0.6 (GNU-HSK-01)."""
        try:
            request = ConnectRequest.decode(self.mended_block(block))
        except DecodeError:
            self.refuse(link, BAD_REQUEST, "Bad request")
            return
        if not self.understands(request.version) or any(self.refuses_header(line) for line in request.headers):
            self.refuse(link, BAD_REQUEST, "Not understood")
        elif self.is_full():
            self.refuse(link, self.refusal_code(), "Busy")
        else:
            self.learn(link, request.headers)
            self.accept_request(link)

    def mended_block(self, block: bytes) -> bytes:
        """Return a block with CRLF where it has LF alone (GNU-HSK-20)."""
        return with_crlf(block)

    def understands(self, version: str) -> bool:
        """Return whether a request's version can be answered at 0.6: higher ones can (GNU-HSK-04)."""
        del version
        return True

    def is_full(self) -> bool:
        """Return whether there is no room for one more link, those in the making counted."""
        made = ("up", "awaiting the final block", "awaiting the answer")
        return sum(1 for link in self.links.values() if link.state in made) >= self.config.max_links

    # The answer

    def accept_request(self, link: Link) -> None:
        """Answer 200 and wait for the final block; no descriptor is sent before it (GNU-HSK-01, GNU-HSK-02)."""
        self.send(link, self.answer_bytes(ConnectResponse(ACCEPTED, "OK", headers=self.own_headers(link))))
        link.step("0.6 request")
        link.reads = self.read_final_block
        rest, link.text.rest = self.glued_bytes(link), b""
        if rest:
            self.read_final_block(link, rest)

    def answer_bytes(self, answer: ConnectResponse) -> bytes:
        """Return an answer's bytes: `GNUTELLA/0.6`, three digits, a phrase, headers, an empty line (GNU-HSK-01)."""
        return answer.encode()

    def refuse(self, link: Link, code: int, phrase: str) -> None:
        """Answer other than 200, with other hosts to try (GNU-HSK-13), and close (GNU-HSK-12)."""
        headers = (*self.own_headers(link), *self.try_headers())
        self.send(link, self.answer_bytes(ConnectResponse(code, phrase, headers=headers)))
        link.step("refused")
        self.after_refusal(link)

    def refusal_code(self) -> int:
        """Return the code that says that there is no room: 503 (GNU-HSK-15)."""
        return BUSY

    def try_headers(self) -> tuple[HeaderLine, ...]:
        """Return X-Try with the hosts that are known, no header when none is (GNU-HSK-13, GNU-HSK-14)."""
        hosts = ",".join("{}:{}".format(*address) for address in self.hosts_to_try())
        return (HeaderLine.of("X-Try", hosts),) if hosts else ()

    def after_refusal(self, link: Link) -> None:
        """Close after an answer other than 200 (GNU-HSK-12)."""
        self.close(link)

    # The final block

    def read_final_block(self, link: Link, data: bytes) -> None:
        """Take bytes of the final block; the link is made when it says 200 (GNU-HSK-03)."""
        block = self.next_block(link, data, FINAL_WORDS)
        if block is None:
            return
        try:
            final = ConnectResponse.decode(self.mended_block(block))
        except DecodeError:
            self.take_unknown_words(link, block)
            return
        if self.final_block_accepts(final.code):
            self.learn(link, final.headers)
            link.step("final 200")
            self.establish(link)
        else:
            link.step("final other than 200")
            self.close(link)

    def final_block_accepts(self, code: int) -> bool:
        """Return whether a final block makes the link: with 200 only (GNU-HSK-03)."""
        return code == ACCEPTED

    # The link

    def establish(self, link: Link) -> None:
        """Begin to exchange descriptors, with those that came along with the last block (GNU-HSK-11)."""
        self.enter(link, LINK, self.read_descriptors)
        link.heard = self.now
        self.remember_host(link.listen)
        self.greet(link)
        self.watch(link)
        rest, link.text.rest = self.glued_bytes(link), b""
        if rest:
            self.read_descriptors(link, rest)
