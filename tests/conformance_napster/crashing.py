"""The reference server as a program that one message kills: python crashing.py HOST PORT.

A body of more fields than its table has room for, or a password check without a password, ends it as writing past the
end of an array ends a program in C: by a signal, without a word.
"""

from __future__ import annotations

import random
import signal
import sys

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.message import Message
from peerspec.codecs.napster import PasswordCheck
from peerspec.reference.napster import Server, ServerConfig
from peerspec.reference.napster.server.session import Session
from peerspec.reference.worlds.sockets import run_in_thread

ROOM = 500


class Crashing(Server):
    """A server that does not look how many fields there are."""

    def take_malformed(self, session: Session, message: type[Message], body: bytes, error: DecodeError) -> None:
        if len(body.split()) > ROOM or message is PasswordCheck:
            signal.raise_signal(signal.SIGSEGV)
        super().take_malformed(session, message, body, error)


def main(host: str, port: str) -> None:
    with run_in_thread(Crashing(ServerConfig(), random.Random(1)), host, int(port)):
        print("serving", flush=True)
        signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
