"""One replay from beginning to end: the trace of a case against a target."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from ..bench import Timing
from ..engine import Settings
from ..evidence.trace import Trace, TraceError, address
from ..outcomes import Failure, Inconclusive, Sign
from ..session import Session
from .decision import Decision, decide
from .player import NotReplayed, Player

if TYPE_CHECKING:
    from ..target import Target


def replay(trace: Trace, target: Target, timing: Timing, *, seed: int | None = None) -> Decision:
    """Send the trace's messages to a started target: whether the deviation shows again.

    `seed` decides what is chosen anew; None leaves it to the system. Raises NotReplayed, and TargetError when the
    target can't be reached.
    """
    if trace.network != target.network.name:
        raise NotReplayed(f"the trace is of {trace.network}, the target of {target.network.name}")
    if not target.isolated:
        session = Session(target, Settings(timing=timing))
        session.preflight()
        timing = replace(timing, timeout=max(timing.timeout, session.settings.timing.timeout))
    try:
        player = Player(trace.transcript(), address(trace.target.address), target, timing, Random(seed))
    except TraceError as error:
        raise NotReplayed(str(error)) from error
    try:
        player.play()
        return decide(player, trace.symptom_of())
    except Failure as error:
        said = str(error).partition("\n")[0]
        if trace.symptom_of().sign is Sign.DIED and error.symptom is not None and error.symptom.sign is Sign.DIED:
            return Decision(True, error.actual or said)  # an instance, of which only those hear who tell it something
        raise NotReplayed(said) from error
    except (Inconclusive, ValueError, LookupError) as error:
        raise NotReplayed(str(error).partition("\n")[0]) from error
    finally:
        player.close()
