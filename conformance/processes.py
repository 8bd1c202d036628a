"""Targets that we start ourselves, by the command of a target file.

Each process gets a working directory of its own, with the files and shares that the target file describes, and leads a
process group of its own; it is signalled by the id that we were given at its start, never by name. What it prints goes
to a file in that directory, and its last lines to whoever asks why it died.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .addressed import AddressTarget
from .outcomes import Unsupported
from .target import Address, Instance, TargetError
from .targetfile import Start, TargetFile, fill_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .networks import Network
    from .worlds import World

_READY_POLL = 0.05
_ENDING = 0.5
"""Seconds in which a process that has closed its files is gone."""
_LAST_BYTES = 4000
_TROUBLE = re.compile(r"error|exception|panic|fatal|abort|assert", re.IGNORECASE)


class NodeProcess:
    """One process of the node under test."""

    def __init__(self, file: TargetFile, start: Start, chosen: Mapping[str, str] = MappingProxyType({})) -> None:
        """Prepare its directory; `launch` starts it (TargetError), with the words for the options that were chosen."""
        self._file = file
        self._start = start
        self._chosen = chosen
        self.directory = Path(tempfile.mkdtemp(prefix="peerspec-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.address = (start.host, _free_port(start.host))
            self._write(file)
        except BaseException:
            self.stop()
            raise

    def launch(self, peer: Address | None = None, *, waits: bool = True) -> None:
        """Start it and wait until its port accepts, unless told not to wait (TargetError).

        With `peer`, it is told to dial that.
        """
        try:
            self._launch(self._file, peer)
            if waits:
                self._wait_until_ready(self._file)
        except BaseException:
            self.stop()
            raise

    def values(self, peer: Address | None = None) -> dict[str, str]:
        """What its placeholders stand for."""
        values = {"host": self.address[0], "port": str(self.address[1]), "dir": str(self.directory)}
        if peer is not None:
            values |= {"peer": f"{peer[0]}:{peer[1]}", "peer_host": peer[0], "peer_port": str(peer[1])}
        return values

    def _write(self, file: TargetFile) -> None:
        for name, text in self._start.files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fill_in(text, self.values(), file.path), "utf-8")
        for share, where in file.shares:
            if where is not None:
                path = self.directory / where
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(share.content)

    def _launch(self, file: TargetFile, peer: Address | None) -> None:
        values = self.values(peer)
        words = self._start.command + (self._start.dial if peer is not None else ())
        command = [fill_in(word, values, file.path) for word in words]
        for option, value in self._chosen.items():
            command += [fill_in(word, values | {"value": value}, file.path) for word in self._start.options[option]]
        env = {name: fill_in(text, values, file.path) for name, text in self._start.env.items()}
        try:
            with (self.directory / "output.log").open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603 - the user's own command
                    command,
                    cwd=self.directory,
                    env=os.environ | env,
                    stdin=subprocess.PIPE if file.orders else subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise TargetError(
                f"{file.path}: {command[0]} can't be run: {(error.strerror or str(error)).lower()}"
            ) from error

    def _wait_until_ready(self, file: TargetFile) -> None:
        deadline = time.monotonic() + self._start.ready
        while not _accepts(self.address):
            if (ended := self.ended()) is not None:
                raise TargetError(f"{file.path}: {ended}")
            if time.monotonic() > deadline:
                host, port = self.address
                raise TargetError(
                    f"{file.path}: no connection to {host}:{port} within {self._start.ready:g} s{self._said()}"
                )
            with contextlib.suppress(subprocess.TimeoutExpired):
                assert self._process is not None
                self._process.wait(_READY_POLL)

    def ended(self, within: float = 0) -> str | None:
        """How the process ended, or ends within some seconds, with its last words; None when it runs on."""
        if self._process is None:
            return None
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        return f"the process {how}{self._said()}"

    def _said(self) -> str:
        """The last line that the process printed, or among its last the one that speaks of an error."""
        with contextlib.suppress(OSError), (self.directory / "output.log").open("rb") as output:
            output.seek(max(0, output.seek(0, os.SEEK_END) - _LAST_BYTES))
            text = output.read(_LAST_BYTES).decode("utf-8", "replace")
            if lines := [line.strip() for line in text.splitlines() if line.strip()]:
                told = next((line for line in reversed(lines) if _TROUBLE.search(line)), lines[-1])
                return f"; it last said: {told[:200]}"
        return ""

    def signal(self) -> None:
        """Ask the process to end, in the way that the target file names."""
        self._send(self._start.stop)

    def _send(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def type_in(self, line: str) -> None:
        """Type a line for the process to read; one that does not read any more is found to have ended later."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(line.encode("utf-8", "surrogateescape") + b"\n")
                self._process.stdin.flush()

    def end(self) -> None:
        """End the process: asked first, then killed."""
        if self._process is not None:
            if self._process.poll() is None:
                self.signal()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(self._start.stop_within)
            self.kill()

    def kill(self) -> None:
        """Kill the process, with whatever it started."""
        self._send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            if self._process.stdin is not None:
                with contextlib.suppress(OSError):
                    self._process.stdin.close()
            self._process = None

    def stop(self) -> None:
        """End the process and remove its working directory."""
        self.end()
        shutil.rmtree(self.directory, ignore_errors=True)


