"""The emitter: from a layout to the Python source of its strict parser and builder.

`source` prints what it makes, and `compiled` turns it into the two functions behind `Message.decode` and
`Message.encode`. The emitted code is straight: neighbouring fields of fixed size are one `struct` call, a region
narrows `end` and must be used up, and records inside a record are parsed in place. What goes wrong is worked out only
when it has gone wrong, by the functions of `faults`.

Construct's own `compile()` is no substitute: it drops the length checks.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ..message import malformed, unencodable
from . import faults
from .builder import emit_builder
from .code import Code
from .parser import emit_parser

if TYPE_CHECKING:
    from ..message import Message

__all__ = ["compiled", "source"]


def source(cls: type[Message]) -> str:
    """The module that is emitted for a message class: `decode(data)` and `encode(self)`."""
    return _emit(cls).text()


def compiled(cls: type[Message]) -> tuple[Callable[[Any], Any], Callable[[Any], bytes]]:
    """The functions `decode(data) -> cls` and `encode(self) -> bytes` of a message class."""
    code = _emit(cls)
    text = code.text()
    filename = f"<emitted {cls.network}.{cls.__name__}>"
    namespace: dict[str, Any] = {
        **faults.NAMES,
        **{record.__name__: record for record in code.records},
        "malformed": partial(malformed, cls),
        "unencodable": partial(unencodable, cls),
    }
    exec(compile(text, filename, "exec"), namespace)  # noqa: S102 - the text was made here, from a checked layout
    # so that a traceback through emitted code, and a debugger, show its lines
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    return namespace["decode"], namespace["encode"]


def _emit(cls: type[Message]) -> Code:
    code = Code(f'"""Parser and builder of {cls.network}.{cls.__name__}, emitted from its layout."""')
    emit_parser(code, cls)
    emit_builder(code, cls)
    return code
