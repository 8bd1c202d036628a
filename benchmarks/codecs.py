"""How fast the emitted parsers and builders are, beside interpreted Construct and what else one might take.

    python -m benchmarks.codecs [--rounds N] [--check]

Prints two Markdown tables of ratios to interpreted Construct (higher is faster; in brackets thousand messages a
second). First all results are compared; then each contender runs in turn, round by round, and the best round of each
counts, so that whatever else the machine does falls on all alike; processor time is what is measured. With `--check`
the exit code is 1 when the emitted code is less than 15 times as fast as Construct at anything.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from socket import inet_aton
from time import thread_time
from typing import Any

from peerspec.codecs import oracle
from peerspec.codecs.gnutella import Header, OpenData, Pong, Query, QueryHit, Result, Trailer
from peerspec.codecs.message import Message
from peerspec.codecs.scapy_layers import layers, to_packet

from . import by_hand, kaitai

GUID = bytes.fromhex("c0ffee00c0ffee00ffc0ffee00c0ff00")
HEADER = Header(GUID, 0x81, 4, 3, 435)
PONG = Pong(6346, "127.1.2.3", 17, 40_960)
QUERY = Query("free software songs")
HIT = QueryHit(
    6346,
    "127.1.2.3",
    1000,
    tuple(
        Result(number, 4_000_000 + number, f"Free Software Song, take {number}.ogg", extension=b"urn:sha1:" + b"A" * 32)
        for number in range(5)
    ),
    GUID,
    trailer=Trailer(b"PEER", OpenData(0x1C, 0x10), private=b""),
)
MESSAGES: dict[str, Message] = {"Header": HEADER, "Pong": PONG, "Query": QUERY, "QueryHit": HIT}
FLOOR = 15.0
#: seconds of processor time that one round of one contender takes, about
ROUND = 0.004


@dataclass(frozen=True)
class Contender:
    """A way to parse or build: one function a message, each called without arguments."""

    name: str
    calls: dict[str, Callable[[], Any]]


def parsers() -> list[Contender]:
    raw = {name: message.encode() for name, message in MESSAGES.items()}
    scapy = layers("gnutella")

    def each(make: Callable[[str, bytes], Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
        return {name: make(name, data) for name, data in raw.items()}

    def construct(name: str, data: bytes) -> Callable[[], Any]:
        cls = type(MESSAGES[name])
        return lambda: oracle.decode(cls, data)

    def emitted(name: str, data: bytes) -> Callable[[], Any]:
        MESSAGES[name].encode()
        cls = type(MESSAGES[name])
        return lambda: cls.decode(data)

    def hand(name: str, data: bytes) -> Callable[[], Any]:
        parse = getattr(by_hand, name).parse
        return lambda: parse(data)

    def with_kaitai(name: str, data: bytes) -> Callable[[], Any]:
        from_bytes = getattr(kaitai, name).from_bytes
        return lambda: from_bytes(data)

    def with_scapy(name: str, data: bytes) -> Callable[[], Any]:
        layer = scapy[name]
        return lambda: layer(data)

    return [
        Contender("Construct, interpreted", each(construct)),
        Contender("**emitted**", each(emitted)),
        Contender("by hand: struct and slotted dataclass", each(hand)),
        Contender("kaitai, read-only", each(with_kaitai)),
        Contender("scapy", each(with_scapy)),
    ]


def builders() -> list[Contender]:
    raw = {name: message.encode() for name, message in MESSAGES.items()}

    def each(make: Callable[[str, Message], Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
        return {name: make(name, message) for name, message in MESSAGES.items()}

    def construct(name: str, message: Message) -> Callable[[], Any]:
        return lambda: oracle.encode(message)

    def emitted(name: str, message: Message) -> Callable[[], Any]:
        return lambda: message.encode()  # noqa: PLW0108 (a call of the method is what is measured)

    def hand(name: str, message: Message) -> Callable[[], Any]:
        build: Callable[[], bytes] = getattr(by_hand, name).parse(raw[name]).build
        return lambda: build()  # noqa: PLW0108

    def with_kaitai(name: str, message: Message) -> Callable[[], Any]:
        value, size = writable(message), len(raw[name])
        return lambda: kaitai.build(value, size)

    def with_scapy(name: str, message: Message) -> Callable[[], Any]:
        packet = to_packet(message)
        return lambda: bytes(packet)

    return [
        Contender("Construct, interpreted", each(construct)),
        Contender("**emitted**", each(emitted)),
        Contender("by hand: struct and slotted dataclass", each(hand)),
        Contender("kaitai, read-write", each(with_kaitai)),
        Contender("scapy", each(with_scapy)),
    ]


def writable(message: Message) -> Any:
    """A message as object of a read-write Kaitai class."""
    values = {name: getattr(message, name) for name in message.__struct_fields__}
    if "ip" in values:
        values["ip"] = inet_aton(values["ip"])
    if isinstance(message, QueryHit):
        values["results"] = [writable(result) for result in message.results]
        values["count"] = len(message.results)
        values["trailer"] = writable(message.trailer) if message.trailer else None
    if isinstance(message, Trailer):
        open_data = values.pop("open_data")
        values |= {"flags": open_data.flags, "mask": open_data.mask, "more": open_data.more}
        values["open_size"] = 2 + len(open_data.more)
    return getattr(kaitai, f"Writable{type(message).__name__}")(**values)


def plain(value: Any) -> Any:
    """A parsed message of any contender as nested plain values, so that they can be compared."""
    if isinstance(value, Message):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        found = {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, by_hand.Trailer):
            found["open_data"] = {name: found.pop(name) for name in ("flags", "mask", "more")}
        return found
    return value


def agree(value: Any, like: Any) -> bool:
    """Whether a parsed object of another library holds what `like` holds, names and address forms aside."""
    if isinstance(like, dict):
        return all(agree(attribute(value, name), item) for name, item in like.items())
    if isinstance(like, list):
        return len(value) == len(like) and all(agree(one, other) for one, other in zip(value, like, strict=True))
    if isinstance(like, str) and isinstance(value, bytes):
        return value in (like.encode("utf-8", "surrogateescape"), inet_aton(like) if like.count(".") == 3 else None)
    return bool(value == like)


def attribute(value: Any, name: str) -> Any:
    fields = getattr(value, "fields", None)
    if fields is not None:
        return fields[name if name in fields else f"{name}_"]
    return getattr(value, name)


def verify(parsing: list[Contender], building: list[Contender]) -> None:
    """Raise `AssertionError` unless all contenders give the same."""
    for name, message in MESSAGES.items():
        expected = plain(message)
        for contender in parsing:
            found = contender.calls[name]()
            found = plain(found) if isinstance(found, Message) or hasattr(found, "__dataclass_fields__") else found
            same = found == expected if isinstance(found, dict) else agree(found, expected)
            assert same, f"{contender.name} reads {name} otherwise: {found!r}"
        for contender in building:
            built = contender.calls[name]()
            assert built == message.encode(), f"{contender.name} builds {name} otherwise: {built!r}"


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


def table(title: str, best: dict[str, dict[str, float]]) -> str:
    sizes = [f"{name} {len(message.encode())} B" for name, message in MESSAGES.items()]
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


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="benchmarks.codecs", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rounds", type=int, default=40, help="rounds, of which the best counts (default: 40)")
    options.add_argument("--check", action="store_true", help=f"exit 1 if the emitted code is below {FLOOR:g} times")
    chosen = options.parse_args(arguments)
    if chosen.rounds < 1:
        options.error("at least one round is needed")
    parsing, building = parsers(), builders()
    verify(parsing, building)
    print(f"{versions()}; best of {chosen.rounds} rounds\n")
    slow = []
    for title, contenders in (("parse", parsing), ("build", building)):
        best = measure(contenders, chosen.rounds)
        print(table(title, best), end="\n\n")
        slow += [f"{title} {name} {ratio:.1f}" for name, ratio in ratios(best)["**emitted**"].items() if ratio < FLOOR]
    if chosen.check and slow:
        print(f"below {FLOOR:g} times interpreted Construct: {', '.join(slow)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
