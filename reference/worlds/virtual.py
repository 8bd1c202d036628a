"""A deterministic network in memory, with a clock that jumps from event to event.

Rules of this file:

- The same seed and the same calls give the same events, byte for byte. Nothing here reads a clock or a global
  generator.
- Time passes only between events; what a node does in answer to an event costs no time.
- Trouble is seeded: latency, loss, duplication and reordering. A stream turns each of them into delay, as TCP does;
  a datagram suffers them as they are. A partition severs the connections that cross it and refuses new ones.
- A node that raises has crashed: it is taken off the network at once, its connections are reset, and the exception is
  kept in `crashes`. The other nodes live on.
"""

import random
from collections.abc import Callable, Collection, Hashable, Iterable
from heapq import heappop, heappush
from typing import Any, TypeVar

from ..node import Address, CancelTimer, Close, Effect, Listen, Node, Open, Send, SendDatagram, SetTimer
from .streams import End, NodeEnd, VirtualDatagrams, VirtualListener, VirtualStream

N = TypeVar("N", bound=Node)
R = TypeVar("R")

FIRST_PORT = 49152
"""The first port given to whoever asks for none (the range that IANA leaves free for this)."""

RETRANSMISSION = 0.2
"""Seconds that a lost segment of a stream waits before it is sent again."""

REFUSED = "connection refused"
UNREACHABLE = "host unreachable"


