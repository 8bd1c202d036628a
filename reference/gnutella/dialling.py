"""The handshake of the servent that dials.

Rules of this file:

- The dialler opens with a request of 0.6, reads the answer, and makes the link with a final block that says 200.
- It sends no descriptor before that block, and gives up on any answer but 200.
"""

from ...codecs.errors import DecodeError
from ...codecs.gnutella import ConnectRequest, ConnectResponse
from ..node import Address
from .handshake import ACCEPTED, FINAL_WORDS, Handshake
from .hosts import parse_address
from .link import Link
from .states import HANDSHAKE_INITIATOR


class Dialling(Handshake):
    """Making connections."""

    def dial(self, now: float, address: Address) -> int:
        """Connect to another servent; returns the number of the link, which is up once the handshake is over."""
        self.now = now
        link = self.new_link(
            address, self.address, HANDSHAKE_INITIATOR, self.read_handshake_answer, self.end_of_handshake_patience
        )
        self.set_alarm(link, self.handshake_time(), self.end_of_handshake_patience)
        self.open(link)
        return link.id

    def dialled(self, link: Link) -> None:
        """Open the handshake on a connection that has come about (GNU-HSK-21)."""
        link.step("connected")
        self.send(link, self.opening_bytes(link))

    def opening_bytes(self, link: Link) -> bytes:
        """Return the first block: `GNUTELLA CONNECT/0.6`, headers, an empty line (GNU-HSK-21)."""
        return ConnectRequest(headers=self.own_headers(link)).encode()

    def read_handshake_answer(self, link: Link, data: bytes) -> None:
        """Take bytes of the answer, and complete the handshake when it is 200 (GNU-HSK-22, GNU-HSK-23)."""
        block = self.next_block(link, data, FINAL_WORDS)
        if block is None:
            return
        try:
            answer = ConnectResponse.decode(self.mended_block(block))
        except DecodeError:
            self.take_unknown_words(link, block)
            return
        self.learn_hosts(answer)
        if self.answer_accepts(answer.code):
            self.learn(link, answer.headers)
            self.complete(link)
        else:
            self.take_refusal(link)

    def answer_accepts(self, code: int) -> bool:
        """Return whether an answer lets the handshake go on: 200 only (GNU-HSK-23)."""
        return code == ACCEPTED

    def complete(self, link: Link) -> None:
        """Send the final block and begin to exchange descriptors, in this order (GNU-HSK-22)."""
        self.send(link, self.final_bytes())
        link.step("answer 200")
        self.establish(link)

    def final_bytes(self) -> bytes:
        """Return the final block (GNU-HSK-22)."""
        return ConnectResponse(ACCEPTED, "OK").encode()

    def take_refusal(self, link: Link) -> None:
        """Close after an answer other than 200 (GNU-HSK-23)."""
        link.step("answer other than 200")
        self.close(link)

    def learn_hosts(self, answer: ConnectResponse) -> None:
        """Remember the hosts that an answer offers."""
        for name in ("X-Try", "X-Try-Ultrapeers"):
            for item in (self.header(answer.headers, name) or "").split(",")[: self.config.max_hosts]:
                self.remember_host(parse_address(item))
