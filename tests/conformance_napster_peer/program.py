"""The reference peer as a program of its own, for the tests of target files.

    python program.py HOST PORT SHARED [WORD ...]

Words: `connect HOST:PORT` logs in there, `downloads FOLDER` is where fetched files go, `firewalled true`, `uploads N`.
On its input it is told what to do, a line each: `search WORDS`, `download NICK SIZE MD5 FILE`, `begin HOST:PORT`.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path

from peerspec.reference.napster import Peer, PeerConfig, Shares
from peerspec.reference.node import Address
from peerspec.reference.worlds.sockets import run_in_thread


def address(text: str) -> Address:
    host, _, port = text.partition(":")
    return host, int(port)


def tell(line: str, peer: Peer, now: float) -> None:
    what, _, rest = line.partition(" ")
    if what == "search":
        peer.search(now, rest)
    elif what == "download":
        nick, size, md5, file = rest.split(" ", 3)
        peer.download(now, nick, file, size=int(size), md5=md5)
    elif what == "begin":
        peer.login_by(now, address(rest))


def main(host: str, port: str, shared: str, *words: str) -> None:
    options = dict(zip(words[::2], words[1::2], strict=True))
    config = PeerConfig(
        shares=Shares.from_folder(Path(shared)),
        downloads=Path(options["downloads"]),
        firewalled=options.get("firewalled") == "true",
        uploads=int(options.get("uploads", "8")),
        settle=0.05,
    )
    with run_in_thread(Peer(config, random.Random(1)), host, int(port)) as running:
        if "connect" in options:
            running.call(lambda peer, now: peer.login(now, address(options["connect"])))
        for line in sys.stdin.buffer:
            running.call(partial(tell, line.decode("utf-8", "surrogateescape").rstrip("\n")))


if __name__ == "__main__":
    main(*sys.argv[1:])
