"""`peerspec encode`: messages as JSON into bytes."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from . import Complaint
from .inputs import content, load_codecs


@click.command("encode")
@click.argument("network")
@click.argument("input_", metavar="INPUT")
@click.option("--raw", is_flag=True, help="Write the bytes themselves instead of hexadecimal digits.")
def command(*, network: str, input_: str, raw: bool) -> None:
    """Print the bytes of messages of NETWORK, a line of hexadecimal digits each.

    INPUT is JSON as `decode` prints it, a file of it, or - for the standard input: an object with `message` (its name)
    and `value`, or a list of them.
    """
    network = load_codecs(network)
    data = content(input_)
    listed = _parsed(input_.encode("utf-8", "surrogateescape") if data is None else data)
    encoded = [_encoded(network, number, each) for number, each in enumerate(listed)]
    if raw:
        sys.stdout.buffer.write(b"".join(encoded))
        sys.stdout.buffer.flush()
    else:
        for each in encoded:
            click.echo(each.hex())


def _parsed(text: bytes) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Complaint(f"the input is neither JSON nor a file: {error}") from error
    return found if isinstance(found, list) else [found]


def _encoded(network: str, number: int, found: Any) -> bytes:
    from ...codecs.errors import EncodeError
    from ...codecs.json_form import from_json

    where = f"message {number + 1}"
    if not isinstance(found, dict) or not isinstance(found.get("message"), str) or "value" not in found:
        raise Complaint(f"{where}: expected an object with message and value")
    try:
        return from_json(network, found["message"], found["value"]).encode()
    except EncodeError as error:
        raise Complaint(f"{where}: {error}", 1) from error
    except (ValueError, RecursionError) as error:
        raise Complaint(f"{where}: {error}") from error
