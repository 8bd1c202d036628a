"""A toy node as a program of its own, for the tests of target files: python toyserver.py HOST PORT [WORD ...].

Words: `slow` listens only after a moment, `never` not at all, `broken` ends at once, `dial HOST:PORT` connects there.
A line CRASH ends it with status 7, a line FADE too, but its connections a moment before. SIGTERM says BYE on every
connection; `stubborn` ignores it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

connections: list[socket.socket] = []


def serve(connection: socket.socket) -> None:
    connections.append(connection)
    with connection.makefile("rb") as lines:
        for line in lines:
            if line.startswith(b"CRASH"):
                print("an error: it crashed as asked", "and a last word", sep="\n", flush=True)
                os._exit(7)
            if line.startswith(b"FADE"):
                for each in connections:
                    each.shutdown(socket.SHUT_RDWR)
                time.sleep(0.2)
                os._exit(7)
            if line.startswith(b"PING"):
                connection.sendall(line.replace(b"PING", b"PONG"))
            if line.startswith(b"CWD"):
                connection.sendall(" ".join(sorted(str(each) for each in Path().rglob("*.txt"))).encode() + b"\n")


def main(host: str, port: str, *words: str) -> None:
    print("starting", words, os.environ.get("TOY_GREETING"), flush=True)
    if "broken" in words:
        sys.exit("no such option: broken")
    if "never" in words:
        signal.pause()

    def leave(*_: object) -> None:
        for connection in connections:
            connection.sendall(b"BYE\n")
        os._exit(0)

    signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in words else leave)
    if "dial" in words:
        there, _, number = words[words.index("dial") + 1].partition(":")
        connection = socket.create_connection((there, int(number)))
        connection.sendall(b"HELLO\n")
        connections.append(connection)
    with socket.create_server((host, int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


main(*sys.argv[1:])
