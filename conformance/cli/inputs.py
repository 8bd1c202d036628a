"""What `decode` and `encode` read: an argument, a file, or the standard input, with a bound on its size."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

from . import Complaint
from .common import the_network

LARGEST = 256 * 1024 * 1024
_PREFIX = re.compile(rb"(?<![0-9a-fA-F])0[xX](?=[0-9a-fA-F])")
_FILLING = re.compile(rb"[\s:,]+")


def load_codecs(network: str) -> str:
    """Import the codecs of a network, so that its messages are known; returns their name."""
    name = the_network(network).specification
    try:
        importlib.import_module(f"peerspec.codecs.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"peerspec.codecs.{name}":
            raise
        raise Complaint(f"{name} has no codecs") from error
    return name


def existing_file(word: str) -> Path | None:
    """The file of that name, if there is one."""
    try:
        path = Path(word)
        return path if word and path.exists() else None
    except (OSError, ValueError):  # too long for a name, or a NUL in it
        return None


def content(word: str) -> bytes | None:
    """The bytes of the standard input (`-`) or of the file of that name; None when there is no such file."""
    try:
        if word == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        elif (path := existing_file(word)) is not None:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        else:
            return None
    except OSError as error:
        raise Complaint(f"{word}: {(error.strerror or str(error)).lower()}") from error
    if len(data) > LARGEST:
        raise Complaint(f"{word}: more than {LARGEST >> 20} MiB")
    return data


def from_hex(text: bytes) -> bytes | None:
    """The bytes that hexadecimal digits stand for (blanks, colons, commas and 0x between them allowed), or None."""
    digits = _FILLING.sub(b"", _PREFIX.sub(b"", text))
    try:
        return bytes.fromhex(digits.decode("ascii")) if digits else None
    except ValueError:
        return None