class Host:
    """A node's place in the network: its address, the ends of its links and its timers."""

    __slots__ = ("address", "alive", "ends", "network", "node", "timers")

    def __init__(self, network: "VirtualNetwork", node: Node, address: Address) -> None:
        self.network = network
        self.node = node
        self.address = address
        self.ends: dict[int, NodeEnd] = {}
        self.timers: dict[Hashable, int] = {}
        self.alive = True

    def call(self, entry: Callable[..., R], *arguments: Any) -> R | None:
        """Call an entry of the node and carry out what it asks for; None when the node is not, or no longer, alive."""
        if not self.alive:
            return None
        try:
            result = entry(self.network.now, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever a node raises is that node's crash, not the network's
            self.network.crash(self, error)
            return None
        self.carry_out()
        return result

    def carry_out(self) -> None:
        """Carry out what the node has asked for."""
        for effect in self.node.take_effects():
            _CARRY_OUT[effect.__class__](self, effect)

    def accept(self, remote: Address, local: Address) -> NodeEnd | None:
        """Let the node take a connection; returns its end, None when the node crashed.

        What the node asked for is left to be carried out.
        """
        try:
            link = self.node.accept(self.network.now, remote, local)
        except Exception as error:  # noqa: BLE001 - as in `call`
            self.network.crash(self, error)
            return None
        end = self.ends[link] = NodeEnd(self.network, self, link, local, remote)
        return end

    def send(self, effect: Send) -> None:
        """Carry out `Send`."""
        end = self.ends.get(effect.link)
        if end is not None:
            end.send(effect.data)

    def close(self, effect: Close) -> None:
        """Carry out `Close`."""
        end = self.ends.pop(effect.link, None)
        if end is not None:
            if effect.abort:
                end.abort()
            else:
                end.close()

    def open(self, effect: Open) -> None:
        """Carry out `Open`."""
        self.network.connect_node(self, effect.link, effect.address)

    def listen(self, effect: Listen) -> None:
        """Carry out `Listen`."""
        self.network.share(self, (self.address[0], effect.port))

    def set_timer(self, effect: SetTimer) -> None:
        """Carry out `SetTimer`."""
        self.timers[effect.key] = self.network.at(effect.at, self.fire, effect.key)

    def cancel_timer(self, effect: CancelTimer) -> None:
        """Carry out `CancelTimer`."""
        self.timers.pop(effect.key, None)

    def send_datagram(self, effect: SendDatagram) -> None:
        """Carry out `SendDatagram`."""
        self.network.send_datagram(self.address, effect.address, effect.data)

    def fire(self, token: int, key: Hashable) -> None:
        """Call the timer `key`, unless it was cancelled or moved since the event `token` was made for it."""
        if self.timers.get(key) == token:
            del self.timers[key]
            self.call(self.node.timer, key)


_CARRY_OUT: dict[type[Effect], Callable[[Host, Any], None]] = {
    Send: Host.send,
    Close: Host.close,
    Open: Host.open,
    Listen: Host.listen,
    SetTimer: Host.set_timer,
    CancelTimer: Host.cancel_timer,
    SendDatagram: Host.send_datagram,
}


class VirtualNetwork:
    """A network of nodes and tester's ends.

    `latency` is the range in seconds of the way from one host to another; `loss`, `duplication`, `reordering` and
    `split` are the shares (0 to 1) of segments or datagrams that are lost, doubled, held up, or cut in pieces.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        latency: tuple[float, float] = (0.0, 0.0),
        loss: float = 0.0,
        duplication: float = 0.0,
        reordering: float = 0.0,
        split: float = 0.0,
    ) -> None:
        self.now = 0.0
        self.random = random.Random(seed)
        self.crashes: dict[Address, Exception] = {}
        self.hosts: dict[Address, Host] = {}
        self.trace: list[tuple[float, Address, Address, bytes]] | None = None
        self._latency = latency
        self._loss = loss
        self._duplication = duplication
        self._reordering = reordering
        self._split = split
        self._instant = latency == (0.0, 0.0) and not (loss or reordering)
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...], bool]] = []
        self._sequence = 0
        self._ports: dict[str, int] = {}
        self._listeners: dict[Address, VirtualListener] = {}
        self._datagrams: dict[Address, VirtualDatagrams] = {}
        self._groups: dict[str, int] = {}
        self._firewalled: set[str] = set()

    # Nodes

    def add(self, node: Node, address: Address) -> None:
        """Put a node at `address` and start it; ValueError when the address is taken."""
        if address in self.hosts or address in self._listeners:
            raise ValueError(f"{address[0]}:{address[1]} is taken")
        host = self.hosts[address] = Host(self, node, address)
        host.call(node.start, address)

    def share(self, host: Host, address: Address) -> None:
        """Let a node be reached at a further address, unless that is taken."""
        if address not in self._listeners:
            self.hosts.setdefault(address, host)

    def remove(self, address: Address) -> None:
        """Take the node at `address` off the network without a word: its connections are reset."""
        host = self.hosts[address]
        for each in [each for each, other in self.hosts.items() if other is host]:
            del self.hosts[each]
        host.alive = False
        for end in list(host.ends.values()):
            end.abort()
        host.ends.clear()
        host.node.release()

    def close(self) -> None:
        """End the network: its nodes give back what they hold of the machine."""
        for host in dict.fromkeys(self.hosts.values()):
            host.node.release()

    def crash(self, host: Host, error: Exception) -> None:
        """Take a node that raised off the network, and keep the exception."""
        self.crashes[host.address] = error
        if self.hosts.get(host.address) is host:
            self.remove(host.address)

    def alive(self, address: Address) -> bool:
        """Return whether a node runs at `address`."""
        return address in self.hosts

    def call(self, node: N, function: Callable[[N, float], R]) -> R:
        """Run `function(node, now)` and carry out what the node asks for. Raises what the function raises."""
        host = next(host for host in self.hosts.values() if host.node is node)
        result = function(node, self.now)
        host.carry_out()
        return result

    # Testers

    def dial(self, source_ip: str, address: Address, *, limit: float = 60.0) -> VirtualStream:
        """Connect from `source_ip` and return the stream.

        Raises ConnectionRefusedError when nobody listens there, and TimeoutError when no connection comes about.
        """
        stream = VirtualStream(self, (source_ip, self.free_port(source_ip)), address)
        self._connect(stream)
        if not self.run_until(lambda: stream.connected or stream.reset, limit):
            raise TimeoutError(f"no connection to {address[0]}:{address[1]}")
        if stream.reset:
            raise ConnectionRefusedError(f"{address[0]}:{address[1]} refused the connection")
        return stream

    def listen(self, ip: str, port: int = 0) -> VirtualListener:
        """Listen for connections at `ip`; with port 0, at a free port. ValueError when the address is taken."""
        address = (ip, port or self.free_port(ip))
        if address in self.hosts or address in self._listeners:
            raise ValueError(f"{ip}:{port} is taken")
        listener = self._listeners[address] = VirtualListener(self, address)
        return listener

    def unlisten(self, address: Address) -> None:
        """Stop listening at `address`."""
        self._listeners.pop(address, None)

    def bind(self, ip: str, port: int = 0) -> VirtualDatagrams:
        """Return a datagram end at `ip`; with port 0, at a free port."""
        address = (ip, port or self.free_port(ip))
        datagrams = self._datagrams[address] = VirtualDatagrams(self, address)
        return datagrams

    def free_port(self, ip: str) -> int:
        """Return a port of `ip` that was not given out before; they come round after 16,384."""
        port = self._ports.get(ip, FIRST_PORT)
        self._ports[ip] = port + 1 if port < 0xFFFF else FIRST_PORT
        return port

    # Time

    def step(self) -> bool:
        """Let the next event happen, with the clock at its time; False when there is none."""
        if not self._events:
            return False
        time, token, action, arguments, timed = heappop(self._events)
        self.now = max(self.now, time)
        if timed:
            action(token, *arguments)
        else:
            action(*arguments)
        return True

    def run_until(self, predicate: Callable[[], object], limit: float = 60.0, *, events: int = 5_000_000) -> bool:
        """Let events happen until `predicate()` is true (returns True) or `limit` seconds have passed (returns False).

        Raises RuntimeError after `events` events: then the nodes talk without end in no time.
        """
        end = self.now + limit
        for _ in range(events):
            if predicate():
                return True
            if not self._events or self._events[0][0] > end:
                self.now = end
                return False
            self.step()
        raise RuntimeError(f"the network did not come to rest within {events} events")

    def run_for(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.run_until(lambda: False, seconds)

    def at(self, time: float, action: Callable[..., None], *arguments: Any) -> int:
        """Make an event of `action(token, *arguments)` at `time` and return its token."""
        self._sequence = token = self._sequence + 1
        heappush(self._events, (time, token, action, arguments, True))
        return token

    def _later(self, delay: float, action: Callable[..., None], *arguments: Any) -> None:
        self._sequence += 1
        heappush(self._events, (self.now + delay, self._sequence, action, arguments, False))

    # Partition

    def partition(self, groups: Iterable[Collection[str]]) -> None:
        """Split the network into groups of IP addresses; those named in none form one more group.

        Connections that cross the border are reset at once.
        """
        self._groups = {ip: number for number, group in enumerate(groups, 1) for ip in group}
        for host in list(self.hosts.values()):
            for end in list(host.ends.values()):
                if not self._reachable(end.local, end.remote) and end.other is not None:
                    end.other.arrive_reset()
                    end.arrive_reset()

    def heal(self) -> None:
        """End the partition."""
        self._groups = {}

    def firewall(self, ip: str) -> None:
        """Let nobody connect to the hosts at `ip` any more; what is connected stays, and they can connect to others."""
        self._firewalled.add(ip)

    def _reachable(self, one: Address, other: Address) -> bool:
        return not self._groups or self._groups.get(one[0], 0) == self._groups.get(other[0], 0)

    # Streams

    def connect_node(self, host: Host, link: int, address: Address) -> None:
        """Connect a node's link, as the effect `Open` asks."""
        local = (host.address[0], self.free_port(host.address[0]))
        end = host.ends[link] = NodeEnd(self, host, link, local, address)
        self._connect(end)

    def _connect(self, end: End) -> None:
        self._later(self._delay(), self._arrive_connection, end)

    def _arrive_connection(self, end: End) -> None:
        """Make the opposite end of a connection, or refuse it."""
        address = end.remote
        host, listener = self.hosts.get(address), self._listeners.get(address)
        if address[0] in self._firewalled or not self._reachable(end.local, address):
            self._later(RETRANSMISSION, self._refuse, end, UNREACHABLE)
        elif end.finished:
            return
        elif host is not None:
            other = host.accept(end.local, address)
            if other is None:
                self._later(self._delay(), self._refuse, end, REFUSED)
            else:
                self._join(end, other)
                host.carry_out()
        elif listener is not None:
            stream = VirtualStream(self, address, end.local)
            stream.connected = True
            self._join(end, stream)
            listener.pending.append(stream)
        else:
            self._later(self._delay(), self._refuse, end, REFUSED)

    def _join(self, end: End, other: End) -> None:
        end.other, other.other = other, end
        self.deliver(other, self._established, end)

    def _established(self, end: End) -> None:
        if isinstance(end, VirtualStream):
            end.connected = True
        elif isinstance(end, NodeEnd) and not end.finished:
            end.host.call(end.host.node.opened, end.link, end.local)

    def _refuse(self, end: End, reason: str) -> None:
        if isinstance(end, VirtualStream):
            end.arrive_reset()
        elif isinstance(end, NodeEnd) and not end.finished:
            end.finished = True
            end.host.ends.pop(end.link, None)
            end.host.call(end.host.node.open_failed, end.link, reason)

    def segments(self, data: bytes) -> list[bytes]:
        """Return `data` as the segments that it travels in: one, or a few cut at random places."""
        if not self._split or len(data) < 2 or self.random.random() >= self._split:
            return [data]
        cuts = sorted({self.random.randrange(1, len(data)) for _ in range(self.random.randint(1, 3))})
        return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]

    def deliver(self, sender: End, action: Callable[..., None], *arguments: Any) -> None:
        """Make an event of what `sender` sent, after all that it sent before."""
        if self.trace is not None and arguments and isinstance(arguments[0], bytes):
            self.trace.append((self.now, sender.local, sender.remote, arguments[0]))
        sender.due = due = max(sender.due, self.now + self._delay())
        self._sequence += 1
        heappush(self._events, (due, self._sequence, action, arguments, False))

    def _delay(self) -> float:
        """Return the seconds that a segment takes: its way, and what was lost or held up before it came through."""
        if self._instant:
            return 0.0
        delay = self.random.uniform(*self._latency)
        if self._loss:
            waiting = RETRANSMISSION
            while waiting < 60 and self.random.random() < self._loss:
                delay += waiting
                waiting *= 2
        if self._reordering and self.random.random() < self._reordering:
            delay += self.random.uniform(0, 3 * self._latency[1])
        return delay

    # Datagrams

    def send_datagram(self, source: Address, target: Address, data: bytes) -> None:
        """Send one datagram: it may be lost, doubled, or overtaken by a later one."""
        if self.random.random() < self._loss or not self._reachable(source, target):
            return
        for _ in range(2 if self.random.random() < self._duplication else 1):
            delay = self.random.uniform(*self._latency)
            if self.random.random() < self._reordering:
                delay += self.random.uniform(0, 3 * self._latency[1])
            self._later(delay, self._arrive_datagram, source, target, data)

    def _arrive_datagram(self, source: Address, target: Address, data: bytes) -> None:
        host, datagrams = self.hosts.get(target), self._datagrams.get(target)
        if host is not None:
            host.call(host.node.datagram, source, target, data)
        elif datagrams is not None:
            datagrams.received.append((source, data))
