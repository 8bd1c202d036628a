"""A node that lets everybody in, answers the fences, and does with each other message what a test says."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from peerspec.codecs.napster import (
    Login,
    LoginAck,
    NickCheck,
    NickFree,
    Packet,
    PrivateMessage,
    UserSpeed,
    UserSpeedRequest,
)
from peerspec.conformance.napster.nulls import Reader
from peerspec.reference.node import Address, Close, Send

Rule = Callable[["Scripted", int, Packet], None]

FENCES = 600


class Scripted(Reader):
    """`rule` is called with each message but logins and, unless it takes them itself, fences."""

    def __init__(self, random: Random, rule: Rule, *, takes_fences: bool = False) -> None:
        super().__init__(random)
        self.rule = rule
        self.takes_fences = takes_fences
        self.nicks: dict[int, str] = {}
        self.connected: list[int] = []

    def accept(self, now: float, remote: Address, local: Address) -> int:
        link = super().accept(now, remote, local)
        self.connected.append(link)
        return link

    def answer(self, link: int, packet: Packet) -> None:
        if packet.type == Login.wire_type:
            self.nicks[link] = Login.decode(packet.body).nick
            self.say(link, LoginAck("anon@localhost"))
        elif packet.type in (NickCheck.wire_type, FENCES) and not self.takes_fences:
            self.pass_fence(link, packet)
        else:
            self.rule(self, link, packet)

    def pass_fence(self, link: int, packet: Packet) -> None:
        """Answer a 7 or a 600."""
        if packet.type == NickCheck.wire_type:
            self.say(link, NickFree())
        else:
            asked = UserSpeedRequest.decode(packet.body).nick
            if asked.lower() in {nick.lower() for nick in self.nicks.values()}:
                self.say(link, UserSpeed(asked, 8))

    def closed(self, now: float, link: int) -> None:
        self.nicks.pop(link, None)
        super().closed(now, link)

    def send(self, link: int, data: bytes) -> None:
        """Send bytes as they are."""
        self._effects.append(Send(link, data))

    def close(self, link: int) -> None:
        """Close a link."""
        self.nicks.pop(link, None)
        self._effects.append(Close(link))

    def others(self, link: int) -> list[int]:
        """The links of the other users."""
        return [each for each in self.nicks if each != link]


def ignores(node: Scripted, link: int, packet: Packet) -> None:
    """A rule: nothing is done."""


def relays(node: Scripted, link: int, packet: Packet) -> None:
    """A rule: private messages go to their receivers."""
    if packet.type == PrivateMessage.wire_type:
        message = PrivateMessage.decode(packet.body)
        for other, nick in node.nicks.items():
            if nick == message.nick:
                node.say(other, PrivateMessage(node.nicks[link], message.text))


def scripted(rule: Rule, *, takes_fences: bool = False) -> Callable[[Random], Scripted]:
    """What makes such a node."""
    return lambda random: Scripted(random, rule, takes_fences=takes_fences)
