"""Private messages: to whom they go, from whom they come, and byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...codecs.napster import ErrorText, PrivateMessage
from ..checks import checks
from ..outcomes import assuming

if TYPE_CHECKING:
    from .bench import Bench


@checks("NAP-MSG-01")
def test_a_message_arrives_under_the_nick_of_its_sender(bench: Bench) -> None:
    alice, bob = bench.users(2)
    bob.send(PrivateMessage(alice.nick, "hello"))
    assert alice.expect(PrivateMessage).nick == bob.nick


@checks("NAP-MSG-02")
@pytest.mark.parametrize(
    "text",
    ["how   do    you do", "trailing blanks   ", "  leading blanks", '"quoted" and "half', "caf\u00e9"],
    ids=["blanks", "trailing", "leading", "quotes", "not ascii"],
)
def test_a_message_arrives_byte_by_byte(bench: Bench, text: str) -> None:
    alice, bob = bench.users(2)
    bob.send(PrivateMessage(alice.nick, text))
    with assuming("the message arrives"):
        came = alice.expect(PrivateMessage)
    assert came.text == text


@checks("NAP-MSG-03")
def test_a_message_goes_to_nobody_else(bench: Bench) -> None:
    alice, bob, carol = bench.users(3)
    bob.send(PrivateMessage(alice.nick, "hello"))
    with assuming("the message arrives"):
        alice.expect(PrivateMessage)
    carol.expect_none(PrivateMessage, fence=bob)
    bob.expect_none(PrivateMessage, fence=bob)


@checks("NAP-MSG-04")
def test_a_message_for_nobody_is_answered_by_404(bench: Bench) -> None:
    bob = bench.user()
    bob.send(PrivateMessage(bench.new_nick(), "hello"))
    bob.expect(ErrorText)


@checks("NAP-MSG-05")
@pytest.mark.parametrize("form", ["{alice} {carol} hello", ":{carol} {alice} hello"], ids=["in the text", "colon"])
def test_a_message_never_arrives_under_another_nick(bench: Bench, form: str) -> None:
    alice, bob, carol = bench.users(3)
    body = form.format(alice=alice.nick, carol=carol.nick)
    bob.send_raw(PrivateMessage.wire_type or 0, body.encode())
    bob.sync()
    bob.send(PrivateMessage(alice.nick, "last"))
    with assuming("messages arrive"):
        alice.expect(PrivateMessage, where=lambda got: got.text == "last")
    alice.expect_none(PrivateMessage, where=lambda got: got.nick != bob.nick, fence=bob)