class ProcessInstance(Instance):
    """A second process of the node. It is started when first used, so that it can be told whom to dial."""

    def __init__(self, file: TargetFile, start: Start, chosen: Mapping[str, str]) -> None:
        self._file = file
        self._start = start
        self._chosen = chosen
        self._process: NodeProcess | None = None

    def _running(self) -> NodeProcess:
        if self._process is None:
            self._process = NodeProcess(self._file, self._start, self._chosen)
            self._launch(self._process)
        return self._process

    def _launch(self, process: NodeProcess, peer: Address | None = None) -> None:
        process.launch(peer, waits=not self._start.listens_late)

    @property
    def address(self) -> Address:  # type: ignore[override]  # known once it runs
        """Where it listens; starts it."""
        return self._running().address

    def dial(self, address: Address) -> None:
        if not self._start.dial:
            raise Unsupported("dial", "the target file has no words for it")
        process = self._running()
        process.end()
        self._launch(process, address)

    def shutdown(self) -> None:
        self._running().signal()

    def order(self, what: str, words: Mapping[str, str]) -> None:
        if what not in self._file.orders:
            raise Unsupported(what, "the target file has no words for it")
        self._running().type_in(_ordered(self._file.orders[what], words))

    def downloaded(self) -> Mapping[str, bytes]:
        if self._start.downloads is None:
            raise Unsupported("download", "the target file names no folder for downloads")
        folder = self._running().directory / self._start.downloads
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def kill(self) -> None:
        self._running().kill()

    def revive(self) -> None:
        self._launch(self._running())

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None


class ProcessTarget(AddressTarget):
    """A node started by the command of a target file."""

    ours = True

    def __init__(self, network: Network, file: TargetFile, start: Start) -> None:
        super().__init__(
            network,
            (start.host, 0),
            name=file.name,
            role=file.role,
            features=file.features,
            shares=tuple(share for share, _ in file.shares),
            known=file.known,
            deviations=file.deviations,
            sources=file.sources,
        )
        self._file = file
        self._start = start
        self._process: NodeProcess | None = None

    def start(self) -> None:
        self._process = NodeProcess(self._file, self._start)
        self._process.launch()
        self.address = self._process.address
        self.known = {
            key: fill_in(text, self._process.values(), self._file.path) for key, text in self._file.known.items()
        }

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def died(self, *, suspected: bool = False) -> str | None:
        return None if self._process is None else self._process.ended(_ENDING if suspected else 0)

    def restart(self) -> bool:
        if not self._start.restart:
            return False
        self.stop()
        self.start()
        return True

    def instance(self, world: World, options: Mapping[str, Any]) -> Instance:
        chosen = {name: value for name, value in options.items() if name != "lasting"}
        if unknown := {name for name, value in chosen.items() if not self._can_set(name, value)}:
            raise Unsupported("instance", f"the target file can't set {', '.join(sorted(unknown))}")
        return ProcessInstance(self._file, self._start, {name: str(value).lower() for name, value in chosen.items()})

    def _can_set(self, name: str, value: object) -> bool:
        """Whether the file has words for an option, and they can say this value: a number, yes or no."""
        return name in self._start.options and isinstance(value, int)


def _ordered(line: str, words: Mapping[str, str]) -> str:
    """An order's line with the words put in; what would end the line is left out of them."""
    return re.sub(r"\{(\w+)\}", lambda match: re.sub(r"[\r\n]", "", words.get(match[1], match[0])), line)


def _free_port(host: str) -> int:
    """A port that is free now (TargetError when `host` is no address of this machine)."""
    try:
        with socket.socket() as probe:
            probe.bind((host, 0))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise TargetError(f"no port can be had on {host}: {(error.strerror or str(error)).lower()}") from error


def _accepts(address: Address) -> bool:
    try:
        socket.create_connection(address, timeout=1.0).close()
    except OSError:
        return False
    return True
