"""The toy node: one rule, one method."""

from __future__ import annotations

from collections.abc import Hashable
from random import Random

from peerspec.reference.node import Address, Close, Node, Open, Send, SetTimer

IDLE_SECONDS = 60.0


class ToyNode(Node):
    """Answers PING, passes SAY on."""

    def __init__(self) -> None:
        super().__init__()
        self.random = Random(0)
        self._links: dict[int, bytearray] = {}
        self._next = 0

    def pong(self, word: str) -> str | None:
        """TOY-PNG-01."""
        return f"PONG {word}"

    def empty_pong(self) -> str | None:
        """TOY-PNG-02."""
        return "PONG"

    def heard(self, text: str) -> str | None:
        """TOY-SAY-01."""
        return f"HEARD {text}"

    def listeners(self, speaker: int) -> list[int]:
        """TOY-SAY-02."""
        return [link for link in self._links if link != speaker]

    def idle_seconds(self) -> float:
        """TOY-TIM-01."""
        return IDLE_SECONDS

    def hello(self) -> str:
        """TOY-DIA-01."""
        return "HELLO"

    def goodbye(self) -> str:
        """TOY-BYE-01."""
        return "BYE"

    def start(self, now: float, address: Address) -> None:
        self.address = address

    def dial(self, now: float, address: Address) -> None:
        self._next += 1
        self._effects.append(Open(self._next, address))

    def accept(self, now: float, remote: Address, local: Address) -> int:
        self._next += 1
        self._admit(now, self._next)
        return self._next

    def _admit(self, now: float, link: int) -> None:
        self._links[link] = bytearray()
        self._effects.append(SetTimer(link, now + self.idle_seconds()))

    def opened(self, now: float, link: int, local: Address) -> None:
        self._admit(now, link)
        self._say(link, self.hello())

    def open_failed(self, now: float, link: int, reason: str) -> None:
        """Nothing to do."""

    def received(self, now: float, link: int, data: bytes) -> None:
        buffer = self._links[link]
        buffer += data
        self._effects.append(SetTimer(link, now + self.idle_seconds()))
        while b"\n" in buffer:
            line, _, rest = bytes(buffer).partition(b"\n")
            buffer[:] = rest
            self._line(link, line.decode())

    def _line(self, link: int, line: str) -> None:
        verb, _, rest = line.partition(" ")
        if verb == "PING":
            self._say(link, self.pong(rest) if rest else self.empty_pong())
        elif verb == "SAY":
            for listener in self.listeners(link):
                self._say(listener, self.heard(rest))
        elif verb == "CRASH":
            raise RuntimeError("crashed as asked")

    def _say(self, link: int, line: str | None) -> None:
        if line is not None:
            self._effects.append(Send(link, f"{line}\n".encode()))

    def closed(self, now: float, link: int) -> None:
        del self._links[link]

    def timer(self, now: float, key: Hashable) -> None:
        if isinstance(key, int) and self._links.pop(key, None) is not None:
            self._effects.append(Close(key))

    def shutdown(self, now: float) -> None:
        for link in self._links:
            self._say(link, self.goodbye())
            self._effects.append(Close(link))
        self._links.clear()
