"""A reader of the guides: an empty home, a folder with the examples, and a shell."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .console import Command

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
_SOON = 30.0
_PORT = re.compile(r"(?<=127\.0\.0\.1:)6346\b|(?<=--port )6346\b")
"""Where the reader's node listens, in the guides. A free port takes its place."""


class Reader:
    """Somebody who types what a guide says, in `folder`, where the guide's examples lie."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = str(free.getsockname()[1])
        names = ("LANG", "TMPDIR", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in names if name in os.environ}
        self._env = kept | {"HOME": str(home), "PATH": path, "PYTHONUTF8": "1", "COLUMNS": "100"}
        self._running: list[subprocess.Popen[bytes]] = []
        for file in folder.rglob("*.toml"):
            file.write_text(self._here(file.read_text("utf-8")), "utf-8")

    def _here(self, text: str) -> str:
        return _PORT.sub(self._port, text)

    def types(self, command: Command) -> tuple[int, str]:
        """The exit code of a command and what it printed."""
        if command.background:
            return self._starts(command)
        done = subprocess.run(
            ["bash", "-c", self._here(command.words)],
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=240,
        )
        return done.returncode, done.stdout.decode("utf-8")

    def _starts(self, command: Command) -> tuple[int, str]:
        """Start a command that goes on, and wait until it has printed as many lines as are shown."""
        log = self.folder.parent / f"terminal-{len(self._running)}.log"
        with log.open("wb") as output:
            words = f"exec {self._here(command.words)}"
            process = subprocess.Popen(
                ["bash", "-c", words], cwd=self.folder, env=self._env, stdout=output, stderr=subprocess.STDOUT
            )
        self._running.append(process)
        deadline = time.monotonic() + _SOON
        while log.read_text("utf-8").count("\n") < command.shown.count("\n") and time.monotonic() < deadline:
            if (code := process.poll()) is not None:
                return code, log.read_text("utf-8")
            time.sleep(0.05)
        return 0, log.read_text("utf-8")

    def leaves(self) -> None:
        """End what still runs."""
        for process in self._running:
            process.terminate()
            process.wait(_SOON)


@pytest.fixture
def reader(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader in an empty folder, in a copy of the folder of examples that the parameter names, or in a checkout."""
    (tmp_path / "home").mkdir()
    folder = tmp_path / "folder"
    name = getattr(request, "param", None)
    if name is None:
        folder.mkdir()
    elif name == "..":
        folder.mkdir()
        (folder / "tests").symlink_to(Path(__file__).parents[1])
    else:
        shutil.copytree(EXAMPLES / name, folder)
    found = Reader(tmp_path / "home", folder)
    yield found
    found.leaves()
