"""Handshakes gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import ConnectRequest, ConnectResponse, HeaderLine, TextReader
from ....reference.gnutella import Servent
from ....reference.gnutella.link import Link
from ....reference.node import Address
from ...mutants import mutant

_KNOWN_HEADERS = frozenset(
    ("user-agent", "x-ultrapeer", "x-query-routing", "ggep", "bye-packet", "listen-ip", "x-try", "accept", "remote-ip")
)


@mutant(breaks="GNU-HSK-01")
class AnswersWithBareLf(Servent):
    """Ends the lines of its answer with LF instead of CRLF."""

    def answer_bytes(self, answer: ConnectResponse) -> bytes:
        return super().answer_bytes(answer).replace(b"\r\n", b"\n")


@mutant(breaks="GNU-HSK-01")
class AnswersWithoutAPhrase(Servent):
    """Leaves the phrase out of its status line."""

    def answer_bytes(self, answer: ConnectResponse) -> bytes:
        status, end, headers = super().answer_bytes(answer).partition(b"\r\n")
        return status[:16] + end + headers


@mutant(breaks="GNU-HSK-01")
class AnswersAsIn04(Servent):
    """Answers a request of 0.6 with the line of 0.4."""

    def answer_bytes(self, answer: ConnectResponse) -> bytes:
        return b"GNUTELLA OK\n\n"


@mutant(breaks="GNU-HSK-02")
class PingsBeforeTheFinalBlock(Servent):
    """Sends its first Ping right after its answer."""

    def accept_request(self, link: Link) -> None:
        super().accept_request(link)
        self.send_ping(link)


@mutant(breaks="GNU-HSK-03")
class TakesAnyFinalBlock(Servent):
    """Makes the link whatever code the final block says."""

    def final_block_accepts(self, code: int) -> bool:
        return True


@mutant(breaks="GNU-HSK-04")
class RefusesHigherVersions(Servent):
    """Refuses a request of any version but 0.6."""

    def understands(self, version: str) -> bool:
        return version == "0.6"


@mutant(breaks="GNU-HSK-05")
class Answers04WithCrlf(Servent):
    """Ends the lines of its 0.4 answer with CRLF."""

    def legacy_answer(self) -> bytes:
        return b"GNUTELLA OK\r\n\r\n"


@mutant(breaks="GNU-HSK-05")
class Refuses04(Servent):
    """Closes on a request of 0.4."""

    def take_legacy(self, link: Link) -> None:
        link.step("unknown words")
        self.close(link)


@mutant(breaks="GNU-HSK-06")
class RefusesUnknownHeaders(Servent):
    """Refuses a request with a header that it does not know."""

    def refuses_header(self, line: HeaderLine) -> bool:
        return line.name.lower() not in _KNOWN_HEADERS


@mutant(breaks="GNU-HSK-07")
class ComparesHeaderNamesByCase(Servent):
    """Takes `bye-packet` and `Bye-Packet` for different headers."""

    def same_name(self, name: str, other: str) -> bool:
        return name == other


@mutant(breaks="GNU-HSK-08")
class ReadsTheFirstLineOfAHeader(Servent):
    """Ignores the continuation lines of a header."""

    def unfolded(self, line: HeaderLine) -> str:
        return line.raw.partition("\r\n")[0].strip()


@mutant(breaks="GNU-HSK-10")
class WantsABlockInOneSegment(Servent):
    """Forgets the part of a block that came in an earlier segment."""

    def block_from(self, link: Link, data: bytes) -> bytes | None:
        link.text = TextReader("gnutella", self.block_limit())
        return super().block_from(link, data)


@mutant(breaks="GNU-HSK-11")
class LosesBytesAfterABlock(Servent):
    """Throws away what comes in one segment with the end of a block."""

    def glued_bytes(self, link: Link) -> bytes:
        return b""


@mutant(breaks="GNU-HSK-12")
class StaysOpenAfterARefusal(Servent):
    """Answers 503 and keeps the connection."""

    def after_refusal(self, link: Link) -> None:
        return


@mutant(breaks="GNU-HSK-13")
class OffersNoHosts(Servent):
    """Refuses without offering other hosts."""

    def try_headers(self) -> tuple[HeaderLine, ...]:
        return ()


@mutant(breaks="GNU-HSK-14")
class OffersSourceAddresses(Servent):
    """Offers the addresses that its peers dialled from."""

    def offered_address(self, link: Link) -> Address | None:
        return link.remote


@mutant(breaks="GNU-HSK-15")
class RefusesWith403(Servent):
    """Says 403 for want of room."""

    def refusal_code(self) -> int:
        return 403


@mutant(breaks="GNU-HSK-16")
class ListensToStrangers(Servent):
    """Keeps a connection open that begins with no known protocol."""

    def take_unknown_words(self, link: Link, data: bytes) -> None:
        return


@mutant(breaks="GNU-HSK-17")
class ReadsEndlessHeaders(Servent):
    """Waits for the end of a header block, however long it is."""

    def block_limit(self) -> int:
        return 1 << 30


@mutant(breaks="GNU-HSK-18")
class WaitsForHandshakes(Servent):
    """Gives a handshake an hour."""

    def handshake_time(self) -> float:
        return 3600.0


@mutant(breaks="GNU-HSK-19")
class SaysNoUserAgent(Servent):
    """Leaves out User-Agent."""

    def user_agent(self) -> str | None:
        return None


@mutant(breaks="GNU-HSK-21")
class OpensWithBareLf(Servent):
    """Ends the lines of its request with LF when it dials."""

    def opening_bytes(self, link: Link) -> bytes:
        return super().opening_bytes(link).replace(b"\r\n", b"\n")


@mutant(breaks="GNU-HSK-21")
class OpensWithoutAVersion(Servent):
    """Leaves the version out of its request when it dials."""

    def opening_bytes(self, link: Link) -> bytes:
        return ConnectRequest(headers=self.own_headers(link)).encode().replace(b"/0.6", b"", 1)


@mutant(breaks="GNU-HSK-22")
class PingsBeforeItsFinalBlock(Servent):
    """Begins with descriptors when its request is accepted, and sends the final block after them."""

    def complete(self, link: Link) -> None:
        link.step("answer 200")
        self.establish(link)
        self.send(link, self.final_bytes())


@mutant(breaks="GNU-HSK-22")
class EndsTheHandshakeWithAnotherCode(Servent):
    """Sends a final block that does not say 200."""

    def final_bytes(self) -> bytes:
        return ConnectResponse(503, "Changed my mind").encode()


@mutant(breaks="GNU-HSK-23")
class IgnoresARefusal(Servent):
    """Stays on the connection when its request is refused."""

    def take_refusal(self, link: Link) -> None:
        return


@mutant(breaks="GNU-HSK-23")
class TakesARefusalForConsent(Servent):
    """Goes on with the handshake whatever the answer says."""

    def answer_accepts(self, code: int) -> bool:
        return True
