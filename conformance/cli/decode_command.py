"""`peerspec decode`: bytes, a file or a capture into messages as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from . import Complaint
from .inputs import content, existing_file, from_hex, load_codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...codecs.framing import Frame
    from ...codecs.message import Message

_CAPTURES = tuple(bytes.fromhex(magic) for magic in ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "0a0d0d0a"))


@click.command("decode")
@click.argument("network")
@click.argument("input_", metavar="INPUT")
@click.option("--as", "name", metavar="MESSAGE", help="Read all of the bytes as this message, such as Pong.")
@click.option("--sender", metavar="ROLE", help="Who sent them, such as client: some numbers mean two things.")
def command(*, network: str, input_: str, name: str | None, sender: str | None) -> int:
    """Print the messages of NETWORK that INPUT holds, as JSON.

    INPUT is hexadecimal digits, a file of such digits or of bytes, a capture (pcap or pcapng), or - for the standard
    input. Bytes are read as one side of a connection: text blocks and frames in their order. What is no message stands
    as an error in its place, and the exit code is then 1.
    """
    network = load_codecs(network)
    if sender is not None:
        _known_role(network, sender)
    data = content(input_)
    if data is not None and data.startswith(_CAPTURES):
        found = list(_captured(network, input_, sender))
    else:
        raw = _bytes(input_, data)
        found = [_as(network, name, raw, sender)] if name is not None else list(_stream(network, raw, sender))
    click.echo(json.dumps(found, indent=2))
    return 1 if any("error" in each for each in found) else 0


def _bytes(word: str, data: bytes | None) -> bytes:
    if data is None:
        raw = from_hex(word.encode("utf-8", "surrogateescape"))
        if raw is None:
            raise Complaint(f"{word[:60]!r} is neither hexadecimal digits nor a file")
        return raw
    return from_hex(data) or data


def _known_role(network: str, sender: str) -> None:
    from ...codecs.message import messages
    from ..selection import unknown

    known = sorted({role for each in messages(network) for role in each.senders})
    if sender not in known:
        raise Complaint(str(unknown("role", sender, known)))


def _as(network: str, name: str, raw: bytes, sender: str | None) -> dict[str, Any]:
    from ...codecs.errors import DecodeError
    from ...codecs.message import message_named, messages
    from ...codecs.streams import frame_class
    from ..selection import unknown

    frame = frame_class(network)
    known = [each.__name__ for each in messages(network)] + ([frame.__name__] if frame else [])
    if name not in known:
        raise Complaint(str(unknown("message", name, known)))
    try:
        subject = frame.decode(raw) if frame and name == frame.__name__ else message_named(network, name).decode(raw)
    except DecodeError as error:
        raise Complaint(str(error), 1) from error
    return _shown(subject, sender)


def _stream(network: str, raw: bytes, sender: str | None) -> Iterator[dict[str, Any]]:
    from ...codecs.errors import DecodeError
    from ...codecs.streams import StreamReader

    reader = StreamReader(network)
    for each in reader.feed(raw):
        yield {"error": str(each)} if isinstance(each, DecodeError) else _shown(each, sender)
    if reader.pending:
        yield {"error": f"{len(reader.pending)} bytes of a message that is not complete", "hex": reader.pending.hex()}


def _captured(network: str, word: str, sender: str | None) -> Iterator[dict[str, Any]]:
    if (path := existing_file(word)) is None:
        raise Complaint("a capture is read from a file, not from the standard input")
    from ...codecs.errors import DecodeError
    from ...codecs.scapy_capture import read_capture

    try:
        for each in read_capture(path, network):
            where = {
                "time": each.time,
                "from": f"{each.source[0]}:{each.source[1]}",
                "to": f"{each.destination[0]}:{each.destination[1]}",
            }
            yield where | (
                {"error": str(each.message)} if isinstance(each.message, DecodeError) else _shown(each.message, sender)
            )
    except DecodeError as error:
        raise Complaint(f"{word}: {error.reason}", 1) from error


def _shown(subject: Message | Frame[Any], sender: str | None) -> dict[str, Any]:
    from ...codecs.framing import Frame
    from ...codecs.json_form import to_json

    if isinstance(subject, Frame):
        subject = subject.by(sender)
    return {"message": type(subject).__name__, "value": to_json(subject)}
