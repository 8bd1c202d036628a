"""Fuzzes `hitreader` with bytes, led by coverage: python fuzz_bytes.py CORPUS [OPTIONS OF LIBFUZZER]."""

import contextlib
import sys

import atheris

with atheris.instrument_imports():
    from hitreader import HitError, read_hit


def one_input(data: bytes) -> None:
    """Whatever else than HitError is raised is a finding."""
    with contextlib.suppress(HitError):
        read_hit(data)


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
