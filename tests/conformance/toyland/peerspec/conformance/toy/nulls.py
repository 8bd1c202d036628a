"""Nodes that implement nothing."""

from __future__ import annotations

from peerspec.reference.node import Address, Close, Send

from .node import ToyNode


class Null(ToyNode):
    """Dials when told to, as the operating system does it, and then says nothing."""

    def hello(self) -> str:
        return ""


class Mute(Null):
    """Takes everything and says nothing."""

    def received(self, now: float, link: int, data: bytes) -> None:
        """Nothing."""


class Slammer(Mute):
    """Closes every connection at once."""

    def accept(self, now: float, remote: Address, local: Address) -> int:
        link = super().accept(now, remote, local)
        self._links.pop(link)
        self._effects.append(Close(link))
        return link


class Echo(Null):
    """Sends back what it gets."""

    def received(self, now: float, link: int, data: bytes) -> None:
        self._effects.append(Send(link, data))
