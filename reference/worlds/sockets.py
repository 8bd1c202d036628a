"""The real network: one node over TCP, and over UDP when asked, in an asyncio loop.

Rules of this file:

- The node's entries are called in the loop's thread, one at a time, with the world's clock: Unix time at the start,
  monotonic from then on, and put forward by `advance`.
- A node that raises has crashed: everything is closed at once, and the exception is kept in `error`.
- For callers that are no asyncio programs, `run_in_thread` gives the node a thread and a loop of its own. They reach it
  by `call` and `advance` alone, which run there and wait.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from ..node import Address, CancelTimer, Close, Effect, Listen, Node, Open, Send, SendDatagram, SetTimer
from .endpoints import Connection, Datagrams

N = TypeVar("N", bound=Node)
R = TypeVar("R")

CONNECT_TIME = 10.0
"""Seconds that a connection may take to come about."""

CALL_TIME = 30.0
"""Seconds that a call into the node's thread may take."""

TURNS = 3
"""Turns of the loop in which a connection comes about that was accepted, and in which one ends that was aborted."""

MAX_TIMERS_AT_ONCE = 100_000
"""Timers fired by one `advance`; a node that sets more than this talks to itself."""


class SocketWorld(Generic[N]):
    """Runs `node` at `host` and `port` (0: a free one). `address` is where it can be reached once started."""

    def __init__(self, node: N, host: str = "127.0.0.1", port: int = 0, *, datagrams: bool = False) -> None:
        self.node = node
        self.address: Address = (host, port)
        self.error: Exception | None = None
        self.connections: set[Connection] = set()
        self.loop: asyncio.AbstractEventLoop
        self._with_datagrams = datagrams
        self._by_link: dict[int, Connection] = {}
        self._opening: dict[int, asyncio.Task[None]] = {}
        self._timers: dict[Hashable, tuple[float, asyncio.TimerHandle]] = {}
        self._emptied: asyncio.Event | None = None
        self._offset = 0.0
        self._server: asyncio.Server | None = None
        self._further: list[asyncio.Server] = []
        self._listening: set[asyncio.Task[None]] = set()
        self._running = False
        self._udp: asyncio.DatagramTransport | None = None
        self._means: dict[type[Effect], Callable[[Any], None]] = {
            Send: self._send,
            Close: self._close,
            Open: self._open,
            Listen: self._listen,
            SetTimer: self._set_timer,
            CancelTimer: self._cancel_timer,
            SendDatagram: self._send_datagram,
        }

    # Life

    async def start(self) -> Address:
        """Listen and start the node; returns the address. Raises OSError when the address can't be had."""
        self.loop = asyncio.get_running_loop()
        self._offset = time.time() - self.loop.time()
        self._server = await self.loop.create_server(lambda: Connection(self), *self.address, backlog=512)
        self._running = True
        name = self._server.sockets[0].getsockname()
        self.address = (name[0], name[1])
        if self._with_datagrams:
            self._udp, _ = await self.loop.create_datagram_endpoint(lambda: Datagrams(self), local_addr=self.address)
        self.run(self.node.start, self.address)
        return self.address

    async def stop(self, patience: float = 5.0) -> None:
        """Let the node take its leave, wait up to `patience` seconds for its links to end, then cut the rest."""
        await self._accept_no_more()
        self._stop_listening()
        self.run(self.node.shutdown)
        if self._by_link:
            self._emptied = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._emptied.wait(), patience)
        tasks = list(self._opening.values())
        self._cut()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _turns()

    @property
    def alive(self) -> bool:
        """Whether the node runs: it was started, not stopped, and has not crashed."""
        return self._running and self.error is None

    def firewall(self) -> None:
        """Let nobody connect to the node any more; what is connected stays, and the node can connect to others."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for server in self._further:
            server.close()
        self._further.clear()

    async def _accept_no_more(self) -> None:
        """Accept nothing, and let come about what was accepted: a server that is closed at once loses the sockets."""
        for server in [each for each in (self._server, *self._further) if each is not None]:
            for each in server.sockets:
                self.loop.remove_reader(each.fileno())
        await _turns()

    def _stop_listening(self) -> None:
        self._running = False
        self.firewall()

    def _cut(self) -> None:
        """Close everything without a word."""
        self._stop_listening()
        for _, handle in self._timers.values():
            handle.cancel()
        self._timers.clear()
        for task in self._opening.values():
            task.cancel()
        self._opening.clear()
        self._by_link.clear()
        for connection in list(self.connections):
            connection.close(abort=True)
        if self._udp is not None:
            self._udp.close()
        self.node.release()

    async def kill(self) -> None:
        """End the node as the end of its process would: it takes no leave, and its connections are reset."""
        await self._accept_no_more()
        self._cut()
        await _turns()

    # Time

    def now(self) -> float:
        """Return the node's time, in seconds."""
        return self.loop.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Put the node's clock forward and fire the timers that fall due, in order, each at its own time."""
        target = self.now() + seconds
        for _ in range(MAX_TIMERS_AT_ONCE):
            key, (at, handle) = min(
                self._timers.items(), key=lambda item: item[1][0], default=(None, (target + 1, None))
            )
            if handle is None or at > target:
                break
            self._offset += max(0.0, at - self.now())
            handle.cancel()
            self._fire(key)
        self._offset += max(0.0, target - self.now())
        for key, (at, handle) in list(self._timers.items()):
            handle.cancel()
            self._set_timer(SetTimer(key, at))

    def _fire(self, key: Hashable) -> None:
        if self._timers.pop(key, None) is not None:
            self.run(self.node.timer, key)

    # The node

    def call(self, function: Callable[[N, float], R]) -> R:
        """Run `function(node, now)` and carry out what the node asks for. Raises what the function raises."""
        result = function(self.node, self.now())
        self._carry_out()
        return result

    def run(self, entry: Callable[..., R], *arguments: Any) -> R | None:
        """Call an entry of the node and carry out what it asks for; None when the node is dead."""
        if self.error is not None:
            return None
        try:
            result = entry(self.now(), *arguments)
            self._carry_out()
        except Exception as error:  # noqa: BLE001 - whatever a node raises is that node's crash
            self.error = error
            self._cut()
            return None
        return result

    def made(self, connection: Connection, transport: asyncio.Transport) -> None:
        """Take a connection that has come about, whoever made it."""
        self.connections.add(connection)
        local, remote = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        if self.error is not None or remote is None or (not self._running and not connection.link):
            transport.abort()
        elif connection.link:
            self._by_link[connection.link] = connection
            self.run(self.node.opened, connection.link, local[:2])
        else:
            link = self._accept(remote[:2], local[:2])
            if link is None:
                transport.abort()
            else:
                connection.link = link
                self._by_link[link] = connection
                self.run(lambda now: None)  # carries out what `accept` asked for

    def _accept(self, remote: Address, local: Address) -> int | None:
        try:
            return self.node.accept(self.now(), remote, local)
        except Exception as error:  # noqa: BLE001 - as in `run`
            self.error = error
            self._cut()
            return None

    def lost(self, connection: Connection) -> None:
        """Take note that the other side has closed a connection."""
        link, connection.link = connection.link, 0
        if link and self._by_link.pop(link, None) is not None:
            self.run(self.node.closed, link)

    # Effects

    def _carry_out(self) -> None:
        for effect in self.node.take_effects():
            self._means[type(effect)](effect)
        if self._emptied is not None and not self._by_link:
            self._emptied.set()

    def _send(self, effect: Send) -> None:
        connection = self._by_link.get(effect.link)
        if connection is not None:
            connection.send(effect.data)

    def _close(self, effect: Close) -> None:
        task = self._opening.pop(effect.link, None)
        if task is not None:
            task.cancel()
        connection = self._by_link.pop(effect.link, None)
        if connection is not None:
            connection.close(abort=effect.abort)

    def _open(self, effect: Open) -> None:
        self._opening[effect.link] = self.loop.create_task(self._connect(effect.link, effect.address))

    async def _connect(self, link: int, address: Address) -> None:
        wildcard = self.address[0] in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        source = None if wildcard else (self.address[0], 0)
        try:
            async with asyncio.timeout(CONNECT_TIME):
                await self.loop.create_connection(lambda: Connection(self, link), *address, local_addr=source)
        except (OSError, OverflowError, ValueError) as error:
            if self._opening.pop(link, None) is not None:
                self.run(self.node.open_failed, link, str(error) or type(error).__name__)
        else:
            self._opening.pop(link, None)

    def _listen(self, effect: Listen) -> None:
        task = self.loop.create_task(self._listen_at(effect.port))
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)

    async def _listen_at(self, port: int) -> None:
        with suppress(OSError, OverflowError):
            server = await self.loop.create_server(lambda: Connection(self), self.address[0], port)
            if self._server is None:
                server.close()
            else:
                self._further.append(server)

    def _set_timer(self, effect: SetTimer) -> None:
        self._cancel_timer(CancelTimer(effect.key))
        handle = self.loop.call_later(max(0.0, effect.at - self.now()), self._fire, effect.key)
        self._timers[effect.key] = (effect.at, handle)

    def _cancel_timer(self, effect: CancelTimer) -> None:
        timer = self._timers.pop(effect.key, None)
        if timer is not None:
            timer[1].cancel()

    def _send_datagram(self, effect: SendDatagram) -> None:
        if self._udp is not None:
            self._udp.sendto(effect.data, effect.address)


