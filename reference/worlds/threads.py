"""A node over sockets in a thread of its own, for callers that are no asyncio programs.

Rules of this file:

- The node lives in the thread's loop. Callers reach it by `call` and `advance` alone, which run there and wait.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from ..node import Address, Node
from .sockets import SocketWorld

N = TypeVar("N", bound=Node)
R = TypeVar("R")

CALL_TIME = 30.0
"""Seconds that a call into the node's thread may take."""


class NodeThread(Generic[N]):
    """A running node: made by `run_in_thread`, ended by `stop` or by leaving its `with` block."""

    def __init__(self, world: SocketWorld[N]) -> None:
        self._world = world
        self._started: Future[Address] = Future()
        self._stop: asyncio.Event
        self._patience = 0.0
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
        await self._world.stop(self._patience)

    @property
    def alive(self) -> bool:
        """Whether the node runs."""
        return self._thread.is_alive() and self._world.alive

    @property
    def failure(self) -> Exception | None:
        """The exception that the node crashed with, if it did."""
        return self._world.failure

    def call(self, function: Callable[[N, float], R]) -> R:
        """Run `function(node, now)` in the node's thread; raises what it raises, RuntimeError after `stop`."""
        return self._in_loop(lambda: self._world.call(function))

    def advance(self, seconds: float) -> None:
        """Put the node's clock forward."""
        self._in_loop(lambda: self._world.advance(seconds))

    def stop(self, patience: float = 0.5) -> None:
        """Let the node take its leave, for at most `patience` seconds, and end the thread."""
        if self._thread.is_alive():
            self._patience = patience
            self._world.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(patience + CALL_TIME)

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

    def __enter__(self) -> "NodeThread[N]":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def run_in_thread(node: N, host: str = "127.0.0.1", port: int = 0, *, datagrams: bool = False) -> NodeThread[N]:
    """Run `node` at `host` and `port` (0: a free one) in a new thread. Raises OSError when the address can't be had."""
    return NodeThread(SocketWorld(node, host, port, datagrams=datagrams))
