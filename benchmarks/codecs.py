"""How fast the emitted parsers and builders are, beside interpreted Construct and what else one might take.

    python -m benchmarks.codecs [NETWORK ...] [--rounds N] [--check]

Prints two Markdown tables for each network, of ratios to interpreted Construct (higher is faster; in brackets thousand
messages a second). First all results are compared; then each contender runs in turn, round by round, and the best round
of each counts, so that whatever else the machine does falls on all alike; processor time is what is measured. With
`--check` the exit code is 1 when the emitted code is slower at anything than it must be: 15 times as fast as Construct
at Gnutella's messages, and 6 times at Napster's.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import thread_time
from typing import Any

from .contenders import EMITTED, Contender, builders, parsers, verify
from .subjects import SUBJECTS, Subject

#: seconds of processor time that one round of one contender takes, about
ROUND = 0.004


def measure(contenders: list[Contender], rounds: int) -> dict[str, dict[str, float]]:
    """Seconds a call, the best of all rounds, by contender and message."""
    best: dict[str, dict[str, float]] = {contender.name: {} for contender in contenders}
    repeats = {
        (contender.name, name): _repeats(call) for contender in contenders for name, call in contender.calls.items()
    }
    for _ in range(rounds):
        for contender in contenders:
            for name, call in contender.calls.items():
                count = repeats[contender.name, name]
                seconds = _time(call, count) / count
                best[contender.name][name] = min(seconds, best[contender.name].get(name, seconds))
    return best


def _repeats(call: Callable[[], Any]) -> int:
    """How often to call in one round."""
    _time(call, 3)
    return max(3, int(ROUND / max(_time(call, 20) / 20, 1e-8)))


def _time(call: Callable[[], Any], count: int) -> float:
    repeat = range(count)
    start = thread_time()
    for _ in repeat:
        call()
    return thread_time() - start


def ratios(best: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Speed as a multiple of the first contender's."""
    base = next(iter(best.values()))
    return {contender: {name: base[name] / seconds for name, seconds in row.items()} for contender, row in best.items()}


def table(title: str, subject: Subject, best: dict[str, dict[str, float]]) -> str:
    """A Markdown table: a row for each contender, a column for each message."""
    sizes = [f"{name} {len(message.encode())} B" for name, message in subject.messages.items()]
    lines = [f"| {title} | {' | '.join(sizes)} |", "|---" * (1 + len(sizes)) + "|"]
    for contender, row in ratios(best).items():
        cells = [f"{ratio:.1f} [{0.001 / best[contender][name]:,.0f}]" for name, ratio in row.items()]
        lines.append(f"| {contender} | {' | '.join(cells)} |")
    return "\n".join(lines)


def versions() -> str:
    names = ("construct", "msgspec", "scapy", "kaitaistruct")
    return f"{platform.python_implementation()} {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in names
    )


def compare(subject: Subject, rounds: int) -> list[str]:
    """Print the tables of a network; what is below the floor."""
    parsing, building = parsers(subject), builders(subject)
    verify(subject, parsing, building)
    slow = []
    for title, contenders in (("parse", parsing), ("build", building)):
        best = measure(contenders, rounds)
        print(table(f"{subject.network}: {title}", subject, best), end="\n\n", flush=True)
        slow += [
            f"{subject.network} {title} {name} {ratio:.1f} where {subject.floor:g} is wanted"
            for name, ratio in ratios(best)[EMITTED].items()
            if ratio < subject.floor
        ]
    return slow


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="benchmarks.codecs", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("networks", nargs="*", metavar="NETWORK", help=f"{', '.join(SUBJECTS)} (default: all)")
    options.add_argument("--rounds", type=int, default=40, help="rounds, of which the best counts (default: 40)")
    options.add_argument("--check", action="store_true", help="exit 1 if the emitted code is too slow")
    chosen = options.parse_args(arguments)
    if chosen.rounds < 1:
        options.error("at least one round is needed")
    if unknown := sorted(set(chosen.networks) - set(SUBJECTS)):
        options.error(f"no messages of {', '.join(unknown)} here")
    print(f"{versions()}; best of {chosen.rounds} rounds\n")
    slow = [fault for name in chosen.networks or SUBJECTS for fault in compare(SUBJECTS[name], chosen.rounds)]
    if chosen.check and slow:
        print(f"the emitted code is too slow, in times of interpreted Construct: {'; '.join(slow)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
