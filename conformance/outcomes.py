"""How a case ends when it does not simply return.

- `Failure`: the node did something else than the requirement says. A bare `assert` in a case says the same.
- `Unsupported`: the node does not offer the feature that the case needs.
- `Inconclusive`: a precondition that is not what the case is about did not come about.
- anything else raised is the tester's own fault and becomes the verdict `error`.
"""

from __future__ import annotations


class Failure(AssertionError):
    """The node deviates.

    `expected` lists every acceptable outcome, `actual` says what came instead; both are short phrases for a person.
    """

    def __init__(
        self, message: str = "", *, expected: str | list[str] | tuple[str, ...] = (), actual: str = ""
    ) -> None:
        self.expected: tuple[str, ...] = (expected,) if isinstance(expected, str) else tuple(expected)
        self.actual = actual
        self.message = message or self._said()
        super().__init__(self.message)

    def _said(self) -> str:
        expected = " or ".join(self.expected)
        return "; ".join(
            part for part in (expected and f"expected {expected}", self.actual and f"got {self.actual}") if part
        )


class Unsupported(Exception):
    """The target lacks `feature`; `how` says how that is known."""

    def __init__(self, feature: str, how: str = "") -> None:
        self.feature = feature
        self.how = how
        super().__init__(f"{feature}: {how}" if how else feature)


class Inconclusive(Exception):
    """A precondition did not come about, so nothing is said of the requirement."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Unreachable(OSError):
    """A connection to the node could not be opened: refused, reset, or no answer in time. `reason` says which."""

    def __init__(self, address: tuple[str, int], reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"{address[0]}:{address[1]}: {reason}")
