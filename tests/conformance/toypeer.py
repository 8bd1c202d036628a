"""A toy node that is told what to do on its input: python toypeer.py HOST PORT [PEER].

It connects to PEER (HOST:PORT) first, and listens once it was let in by a byte; with the PEER `never` it does not
listen. A line `keep NAME TEXT` writes a file below the folder `kept`; on each connection it says how many there are.
SIGTERM says BYE on every connection.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from pathlib import Path

connections: list[socket.socket] = []
kept = Path("kept")


def obey() -> None:
    for line in sys.stdin:
        _, name, text = line.rstrip("\n").split(" ", 2)
        path = kept / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def leave(*_: object) -> None:
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.sendall(b"BYE\n")
    os._exit(0)


def main(host: str, port: str, peer: str | None = None) -> None:
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=obey, daemon=True).start()
    if peer == "never":
        signal.pause()
    if peer is not None:
        there, _, number = peer.partition(":")
        connections.append(socket.create_connection((there, int(number))))
        connections[-1].recv(1)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connections.append(listener.accept()[0])
            count = sum(path.is_file() for path in kept.rglob("*"))
            connections[-1].sendall(f"{count} kept\n".encode())


main(*sys.argv[1:])
