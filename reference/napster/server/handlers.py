"""Which method takes which message.

    class Searching(Core):
        @handles(Search, cost=SEARCH_COST)
        def on_search(self, session: Session, message: Search) -> None: ...

        @refuses(Search)
        def on_bad_search(self, session: Session, body: bytes, error: DecodeError) -> None: ...

Rules of this file:

- A class finds its handlers when it is made: every marked method of it and of the classes it extends, by the number of
  the message. A method that overrides a marked one is what is called, marked or not.
- One number has one handler; a second one is a mistake of the programmer and raises TypeError.
- A body that its layout does not fit goes to the method that `refuses` the message; without one it is answered by 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ....codecs.errors import DecodeError
from ....codecs.message import Message
from .session import Session

M = TypeVar("M", bound=Message)

Take = Callable[[Any, Session, M], None]
Refuse = Callable[[Any, Session, bytes, DecodeError], None]

SEARCH_COST = 20
"""What a message that goes through the store or the index once costs of a turn (`ServerConfig.turn`); a plain one costs
1."""

_TAKES, _REFUSES = "_takes", "_refuses"


@dataclass(frozen=True, slots=True)
class Handler:
    """Method `name` takes `message`; with `early` also before the login. `cost` counts against the session's turn."""

    message: type[Message]
    name: str
    early: bool
    cost: int


def handles(message: type[M], *, early: bool = False, cost: int = 1) -> Callable[[Take[M]], Take[M]]:
    """Mark a method as the one that takes `message`."""

    def mark(method: Take[M]) -> Take[M]:
        setattr(method, _TAKES, Handler(message, method.__name__, early, cost))
        return method

    return mark


def refuses(message: type[Message]) -> Callable[[Refuse], Refuse]:
    """Mark a method as the one that is told of a body which the layout of `message` does not fit."""

    def mark(method: Refuse) -> Refuse:
        setattr(method, _REFUSES, message)
        return method

    return mark


def handlers_of(cls: type) -> dict[int, Handler]:
    """Return the handlers of a class by message number. Raises TypeError when two methods take one number."""
    found: dict[int, Handler] = {}
    for handler in _marks(cls, _TAKES).values():
        number = handler.message.wire_type
        if number is None:
            raise TypeError(f"{handler.message.__name__} has no message number")
        if number in found:
            raise TypeError(f"{cls.__name__}: {found[number].name} and {handler.name} both take {number}")
        found[number] = handler
    return found


def refusers_of(cls: type) -> dict[type[Message], str]:
    """Return the names of the methods that refuse a message, by the message."""
    return {message: name for name, message in _marks(cls, _REFUSES).items()}


def _marks(cls: type, mark: str) -> dict[str, Any]:
    """Return what the methods of a class are marked with, by the name of the method."""
    return {
        name: getattr(value, mark)
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if hasattr(value, mark)
    }
