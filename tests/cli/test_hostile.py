"""Nodes that refuse to be judged: a clear line or a verdict, in seconds, in bounded memory, and never a traceback."""

from __future__ import annotations

import re
import resource
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from .conftest import Call

Behaviour = Callable[[socket.socket], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], str]]:
    listeners: list[socket.socket] = []

    def treat(behaviour: Behaviour, connection: socket.socket) -> None:
        with connection:
            try:
                behaviour(connection)
            except OSError:
                return

    def accept(listener: socket.socket, behaviour: Behaviour) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=treat, args=(behaviour, connection), daemon=True).start()

    def start(behaviour: Behaviour) -> str:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        listeners.append(listener)
        threading.Thread(target=accept, args=(listener, behaviour), daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def drain(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def handshake(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (data := connection.recv(65536)):
            raise ConnectionError
        received += data
    connection.sendall(b"GNUTELLA/0.6 200 OK\r\nUser-Agent: hostile\r\n\r\n")


def mute(connection: socket.socket) -> None:
    drain(connection)


def slam(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refuse(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"GNUTELLA/0.6 503 Busy\r\n\r\n")


def ignore(connection: socket.socket) -> None:
    handshake(connection)
    drain(connection)


def stop_in_the_midst(connection: socket.socket) -> None:
    handshake(connection)
    connection.recv(65536)
    connection.sendall(bytes(16) + b"\x01\x01\x00\x0e\x00\x00\x00" + bytes(5))


def announce_4_gib(connection: socket.socket) -> None:
    handshake(connection)
    connection.sendall(bytes(16) + b"\x80\x04\x00\xff\xff\xff\xff" + bytes(100_000))
    drain(connection)


def flood_with_headers(connection: socket.socket) -> None:
    connection.sendall(b"GNUTELLA/0.6 200 OK\r\n")
    while True:
        connection.sendall(b"X-Flood: " + b"x" * 60_000 + b"\r\n")


def flood_with_pings(connection: socket.socket) -> None:
    handshake(connection)
    ping = bytes(16) + b"\x00\x01\x00" + bytes(4)
    while True:
        connection.sendall(ping * 1000)


def flood_with_noise(connection: socket.socket) -> None:
    noise = bytes(range(256)) * 256
    while True:
        connection.sendall(noise)


def drip(connection: socket.socket) -> None:
    for byte in b"GNUTELLA/0.6 200 OK\r\n" + b"X: y\r\n" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (mute, "accepts connections, but says nothing within"),
        (slam, "accepts connections, but closes connections without a word"),
        # the reset may come before the connection is of use: the kernel says which, and both are true
        (reset, "accepts connections, but closes connections without a word|connection reset by peer"),
    ],
)
def test_a_node_that_says_nothing_is_one_line(
    call: Call, serve: Callable[[Behaviour], str], behaviour: Behaviour, said: str
) -> None:
    began = time.monotonic()
    done = call("check", "gnutella", serve(behaviour))
    assert (done.code, done.out) == (3, "")
    assert re.search(said, done.complaint)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "behaviour",
    [
        refuse,
        ignore,
        stop_in_the_midst,
        announce_4_gib,
        flood_with_headers,
        flood_with_pings,
        flood_with_noise,
        drip,
    ],
)
def test_a_node_that_can_not_be_talked_to_gets_verdicts_and_never_conforms(
    call: Call, serve: Callable[[Behaviour], str], behaviour: Behaviour
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    done = call("check", "gnutella", serve(behaviour), "--timeout", "0.5")
    assert time.monotonic() - began < 40
    assert done.code in (1, 3)
    assert "Traceback" not in done.out + done.err
    assert " pass" not in done.out.splitlines()[-1]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 600 * 1024, f"{grown} KiB more than before"
