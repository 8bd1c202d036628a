"""How a case ends when it does not simply return.

- `Failure`: the node did something else than the requirement says. A bare `assert` in a case says the same.
- `Unsupported`: the node does not offer the feature that the case needs.
- `Inconclusive`: a precondition that is not what the case is about did not come about.
- anything else raised is the tester's own fault and becomes the verdict `error`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Sign(StrEnum):
    """The kinds of symptom."""

    MISSING = "missing"
    """On `wire`, no message comes that fits `pattern`; `already` came before."""
    UNWANTED = "unwanted"
    """On `wire`, a message comes that fits `pattern`, beyond the `already` that may."""
    SILENT = "silent"
    """On `wire`, nothing comes after the messages that came."""
    OPEN = "open"
    """The node does not close `wire`, nor say what fits `pattern`."""
    UNCALLED = "uncalled"
    """No connection comes to the tester's port `at`, beyond the `already` that came."""
    REFUSED = "refused"
    """The node accepts no connection at `at`."""
    DIED = "died"
    """The node ends."""
    ANSWERS = "answers"
    """What comes on `wire` is not what should."""
    KEPT = "kept"
    """What the node keeps, such as a file that it has fetched, is not what should be; no wire shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """What a deviation shows itself by, for programs: in what way something that comes, or does not come, is wrong."""

    sign: Sign
    wire: int = 0
    """The number of the wire in the transcript."""
    pattern: Mapping[str, int | str] = field(default_factory=dict)
    """Values of a message's fields by path, as in its JSON form; `payload` stands for the payload's bytes in hex."""
    already: int = 0
    after: int = 0
    """How many events of the transcript came before; what came in them does not count."""
    at: tuple[str, int] | None = None
    waited: bool = False
    """The case had waited, and nothing more came: with `answers`, that nothing comes is a part of what is wrong."""


class Failure(AssertionError):  # noqa: N818 - an outcome, not an error of ours
    """The node deviates.

    `expected` lists every acceptable outcome, `actual` says what came instead; both are short phrases for a person.
    `symptom` says it for programs, where that can be said in so few words.
    """

    def __init__(
        self,
        message: str = "",
        *,
        expected: str | list[str] | tuple[str, ...] = (),
        actual: str = "",
        symptom: Symptom | None = None,
    ) -> None:
        self.symptom = symptom
        self.expected: tuple[str, ...] = (expected,) if isinstance(expected, str) else tuple(expected)
        self.actual = actual
        self.message = message or self._said()
        super().__init__(self.message)

    def _said(self) -> str:
        expected = " or ".join(self.expected)
        return "; ".join(
            part for part in (expected and f"expected {expected}", self.actual and f"got {self.actual}") if part
        )


class Unsupported(Exception):  # noqa: N818 - an outcome
    """The target lacks `feature`; `how` says how that is known."""

    def __init__(self, feature: str, how: str = "") -> None:
        self.feature = feature
        self.how = how
        super().__init__(f"{feature}: {how}" if how else feature)


class Inconclusive(Exception):  # noqa: N818 - an outcome
    """A precondition did not come about, so nothing is said of the requirement."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Unreachable(OSError):  # noqa: N818 - says where, not what went wrong here
    """A connection to the node could not be opened: refused, reset, or no answer in time. `reason` says which."""

    def __init__(self, address: tuple[str, int], reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"{address[0]}:{address[1]}: {reason}")


@contextmanager
def assuming(what: str) -> Iterator[None]:
    """Turn a deviation within the block into Inconclusive: it concerns a precondition, not what the case is about.

    `what` says the precondition: `with assuming("a hit is routed"): alice.expect(hit)`.
    """
    try:
        yield
    except AssertionError as error:
        said = str(error).partition("\n")[0]
        raise Inconclusive(f"it did not come about that {what}: {said}" if said else f"not so: {what}") from error
