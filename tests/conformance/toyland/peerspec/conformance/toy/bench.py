"""The toy bench: connections that speak lines."""

from __future__ import annotations

from peerspec.conformance.bench import Bench
from peerspec.conformance.outcomes import Failure
from peerspec.conformance.worlds import Wire


class ToyPeer:
    """One connection."""

    def __init__(self, bench: ToyBench, wire: Wire) -> None:
        self.bench = bench
        self.wire = wire
        self._rest = b""

    def say(self, line: str) -> None:
        self.wire.send(f"{line}\n".encode())

    def hear(self) -> str:
        deadline = self.bench.world.now() + self.bench.timing.timeout
        while b"\n" not in self._rest:
            if self.wire.eof or not self.bench.world.wait([self.wire], deadline):
                raise Failure(expected="a line", actual="the connection was closed" if self.wire.eof else "silence")
            self._rest += self.wire.take()
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("utf-8", "replace")

    def ask(self, line: str) -> str:
        self.say(line)
        return self.hear()

    def attend(self) -> None:
        assert self.ask("PING kept") == "PONG kept"


class ToyBench(Bench):
    """The node, and peers to it."""

    def peer(self) -> ToyPeer:
        return ToyPeer(self, self.dial())

    def assert_alive(self) -> None:
        super().assert_alive()
        word = self.unique()
        if (answer := self.peer().ask(f"PING {word}")) != f"PONG {word}":
            raise Failure(expected=f"PONG {word}", actual=answer)
