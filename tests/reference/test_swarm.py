"""Two hundred servents in a random graph, with trouble on every way, parted, healed, left and joined."""

import random
from collections.abc import Callable

from peerspec.reference.gnutella import Download, Found, Servent, ServentConfig, Shares
from peerspec.reference.worlds.virtual import VirtualNetwork

SERVENTS = 200
DEGREE = 4


def address(number: int) -> tuple[str, int]:
    return (f"10.0.{number // 100}.{number % 100 + 1}", 6346)


def content(number: int) -> bytes:
    return random.Random(number).randbytes(3_000)


class Swarm:
    """A network of servents, each of which shares one file of its own; every third is firewalled."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.network = VirtualNetwork(
            seed, latency=(0.01, 0.15), loss=0.01, duplication=0.01, reordering=0.05, split=0.1
        )
        self.servents: dict[int, Servent] = {}
        for number in range(SERVENTS):
            self.join(number)
        self.network.run_for(10)

    def join(self, number: int) -> None:
        """Add a servent that dials a few of those that are there."""
        config = ServentConfig(firewalled=number % 3 == 0)
        shares = Shares.of({f"file number{number} of the swarm.bin": content(number)})
        servent = Servent(config, random.Random(1000 * number + self.random.randrange(1000)), shares)
        there = list(self.servents)
        self.network.add(servent, address(number))
        for other in self.random.sample(there, min(DEGREE, len(there))):
            self.network.call(servent, self.dialling(address(other)))
        self.servents[number] = servent

    def dialling(self, other: tuple[str, int]) -> Callable[[Servent, float], int]:
        """A verb that dials."""
        return lambda servent, now: servent.dial(now, other)

    def leave(self, number: int) -> None:
        """Take a servent away without a word."""
        del self.servents[number]
        self.network.remove(address(number))

    def fetch(self, pairs: list[tuple[int, int]]) -> list[bytes | None]:
        """Let the first of each pair search for the file of the second, and return what it could fetch."""
        downloads = [self.network.call(self.servents[asker], self.searching(owner)) for asker, owner in pairs]
        self.network.run_for(6)
        started: list[Download | None] = []
        for (asker, _), guid in zip(pairs, downloads, strict=True):
            servent = self.servents[asker]
            found = servent.results(guid)
            started.append(self.network.call(servent, self.downloading(found[0])) if found else None)
        self.network.run_until(lambda: all(each is None or each.finished for each in started), 120)
        return [bytes(each.data) if each is not None and each.state == "done" else None for each in started]

    def searching(self, owner: int) -> Callable[[Servent, float], bytes]:
        """A verb that searches for a file."""
        return lambda servent, now: servent.search(now, f"swarm number{owner}")

    def downloading(self, found: Found) -> Callable[[Servent, float], Download]:
        """A verb that fetches a file."""
        return lambda servent, now: servent.download(now, found)

    def pairs(self, count: int, askers: list[int], owners: list[int]) -> list[tuple[int, int]]:
        """Random pairs of an asker and another servent whose file it wants."""
        chosen = [(self.random.choice(askers), self.random.choice(owners)) for _ in range(count)]
        return [(asker, owner) for asker, owner in chosen if asker != owner]


def test_searches_find_and_downloads_succeed_in_a_swarm_in_trouble() -> None:
    swarm = Swarm(seed=11)
    everybody = list(swarm.servents)
    assert min(len(servent.peers()) for servent in swarm.servents.values()) >= 1

    # as it is
    pairs = swarm.pairs(15, everybody, everybody)
    assert swarm.fetch(pairs) == [content(owner) for _, owner in pairs]

    # parted: each half finds its own, and nothing of the other
    left, right = [each for each in everybody if each < 100], [each for each in everybody if each >= 100]
    swarm.network.partition([[address(each)[0] for each in left]])
    swarm.network.run_for(5)
    assert swarm.fetch(swarm.pairs(5, left, right)) == [None] * 5
    inner = swarm.pairs(8, left, left)
    assert swarm.fetch(inner) == [content(owner) for _, owner in inner]

    # healed, with a fifth of the servents gone and others come in their place
    swarm.network.heal()
    for number in swarm.random.sample(everybody, 40):
        swarm.leave(number)
    for number in range(SERVENTS, SERVENTS + 40):
        swarm.join(number)
    swarm.network.run_for(10)
    there = list(swarm.servents)
    newcomers = [number for number in there if number >= SERVENTS]
    late = [*swarm.pairs(8, newcomers, newcomers), *swarm.pairs(8, newcomers, there)]
    fetched = swarm.fetch(late)
    assert all(data in (None, content(owner)) for data, (_, owner) in zip(fetched, late, strict=True))
    assert sum(data is not None for data in fetched) >= 0.9 * len(late)

    assert swarm.network.crashes == {}
    for servent in swarm.servents.values():
        assert all(link.queued < 100_000 for link in servent.links.values())
