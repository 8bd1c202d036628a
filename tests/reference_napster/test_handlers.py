"""How a class finds the methods that take its messages."""

from typing import Any

import pytest

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.message import Message
from peerspec.codecs.napster import FilenameClause, Packet, ServerPing, UserPing
from peerspec.reference.napster import Server
from peerspec.reference.napster.server.core import Core
from peerspec.reference.napster.server.handlers import handles, refuses
from peerspec.reference.napster.server.session import Session

from .conftest import MakeTown, User


def after(user: User, question: Message | bytes) -> list[Packet]:
    """What comes in answer to a question."""
    user.read()
    user.send(question)
    return user.packets()


def test_what_overrides_a_marked_method_is_called(town: MakeTown) -> None:
    class Deaf(Server):
        def on_server_ping(self, session: Session, message: ServerPing) -> None:
            self.error(session, message.text)

    alice = town(Deaf).user("alice")
    (answer,) = after(alice, ServerPing(text="hello"))
    assert (answer.type, answer.body) == (404, b"hello")


def test_a_body_that_fits_no_layout_goes_to_who_refuses_it(town: MakeTown) -> None:
    class Strict(Server):
        @refuses(UserPing)
        def on_bad_user_ping(self, session: Session, body: bytes, error: DecodeError) -> None:
            self.error(session, f"{len(body)} {error.message}")

    alice = town(Strict).user("alice")
    (answer,) = after(alice, Packet.of_raw(751, b"").encode())
    assert (answer.type, answer.body) == (404, b"0 UserPing")


def test_a_number_has_one_handler() -> None:
    with pytest.raises(TypeError, match="both take 750"):

        class Twice(Server):
            @handles(ServerPing)
            def on_another_ping(self, session: Session, message: ServerPing) -> None: ...


def test_a_message_without_a_number_has_no_handler() -> None:
    with pytest.raises(TypeError, match="no message number"):

        class Numberless(Core):
            @handles(FilenameClause)
            def on_clause(self, session: Session, message: Any) -> None: ...
