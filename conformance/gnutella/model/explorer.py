"""Gnutella's explorer: draws scenarios, and plays them on a bench of the target."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import TYPE_CHECKING

from ....codecs.errors import DecodeError, EncodeError
from ...bench import Timing, seeded
from ...explore.explorer import Explorer, Played
from ...outcomes import Failure, Inconclusive, Unreachable, Unsupported
from ..bench import Bench
from .drawing import draw
from .playing import Player
from .steps import GnutellaScenario

if TYPE_CHECKING:
    from ...target import Target


class GnutellaExplorer(Explorer):
    """Explores servents."""

    scenario = GnutellaScenario

    def draw(self, random: Random, target: Target, length: int) -> GnutellaScenario:
        return draw(random, length, target)

    def play(
        self, scenario: GnutellaScenario, target: Target, *, seed: int, timing: Timing, known: Collection[str] = ()
    ) -> Played:
        world = target.world(timing)
        bench = Bench(target, world, seeded(seed, "play"), timing)
        world.start_clock()
        player = Player(bench, scenario, known)
        trouble = ""
        try:
            player.play()
        except (Unsupported, Inconclusive, Unreachable, Failure, DecodeError, EncodeError) as error:
            trouble = str(error).partition("\n")[0] or type(error).__name__
        finally:
            player.look_for_death()
            bench.finish()
        return Played(tuple(player.memory.deviations), trouble, player.carried_out, world.transcript)
