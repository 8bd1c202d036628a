"""The file of known deviations: deviations that are known and accepted, each with the reason.

    [[known_deviations]]
    id = "GNU-FWD-03"                     # a requirement, or a case
    reason = "forwards with TTL 0 (reported upstream)"

A known deviation is still tried, and must still deviate: an entry that does not is an error. `remembered` makes the
list for the next run from this one, so that a node with a history can be held to getting no worse:

- an entry that still deviates keeps its id and its reason;
- an entry of which no case was judged stays as it is;
- an entry that deviates no longer is struck;
- a deviation that no entry covers gets one of its own, by the case's id, whose reason is what came instead.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .printing import printable, shortened
from .session import stale_deviations
from .target import Deviation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .engine import Result

LONGEST_REASON = 300
"""Characters of a reason that the tester gives."""

_HEAD = """\
# Known deviations: they are still tried and must still deviate. An id is that of a requirement or of a case.
# Written by `peerspec check --write-known`, which keeps the reasons when it writes this file again.
"""


def remembered(
    results: Sequence[Result], known: Iterable[Deviation], elsewhere: Iterable[Deviation] = ()
) -> list[Deviation]:
    """The known deviations after a run, given those before it. Of several entries of one id the last counts.

    What an entry `elsewhere` covers (in the target file) needs none here.
    """
    before = {each.id: each for each in known}
    stale = {each.id for each in stale_deviations(before.values(), results)}
    kept = {id_: each for id_, each in before.items() if id_ not in stale}
    others = {each.id for each in elsewhere}
    for result in results:
        if result.deviates and not (kept.keys() | others) & {result.case.id, *result.case.requirements}:
            reason = shortened(f"not explained yet: {result.message}", LONGEST_REASON)
            kept[result.case.id] = Deviation(id=result.case.id, reason=reason)
    return list(kept.values())


def as_toml(deviations: Iterable[Deviation]) -> str:
    """The file. Reasons are written on one line, what cannot be shown in escapes."""
    entries = [
        f"[[known_deviations]]\nid = {_string(each.id)}\nreason = {_string(each.reason)}\n" for each in deviations
    ]
    return "\n".join([_HEAD, *entries])


def _string(text: str) -> str:
    """A string of TOML: that of JSON, where all characters can be shown."""
    return json.dumps(printable(text), ensure_ascii=False)
