"""What a node stands on, whatever its network: its links, and the means to send, close, ring alarms and keep timers.

Rules of this file:

- `now` is kept from the entry that is being served, so that the rules need not hand it on.
- Every byte that is sent passes `send`, every link that ends passes `close`.
- A link has one alarm at a time: setting it anew moves it.
- A network's own link is a dataclass that extends `Link`; its node extends `Links` and says how much may wait unread.
"""

from abc import abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .node import Address, CancelTimer, Close, Node, Open, Send, SetTimer
from .statemachine import StateMachine

NO_ADDRESS: Address = ("0.0.0.0", 0)  # noqa: S104 - nothing is bound here; it says "not known yet"


@dataclass(slots=True, eq=False, kw_only=True)
class Link:
    """One connection: where it stands in which state machine, who reads its bytes and what rings its alarm.

    `queued` counts the bytes sent and not yet known to be taken. `reads` and `alarm` are handed the link itself, of the
    network's own kind.
    """

    id: int
    remote: Address
    local: Address
    machine: StateMachine
    state: str
    reads: Callable[[Any, bytes], None]
    alarm: Callable[[Any], None]
    queued: int = 0

    def step(self, event: str) -> None:
        """Move to the state that `event` leads to."""
        self.state = self.machine.next(self.state, event)


L = TypeVar("L", bound=Link)


class Links(Node, Generic[L]):
    """The links of a node and the means to use them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.address: Address = NO_ADDRESS
        self.links: dict[int, L] = {}
        self._last_link = 0
        self._timers: dict[Hashable, Callable[[], None]] = {}

    # Links

    def next_link(self) -> int:
        """Return a number for a new link that no link of this node has had."""
        self._last_link += 1
        return self._last_link

    def hold(self, link: L) -> L:
        """Enter a new link into the table."""
        self.links[link.id] = link
        return link

    def enter(self, link: L, machine: StateMachine, reads: Callable[[L, bytes], None]) -> None:
        """Let `link` go on in another machine, from its first state."""
        link.machine = machine
        link.state = machine.initial
        link.reads = reads

    # Sending

    def send(self, link: L, data: bytes) -> None:
        """Send bytes; a link whose other side leaves more than `backlog_limit` unread is dropped instead."""
        link.queued += len(data)
        if link.queued > self.backlog_limit():
            self.drop_unread(link)
        elif link.id in self.links:
            self._effects.append(Send(link.id, data))

    @abstractmethod
    def backlog_limit(self) -> int:
        """Return how many bytes may wait on one link."""

    def drop_unread(self, link: L) -> None:
        """Give up a link whose other side does not read; the others are served on."""
        self.close(link, abort=True)

    # Opening and closing

    def open(self, link: L) -> None:
        """Connect a link made for a remote address."""
        self._effects.append(Open(link.id, link.remote))

    def close(self, link: L, *, abort: bool = False) -> None:
        """Close a link and forget it; what is told of it later is ignored."""
        if self.links.pop(link.id, None) is not None:
            self._effects.append(Close(link.id, abort))
            self._effects.append(CancelTimer(link.id))
            self.gone(link)

    def gone(self, link: L) -> None:
        """Do what the end of a link asks for, whichever side ended it. Topics add to it."""
        link.state = "closed"

    # Time

    def set_alarm(self, link: L, delay: float, alarm: Callable[[L], None]) -> None:
        """Call `alarm(link)` in `delay` seconds, instead of what was to ring before."""
        self.set_alarm_at(link, self.now + delay, alarm)

    def set_alarm_at(self, link: L, at: float, alarm: Callable[[L], None]) -> None:
        """Call `alarm(link)` at a time."""
        link.alarm = alarm
        self._effects.append(SetTimer(link.id, at))

    def set_timer(self, key: Hashable, delay: float, action: Callable[[], None]) -> None:
        """Call `action()` in `delay` seconds; `key` is a tuple, as numbers are the alarms of links."""
        self._timers[key] = action
        self._effects.append(SetTimer(key, self.now + delay))

    def cancel_timer(self, key: Hashable) -> None:
        """Forget a timer set with `set_timer`."""
        if self._timers.pop(key, None) is not None:
            self._effects.append(CancelTimer(key))

    def has_timer(self, key: Hashable) -> bool:
        """Return whether a timer of `set_timer` has not rung yet."""
        return key in self._timers

    def timer(self, now: float, key: Hashable) -> None:
        """Ring the alarm of a link, or act on another timer."""
        self.now = now
        if isinstance(key, int):
            link = self.links.get(key)
            if link is not None:
                link.alarm(link)
        else:
            action = self._timers.pop(key, None)
            if action is not None:
                action()
