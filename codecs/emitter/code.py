"""Source text in the making: lines with their indentation, names that do not clash, constants said once."""

from __future__ import annotations

import builtins
import keyword
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .faults import NAMES

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["Code", "literal_path", "strangeness"]

_RESERVED = {*keyword.kwlist, *dir(builtins), *NAMES, "data", "decode", "encode", "end", "malformed", "pos", "self"}
_RESERVED |= {"unencodable"}


def literal_path(path: str) -> str:
    """Source of a field's path; a loop's index stands in it as `{i}`."""
    return f'f"{path}"' if "{" in path else f'"{path}"'


_ALNUM = {byte for byte in range(0x80) if chr(byte).isalnum()}


def strangeness(raw: str, allowed: bytes, table: str) -> str:
    """Source of what is true when not all of some bytes are allowed; `table` is the name of those that are."""
    strange = f"{raw}.translate(None, {table})"
    # most words are letters and digits, and to look for those alone is ten times as fast
    return f"(not {raw}.isalnum() and {strange})" if set(allowed) >= _ALNUM else strange


class Code:
    """A module in the making."""

    def __init__(self, docstring: str) -> None:
        self.docstring = docstring
        self.records: list[type[Message]] = []
        self._constants: dict[str, str] = {}
        self._lines: list[str] = []
        self._indent = 0
        self._names: set[str] = set()

    def line(self, text: str) -> None:
        """Add a line at the present indentation."""
        self._lines.append("    " * self._indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a line that opens a block, and indent what is added inside."""
        self.line(head)
        self._indent += 1
        yield
        self._indent -= 1

    @contextmanager
    def function(self, head: str) -> Iterator[None]:
        """Add a function; names used in another are free again."""
        self.free_names()
        self._lines += ["", ""]
        with self.block(head):
            yield

    def name(self, path: str) -> str:
        """A local name like the path of a field, used nowhere else in this function."""
        wanted = re.sub(r"\[\{.*?\}\]", "", path).replace(".", "_")
        while wanted in _RESERVED or wanted in self._names:
            wanted += "_"
        self._names.add(wanted)
        return wanted

    def free_names(self) -> None:
        """Let names be used again: what follows does not run after what came before, or sets them anew."""
        self._names.clear()

    def constant(self, kind: str, value: str) -> str:
        """The name of a module constant with this source, made on first use: `kind`, a number."""
        if value not in self._constants:
            taken = sum(name.startswith(f"{kind}_") for name in self._constants.values())
            self._constants[value] = f"{kind}_{taken + 1}"
        return self._constants[value]

    def layout(self, formats: str) -> str:
        """The name of a `struct.Struct`. Byte order comes first in `formats`."""
        struct.calcsize(formats)
        return self.constant("LAYOUT", f'Struct("{formats}")')

    def table(self, members: bytes) -> str:
        """The name of a constant with these bytes."""
        members = bytes(sorted(set(members)))
        others = bytes(sorted(set(range(256)) - set(members)))
        if len(others) < len(members):
            return self.constant("BYTES", f"bytes(set(range(256)) - set({others!r}))")
        return self.constant("BYTES", repr(members))

    def record(self, cls: type[Message]) -> str:
        """The name under which a message class is known in the module."""
        if cls not in self.records:
            self.records.append(cls)
        return cls.__name__

    def text(self) -> str:
        """The module."""
        constants = [f"{name} = {value}" for value, name in self._constants.items()]
        return "\n".join([self.docstring, *([""] if constants else []), *constants, *self._lines, ""])
