"""Memory that forgets: a table bounded in size and age, and a bucket that bounds a rate.

Rules of this file:

- What is forgotten first is what came first. Nothing needs a timer: old entries go when others come or are asked for.
"""

from collections.abc import Hashable
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class AgeingTable(Generic[K, V]):
    """A mapping that holds at most `limit` entries, each for at most `lifetime` seconds."""

    __slots__ = ("_entries", "lifetime", "limit")

    def __init__(self, limit: int, lifetime: float) -> None:
        self.limit = limit
        self.lifetime = lifetime
        self._entries: dict[K, tuple[float, V]] = {}

    def put(self, now: float, key: K, value: V) -> None:
        """Remember `value` from `now` on; the age of an entry that is put again starts anew."""
        entries = self._entries
        entries.pop(key, None)
        for old in list(islice(entries, 2)):
            if len(entries) >= self.limit or now - entries[old][0] > self.lifetime:
                del entries[old]
        entries[key] = (now, value)

    def get(self, now: float, key: K) -> V | None:
        """Return the value of `key`, None when it was forgotten or never known."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now - entry[0] > self.lifetime:
            del self._entries[key]
            return None
        return entry[1]

    def has(self, now: float, key: K) -> bool:
        """Return whether `key` is remembered."""
        entry = self._entries.get(key)
        return entry is not None and now - entry[0] <= self.lifetime

    def keys(self, now: float) -> list[K]:
        """Return the keys that are not forgotten, the latest first."""
        return [key for key, (born, _) in reversed(self._entries.items()) if now - born <= self.lifetime]

    def __len__(self) -> int:
        return len(self._entries)


class Bucket:
    """Bounds a rate: `burst` at once, and `rate` a second in the long run."""

    __slots__ = ("burst", "level", "rate", "since")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self.level = float(burst)
        self.since = now

    def take(self, now: float) -> bool:
        """Take one from the bucket; False when it is empty."""
        self.level = min(self.burst, self.level + (now - self.since) * self.rate)
        self.since = now
        if self.level < 1:
            return False
        self.level -= 1
        return True
