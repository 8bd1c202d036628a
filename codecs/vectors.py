"""Test vectors: messages with their bytes, and bytes that are no message, as JSON for any implementation.

A file holds `{"format": 1, "about": ..., "network": ..., "vectors": [...]}`. A vector has

- `name`, unique in its network; `message`, the class that it is about;
- `verdict`: `valid` (the bytes are the value, and the value the bytes) or `invalid` (the bytes are to be refused);
- `hex`, the bytes; `value`, the message as `json_form` writes it, and for an invalid one the message it was made from;
- for an invalid one also `defect` (its name), `path` (the field), `patches` (what was done to the bytes of `value`) and
  `tolerance`, what a receiver must make of it.

The files under `spec/<network>/vectors/` are frozen: they were generated once from a seed or written by hand,
and are what the codec is tested against, not the other way round. A change to one is a change to the protocol.
"""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

from .defects import near_valid_of
from .errors import DecodeError, EncodeError
from .generate import RandomDraw, values
from .json_form import from_json, to_json
from .message import Message, Tolerance, message_named, messages
from .patches import Patch, patched

__all__ = ["Vector", "committed", "disagreement", "dumps", "from_json", "generate", "loads", "to_json"]

FORMAT = 1
#: vectors are for reading too: longer bytes are left out
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Vector:
    """One test vector; see the module for what each part means."""

    name: str
    network: str
    message: str
    verdict: str
    hex: str
    value: dict[str, Any] | None = None
    defect: str | None = None
    path: str | None = None
    tolerance: str | None = None
    patches: list[dict[str, Any]] | None = None

    @property
    def data(self) -> bytes:
        """The bytes."""
        return bytes.fromhex(self.hex)


def generate(network: str, seed: int, *, valid: int = 5, invalid: int = 12) -> list[Vector]:
    """Vectors of every message of a network: so many valid ones, and up to so many defects, each at another place."""
    found: list[Vector] = []
    for cls in messages(network):
        generator = random.Random(f"{seed} {network}.{cls.__name__}")
        found += _valid(cls, generator, valid)
        found += _invalid(cls, generator, invalid)
    return found


def dumps(network: str, about: str, vectors: Iterable[Vector]) -> str:
    """A file of vectors, one field a line so that differences can be read. `about` says where they come from."""
    listed = [
        {name: value for name in _PARTS if (value := getattr(vector, name)) is not None and name != "network"}
        for vector in vectors
    ]
    whole = {"format": FORMAT, "about": about, "network": network, "vectors": listed}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def loads(text: str) -> list[Vector]:
    """The vectors of a file. Raises `ValueError` on what is no such file."""
    whole = json.loads(text)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or not isinstance(whole.get("vectors"), list):
        raise ValueError(f"not a file of vectors in format {FORMAT}")
    try:
        found = [Vector(network=whole["network"], **vector) for vector in whole["vectors"]]
        _ = [vector.data for vector in found]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a vector: {error}") from None
    return found


def committed(network: str) -> list[Vector]:
    """The frozen vectors of a network, in the order of their files' names. Raises `LookupError` if there are none."""
    roots = [Path(root) / network / "vectors" for root in importlib.import_module(f"{_HOUSE}.spec").__path__]
    found = [
        vector
        for root in roots
        for path in sorted(root.glob("*.json"))
        for vector in loads(path.read_text(encoding="utf-8"))
    ]
    if not found:
        raise LookupError(f"{network} has no vectors")
    return found


def disagreement(vector: Vector) -> str | None:
    """What the codec makes of a vector, if that is not what the vector says; None if they agree."""
    try:
        decoded: Message | DecodeError = message_named(vector.network, vector.message).decode(vector.data)
    except KeyError:
        return f"{vector.network} has no message {vector.message!r}"
    except DecodeError as error:
        decoded = error
    try:
        value = None if vector.value is None else from_json(vector.network, vector.message, vector.value)
        built = None if value is None else patched(value, *map(Patch.from_json, vector.patches or ()))
    except (EncodeError, ValueError) as error:
        return f"its value has no bytes: {error}"
    if built is not None and built != vector.data:
        return f"its value is built as {built.hex()}"
    if vector.verdict == "invalid":
        return None if isinstance(decoded, DecodeError) else f"its bytes are accepted as {decoded!r}"
    if isinstance(decoded, DecodeError):
        return f"its bytes are refused: {decoded}"
    return None if decoded == value else f"its bytes are read as {decoded!r}"


_HOUSE = __name__.split(".")[0]
_PARTS = [field.name for field in fields(Vector)]


def _valid(cls: type[Message], generator: random.Random, wanted: int) -> Iterator[Vector]:
    seen: set[bytes] = set()
    for message in islice(values(cls, generator), 20 * wanted):
        raw = message.encode()
        if len(raw) <= _LONGEST and raw not in seen and len(seen) < wanted:
            seen.add(raw)
            name = f"{cls.__name__} {len(seen)}"
            yield Vector(name, cls.network, cls.__name__, "valid", raw.hex(), to_json(message))


def _invalid(cls: type[Message], generator: random.Random, wanted: int) -> Iterator[Vector]:
    """Each defect of each field once, items of lists counted as one field, all those of one message before others'."""
    seen: set[tuple[str, str]] = set()
    draw = RandomDraw(generator)
    for message in islice(values(cls, generator), 40):
        for made in near_valid_of(message, draw) if len(message.encode()) <= _LONGEST else ():
            field = made.path.partition("[")[0] + made.path.rpartition("]")[2]
            if len(made.data) > _LONGEST or (made.defect, field) in seen or len(seen) == wanted:
                continue
            seen.add((made.defect, field))
            yield Vector(
                f"{cls.__name__}: {made.path or 'the whole'}: {made.defect}",
                cls.network,
                cls.__name__,
                "invalid",
                made.data.hex(),
                to_json(made.subject),
                made.defect,
                made.path,
                Tolerance(made.tolerance).value,
                [patch.to_json() for patch in made.patches],
            )
