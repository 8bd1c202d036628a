"""A server that is killed in the middle of registrations has every account that it acknowledged (NAP-REG-08)."""

import contextlib
import itertools
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import LoginAck, Packet, PacketReader, PasswordCheck, PasswordOk, Register, ServerPing
from peerspec.reference.node import Address

WORKERS = 6


class Serving:
    """`peerspec serve napster` in a process of its own."""

    def __init__(self, data: Path) -> None:
        script = "from peerspec.conformance.cli import main; main()"
        command = [sys.executable, "-c", script, "serve", "napster", "--data", str(data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(r"at ([\d.]+):(\d+)", self.process.stdout.readline())
        assert found, "the server did not say where it is"
        self.address: Address = (found[1], int(found[2]))

    def kill(self) -> None:
        """End the process as a power cut would, without a chance to do anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def answers(stream: socket.socket) -> Iterator[Message]:
    """What comes on a connection, until it ends."""
    reader = PacketReader()
    with contextlib.suppress(OSError):
        while data := stream.recv(65_536):
            for packet in reader.feed(data):
                message = packet.payload("server")
                if isinstance(message, Message):
                    yield message


def register(address: Address, source: str, nick: str) -> bool:
    """Register a nick with the password `pw-` and the nick; returns whether 3 has come."""
    with contextlib.suppress(OSError), socket.create_connection(address, 20, (source, 0)) as stream:
        stream.sendall(Packet.of(Register(nick, f"pw-{nick}", 6699, "test v1", 9, f"{nick}@example.org")).encode())
        return isinstance(next(answers(stream), None), LoginAck)
    return False


def known(address: Address, accounts: dict[str, str]) -> int:
    """Return how many of these nicks have the passwords given."""
    with socket.create_connection(address, 20) as stream:
        for nick, password in accounts.items():
            stream.sendall(Packet.of(PasswordCheck(nick, password)).encode())
        # a login fences the checks: what it is answered with comes behind their answers
        stream.sendall(Packet.of(Register("fence", "pw", 0, "test v1", 0, "f@example.org")).encode())
        stream.sendall(Packet.of(ServerPing(text="end")).encode())
        before_end = itertools.takewhile(lambda answer: answer != ServerPing(text="end"), answers(stream))
        return sum(isinstance(answer, PasswordOk) for answer in before_end)


@pytest.mark.parametrize("enough", [1, 40, 200])
def test_every_acknowledged_account_survives_a_kill(data: Path, enough: int) -> None:
    server = Serving(data)
    acknowledged: list[str] = []
    reached = threading.Event()

    def work(worker: int) -> None:
        for number in itertools.count():
            nick = f"w{worker}n{number}"
            # of one address so many may register in an hour
            if not register(server.address, f"127.{60 + worker}.{number // 50}.1", nick):
                return
            acknowledged.append(nick)
            if len(acknowledged) >= enough:
                reached.set()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(WORKERS)]
    for each in workers:
        each.start()
    in_time = reached.wait(60)
    server.kill()
    for each in workers:
        each.join(30)
    assert in_time
    assert len(acknowledged) >= enough

    again = Serving(data)
    try:
        assert known(again.address, {nick: f"pw-{nick}" for nick in acknowledged}) == len(acknowledged)
    finally:
        again.kill()

    once_more = Serving(data)
    try:
        guessed = dict.fromkeys(acknowledged, "guess")
        assert known(once_more.address, {**guessed, "root": "secret"}) == 1
    finally:
        once_more.kill()
