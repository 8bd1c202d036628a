"""Where the emitted parser stands, and what every reading asks of it.

The reader stands at `base + offset`, where base is a local variable of the emitted code (or the start) and the offset
is known while emitting; so most positions are written into the code and few are computed. Fixed fields are held back
until something of another kind follows, and then read by one `struct` call.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from .code import Code, literal_path

__all__ = ["Reader", "distance"]


class Reader(ABC):
    """Emits into `code`. `end` is the source of the end of the region in which it stands."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.end = ""
        self._base = ""
        self._offset = 0
        self._used_up = False
        self._mark = ""
        #: the word by which a record was chosen, if it is to be read next: local names of its end and of its capitals
        self._chosen: tuple[str, ...] = ()
        #: fixed fields not read yet: local name, format, size in bytes, path
        self._pending: list[tuple[str, str, int, str]] = []

    @abstractmethod
    def value(self, construct: Any, path: str) -> str:
        """Read a construct; the source of its value."""

    def _list(self, path: str) -> str:
        self._settle()
        name = self.code.name(path)
        self.code.line(f"{name} = []")
        return name

    def _item(self, construct: Any, path: str, name: str, index: str) -> None:
        item = self.value(construct, f"{path}[{{{index}}}]")
        self._flush()
        self.code.line(f"{name}.append({item})")
        self._settle()

    def _text(self, path: str, start: str, stop: str) -> str:
        return self._decoded(path, f"data[{start}:{stop}]")

    def _decoded(self, path: str, raw: str) -> str:
        name = self.code.name(path)
        # most text is UTF-8, and decoding without an error handler is twice as fast
        with self.code.block("try:"):
            self.code.line(f"{name} = {raw}.decode()")
        with self.code.block("except UnicodeDecodeError:"):
            self.code.line(f"{name} = to_text({raw})")
        return name

    @property
    def _until_end(self) -> str:
        """The last argument of a search: none where the region ends with the data, since each argument costs."""
        return "" if self.end == "end" else f", {self.end}"

    def _find(self, path: str, stop: bytes) -> tuple[str, str]:
        """Find a stop and stand after it; the positions where the value begins and where the stop does."""
        self._flush()
        start, found = self._here(), self.code.name(f"{path}.end")
        self.code.line(f"{found} = data.find({stop!r}, {start}{self._until_end})")
        self._stand(found, len(stop))
        return start, found

    def _unended(self, start: str, stop: bytes, minimum: int, maximum: int, allowed: str | None) -> str:
        return f"unended(data, {start}, {self.end}, {stop!r}, {minimum}, {maximum}, {allowed})"

    def _fixed(self, path: str, layout: str, size: int, at_fault: str | None = None) -> str:
        # one struct call has one byte order
        if size > 1 and layout[-1] != "s" and self._orders() - {layout[0]}:
            self._flush()
        name = self.code.name(path)
        self._pending.append((name, layout, size, path if at_fault is None else at_fault))
        return name

    def _orders(self) -> set[str]:
        """The byte orders that the fields held back ask for: one, or none if no field has an order."""
        return {layout[0] for _, layout, size, _ in self._pending if size > 1 and layout[-1] != "s"}

    def _flush(self) -> None:
        """Read the fixed fields held back."""
        if not self._pending:
            return
        order = min(self._orders(), default="<")
        fields, self._pending = self._pending, []
        here = self._here()
        size = sum(width for _, _, width, _ in fields)
        paths = ", ".join(f"({literal_path(path)}, {width})" for _, _, width, path in fields)
        fault = f"raise malformed(*short({here}, {self.end}, ({paths},)))"
        layout = self.code.layout(order + "".join(layout[1:] for _, layout, _, _ in fields))
        names = ", ".join(name for name, _, _, _ in fields)
        read = f"{names if len(fields) > 1 else f'({names},)'} = {layout}.unpack_from(data, {here})"
        if self.end == "end":  # struct looks at the end of the data itself
            with self.code.block("try:"):
                self.code.line(read)
            with self.code.block("except StructError:"):
                self.code.line(f"{fault} from None")
        else:
            with self.code.block(f"if {distance(here, self.end)} < {size}:"):
                self.code.line(fault)
            self.code.line(read)
        self._offset += size

    def _here(self) -> str:
        if not self._base:
            return str(self._offset)
        return f"{self._base} + {self._offset}" if self._offset else self._base

    def _stand(self, base: str, offset: int = 0) -> None:
        self._base, self._offset = base, offset

    def _settle(self) -> None:
        """Keep the position in a variable, so that all ways into what follows agree on it."""
        if (self._base, self._offset) != ("pos", 0):
            self.code.line(f"pos = {self._here()}")
        self._stand("pos")

    def _assigned(self, path: str, value: str) -> str:
        name = self.code.name(path)
        self.code.line(f"{name} = {value}")
        return name

    def _fail_if(self, condition: str, path: str, fault: str) -> None:
        with self.code.block(f"if {condition}:"):
            self.code.line(f"raise malformed({literal_path(path)}, *{fault})")


def distance(start: str, end: str) -> str:
    """Source of `end - start`."""
    return end if start == "0" else f"{end} - {start.replace(' + ', ' - ')}"
