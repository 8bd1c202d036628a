"""Which method takes which message of the server.

    class Searching(Session):
        @handles(SearchResult)
        def on_search_result(self, message: SearchResult) -> None: ...

A method that overrides a marked one is what is called, marked or not.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from ....codecs.message import Message

M = TypeVar("M", bound=Message)
Take = Callable[[Any, M], None]

_MARK = "_handles"


def handles(message: type[M]) -> Callable[[Take[M]], Take[M]]:
    """Mark a method as the one that takes `message`."""

    def mark(method: Take[M]) -> Take[M]:
        setattr(method, _MARK, message)
        return method

    return mark


def handlers_of(cls: type) -> dict[type[Message], str]:
    """Return the names of the methods of a class, and of those it extends, by the message that each takes."""
    return {
        getattr(value, _MARK): name
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if hasattr(value, _MARK)
    }
