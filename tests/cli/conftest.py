"""The command line is called in this process; its exit code and what it printed are what a user gets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from peerspec.conformance.cli import main


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on the standard error; anything else there fails the test."""
        (line,) = self.err.splitlines()
        assert "Traceback" not in self.err
        assert line.startswith("peerspec: ")
        return line.removeprefix("peerspec: ")


Call = Callable[..., Done]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["peerspec", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Done(exit_.value.code, printed.out, printed.err)

    return run