async def _turns() -> None:
    """Let the loop do what it has begun."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class RunningNode(Generic[N]):
    """A running node: made by `run_in_thread`, ended by `stop` or by leaving its `with` block."""

    def __init__(self, world: SocketWorld[N]) -> None:
        self._world = world
        self._started: Future[Address] = Future()
        self._stop: asyncio.Event
        self._patience: float | None = 0.0
        self._thread = threading.Thread(target=self._main, name="peerspec node", daemon=True)
        self._thread.start()
        self.address: Address = self._started.result(CALL_TIME)

    def _main(self) -> None:
        asyncio.run(self._live())

    async def _live(self) -> None:
        self._stop = asyncio.Event()
        try:
            address = await self._world.start()
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            self._started.set_exception(error)
            return
        self._started.set_result(address)
        await self._stop.wait()
        if self._patience is None:
            await self._world.kill()
        else:
            await self._world.stop(self._patience)

    @property
    def alive(self) -> bool:
        """Whether the node runs."""
        return self._thread.is_alive() and self._world.alive

    @property
    def error(self) -> Exception | None:
        """The exception that the node crashed with, if it did."""
        return self._world.error

    def call(self, function: Callable[[N, float], R]) -> R:
        """Run `function(node, now)` in the node's thread; raises what it raises, RuntimeError after `stop`."""
        return self._in_loop(lambda: self._world.call(function))

    def firewall(self) -> None:
        """Let nobody connect to the node any more."""
        self._in_loop(self._world.firewall)

    def advance(self, seconds: float) -> None:
        """Put the node's clock forward."""
        self._in_loop(lambda: self._world.advance(seconds))

    def stop(self, patience: float = 0.5) -> None:
        """Let the node take its leave, for at most `patience` seconds, and end the thread."""
        self._end(patience)

    def kill(self) -> None:
        """End the node as the end of its process would, without a word, and end the thread."""
        self._end(None)

    def _end(self, patience: float | None) -> None:
        if self._thread.is_alive():
            self._patience = patience
            self._world.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join((patience or 0.0) + CALL_TIME)

    def _in_loop(self, function: Callable[[], R]) -> R:
        if not self._thread.is_alive():
            raise RuntimeError("the node has been stopped")
        future: Future[R] = Future()

        def run() -> None:
            try:
                future.set_result(function())
            except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
                future.set_exception(error)

        self._world.loop.call_soon_threadsafe(run)
        return future.result(CALL_TIME)

    def __enter__(self) -> "RunningNode[N]":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def run_in_thread(node: N, host: str = "127.0.0.1", port: int = 0, *, datagrams: bool = False) -> RunningNode[N]:
    """Run `node` at `host` and `port` (0: a free one) in a new thread. Raises OSError when the address can't be had."""
    return RunningNode(SocketWorld(node, host, port, datagrams=datagrams))
