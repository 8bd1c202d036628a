"""Toy nodes with one rule broken."""

from __future__ import annotations

from peerspec.conformance.mutants import mutant

from .node import ToyNode


@mutant(breaks="TOY-PNG-01", also=("TOY-SAY-02", "TOY-TIM-01"))
class PongsInLowerCase(ToyNode):
    """Answers in the wrong case."""

    def pong(self, word: str) -> str | None:
        return f"pong {word}"


@mutant(breaks="TOY-PNG-02")
class IgnoresEmptyPings(ToyNode):
    """Says nothing to a PING without a word."""

    def empty_pong(self) -> str | None:
        return None


@mutant(breaks="TOY-SAY-01")
class SwallowsWhatIsSaid(ToyNode):
    """Passes on another text than it got."""

    def heard(self, text: str) -> str | None:
        return f"HEARD ({text})"


@mutant(breaks="TOY-SAY-02")
class EchoesToTheSpeaker(ToyNode):
    """Lets a speaker hear itself."""

    def listeners(self, speaker: int) -> list[int]:
        return list(self._links)


@mutant(breaks="TOY-TIM-01")
class WaitsForEver(ToyNode):
    """Keeps idle connections for an hour."""

    def idle_seconds(self) -> float:
        return 3600.0


@mutant(breaks="TOY-DIA-01")
class SaysHallo(ToyNode):
    """Greets in another language."""

    def hello(self) -> str:
        return "HALLO"


@mutant(breaks="TOY-BYE-01")
class LeavesWithoutAWord(ToyNode):
    """Says nothing when it ends."""

    def goodbye(self) -> str:
        return ""
