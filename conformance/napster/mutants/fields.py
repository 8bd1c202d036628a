"""Text gone wrong."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import (
    BrowseEntry,
    DownloadAck,
    GetError,
    Packet,
    PrivateMessage,
    PushOrder,
    QueueLimited,
    SearchResult,
    ShareFile,
    UploadRequest,
    Whois,
)
from ....reference.napster import Server
from ...mutants import mutant


@mutant(breaks="NAP-TXT-01")
class WritesTwoBlanks(Server):
    """Puts two blanks between the fields of a whois."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, Whois):
            return Packet.of_raw(604, message.encode().replace(b" ", b"  ")).encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-01", also=("NAP-BRW-03",))
class EndsBrowsesWithATab(Server):
    """Sends a tab behind the nick that ends a browse."""

    def framed(self, message: Message) -> bytes:
        if message.wire_type == 213:
            return Packet.of_raw(213, message.encode() + b"\t").encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-02", also=("NAP-TXT-01", "NAP-SHR-06"))
class ListsBareNames(Server):
    """Leaves the quotes out of results and browses."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, SearchResult | BrowseEntry):
            return Packet.of_raw(message.wire_type or 0, message.encode().replace(b'"', b"")).encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-02")
class SignalsBareNames(Server):
    """Leaves the quotes out of what it says about a transfer."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, UploadRequest | DownloadAck | PushOrder):
            return Packet.of_raw(message.wire_type or 0, message.encode().replace(b'"', b"")).encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-02")
class RefusesBareNames(Server):
    """Leaves the quotes out of what it says when a file is not there, or a queue is full."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, GetError | QueueLimited):
            return Packet.of_raw(message.wire_type or 0, message.encode().replace(b'"', b"")).encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-03")
class TakesBackslashesForEscapes(Server):
    """Takes a backslash in the name of a shared file for an escape of what follows."""

    def decoded(self, message: type[Message], body: bytes) -> Message:
        if message is ShareFile:
            body = body.replace(b"\\\\", b"\0").replace(b'\\"', b"'").replace(b"\0", b"\\")
        return super().decoded(message, body)


@mutant(breaks="NAP-TXT-05")
class DropsHighBytesOfNames(Server):
    """Drops what is no ASCII from the names of shared files."""

    def decoded(self, message: type[Message], body: bytes) -> Message:
        if message is ShareFile:
            body = bytes(byte for byte in body if byte < 128)
        return super().decoded(message, body)


@mutant(breaks="NAP-TXT-05", also=("NAP-MSG-02",))
class CutsTheHighBitOfTalk(Server):
    """Passes private messages on with seven bits to a byte."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, PrivateMessage):
            return Packet.of_raw(205, bytes(byte & 0x7F for byte in message.encode())).encode()
        return super().framed(message)


@mutant(breaks="NAP-TXT-07", also=("NAP-SHR-18", "NAP-SHR-19"))
class FindsAddressesBigEndian(Server):
    """Writes the addresses in results with the first octet highest."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, SearchResult):
            message = message.replace(ip=".".join(reversed(message.ip.split("."))))
        return super().framed(message)


@mutant(breaks="NAP-TXT-07", also=("NAP-SHR-19", "NAP-SIG-03"))
class SignalsAddressesBigEndian(Server):
    """Writes the addresses in acknowledgements of downloads with the first octet highest."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, DownloadAck):
            message = message.replace(ip=".".join(reversed(message.ip.split("."))))
        return super().framed(message)
