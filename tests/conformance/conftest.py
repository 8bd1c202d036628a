"""The engine's tests run on the toy network, which is not installed: its folders are put on the path."""

from __future__ import annotations

import functools
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peerspec.conformance import networks
from peerspec.conformance.builtin import BuiltinTarget, VirtualTarget
from peerspec.conformance.catalogue import Case
from peerspec.conformance.networks import Network

TOYLAND = Path(__file__).parent / "toyland"

Behaviour = Callable[[socket.socket], None]


@pytest.fixture(scope="session", autouse=True)
def toyland() -> Iterator[Path]:
    sys.path.insert(0, str(TOYLAND))
    networks.network_names.cache_clear()
    yield TOYLAND
    sys.path.remove(str(TOYLAND))
    networks.network_names.cache_clear()


@pytest.fixture
def toy(toyland: Path) -> Network:
    return networks.network_named("toy")


@pytest.fixture
def virtual(toy: Network) -> VirtualTarget:
    return VirtualTarget(toy, 1)


@pytest.fixture
def builtin(toy: Network) -> Iterator[BuiltinTarget]:
    target = BuiltinTarget(toy, 1)
    target.start()
    yield target
    target.stop()


MakeCase = Callable[..., Case]


@pytest.fixture
def make_case() -> MakeCase:
    def make(function: Callable[..., object], *requirements: str, **options: object) -> Case:
        values: dict[str, object] = {
            "id": f"pinging/{function.__name__}",
            "network": "toy",
            "section": "pinging",
            "title": function.__name__,
            "requirements": requirements or ("TOY-PNG-01",),
            "features": (),
            "function": function,
            "arguments": {},
            **options,
        }
        return Case(**values)  # type: ignore[arg-type]

    return make


class Hostile:
    """A TCP server on loopback that treats each connection as told, in a thread of its own."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._treat, args=(connection,), daemon=True).start()

    def _treat(self, connection: socket.socket) -> None:
        try:
            self._behaviour(connection)
        except OSError:
            return

    def close(self) -> None:
        # a listener that only closes leaves its thread in accept()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()


@pytest.fixture
def hostile() -> Iterator[Callable[[Behaviour], Hostile]]:
    servers: list[Hostile] = []

    def make(behaviour: Behaviour) -> Hostile:
        servers.append(Hostile(behaviour))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def mute(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def slam(connection: socket.socket) -> None:
    connection.close()


def flood(connection: socket.socket, line: bytes = b"NOISE\n" * 1000) -> None:
    while True:
        connection.sendall(line)


def endless_line(connection: socket.socket) -> None:
    flood(connection, b"x" * 65536)


def talk(connection: socket.socket, answer: Callable[[bytes], bytes]) -> None:
    with connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(answer(line))


good_pings = functools.partial(talk, answer=lambda line: line.replace(b"PING", b"PONG"))
